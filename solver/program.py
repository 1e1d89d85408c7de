"""Linear programs and their solutions, as arrays.

Owns: the shape of a program. Always a minimum: senses that flip signs of prices are how wrong duals happen.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from solver.frozen import frozen
from solver.sparse import csc_matrix


class SolveStatus(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    TIME_LIMIT = "time limit"
    FAILED = "failed"


@frozen
class LinearProgram:
    """Minimise ``cost @ x`` under ``row_lower <= matrix @ x <= row_upper``, ``lower <= x <= upper``.

    cost, lower, upper : float64, shape (columns,); matrix : csc, shape (rows, columns)
    row_lower, row_upper : float64, shape (rows,); infinite where open
    """

    cost: np.ndarray
    matrix: csc_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        sizes = (len(self.cost), len(self.lower), len(self.upper), len(self.row_lower), len(self.row_upper))
        if sizes != (columns, columns, columns, rows, rows):
            raise ValueError(f"a program of {rows} rows and {columns} columns was given arrays of {sizes}")

    def column_units(self) -> np.ndarray:
        """Return what one unit of each column should be, so that its largest coefficient is about 1.

        Tolerances of a solver are absolute: a column that counts a hundred million items has reduced costs of
        1e-8, which a solver would take for none. Powers of 2, so that nothing is rounded.
        """
        if self.matrix.shape[0] == 0:
            return np.ones(self.matrix.shape[1])
        largest = np.asarray(abs(self.matrix).max(axis=0).todense()).ravel()
        return np.exp2(-np.round(np.log2(np.where(largest > 0, largest, 1.0))))


@frozen
class Solution:
    """A solver's answer; arrays are empty where it has none.

    value : shape (columns,); row_price, reduced_cost : d objective / d bound, shapes (rows,), (columns,)
    """

    status: SolveStatus
    objective: float
    value: np.ndarray
    row_price: np.ndarray
    reduced_cost: np.ndarray
    iterations: int = 0

    @property
    def is_optimal(self) -> bool:
        """Whether the solver claims the optimum; ``solver.proof`` says whether that is so."""
        return self.status is SolveStatus.OPTIMAL


class SolverFailedError(RuntimeError):
    """A solver gave no answer to a program that has one: nothing can be written."""


class SolverUnusableError(SolverFailedError):
    """A solver that somebody chose is not there, or does not solve: nothing can be written.

    name : as it was chosen; reason : what the solver says
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the solver {name} cannot be used: {reason}")
        self.name, self.reason = name, reason


def solved_in_time(solution: Solution) -> bool:
    """Return whether a program that has a solution was solved, False where time ran out.

    Raises
    ------
    SolverFailedError
        The solver calls the program infeasible or broke down. Programs here always have a solution, so this is
        a fault of ours or the solver's, not of the data.
    """
    if solution.status in (SolveStatus.OPTIMAL, SolveStatus.TIME_LIMIT):
        return solution.is_optimal
    raise SolverFailedError(f"the solver answered '{solution.status}' to a program that has a solution")
