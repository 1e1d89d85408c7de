"""The mix guard: where something is short, queues may leave their fair outcome by a little so that counts are met.

Owns: the second round of programs, in items, each queue and period within its band.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_matrix

from engine.decision.clock import Watch
from engine.decision.hard import Hard
from engine.decision.levels import Levels
from engine.decision.misses import NOTHING
from engine.decision.segments import SegmentColumns
from engine.formulation.problem import Problem
from solver.face import nearest_on_optimal_face
from solver.highs import HighsSession
from solver.matrices import scale_rows, stack_blocks
from solver.program import LinearProgram, Solution, solved_in_time

_EVENNESS = 1e3
_ROOM = 1e-9  # part of a row's size, as wide as the solver's own tolerance


@dataclass(frozen=True, slots=True)
class Guarded:
    """Levels after the mix guard, and a plan that reaches them."""

    levels: Levels
    point: np.ndarray
    is_complete: bool
    programs: tuple[tuple[LinearProgram, Solution], ...]


@dataclass(frozen=True, slots=True)
class FairOutcome:
    """The fairest plan before the guard. point : float64, shape (cells,); residual : how exactly it keeps its rows."""

    point: np.ndarray
    residual: float

    @property
    def room(self) -> float:
        """Part of a row's size by which programs that start from this plan are loosened, so that it lies inside."""
        return 4 * max(self.residual, 1e-9)


