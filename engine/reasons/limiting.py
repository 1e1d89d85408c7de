"""What limits a missed target: full capacity and limits at their end, rolled up the trees.

Owns: which rows stand in the way, and the words in Limited by: a few lines instead of a list of rows.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.decision.decide import Decision
from engine.formulation.linear import is_turnaround
from engine.formulation.problem import OF_CAPACITY, OF_INFLOW, Problem
from engine.plan import Sense
from engine.reasons.rolling import limits_words, period_words, roll_up, rolled_words
from engine.reasons.words import amount_words, never_period, never_words, node_words

FULL = 1e-6
"""Part of a row's hours below which room counts as none."""

_NEARLY_DUE = 1e-3
"""Part of what a queue has to handle by some day that it may handle more and be held to its Turnaround: whole items."""

_NAMED = 3

_ALL_HOURS = "all hours of "
_TURNAROUND_OF = "Turnaround of "

_NO_MORE = "queues may move no further (mix guard)"

_GAVE = "the mix guard: its queue gave "


def limiting_words(problem: Problem, decision: Decision, row: int) -> str:
    """Return what limits a missed target row (canonical position), in words."""
    cells = problem.targets.items[row].indices
    covered = np.zeros(len(decision.point), dtype=bool)
    covered[cells] = True
    if problem.targets.sense[row] == Sense.AT_MOST or _is_over(problem, decision, row):
        found = _minimums(problem, decision, covered)
    else:
        touches = problem.capacity.matrix @ covered.astype(np.float64) > 0
        binds = touches & problem.capacity.full(decision.point, FULL)
        found = [*_full_capacity(problem, touches, binds), *_maximums(problem, decision, covered)]
        found += _waiting_first(problem, decision, row, binds)
    found = [*_guard_lines(problem, decision, row), *found]
    return "; ".join(found) or "targets of the same or a higher priority"


def ways_out(limited_by: str) -> str:
    """Return what somebody can do about a miss, by what limits it: more hours where these are used up, and so on."""
    ways = ["add hours there"] if _ALL_HOURS in limited_by else []
    ways += ["give items more time"] if _TURNAROUND_OF in limited_by else []
    ways += ["set May lose of the queue to 0"] if _GAVE in limited_by else []
    ways += ["release a limit"] if "limit" in limited_by or "hold" in limited_by else []
    words = ", or ".join([*([", ".join(ways)] if ways else []), "lower the target"])
    return f"{words[:1].upper()}{words[1:]}; see Target Check."


def _guard_lines(problem: Problem, decision: Decision, row: int) -> list[str]:
    """Return what the mix guard took from a target that was met before, in words."""
    targets = problem.targets
    before, now = (float(targets.items[row].dot(point)[0]) for point in (decision.fair_outcome, decision.point))
    asked = float(targets.asked[row])
    if not decision.used_guard or now >= asked:
        return []
    if asked <= before + FULL * targets.size[row]:
        return [f"{_GAVE}{amount_words(before - now)} to other queues, and met it before"]
    return [_NO_MORE] if now - before > FULL * targets.size[row] and _bands_are_full(problem, decision, row) else []


def _bands_are_full(problem: Problem, decision: Decision, row: int) -> bool:
    """Whether a queue of a target has moved as far as the mix guard lets it."""
    queues, levels = problem.queues, decision.levels
    inside = np.asarray(queues.matrix[:, problem.targets.items[row].indices].sum(axis=1)).ravel() > 0
    totals = queues.matrix @ decision.point
    room = FULL * np.maximum(1.0, totals)
    return bool((inside & ((totals <= levels.band_lower + room) | (totals >= levels.band_upper - room))).any())


def _is_over(problem: Problem, decision: Decision, row: int) -> bool:
    achieved = float(problem.targets.items[row].dot(decision.point)[0])
    return achieved > float(problem.targets.asked[row])


