"""Other solvers by way of PuLP: the same programs, a second opinion.

Owns: PuLP's classes by name, and the translation of programs and answers.
Six to ten times slower than arrays, so HiGHS is never called this way. PuLP's sense is always to minimise: its prices
have been seen with wrong signs when maximising.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pulp

from solver.face import priced
from solver.polyhedron import Polyhedron
from solver.program import LinearProgram, Solution, SolverUnusableError, SolveStatus
from solver.projection import GOOD, project
from solver.silence import silence
from solver.solvers import NOT_THERE
from solver.sparse import csc_matrix, csr_matrix

_OPTIONS: dict[str, dict[str, Any]] = {
    "PULP_CBC_CMD": {"options": ["primalT 1e-9", "dualT 1e-9"]},
    "COIN_CMD": {"options": ["primalT 1e-9", "dualT 1e-9"]},
    "GUROBI": {"FeasibilityTol": 1e-9, "OptimalityTol": 1e-9, "Threads": 1},
}
"""Options by PuLP's name of a solver: as tight as the programs are scaled for."""

_SHARP = 1e-12
"""Part of a row by which a sharpened answer may still be off."""

_CLASSES: dict[str, tuple[str, ...]] = {
    "cbc": ("PULP_CBC_CMD", "COIN_CMD"),
    "gurobi": ("GUROBI",),
    "cplex": ("CPLEX_PY", "CPLEX_CMD"),
    "xpress": ("XPRESS_PY",),
    "mosek": ("MOSEK",),
    "copt": ("COPT",),
}
"""Our name → PuLP's names, the first that is there is taken. All of them bring prices."""


class PulpSession:
    """A program held by PuLP and solved anew each time, with a solver from the list of names."""

    def __init__(self, program: LinearProgram, name: str) -> None:
        self.program = program
        self._name = name
        self._model = _Model(program)

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace all costs."""
        self.program = replace(self.program, cost=np.asarray(cost, np.float64))
        self._model.set_costs(self.program.cost)

    def set_bounds(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace all column bounds."""
        self.program = replace(self.program, lower=np.asarray(lower, np.float64), upper=np.asarray(upper, np.float64))
        self._model.set_bounds(self.program.lower, self.program.upper)

    def solve(self, time_limit_s: float | None = None, *, may_begin_anew: bool = True) -> Solution:
        """Solve the program as it is now.

        Raises
        ------
        SolverUnusableError
            The solver is not there, or refuses: no licence, or one for smaller programs.
        """
        del may_begin_anew  # it does so each time
        if time_limit_s is not None and time_limit_s <= 0:
            return _nothing(SolveStatus.TIME_LIMIT)
        status = self._model.by_hand(self.program)
        if status is SolveStatus.OPTIMAL and self._model.has_rows:
            status = _call(self._name, self._model.problem, time_limit_s)
        if status is not SolveStatus.OPTIMAL:
            return _nothing(status)
        value, row_price, reduced_cost = self._model.answer(self.program)
        answer = Solution(status, float(self.program.cost @ value), value, row_price, reduced_cost)
        return _sharpened(self.program, answer)


def _nothing(status: SolveStatus) -> Solution:
    none = np.zeros(0)
    return Solution(status, np.nan, none, none, none)


class _Model:
    """A program as PuLP's variables and constraints, columns in their units; a row with two ends is two constraints.

    Columns and rows without entries are settled here: not every format of a file has a place for them.
    """

    def __init__(self, program: LinearProgram) -> None:
        self.problem = pulp.LpProblem("plan", pulp.LpMinimize)
        self._units = program.column_units()
        self._columns = [self.problem.add_variable(f"x{at}") for at in range(len(self._units))]
        self._rows: list[tuple[int, pulp.LpConstraint]] = []
        matrix = csr_matrix(program.matrix)
        matrix.eliminate_zeros()
        self._in_a_row = np.bincount(matrix.indices, minlength=len(self._units)) > 0
        self._empty_rows = np.diff(matrix.indptr) == 0
        self.set_bounds(program.lower, program.upper)
        self.set_costs(program.cost)
        for row in np.flatnonzero(~self._empty_rows).tolist():
            entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
            columns = matrix.indices[entries]
            coefficients = (matrix.data[entries] * self._units[columns]).tolist()
            terms = {self._columns[at]: value for at, value in zip(columns, coefficients, strict=True)}
            self._add_row(row, terms, (float(program.row_lower[row]), float(program.row_upper[row])))

    def _add_row(self, row: int, terms: dict[Any, float], bounds: tuple[float, float]) -> None:
        low, high = bounds
        both = ((pulp.LpConstraintGE, low), (pulp.LpConstraintLE, high))
        for sense, side in ((pulp.LpConstraintEQ, low),) if low == high else both:
            if np.isfinite(side):
                name = f"r{row}_{'most' if sense == pulp.LpConstraintLE else 'least'}"
                constraint = pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, name, side)
                self.problem.addConstraint(constraint)
                self._rows.append((row, constraint))

    def set_costs(self, cost: np.ndarray) -> None:
        costs = np.where(self._in_a_row, cost * self._units, 0).tolist()
        terms = {column: value for column, value in zip(self._columns, costs, strict=True) if value}
        self.problem.setObjective(pulp.LpAffineExpression(terms))

    def set_bounds(self, lower: np.ndarray, upper: np.ndarray) -> None:
        lows, highs = (lower / self._units).tolist(), (upper / self._units).tolist()
        for column, low, high in zip(self._columns, lows, highs, strict=True):
            column.lowBound = low if np.isfinite(low) else None
            column.upBound = high if np.isfinite(high) else None

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to ask a solver."""
        return bool(self._rows)

    def by_hand(self, program: LinearProgram) -> SolveStatus:
        """Return whether what PuLP is not given has an optimum."""
        low, high = program.row_lower[self._empty_rows], program.row_upper[self._empty_rows]
        if not ((low <= 0) & (high >= 0)).all():
            return SolveStatus.INFEASIBLE
        return SolveStatus.OPTIMAL if np.isfinite(_at_rest(program)[~self._in_a_row]).all() else SolveStatus.FAILED

    def answer(self, program: LinearProgram) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return values, row prices and reduced costs, as in ``Solution``."""
        value = np.array([column.varValue or 0.0 for column in self._columns]) * self._units
        reduced = np.array([column.dj or 0.0 for column in self._columns]) / self._units
        price = np.zeros(len(self._empty_rows))
        for row, constraint in self._rows:
            price[row] += constraint.pi or 0.0
        given = self._in_a_row
        # printed answers are rounded, and may lie outside by the last digit
        value = np.clip(np.where(given, value, _at_rest(program)), program.lower, program.upper)
        return value, price, np.where(given, reduced, program.cost)


