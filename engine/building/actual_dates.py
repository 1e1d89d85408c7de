"""Dates in the Period column of Actuals: the days themselves, or the periods that hold them.

    one date of a key in each period   the period that holds it: Excel turns ``Jan-26`` into the first of January
    several                            days

Owns: telling which of both a table means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from engine.building.actual_times import ActualTimes
from engine.building.columns import TableReader
from engine.building.entries import Entries, entry_place

_Key = tuple[int, ...]


def dates_as_periods(reader: TableReader, entries: Entries, times: ActualTimes) -> Entries:
    """Return the entries with dates as the leaf periods that hold them, where no key has two of them in one."""
    distinct = np.unique(entries.time).tolist()
    leaves_of = {time: times.leaves_of(time) for time in distinct if time >= times.nodes}
    if not any(times.is_date(time) for time in leaves_of):
        return entries
    columns = zip(*(part.tolist() for part in (entries.metric, entries.org, entries.queue, entries.time)), strict=True)
    told: Counter[_Key] = Counter()
    of_date: set[_Key] = set()
    for metric, org, queue, time in columns:
        keys = [(metric, org, queue, leaf) for leaf in leaves_of.get(time, ())]
        told.update(keys)
        of_date.update(keys if times.is_date(time) else ())
    if any(told[key] > 1 for key in of_date):
        return entries
    node_of = {time: leaves[0] for time, leaves in leaves_of.items() if times.is_date(time) and leaves}
    moved = np.flatnonzero(np.isin(entries.time, list(node_of)))
    if len(moved):
        first = int(moved[0])
        day, node = times.spans[int(entries.time[first]) - times.nodes].first, node_of[int(entries.time[first])]
        words = (
            f"{len(moved):,} value(s), the first one of {day:%Y-%m-%d}, taken as all of {times.periods.tree.ids[node]}"
        )
        reader.journal.add("TC542", entry_place(reader, entries, first), words)
    return replace(entries, time=np.array([node_of.get(time, time) for time in entries.time.tolist()], dtype=np.int64))
