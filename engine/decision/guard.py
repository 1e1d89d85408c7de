"""The mix guard: where something is short, queues may leave their fair outcome by a little so that counts are met.

Owns: the second round of programs, in items, each queue and period within its band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.decision.clock import Watch
from engine.decision.hard import Hard
from engine.decision.levels import NOISE, ROOM, Levels
from engine.decision.segmented import SegmentedProgram
from engine.decision.segments import SegmentColumns
from engine.decision.tight import Tight, tight_parts
from engine.formulation.problem import Problem
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks
from solver.program import LinearProgram, Solution
from solver.sparse import csc_matrix

_ROOM = 1e-9  # part of a row's size, as wide as the solver's own tolerance


@frozen
class Guarded:
    """Levels after the mix guard, and a plan that reaches them, but for the room that programs leave each other."""

    levels: Levels
    point: np.ndarray
    tight: Tight
    is_complete: bool
    programs: tuple[tuple[LinearProgram, Solution], ...]


@frozen
class FairOutcome:
    """The fairest plan before the guard. point : float64, shape (cells,); residual : how exactly it keeps its rows."""

    point: np.ndarray
    residual: float

    @property
    def room(self) -> float:
        """Part of a row's size by which programs that start from this plan are loosened, so that it lies inside."""
        return 4 * max(self.residual, 1e-9)


def band(problem: Problem, outcome: FairOutcome) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each queue total may go from its fair outcome: float64, shape (totals,), items.

    Where fair shares start from what was sealed, queues may go as far as they might from history: a plan that was
    sealed has used the guard already, and another step from it would have no end.
    """
    totals = problem.queues.matrix @ outcome.point
    centre = totals if problem.guard_from is None else problem.queues.matrix @ problem.guard_from
    band, room = problem.queues.may_lose * centre, outcome.room * np.maximum(totals, 1.0)
    return np.maximum(np.minimum(centre - band, totals) - room, 0.0), np.maximum(centre + band, totals) + room


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
    """Priorities settled once more; the first kind of miss counts items, the second fair-mix hours."""

    problem: Problem
    hard: Hard
    outcome: FairOutcome
    over: np.ndarray
    watch: Watch

    def __post_init__(self) -> None:
        targets = self.problem.targets
        asked = np.where(targets.has_shortfall, targets.asked, 0)
        self.items_short = np.maximum(asked - targets.items @ self.outcome.point, 0) / targets.size
        # a first stretch of fair-mix shortfall is free: what the fair outcome has already
        self.mix_short = np.maximum(asked - targets.fair_mix @ self.outcome.point, 0) / targets.size
        self.mix_free = self.mix_short + self.outcome.room
        self.program = SegmentedProgram(self.problem, self.hard, self._rows(), self.outcome.point, self.watch)

    def settle(self, now: np.ndarray) -> bool:
        """Settle one priority: its fair-mix hours back to the fair outcome's, then the least item misses."""
        if not (now & self.problem.targets.has_shortfall).any():
            return True
        nobody = np.zeros_like(now)
        # until items have moved, the fair outcome itself shows that its hours can be had
        hours = np.zeros(len(now))
        if self.program.programs:
            if self.program.minimise(nobody, now) is None:
                return False
            hours = self.program.even_out(1, now, self.outcome.point)
            self.mix_short[now] += hours[now]
        self.program.freeze(1, now, hours)
        if self.program.minimise(now, nobody) is None:
            return False
        items = self.program.even_out(0, now, self.outcome.point)
        self.program.freeze(0, now, items)
        self.items_short[now] = items[now]
        return True

    def _rows(self) -> LinearProgram:
        """Rows: hard · Σ x + items ≥ asked · Σ (h/h̄) x + free + mix ≥ asked · Σ x ≤ asked + over · bands."""
        problem, targets, hard = self.problem, self.problem.targets, self.hard
        short, over = np.flatnonzero(targets.has_shortfall), np.flatnonzero(targets.has_excess)
        items, mix = scale_rows(targets.items, 1 / targets.size), scale_rows(targets.fair_mix, 1 / targets.size)
        columns = SegmentColumns(len(targets))
        segments, n_cells = columns.matrix(), len(hard.lower)
        low, high = band(problem, self.outcome)
        # a queue that is all but given up is measured by what would be fair
        size = np.maximum.reduce([high, problem.queues.matrix @ problem.fair.value, np.ones(len(high))])
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
        ceiling, reached = (asked + self.over)[over], items[over] @ self.outcome.point
        is_over = reached > ceiling + ROOM + NOISE
        lower = np.concatenate(
            [hard.row_lower, asked[short], (asked - self.mix_free)[short], np.full(len(over), -np.inf), low / size]
        )
        ceiling = np.where(is_over, reached + self.outcome.room, np.maximum(ceiling, reached))
        upper = np.concatenate([hard.row_upper, open_side, ceiling, high / size])
        # the fair outcome keeps its rows to its residual only; every program here must contain it
        activity = matrix[:, :n_cells] @ self.outcome.point
        rigid = np.ones(len(lower), dtype=bool)
        first = hard.matrix.shape[0]
        rigid[first : first + 2 * len(short)] = False
        # room that is given would be used: where a row is kept as it is, what is exact must stay so
        rigid[first + 2 * len(short) : first + 2 * len(short) + len(over)] = is_over
        return LinearProgram(
            np.zeros(matrix.shape[1]),
            csc_matrix(matrix),
            np.where(rigid, np.minimum(lower, activity - _ROOM), lower),
            np.where(rigid, np.maximum(upper, activity + _ROOM), upper),
            np.concatenate([hard.lower, np.zeros(2 * columns.width)]),
            np.concatenate([hard.upper, np.full(2 * columns.width, np.inf)]),
        )

    def result(self, *, complete: bool) -> Guarded:
        targets = self.problem.targets
        low, high = band(self.problem, self.outcome)
        floor = np.where(targets.has_shortfall, targets.asked, -np.inf)
        ceiling = np.where(targets.has_excess, targets.asked + self.over * targets.size, np.inf)
        levels = Levels(
            floor - self.items_short * targets.size,
            ceiling,
            floor - self.mix_short * targets.size,
            low,
            high,
        )
        program = self.program
        if complete:
            program.settle_exactly()
        if self.watch.only_misses:
            program.forget_prices()  # nobody asks what is tight
        tight = tight_parts(self.problem, len(self.hard.row_lower), program.tight_rows, program.tight_cells)
        return Guarded(levels, program.point, tight, complete, tuple(program.programs))
