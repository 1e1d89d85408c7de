"""Turnaround: items are due within some hours, so the backlog may be no longer than that.

    backlog[t] ≤ handled[t] × hours / length of the period (Little's law)

Owns: the column Turnaround of Queues as target-like rows, priced before the volume targets of their queue.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.node_list import NamedTree
from engine.building.node_names import inherit
from engine.building.texts import shown_list
from engine.issues import Place
from engine.plan import TURNAROUND, Balance, Plan, Scopes, Sense, Targets
from engine.trees import ROOT
from solver.frozen import frozen

_BEFORE = 0.5  # priorities between a turnaround and the targets of its queue: whole ones lie further apart


@frozen
class Due:
    """Hours within which items are due; arrays of shape (leaf queues,).

    hours : float64, nan where nobody says; record : int64, row of Queues that says so, −1 where nobody does
    """

    hours: np.ndarray
    record: np.ndarray


def read_due(reader: TableReader, named: NamedTree) -> Due:
    """Return the turnaround of each leaf queue: its own, or inherited."""
    hours = reader.numbers("Turnaround")
    own = np.where(named.record >= 0, hours[np.maximum(named.record, 0)], np.nan)
    said_by = np.where(np.isnan(own), np.nan, named.record)
    leaves = named.tree.leaves
    record = inherit(named.tree, said_by)[leaves]
    return Due(inherit(named.tree, own)[leaves], np.where(np.isnan(record), -1, record).astype(np.int64))


def with_turnaround(plan: Plan, due: Due, reader: TableReader) -> Plan:
    """Return the plan with a row for every leaf queue and leaf period in which items are due."""
    given = np.flatnonzero(np.isfinite(due.hours))
    if len(given) == 0:
        return plan
    watched = {int(queue): balance for balance in plan.balances for queue in balance.watched}
    unwatched = [plan.queues.paths[plan.queues.leaves[queue]] for queue in given.tolist() if queue not in watched]
    if unwatched:
        place = _place(reader, int(due.record[given[0]]))
        words = f"{len(unwatched)} queue(s) without Inflow: {shown_list(unwatched, 12)}"
        reader.journal.add("TC526", place, words)
    dateless = {
        int(due.record[queue]) for queue in given.tolist() if queue in watched and np.isnan(watched[queue].length).any()
    }
    problems = [Problem(_place(reader, record), "periods without Start and End") for record in sorted(dateless)]
    reader.journal.add_each("TC257", problems)
    if dateless:
        return plan
    rows = [
        (queue, time, priority)
        for queue in given.tolist()
        if queue in watched
        for time, priority in _worked(plan, watched[queue], queue)
    ]
    return dataclasses.replace(plan, targets=_joined(plan, due, rows, reader)) if rows else plan


def _worked(plan: Plan, balance: Balance, queue: int) -> list[tuple[int, float]]:
    """Return the leaf periods in which somebody works on a queue, each with the priority of its turnaround."""
    cells = plan.cells
    times = np.unique(cells.period[(cells.metric == balance.volume) & (cells.queue == queue)])
    targets, scope = plan.targets, plan.targets.scope
    of_volume = np.flatnonzero(scope.metric == balance.volume)
    asking = [row for row in of_volume.tolist() if queue in plan.queues.leaf_positions(int(scope.queue[row]))]
    first = float(targets.priority.min()) if len(targets) else 1.0
    found = []
    for time in times.tolist():
        there = [row for row in asking if time in plan.periods.leaf_positions(int(scope.period[row]))]
        found.append((time, min((float(targets.priority[row]) for row in there), default=first) - _BEFORE))
    return found


def _joined(plan: Plan, due: Due, rows: list[tuple[int, int, float]], reader: TableReader) -> Targets:
    targets, scope = plan.targets, plan.targets.scope
    queue, time = (np.array([row[at] for row in rows], dtype=np.int64) for at in (0, 1))
    count = len(rows)
    return Targets(
        Scopes(
            np.append(scope.metric, np.full(count, TURNAROUND)),
            np.append(scope.org, np.full(count, ROOT)),
            np.append(scope.queue, plan.queues.leaves[queue]),
            np.append(scope.period, plan.periods.leaves[time]),
        ),
        np.append(targets.sense, np.full(count, int(Sense.AT_MOST))),
        np.append(targets.value, due.hours[queue]),
        np.append(targets.priority, [row[2] for row in rows]),
        np.append(targets.stated, np.ones(count, dtype=bool)),
        (*targets.place, *(_place(reader, int(due.record[each])) for each in queue.tolist())),
        (*(targets.basis or ("",) * len(targets)), *("",) * count),
    )


def _place(reader: TableReader, record: int) -> Place:
    return reader.place(record, "Turnaround")
