"""Targets strictly by priority: the larger of a miss in items and in fair-mix hours, spread, in hours.

Owns: the sequence of programs that finds how far every target must be missed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_matrix

from engine.decision.clock import Watch
from engine.decision.hard import Hard
from engine.decision.segments import SegmentColumns
from engine.formulation.problem import Problem, TargetRows
from solver.face import nearest_on_optimal_face
from solver.highs import HighsSession
from solver.matrices import scale_rows, stack_blocks
from solver.program import LinearProgram, Solution, solved_in_time

NOTHING = 1e-8
"""Miss, as a part of the target's size, that counts as none."""

_EVENNESS = 1e3  # how much more an uneven split of misses weighs than an uneven plan, where both are open


@dataclass(frozen=True, slots=True)
class Misses:
    """How far targets are missed; float64, shape (targets,), parts of each target's size.

    short : the larger of the miss in items and in fair-mix hours; over : excess in items
    point : float64, shape (cells,), a plan that misses no more than that
    settled : how many priorities were finished; all of them unless time ran out
    programs : every program with the solution taken from it
    """

    short: np.ndarray
    over: np.ndarray
    point: np.ndarray
    settled: int
    is_complete: bool
    programs: tuple[tuple[LinearProgram, Solution], ...]

    @property
    def any(self) -> bool:
        """Whether any target is missed."""
        return bool((self.short > NOTHING).any() or (self.over > NOTHING).any())


def find_misses(problem: Problem, hard: Hard, incumbent: np.ndarray, watch: Watch) -> Misses:
    """Return the least misses by priority; each priority strictly before the next.

    Parameters
    ----------
    incumbent : float64, shape (cells,), a plan that keeps the hard rows, for when time runs out
    """
    run = _Run(problem, hard, incumbent, watch)
    if run.all_can_be_met():
        return run.result(complete=True)
    for priority in np.unique(problem.targets.priority):
        watch.on_step(f"priority {priority:g}")
        if not run.settle(problem.targets.priority == priority):
            return run.result(complete=False)
    return run.result(complete=True)


