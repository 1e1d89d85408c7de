"""A plan in whole units: each cell goes to the next unit below or above, and the sums of two families stay put.

Owns: the program, what a cell's rounding costs, and sums that cross both families.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.hard import Hard
from engine.fair.scaling import fit_rows
from engine.formulation.problem import Problem
from engine.formulation.whole_units import units_of
from engine.whole.families import Families, Flow
from engine.whole.sums import QUEUES_FIRST, TEAMS_FIRST, asked_sums, hour_rows, hour_sums, inflow_sums, usual_sums
from solver.frozen import frozen
from solver.matrices import no_entries, stack_blocks, stack_rows
from solver.matrices import unit as unit_matrix
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix
from solver.units import round_to_units

SNAP, SNAP_PART = 1e-6, 1e-9
"""Units, and part of a number, within which it counts as whole: what lies closer is the solver's noise."""


@frozen
class Rounded:
    """point : float64, shape (cells,), whole multiples of each cell's unit; is_exact : all that was asked ties."""

    point: np.ndarray
    is_exact: bool


def units(problem: Problem) -> np.ndarray:
    """Return the unit of each cell: 1 for whole items, 0.01 for two decimals, 0 where nothing is rounded."""
    return units_of(problem.plan)


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
    count = _snapped(np.where(unit > 0, _met_exactly(problem, hard, point) / safe, 0.0))
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


def _met_exactly(problem: Problem, hard: Hard, point: np.ndarray) -> np.ndarray:
    """Return the plan with asked sums at what they ask: programs reach large ones to a ten-millionth, that is items."""
    wanted, goal, _ = asked_sums(problem, point)
    moves = (hard.upper > hard.lower) & (point > 0)
    off = goal - wanted @ point
    if not (np.abs(off) > SNAP).any() or not moves.any():
        return point
    moved = fit_rows(np.where(moves, point, 0.0), wanted, goal - wanted @ np.where(moves, 0.0, point))
    return np.where(moves, moved, point)


def _snapped(count: np.ndarray) -> np.ndarray:
    """Return counts without the solver's noise around whole numbers."""
    nearest = np.rint(count)
    return np.where(np.abs(count - nearest) <= np.maximum(SNAP, SNAP_PART * np.abs(count)), nearest, count)


def _with_most(program: LinearProgram, matrix: csr_matrix, most: np.ndarray) -> LinearProgram:
    """Return a program with rows that may come to no more than something. matrix : over the first columns."""
    wide = stack_blocks([[matrix, no_entries(matrix.shape[0], len(program.cost) - matrix.shape[1])]])
    return replace(
        program,
        matrix=csc_matrix(stack_rows([csr_matrix(program.matrix), csr_matrix(wide)])),
        row_lower=np.append(program.row_lower, np.full(len(most), -np.inf)),
        row_upper=np.append(program.row_upper, most),
    )


_AGAIN = 3
"""How often rows of hours that came out over may join."""

_MISSED = 100.0
"""How much dearer it is that an asked sum is a unit off than that a cell goes to the unit further away."""