def band(problem: Problem, outcome: FairOutcome) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each queue total may go from its fair outcome: float64, shape (totals,), items."""
    totals = problem.queues.matrix @ outcome.point
    room = problem.queues.may_lose * totals + outcome.room * np.maximum(totals, 1.0)
    return np.maximum(totals - room, 0.0), totals + room


def move_within_guard(problem: Problem, hard: Hard, outcome: FairOutcome, over: np.ndarray, watch: Watch) -> Guarded:
    """Minimise item misses once more by priority, each queue and period within its band.

    Parameters
    ----------
    over : float64, shape (targets,), frozen excess, parts of size
    """
    run = _Run(problem, hard, outcome, over, watch)
    complete = all(run.settle(problem.targets.priority == priority) for priority in np.unique(problem.targets.priority))
    return run.result(complete=complete)


@dataclass
class _Run:
    problem: Problem
    hard: Hard
    outcome: FairOutcome
    over: np.ndarray
    watch: Watch
    programs: list[tuple[LinearProgram, Solution]] = field(default_factory=list)

    def __post_init__(self) -> None:
        targets = self.problem.targets
        self.n_cells = len(self.outcome.point)
        self.point = self.outcome.point
        self.columns = SegmentColumns(len(targets))
        self.price = targets.mean_hours * targets.size
        asked = np.where(targets.has_shortfall, targets.asked, 0)
        self.items_short = np.maximum(asked - targets.items @ self.outcome.point, 0) / targets.size
        # a first stretch of fair-mix shortfall is free: what the fair outcome has already
        self.mix_short = np.maximum(asked - targets.fair_mix @ self.outcome.point, 0) / targets.size
        self.mix_free = self.mix_short + self.outcome.room
        self.items_bound = self.columns.open()
        self.mix_bound = self.columns.open()
        self.session = HighsSession(self._program())

    def settle(self, now: np.ndarray) -> bool:
        """Settle one priority: its fair-mix hours back to the fair outcome's, then the least item misses."""
        has_shortfall = self.problem.targets.has_shortfall
        if not (now & has_shortfall).any():
            return True
        nobody = np.zeros_like(now)
        solution = self._solve(nobody, now)
        if solution is None:
            return False
        _, mix = self._read(solution)
        self.mix_bound[now] = self.columns.frozen(np.where(mix > NOTHING, mix, 0.0))[now]
        solution = self._solve(now, nobody)
        if solution is None:
            return False
        items = self._even_out(solution, now)
        self.items_bound[now] = self.columns.frozen(items)[now]
        self.items_short[now] = items[now]
        return True

    def _program(self) -> LinearProgram:
        """Rows: hard · Σ x + items ≥ asked · Σ (h/h̄) x + free + mix ≥ asked · Σ x ≤ asked + over · bands."""
        problem, targets, hard = self.problem, self.problem.targets, self.hard
        short, over = np.flatnonzero(targets.has_shortfall), np.flatnonzero(targets.has_excess)
        items, mix = scale_rows(targets.items, 1 / targets.size), scale_rows(targets.fair_mix, 1 / targets.size)
        segments = self.columns.matrix()
        low, high = band(problem, self.outcome)
        size = np.maximum(high, 1.0)
        matrix = stack_blocks(
            [
                [hard.matrix, None, None],
                [items[short], segments[short], None],
                [mix[short], None, segments[short]],
                [items[over], None, None],
                [scale_rows(problem.queues.matrix, 1 / size), None, None],
            ]
        )
        asked = targets.asked / targets.size
        open_side = np.full(2 * len(short), np.inf)
        reached = items[over] @ self.outcome.point + self.outcome.room
        lower = np.concatenate(
            [hard.row_lower, asked[short], (asked - self.mix_free)[short], np.full(len(over), -np.inf), low / size]
        )
        upper = np.concatenate([hard.row_upper, open_side, np.maximum((asked + self.over)[over], reached), high / size])
        # the fair outcome keeps its rows to its residual only; every program here must contain it
        activity = matrix[:, : self.n_cells] @ self.outcome.point
        rigid = np.ones(len(lower), dtype=bool)
        rigid[hard.matrix.shape[0] : hard.matrix.shape[0] + 2 * len(short)] = False
        return LinearProgram(
            np.zeros(matrix.shape[1]),
            csc_matrix(matrix),
            np.where(rigid, np.minimum(lower, activity - _ROOM), lower),
            np.where(rigid, np.maximum(upper, activity + _ROOM), upper),
            np.concatenate([hard.lower, np.zeros(2 * self.columns.width)]),
            np.concatenate([hard.upper, np.full(2 * self.columns.width, np.inf)]),
        )

    def _solve(self, items_now: np.ndarray, mix_now: np.ndarray) -> Solution | None:
        misses = self.problem.plan.settings.misses
        cost = np.concatenate(
            [
                np.zeros(self.n_cells),
                self.columns.costs(np.where(items_now, self.price, 0), misses),
                self.columns.costs(np.where(mix_now, self.price, 0), misses),
            ]
        )
        self.session.set_costs(cost / max(float(cost.max()), 1e-12))
        self.session.set_bounds(
            np.concatenate([self.hard.lower, np.zeros(2 * self.columns.width)]),
            np.concatenate([self.hard.upper, self.items_bound.ravel(), self.mix_bound.ravel()]),
        )
        solution = self.session.solve(self.watch.remaining_s())
        if not solved_in_time(solution):
            return None
        self.programs.append((self.session.program, solution))
        self.point = solution.value[: self.n_cells]
        return solution

    def _read(self, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
        segments = solution.value[self.n_cells :]
        return self.columns.total(segments[: self.columns.width]), self.columns.total(segments[self.columns.width :])

    def _even_out(self, solution: Solution, now: np.ndarray) -> np.ndarray:
        items, _ = self._read(solution)
        items = np.where(items > NOTHING, items, 0.0)
        if (items[now] > 0).sum() == 0 or now.sum() == 1:
            return items
        fair = self.problem.fair
        segment = np.repeat(1 / (_EVENNESS * self.price), len(self.items_bound[0]))
        point = nearest_on_optimal_face(
            self.session.program,
            solution,
            np.concatenate([self.outcome.point, np.zeros(2 * self.columns.width)]),
            np.concatenate([fair.scale / fair.hours, segment, segment]),
        )
        evened = self.columns.total(point[self.n_cells : self.n_cells + self.columns.width])
        return np.where(evened > NOTHING, evened, 0.0)

    def result(self, *, complete: bool) -> Guarded:
        targets = self.problem.targets
        low, high = band(self.problem, self.outcome)
        items, mix = targets.items @ self.point, targets.fair_mix @ self.point
        floor = np.where(targets.has_shortfall, targets.asked, -np.inf)
        ceiling = np.where(targets.has_excess, targets.asked + self.over * targets.size, np.inf)
        levels = Levels(
            np.minimum(floor - self.items_short * targets.size, items),
            np.maximum(ceiling, items),
            np.minimum(floor - self.mix_short * targets.size, mix),
            low,
            high,
        )
        return Guarded(levels, self.point, complete, tuple(self.programs))
