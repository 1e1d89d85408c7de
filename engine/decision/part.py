"""Some cells of a problem as a problem of its own: a period with every row's part in it, or a part that shares no row.

Owns: cutting rows, and knowing which row of the whole each row of a part is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.fair.share import FairShare
from engine.formulation.problem import OF_INFLOW, CapacityRows, LimitRows, Problem, QueueTotals, TargetRows
from engine.plan import Cells
from solver.frozen import frozen
from solver.matrices import scale_rows
from solver.sparse import csc_matrix, csr_matrix

_MOST = 20.0
"""How much more one count of a period may lack than the other: what lacks nothing is met all the same."""


@frozen
class Part:
    """A period's problem; arrays say which position in the whole each of its cells and rows has."""

    problem: Problem
    cells: np.ndarray
    capacity: np.ndarray
    limits: np.ndarray
    targets: np.ndarray
    totals: np.ndarray


@frozen
class Share:
    """What falls to a period, one per row of the whole; float64.

    there : of hours and inflow; lower, upper : of limits; asked, mix : of targets, in items and in fair-mix hours
    """

    there: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    asked: np.ndarray
    mix: np.ndarray

    def mix_factor(self, rows: np.ndarray) -> np.ndarray:
        """Return by what the fair-mix count is multiplied so that one number asks for both counts."""
        asked, mix = self.asked[rows], self.mix[rows]
        factor = np.divide(asked, mix, out=np.full(len(rows), _MOST), where=mix > 0)
        return np.asarray(np.clip(np.where(asked > 0, factor, 1.0), 1 / _MOST, _MOST))


def share_of_point(problem: Problem, cells: np.ndarray, point: np.ndarray) -> Share:
    """Return what falls to some cells of a plan: what they have, and of what is left their part of each sum."""
    own = np.zeros(len(point))
    own[cells] = point[cells]

    def shared(matrix: csr_matrix, bound: np.ndarray) -> np.ndarray:
        mine, whole = matrix @ own, matrix @ point
        part = np.divide(mine, whole, out=np.ones(len(whole)), where=np.abs(whole) > 0)
        return np.asarray(np.where(np.isfinite(bound), mine + (bound - whole) * part, bound))

    limits, targets = problem.limits, problem.targets
    lower = np.maximum(shared(limits.matrix, limits.lower), 0.0)
    return Share(
        shared(problem.capacity.matrix, problem.capacity.there),
        lower,
        np.maximum(shared(limits.matrix, limits.upper), lower),
        np.maximum(shared(targets.items, targets.asked), 0.0),
        np.maximum(shared(targets.fair_mix, targets.asked), 0.0),
    )


class Cutter:
    """Cuts a problem by period; matrices are held by columns, so that cutting one takes what is cut only."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._capacity = csc_matrix(problem.capacity.matrix)
        self._limits = csc_matrix(problem.limits.matrix)
        self._items = csc_matrix(problem.targets.items)
        self._mix = csc_matrix(problem.targets.fair_mix)
        self._totals = csc_matrix(problem.queues.matrix)

    def take(self, cells: np.ndarray) -> Part:
        """Return the part over cells that share no row with any other: its rows are those of the whole."""
        whole = self.problem
        capacity_rows, capacity = _touching(self._capacity, cells)
        limit_rows, limits = _touching(self._limits, cells)
        target_rows, items = _touching(self._items, cells)
        total_rows, totals = _touching(self._totals, cells)
        own, bounds, targets = whole.capacity, whole.limits, whole.targets
        problem = Problem(
            replace(whole.plan, cells=_cells(whole.plan.cells, cells)),
            _fair(whole.fair, cells, target_rows),
            CapacityRows(
                capacity, own.there[capacity_rows], own.size[capacity_rows], own.source[capacity_rows],
                own.kind[capacity_rows], own.inflow_keys,
            ),
            LimitRows(limits, bounds.lower[limit_rows], bounds.upper[limit_rows], bounds.source[limit_rows]),
            TargetRows(
                items, csr_matrix(self._mix[:, cells].tocsr()[target_rows]), targets.asked[target_rows],
                targets.sense[target_rows], targets.priority[target_rows], targets.mean_hours[target_rows],
                targets.size[target_rows], targets.source[target_rows], targets.falls[target_rows],
            ),
            QueueTotals(totals, whole.queues.keys[total_rows], whole.queues.may_lose[total_rows]),
            None if whole.guard_from is None else whole.guard_from[cells],
        )  # fmt: skip
        return Part(problem, cells, capacity_rows, limit_rows, target_rows, total_rows)

    def cut(self, cells: np.ndarray, share: Share) -> Part:
        """Return the part over the cells of a period, with what falls to it."""
        part = self.take(cells)
        there = np.maximum(share.there[part.capacity], 0.0)
        part, there = _without_looser(part, there)
        own = part.problem
        asked, items = share.asked[part.targets], own.targets.items
        problem = replace(
            own,
            capacity=replace(
                own.capacity, there=there, size=np.maximum(there, 1e-6 * np.maximum(own.capacity.size, 1.0))
            ),
            limits=replace(own.limits, lower=share.lower[part.limits], upper=share.upper[part.limits]),
            targets=replace(
                own.targets,
                fair_mix=scale_rows(own.targets.fair_mix, share.mix_factor(part.targets)),
                asked=asked,
                size=np.maximum.reduce([np.abs(asked), items @ own.fair.value, np.ones(len(asked))]),
            ),
        )
        return replace(part, problem=problem)


def _without_looser(part: Part, there: np.ndarray) -> tuple[Part, np.ndarray]:
    """Return a period's part, and what there is in its rows, with one row for what each queue may handle.

    What came in up to this period and to every later one limits the same cells: the tightest says it all.
    """
    rows = part.problem.capacity
    inflow = np.flatnonzero(rows.kind == OF_INFLOW)
    if not len(inflow):
        return part, there
    balance, queue, _ = rows.inflow_keys[rows.source[inflow]].T
    order = np.lexsort((there[inflow], queue, balance))
    is_same = (np.diff(balance[order]) == 0) & (np.diff(queue[order]) == 0)
    kept = np.ones(len(there), dtype=bool)
    kept[inflow[order[1:][is_same]]] = False
    at = np.flatnonzero(kept)
    tightest = CapacityRows(
        csr_matrix(rows.matrix[at]), rows.there[at], rows.size[at], rows.source[at], rows.kind[at], rows.inflow_keys
    )
    return replace(part, problem=replace(part.problem, capacity=tightest), capacity=part.capacity[at]), there[at]


def _touching(matrix: csc_matrix, cells: np.ndarray) -> tuple[np.ndarray, csr_matrix]:
    part = csr_matrix(matrix[:, cells].tocsr())
    rows = np.flatnonzero(np.diff(part.indptr))
    return rows, csr_matrix(part[rows])


def _fair(fair: FairShare, cells: np.ndarray, rows: np.ndarray) -> FairShare:
    return FairShare(
        fair.value[cells], fair.scale[cells], fair.hours[cells], fair.hours_share[cells], fair.no_history[cells],
        fair.residual[rows],
    )  # fmt: skip


def _cells(cells: Cells, at: np.ndarray) -> Cells:
    return Cells(
        cells.metric[at], cells.org[at], cells.queue[at], cells.period[at], cells.baseline[at], cells.hours[at]
    )
