"""The plan as rows over cells: capacity, limits, targets, queue totals.

Owns: what every row means in items and hours. The programs in ``engine.decision`` are put together from these.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.fair.scaling import Asked
from engine.fair.seed import Seed
from engine.fair.share import FairShare, find_fair_share
from engine.formulation.cover import cover, queue_totals
from engine.formulation.linear import inflow_rows, is_turnaround, linear_rows, turnaround_rows
from engine.formulation.order import scope_order
from engine.formulation.sides import Sides
from engine.formulation.whole_units import with_room_for_held
from engine.plan import FTE, Plan, Scopes, Sense
from solver.frozen import frozen
from solver.matrices import scale_columns, scale_rows, stack_rows
from solver.sparse import csr_matrix

OF_CAPACITY, OF_SHARES, OF_INFLOW = range(3)
"""What a row that never gives way comes from: Capacity, Max share of queue, Inflow."""


@frozen
class CapacityRows:
    """Σ_i a_ri x_i ≤ there_r: rows that never give way.

    matrix : csr; hours per item in a row of Capacity
    there : hours, or items
    size : what a row is measured against, above 0
    source : row of the plan's Capacity or QueueShares, or position in inflow_keys
    kind : int64, OF_CAPACITY, OF_SHARES or OF_INFLOW
    inflow_keys : int64, shape (inflow rows, 3): balance, leaf queue, leaf period
    """

    matrix: csr_matrix
    there: np.ndarray
    size: np.ndarray
    source: np.ndarray
    kind: np.ndarray
    inflow_keys: np.ndarray

    def full(self, point: np.ndarray, tolerance: float) -> np.ndarray:
        """bool, shape (rows,): rows that a plan uses up."""
        used = self.matrix @ point
        return np.asarray(used >= self.there - tolerance * self.size - 1e-9)


@frozen
class LimitRows:
    """lower_r ≤ Σ_i a_ri x_i ≤ upper_r. matrix : csr, ≥ 0; source : row of the plan's Limits."""

    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    source: np.ndarray

    @property
    def covers_one_cell(self) -> np.ndarray:
        """bool, shape (rows,): such a row is a bound of its cell."""
        alone = np.diff(self.matrix.indptr) == 1
        if len(self.matrix.data):
            alone &= self.matrix.data[np.minimum(self.matrix.indptr[:-1], len(self.matrix.data) - 1)] == 1
        return np.asarray(alone)


@frozen
class TargetRows(Sides):
    """Targets in canonical order (priority first), but for those of rates.

    items : csr, shape (rows, cells), 1 where a volume is asked; hours per item, and so on, for other metrics
    fair_mix : csr, the same cells weighted h_i / h̄_r: the row counted in fair-mix hours, in items
    mean_hours : h̄_r, mean pricing hours per item at fair share; size : what a miss is measured against, items
    source : row of the plan's Targets
    falls : bool, what people asked falls as these sums rise (a backlog); senses and values are turned round here
    """

    items: csr_matrix
    fair_mix: csr_matrix
    asked: np.ndarray
    sense: np.ndarray
    priority: np.ndarray
    mean_hours: np.ndarray
    size: np.ndarray
    source: np.ndarray
    falls: np.ndarray


@frozen
class QueueTotals:
    """Metric × leaf queue × leaf period. matrix : csr of 0/1; keys : int64, shape (totals, 3); may_lose : share."""

    matrix: csr_matrix
    keys: np.ndarray
    may_lose: np.ndarray


@frozen
class Problem:
    """All rows of a plan, over its cells in canonical order.

    guard_from : float64, shape (cells,), a fair outcome from which queues may move as well, whatever theirs is; None
        where there is no other
    """

    plan: Plan
    fair: FairShare
    capacity: CapacityRows
    limits: LimitRows
    targets: TargetRows
    queues: QueueTotals
    guard_from: np.ndarray | None = None


def formulate(plan: Plan) -> Problem:
    """Return a plan as rows over cells, every family in canonical order."""
    asked = _asked(plan)
    limits = _limit_rows(plan)
    fair = _movable_under_limits(find_fair_share(plan, asked.rows), limits)
    matrix, keys = queue_totals(plan)
    return Problem(
        plan,
        fair,
        _capacity_rows(plan, fair, limits),
        limits,
        _target_rows(asked, fair),
        QueueTotals(matrix, keys, plan.may_lose[keys[:, 1]]),
    )


