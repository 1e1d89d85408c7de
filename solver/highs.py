"""HiGHS from arrays, one program changed step by step.

Owns: options, warm starts, the translation of HiGHS' statuses.
One thread and no presolve: as fast here, and repeatable. A small program starts with the dual simplex, a large one
with the interior point method and its crossover to a basis (six times faster at 100,000 columns); from then on costs
change and the last plan stays feasible, which is what the primal simplex is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import highspy
import numpy as np

from solver.memory import Arrays
from solver.program import LinearProgram, Solution, SolveStatus
from solver.silence import silence

FEASIBILITY = 1e-9
"""Primal and dual feasibility tolerance, on rows scaled to a size of 1."""

_FINE_COLUMNS = 3_000
_FINER = 2.0**10
"""Times by which all is counted finer in programs of up to so many columns, which makes the tolerance so much smaller:
rows that leave a thousand millionth of room would else end anywhere in it. Large programs would take too long."""

LARGE = 20_000
"""Columns above which a first solve is by interior point."""

_DEARER = 4096.0
"""Times by which costs of flows are larger: what counts as no cost is so much less."""

_DUAL, _PRIMAL = 1, 4  # HiGHS' numbers of its simplex strategies

_DISTURBED = "primal_simplex_bound_perturbation_multiplier"

_LAST_WAYS = (("ipm", _DUAL), ("simplex", _PRIMAL))
"""Methods tried where the dual simplex ends without an answer: counted finer, a last digit may be out of its reach."""

_FEW, _FEW_OF_LARGE = 2_000, 800
"""Steps that a search from an earlier corner may take, before it is begun again without: of a large program, half of
what the interior point method takes."""

_NO_LIMIT = 2**31 - 1

_STATUS = {
    highspy.HighsModelStatus.kOptimal: SolveStatus.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: SolveStatus.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: SolveStatus.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: SolveStatus.TIME_LIMIT,
}
_STATUSES = tuple(highspy.HighsBasisStatus.__members__.values())
_LOWER, _BASIC = highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic
_NONE = np.zeros(0)


class HighsSession:
    """One program held by HiGHS; costs and bounds change between solves, the basis is kept.

    Parameters
    ----------
    large : columns above which a first solve is by interior point
    options : of HiGHS, besides those that every solve has
    units : float64, shape (columns,), what each column is counted in where that is known
    """

    def __init__(
        self,
        program: LinearProgram,
        large: float = LARGE,
        options: Mapping[str, float] = MappingProxyType({}),
        units: np.ndarray | None = None,
    ) -> None:
        self.program = program
        self._large = large
        self._units = program.column_units() if units is None else units
        self._finer = _FINER if units is None and len(program.cost) <= _FINE_COLUMNS else 1.0
        self._columns = np.arange(len(program.cost), dtype=np.int32)
        self._has_basis = self._is_at_corner = False
        self._left: highspy.HighsBasis | None = None  # where the last solve ended, while another corner is tried
        with silence():
            self._highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
            settings: dict[str, bool | float | str] = {
                "output_flag": False,
                "presolve": "off",
                "threads": 1,
                "random_seed": 0,
                "primal_feasibility_tolerance": FEASIBILITY,
                "dual_feasibility_tolerance": FEASIBILITY,
                **options,
            }
            for option, setting in settings.items():
                self._highs.setOptionValue(option, setting)
            _pass(self._highs, program, self._units, self._finer)

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace all costs."""
        self._highs.changeColsCost(len(self._columns), self._columns, np.asarray(cost, dtype=np.float64) * self._units)
        self.program = replace(self.program, cost=cost)

    def set_bounds(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace all column bounds."""
        low, high = (np.asarray(bound, np.float64) / self._units * self._finer for bound in (lower, upper))
        self._highs.changeColsBounds(len(self._columns), self._columns, low, high)
        self.program = replace(self.program, lower=lower, upper=upper)

    def corner(self) -> Arrays:
        """Return the corner where the last solve ended: int8, shapes (columns,), (rows,), HiGHS' status of each."""
        basis = self._highs.getBasis()
        return {
            "columns": np.array([each.value for each in basis.col_status], dtype=np.int8),
            "rows": np.array([each.value for each in basis.row_status], dtype=np.int8),
        }

    def start_at(self, corner: Arrays) -> None:
        """Let the next solve start at a corner of an earlier program of this shape, for a few steps at most."""
        columns, rows = corner["columns"], corner["rows"]
        if (len(rows), len(columns)) != self.program.matrix.shape or (rows.ndim, columns.ndim) != (1, 1):
            return
        both = np.concatenate([columns, rows])
        if both.dtype != np.int8 or both.min(initial=0) < 0 or both.max(initial=0) >= len(_STATUSES):
            return
        basis = highspy.HighsBasis()
        basis.col_status = [_STATUSES[each] for each in columns.tolist()]
        basis.row_status = [_STATUSES[each] for each in rows.tolist()]
        with silence():
            self._left = self._highs.getBasis() if self._has_basis else None
            self._is_at_corner = self._highs.setBasis(basis) != highspy.HighsStatus.kError

    def start_with(self, basic: np.ndarray) -> None:
        """Let the next solve start with these columns in its basis, one for every row: int64, shape (rows,)."""
        basis = highspy.HighsBasis()
        columns = [_LOWER] * len(self._columns)  # columns with two bounds go to the cheaper one by themselves
        for each in basic.tolist():
            columns[each] = _BASIC
        basis.col_status, basis.row_status = columns, [_LOWER] * len(basic)
        with silence():
            self._highs.setBasis(basis)

    def solve(self, time_limit_s: float | None = None, *, may_begin_anew: bool = True) -> Solution:
        """Solve, from the last basis; what fails is tried again cold, by one method after another.

        Parameters
        ----------
        may_begin_anew : False where a failure is an answer, too
        """
        if self._is_at_corner:
            self._is_at_corner = False
            few = _FEW_OF_LARGE if len(self._columns) > self._large else _FEW
            self._highs.setOptionValue("simplex_iteration_limit", few)
            solution = self._run(time_limit_s, "simplex", _DUAL)
            self._highs.setOptionValue("simplex_iteration_limit", _NO_LIMIT)
            self._has_basis = solution.is_optimal
            if self._has_basis or solution.status is SolveStatus.TIME_LIMIT:
                return solution
            with silence():
                self._highs.clearSolver()
                if self._left is not None:
                    self._has_basis = self._highs.setBasis(self._left) != highspy.HighsStatus.kError
        # bounds are disturbed on the way, and where there is next to no room, what that leaves is taken for no plan
        self._highs.setOptionValue(_DISTURBED, float(may_begin_anew))
        by_interior_point = not self._has_basis and len(self._columns) > self._large
        solution = self._run(time_limit_s, "ipm" if by_interior_point else "simplex", self._strategy())
        if may_begin_anew and solution.status in (SolveStatus.FAILED, SolveStatus.INFEASIBLE):
            solution = self._run_anew(time_limit_s, "simplex", _DUAL)
        for method, strategy in _LAST_WAYS if may_begin_anew else ():
            if solution.status is SolveStatus.FAILED:
                solution = self._run_anew(time_limit_s, method, strategy)
        # where nothing was begun anew, the next solve goes on from where this one gave up
        self._has_basis = solution.is_optimal or (self._has_basis and not may_begin_anew)
        return solution

    def _run_anew(self, time_limit_s: float | None, method: str, strategy: int) -> Solution:
        with silence():
            self._highs.clearSolver()
        return self._run(time_limit_s, method, strategy)

    def _strategy(self) -> int:
        return _PRIMAL if self._has_basis else _DUAL

    def _run(self, time_limit_s: float | None, method: str, strategy: int) -> Solution:
        with silence():
            self._highs.setOptionValue("solver", method)
            self._highs.setOptionValue("simplex_strategy", strategy)
            # HiGHS counts its clock over all solves of one object
            limit = np.inf if time_limit_s is None else self._highs.getRunTime() + max(time_limit_s, 0.0)
            self._highs.setOptionValue("time_limit", limit)
            self._highs.run()
        status = _STATUS.get(self._highs.getModelStatus(), SolveStatus.FAILED)
        if status is not SolveStatus.OPTIMAL:
            return Solution(status, np.nan, _NONE, _NONE, _NONE)
        found = self._highs.getSolution()
        info = self._highs.getInfo()
        return Solution(
            status,
            float(info.objective_function_value) / self._finer,
            np.asarray(found.col_value) * self._units / self._finer,
            np.asarray(found.row_dual),
            np.asarray(found.col_dual) / self._units,
            int(info.simplex_iteration_count),
        )


def version() -> str:
    """Return which HiGHS this is."""
    with silence():
        return str(highspy.Highs().version())  # type: ignore[no-untyped-call]  # highspy ships no types


def solve(program: LinearProgram, time_limit_s: float | None = None) -> Solution:
    """Solve one program once."""
    return HighsSession(program).solve(time_limit_s)


def solve_network(program: LinearProgram, first: np.ndarray) -> Solution:
    """Solve the program of a flow: on a network the dual simplex is quicker at any size, and ends at a corner.

    Its costs differ from cell to cell already: disturbing them costs a third of the time. Nor is there anything to
    scale where every number is 1.

    Parameters
    ----------
    first : int64, columns that take each row's part in the first basis: where those come to what rows ask once all
        others are at their cheaper bound, there are fewer rows to mend than if all began unkept
    """
    options = {"dual_simplex_cost_perturbation_multiplier": 0.0, "simplex_scale_strategy": 0}
    # plans that differ by less than what HiGHS takes for nothing are told apart: there is one that is the cheapest
    dearer = replace(program, cost=program.cost * _DEARER)
    session = HighsSession(dearer, np.inf, options, np.ones(len(program.cost)))
    session.start_with(first)
    found = session.solve()
    return replace(
        found,
        objective=found.objective / _DEARER,
        row_price=found.row_price / _DEARER,
        reduced_cost=found.reduced_cost / _DEARER,
    )


def _pass(highs: highspy.Highs, program: LinearProgram, units: np.ndarray, finer: float) -> None:
    """Hand the program over, each column counted in its unit, as arrays: a list of numbers takes ten times as long.

    finer : times by which all numbers but those of the matrix are larger
    """
    n_rows, n_columns = program.matrix.shape
    highs.passModel(
        n_columns,
        n_rows,
        program.matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program.cost * units,
        program.lower / units * finer,
        program.upper / units * finer,
        program.row_lower * finer,
        program.row_upper * finer,
        program.matrix.indptr.astype(np.int32),
        program.matrix.indices.astype(np.int32),
        program.matrix.data * np.repeat(units, np.diff(program.matrix.indptr)),
        np.zeros(n_columns, dtype=np.int32),
    )
