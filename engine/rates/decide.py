"""The decision for one rate: the least misses by priority, then equal effort.

    minimise Σ w (r − b)² / 2 gap  at what can be reached; one target alone: r = b + θ · gap, one θ for all

gap is the way from the baseline b to Best; for moves the other way, the way back to Floor (Ceiling where lower is
better). Volumes come first: w is what is planned.

Owns: which step follows which, and the split of every cell into a move up and a move down.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.plan import Plan, Rate
from engine.rates.hard import Programs, RateHard, reach, settle_limits
from engine.rates.misses import Ground, RateMisses, find_rate_misses
from engine.rates.rows import Effort, RateLimits, RateTargets, effort_of, limit_rows, start_of, target_rows
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks, stack_rows
from solver.polyhedron import ACCEPTED, Polyhedron, Projection
from solver.projection import GOOD, project, try_project
from solver.sparse import csr_matrix

_ROOM = 1e-9
"""Part of a row's size by which levels are loosened, so that the point that reached them lies inside."""

_TURNS = 12  # searches for the direction of every cell; one target alone needs one
_EXACT = 1e-10  # part of a rate by which a cell in the wrong direction may be off


@frozen
class RateDecision:
    """What was decided for one rate; arrays over its cells, targets and limits in canonical order.

    weight : float64, shape (cells,), planned items; start : where cells start from; value : the rate of each cell
    price : float64, shape (targets + limits over several cells,), θ of each row in units of the mean planned cell
    easiness : float64, shape (cells, 2), moves up and down per unit of price
    is_projected : whether equal effort was found to full precision; otherwise a reachable point stands in
    """

    rate: Rate
    weight: np.ndarray
    start: np.ndarray
    value: np.ndarray
    effort: Effort
    targets: RateTargets
    limits: RateLimits
    hard: RateHard
    misses: RateMisses
    price: np.ndarray
    easiness: np.ndarray
    is_projected: bool
    residual: float

    @property
    def rows(self) -> csr_matrix:
        """Rows of the prices: targets, then limits over several cells."""
        return stack_rows([self.targets.rows.matrix, self.hard.matrix])

    @property
    def programs(self) -> Programs:
        """Every program solved, with its solution."""
        return (*self.hard.programs, *self.misses.programs)


def decide_rates(plan: Plan, value: np.ndarray) -> tuple[RateDecision, ...]:
    """Return the decision for each rate of a plan.

    Parameters
    ----------
    value : float64, shape (cells,), the planned volumes
    """
    return tuple(_decide(plan, rate, np.maximum(value[rate.cells], 0.0)) for rate in plan.rates)


def _decide(plan: Plan, rate: Rate, weight: np.ndarray) -> RateDecision:
    effort = effort_of(plan, rate, weight)
    targets, limits = target_rows(plan, rate, weight), limit_rows(plan, rate, weight)
    start = start_of(rate)
    hard = settle_limits(start, effort, weight, limits, plan.settings.solver)
    easiness = _easiness(effort, weight)
    nothing = np.zeros(len(targets))
    misses = RateMisses(nothing, nothing, np.clip(start, hard.lower, hard.upper), ())
    found = _equal_effort(start, easiness, hard, targets, misses, surely=False)
    if found.residual > GOOD:
        least, most = reach(start, effort, hard.lower, hard.upper)
        ground = Ground(start, easiness.max(axis=1) + _least_freedom(easiness), least, most)
        misses = find_rate_misses(targets, hard, ground, plan.settings)
        found = _equal_effort(start, easiness, hard, targets, misses, surely=True)
    is_projected = found.residual <= ACCEPTED
    value = np.clip(found.value if is_projected else misses.point, hard.lower, hard.upper)
    return RateDecision(
        rate, weight, start, value, effort, targets, limits, hard, misses,
        found.price if is_projected else np.zeros(len(found.price)), easiness, is_projected, found.residual,
    )  # fmt: skip


def _easiness(effort: Effort, weight: np.ndarray) -> np.ndarray:
    """Return gap / w per cell and direction, w in units of its mean: float64, shape (cells, 2)."""
    usual = float(weight[weight > 0].mean()) if (weight > 0).any() else 1.0
    moves = (effort.up > 0) | (effort.down > 0)
    per_weight = np.divide(usual, weight, out=np.zeros(len(weight)), where=moves)
    return np.column_stack([effort.up * per_weight, effort.down * per_weight])


