"""Rows over nothing, and work without a handle time: what only shows once a plan is put together.

Owns: targets and limits without cells, queues under capacity without hours per item.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.building.asked import AskedLimits
from engine.building.columns import TableReader
from engine.building.journal import Journal, Problem
from engine.building.node_list import NamedTree
from engine.formulation.cover import cover
from engine.formulation.linear import is_turnaround, linear_rows
from engine.issues import Place
from engine.plan import Cells, Limits, Plan, Scopes, Targets
from engine.rates.averages import rate_cover
from engine.trees import ROOT


def settle_rows_over_nothing(plan: Plan, journal: Journal) -> Plan:
    """Return the plan without limits that cover no cell; name them, and targets that cover none."""
    empty = _covers_nothing(plan, plan.targets.scope) & ~plan.metrics.is_kind(plan.targets.scope.metric, "formula")
    empty &= ~plan.metrics.is_kind(plan.targets.scope.metric, "")  # of a Kind that was named already
    journal.add_each(
        "TC315",
        [
            Problem(
                plan.targets.place[row], f"{plan.targets.value[row]:,.12g} for {_words(plan, plan.targets.scope, row)}"
            )
            for row in np.flatnonzero(empty).tolist()
        ],
    )
    empty = _covers_nothing(plan, plan.limits.scope)
    for row in np.flatnonzero(empty).tolist():
        code = "TC316" if plan.limits.lower[row] > 0 else "TC512"
        if plan.metrics.kinds[plan.limits.scope.metric[row]]:
            journal.add(code, plan.limits.place[row], _words(plan, plan.limits.scope, row))
    return dataclasses.replace(plan, limits=plan.limits.take(np.flatnonzero(~empty)))


def without_ended(plan: Plan, limits: AskedLimits, journal: Journal) -> AskedLimits:
    """Return the limits without those that ended before the first period of their row; name them."""
    scope, periods = limits.limits.scope, plan.periods
    if scope.until is None:
        return limits
    ended = scope.until <= periods.leaf_span[scope.period, 0]
    problems: dict[Place, Problem] = {}
    for row in np.flatnonzero(ended).tolist():
        place, first = limits.limits.place[row], int(periods.leaves[periods.leaf_span[scope.period[row], 0]])
        words = f"{_words(plan, scope, row)}: Until lies before {periods.name_of(first)}"
        problems.setdefault(place, Problem(place, words))
    journal.add_each("TC530", list(problems.values()))
    return limits.take(np.flatnonzero(~ended))


def report_not_kept(plan: Plan, journal: Journal) -> None:
    """Name rows that ask for a backlog of teams, which is kept on the queue tree only, or for a formula."""
    backlogs = list(plan.metrics.backlog_of.values())
    for rows in (plan.targets, plan.limits):
        scope = rows.scope
        of_teams = np.isin(scope.metric, backlogs) & (scope.org != ROOT)
        wrong = np.flatnonzero(of_teams | plan.metrics.is_kind(scope.metric, "formula")).tolist()
        journal.add_each("TC259", [Problem(rows.place[row], _words(plan, scope, row)) for row in wrong])


def filled_parts(plan: Plan, rows: Targets | Limits, is_part: np.ndarray) -> np.ndarray:
    """Return the rows without those that Each made over nothing; a row none of whose parts covers anything stays.

    Parameters
    ----------
    is_part : bool, shape (rows,), whether Each made a row
    """
    if not is_part.any():
        return np.arange(len(rows))
    empty = _covers_nothing(plan, rows.scope) & is_part
    filled = {rows.place[row] for row in np.flatnonzero(~empty).tolist()}
    return np.array([row for row in range(len(rows)) if not empty[row] or rows.place[row] not in filled], np.int64)


def _covers_nothing(plan: Plan, scopes: Scopes) -> np.ndarray:
    if len(scopes) == 0:
        return np.zeros(0, dtype=bool)
    count = np.diff(linear_rows(plan, scopes).matrix.indptr)
    # a rate that is none of the plan's has been named for its own reason
    count[plan.metrics.is_kind(scopes.metric, "rate")] = 1
    for rate in plan.rates:
        rows = np.flatnonzero(scopes.metric == rate.metric)
        count[rows] = np.diff(rate_cover(plan, rate, scopes.take(rows)).indptr)
    # rows of turnaround were made where somebody works
    return np.asarray((count == 0) & ~is_turnaround(scopes))


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


def report_missing_handle_times(plan: Plan, unknown: np.ndarray, queues: NamedTree, reader: TableReader) -> None:
    """Name the queues under a capacity row whose items take no hours that anybody gave.

    Parameters
    ----------
    unknown : bool, shape (cells,), whether nobody says how long an item takes
    reader : the table Queues
    """
    if len(plan.capacity) == 0 or not unknown.any():
        return
    cells = plan.cells
    needed = np.flatnonzero(plan.metrics.uses_capacity[cells.metric] & unknown)
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
