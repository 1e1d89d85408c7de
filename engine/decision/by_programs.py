"""The decision where targets may be missed: misses by priority, the fairest outcome, the mix guard.

Owns: which of these steps follows which.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import Before, Decision, make_decision
from engine.decision.fairness import OnFace, find_fairest
from engine.decision.guard import FairOutcome, move_within_guard
from engine.decision.hard import Hard
from engine.decision.levels import kept_rows, levels_at, no_targets
from engine.decision.misses import Misses, find_misses, misses_at
from engine.decision.segmented import NOTHING
from engine.formulation.problem import Problem


def decide_by_programs(problem: Problem, hard: Hard, watch: Watch, *, with_guard: bool = True) -> Decision:
    """Return the decision for a problem whose targets may not all be met.

    Parameters
    ----------
    hard : its rows that cannot give way
    with_guard : whether the mix guard follows on the fair outcome
    """
    misses = find_misses(problem, hard, _incumbent(problem, hard, watch), watch)
    levels = levels_at(problem, misses.short, misses.over, misses.point)
    kept = kept_rows(problem, hard, levels, misses.point)
    watch.on_step("fairness")
    outcome = find_fairest(problem, hard, kept, OnFace(misses.point, misses.tight))
    targets = problem.targets
    open_hours = _open_hours(problem, misses, outcome.point)
    short = misses.short if misses.is_complete else misses_at(targets, outcome.point)[0]
    before = Before(outcome.point, short * targets.size, misses.programs, open_hours)
    item_short = np.where(targets.has_shortfall, targets.asked - targets.items @ outcome.point, 0) / targets.size
    if not with_guard or open_hours > 0 or not (item_short > NOTHING).any():
        return make_decision(problem, hard, kept, outcome, levels, before)
    # what the guard may win: at most all that is short in items
    at_stake = float(np.sum(np.maximum(item_short, 0) * targets.size * targets.mean_hours))
    if watch.is_over:
        return make_decision(problem, hard, kept, outcome, levels, replace(before, open_hours=at_stake))
    watch.on_step("mix guard")
    start = FairOutcome(outcome.point, outcome.residual if outcome.is_projected else 0.0)
    guarded = move_within_guard(problem, hard, start, misses.over, watch)
    kept = kept_rows(problem, hard, guarded.levels, guarded.point)
    watch.on_step("fairness within the mix guard")
    fairest = find_fairest(problem, hard, kept, OnFace(guarded.point, guarded.tight))
    before = replace(before, programs=(*misses.programs, *guarded.programs))
    if not guarded.is_complete:
        before = replace(before, open_hours=at_stake)
    return make_decision(problem, hard, kept, fairest, guarded.levels, before, used_guard=True)


def _incumbent(problem: Problem, hard: Hard, watch: Watch) -> np.ndarray:
    """Return a plan that keeps the hard rows: worth its time only where time may run out."""
    if watch.remaining_s() is None:
        return np.asarray(np.clip(problem.fair.value, hard.lower, hard.upper))
    watch.on_step("a first plan within capacity")
    return find_fairest(problem, hard, kept_rows(problem, hard, no_targets(problem))).point


def _open_hours(problem: Problem, misses: Misses, point: np.ndarray) -> float:
    """Return what a plan misses of the priorities that were not settled in time, in hours."""
    if misses.is_complete:
        return 0.0
    targets = problem.targets
    short, over = misses_at(targets, point)
    unsettled = np.isin(targets.priority, np.unique(targets.priority)[misses.settled :])
    missed = np.where((short > NOTHING) | (over > NOTHING), short + over, 0.0)
    return float(np.sum((missed * targets.size * targets.mean_hours)[unsettled]))
