"""Proof that a solution is optimal: primal and dual feasibility and the gap, from the arrays alone.

Owns: not trusting a solver's word.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.program import LinearProgram, Solution

_NOISE = 1e-9
"""Gap from which on columns are bounded by their rows."""

_TRIED = 12
"""Multiples of prices that are tried at most: any of them proves something."""


@frozen
class OptimalityProof:
    """How far an answer is from being provably optimal.

    primal : largest violation of a row or bound, relative to max(1, |bound|)
    dual : largest price on a side that is open, in cost per unit of the row or column
        (columns counted in their units, see ``LinearProgram.column_units``)
    gap : primal minus dual objective, relative to max(1, |objective|)
    """

    primal: float
    dual: float
    gap: float


def prove(program: LinearProgram, solution: Solution) -> OptimalityProof:
    """Return the proof of a solution: weak duality holds for any prices, so a small gap is the optimum.

    Notes
    -----
    Dual objective: Σ_rows price⁺·lower − price⁻·upper + Σ_columns the same with the reduced costs
    ``cost − matrixᵀ price``, computed anew. Where that leaves a gap, columns are bounded by their rows as well, which
    takes no plan away: where nobody has an hour, what a solver's noise pays for is none.
    """
    units = program.column_units()
    activity = program.matrix @ solution.value
    primal = max(
        _violation(activity, program.row_lower, program.row_upper),
        _violation(solution.value / units, program.lower / units, program.upper / units),
    )
    reduced = program.cost - program.matrix.T @ solution.row_price
    row_part, row_open = _dual_part(solution.row_price, program.row_lower, program.row_upper)
    column_part, column_open = _dual_part(reduced * units, program.lower / units, program.upper / units)
    objective = float(program.cost @ solution.value)
    gap = (objective - row_part - column_part) / max(1.0, abs(objective))
    if abs(gap) > _NOISE:
        upper = np.minimum(program.upper, _most(program))
        column_part, column_open = _dual_part(reduced * units, program.lower / units, upper / units)
        gap = (objective - row_part - column_part) / max(1.0, abs(objective))
    return OptimalityProof(primal, max(row_open, column_open), abs(gap))


def least_by(program: LinearProgram, price: np.ndarray) -> float:
    """Return what prices prove: no plan of a program costs less (weak duality holds for any); −inf where nothing.

    price : float64, shape (rows,); what presses on an open side counts as none

    Notes
    -----
    Multiples of the prices are tried, those at which a column begins to pay: where misses rise in segments, a smaller
    one has a smaller price.
    """
    is_open = ~np.isfinite(np.where(price > 0, program.row_lower, program.row_upper))
    price = np.where(is_open, 0.0, price)
    bound = np.where(price > 0, program.row_lower, np.where(price < 0, program.row_upper, 0.0))
    paid, at_rows = program.matrix.T @ price, float(price @ bound)
    upper = np.minimum(program.upper, _most(program))
    least = -np.inf
    pays = (program.cost > 0) & (paid > 0)
    times = np.unique(np.append(1.0, np.round(program.cost[pays] / paid[pays], 12)))
    for part in times[np.linspace(0, len(times) - 1, min(len(times), _TRIED)).astype(np.int64)].tolist():
        reduced = program.cost - part * paid
        at = np.where(reduced > 0, program.lower, np.where(reduced < 0, upper, 0.0))
        if np.isfinite(at).all():
            least = max(least, part * at_rows + float(reduced @ at))
    return least


def _most(program: LinearProgram) -> np.ndarray:
    """Return what each column can be at most by rows without a negative entry, where no column is below 0."""
    matrix, count = program.matrix, np.diff(program.matrix.indptr)
    rises = np.bincount(matrix.indices, matrix.data < 0, matrix.shape[0]) == 0
    ceiling = np.where(rises & (program.lower.min(initial=0.0) >= 0), program.row_upper, np.inf)
    entries = np.where(matrix.data > 0, ceiling[matrix.indices], np.inf) / np.where(matrix.data > 0, matrix.data, 1.0)
    most = np.full(len(count), np.inf)
    most[count > 0] = np.minimum.reduceat(entries, matrix.indptr[:-1][count > 0]) if len(entries) else np.inf
    return most


def _violation(value: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> float:
    over = np.maximum(lower - value, value - upper)
    size = np.maximum(1.0, np.abs(np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0))))
    return float(np.max(over / size, initial=0.0))


def _dual_part(price: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[float, float]:
    """Return Σ of price × the bound it presses on, and the largest price that presses on an open side."""
    bound = np.where(price > 0, lower, upper)
    is_open = ~np.isfinite(bound)
    part = float(np.sum(np.where(is_open, 0.0, price * np.where(is_open, 0.0, bound))))
    return part, float(np.max(np.abs(price[is_open]), initial=0.0))