def with_hours_of(problem: Problem, plan: Plan) -> Problem | None:
    """Return the rows of a plan that differs in hours alone; None where in more, or where fair shares hang on them.

    Who has no history has a fair share by hours, as have cells that only a minimum lets move.
    """
    fair, before = problem.fair, problem.plan
    others = (each for each in Plan.__dataclass_fields__ if each not in ("capacity", "targets"))
    is_alike = all(getattr(plan, each) is getattr(before, each) for each in others)
    if not is_alike or plan.capacity.scope is not before.capacity.scope:
        return None
    if not np.array_equal(plan.targets.value, before.targets.value) or plan.targets.scope is not before.targets.scope:
        return None
    counts_people = (plan.targets.scope.metric == FTE).any() or (plan.limits.scope.metric == FTE).any()
    hangs_on_hours = fair.no_history.any() or ((fair.scale > 0) != (fair.value > 0)).any()
    if counts_people or hangs_on_hours or plan.settings.fair_share_by != "baseline" or plan.near is not None:
        return None
    return replace(problem, plan=plan, capacity=_capacity_rows(plan, fair, problem.limits))


def asking_only(problem: Problem, row: int, seed: Seed) -> Problem:
    """Return a problem that asks for one of its targets only: what else there is in rows is not worked out again.

    Parameters
    ----------
    row : position in the problem's targets
    seed : of the plan
    """
    plan, targets, one = problem.plan, problem.targets, np.array([row])
    rows = Asked(csr_matrix(targets.items[one]), targets.asked[one], targets.sense[one], targets.priority[one])
    fair = _movable_under_limits(find_fair_share(plan, rows, seed), problem.limits)
    return replace(
        problem,
        plan=replace(plan, targets=plan.targets.take(targets.source[one])),
        fair=fair,
        targets=_target_rows(_AskedRows(rows, np.zeros(1, dtype=np.int64), targets.falls[one]), fair),
    )


def row_means(matrix: csr_matrix, fair: FairShare, times: csr_matrix | None = None) -> np.ndarray:
    """Mean pricing hours per unit of each row, weighted by fair share; by scale where that sums to 0, else 1.

    Parameters
    ----------
    times : how often each item's hours count in a row; once where left out
    """
    means = np.ones(matrix.shape[0])
    member = _once(matrix) if times is None else times
    for weight in (np.ones(len(fair.value)), fair.scale, fair.value):  # the last that sums to something wins
        total = matrix @ weight
        priced = member @ (weight * fair.hours)
        means = np.where((total > 0) & (priced > 0), np.divide(priced, total, where=total > 0, out=means), means)
    return np.asarray(means)


def _once(matrix: csr_matrix) -> csr_matrix:
    """Return which cells stand in which row."""
    member = matrix.copy()
    member.data = (member.data != 0).astype(np.float64)
    return member


@frozen
class _AskedRows:
    rows: Asked
    source: np.ndarray
    falls: np.ndarray


def _asked(plan: Plan) -> _AskedRows:
    targets = plan.targets
    order = scope_order(plan, targets.scope, targets.priority)
    order = order[np.lexsort((targets.value[order], targets.sense[order], _group(plan, order)))]
    order = order[~plan.metrics.is_kind(targets.scope.metric[order], "rate")]
    scope, value, sense = targets.scope.take(order), targets.value[order], targets.sense[order]
    rows = linear_rows(plan, scope)
    matrix, falls = rows.matrix, rows.sign < 0
    value = np.where(falls, np.maximum(rows.offset - value, 0.0), value)
    waits = is_turnaround(scope)
    if waits.any():
        at = np.flatnonzero(waits)
        added, least = turnaround_rows(plan, scope.take(at), value[at])
        put = csr_matrix((np.ones(len(at)), (at, np.arange(len(at)))), shape=(len(order), len(at)))
        matrix = csr_matrix(matrix + put @ added)
        matrix.sort_indices()
        value[at], falls[at] = least, True
    turned = np.select([sense == Sense.AT_LEAST, sense == Sense.AT_MOST], [Sense.AT_MOST, Sense.AT_LEAST], sense)
    return _AskedRows(Asked(matrix, value, np.where(falls, turned, sense), targets.priority[order]), order, falls)