@dataclass
class _Run:
    """One program held by the solver while priorities are settled one after the other."""

    problem: Problem
    hard: Hard
    incumbent: np.ndarray
    watch: Watch
    programs: list[tuple[LinearProgram, Solution]] = field(default_factory=list)
    settled: int = 0

    def __post_init__(self) -> None:
        targets = self.problem.targets
        self.n_cells = len(self.incumbent)
        self.columns = SegmentColumns(len(targets))
        self.point = self.incumbent
        self.short, self.over = _misses_at(targets, self.incumbent)
        self.short_bound = self.columns.open()
        self.over_bound = self.columns.open()
        self.price = targets.mean_hours * targets.size
        self.session = HighsSession(miss_program(self.problem, self.hard))

    def all_can_be_met(self) -> bool:
        """Whether one program meets everything in both counts at once: the common case."""
        everything = np.ones(len(self.price), dtype=bool)
        solution = self._solve(everything, everything)
        if solution is None:
            return False
        short, over = self._read(solution)
        if (short > NOTHING).any() or (over > NOTHING).any():
            return False
        self.short, self.over = np.zeros_like(short), np.zeros_like(over)
        self.settled = len(np.unique(self.problem.targets.priority))
        return True

    def settle(self, now: np.ndarray) -> bool:
        """Minimise the misses of the rows of one priority, excess first; False when time ran out."""
        targets = self.problem.targets
        nobody = np.zeros_like(now)
        if (now & targets.has_excess).any():
            solution = self._solve(nobody, now)
            if solution is None:
                return False
            _, over = self._read(solution)
            self.over_bound[now] = self.columns.frozen(np.where(over > NOTHING, over, 0.0))[now]
            self.over[now] = np.where(over > NOTHING, over, 0.0)[now]
        if (now & targets.has_shortfall).any():
            solution = self._solve(now, nobody)
            if solution is None:
                return False
            short = self._even_out(solution, now)
            self.short_bound[now] = self.columns.frozen(short)[now]
            self.short[now] = short[now]
        self.settled += 1
        return True

    def _solve(self, short_now: np.ndarray, over_now: np.ndarray) -> Solution | None:
        self._price(short_now, over_now)
        solution = self.session.solve(self.watch.remaining_s())
        if not solved_in_time(solution):
            return None
        self.programs.append((self.session.program, solution))
        self.point = solution.value[: self.n_cells]
        return solution

    def _price(self, short_now: np.ndarray, over_now: np.ndarray) -> None:
        misses = self.problem.plan.settings.misses
        cost = np.concatenate(
            [
                np.zeros(self.n_cells),
                self.columns.costs(np.where(short_now, self.price, 0), misses),
                self.columns.costs(np.where(over_now, self.price, 0), misses),
            ]
        )
        self.session.set_costs(cost / max(float(cost.max()), 1e-12))
        lower = np.concatenate([self.hard.lower, np.zeros(2 * self.columns.width)])
        self.session.set_bounds(
            lower, np.concatenate([self.hard.upper, self.short_bound.ravel(), self.over_bound.ravel()])
        )

    def _read(self, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
        segments = solution.value[self.n_cells :]
        return self.columns.total(segments[: self.columns.width]), self.columns.total(segments[self.columns.width :])

    def _even_out(self, solution: Solution, now: np.ndarray) -> np.ndarray:
        """Return the shortfalls, made unique by the most even of all optimal ones."""
        short, _ = self._read(solution)
        short = np.where(short > NOTHING, short, 0.0)
        if (short[now] > 0).sum() == 0 or now.sum() == 1:
            return short
        fair = self.problem.fair
        segment = np.repeat(1 / (_EVENNESS * self.price), len(self.short_bound[0]))
        point = nearest_on_optimal_face(
            self.session.program,
            solution,
            np.concatenate([fair.value, np.zeros(2 * self.columns.width)]),
            np.concatenate([fair.scale / fair.hours, segment, segment]),
        )
        evened = self.columns.total(point[self.n_cells : self.n_cells + self.columns.width])
        return np.where(evened > NOTHING, evened, 0.0)

    def result(self, *, complete: bool) -> Misses:
        return Misses(self.short, self.over, self.point, self.settled, complete, tuple(self.programs))


def _misses_at(targets: TargetRows, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    items, mix = targets.items @ point, targets.fair_mix @ point
    short = np.where(targets.has_shortfall, np.maximum(targets.asked - np.minimum(items, mix), 0), 0)
    over = np.where(targets.has_excess, np.maximum(items - targets.asked, 0), 0)
    return short / targets.size, over / targets.size


def miss_program(problem: Problem, hard: Hard) -> LinearProgram:
    """Return the program over cells and miss segments, without costs.

    Rows, each scaled to the size of its target:
    Σ x + short ≥ asked and Σ (h/h̄) x + short ≥ asked where a row can fall short; Σ x − over ≤ asked where it can
    be overshot; below them the hard rows as they are.
    """
    targets = problem.targets
    short, over = np.flatnonzero(targets.has_shortfall), np.flatnonzero(targets.has_excess)
    per_size = 1 / targets.size
    items, mix = scale_rows(targets.items, per_size), scale_rows(targets.fair_mix, per_size)
    columns = SegmentColumns(len(targets))
    segments = columns.matrix()
    matrix = stack_blocks(
        [
            [hard.matrix, None, None],
            [items[short], segments[short], None],
            [mix[short], segments[short], None],
            [items[over], None, -segments[over]],
        ]
    )
    asked = targets.asked * per_size
    n_cells = len(hard.lower)
    open_side = np.full(2 * len(short), np.inf)
    return LinearProgram(
        np.zeros(n_cells + 2 * columns.width),
        csc_matrix(matrix),
        np.concatenate([hard.row_lower, asked[short], asked[short], np.full(len(over), -np.inf)]),
        np.concatenate([hard.row_upper, open_side, asked[over]]),
        np.concatenate([hard.lower, np.zeros(2 * columns.width)]),
        np.concatenate([hard.upper, np.full(2 * columns.width, np.inf)]),
    )
