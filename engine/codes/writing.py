"""Codes of TC6: writing."""

from __future__ import annotations

from engine.codes.kinds import Code

WRITING: tuple[Code, ...] = ()
