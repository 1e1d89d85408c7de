"""The whole decision, step by step: hard rows, misses, fairest outcome, mix guard, fairest plan.

Owns: which step follows which, and what is said about how it was solved.
"""

from __future__ import annotations

import numpy as np

from engine.decision.clock import UNTIMED, Watch
from engine.decision.fairness import Fairest, try_fairest
from engine.decision.hard import Hard, gave_way, settle_hard_rows
from engine.decision.levels import KeptRows, Levels, all_met, kept_rows
from engine.formulation.problem import Problem
from solver.frozen import frozen
from solver.program import LinearProgram, Solution

SPLIT_CELLS = 150_000
"""Above this size periods are decided one by one: memory and time then grow with the cells, no faster."""

FAST_PATH_CELLS = 2_000
"""Above this size the fairness step is tried first: where it meets every target, no program can do better."""


@frozen
class Decision:
    """What was decided; arrays over cells and targets in canonical order.

    point : float64, shape (cells,); fair_outcome : the plan before the mix guard, the same where it was not needed
    priced_miss : float64, shape (targets,), items, before the mix guard; over : items
    kept : the rows that bind the final plan; fairest : that plan with its prices
    band_lower, band_upper : queue totals' room, infinite where the guard was not needed
    open_hours : hours of misses left unsettled when time ran out, else 0
    pieces : how many parts it was decided in; again : how many of them twice
    """

    point: np.ndarray
    fair_outcome: np.ndarray
    priced_miss: np.ndarray
    hard: Hard
    kept: KeptRows
    fairest: Fairest
    levels: Levels
    used_guard: bool
    is_complete: bool
    open_hours: float
    programs: tuple[tuple[LinearProgram, Solution], ...]
    pieces: int = 1
    again: int = 0


def decide(problem: Problem, watch: Watch = UNTIMED, split_above: int = SPLIT_CELLS) -> Decision:
    """Return the decision for a problem.

    Parameters
    ----------
    split_above : cells above which periods are decided one by one
    """
    if len(problem.fair.value) > split_above and len(problem.plan.periods.leaves) > 1:
        return _decide_by_periods(problem, watch)
    return _decide_in_one(problem, watch)


def _decide_by_periods(problem: Problem, watch: Watch) -> Decision:
    """Return the decision of a large plan: one period after the other, then put together."""
    from engine.decision.joined import join_fairest, join_hard, join_kept, join_levels, joined_miss
    from engine.decision.split import Split

    split = Split(problem, lambda part: _decide_in_one(part, watch), watch.on_step)
    pieces = split.run()
    decided = [piece.decided for piece in pieces]
    hard = join_hard(problem, pieces)
    if gave_way(hard) and not gave_way(settle_hard_rows(problem)):
        # a longer limit was shared out in a way that some period cannot keep, though the whole can
        watch.on_step("all periods at once, for the sake of a limit")
        return _decide_in_one(problem, watch)
    kept, price = join_kept(problem, pieces)
    return Decision(
        split.value,
        split.fair_outcome,
        joined_miss(problem, split.fair_outcome),
        hard,
        kept,
        join_fairest(problem, pieces, split.value, price),
        join_levels(problem, pieces, split.value),
        any(each.used_guard for each in decided),
        all(each.is_complete for each in decided),
        sum(each.open_hours for each in decided),
        tuple(program for each in decided for program in each.programs),
        len(pieces),
        split.again,
    )


def _decide_in_one(problem: Problem, watch: Watch) -> Decision:
    watch.on_step("limits and capacity")
    hard = settle_hard_rows(problem)
    if len(problem.fair.value) > FAST_PATH_CELLS:
        watch.on_step("all targets at once")
        levels = all_met(problem)
        kept = kept_rows(problem, hard, levels)
        fairest = try_fairest(problem, hard, kept)
        if fairest.is_projected:
            nothing = np.zeros(len(problem.targets))
            return make_decision(problem, hard, kept, fairest, levels, Before(fairest.point, nothing, ()))
    from engine.decision.by_programs import decide_by_programs  # a plan that is met needs none of it

    return decide_by_programs(problem, hard, watch)


@frozen
class Before:
    """What was known before the last step."""

    fair_outcome: np.ndarray
    priced_miss: np.ndarray
    programs: tuple[tuple[LinearProgram, Solution], ...]
    open_hours: float = 0.0


def make_decision(
    problem: Problem,
    hard: Hard,
    kept: KeptRows,
    fairest: Fairest,
    levels: Levels,
    before: Before,
    *,
    used_guard: bool = False,
) -> Decision:
    """Return the decision that the last step comes to."""
    stand_in = () if fairest.program is None else (fairest.program,)
    return Decision(
        np.clip(fairest.point, hard.lower, hard.upper),
        before.fair_outcome,
        before.priced_miss,
        hard,
        kept,
        fairest,
        levels,
        used_guard,
        before.open_hours == 0,
        before.open_hours,
        (*hard.programs, *before.programs, *stand_in),
    )
