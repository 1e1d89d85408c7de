"""Targets strictly by priority: the larger of a miss in items and in fair-mix hours, spread, in hours.

Owns: the sequence of programs that finds how far every target must be missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.decision.clock import Watch
from engine.decision.hard import Hard
from engine.decision.segmented import NOTHING, SegmentedProgram
from engine.decision.segments import SegmentColumns
from engine.decision.tight import Tight, tight_parts
from engine.formulation.problem import Problem, TargetRows
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks
from solver.program import LinearProgram, Solution
from solver.sparse import csc_matrix


@frozen
class Misses:
    """How far targets are missed; float64, shape (targets,), parts of each target's size.

    short : the larger of the miss in items and in fair-mix hours; over : excess in items
    point : float64, shape (cells,), a plan that misses no more than that
    tight : what all plans that miss no more have in common
    settled : how many priorities were finished; all of them unless time ran out
    programs : every program with the solution taken from it
    """

    short: np.ndarray
    over: np.ndarray
    point: np.ndarray
    tight: Tight
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


def foresee_misses(problem: Problem, hard: Hard, watch: Watch) -> Misses | None:
    """Return what of each target must be missed at least, by an earlier run's prices; None where they cannot tell.

    Where a plan is found that misses no more, these are the least misses, and no program was needed. Their ``point``
    is no such plan.
    """
    return _Run(problem, hard, hard.lower, watch).foreseen()


@dataclass
class _Run:
    """Priorities settled one after the other; the first kind of miss is a shortfall, the second an excess."""

    problem: Problem
    hard: Hard
    incumbent: np.ndarray
    watch: Watch
    settled: int = 0

    def __post_init__(self) -> None:
        self.short, self.over = misses_at(self.problem.targets, self.incumbent)
        program = miss_program(self.problem, self.hard)
        self.program = SegmentedProgram(self.problem, self.hard, program, self.incumbent, self.watch)
        if self.watch.only_misses:
            self.program.start_from(self.hard.lower, misses_at(self.problem.targets, self.hard.lower)[0])

    def all_can_be_met(self) -> bool:
        """Whether one program meets everything in both counts at once: the common case."""
        everything = np.ones(len(self.short), dtype=bool)
        if self.watch.only_misses and self._is_surely_missed(everything):
            return False
        found = self.program.minimise(everything, everything)
        if found is None or found[0].any() or found[1].any():
            self.program.forget_prices()
            return False
        self.short, self.over = found
        self.settled = len(np.unique(self.problem.targets.priority))
        return True

    def _is_surely_missed(self, everything: np.ndarray) -> bool:
        nobody, priority = np.zeros_like(everything), self.problem.targets.priority
        first = priority == priority.min(initial=np.inf)
        return self.program.least(everything, everything) > 0 or self.program.least(first, nobody) > 0

    def foreseen(self) -> Misses | None:
        """Return the least misses as prices alone tell them: of priorities without any, or with but one target."""
        targets, misses = self.problem.targets, self.problem.plan.settings.misses
        short, nobody = np.zeros(len(targets)), np.zeros(len(targets), dtype=bool)
        for priority in np.unique(targets.priority):
            now = targets.priority == priority
            least = self.program.least(now, nobody) if (now & targets.has_shortfall).any() else 0.0
            if least > 0 and now.sum() > 1:
                return None  # which of them is missed by how much, only a program tells
            short[now] = SegmentColumns(len(targets)).miss_of(least, misses)
            self.program.freeze(0, now, short)
            self.settled += 1
        tight = tight_parts(
            self.problem, len(self.hard.row_lower), self.program.tight_rows, self.program.tight_cells
        )  # fmt: skip
        found = Misses(short, np.zeros(len(short)), self.hard.lower, tight, self.settled, True, ())
        return found if found.any else None

    def settle(self, now: np.ndarray) -> bool:
        """Minimise the misses of the rows of one priority, excess first; False when time ran out."""
        targets = self.problem.targets
        nobody = np.zeros_like(now)
        if (now & targets.has_excess).any():
            if self.program.minimise(nobody, now) is None:
                return False
            over = self.program.even_out(1, now, self.problem.fair.value)
            self.program.freeze(1, now, over)
            self.over[now] = over[now]
        if (now & targets.has_shortfall).any():
            if self.program.minimise(now, nobody) is None:
                return False
            short = self.program.even_out(0, now, self.problem.fair.value)
            self.program.freeze(0, now, short)
            self.short[now] = short[now]
        self.settled += 1
        return True

    def result(self, *, complete: bool) -> Misses:
        program = self.program
        if complete:
            program.settle_exactly()
        tight = tight_parts(self.problem, len(self.hard.row_lower), program.tight_rows, program.tight_cells)
        return Misses(self.short, self.over, program.point, tight, self.settled, complete, tuple(program.programs))


def misses_at(targets: TargetRows, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far a plan falls short of each target, in the worse of both counts, and overshoots it in items.

    Returns
    -------
    float64, shape (targets,), each, parts of the targets' sizes
    """
    items, mix = targets.items @ point, targets.fair_mix @ point
    short = np.where(targets.has_shortfall, np.maximum(targets.asked - np.minimum(items, mix), 0), 0)
    over = np.where(targets.has_excess, np.maximum(items - targets.asked, 0), 0)
    return short / targets.size, over / targets.size


def priced_misses(problem: Problem, point: np.ndarray) -> np.ndarray:
    """Return what a plan's misses cost by priority, the first in front: float64, shape (priorities,), hours.

    The next per cent of a miss costs more than the last, as the setting Misses says.
    """
    targets = problem.targets
    columns, misses = SegmentColumns(len(targets)), problem.plan.settings.misses
    cost = columns.costs(targets.mean_hours * targets.size, misses).reshape(len(targets), -1)
    priced = sum(np.sum(cost * columns.frozen(miss, 0.0), axis=1) for miss in misses_at(targets, point))
    return np.bincount(np.unique(targets.priority, return_inverse=True)[1].ravel(), priced)


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
