"""What no target of a rate may break: Floor and Ceiling never give way, limits by as little as possible.

Owns: the least breach of a rate's limits, unique, and the bounds and rows that hold from then on.
"""

from __future__ import annotations

import numpy as np

from engine.rates.rows import Effort, RateLimits
from solver.face import nearest_on_optimal_face
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks, unit
from solver.program import LinearProgram, Solution, solved_in_time
from solver.solvers import solve
from solver.sparse import csc_matrix, csr_matrix

NEGLIGIBLE = 1e-9
"""Part of a limit's size below which a breach is rounding."""

_ROOM = 1e-8  # part of a limit's size by which limits are loosened once some have given way

Programs = tuple[tuple[LinearProgram, Solution], ...]


@frozen
class RateHard:
    """What holds: bounds of cells, rows over several cells; breaches of all limits, in the rate's unit.

    lower, upper : float64, shape (cells,)
    matrix, row_lower, row_upper : limits over several cells; limit_of_row : their positions in RateLimits
    breach : float64, shape (limits,)
    """

    lower: np.ndarray
    upper: np.ndarray
    matrix: csr_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    limit_of_row: np.ndarray
    breach: np.ndarray
    programs: Programs


def settle_limits(start: np.ndarray, effort: Effort, weight: np.ndarray, limits: RateLimits, solver: str) -> RateHard:
    """Return the bounds and rows that hold, limits relaxed by the least breach where they contradict.

    Parameters
    ----------
    start : float64, shape (cells,), where cells start from
    weight : float64, shape (cells,), planned items
    solver : a name of ``solver.solvers.NAMES``
    """
    alone = limits.rows.covers_one_cell
    below, above = np.zeros(len(limits.rows)), np.zeros(len(limits.rows))
    programs: Programs = ()
    least, most = reach_within_limits(start, effort, limits)
    if not _are_kept(limits, least, most):
        below, above, programs = _least_breach(start, effort, weight, limits, solver)
    gave_way = bool((below > 0).any() or (above > 0).any())
    room = _ROOM * _size(limits) if gave_way else 0.0
    lower, upper = limits.lower - below - room, limits.upper + above + room
    cells = limits.rows.matrix[alone].indices
    low, high = effort.floor.copy(), effort.ceiling.copy()
    np.maximum.at(low, cells, lower[alone])
    np.minimum.at(high, cells, upper[alone])
    # equal but for rounding once breaches are taken off; Floor and Ceiling stay
    low = np.minimum(np.maximum(low, effort.floor), effort.ceiling)
    high = np.clip(np.maximum(high, low), effort.floor, effort.ceiling)
    several = np.flatnonzero(~alone)
    return RateHard(
        low, high, limits.rows.matrix[several], lower[several], upper[several], several, below + above, programs
    )


def _size(limits: RateLimits) -> np.ndarray:
    bound = np.where(np.isfinite(limits.lower), limits.lower, limits.upper)
    return np.maximum(np.abs(bound), 1e-3)


def reach(start: np.ndarray, effort: Effort, lower: np.ndarray, upper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return between which values cells can be: those that do not move stay, but for their own bounds."""
    least = np.where(effort.down > 0, lower, np.clip(start, lower, upper))
    most = np.where(effort.up > 0, upper, np.clip(start, lower, upper))
    return np.minimum(least, most), np.maximum(least, most)


def reach_within_limits(start: np.ndarray, effort: Effort, limits: RateLimits) -> tuple[np.ndarray, np.ndarray]:
    """Return the same within Floor and Ceiling, where a cell's own limits may move it as far as they ask."""
    least, most = reach(start, effort, effort.floor, effort.ceiling)
    alone = limits.rows.covers_one_cell
    cells, low, high = limits.rows.matrix[alone].indices, limits.lower[alone], limits.upper[alone]
    np.maximum.at(most, cells, np.clip(low, -np.inf, effort.ceiling[cells]))
    np.minimum.at(least, cells, np.clip(high, effort.floor[cells], np.inf))
    return least, most


def _are_kept(limits: RateLimits, least: np.ndarray, most: np.ndarray) -> bool:
    """Whether cells' own limits can be kept and no row over several has a say: found without a program."""
    alone = limits.rows.covers_one_cell
    if not alone.all():
        return False
    cells = limits.rows.matrix.indices
    low, high = least.copy(), most.copy()
    np.maximum.at(low, cells, limits.lower)
    np.minimum.at(high, cells, limits.upper)
    return bool((low <= high).all())


def _least_breach(
    start: np.ndarray, effort: Effort, weight: np.ndarray, limits: RateLimits, solver: str
) -> tuple[np.ndarray, np.ndarray, Programs]:
    """Minimise Σ_r W_r (below_r + above_r), lower ≤ limits · r + below − above ≤ upper."""
    size = _size(limits)
    count, n_cells = len(limits.rows), len(start)
    matrix = scale_rows(limits.rows.matrix, 1 / size)
    least, most = reach_within_limits(start, effort, limits)
    usual = max(float(weight.mean()), 1e-12) if n_cells else 1.0
    price = np.maximum(limits.rows.weight, 1e-3 * usual) * size
    program = LinearProgram(
        np.concatenate([np.zeros(n_cells), price, price]) / max(float(price.max(initial=0.0)), 1e-300),
        csc_matrix(stack_blocks([[matrix, unit(count), -unit(count)]])),
        limits.lower / size,
        limits.upper / size,
        np.concatenate([least, np.zeros(2 * count)]),
        np.concatenate([most, np.full(2 * count, np.inf)]),
    )
    solution = solve(program, solver)
    solved_in_time(solution)
    breach = solution.value[n_cells:]
    if solution.objective > NEGLIGIBLE:
        centre = np.concatenate([np.clip(start, least, most), np.zeros(2 * count)])
        scale = np.concatenate([_freedom(effort, weight), 1e-3 / np.concatenate([price, price])])
        breach = nearest_on_optimal_face(program, solution, centre, scale)[n_cells:]
    breach = np.where(breach > NEGLIGIBLE, breach, 0.0)
    return breach[:count] * size, breach[count:] * size, ((program, solution),)


def _freedom(effort: Effort, weight: np.ndarray) -> np.ndarray:
    """Return how easily cells move, as a scale: float64, shape (cells,)."""
    room = np.maximum(effort.up, effort.down)
    room = np.where(room > 0, room, 1e-3)
    usual = max(float(weight.mean()), 1e-12)
    return np.asarray(room / np.maximum(weight, 1e-3 * usual))
