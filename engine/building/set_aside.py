"""What is wrong in tables of what happened: it is set aside and named, and the run goes on.

Owns: turning issues that would stop a run into TC801, and which rows they stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.building.journal import Journal, Problem
from engine.codes import CODES, issue
from engine.issues import Issue, Place, Severity
from engine.tables import InputTable

HAPPENED = frozenset({"Actuals", "CapacityActuals", "InflowActuals", "Actions"})
"""Tables whose faults stop nothing."""


class SetAside(Journal):
    """A journal of a table of what happened."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: set[tuple[str, int]] = set()

    def add(self, code: str, place: Place, found: str, *, expected: str = "", mend: str = "") -> None:
        """Note one problem; one that would stop a run is set aside."""
        kind = CODES[code]
        if kind.severity is not Severity.STOP:
            super().add(code, place, found, expected=expected, mend=mend)
            return
        self._rows.add((place.table, place.row))
        words = f"{kind.title}: {found}"
        super().add("TC801", place, words, expected=expected or kind.expected, mend=mend or kind.mend)

    def add_each(self, code: str, problems: Sequence[Problem], count: int | None = None) -> None:
        """Note problems of one kind, and remember the rows of those that are only counted, too."""
        super().add_each(code, problems, count)
        if CODES[code].severity is Severity.STOP:
            self._rows |= {(each.place.table, each.place.row) for each in problems}

    def sound(self, table: InputTable) -> np.ndarray:
        """Return which records of a table nothing was set aside of: bool, shape (records,)."""
        bad = [row for name, row in self._rows if name == table.name]
        return np.isin(table.rows, bad, invert=True)


def without_stops(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Return issues of the reader with those in tables of what happened set aside instead of stopping the run."""
    return tuple(
        issue(
            "TC801",
            each.place,
            f"{CODES[each.code].title}: {each.found}",
            expected=each.expected,
            mend=each.mend,
        )
        if each.severity is Severity.STOP and each.place.table in HAPPENED
        else each
        for each in issues
    )
