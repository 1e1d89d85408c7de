"""The decision where targets may be missed: misses by priority, the fairest outcome, the mix guard.

Owns: which of these steps follows which.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import Before, Decision, Upto, make_decision
from engine.decision.fairness import (
    Fairest,
    OnFace,
    find_fairest,
    is_small,
    reach_fairest,
    with_smallest_prices,
)
from engine.decision.guard import FairOutcome, move_within_guard
from engine.decision.hard import Hard
from engine.decision.levels import NOISE, KeptRows, Levels, kept_rows, levels_of, no_targets, with_room, within_reach
from engine.decision.misses import Misses, find_misses, foresee_misses, misses_at
from engine.decision.segmented import NOTHING
from engine.decision.tight import Tight
from engine.formulation.problem import Problem
from solver.frozen import frozen
from solver.memory import Trial, Unhinted
from solver.projection import GOOD


def decide_by_programs(problem: Problem, hard: Hard, watch: Watch, upto: Upto = Upto.PLAN) -> Decision:
    """Return the decision for a problem whose targets may not all be met.

    Parameters
    ----------
    hard : its rows that cannot give way
    upto : whether the mix guard follows on the fair outcome, and the fairest plan on that

    Notes
    -----
    Programs that start at the corners of an earlier run end in another of their optima. What is unique of it is the
    same; where anything else would have a say in the plan, all of it is decided once more, from nothing.
    """
    if not watch.memory.is_kept:
        return _decide(problem, hard, watch, upto)[0]
    trial = Trial(watch.memory)
    found, is_sure = _decide(problem, hard, replace(watch, memory=trial), upto)
    if is_sure or not trial.has_hinted:
        trial.keep()
        return found
    return _decide(problem, hard, replace(watch, memory=Unhinted(watch.memory)), upto)[0]


def _decide(problem: Problem, hard: Hard, watch: Watch, upto: Upto) -> tuple[Decision, bool]:
    """Return the decision, and whether nothing has a say in it but what is unique in the programs' answers."""
    misses, found = (watch.only_misses and _foreseen(problem, hard, watch)) or _found(problem, hard, watch)
    outcome, targets = found.fairest, problem.targets
    open_hours = _open_hours(problem, misses, outcome.point)
    short = misses.short if misses.is_complete else misses_at(targets, outcome.point)[0]
    before = Before(outcome.point, short * targets.size, misses.programs, open_hours)
    item_short = np.where(targets.has_shortfall, targets.asked - targets.items @ outcome.point, 0) / targets.size
    if upto is Upto.FAIR_OUTCOME or open_hours > 0 or not (item_short > NOTHING).any():
        told = _told(problem, hard, found, watch)
        return make_decision(problem, hard, found.kept, told, found.levels, before), found.is_sure
    # what the guard may win: at most all that is short in items
    at_stake = float(np.sum(np.maximum(item_short, 0) * targets.size * targets.mean_hours))
    if watch.is_over:
        before, told = replace(before, open_hours=at_stake), _told(problem, hard, found, watch)
        return make_decision(problem, hard, found.kept, told, found.levels, before), found.is_sure
    watch.on_step("mix guard")
    start = FairOutcome(outcome.point, outcome.residual if outcome.is_projected else 0.0)
    guarded = move_within_guard(problem, hard, start, misses.over, watch)
    if upto is Upto.MISSES:
        made = make_decision(problem, hard, found.kept, outcome, guarded.levels, before, used_guard=True)
        return replace(made, point=np.clip(guarded.point, hard.lower, hard.upper)), found.is_sure
    watch.on_step("fairness within the mix guard")
    last = _fairest_at(problem, hard, guarded.levels, OnFace(guarded.point, guarded.tight), watch, start.point)
    before = replace(before, programs=(*misses.programs, *guarded.programs))
    if not guarded.is_complete:
        before = replace(before, open_hours=at_stake)
    told = _told(problem, hard, last, watch)
    made = make_decision(problem, hard, last.kept, told, last.levels, before, used_guard=True)
    return made, found.is_sure and last.is_sure


