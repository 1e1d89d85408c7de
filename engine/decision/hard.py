"""Hard rows: capacity never gives way; limits that contradict it or each other give way by the least hours.

Owns: the least total breach, unique and named, and the bounds that hold from then on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.formulation.problem import Problem, row_means
from solver.face import nearest_on_optimal_face
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks, stack_rows, unit
from solver.memory import FORGETFUL, Memory
from solver.program import LinearProgram, Solution, solved_in_time
from solver.solvers import solve
from solver.sparse import csc_matrix, csr_matrix

NEGLIGIBLE = 1e-9
"""Part of a limit's size below which a breach is rounding."""

_SLACK = 1e-8
"""Part of a limit's size by which all limits are loosened once some have given way: later programs need room."""


@frozen
class Hard:
    """What no step may break.

    lower, upper : float64, shape (cells,)
    matrix, row_lower, row_upper : capacity rows, then limits over several cells; scaled to a size of 1
    n_capacity : how many of the rows are capacity; limit_of_row : for the others, position in LimitRows
    breach_below, breach_above : float64, shape (limit rows,), items by which each limit gave way
    """

    lower: np.ndarray
    upper: np.ndarray
    matrix: csr_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    n_capacity: int
    limit_of_row: np.ndarray
    breach_below: np.ndarray
    breach_above: np.ndarray
    programs: tuple[tuple[LinearProgram, Solution], ...]


def settle_hard_rows(problem: Problem, memory: Memory = FORGETFUL) -> Hard:
    """Return the hard rows, limits relaxed by the least total breach in hours where they contradict."""
    limits = problem.limits
    below, above = np.zeros(len(limits.lower)), np.zeros(len(limits.lower))
    programs: tuple[tuple[LinearProgram, Solution], ...] = ()
    if (limits.lower > 0).any() and not is_kept_by_least(problem):
        below, above, programs = _least_breach(problem, memory)
    gave_way = bool((below > 0).any() or (above > 0).any())
    room = _SLACK * _limit_size(problem) if gave_way else 0.0
    lower, upper = np.maximum(limits.lower - below - room, 0.0), limits.upper + above + room
    single = limits.covers_one_cell
    cell_lower, cell_upper = _cell_bounds(problem, lower[single], upper[single], single)
    several = np.flatnonzero(~single)
    size = _limit_size(problem)[several]
    capacity = problem.capacity
    matrix = stack_rows([scale_rows(capacity.matrix, 1 / capacity.size), scale_rows(limits.matrix[several], 1 / size)])
    return Hard(
        cell_lower,
        cell_upper,
        matrix,
        np.concatenate([np.full(len(capacity.there), -np.inf), lower[several] / size]),
        np.concatenate([capacity.there / capacity.size, upper[several] / size]),
        len(capacity.there),
        several,
        below,
        above,
        programs,
    )


def gave_way(hard: Hard) -> bool:
    """Whether any limit gave way."""
    return bool((hard.breach_below > 0).any() or (hard.breach_above > 0).any())


def with_limits_as_kept(problem: Problem, hard: Hard) -> Problem:
    """Return a problem whose limits ask for no more than the hard rows keep of them."""
    if not gave_way(hard):
        return problem
    limits, room = problem.limits, _SLACK * _limit_size(problem)
    lower = np.maximum(limits.lower - hard.breach_below - room, 0.0)
    return replace(problem, limits=replace(limits, lower=lower, upper=limits.upper + hard.breach_above + room))


def _limit_size(problem: Problem) -> np.ndarray:
    limits = problem.limits
    bound = np.where(limits.lower > 0, limits.lower, np.where(np.isfinite(limits.upper), limits.upper, 0))
    return np.maximum(bound, 1.0)


def is_kept_by_least(problem: Problem) -> bool:
    """Whether every cell at its own minimum, else 0, keeps all rows: the usual case, found without a program."""
    limits = problem.limits
    single = limits.covers_one_cell
    if (limits.lower[~single] > 0).any():
        return False
    lower, upper = np.zeros(len(problem.fair.value)), np.full(len(problem.fair.value), np.inf)
    cells = limits.matrix[single].indices
    np.maximum.at(lower, cells, limits.lower[single])
    np.minimum.at(upper, cells, limits.upper[single])
    capacity, several = problem.capacity, ~single
    return bool(
        (lower <= upper).all()
        and (capacity.matrix @ lower <= capacity.there).all()
        and (limits.matrix[several] @ lower <= limits.upper[several]).all()
    )


def _cell_bounds(
    problem: Problem, lower: np.ndarray, upper: np.ndarray, single: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    cells = problem.limits.matrix[single].indices
    n_cells = len(problem.fair.value)
    low, high = np.zeros(n_cells), np.full(n_cells, np.inf)
    np.maximum.at(low, cells, lower)
    np.minimum.at(high, cells, upper)
    low = np.maximum(low, 0.0)
    high = np.maximum(high, low)  # equal but for rounding once breaches are taken off
    fixed = problem.fair.scale <= 0  # an explicit 0 stays 0
    return low, np.where(fixed, np.minimum(np.maximum(problem.fair.value, low), high), high)


def _least_breach(
    problem: Problem, memory: Memory
) -> tuple[np.ndarray, np.ndarray, tuple[tuple[LinearProgram, Solution], ...]]:
    """Minimise Σ_r h̄_r (below_r + above_r), capacity · x ≤ hours, lower ≤ limits · x + below − above ≤ upper."""
    limits, capacity, fair = problem.limits, problem.capacity, problem.fair
    n_cells, n_limits = len(fair.value), len(limits.lower)
    size = _limit_size(problem)
    eye = unit(n_limits)
    matrix = stack_blocks(
        [[scale_rows(capacity.matrix, 1 / capacity.size), None, None], [scale_rows(limits.matrix, 1 / size), eye, -eye]]
    )
    price = row_means(limits.matrix, fair) * size
    cost = np.concatenate([np.zeros(n_cells), price, price]) / max(float(price.max()), 1e-12)
    movable = np.where(fair.scale > 0, np.inf, np.where(_has_minimum(problem), np.inf, np.maximum(fair.value, 0.0)))
    program = LinearProgram(
        cost,
        csc_matrix(matrix),
        np.concatenate([np.full(len(capacity.there), -np.inf), limits.lower / size]),
        np.concatenate([capacity.there / capacity.size, limits.upper / size]),
        np.zeros(n_cells + 2 * n_limits),
        np.concatenate([movable, np.full(2 * n_limits, np.inf)]),
    )
    solution = solve(program, problem.plan.settings.solver, memory=memory)
    solved_in_time(solution)
    breach = solution.value[n_cells:]
    if solution.objective > NEGLIGIBLE:
        centre = np.concatenate([fair.value, np.zeros(2 * n_limits)])
        scale = np.concatenate([fair.scale / fair.hours, 1e-3 * np.concatenate([1 / price, 1 / price])])
        breach = nearest_on_optimal_face(program, solution, centre, scale, memory=memory)[n_cells:]
    breach = np.where(breach > NEGLIGIBLE, breach, 0.0)
    below, above = breach[:n_limits] * size, breach[n_limits:] * size
    return below, above, ((program, solution),)


def _has_minimum(problem: Problem) -> np.ndarray:
    limits = problem.limits
    single = limits.covers_one_cell & (limits.lower > 0)
    has = np.zeros(len(problem.fair.value), dtype=bool)
    has[limits.matrix[single].indices] = True
    return has