def _least_freedom(easiness: np.ndarray) -> float:
    return 1e-6 * max(float(easiness.max(initial=0.0)), 1e-6)


@frozen
class _Found:
    """value : float64, shape (cells,); price : float64, shape (rows,); residual : of the rows."""

    value: np.ndarray
    price: np.ndarray
    residual: float


def _equal_effort(
    start: np.ndarray, easiness: np.ndarray, hard: RateHard, targets: RateTargets, misses: RateMisses, *, surely: bool
) -> _Found:
    """Return the rates of least effort that miss no more than said; prices of targets, then of limits.

    Parameters
    ----------
    surely : whether every means is tried; otherwise a search that is quick to give up
    """
    rows = stack_rows([targets.rows.matrix, hard.matrix])
    size = np.concatenate([targets.size, np.maximum(np.abs(_bound(hard)), 1e-3)])
    short, over = misses.short * targets.size, misses.over * targets.size
    lower = np.concatenate([np.where(targets.has_shortfall, targets.asked - short, -np.inf), hard.row_lower])
    upper = np.concatenate([np.where(targets.has_excess, targets.asked + over, np.inf), hard.row_upper])
    if surely:  # the point that reached the levels keeps its rows only to its solver's tolerance
        reached = rows @ np.clip(misses.point, hard.lower, hard.upper)
        lower, upper = np.minimum(lower, reached), np.maximum(upper, reached)
        is_equal = lower == upper
        lower = np.where(is_equal, lower, lower - _ROOM * size)
        upper = np.where(is_equal, upper, upper + _ROOM * size)
    per_size = 1 / size
    body = Polyhedron(scale_rows(rows, per_size), lower * per_size, upper * per_size, hard.lower, hard.upper)
    found = _by_directions(start, easiness, body, project if surely else try_project)
    if found.residual > GOOD and surely:
        found = min(found, _by_both_moves(start, easiness, body), key=lambda each: each.residual)
    return _Found(found.value, found.price * per_size, found.residual)


def _by_directions(
    start: np.ndarray,
    easiness: np.ndarray,
    body: Polyhedron,
    search: Callable[[np.ndarray, np.ndarray, Polyhedron], Projection],
) -> _Found:
    """Search with one scale per cell, that of the direction in which its rows push it; turn those that were wrong."""
    now = body.matrix @ np.clip(start, body.lower, body.upper)
    wanted = np.maximum(body.row_lower - now, 0.0) - np.maximum(now - body.row_upper, 0.0)
    goes_up = body.matrix.T @ wanted >= 0
    for _ in range(_TURNS):
        scale = np.where(goes_up, easiness[:, 0], easiness[:, 1])
        found = search(start, scale, body)
        push = body.matrix.T @ found.price
        wrong = ((push > 0) & ~goes_up) | ((push < 0) & goes_up)
        wrong &= np.abs(easiness @ [1.0, -1.0] * push) > _EXACT * np.maximum(np.abs(start), 1e-3)
        if not wrong.any():
            return _Found(found.point, found.price, found.residual)
        goes_up = goes_up ^ wrong
    return _Found(found.point, found.price, np.inf)


def _by_both_moves(start: np.ndarray, easiness: np.ndarray, body: Polyhedron) -> _Found:
    """Search with a column for the move up and one for the move down of every cell: r = start + up − down."""
    now = body.matrix @ start
    found = project(
        np.zeros(2 * len(start)),
        np.concatenate([easiness[:, 0], easiness[:, 1]]),
        Polyhedron(
            stack_blocks([[body.matrix, -body.matrix]]),
            body.row_lower - now,
            body.row_upper - now,
            np.concatenate([np.maximum(body.lower - start, 0.0), np.maximum(start - body.upper, 0.0)]),
            np.concatenate([np.maximum(body.upper - start, 0.0), np.maximum(start - body.lower, 0.0)]),
        ),
    )
    up, down = found.point[: len(start)], found.point[len(start) :]
    return _Found(start + up - down, found.price, found.residual)


def _bound(hard: RateHard) -> np.ndarray:
    return np.where(np.isfinite(hard.row_lower), hard.row_lower, hard.row_upper)
