"""What the Summary says about a plan, as numbers: top-level targets, hours, movers, guarded queues.

Owns: which rows count without counting anything twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from engine.formulation.cover import cover
from engine.outcome import Outcome
from engine.trees import ROOT, Tree
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


def top_targets(outcome: Outcome) -> list[list[int]]:
    """Return for each metric the widest rows of Targets that do not overlap, in table order."""
    plan = outcome.plan
    covers = cover(plan, plan.targets.scope)
    size = np.diff(covers.indptr)
    scope = plan.targets.scope
    order = np.lexsort((plan.targets.value, scope.period, scope.queue, scope.org, plan.targets.priority, -size))
    chosen = sorted(disjoint_rows(covers, order.tolist()))
    return [[row for row in chosen if scope.metric[row] == metric] for metric in range(len(plan.metrics))]


@dataclass(frozen=True, slots=True)
class Hours:
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


def plan_hours(outcome: Outcome) -> Hours:
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
    return Hours(
        sorted(rows),
        float(needed[covered].sum()),
        float(planned[covered].sum()),
        -there,
        float(needed[~covered].sum()),
        float(planned[~covered].sum()),
    )


def biggest_gaps(outcome: Outcome, most: int) -> list[int]:
    """Return the rows of Targets that miss most, for their size; equals in table order."""
    results, value = outcome.targets, outcome.plan.targets.value
    missed = np.flatnonzero(~results.met)
    part = results.shortfall[missed] / np.maximum(value[missed], 1.0)
    order = np.lexsort((missed, -results.shortfall[missed], -part))
    return [int(row) for row in missed[order][:most]]


def biggest_movers(totals: NodeTotals, most: int) -> list[int]:
    """Return the rows of ``totals`` whose leaf node moves most against its baseline."""
    planned, before = np.nan_to_num(totals.planned[:, ROOT]), np.nan_to_num(totals.baseline)
    move = np.abs(planned - before)
    leaves = np.tile(totals.tree.is_leaf, totals.metrics)
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


@dataclass(frozen=True, slots=True)
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
