"""Codes of TC1: reading the book."""

from __future__ import annotations

from engine.codes.kinds import Code

READING: tuple[Code, ...] = ()
