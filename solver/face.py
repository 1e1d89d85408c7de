"""The optimal face of a linear program, and its point nearest to a centre: one answer where optima are many.

Owns: what makes an optimum unique, whichever optimal vertex a solver stops at.
"""

from __future__ import annotations

import numpy as np

from solver.memory import FORGETFUL, Memory
from solver.newton import SMALL
from solver.polyhedron import Polyhedron
from solver.program import LinearProgram, Solution
from solver.projection import project
from solver.sparse import csr_matrix

_PRICED = 1e-7
"""Part of the largest cost above which a price counts as not zero."""


_NOISE = 1e-11
"""Part of a number by which a solver leaves a bound for no reason."""


def priced(program: LinearProgram, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows and which columns have a price: bool, shapes (rows,), (columns,).

    They are at their bound in every optimum of the program (complementary slackness).
    """
    threshold = _PRICED * max(float(np.max(np.abs(program.cost), initial=0.0)), 1e-12)
    return (
        np.abs(solution.row_price) > threshold,
        np.abs(solution.reduced_cost) * program.column_units() > threshold,
    )


Tight = tuple[np.ndarray, np.ndarray]
"""Rows and columns held where a solution has them: bool, shapes (rows,), (columns,)."""


def optimal_face(
    program: LinearProgram, solution: Solution, also: Tight | None = None, part: np.ndarray | None = None
) -> Polyhedron:
    """Return all optima of a program: what is priced is tight (complementary slackness), the rest as it was.

    Parameters
    ----------
    also : what earlier programs are known to hold tight as well
    part : int64, shape (columns,), as in ``Polyhedron``

    Notes
    -----
    Any optimal prices describe the whole face (Goldman & Tucker, 1956). Tight bounds are taken from the
    solution itself, so that the face is never empty, but for a solver's noise in small programs.
    """
    activity, value = program.matrix @ solution.value, solution.value
    tight_row, tight_column = priced(program, solution)
    if also is not None:
        tight_row, tight_column = tight_row | also[0], tight_column | also[1]
    if len(value) <= SMALL:
        activity = _without_noise(activity, program.row_lower, program.row_upper)
        value = _without_noise(value, program.lower, program.upper)
    return Polyhedron(
        csr_matrix(program.matrix),
        np.where(tight_row, activity, np.minimum(program.row_lower, activity)),
        np.where(tight_row, activity, np.maximum(program.row_upper, activity)),
        np.where(tight_column, value, np.minimum(program.lower, value)),
        np.where(tight_column, value, np.maximum(program.upper, value)),
        part,
    )


def _without_noise(value: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return numbers with those that all but stand at a bound put there: where it ended hangs on a solver's way."""
    for bound in (lower, upper):
        finite = np.where(np.isfinite(bound), bound, np.inf)
        value = np.where(np.abs(value - finite) <= _NOISE * np.maximum(1.0, np.abs(value)), bound, value)
    return value


def nearest_on_optimal_face(
    program: LinearProgram,
    solution: Solution,
    centre: np.ndarray,
    scale: np.ndarray,
    also: Tight | None = None,
    memory: Memory = FORGETFUL,
    part: np.ndarray | None = None,
    near: str = "",
) -> np.ndarray:
    """Return the optimum nearest to a centre in the metric of ``scale``; the solver's own where none is found.

    Parameters
    ----------
    centre, scale : float64, shape (columns,), as in ``solver.projection.project``
    also, part : as in ``optimal_face``; memory, near : as in ``solver.projection.project``
    """
    found = project(centre, scale, optimal_face(program, solution, also, part), memory=memory, near=near)
    return found.point if found.is_accepted else solution.value
