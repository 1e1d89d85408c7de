"""By how much a polyhedron is empty: one program says at once what a search for its nearest point takes long to find.

Owns: that program.
"""

from __future__ import annotations

import numpy as np

from solver.matrices import stack_blocks
from solver.memory import FORGETFUL, Memory
from solver.polyhedron import Polyhedron, row_sizes
from solver.program import LinearProgram
from solver.proof import prove
from solver.solvers import solve
from solver.sparse import csc_matrix, csr_matrix

_PROVEN = 1e-9
"""Price on an open side up to which a proof is taken."""


def least_residual(body: Polyhedron, memory: Memory = FORGETFUL) -> float:
    """Return a residual that some row of a polyhedron is left by at any point, relative to its size; 0 where unknown.

    Parameters
    ----------
    memory : what was found in earlier runs
    """
    size, count = row_sizes(body), body.matrix.shape[1]
    low, high = np.flatnonzero(np.isfinite(body.row_lower)), np.flatnonzero(np.isfinite(body.row_upper))
    matrix = stack_blocks([
        [body.matrix[low], csr_matrix(size[low][:, None])],
        [body.matrix[high], csr_matrix(-size[high][:, None])],
    ])  # fmt: skip
    program = LinearProgram(
        np.append(np.zeros(count), 1.0),
        csc_matrix(matrix),
        np.concatenate([body.row_lower[low], np.full(len(high), -np.inf)]),
        np.concatenate([np.full(len(low), np.inf), body.row_upper[high]]),
        np.append(body.lower, 0.0),
        np.append(body.upper, np.inf),
    )
    solution = solve(program, memory=memory)
    if not solution.is_optimal:
        return 0.0
    proof = prove(program, solution)
    return max(solution.objective - proof.gap, 0.0) if proof.dual <= _PROVEN else 0.0
