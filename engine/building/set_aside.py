"""What is wrong in tables of what happened: it is set aside and named, and the run goes on.

Owns: turning issues that would stop a run into TC801.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.building.journal import Journal
from engine.codes import CODES, issue
from engine.issues import Issue, Place, Severity

HAPPENED = frozenset({"Actuals", "CapacityActuals", "InflowActuals", "Actions"})
"""Tables whose faults stop nothing."""


class SetAside(Journal):
    """A journal of a table of what happened."""

    def add(self, code: str, place: Place, found: str, *, expected: str = "", mend: str = "") -> None:
        """Note one problem; one that would stop a run is set aside."""
        kind = CODES[code]
        if kind.severity is not Severity.STOP:
            super().add(code, place, found, expected=expected, mend=mend)
            return
        words = f"{kind.title}: {found}"
        super().add("TC801", place, words, expected=expected or kind.expected, mend=mend or kind.mend)


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
