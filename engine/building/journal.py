"""The list of problems found while a plan is built.

Owns: collecting issues, keeping long lists short, remembering that a plan cannot be built.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.codes import issue
from engine.issues import Issue, Place, Severity, stops
from solver.frozen import frozen

LISTED = 20
"""Problems of one kind in one column that are listed one by one; the rest is counted."""


@frozen
class Problem:
    """One problem of a kind that may come in hundreds; texts left empty come from the catalogue."""

    place: Place
    found: str
    expected: str = ""
    mend: str = ""


class Journal:
    """Issues in the order they were found."""

    def __init__(self) -> None:
        self._issues: list[Issue] = []
        self._is_spoilt = False

    def add(self, code: str, place: Place, found: str, *, expected: str = "", mend: str = "") -> None:
        """Note one problem; texts left empty come from the catalogue."""
        self._issues.append(issue(code, place, found, expected=expected, mend=mend))

    def add_amount(self, code: str, place: Place, found: str, amount: float, unit: str) -> None:
        """Note one problem that has a size."""
        self._issues.append(issue(code, place, found, amount=amount, unit=unit))

    def add_each(self, code: str, problems: Sequence[Problem], count: int | None = None) -> None:
        """Note problems of one kind: the first of them one by one, the rest as a count.

        Parameters
        ----------
        count : how many there are, where only those that are listed and the next one were put into words
        """
        count = len(problems) if count is None else count
        for problem in problems[:LISTED]:
            self.add(code, problem.place, problem.found, expected=problem.expected, mend=problem.mend)
        if count > LISTED:
            self.add(code, problems[LISTED].place, f"{count - LISTED} more of the same kind, from here on")

    def spoil(self) -> None:
        """Remember that a cell is unusable which the reader has reported already: no plan, and no second issue."""
        self._is_spoilt = True

    @property
    def is_stopped(self) -> bool:
        """Whether no plan can be built."""
        return self._is_spoilt or stops(self._issues)

    @property
    def stop_count(self) -> int:
        """Number of issues so far that stop the run, those of the reader among them counted as one."""
        return int(self._is_spoilt) + sum(issue.severity is Severity.STOP for issue in self._issues)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues so far."""
        return tuple(self._issues)