def _full_capacity(problem: Problem, touches: np.ndarray, binds: np.ndarray) -> list[str]:
    """Return full rows of Capacity in words. touches, binds : bool, shape (rows,), those over a target, and full."""
    rows = problem.capacity
    others = _other_rows(problem, np.flatnonzero(binds & (rows.kind != OF_CAPACITY)))
    touches = touches & (rows.kind == OF_CAPACITY)
    full = np.flatnonzero(binds & touches)
    if not len(full):
        return others
    plan = problem.plan
    mine = rows.source[np.flatnonzero(touches)]
    groups = roll_up(plan, plan.capacity.scope.take(mine), np.isin(mine, rows.source[full]))
    told = [rolled_words(plan, group) for group in groups[:_NAMED]]
    lines = [f"{_ALL_HOURS}{who} used{when}" for who, when in told]
    lines = [*lines, f"and {len(groups) - _NAMED} more"] if len(groups) > _NAMED else lines
    return [*lines, *others]


def _other_rows(problem: Problem, rows: np.ndarray) -> list[str]:
    """Return queues whose inflow is used up, and shares of queues that are, in words."""
    plan, capacity = problem.plan, problem.capacity
    periods_of: dict[str, list[int]] = defaultdict(list)
    for row in rows.tolist():
        periods_of[never_words(plan, capacity, row, with_period=False)].append(never_period(plan, capacity, row))
    lines = sorted(f"{words} used up{period_words(plan.periods, periods)}" for words, periods in periods_of.items())
    return [*lines[:_NAMED], f"and {len(lines) - _NAMED} more"] if len(lines) > _NAMED else lines


def _waiting_first(problem: Problem, decision: Decision, row: int, binds: np.ndarray) -> list[str]:
    """Return queues whose Turnaround comes before a target and takes of the inflow that this one lacks, in words.

    Parameters
    ----------
    binds : bool, shape (rows of capacity,), those over the target that are full
    """
    plan, capacity, targets = problem.plan, problem.capacity, problem.targets
    used_up = binds & (capacity.kind == OF_INFLOW)
    if not used_up.any():
        return []
    queues = plan.queues.leaves[capacity.inflow_keys[capacity.source[used_up], 1]]
    scope = plan.targets.scope.take(targets.source)
    first = np.flatnonzero(
        is_turnaround(scope) & (targets.priority < targets.priority[row]) & np.isin(scope.queue, queues)
    )
    room = targets.items[first] @ decision.point - targets.asked[first]
    first = first[room <= _NEARLY_DUE * np.maximum(targets.size[first], 1.0)]
    names = [node_words(plan.queues, each) for each in np.unique(scope.queue[first]).tolist()]
    return [f"{_TURNAROUND_OF}{name}, which comes first" for name in names[:_NAMED]]


def _maximums(problem: Problem, decision: Decision, covered: np.ndarray) -> list[str]:
    limits = problem.limits
    value = limits.matrix @ decision.point
    upper = limits.upper + decision.hard.breach_above
    at_end = value >= upper - 1e-6 * np.maximum(1, np.where(np.isfinite(upper), upper, 1))
    return _limit_lines(problem, at_end & (limits.matrix @ covered.astype(np.float64) > 0))


def _minimums(problem: Problem, decision: Decision, covered: np.ndarray) -> list[str]:
    limits = problem.limits
    value = limits.matrix @ decision.point
    lower = limits.lower - decision.hard.breach_below
    at_end = (lower > 0) & (value <= lower + 1e-6 * np.maximum(1, lower))
    return _limit_lines(problem, at_end & (limits.matrix @ covered.astype(np.float64) > 0))


def _limit_lines(problem: Problem, rows: np.ndarray) -> list[str]:
    found = sorted(limits_words(problem.plan, problem.limits.source[np.flatnonzero(rows)].tolist()))
    return [*found[:_NAMED], f"and {len(found) - _NAMED} more limits"] if len(found) > _NAMED else found