def _group(plan: Plan, order: np.ndarray) -> np.ndarray:
    """Return a number per run of equal priority and scope: within it rows are sorted by sense and value."""
    scope, priority = plan.targets.scope, plan.targets.priority
    keys = np.column_stack([priority, scope.metric, scope.org, scope.queue, scope.period])[order]
    changed = np.append(False, (keys[1:] != keys[:-1]).any(axis=1)) if len(order) else np.zeros(0, bool)
    return np.cumsum(changed)


def _target_rows(found: _AskedRows, fair: FairShare) -> TargetRows:
    asked = found.rows
    # a row in hours has its hours in its matrix already; a backlog's counts items as often as they stand in it
    times = _once(asked.matrix)
    repeated = np.repeat(found.falls, np.diff(asked.matrix.indptr))
    times.data = np.where(repeated, asked.matrix.data, times.data)
    means = row_means(asked.matrix, fair, times)
    fair_mix = scale_rows(scale_columns(times, fair.hours), 1 / means)
    size = np.maximum.reduce([np.abs(asked.value), asked.matrix @ fair.value, np.ones(len(means))])
    return TargetRows(
        asked.matrix, fair_mix, asked.value, asked.sense, asked.priority, means, size, found.source, found.falls
    )


def _capacity_rows(plan: Plan, fair: FairShare, limits: LimitRows) -> CapacityRows:
    order = scope_order(plan, plan.capacity.scope, ties=(plan.capacity.hours,))
    matrix = scale_columns(cover(plan, plan.capacity.scope.take(order)), plan.cells.hours)
    matrix.eliminate_zeros()
    used = np.flatnonzero(np.diff(matrix.indptr))
    hours = plan.capacity.hours[order[used]]
    shares, share_rows, share_size = _share_rows(plan, fair)
    inflow, available, keys = inflow_rows(plan)
    kind = np.repeat([OF_CAPACITY, OF_SHARES, OF_INFLOW], [len(used), len(share_rows), len(keys)])
    rows = CapacityRows(
        stack_rows([matrix[used], shares, inflow]),
        np.concatenate([hours, np.zeros(len(share_rows)), available]),
        np.concatenate([np.maximum(hours, 1e-6), share_size, np.maximum(available, 1.0)]),
        np.concatenate([order[used], share_rows, np.arange(len(keys))]),
        kind,
        keys,
    )
    return with_room_for_held(plan, rows, limits, len(used))


def _share_rows(plan: Plan, fair: FairShare) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return (1 − share) · Σ own − share · Σ others ≤ 0, for every row of QueueShares; its source; its size."""
    shares = plan.shares
    order = scope_order(plan, shares.scope, ties=(shares.share,))
    scope = shares.scope.take(order)
    own = cover(plan, scope)
    everybody = cover(plan, Scopes(scope.metric, np.zeros(len(order), np.int64), scope.queue, scope.period))
    matrix = csr_matrix(own - scale_rows(everybody, shares.share[order]))
    matrix.sort_indices()
    return matrix, order, np.maximum(everybody @ fair.value, 1.0)


def _limit_rows(plan: Plan) -> LimitRows:
    limits = plan.limits
    order = scope_order(plan, limits.scope, ties=(limits.lower, limits.upper))
    order = order[~plan.metrics.is_kind(limits.scope.metric[order], "rate")]
    rows = linear_rows(plan, limits.scope.take(order))
    kept = np.flatnonzero(np.diff(rows.matrix.indptr))
    lower, upper = limits.lower[order], limits.upper[order]
    falls = rows.sign < 0
    below, above = np.where(falls, rows.offset - upper, lower), np.where(falls, rows.offset - lower, upper)
    return LimitRows(rows.matrix[kept], np.maximum(below[kept], 0.0), above[kept], order[kept])


def _movable_under_limits(fair: FairShare, limits: LimitRows) -> FairShare:
    """Let cells under a minimum over nothing but zeros move, by their hours."""
    stuck = (limits.lower > 0) & (limits.matrix @ fair.scale <= 0)
    if not stuck.any():
        return fair
    room = np.asarray(limits.matrix[stuck].T @ limits.lower[stuck]).ravel()
    scale = np.where((fair.scale <= 0) & (room > 0), np.maximum(fair.hours_share, 1e-3) * room, fair.scale)
    return FairShare(fair.value, scale, fair.hours, fair.hours_share, fair.no_history, fair.residual)
