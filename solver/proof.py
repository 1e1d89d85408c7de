"""Proof that a solution is optimal: primal and dual feasibility and the gap, from the arrays alone.

Owns: not trusting a solver's word.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.program import LinearProgram, Solution


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
    ``cost − matrixᵀ price``, computed anew.
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
    return OptimalityProof(primal, max(row_open, column_open), abs(gap))


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
