"""Rounding programs: every column 0 or 1. A flow has whole corners; anything else is searched, within bounds.

Owns: how far that search goes, so that it ends in the same place on any machine.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.highs import solve_network
from solver.program import LinearProgram

NODES = 200
"""Branches the search may take: a count, not a time, so that the answer does not hang on the machine."""

MOST_SEARCHED = 20_000
"""Whole columns above which no search is tried."""

_WHOLE = 1e-6


def round_to_units(program: LinearProgram, n_whole: int, sums: np.ndarray | None = None) -> np.ndarray | None:
    """Return the values of a program's columns, the first of them whole, or None where none were found.

    Parameters
    ----------
    n_whole : how many columns, the first, must be whole; where they are, so are the others
    sums : int64, shape (rows,), the columns of what the rows add up, where these are two nested families, so that a
        corner is whole; None where they are not
    """
    if sums is None:
        return _searched(program, n_whole)
    solution = solve_network(program, sums)
    if not solution.is_optimal:
        return None
    nearest = _whole(solution.value)
    return _searched(program, n_whole) if nearest is None else nearest


@frozen
class Flow:
    """A flow in whole numbers.

    value : float64, shape (columns,); price : float64, shape (rows,); basic : int64, the columns of its basis
    """

    value: np.ndarray
    price: np.ndarray
    basic: np.ndarray


def round_flow(program: LinearProgram, first: np.ndarray) -> Flow | None:
    """Return the cheapest whole values of a flow's columns, None where it has none.

    Parameters
    ----------
    first : as in ``solver.highs.solve_network``
    """
    solution = solve_network(program, first)
    value = _whole(solution.value) if solution.is_optimal else None
    if value is None:
        return None
    return Flow(value, solution.row_price, np.flatnonzero(solution.reduced_cost == 0))


def _whole(value: np.ndarray) -> np.ndarray | None:
    """Return values as whole numbers; None where some are none."""
    nearest = np.rint(value)
    return np.asarray(nearest) if np.abs(value - nearest).max(initial=0.0) <= _WHOLE else None


def _searched(program: LinearProgram, n_whole: int) -> np.ndarray | None:
    if n_whole > MOST_SEARCHED:
        return None
    from scipy.optimize import Bounds, LinearConstraint, milp  # a third of all start-up, and seldom needed

    found = milp(
        program.cost,
        integrality=(np.arange(len(program.cost)) < n_whole).astype(np.int64),
        bounds=Bounds(program.lower, program.upper),
        constraints=LinearConstraint(program.matrix, program.row_lower, program.row_upper),
        options={"node_limit": NODES, "mip_rel_gap": 1e-3},
    )
    return None if found.x is None else np.asarray(np.rint(found.x))
