"""A program over cells and misses in segments, solved again and again while priorities are settled.

Owns: costs, bounds and warm starts from step to step, and the one answer taken where optima are many.
Knows nothing of: what its two kinds of misses mean; whoever builds the rows does.
"""

from __future__ import annotations

import numpy as np

from engine.decision.clock import Watch
from engine.decision.hard import Hard
from engine.decision.levels import NOISE
from engine.decision.segments import SegmentColumns, Settled
from engine.formulation.problem import Problem
from solver.face import nearest_on_optimal_face, priced
from solver.program import LinearProgram, Solution, SolveStatus, solved_in_time
from solver.solvers import least_known, open_session, start_known

NOTHING = 1e-8
"""Miss, as a part of the target's size, that counts as none."""

_SURELY = 1e-7  # what programs of which nothing is missed may cost, one target with another

_EVENNESS = 1e3  # how much more an uneven split of misses weighs than an uneven plan, where both are open


_DIGITS = 10
"""Digits of a miss, as a part of its target's size, that are kept: a tenth of the room that levels have."""


class SegmentedProgram:
    """Columns: the cells, then the segments of a first and of a second kind of miss for every target.

    programs : every program solved so far, with the solution taken from it
    point : float64, shape (cells,), the last plan found; it misses what was last reported, no more
    price : float64, shape (targets,), hours that a miss of a target's whole size costs at a slope of 1
    tight_rows : bool, shape (rows,), and tight_cells : bool, shape (cells,): at their bound in every plan that misses
        no more than what was found so far, for a price says so (complementary slackness)
    """

    def __init__(self, problem: Problem, hard: Hard, program: LinearProgram, start: np.ndarray, watch: Watch) -> None:
        targets = problem.targets
        self.programs: list[tuple[LinearProgram, Solution]] = []
        self.point = start
        self._last: np.ndarray | None = None
        self._tight_rows = np.zeros(program.matrix.shape[0], dtype=bool)
        self._tight_cells = np.zeros(len(start), dtype=bool)
        self._priced: list[tuple[LinearProgram, Solution]] = []
        self.price = targets.mean_hours * targets.size
        self._problem, self._hard, self._watch = problem, hard, watch
        self._columns = SegmentColumns(len(targets))
        # the fairest plan needs room to be searched in; where nobody asks for it, misses are exact
        self._settled = Settled(self._columns, exactly=watch.only_misses)
        self._session = open_session(program, problem.plan.settings.solver, watch.memory)

    def minimise(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Minimise the misses of some targets.

        Parameters
        ----------
        first, second : bool, shape (targets,), whose misses of each kind are priced now

        Returns
        -------
        The misses of each kind, parts of the targets' sizes, at one optimum; None when time ran out.
        """
        self._set(first, second)
        solution = self._without_any() or self._solved()
        while self._has_too_little_room(solution) and self._settled.loosen():
            self._set_bounds()
            solution = self._session.solve(self._watch.remaining_s(), may_begin_anew=not self._settled.is_exact)
        if not solved_in_time(solution):
            return None
        program = self._session.program
        self.programs.append((program, solution))
        self._priced.append((program, solution))
        return self._take(solution.value)

    @property
    def tight_rows(self) -> np.ndarray:
        """Which rows are at their bound in every plan that misses no more."""
        self._tell_tight()
        return self._tight_rows

    @property
    def tight_cells(self) -> np.ndarray:
        """The same of cells."""
        self._tell_tight()
        return self._tight_cells

    def _tell_tight(self) -> None:
        """Take in what programs priced since: only where somebody asks."""
        for program, solution in self._priced:
            if solution.row_price.any():
                rows, columns = priced(program, solution)
                self._tight_rows |= rows
                self._tight_cells |= columns[: len(self.point)]
        self._priced.clear()

    def start_from(self, point: np.ndarray, first: np.ndarray) -> None:
        """Know of a plan that may need no program. first : float64, shape (targets,), what it misses of that kind."""
        segments = self._columns.frozen(first, 0.0).ravel()
        self._last = np.concatenate([point, segments, np.zeros(len(segments))])

    def least(self, first: np.ndarray, second: np.ndarray) -> float:
        """Return what these misses cost at least, as an earlier run's prices prove without a program; 0 where nothing.

        Counted in what a miss of its whole size costs the dearest target beyond its last segment.
        """
        self._set(first, second)
        least = least_known(self._session)
        return least if least > _SURELY * len(self.price) else 0.0

    def _solved(self) -> Solution:
        if self._watch.only_misses:
            start_known(self._session)
        return self._session.solve(self._watch.remaining_s(), may_begin_anew=not self._settled.is_exact)

    def _has_too_little_room(self, solution: Solution) -> bool:
        """Whether there is no plan at all or, where what is settled has next to no room, none that the solver finds."""
        is_failed = self._settled.is_exact and solution.status is SolveStatus.FAILED
        return is_failed or solution.status is SolveStatus.INFEASIBLE

    def _without_any(self) -> Solution | None:
        """Return the last plan where what is priced now need not be missed in it: nothing costs less than nothing.

        Only in runs of which nothing but misses is taken: prices, which are 0 then, tell less than a program's.
        """
        if not self._watch.only_misses or self._last is None:
            return None
        program = self._session.program
        value = np.where(program.cost > 0, 0.0, self._last)
        activity = program.matrix @ value
        is_kept = (activity >= program.row_lower - NOISE) & (activity <= program.row_upper + NOISE)
        is_inside = (value >= program.lower - NOISE) & (value <= program.upper + NOISE)
        if not is_kept.all() or not is_inside.all():
            return None
        return Solution(SolveStatus.OPTIMAL, 0.0, value, np.zeros(len(activity)), program.cost)

    def even_out(self, kind: int, now: np.ndarray, centre: np.ndarray) -> np.ndarray:
        """Return the misses of a kind, made unique by the most even of all optima of the last program.

        Parameters
        ----------
        kind : 0 or 1; now : bool, shape (targets,), whose misses were minimised
        centre : float64, shape (cells,), the plan to stay near where misses leave a choice
        """
        program, solution = self.programs[-1]
        settled = self._settled.which
        settled[kind] &= ~now
        found = _without_noise(self._take(solution.value)[kind])
        if not (found[now] > 0).any() or now.sum() == 1:
            return found
        fair, width = self._problem.fair, self._columns.width
        segment = np.repeat(1 / (_EVENNESS * self.price), width // len(self.price))
        evened = nearest_on_optimal_face(
            program,
            solution,
            np.concatenate([centre, np.zeros(2 * width)]),
            np.concatenate([fair.scale / fair.hours, segment, segment]),
            # frozen misses leave next to no room: what they made tight stays tight, so that the search finds its way
            (self.tight_rows, np.concatenate([self.tight_cells, np.repeat(settled, width // len(self.price))])),
            self._watch.memory,
            np.concatenate([self._problem.plan.cells.period, np.full(2 * width, -1)]),
            f"{self._watch.near} {kind} of {len(self.programs)}" if self._watch.near else "",
        )
        # the plan moves with its misses: levels are read from it
        return _without_noise(self._take(evened)[kind])

    def freeze(self, kind: int, now: np.ndarray, miss: np.ndarray) -> None:
        """Let some targets miss no more than that from now on. kind : 0 or 1."""
        self._settled.keep(kind, now, miss)

    def settle_exactly(self) -> None:
        """Take back the room that settled misses had, where the plan uses it and another one need not.

        Which of the plans with room a solver stops at is chance; whether there is one without is not.
        """
        settled = self._settled
        if self._last is None or settled.is_exact or settled.beyond(self._misses_of(self._last)) <= NOISE:
            return
        before = self._settled.set_room(0.0)
        self._set_bounds()
        solution = self._session.solve(self._watch.remaining_s(), may_begin_anew=False)
        if solution.is_optimal:
            self._take(solution.value)
            return
        self._settled.set_room(before)
        self._set_bounds()

    def forget_prices(self) -> None:
        """Forget what is tight: the last program priced more than will be kept."""
        self._priced.clear()
        self._tight_rows[:] = False
        self._tight_cells[:] = False

    def _set(self, first: np.ndarray, second: np.ndarray) -> None:
        misses = self._problem.plan.settings.misses
        priced = [self._columns.costs(np.where(now, self.price, 0), misses) for now in (first, second)]
        cost = np.concatenate([np.zeros(len(self.point)), *priced])
        self._session.set_costs(cost / max(float(cost.max()), 1e-12))
        self._set_bounds()

    def _set_bounds(self) -> None:
        self._session.set_bounds(
            np.concatenate([self._hard.lower, np.zeros(2 * self._columns.width)]),
            np.concatenate([self._hard.upper, self._settled.upper()]),
        )

    def _misses_of(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        n_cells, width = len(self.point), self._columns.width
        return self._columns.total(value[n_cells : n_cells + width]), self._columns.total(value[n_cells + width :])

    def _take(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.point, self._last = value[: len(self.point)], value
        first, second = self._misses_of(value)
        return np.where(first > NOTHING, first, 0.0), np.where(second > NOTHING, second, 0.0)


def _without_noise(miss: np.ndarray) -> np.ndarray:
    """Return misses without the digits that hang on the way to them: thin bodies make much of a little."""
    return np.asarray(np.round(miss, _DIGITS))
