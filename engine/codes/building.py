"""Codes of TC2 values in cells, TC3 trees and references, TC4 arithmetic conflicts, TC5 defaults and surprises."""

from __future__ import annotations

from engine.codes.kinds import Code

BUILDING: tuple[Code, ...] = ()
