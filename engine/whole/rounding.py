"""A plan in whole units: each cell goes to the next unit below or above, and the sums of two families stay put.

Owns: the program, what a cell's rounding costs, and sums that cross both families.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from engine.decision.hard import Hard
from engine.formulation.problem import Problem
from engine.whole.families import Families
from engine.whole.sums import QUEUES_FIRST, TEAMS_FIRST, asked_sums, hour_sums, inflow_sums, usual_sums
from solver.matrices import stack_rows
from solver.program import LinearProgram
from solver.units import round_to_units

SNAP, SNAP_PART = 1e-6, 1e-9
"""Units, and part of a number, within which it counts as whole: what lies closer is the solver's noise."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """point : float64, shape (cells,), whole multiples of each cell's unit; is_exact : all that was asked ties."""

    point: np.ndarray
    is_exact: bool


def units(problem: Problem) -> np.ndarray:
    """Return the unit of each cell: 1 for whole items, 0.01 for two decimals, 0 where nothing is rounded."""
    decimals = problem.plan.metrics.decimals
    if not decimals:
        return np.zeros(len(problem.plan.cells))
    of_metric = np.array([0.0 if each is None else 10.0**-each for each in decimals])
    return np.asarray(of_metric[problem.plan.cells.metric])


def round_plan(problem: Problem, hard: Hard, point: np.ndarray) -> Rounded:
    """Return a plan in whole units.

    Notes
    -----
    Minimise Σ (1 − 2 frac_i) y_i, y_i ∈ {0, 1}: the least Σ |rounded − plan| (Cox, 1987, controlled rounding).
    Every sum of the two families is kept between its floor and its ceiling; those that were asked go to the nearest
    whole number. Sums that cross both families join an integer program, bounded in its search; where that finds
    nothing they stay as close as they happen to be.
    """
    unit = units(problem)
    if not (unit > 0).any():
        return Rounded(point, True)
    safe = np.where(unit > 0, unit, 1.0)
    count = np.where(unit > 0, point / safe, 0.0)
    count = _snapped(count)
    base = np.floor(count)
    part = count - base
    loose = np.flatnonzero((part > 0) & (unit > 0))
    if not len(loose):
        return Rounded(np.where(unit > 0, base * unit, point), True)
    asked = _Asked(problem, hard, point, unit, count)
    chosen, is_exact = asked.settle(part, loose)
    whole = base.copy()
    whole[loose] += chosen
    return Rounded(np.where(unit > 0, whole * unit, point), is_exact)


def _snapped(count: np.ndarray) -> np.ndarray:
    """Return counts without the solver's noise around whole numbers."""
    nearest = np.rint(count)
    return np.where(np.abs(count - nearest) <= np.maximum(SNAP, SNAP_PART * np.abs(count)), nearest, count)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """How strictly sums are kept.

    is_nearest : asked sums at the nearest whole number; with_crossing : also those that cross both families
    room : units by which all other sums may leave their floor and ceiling
    """

    is_nearest: bool
    with_crossing: bool
    room: float


_ATTEMPTS = (
    _Attempt(True, True, 0.0),
    _Attempt(True, False, 0.0),
    # a plan that keeps its rows to a millionth may have sums that no whole numbers match to the unit
    _Attempt(True, False, 1.0),
    _Attempt(False, False, 0.0),
)
"""The strictest first."""


class _Asked:
    """What the rounding keeps, in units."""

    def __init__(self, problem: Problem, hard: Hard, point: np.ndarray, unit: np.ndarray, count: np.ndarray) -> None:
        self.hard, self.unit, self.count, self.base = hard, unit, count, np.floor(count)
        self.families = Families(len(point))
        wanted, self.goal, first = asked_sums(problem, point)
        self.wanted = wanted
        place = np.full(wanted.shape[0], -1)
        for family in (QUEUES_FIRST, TEAMS_FIRST):
            mine = np.flatnonzero(first == family)
            place[mine] = self.families.offer(wanted[mine], family)
        self.crossing = np.flatnonzero(place < 0)
        for sums in hour_sums(problem, point, unit):
            self.families.offer(sums, TEAMS_FIRST)
        self.families.offer(inflow_sums(problem, point), QUEUES_FIRST)
        for sums, family in usual_sums(problem):
            self.families.offer(sums, family)

    def settle(self, part: np.ndarray, loose: np.ndarray) -> tuple[np.ndarray, bool]:
        """Return which loose cells go up: 0 or 1 each; and whether all that was asked ties."""
        for attempt in _ATTEMPTS:
            if attempt.with_crossing and not len(self.crossing):
                continue
            found = round_to_units(self._program(part, loose, attempt), is_flow=not attempt.with_crossing)
            if found is not None:
                return found, attempt.is_nearest and (attempt.with_crossing or not len(self.crossing))
        return (part[loose] >= 0.5).astype(np.float64), False

    def _program(self, part: np.ndarray, loose: np.ndarray, attempt: _Attempt) -> LinearProgram:
        sums = self.families.rows()
        chosen = np.arange(len(self.goal))
        if not attempt.with_crossing:
            chosen = np.setdiff1d(chosen, self.crossing)
        exact = self.wanted[chosen]
        low, high = self._bounds(sums, snapped=attempt.is_nearest)
        goals = self._goals(exact, self.goal[chosen]) if attempt.is_nearest else self._bounds(exact, snapped=False)
        both = stack_rows([sums, exact])
        fixed = both @ self.base
        lower = np.concatenate([low - attempt.room, goals[0]]) - fixed
        upper = np.concatenate([high + attempt.room, goals[1]]) - fixed
        matrix = csr_matrix(both[:, loose])
        kept = np.flatnonzero(np.diff(matrix.indptr))
        own_lower, own_upper = self._own(loose)
        return LinearProgram(
            1 - 2 * part[loose], csc_matrix(matrix[kept]), lower[kept], upper[kept], own_lower, own_upper
        )

    def _counted(self, sums: csr_matrix) -> np.ndarray:
        """Return sums of the plan in units; a sum over several metrics counts units of each."""
        return _snapped(np.asarray(sums @ self.count))

    def _bounds(self, sums: csr_matrix, *, snapped: bool = True) -> tuple[np.ndarray, np.ndarray]:
        value = self._counted(sums) if snapped else np.asarray(sums @ self.count)
        return np.floor(value), np.ceil(value)

    def _goals(self, sums: csr_matrix, goal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the whole number nearest to what each sum asks."""
        first = sums.indices[sums.indptr[:-1]] if sums.shape[0] else np.zeros(0, np.int64)
        unit = self.unit[first]
        whole = np.where(unit > 0, np.floor(goal / np.where(unit > 0, unit, 1.0) + 0.5), self._counted(sums))
        return whole, whole

    def _own(self, loose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return bounds of the loose cells: those with a limit of their own between two units stay on its good side."""
        unit, base = self.unit[loose], self.base[loose]
        below = base * unit < self.hard.lower[loose] - SNAP * np.maximum(1.0, self.hard.lower[loose])
        above = (base + 1) * unit > self.hard.upper[loose] * (1 + SNAP) + SNAP
        held = below & above
        return np.where(below & ~held, 1.0, 0.0), np.where(above & ~held, 0.0, 1.0)