class _Asked:
    """What the rounding keeps, in units."""

    def __init__(self, problem: Problem, hard: Hard, point: np.ndarray, unit: np.ndarray, count: np.ndarray) -> None:
        self.hard, self.unit, self.count, self.base = hard, unit, count, np.floor(count)
        self.hours, self.there = hour_rows(problem, np.where(unit > 0, self.base * unit, point), unit)
        self.families = Families(len(point))
        # what never came cannot be handled, whatever was asked
        arrived, most = inflow_sums(problem, point, unit)
        self.families.offer(arrived, QUEUES_FIRST, most)
        self.fed = np.asarray(arrived.sum(axis=0)).ravel() > 0
        wanted, self.goal, first = asked_sums(problem, point)
        self.wanted = wanted
        place = np.full(wanted.shape[0], -1)
        for family in (QUEUES_FIRST, TEAMS_FIRST):
            mine = np.flatnonzero(first == family)
            place[mine] = self.families.offer(wanted[mine], family)
        self.crossing = np.flatnonzero(place < 0)
        for sums in hour_sums(problem, point, unit):
            self.families.offer(sums, TEAMS_FIRST)
        for sums, family in usual_sums(problem):
            self.families.offer(sums, family)
        self.flow = self.families.flow()

    def settle(self, part: np.ndarray, loose: np.ndarray) -> tuple[np.ndarray, bool]:
        """Return which loose cells go up: 0 or 1 each; and whether all that was asked ties.

        Notes
        -----
        Hours whose sums found no place may go over by more than an item: they join the program as rows of their own.
        """
        held = np.zeros(len(self.there), dtype=bool)
        found, ties = self._choose(part, loose, held)
        for _ in range(_AGAIN):
            over = self.hours[:, loose] @ found > self.there + SNAP
            if not (over & ~held).any():
                break
            held |= over
            again, ties_again = self._choose(part, loose, held)
            if (self.hours[:, loose] @ again > self.there + SNAP).sum() < over.sum():
                found, ties = again, ties_again
        return found, ties

    def _choose(self, part: np.ndarray, loose: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, bool]:
        """Return the same, some rows of hours kept. held : bool, shape (rows of hours,)."""
        with_crossing = bool(len(self.crossing))
        # a plan that keeps its rows to a millionth may have sums that no whole numbers match to the unit
        for crossing, snapped in ((True, True), (False, True), (False, False)):
            if crossing and not with_crossing:
                continue
            program = self._program(part, loose, with_crossing=crossing, snapped=snapped)
            if held.any():
                program = _with_most(program, self.hours[held][:, loose], self.there[held])
            found = round_to_units(program, len(loose), is_flow=not (crossing or held.any()))
            if found is not None:
                ties = not found[len(loose) + self.flow.sums.shape[0] :].any()
                return found[: len(loose)], ties and (crossing or not with_crossing)
        return ((part[loose] >= 0.5) & ~self.fed[loose]).astype(np.float64), False

    def _program(self, part: np.ndarray, loose: np.ndarray, *, with_crossing: bool, snapped: bool) -> LinearProgram:
        """Return the program. Columns: loose cells, sums of both families, units by which asked sums are off.

        Rows: each sum is what stands right inside it; each asked sum, less what it is off, is the whole number asked.
        """
        flow, n_sums = self.flow, self.flow.sums.shape[0]
        chosen = np.arange(len(self.goal)) if with_crossing else np.setdiff1d(np.arange(len(self.goal)), self.crossing)
        exact, wanted = self.wanted[chosen], self._goals(self.wanted[chosen], self.goal[chosen])
        off = unit_matrix(len(chosen))
        matrix = stack_blocks([
            [flow.cells[:, loose], flow.inner - unit_matrix(n_sums), None, None],
            [exact[:, loose], no_entries(len(chosen), n_sums), off, -off],
        ])  # fmt: skip
        fixed = np.concatenate([flow.cells @ self.base, exact @ self.base])
        right = np.concatenate([np.zeros(n_sums), wanted]) - fixed
        low, high = self._bounds(flow, snapped=snapped)
        own_lower, own_upper = self._own(loose)
        nothing = np.zeros(2 * len(chosen))
        return LinearProgram(
            np.concatenate([1 - 2 * part[loose], np.zeros(n_sums), nothing + _MISSED]),
            csc_matrix(matrix),
            right,
            right,
            np.concatenate([own_lower, low, nothing]),
            np.concatenate([own_upper, high, nothing + np.inf]),
        )

    def _counted(self, sums: csr_matrix) -> np.ndarray:
        """Return sums of the plan in units; a sum over several metrics counts units of each."""
        return _snapped(np.asarray(sums @ self.count))

    def _bounds(self, flow: Flow, *, snapped: bool) -> tuple[np.ndarray, np.ndarray]:
        value = self._counted(flow.sums) if snapped else np.asarray(flow.sums @ self.count)
        high = np.minimum(np.ceil(value), flow.most)
        return np.minimum(np.floor(value), high), high

    def _goals(self, sums: csr_matrix, goal: np.ndarray) -> np.ndarray:
        """Return the whole number nearest to what each sum asks."""
        first = sums.indices[sums.indptr[:-1]] if sums.shape[0] else np.zeros(0, np.int64)
        unit = self.unit[first]
        whole = np.where(unit > 0, np.floor(goal / np.where(unit > 0, unit, 1.0) + 0.5), self._counted(sums))
        return np.asarray(whole)

    def _own(self, loose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return bounds of the loose cells: those with a limit of their own between two units stay on its good side."""
        unit, base = self.unit[loose], self.base[loose]
        below = base * unit < self.hard.lower[loose] - SNAP * np.maximum(1.0, self.hard.lower[loose])
        above = (base + 1) * unit > self.hard.upper[loose] * (1 + SNAP) + SNAP
        held = below & above
        return np.where(below & ~held, 1.0, 0.0), np.where(above & ~held, 0.0, 1.0)
