"""Rows over nothing, and work without a handle time: what only shows once a plan is put together.

Owns: targets and limits without cells, queues under capacity without hours per item.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Journal, Problem
from engine.building.node_list import NamedTree
from engine.formulation.cover import cover
from engine.plan import Cells, Limits, Plan, Scopes
from engine.trees import ROOT


def settle_rows_over_nothing(plan: Plan, journal: Journal) -> Plan:
    """Return the plan without limits that cover no cell; name them, and targets that cover none."""
    empty = _covers_nothing(plan, plan.targets.scope)
    journal.add_each(
        "TC315",
        [
            Problem(
                plan.targets.place[row], f"{plan.targets.value[row]:,g} for {_words(plan, plan.targets.scope, row)}"
            )
            for row in np.flatnonzero(empty).tolist()
        ],
    )
    empty = _covers_nothing(plan, plan.limits.scope)
    for row in np.flatnonzero(empty).tolist():
        code = "TC316" if plan.limits.lower[row] > 0 else "TC512"
        journal.add(code, plan.limits.place[row], _words(plan, plan.limits.scope, row))
    return dataclasses.replace(plan, limits=_take_limits(plan.limits, np.flatnonzero(~empty)))


def _covers_nothing(plan: Plan, scopes: Scopes) -> np.ndarray:
    if len(scopes) == 0:
        return np.zeros(0, dtype=bool)
    return np.asarray(np.diff(cover(plan, scopes).indptr) == 0)


def _take_limits(limits: Limits, rows: np.ndarray) -> Limits:
    return Limits(
        limits.scope.take(rows),
        limits.lower[rows],
        limits.upper[rows],
        limits.is_hold[rows],
        tuple(limits.owner[row] for row in rows.tolist()),
        tuple(limits.reason[row] for row in rows.tolist()),
        tuple(limits.place[row] for row in rows.tolist()),
    )


def _words(plan: Plan, scopes: Scopes, row: int) -> str:
    metric = plan.metrics.name(int(scopes.metric[row]))
    nodes = [
        tree.name_of(int(node))
        for tree, node in (
            (plan.org, scopes.org[row]),
            (plan.queues, scopes.queue[row]),
            (plan.periods, scopes.period[row]),
        )
        if node != ROOT
    ]
    return ", ".join([metric, *nodes])


def report_missing_handle_times(plan: Plan, hours: np.ndarray, queues: NamedTree, reader: TableReader) -> None:
    """Name the queues under a capacity row whose items take no hours that anybody gave.

    Parameters
    ----------
    hours : float64, shape (leaf queues,), hours per item, nan where unknown
    reader : the table Queues
    """
    if len(plan.capacity) == 0 or not np.isnan(hours).any():
        return
    cells = plan.cells
    needed = np.flatnonzero(plan.metrics.uses_capacity[cells.metric] & np.isnan(hours)[cells.queue])
    bare = dataclasses.replace(plan, cells=_take_cells(cells, needed))
    under = np.asarray(cover(bare, plan.capacity.scope).sum(axis=0)).ravel() > 0
    lacking = np.unique(cells.queue[needed[under]])
    has_column = reader.has("Handle time")
    problems = []
    for leaf in lacking.tolist():
        node = int(plan.queues.leaves[leaf])
        record = int(queues.record[node])
        place = reader.place(record, "Handle time" if has_column else "Node") if record >= 0 else reader.table.whole()
        problems.append(Problem(place, f"no handle time for “{plan.queues.ids[node]}”"))
    reader.journal.add_each("TC222", problems)


def _take_cells(cells: Cells, rows: np.ndarray) -> Cells:
    return Cells(
        cells.metric[rows],
        cells.org[rows],
        cells.queue[rows],
        cells.period[rows],
        cells.baseline[rows],
        cells.hours[rows],
    )
