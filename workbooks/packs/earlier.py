"""Answers that Responses held before this collecting, and that are not among the files now.

Owns: naming them: a late pack that is collected alone takes the place of what everybody else had answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.codes import issue
from engine.issues import Issue, Place
from workbooks.package.ownership import OwnTable
from workbooks.packs.pack import HEADERS, Line, Pack
from workbooks.packs.read import ACCEPT, COUNTER, Key

_SAME = 1e-9


def left_out(before: OwnTable, latest: Mapping[str, Pack], back: Set[str]) -> Iterator[Issue]:
    """Yield a note for each site whose answers stood in Responses and did not come back this time.

    Parameters
    ----------
    before : Responses as it stands
    latest : the packs that are to be answered, by site; back : sites of which a file came back
    """
    for site, pack in latest.items():
        answered = {} if site in back else _answered(before, HEADERS[pack.by])
        lines = [line for line in pack.lines if _is_same(_then(answered, line), line.proposed)]
        if lines:
            count = f"{len(lines):,} answer{'s' if len(lines) > 1 else ''}"
            yield issue("TC996", Place("Responses"), f"{site}: {count} of before")


def _then(answered: Mapping[Key, object], line: Line) -> object:
    """Return what was proposed when a line was answered; one for the whole time stands there with that time's name."""
    if line.period:
        return answered.get(line.key)
    return next((proposed for key, proposed in answered.items() if key[:2] == line.key[:2]), None)


def _is_same(proposed: object, now: float) -> bool:
    """Whether what was answered then is what is asked now."""
    return isinstance(proposed, (int, float)) and abs(proposed - now) <= _SAME * max(1.0, abs(now))


def _answered(before: OwnTable, node: str) -> dict[Key, object]:
    """Return what had been proposed where something was answered, by the key of its line."""
    names = ("Metric", node, "Period", "Proposed", "Answer")
    if not set(names) <= set(before.headers):
        return {}
    metric, org, period, proposed, answer = (before.headers.index(name) for name in names)
    return {
        (_key(row[metric]), _key(row[org]), _key(row[period])): row[proposed]
        for row in before.rows
        if row[answer] in (ACCEPT, COUNTER)
    }


def _key(value: object) -> str:
    return str(value or "").casefold()
