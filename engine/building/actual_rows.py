"""Rows of Actuals, screened and brought to periods of the plan: dated rows inside a period become one value for it.

    volumes add; stocks take the last; rates weigh by Count, else by working days

Owns: that rule, days told twice, and which rows are set aside before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.building.actual_times import ActualTimes
from engine.building.columns import TableReader
from engine.building.entries import Entries, entry_place
from engine.building.journal import LISTED, Problem
from engine.building.spread import MISMATCH
from engine.plan import Metrics, Plan
from solver.frozen import frozen


@frozen
class ActualRows:
    """Entries whose times are nodes of the plan, each key once.

    covered : float64, part of the working days of a leaf period that the entry tells of
    is_estimated : bool, some of it was split over periods
    count : float64, observations, nan = unknown
    """

    entries: Entries
    covered: np.ndarray
    is_estimated: np.ndarray
    count: np.ndarray


_NO_SHARE = "a share above 100 %, or below 0"


def _mend(value: float, words: str) -> str:
    """Return how to mend a value that was set aside, "" where the catalogue says it."""
    is_percent = words == _NO_SHARE and 1 < value <= _HUNDRED
    return f"Type {value:g} % (with the percent sign), if {value:g} per cent is meant." if is_percent else ""


_HUNDRED = 100.0


def screened(reader: TableReader, entries: Entries, plan: Plan) -> Entries:
    """Return the entries that can be used: no negative volumes, no shares above 1, no formulas, no key twice."""
    metrics, planned = plan.metrics, [rate.metric for rate in plan.rates]
    kinds = np.array(metrics.kinds)[entries.metric]
    units = np.array([unit.strip() for unit in metrics.units])[entries.metric]
    value = entries.value
    wrong = {
        _NO_SHARE: (kinds == "rate") & (units == "%") & ((value > 1) | (value < 0)),
        "a negative amount": np.isin(kinds, ("volume", "stock")) & (value < 0),
        "a value of a metric that is computed from others": kinds == "formula",
        "a value of a rate that the plan leaves out: without history, and asked of nobody": (kinds == "rate")
        & ~np.isin(entries.metric, planned),
    }
    bad = np.zeros(len(entries), dtype=bool)
    for words, which in wrong.items():
        at = np.flatnonzero(which)
        problems = [
            Problem(entry_place(reader, entries, each), f"{value[each]:,.12g}, {words}", mend=_mend(value[each], words))
            for each in at[: LISTED + 1]
        ]
        reader.journal.add_each("TC204", problems, len(at))
        bad |= which
    kept = entries.take(np.flatnonzero(~bad))
    return kept.take(_without_repeats(reader, kept))


def _without_repeats(reader: TableReader, entries: Entries) -> np.ndarray:
    """Return the entries that are the first with their key and dates; names the others."""
    keys = np.column_stack([entries.metric, entries.org, entries.queue, entries.time])
    _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    original = first[which.ravel()]
    repeated = np.flatnonzero(original != np.arange(len(entries)))
    problems = [
        Problem(
            entry_place(reader, entries, each),
            f"{entries.value[each]:,.12g}; row {entry_place(reader, entries, int(original[each])).row} says "
            f"{entries.value[original[each]]:,.12g} about the same",
        )
        for each in repeated[: LISTED + 1].tolist()
    ]
    reader.journal.add_each("TC211", problems, len(repeated))
    return np.setdiff1d(np.arange(len(entries)), repeated)


def brought_to_periods(
    reader: TableReader, entries: Entries, times: ActualTimes, metrics: Metrics
) -> tuple[ActualRows, int]:
    """Return the entries with days turned into leaf periods, and how many values were set aside on the way.

    Notes
    -----
    A row for the whole period beside dated rows inside it is their total: it counts, and is compared with them.
    """
    count = reader.numbers("Count")[entries.record] if reader.has("Count") else np.full(len(entries), np.nan)
    is_dated = entries.time >= times.nodes
    whole = np.flatnonzero(~is_dated)
    rows = ActualRows(entries.take(whole), np.ones(len(whole)), np.zeros(len(whole), dtype=bool), count[whole])
    if not is_dated.any():
        return rows, 0
    dated = _told_once(reader, entries, np.flatnonzero(is_dated), times)
    parts = _split(reader, entries, dated, (times, metrics))
    lost = int(is_dated.sum()) - len(np.unique(parts.entry))
    if not len(parts.entry):
        return rows, lost
    return _joined(reader, rows, _summed(entries, parts, count, (times, metrics))), lost


def _told_once(reader: TableReader, entries: Entries, dated: np.ndarray, times: ActualTimes) -> np.ndarray:
    """Return dated entries that tell of no day that an earlier one of the same key told of."""
    spans = times.spans
    first = np.array([spans[time - times.nodes].first.toordinal() for time in entries.time[dated].tolist()])
    last = np.array([spans[time - times.nodes].last.toordinal() for time in entries.time[dated].tolist()])
    keys = (entries.metric[dated], entries.org[dated], entries.queue[dated])
    order = np.lexsort((last, first, *keys[::-1]))
    key = np.column_stack(keys)
    kept, problems = [], []
    reach, before = -1, -1
    for at in order.tolist():
        if before >= 0 and (key[at] == key[before]).all() and first[at] <= reach:
            place = entry_place(reader, entries, int(dated[at]))
            problems.append(
                Problem(place, f"{entries.value[dated[at]]:,.12g}, for days that another row tells of, too")
            )
            continue
        reach, before = int(last[at]), at
        kept.append(int(dated[at]))
    reader.journal.add_each("TC211", problems)
    return np.array(sorted(kept), dtype=np.int64)


@frozen
class _Parts:
    """Parts of dated entries in leaf periods; arrays of shape (parts,)."""

    entry: np.ndarray
    leaf: np.ndarray
    share: np.ndarray
    days: np.ndarray
    last: np.ndarray
    is_split: np.ndarray


def _split(reader: TableReader, entries: Entries, dated: np.ndarray, plan: tuple[ActualTimes, Metrics]) -> _Parts:
    times, metrics = plan
    pieces = {time: times.pieces(time) for time in np.unique(entries.time[dated]).tolist()}
    outside: list[Problem] = []
    reaching: list[Problem] = []
    split: list[int] = []
    found: list[tuple[int, int, float, float, int, bool]] = []
    for entry in dated.tolist():
        parts = pieces[int(entries.time[entry])]
        inside = sum(part.share for part in parts)
        if inside < 1 - 1e-9:
            words = "no period holds its days" if not parts else f"{1 - inside:.0%} of its days are in no period"
            problem = Problem(entry_place(reader, entries, entry), f"{entries.value[entry]:,.6g}: {words}")
            (reaching if parts else outside).append(problem)
        if metrics.kinds[entries.metric[entry]] == "stock":
            parts = parts[-1:]  # what is open at the end of the days
        elif len(parts) > 1:
            split.append(entry)
        found += [
            (entry, part.leaf, part.share, part.working_days, part.last.toordinal(), len(parts) > 1) for part in parts
        ]
    reader.journal.add_each("TC305", outside)
    reader.journal.add_each("TC541", reaching)
    if split:
        place = entry_place(reader, entries, split[0])
        reader.journal.add("TC802", place, f"{len(split):,} row(s), the first one here")
    columns = list(zip(*found, strict=True)) if found else [()] * 6
    kinds = (np.int64, np.int64, np.float64, np.float64, np.int64, bool)
    return _Parts(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def _summed(entries: Entries, parts: _Parts, count: np.ndarray, plan: tuple[ActualTimes, Metrics]) -> ActualRows:
    """Return one entry per key and leaf period."""
    times, metrics = plan
    of = entries.take(parts.entry)
    keys = np.column_stack([of.metric, of.org, of.queue, parts.leaf])
    distinct, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    which, size = which.ravel(), len(distinct)
    kinds = np.array(metrics.kinds)[distinct[:, 0]]
    total = np.bincount(which, of.value * parts.share, size)
    seen = count[parts.entry] * parts.share
    weight = np.where(seen > 0, seen, np.where(parts.days > 0, parts.days, 1e-9))
    mean = np.bincount(which, of.value * weight, size) / np.bincount(which, weight, size)
    value = np.select([kinds == "volume", kinds == "stock"], [total, _last(of.value, parts, which, size)], mean)
    days = np.bincount(which, parts.days, size)
    of_leaf = times.working_days()[distinct[:, 3]]
    covered = np.where(kinds == "stock", 1.0, np.where(of_leaf > 0, np.minimum(days / of_leaf, 1.0), 1.0))
    brought = replace(
        of.take(first),
        time=times.periods.tree.leaves[distinct[:, 3]],
        value=value,
    )
    split = np.bincount(which, parts.is_split, size) > 0
    return ActualRows(brought, covered, split & (kinds != "stock"), np.bincount(which, seen, size))


def _last(value: np.ndarray, parts: _Parts, which: np.ndarray, size: int) -> np.ndarray:
    """Return the value at the latest day of each group."""
    found = np.zeros(size)
    order = np.argsort(parts.last, kind="stable")
    found[which[order]] = value[order]  # of several, the last assignment stays
    return found


def _joined(reader: TableReader, whole: ActualRows, dated: ActualRows) -> ActualRows:
    """Return whole periods, and dated ones where there is no row for the whole; names where both disagree."""

    def keys(entries: Entries) -> np.ndarray:
        return np.column_stack([entries.metric, entries.org, entries.queue, entries.time])

    both = np.vstack([keys(whole.entries), keys(dated.entries)])
    _, which = np.unique(both, axis=0, return_inverse=True)
    which = which.ravel()
    own, other = which[: len(whole.entries)], which[len(whole.entries) :]
    at = np.full(len(both) + 1, -1)
    at[own] = np.arange(len(own))
    total = at[other]
    problems: Sequence[Problem] = [
        Problem(
            entry_place(reader, whole.entries, int(total[each])),
            f"{whole.entries.value[total[each]]:,.12g}; dated rows inside say {dated.entries.value[each]:,.12g}",
        )
        for each in np.flatnonzero(total >= 0).tolist()
        if abs(dated.entries.value[each] - whole.entries.value[total[each]])
        > MISMATCH * max(abs(float(whole.entries.value[total[each]])), 1e-9)
        and dated.covered[each] > 1 - 1e-9
    ]
    reader.journal.add_each("TC803", problems)
    return stacked(whole, take(dated, np.flatnonzero(total < 0)))


def take(rows: ActualRows, which: np.ndarray) -> ActualRows:
    """Return some rows."""
    return ActualRows(rows.entries.take(which), rows.covered[which], rows.is_estimated[which], rows.count[which])


def stacked(first: ActualRows, second: ActualRows) -> ActualRows:
    """Return the rows of both."""
    one, two = first.entries, second.entries
    entries = Entries(
        np.append(one.metric, two.metric), np.append(one.org, two.org), np.append(one.queue, two.queue),
        np.append(one.time, two.time), np.append(one.value, two.value), np.append(one.record, two.record),
        np.append(one.extra, two.extra),
    )  # fmt: skip
    return ActualRows(
        entries,
        np.append(first.covered, second.covered),
        np.append(first.is_estimated, second.is_estimated),
        np.append(first.count, second.count),
    )
