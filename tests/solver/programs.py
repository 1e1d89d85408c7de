"""Random linear programs for solver tests."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_matrix, random_array

from solver.program import LinearProgram


def random_program(seed: int, rows: int = 12, columns: int = 20) -> LinearProgram:
    """Return a feasible, bounded program: equalities, ranges, open sides, fixed and free columns."""
    rng = np.random.default_rng(seed)
    matrix = csc_matrix(random_array((rows, columns), density=0.4, rng=rng, data_sampler=rng.standard_normal))
    inside = rng.uniform(-3, 3, columns)
    lower, upper = inside - rng.uniform(0, 2, columns), inside + rng.uniform(0, 2, columns)
    upper[:2] = lower[:2] = inside[:2]
    activity = matrix @ inside
    low, high = activity - rng.uniform(0, 1, rows), activity + rng.uniform(0, 1, rows)
    low[:3] = high[:3] = activity[:3]
    low[3:6], high[6:9] = -np.inf, np.inf
    return LinearProgram(rng.standard_normal(columns), matrix, low, high, lower, upper)


def names(program: LinearProgram) -> tuple[list[str], list[str]]:
    """Return plain names of columns and rows."""
    rows, columns = program.matrix.shape
    return [f"x{at}" for at in range(columns)], [f"r{at}" for at in range(rows)]
