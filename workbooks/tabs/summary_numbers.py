"""What the Summary says about a plan, as numbers: top-level targets, hours, movers, guarded queues.

Owns: which rows count without counting anything twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulation.cover import cover
from engine.formulation.linear import linear_rows
from engine.outcome import Outcome
from engine.plan import FTE, HOURS, TURNAROUND
from engine.rates.averages import rate_cover
from engine.trees import ROOT, Tree
from solver.frozen import frozen
from solver.sparse import csr_matrix
from workbooks.tabs.node_formulas import COMPUTED
from workbooks.tabs.node_totals import NodeTotals

MOST_BARS = 12


def disjoint_rows(covers: csr_matrix, order: Sequence[int]) -> list[int]:
    """Return rows, taken in the order given, that share no cell with one taken before; rows without cells are left out.

    Parameters
    ----------
    covers : csr, shape (rows, cells), the cells of each row
    """
    taken = np.zeros(covers.shape[1], dtype=bool)
    chosen = []
    for row in order:
        cells = covers.indices[covers.indptr[row] : covers.indptr[row + 1]]
        if len(cells) and not taken[cells].any():
            taken[cells] = True
            chosen.append(int(row))
    return chosen


def top_targets(outcome: Outcome) -> dict[int, list[int]]:
    """Return for each metric the widest rows of Targets that do not overlap, in table order.

    Hours and people stand behind the metrics of the plan, where somebody asked for them. Of a stock only rows that
    end last count: what is open in March and what is open in June do not add up. Of a rate, the widest row alone.
    """
    plan = outcome.plan
    scope = plan.targets.scope
    covers = linear_rows(plan, scope).matrix
    size = np.diff(covers.indptr)
    end = plan.periods.leaf_span[scope.period, 1]
    order = np.lexsort((plan.targets.value, scope.period, scope.queue, scope.org, plan.targets.priority, -size))
    found, rates = {}, {rate.metric: rate for rate in plan.rates}
    asked = [metric for metric, kind in enumerate(plan.metrics.kinds) if kind != "formula"]
    for metric in (*asked, HOURS, FTE):
        mine = [row for row in order.tolist() if scope.metric[row] == metric]
        if metric >= 0 and plan.metrics.kinds[metric] == "stock":
            last = max((int(end[row]) for row in mine), default=0)
            mine = [row for row in mine if end[row] == last]
        if metric in rates:
            rows = np.flatnonzero(scope.metric == metric)
            wide = np.diff(rate_cover(plan, rates[metric], scope.take(rows)).indptr)
            found[metric] = rows[np.lexsort((rows, plan.targets.priority[rows], -wide))[:1]].tolist()
        elif metric >= 0 or mine:
            found[metric] = sorted(disjoint_rows(covers, mine))
    return found


@frozen
class PlanHours:
    """Hours of the plan, split by whether a capacity row covers them.

    rows : rows of Capacity that were added up; they do not overlap
    needed : hours of the fair share, which meets all targets; planned : hours of the targets
    there : hours of ``rows``; free_needed, free_planned : the same for work under no capacity row
    """

    rows: list[int]
    needed: float
    planned: float
    there: float
    free_needed: float
    free_planned: float


def plan_hours(outcome: Outcome) -> PlanHours:
    """Return the hours needed and there.

    Notes
    -----
    Nested capacity rows never add. The narrowest rows are added up, and the widest: whichever covers more
    work counts, and where both cover the same, the fewer hours.
    """
    plan = outcome.plan
    covers = cover(plan, plan.capacity.scope)
    size = np.diff(covers.indptr)
    needed, planned = outcome.fair * plan.cells.hours, outcome.value * plan.cells.hours
    hours = plan.capacity.hours
    choices = []
    for order in (np.lexsort((hours, size)), np.lexsort((hours, -size))):
        rows = disjoint_rows(covers, order.tolist())
        covered = np.asarray(covers[rows].sum(axis=0)).ravel() > 0
        choices.append((float(np.count_nonzero(covered)), -float(hours[rows].sum()), rows, covered))
    _, there, rows, covered = max(choices, key=lambda choice: choice[:2])
    return PlanHours(
        sorted(rows),
        float(needed[covered].sum()),
        float(planned[covered].sum()),
        -there,
        float(needed[~covered].sum()),
        float(planned[~covered].sum()),
    )


def biggest_gaps(outcome: Outcome, most: int) -> list[int]:
    """Return the rows of Targets that miss most: the largest amount of each metric, then the largest parts of a target.

    What nobody asked in Targets comes last: one Turnaround of a queue is a row for each of its months.
    """
    results, value = outcome.targets, outcome.plan.targets.value
    missed = np.flatnonzero(~results.met)
    missing, metric = results.shortfall[missed], outcome.plan.targets.scope.metric[missed]
    part = missing / np.maximum(value[missed], 1.0)
    by_amount = np.lexsort((missed, -part, -missing, metric))
    is_largest = np.zeros(len(missed), dtype=bool)
    is_largest[by_amount[np.unique(metric[by_amount], return_index=True)[1]]] = True
    order = np.lexsort((missed, -missing, -part, ~is_largest, metric == TURNAROUND))
    return [int(row) for row in missed[order][:most]]


def biggest_movers(totals: NodeTotals, most: int) -> list[int]:
    """Return the rows of ``totals`` whose leaf node moves most against its baseline; hours and rates are left out."""
    planned, before = np.nan_to_num(totals.planned[:, ROOT]), np.nan_to_num(totals.baseline)
    move = np.abs(planned - before)
    leaves = np.tile(totals.nodes.is_leaf, totals.blocks) & (totals.of_row >= 0)
    leaves &= ~np.isin(totals.of_row, list(totals.weight_of))
    leaves &= np.repeat([how != COMPUTED for how in totals.over_time], len(totals.nodes))
    rows = np.flatnonzero(leaves & np.isfinite(totals.planned[:, ROOT]) & (move > 0.5))
    return [int(row) for row in rows[np.argsort(-move[rows], kind="stable")][:most]]


def chart_nodes(tree: Tree, planned: np.ndarray) -> list[int]:
    """Return the topmost nodes that stand side by side, in tree order; the largest where there are many.

    Parameters
    ----------
    planned : float64, shape (nodes,)
    """
    node = ROOT
    while len(tree.children[node]) == 1:
        node = tree.children[node][0]
    nodes = [child for child in tree.children[node] if np.isfinite(planned[child])]
    largest = sorted(nodes, key=lambda child: -planned[child])[:MOST_BARS]
    return sorted(largest)


@frozen
class GuardedQueue:
    """A queue that left its fair outcome within the mix guard, over all its periods."""

    metric: int
    queue: int  # node position
    fair: float
    planned: float
    allowed: float
    periods: int
    full: int


def guarded_queues(outcome: Outcome, most: int) -> list[GuardedQueue]:
    """Return the queues that used the mix guard, the biggest move first."""
    guard, tree = outcome.guard, outcome.plan.queues
    found = []
    for metric, queue in sorted(set(zip(guard.metric.tolist(), guard.queue.tolist(), strict=True))):
        rows = (guard.metric == metric) & (guard.queue == queue)
        if abs(float((guard.planned - guard.fair)[rows].sum())) < 1 and not guard.full[rows].any():
            continue  # less is what whole units do
        found.append(
            GuardedQueue(
                metric,
                int(tree.leaves[queue]),
                float(guard.fair[rows].sum()),
                float(guard.planned[rows].sum()),
                float(guard.allowed[rows].max()),
                int(rows.sum()),
                int(guard.full[rows].sum()),
            )
        )
    return sorted(found, key=lambda each: -abs(each.planned - each.fair))[:most]
