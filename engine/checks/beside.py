"""Rows of Capacity that change nothing, since another about the same team, queue and periods gives fewer hours.

All rows cap; whoever adds one person for a month in a row of its own expects more hours, and sees no number change.

Owns: TC558.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.codes import issue
from engine.issues import Issue, Place
from engine.plan import Plan
from engine.reasons.words import amount_words, capacity_words

_MORE = 1e-9
_NAMED = 20


def check_rows_beside(plan: Plan) -> Iterator[Issue]:
    """Yield the rows of Capacity that others about the same leave without any effect."""
    capacity = plan.capacity
    if not len(capacity):
        return
    scope = capacity.scope
    keys = np.column_stack([scope.org, scope.queue, scope.period])
    group = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
    fewest = np.full(int(group.max()) + 1, np.inf)
    np.minimum.at(fewest, group, capacity.hours)
    is_idle = capacity.hours > fewest[group] * (1 + _MORE)
    rows_of: dict[tuple[str, int], list[int]] = {}
    for row, place in enumerate(capacity.place):
        if not (capacity.note and capacity.note[row]):  # what follows from shares of hours was typed by nobody
            rows_of.setdefault((place.sheet, place.row), []).append(row)
    idle = [rows for rows in rows_of.values() if is_idle[rows].all()]
    for rows in idle[:_NAMED]:
        row = rows[0]
        beside = _place_of(plan, int(np.flatnonzero((group == group[row]) & (capacity.hours == fewest[group[row]]))[0]))
        hours, less = (amount_words(float(each)) for each in (capacity.hours[row], fewest[group[row]]))
        words = f"{capacity_words(plan, row)}: {hours} h here, {less} h in row {beside.row}, which holds as well"
        yield issue("TC558", _place_of(plan, row), words)
    if len(idle) > _NAMED:
        yield issue("TC558", _place_of(plan, idle[_NAMED][0]), f"and {len(idle) - _NAMED:,} more rows, from here on")


def _place_of(plan: Plan, row: int) -> Place:
    return plan.capacity.place[row]
