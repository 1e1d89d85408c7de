"""Rounding programs: every column 0 or 1. A flow has whole corners; anything else is searched, within bounds.

Owns: how far that search goes, so that it ends in the same place on any machine.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from solver.highs import solve
from solver.program import LinearProgram

NODES = 200
"""Branches the search may take: a count, not a time, so that the answer does not hang on the machine."""

_LARGEST = 20_000  # columns above which no search is tried
_WHOLE = 1e-6


def round_to_units(program: LinearProgram, *, is_flow: bool) -> np.ndarray | None:
    """Return whole values of a program of columns between 0 and 1, or None where none were found.

    Parameters
    ----------
    is_flow : whether the rows are two nested families, so that a corner is whole
    """
    if not is_flow:
        return _searched(program)
    solution = solve(program)
    if not solution.is_optimal:
        return None
    nearest = np.rint(solution.value)
    if np.abs(solution.value - nearest).max(initial=0.0) <= _WHOLE:
        return np.asarray(nearest)
    return _searched(program)


def _searched(program: LinearProgram) -> np.ndarray | None:
    if len(program.cost) > _LARGEST:
        return None
    found = milp(
        program.cost,
        integrality=np.ones(len(program.cost), dtype=np.int64),
        bounds=Bounds(program.lower, program.upper),
        constraints=LinearConstraint(program.matrix, program.row_lower, program.row_upper),
        options={"node_limit": NODES, "mip_rel_gap": 1e-3},
    )
    return None if found.x is None else np.asarray(np.rint(found.x))
