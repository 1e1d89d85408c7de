"""The decision of a large plan that cannot be met: misses period by period, fairness in one piece.

Programs grow faster than their cells, so misses are found one period after the other (``engine.decision.split``). The
fairest plan at the misses that were found is one search over everything, however large. The mix guard then moves work
between queues within each period, one program per period again.

Owns: which of these follows which, and what stands where a search over everything finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.decision.clock import UNTIMED, Watch
from engine.decision.decide import Before, Decision, make_decision
from engine.decision.evened import even_out_misses
from engine.decision.fairness import Fairest, OnFace, find_fairest
from engine.decision.guard import FairOutcome, move_within_guard
from engine.decision.hard import Hard, gave_way, settle_hard_rows, with_limits_as_kept
from engine.decision.joined import join_fairest, join_kept, join_levels
from engine.decision.levels import KeptRows, Levels, kept_rows, levels_at, within_reach
from engine.decision.misses import misses_at
from engine.decision.part import Part, share_of_point
from engine.decision.segmented import NOTHING
from engine.decision.split import Piece, Split
from engine.formulation.problem import Problem
from solver.frozen import frozen


def decide_by_periods(
    problem: Problem, hard: Hard, watch: Watch, decide_part: Callable[[Watch, Problem], Decision]
) -> Decision | None:
    """Return the decision; None where a limit over several periods can be kept by the whole alone.

    Parameters
    ----------
    hard : the rows of the whole that cannot give way
    decide_part : decides one period, up to its fair outcome; a function that can be pickled
    """
    split = Split(with_limits_as_kept(problem, hard), decide_part, watch)
    pieces = split.run()
    if any(gave_way(piece.decided.hard) for piece in pieces):
        return None
    found = _FairOutcome.of(problem, hard, split, pieces, watch)
    decision = found.decision(problem, hard)
    at_stake = _short_in_items(problem, found.fairest.point)
    if decision.open_hours > 0 or at_stake <= 0:
        return decision
    if watch.is_over:
        return replace(decision, open_hours=at_stake, is_complete=False)
    return _within_guard(problem, hard, found, split, watch)


@frozen
class _FairOutcome:
    """The fair outcome of the whole.

    residual : how exactly it keeps its rows
    before : what was known before; pieces, again : how many periods, and how many of them twice
    """

    fairest: Fairest
    kept: KeptRows
    levels: Levels
    before: Before
    pieces: int
    again: int

    @classmethod
    def of(cls, problem: Problem, hard: Hard, split: Split, pieces: Sequence[Piece], watch: Watch) -> _FairOutcome:
        """Return the fairest plan at the misses of the periods; where none is found, the periods' own."""
        decided = [piece.decided for piece in pieces]
        programs = tuple(program for each in decided for program in each.programs)
        open_hours = sum(each.open_hours for each in decided)
        fairest, kept, levels, value = None, None, None, split.value
        if not watch.is_over:
            watch.on_step("misses of all periods")
            value = even_out_misses(problem, hard, value)
        short, over = misses_at(problem.targets, value)
        if not watch.is_over:
            watch.on_step("fairness over all periods")
            levels = levels_at(problem, short, over, value)
            kept = kept_rows(problem, hard, levels, value)
            fairest = find_fairest(problem, hard, kept, may_stand_in=False, memory=watch.memory)
        if fairest is None or kept is None or levels is None or not fairest.is_projected:
            kept, price = join_kept(problem, pieces)
            fairest = join_fairest(problem, pieces, split.value, price)
            levels = join_levels(problem, pieces, split.value)
            short = misses_at(problem.targets, split.value)[0]
        before = Before(fairest.point, short * problem.targets.size, programs, open_hours)
        return cls(fairest, kept, levels, before, len(pieces), split.again)

    def decision(self, problem: Problem, hard: Hard) -> Decision:
        made = make_decision(problem, hard, self.kept, self.fairest, self.levels, self.before)
        return replace(made, pieces=self.pieces, again=self.again)


def _short_in_items(problem: Problem, point: np.ndarray) -> float:
    """Return the hours of what is short in items: what the guard may win at most."""
    targets = problem.targets
    short = np.where(targets.has_shortfall, targets.asked - targets.items @ point, 0) / targets.size
    if not (short > NOTHING).any():
        return 0.0
    return float(np.sum(np.maximum(short, 0) * targets.size * targets.mean_hours))


def _within_guard(problem: Problem, hard: Hard, found: _FairOutcome, split: Split, watch: Watch) -> Decision:
    """Return the decision after the mix guard: item misses once more, each period within the bands of its queues."""
    outcome = FairOutcome(found.fairest.point, found.fairest.residual if found.fairest.is_projected else 0.0)
    watch.on_step(f"mix guard in {len(split.cells)} periods")
    parts = [split.cutter.cut(cells, share_of_point(problem, cells, outcome.point)) for cells in split.cells]
    open_parts = [_Open(part, replace(outcome, point=outcome.point[part.cells])) for part in parts]
    # a limit counts for all periods together: only where there is none do they know nothing of each other
    pieces = (
        [_guarded(each, watch) for each in open_parts] if watch.is_timed else watch.workers.map(_guarded, open_parts)
    )
    point = outcome.point.copy()
    for piece in pieces:
        point[piece.part.cells] = piece.decided.point
    kept, price = join_kept(problem, pieces)
    programs = tuple(program for piece in pieces for program in piece.decided.programs)
    open_hours = sum(piece.decided.open_hours for piece in pieces)
    before = replace(found.before, programs=(*found.before.programs, *programs), open_hours=open_hours)
    fairest, levels = join_fairest(problem, pieces, point, price), join_levels(problem, pieces, point)
    made = make_decision(problem, hard, kept, fairest, levels, before, used_guard=True)
    return replace(made, pieces=found.pieces, again=found.again)


@frozen
class _Open:
    """A period before the mix guard, and its fair outcome."""

    part: Part
    outcome: FairOutcome


def _guarded(period: _Open, watch: Watch = UNTIMED) -> Piece:
    """Return what one period wins within the guard, its fairest plan; the fair outcome where nothing in it is short."""
    part, problem, own = period.part, period.part.problem, period.outcome
    hard, (short, over) = settle_hard_rows(problem), misses_at(problem.targets, own.point)
    at_stake = _short_in_items(problem, own.point)
    before = Before(own.point, short * problem.targets.size, ())
    if at_stake <= 0 or watch.is_over:
        levels = levels_at(problem, short, over, own.point)
        kept = kept_rows(problem, hard, levels, own.point)
        fairest = find_fairest(problem, hard, kept, memory=watch.memory)
        return Piece(part, make_decision(problem, hard, kept, fairest, levels, replace(before, open_hours=at_stake)))
    guarded = move_within_guard(problem, hard, own, over, watch)
    levels = within_reach(problem, guarded.levels, guarded.point)
    kept = kept_rows(problem, hard, levels, guarded.point)
    fairest = find_fairest(problem, hard, kept, OnFace(guarded.point, guarded.tight), memory=watch.memory)
    before = replace(before, programs=guarded.programs, open_hours=0.0 if guarded.is_complete else at_stake)
    return Piece(part, make_decision(problem, hard, kept, fairest, levels, before, used_guard=True))
