"""Rows of Targets and Limits about one rate, as weighted averages of its cells: Σ (w_i / W_r) r_i.

Owns: those rows in canonical order, and how far each cell may go, and how easily.
"""

from __future__ import annotations

import numpy as np

from engine.formulation.order import scope_order
from engine.formulation.sides import Sides
from engine.plan import Plan, Rate, Scopes, Sense
from engine.rates.averages import rate_cover
from solver.frozen import frozen
from solver.matrices import scale_columns, scale_rows
from solver.sparse import csr_matrix

SMALLEST = 1e-9
"""Part of a scale below which a gap counts as none."""

LIGHTEST = 1e-6
"""Part of the mean cell below which a cell weighs nothing: it could be asked for anything, and nobody would notice."""


@frozen
class AverageRows:
    """Rows over the cells of a rate. matrix : csr, each row sums to 1; weight : float64, W_r, items.

    source : row of the plan's Targets or Limits; rows over nothing that weighs anything are left out, but for limits
        of one cell, which bound it whatever it weighs
    """

    matrix: csr_matrix
    weight: np.ndarray
    source: np.ndarray

    def __len__(self) -> int:
        return len(self.source)

    @property
    def covers_one_cell(self) -> np.ndarray:
        """bool, shape (rows,): such a limit is a bound of its cell, whatever the cell weighs."""
        return np.asarray(np.diff(self.matrix.indptr) == 1)


@frozen
class RateTargets(Sides):
    """Targets of one rate, canonical order, priority first. size : float64, what a miss is measured against."""

    rows: AverageRows
    asked: np.ndarray
    sense: np.ndarray
    priority: np.ndarray
    size: np.ndarray


@frozen
class RateLimits:
    """Limits of one rate, canonical order; infinite where open."""

    rows: AverageRows
    lower: np.ndarray
    upper: np.ndarray


@frozen
class Effort:
    """How cells move: arrays of shape (cells,).

    up, down : distance to Best, in the good direction, and to the far bound in the bad one, as moves up and down;
        0 = does not move that way
    floor, ceiling : what no cell leaves
    """

    up: np.ndarray
    down: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray


def start_of(rate: Rate) -> np.ndarray:
    """Return where cells start from: what they are to stay near, else their history. float64, shape (cells,)."""
    return rate.baseline if rate.near is None else np.where(np.isfinite(rate.near), rate.near, rate.baseline)


def effort_of(plan: Plan, rate: Rate, weight: np.ndarray) -> Effort:
    """Return how cells move.

    Parameters
    ----------
    weight : float64, shape (cells of the rate,), planned items

    Notes
    -----
    gap = how far Best is in the good direction; the way back, for targets easier than today, is the way to the far
    bound (Floor where higher is better), or, where there is none, the size of the rate: all by the same share.
    Cells that start from what was agreed have the gap that history has: it says how easily a cell moves, and what was
    agreed at Best or beyond must not stand still for it.
    """
    begin = start_of(rate)
    start = np.clip(begin, rate.floor, rate.ceiling)
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    worst = np.minimum(begin, rate.baseline) if is_higher else np.maximum(begin, rate.baseline)
    gap = np.maximum(rate.best - worst if is_higher else worst - rate.best, 0.0)
    far = rate.floor if is_higher else rate.ceiling
    way_back = np.where(np.isfinite(far), np.abs(far - start), np.abs(start))
    moves = weight > LIGHTEST * max(float(weight.mean()) if len(weight) else 0.0, 0.0)
    size = SMALLEST * np.maximum(np.abs(begin), SMALLEST)
    gap, way_back = (np.where(moves & (way > size), way, 0.0) for way in (gap, way_back))
    up, down = (gap, way_back) if is_higher else (way_back, gap)
    return Effort(up, down, rate.floor, rate.ceiling)


def target_rows(plan: Plan, rate: Rate, weight: np.ndarray) -> RateTargets:
    """Return the targets of a rate.

    Notes
    -----
    A blank Sense asks for what the value is on the way to: at least (at most where lower is better), so that nobody
    is asked to be worse only because others are better. A target easier than today is no improvement: exactly.
    """
    targets = plan.targets
    mine = np.flatnonzero(targets.scope.metric == rate.metric)
    scope = targets.scope.take(mine)
    order = mine[scope_order(plan, scope, targets.priority[mine], targets.sense[mine], targets.value[mine])]
    rows = _average_rows(plan, rate, targets.scope, order, weight, bounds=False)
    asked, start = targets.value[rows.source], rows.matrix @ start_of(rate)
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    size = np.maximum(np.maximum(np.abs(asked), np.abs(start)), 1e-3)
    is_easier = (asked < start - SMALLEST * size) if is_higher else (asked > start + SMALLEST * size)
    toward = np.where(is_easier, int(Sense.EXACTLY), int(Sense.AT_LEAST if is_higher else Sense.AT_MOST))
    sense = np.where(targets.stated[rows.source], targets.sense[rows.source], toward)
    return RateTargets(rows, asked, sense, targets.priority[rows.source], size)


def limit_rows(plan: Plan, rate: Rate, weight: np.ndarray) -> RateLimits:
    """Return the limits of a rate."""
    limits = plan.limits
    mine = np.flatnonzero(limits.scope.metric == rate.metric)
    order = mine[scope_order(plan, limits.scope.take(mine), limits.lower[mine], limits.upper[mine])]
    rows = _average_rows(plan, rate, limits.scope, order, weight, bounds=True)
    return RateLimits(rows, limits.lower[rows.source], limits.upper[rows.source])


def _average_rows(
    plan: Plan, rate: Rate, scopes: Scopes, order: np.ndarray, weight: np.ndarray, *, bounds: bool
) -> AverageRows:
    """Return rows in an order; with ``bounds``, those over one cell stay even where it weighs nothing."""
    member = rate_cover(plan, rate, scopes.take(order))
    alone = np.diff(member.indptr) == 1
    total = np.asarray(member @ weight)
    weighed = scale_columns(member, weight)
    is_bound = alone & (total <= 0) & bounds
    weighed.data = np.where(np.repeat(is_bound, np.diff(member.indptr)), 1.0, weighed.data)
    weighed.eliminate_zeros()  # a row in which one cell weighs is about that cell
    kept = np.flatnonzero((total > 0) | is_bound)
    matrix = scale_rows(weighed[kept], 1 / np.where(total[kept] > 0, total[kept], 1.0))
    return AverageRows(csr_matrix(matrix), total[kept], order[kept])