def _at_rest(program: LinearProgram) -> np.ndarray:
    """Return where the columns' own costs press them; without a cost, as near to 0 as their bounds allow."""
    nearest = np.clip(0.0, program.lower, program.upper)
    return np.where(program.cost > 0, program.lower, np.where(program.cost < 0, program.upper, nearest))


def _sharpened(program: LinearProgram, answer: Solution) -> Solution:
    """Return an answer to full precision: CBC prints eight digits, and misses are judged by the eighth.

    What has a price is at its bound; the nearest such point that keeps all rows is the one that was printed.
    """
    rows, columns = priced(program, answer)
    row_lower, row_upper = _at_bound(rows, answer.row_price, program.row_lower, program.row_upper)
    lower, upper = _at_bound(columns, answer.reduced_cost, program.lower, program.upper)
    face = Polyhedron(csr_matrix(program.matrix), row_lower, row_upper, lower, upper)
    found = project(answer.value, program.column_units() ** 2, face, _SHARP)
    if found.residual > GOOD:
        return answer
    return replace(answer, value=found.point, objective=float(program.cost @ found.point))


def _at_bound(
    tight: np.ndarray, price: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    pressed = np.where(price > 0, lower, upper)
    held = tight & np.isfinite(pressed)
    return np.where(held, pressed, lower), np.where(held, pressed, upper)


_STATUS = {
    pulp.LpStatusOptimal: SolveStatus.OPTIMAL,
    pulp.LpStatusInfeasible: SolveStatus.INFEASIBLE,
    pulp.LpStatusUnbounded: SolveStatus.FAILED,
    pulp.LpStatusUndefined: SolveStatus.FAILED,
}


def _call(name: str, problem: pulp.LpProblem, time_limit_s: float | None) -> SolveStatus:
    with silence():
        found = _find(name, time_limit_s)
    if found is None:
        raise SolverUnusableError(name, NOT_THERE)
    try:
        # a solver that fails leaves the files by which PuLP talks to it
        with silence(), TemporaryDirectory(prefix="targets-", ignore_cleanup_errors=True) as folder:
            found.tmpDir = folder
            status = problem.solve(found)
    except Exception as failed:  # each product raises errors of its own, and there is nothing else to do with them
        raise SolverUnusableError(name, str(failed).strip() or type(failed).__name__) from failed
    if problem.sol_status == pulp.LpSolutionIntegerFeasible or status == pulp.LpStatusNotSolved:
        return SolveStatus.TIME_LIMIT if time_limit_s is not None else SolveStatus.FAILED
    return _STATUS.get(status, SolveStatus.FAILED)


def _find(name: str, time_limit_s: float | None) -> pulp.LpSolver | None:
    """Return PuLP's solver of a name, the first of its classes that is there."""
    for kind in _CLASSES[name]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # the CBC that PuLP brings along leaves with PuLP 4
            found = pulp.getSolver(kind, msg=False, timeLimit=time_limit_s, **_OPTIONS.get(kind, {}))
        if found.available():
            return found
    return None


def trouble_with(name: str) -> str:
    """Return why a solver does not answer a program of one row: minimise x + 2y, x + y ≥ 3, x ≤ 2; "" where it does."""
    ask = LinearProgram(
        np.array([1.0, 2.0]),
        csc_matrix(np.array([[1.0, 1.0]])),
        np.array([3.0]),
        np.array([np.inf]),
        np.zeros(2),
        np.array([2.0, np.inf]),
    )
    try:
        solution = PulpSession(ask, name).solve()
    except SolverUnusableError as unusable:
        return unusable.reason
    if not solution.is_optimal:
        return f"it answered “{solution.status}” to a program that has an optimum"
    expected = (solution.value, [2.0, 1.0]), (solution.row_price, [2.0]), (solution.reduced_cost, [-1.0, 0.0])
    wrong = any(not np.allclose(found, right, atol=1e-6) for found, right in expected)
    return "it answered a program of one row wrongly, or without prices" if wrong else ""
