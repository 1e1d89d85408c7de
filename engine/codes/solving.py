"""Codes of TC7: results."""

from __future__ import annotations

from engine.codes.kinds import Code

SOLVING: tuple[Code, ...] = ()