def _told(problem: Problem, hard: Hard, at: _AtLevels, watch: Watch) -> Fairest:
    """Return the fairest plan with the prices that are told of it, where anybody reads them."""
    if not watch.is_told:
        return at.fairest
    return with_smallest_prices(problem, hard, at.kept, at.fairest, at.tight, watch.memory)


def _found(problem: Problem, hard: Hard, watch: Watch) -> tuple[Misses, _AtLevels]:
    """Return the least misses, by programs, and the fairest plan at them."""
    misses = find_misses(problem, hard, _incumbent(problem, hard, watch), watch)
    watch.on_step("fairness")
    at_misses = levels_of(problem, misses.short, misses.over)
    return misses, _fairest_at(problem, hard, at_misses, OnFace(misses.point, misses.tight), watch)


def _foreseen(problem: Problem, hard: Hard, watch: Watch) -> tuple[Misses, _AtLevels] | None:
    """Return the same without a program: misses can be no less by prices, and there is a plan at them; else None."""
    misses = foresee_misses(problem, hard, watch)
    if misses is None:
        return None
    levels = levels_of(problem, misses.short, misses.over)
    kept = kept_rows(problem, hard, levels)
    found = reach_fairest(problem, hard, kept, watch.memory, watch.near)
    return (misses, _AtLevels(kept, levels, found, misses.tight, is_sure=True)) if found.residual <= _EXACT else None


_EXACT = 1e-10
"""Residual of a projection that hangs on nothing but its rows."""


@frozen
class _AtLevels:
    """The fairest plan at some levels.

    tight : what the programs' prices call tight; is_sure : whether the programs' own plan had no say in it
    """

    kept: KeptRows
    levels: Levels
    fairest: Fairest
    tight: Tight
    is_sure: bool


def _fairest_at(
    problem: Problem, hard: Hard, levels: Levels, reached: OnFace, watch: Watch, start: np.ndarray | None = None
) -> _AtLevels:
    """Return the fairest plan at levels; at what a program's plan reaches of them where they leave no plan at all.

    Parameters
    ----------
    reached : the programs' plan; it may miss levels by the room that programs leave each other
    start : float64, shape (cells,), the plan that they started from
    """
    for at in (levels, with_room(levels, problem.targets.size)):
        kept = kept_rows(problem, hard, at, start=start)
        activity = kept.matrix @ np.clip(reached.point, hard.lower, hard.upper)
        lacks = float(np.max(np.maximum(kept.lower - activity, activity - kept.upper), initial=0.0))
        near = watch.near if lacks <= NOISE or is_small(problem) else ""
        found = reach_fairest(problem, hard, kept, watch.memory, near)
        if found.residual <= GOOD:
            return _AtLevels(kept, at, found, reached.tight, is_small(problem) or found.residual <= _EXACT)
        if lacks <= NOISE and not is_small(problem):
            found = find_fairest(problem, hard, kept, reached, reached=found, memory=watch.memory)
            # what is tight by its price is where it is in all of the programs' optima
            return _AtLevels(kept, at, found, reached.tight, found.residual <= _EXACT)
    levels = within_reach(problem, levels, reached.point)
    kept = kept_rows(problem, hard, levels, reached.point)
    found = find_fairest(problem, hard, kept, reached, memory=watch.memory)
    return _AtLevels(kept, levels, found, reached.tight, is_sure=False)


def _incumbent(problem: Problem, hard: Hard, watch: Watch) -> np.ndarray:
    """Return a plan that keeps the hard rows: worth its time only where time may run out."""
    if watch.remaining_s() is None:
        return np.asarray(np.clip(problem.fair.value, hard.lower, hard.upper))
    watch.on_step("a first plan within capacity")
    return find_fairest(problem, hard, kept_rows(problem, hard, no_targets(problem)), memory=watch.memory).point


def _open_hours(problem: Problem, misses: Misses, point: np.ndarray) -> float:
    """Return what a plan misses of the priorities that were not settled in time, in hours."""
    if misses.is_complete:
        return 0.0
    targets = problem.targets
    short, over = misses_at(targets, point)
    unsettled = np.isin(targets.priority, np.unique(targets.priority)[misses.settled :])
    missed = np.where((short > NOTHING) | (over > NOTHING), short + over, 0.0)
    return float(np.sum((missed * targets.size * targets.mean_hours)[unsettled]))
