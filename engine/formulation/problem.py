"""The plan as rows over cells: capacity, limits, targets, queue totals.

Owns: what every row means in items and hours. The programs in ``engine.decision`` are put together from these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from engine.fair.scaling import Asked
from engine.fair.share import FairShare, find_fair_share
from engine.formulation.cover import cover, queue_totals
from engine.formulation.order import scope_order, take
from engine.plan import Plan, Sense
from solver.matrices import scale_columns, scale_rows


@dataclass(frozen=True, slots=True)
class CapacityRows:
    """Σ_i hours_i · x_i ≤ there_r.

    matrix : csr of hours per item; there : hours; source : row of the plan's Capacity
    """

    matrix: csr_matrix
    there: np.ndarray
    source: np.ndarray


@dataclass(frozen=True, slots=True)
class LimitRows:
    """lower_r ≤ Σ_i x_i ≤ upper_r. matrix : csr of 0/1; source : row of the plan's Limits."""

    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    source: np.ndarray

    @property
    def covers_one_cell(self) -> np.ndarray:
        """bool, shape (rows,): such a row is a bound of its cell."""
        return np.asarray(np.diff(self.matrix.indptr) == 1)


@dataclass(frozen=True, slots=True)
class TargetRows:
    """Targets in canonical order (priority first).

    items : csr of 0/1, shape (rows, cells)
    fair_mix : csr, the same cells weighted h_i / h̄_r: the row counted in fair-mix hours, in items
    mean_hours : h̄_r, mean pricing hours per item at fair share; size : what a miss is measured against, items
    source : row of the plan's Targets
    """

    items: csr_matrix
    fair_mix: csr_matrix
    asked: np.ndarray
    sense: np.ndarray
    priority: np.ndarray
    mean_hours: np.ndarray
    size: np.ndarray
    source: np.ndarray

    def __len__(self) -> int:
        return len(self.asked)

    @property
    def has_shortfall(self) -> np.ndarray:
        """bool: rows that can fall short."""
        return np.asarray(self.sense != Sense.AT_MOST)

    @property
    def has_excess(self) -> np.ndarray:
        """bool: rows that can be overshot."""
        return np.asarray(self.sense != Sense.AT_LEAST)


@dataclass(frozen=True, slots=True)
class QueueTotals:
    """Metric × leaf queue × leaf period. matrix : csr of 0/1; keys : int64, shape (totals, 3); may_lose : share."""

    matrix: csr_matrix
    keys: np.ndarray
    may_lose: np.ndarray


@dataclass(frozen=True, slots=True)
class Problem:
    """All rows of a plan, over its cells in canonical order."""

    plan: Plan
    fair: FairShare
    capacity: CapacityRows
    limits: LimitRows
    targets: TargetRows
    queues: QueueTotals


def formulate(plan: Plan) -> Problem:
    """Return a plan as rows over cells, every family in canonical order."""
    asked, source = _asked(plan)
    limits = _limit_rows(plan)
    fair = _movable_under_limits(find_fair_share(plan, asked), limits)
    matrix, keys = queue_totals(plan)
    return Problem(
        plan,
        fair,
        _capacity_rows(plan),
        limits,
        _target_rows(asked, source, fair),
        QueueTotals(matrix, keys, plan.may_lose[keys[:, 1]]),
    )


def row_means(matrix: csr_matrix, fair: FairShare) -> np.ndarray:
    """Mean pricing hours per item of each row, weighted by fair share; by scale where that sums to 0, else 1."""
    means = np.ones(matrix.shape[0])
    for weight in (np.ones(len(fair.value)), fair.scale, fair.value):  # the last that sums to something wins
        total = matrix @ weight
        means = np.where(total > 0, np.divide(matrix @ (weight * fair.hours), total, where=total > 0, out=means), means)
    return np.asarray(means)


def _asked(plan: Plan) -> tuple[Asked, np.ndarray]:
    targets = plan.targets
    order = scope_order(plan, targets.scope, targets.priority)
    order = order[np.lexsort((targets.value[order], targets.sense[order], _group(plan, order)))]
    matrix = cover(plan, take(targets.scope, order))
    return Asked(matrix, targets.value[order], targets.sense[order], targets.priority[order]), order


def _group(plan: Plan, order: np.ndarray) -> np.ndarray:
    """Return a number per run of equal priority and scope: within it rows are sorted by sense and value."""
    scope, priority = plan.targets.scope, plan.targets.priority
    keys = np.column_stack([priority, scope.metric, scope.org, scope.queue, scope.period])[order]
    changed = np.append(False, (keys[1:] != keys[:-1]).any(axis=1)) if len(order) else np.zeros(0, bool)
    return np.cumsum(changed)


def _target_rows(asked: Asked, source: np.ndarray, fair: FairShare) -> TargetRows:
    means = row_means(asked.matrix, fair)
    fair_mix = scale_rows(scale_columns(asked.matrix, fair.hours), 1 / means)
    size = np.maximum.reduce([np.abs(asked.value), asked.matrix @ fair.value, np.ones(len(means))])
    return TargetRows(asked.matrix, fair_mix, asked.value, asked.sense, asked.priority, means, size, source)


def _capacity_rows(plan: Plan) -> CapacityRows:
    order = scope_order(plan, plan.capacity.scope, plan.capacity.hours)
    matrix = scale_columns(cover(plan, take(plan.capacity.scope, order)), plan.cells.hours)
    matrix.eliminate_zeros()
    used = np.flatnonzero(np.diff(matrix.indptr))
    return CapacityRows(matrix[used], plan.capacity.hours[order[used]], order[used])


def _limit_rows(plan: Plan) -> LimitRows:
    limits = plan.limits
    order = scope_order(plan, limits.scope, limits.lower, limits.upper)
    matrix = cover(plan, take(limits.scope, order))
    kept = np.flatnonzero(np.diff(matrix.indptr))
    rows = order[kept]
    return LimitRows(matrix[kept], np.maximum(limits.lower[rows], 0.0), limits.upper[rows], rows)


def _movable_under_limits(fair: FairShare, limits: LimitRows) -> FairShare:
    """Let cells under a minimum over nothing but zeros move, by their hours."""
    stuck = (limits.lower > 0) & (limits.matrix @ fair.scale <= 0)
    if not stuck.any():
        return fair
    room = np.asarray(limits.matrix[stuck].T @ limits.lower[stuck]).ravel()
    scale = np.where((fair.scale <= 0) & (room > 0), np.maximum(fair.hours_share, 1e-3) * room, fair.scale)
    return FairShare(fair.value, scale, fair.hours, fair.hours_share, fair.no_history, fair.residual)
