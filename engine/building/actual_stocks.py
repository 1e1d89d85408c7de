"""Stocks among actuals: what stands at the end of a longer period, and backlogs, which belong to queues alone.

Owns: where such rows count, and totals that finer ones contradict.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.actual_rows import ActualRows, stacked, take
from engine.building.agreed import is_backlog
from engine.building.columns import TableReader
from engine.building.entries import entry_place
from engine.building.journal import Problem
from engine.building.spread import MISMATCH
from engine.plan import Plan
from engine.trees import ROOT


def at_ends(reader: TableReader, rows: ActualRows, plan: Plan) -> ActualRows:
    """Return rows with stocks of longer periods at their last leaf, where no row for that leaf says it already."""
    entries, tree = rows.entries, plan.periods
    is_long = plan.metrics.is_kind(entries.metric, "stock") & ~tree.is_leaf[entries.time]
    if not is_long.any():
        return rows
    last = tree.leaves[tree.leaf_span[entries.time, 1] - 1]
    moved = replace(entries, time=np.where(is_long, last, entries.time))
    # finer rows first: of equal keys the first counts
    order = np.lexsort((np.arange(len(entries)), is_long))
    keys = np.column_stack([moved.metric, moved.org, moved.queue, moved.time])[order]
    _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    counts = order[first[which.ravel()]]
    problems = [
        Problem(
            entry_place(reader, entries, own), f"{entries.value[own]:,.12g}; finer values say {entries.value[at]:,.12g}"
        )
        for own, at in zip(order.tolist(), counts.tolist(), strict=True)
        if own != at
        and abs(entries.value[own] - entries.value[at]) > MISMATCH * max(abs(float(entries.value[own])), 1e-9)
    ]
    reader.journal.add_each("TC803", problems)
    kept = np.sort(order[first])
    return replace(take(rows, kept), entries=moved.take(kept))


def at_queues(rows: ActualRows, plan: Plan) -> ActualRows:
    """Return rows with backlogs by queue alone: what is open with several teams adds up, unless a row tells all of it.

    Notes
    -----
    A backlog stands with the first team, as it does where it was agreed; it is shown with none.
    """
    own = is_backlog(plan, rows.entries.metric)
    if not own.any():
        return rows
    entries = rows.entries.take(np.flatnonzero(own))
    of_all = entries.org == ROOT
    keys = np.column_stack([entries.metric, entries.queue, entries.time])
    _, first, which = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    which, size = which.ravel(), len(first)
    total = np.bincount(which, np.where(of_all, 0.0, entries.value), size)
    told = np.bincount(which, of_all, size) > 0
    whole = np.bincount(which, np.where(of_all, entries.value, 0.0), size)
    at = np.flatnonzero(own)[first]
    summed = replace(
        rows.entries.take(at),
        org=np.full(size, plan.org.leaves[0]),
        value=np.where(told, whole, total),
    )
    kept = take(rows, np.flatnonzero(~own))
    return stacked(kept, ActualRows(summed, rows.covered[at], rows.is_estimated[at], rows.count[at]))
