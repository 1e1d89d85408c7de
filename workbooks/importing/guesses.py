"""What was guessed about an export, for a person to confirm.

Owns: the shape of a guess, and the list to which guesses and findings are added while an export is read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from solver.frozen import frozen

_NAMED = 12
"""Cells of one kind of finding that are named one by one; the rest is counted."""


@frozen
class Guess:
    """One reading of the export that a person should look at.

    about : what it is about: "column Week", "plan periods"
    found : what stands in the export; taken : how it is read; why : what spoke for it
    is_sure : False where another reading is about as likely
    """

    place: Place
    about: str
    found: str
    taken: str
    why: str
    is_sure: bool = True


@dataclass(slots=True)
class Told:
    """Guesses and findings so far."""

    guesses: list[Guess] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def guess(
        self, about: str, found: str, taken: str, why: str, *, place: Place = NOWHERE, is_sure: bool = True
    ) -> None:
        """Add a guess."""
        self.guesses.append(Guess(place, about, found, taken, why, is_sure))

    def add(self, code: str, place: Place, found: str, amount: float | None = None) -> None:
        """Add a finding; beyond a dozen of a kind they are counted."""
        self._counts[code] = self._counts.get(code, 0) + 1
        if self._counts[code] <= _NAMED:
            self.issues.append(issue(code, place, found, amount=amount))

    def close(self) -> tuple[Issue, ...]:
        """Return all findings, with a line for those that were counted only."""
        rest = [
            issue(code, found=f"and {count - _NAMED:,} more of the same kind")
            for code, count in self._counts.items()
            if count > _NAMED
        ]
        return (*self.issues, *rest)


PlaceOf = Callable[[int, int], Place]
"""From a record and a column of an export, both counted from 0, to the cell."""
