"""Large plans period by period: longer sums shared out, backlog rolled, one pass back.

What a longer sum asks falls to periods as a coarse plan says, so that they know nothing of each other and are decided
side by side. Where work waits from one period to the next, they come one after the other instead: what came in and was
not handled is there in full, and so are misses of the periods before. Which of both hardly matters to what is missed in
the end: all misses are evened out afterwards (``engine.decision.evened``).

Owns: what is asked of which period, in which order periods are decided, and when one is decided again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine.decision.clock import Watch
from engine.decision.coarse import coarse_plan
from engine.decision.misses import priced_misses
from engine.decision.part import Cutter, Part, Share
from engine.formulation.problem import OF_INFLOW, Problem
from solver.frozen import frozen
from solver.matrices import scale_columns
from solver.sparse import csr_matrix

if TYPE_CHECKING:
    from engine.decision.decide import Decision

_NOTHING = 1e-7
"""Part of a target's size from which a miss is worth a second look at a period."""


@frozen
class Piece:
    """A part and what was decided in it."""

    part: Part
    decided: Decision


@dataclass
class Split:
    """A plan decided period by period.

    decide : decides a part, given a watch; a function that can be pickled
    again : how many periods were decided a second time
    """

    problem: Problem
    decide: Callable[[Watch, Problem], Decision]
    watch: Watch
    pieces: dict[int, Piece] = field(default_factory=dict)
    again: int = 0

    def __post_init__(self) -> None:
        problem, periods = self.problem, self.problem.plan.cells.period
        self.cutter = Cutter(problem)
        self.times = np.unique(periods)
        of_period = [np.flatnonzero(periods == time) for time in self.times]
        self.cells = of_period
        coarse = coarse_plan(problem)
        member = csr_matrix(
            (np.ones(len(periods)), (np.arange(len(periods)), np.searchsorted(self.times, periods))),
            shape=(len(periods), len(self.times)),
        )

        def parts(matrix: csr_matrix) -> np.ndarray:
            """Return what falls to each period in the coarse plan: float64, shape (rows, periods)."""
            found = np.asarray((scale_columns(matrix, coarse) @ member).todense())
            nothing = np.asarray((scale_columns(matrix, problem.fair.scale + 1e-9) @ member).todense())
            return np.where(found.sum(axis=1, keepdims=True) > 0, found, nothing)

        self.of_capacity, self.of_limits = parts(problem.capacity.matrix), parts(problem.limits.matrix)
        self.of_targets, self.of_mix = parts(problem.targets.items), parts(problem.targets.fair_mix)
        self.value, self.fair_outcome = np.zeros(len(periods)), np.zeros(len(periods))

    def run(self) -> list[Piece]:
        """Return the pieces in time order."""
        count = len(self.times)
        if (self.problem.capacity.kind == OF_INFLOW).any():
            self._decide_in_turn()
        else:
            self._decide_side_by_side()
        for at in reversed(range(count)):
            self._decide_again(at)
        return [self.pieces[at] for at in range(count)]

    def _decide_in_turn(self) -> None:
        count = len(self.times)
        for at in range(count):
            self.watch.on_step(f"period {at + 1} of {count}")
            self._take(at, self._decided(at, self._share(at)))

    def _decide_side_by_side(self) -> None:
        watch, count = self.watch, len(self.times)
        parts = [self.cutter.cut(self.cells[at], self._share(at)) for at in range(count)]
        watch.on_step(f"{count} periods" if watch.is_timed else f"{count} periods side by side")
        if watch.is_timed:  # a limit counts for all of them together
            decided = [self.decide(watch, part.problem) for part in parts]
        else:
            decide = partial(self.decide, Watch(memory=watch.memory))
            decided = watch.workers.map(decide, [part.problem for part in parts])
        for at, (part, each) in enumerate(zip(parts, decided, strict=True)):
            self._take(at, Piece(part, each))

    def _share(self, at: int) -> Share:
        """Return what falls to a period in the coarse plan; of what came in, all that was not handled before."""
        problem = self.problem
        capacity, limits, asked = problem.capacity, problem.limits, problem.targets.asked
        of_limits = _proportion(self.of_limits, at)
        lower = limits.lower * of_limits
        upper = np.where(np.isfinite(limits.upper), limits.upper * of_limits, np.inf)
        waits = capacity.there - capacity.matrix @ self.value
        return Share(
            np.where(capacity.kind == OF_INFLOW, waits, capacity.there * _proportion(self.of_capacity, at)),
            lower,
            np.maximum(upper, lower),
            asked * _proportion(self.of_targets, at),
            asked * _proportion(self.of_mix, at),
        )

    def _decided(self, at: int, share: Share) -> Piece:
        part = self.cutter.cut(self.cells[at], share)
        return Piece(part, self.decide(self.watch, part.problem))

    def _take(self, at: int, piece: Piece) -> None:
        self.pieces[at] = piece
        self.value[self.cells[at]] = piece.decided.point
        self.fair_outcome[self.cells[at]] = piece.decided.fair_outcome

    def _decide_again(self, at: int) -> None:
        """Ask a period for all that is still missing of longer sums, where it gave all it was asked for."""
        targets, piece = self.problem.targets, self.pieces[at]
        if not self._has_room(piece):
            return
        share = self._share_of_rest(at)
        before, kept = (
            priced_misses(self.problem, self.fair_outcome),
            (self.pieces[at], self.value.copy(), self.fair_outcome.copy()),
        )
        self.watch.on_step(f"period {at + 1} once more")
        self.again += 1
        self._take(at, self._decided(at, share))
        after = priced_misses(self.problem, self.fair_outcome)
        worse = np.flatnonzero(np.abs(after - before) > _NOTHING * np.maximum(1.0, targets.mean_hours.sum()))
        if len(worse) and after[worse[0]] > before[worse[0]]:
            self.pieces[at], self.value, self.fair_outcome = kept

    def _has_room(self, piece: Piece) -> bool:
        """Whether a longer sum is short on the whole, and this period met its part of it."""
        targets, part = self.problem.targets, piece.part
        short = targets.has_shortfall & (self._reached() < targets.asked - _NOTHING * targets.size)
        own = part.problem.targets
        met = own.items @ piece.decided.fair_outcome >= own.asked - _NOTHING * own.size
        is_longer = (self.of_targets[part.targets] > 0).sum(axis=1) > 1
        return bool((short[part.targets] & met & is_longer).any())

    def _share_of_rest(self, at: int) -> Share:
        problem = self.problem
        done, fair_done = self.value.copy(), self.fair_outcome.copy()
        done[self.cells[at]] = fair_done[self.cells[at]] = 0.0
        capacity, limits, targets = problem.capacity, problem.limits, problem.targets
        handled = limits.matrix @ done
        lower = np.maximum(limits.lower - handled, 0.0)
        return Share(
            capacity.there - capacity.matrix @ done,
            lower,
            np.maximum(np.where(np.isfinite(limits.upper), limits.upper - handled, np.inf), lower),
            np.maximum(targets.asked - targets.items @ fair_done, 0.0),
            np.maximum(targets.asked - targets.fair_mix @ fair_done, 0.0),
        )

    def _reached(self) -> np.ndarray:
        """Return what is reached of every target in the worse of both counts, before the mix guard."""
        targets = self.problem.targets
        return np.asarray(np.minimum(targets.items @ self.fair_outcome, targets.fair_mix @ self.fair_outcome))


def _proportion(parts: np.ndarray, at: int) -> np.ndarray:
    """Return the part of each row that falls to a period: float64, shape (rows,)."""
    whole = parts.sum(axis=1)
    return np.asarray(np.divide(parts[:, at], whole, out=np.ones(len(parts)), where=whole > 0))
