"""A session that knows the answers of an earlier run, and where that one's corners were.

Its programs come in a row, each the last one with other costs and bounds. An answer is kept under the fingerprint of
the whole row so far, so that what comes back is what a run without memory would find, bit by bit. Where something has
changed, the corner at which the earlier run ended is the start: the optimum is the same wherever a search starts, and
from there it is usually a few steps away. A search that is not, starts as ever.

Owns: which of these is taken.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.highs import HighsSession
from solver.memory import Arrays, Memory, fingerprint
from solver.program import LinearProgram, Solution, SolveStatus
from solver.proof import least_by

_STATUSES = tuple(SolveStatus)


class RememberedSession:
    """One program whose costs and bounds change between solves, held by HiGHS once there is something to solve."""

    def __init__(self, program: LinearProgram, memory: Memory) -> None:
        self.program = program
        self._memory = memory
        matrix = program.matrix
        self._row = fingerprint("program", matrix, program.row_lower, program.row_upper)
        # numbers in rows move with what is asked; which column stands in which row stays
        self._shape = fingerprint("corner", np.array(matrix.shape), matrix.indptr, matrix.indices)
        self._session: HighsSession | None = None
        self._corners: set[str] = set()
        self._starts_anew = False

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace all costs."""
        self.program = replace(self.program, cost=cost)

    def set_bounds(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace all column bounds."""
        self.program = replace(self.program, lower=np.asarray(lower, np.float64), upper=np.asarray(upper, np.float64))

    def solve(self, time_limit_s: float | None = None, *, may_begin_anew: bool = True) -> Solution:
        """Solve the program as it is now, or recall how that ended.

        Parameters
        ----------
        may_begin_anew : as in ``HighsSession.solve``
        """
        program = self.program
        question = "solved" if may_begin_anew else "tried"
        self._row = fingerprint(question, self._row, program.cost, program.lower, program.upper)
        kept = self._memory.get(self._row)
        if kept is not None:
            return _solution(kept)
        session = self._held()
        solution = session.solve(time_limit_s, may_begin_anew=may_begin_anew)
        # that there is none is an answer, too, and may take longest to find where no other program came before
        is_answer = solution.is_optimal or solution.status is SolveStatus.INFEASIBLE
        if is_answer or (solution.status is SolveStatus.FAILED and not may_begin_anew):
            self._memory.put(self._row, _arrays(solution))
        # whoever is asked next goes on from here; a later run begins with any of them
        at = self._priced_alike()
        if solution.is_optimal and at not in self._corners and self._memory.wants_hint(at):
            self._corners.add(at)
            self._memory.put(at, {**session.corner(), "price": solution.row_price * _weight(program)})
        return solution

    def start_known(self) -> None:
        """Let the next solve start where an earlier run's program that is alike ended, not where the last one did."""
        self._starts_anew = True

    def least(self) -> float:
        """Return a number below which the optimum is not, by what an earlier run priced; −inf where that says nothing.

        No program is solved: any prices give such a number, and those of a program that is alike a good one.
        """
        before = self._memory.hint(self._priced_alike())
        price = None if before is None else before.get("price")
        if price is None or price.shape != self.program.row_lower.shape or not np.isfinite(price).all():
            return -np.inf
        return least_by(self.program, price / _weight(self.program))

    def _priced_alike(self) -> str:
        """Return the fingerprint of all programs in which the same columns stand in the same rows, and cost."""
        return fingerprint(self._shape, np.packbits(self.program.cost != 0))

    def _held(self) -> HighsSession:
        """Return the program as HiGHS holds it; where that is new, at the corner that is kept of a first one."""
        starts_anew, self._starts_anew = self._starts_anew or self._session is None, False
        if self._session is None:
            self._session = HighsSession(self.program)
        else:
            self._session.set_costs(self.program.cost)
            self._session.set_bounds(self.program.lower, self.program.upper)
        corner = self._memory.hint(self._priced_alike()) if starts_anew else None
        if corner is not None:
            self._session.start_at(corner)
        return self._session


def _weight(program: LinearProgram) -> np.ndarray:
    """Return each row's first entry, so that prices count the same however a row is scaled: float64, shape (rows,)."""
    weight = np.ones(program.matrix.shape[0])
    weight[program.matrix.indices[::-1]] = np.abs(program.matrix.data[::-1])  # of many the last one stays
    return np.where(weight > 0, weight, 1.0)


def _arrays(solution: Solution) -> dict[str, np.ndarray]:
    return {
        "status": np.array([_STATUSES.index(solution.status)]),
        "objective": np.array([solution.objective]),
        "value": solution.value,
        "row_price": solution.row_price,
        "reduced_cost": solution.reduced_cost,
        "iterations": np.array([solution.iterations]),
    }


def _solution(kept: Arrays) -> Solution:
    return Solution(
        _STATUSES[int(kept["status"][0])],
        float(kept["objective"][0]),
        kept["value"],
        kept["row_price"],
        kept["reduced_cost"],
        int(kept["iterations"][0]),
    )
