"""The whole decision, step by step: hard rows, misses, fairest outcome, mix guard, fairest plan.

Owns: which step follows which, and what is said about how it was solved.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum

import numpy as np

from engine.decision.clock import UNTIMED, Watch
from engine.decision.fairness import Fairest, try_fairest
from engine.decision.hard import Hard, settle_hard_rows
from engine.decision.levels import KeptRows, Levels, all_met, kept_rows
from engine.formulation.problem import Problem, formulate
from solver.frozen import frozen
from solver.program import LinearProgram, Solution

SPLIT_CELLS = 150_000
"""Above this size misses are found period by period: memory and time then grow with the cells, no faster."""

_ENTRIES_OF_A_CELL = 4
"""Entries of hard rows that count as a cell. Most plans have fewer; where work waits, a cell stands in a row of every
period to come, and programs over the whole take as long as for a plan of so many more cells."""

FAST_PATH_CELLS = 2_000
"""Above this size the fairness step is tried first: where it meets every target, no program can do better."""


class Upto(IntEnum):
    """How far a decision is made: each step takes its time, and not all are always asked for.

    ``MISSES``: what is missed of every target, the mix guard used, by a plan that is not the fairest.
    """

    FAIR_OUTCOME = 0
    MISSES = 1
    PLAN = 2


@frozen
class Decision:
    """What was decided; arrays over cells and targets in canonical order.

    point : float64, shape (cells,); fair_outcome : the plan before the mix guard, the same where it was not needed
    priced_miss : float64, shape (targets,), items, before the mix guard; over : items
    kept : the rows that bind the final plan; fairest : that plan with its prices
    band_lower, band_upper : queue totals' room, infinite where the guard was not needed
    open_hours : hours of misses left unsettled when time ran out, else 0
    pieces : in how many periods misses were found, each by itself; again : how many of them twice
    parts : how many parts that share no row were decided each by itself
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
    parts: int = 1


def decide(
    problem: Problem,
    watch: Watch = UNTIMED,
    split_above: int = SPLIT_CELLS,
    apart_above: int = FAST_PATH_CELLS,
    upto: Upto = Upto.PLAN,
) -> Decision:
    """Return the decision for a problem.

    Where fair shares start from what was sealed, the mix guard is counted from where history leads.

    Parameters
    ----------
    split_above : size, in cells, above which misses are found period by period
    apart_above : cells above which parts that share no row are decided each by itself
    upto : ``MISSES`` = spare the fairest plan where programs find the misses; not above ``split_above``
    """
    sizes = (split_above, apart_above)
    found = _decide(problem, watch, sizes, upto)
    plan = problem.plan
    if not found.used_guard or plan.near is None or _is_same(plan.near, plan.near_happened) or watch.is_over:
        return found
    watch.on_step("what history leads to")
    from_history = formulate(replace(plan, near=plan.near_happened))
    outcome = _decide(from_history, watch, sizes, Upto.FAIR_OUTCOME).fair_outcome
    return _decide(replace(problem, guard_from=outcome), watch, sizes, upto)


def _is_same(near: np.ndarray, happened: np.ndarray | None) -> bool:
    return happened is not None and np.array_equal(near, happened, equal_nan=True)


def _decide(problem: Problem, watch: Watch, sizes: tuple[int, int], upto: Upto) -> Decision:
    """Return the decision for a problem. sizes : from where it is split and looked at apart."""
    split_above, apart_above = sizes
    watch.on_step("limits and capacity")
    hard = settle_hard_rows(problem, watch.memory)
    size = _size(problem, hard.matrix.nnz)
    is_large = size > split_above and len(problem.plan.periods.leaves) > 1
    # what is asked for its misses alone misses something most often, and programs say so sooner
    if is_large or (len(problem.fair.value) > FAST_PATH_CELLS and upto is Upto.PLAN):
        met = _met_at_once(problem, hard, watch, near="all met")
        if met is not None:
            return met
    if len(problem.fair.value) > apart_above:
        from engine.decision.apart import decide_apart, find_parts

        parts = find_parts(problem)
        if len(parts) > 1:
            return decide_apart(problem, hard, watch, parts, (split_above, upto))
    if is_large:
        from engine.decision.by_periods import decide_by_periods

        found = decide_by_periods(problem, hard, watch, _decide_part)
        if found is not None:
            return found
        # a longer limit was shared out in a way that some period cannot keep, though the whole can
        watch.on_step("all periods at once, for the sake of a limit")
    from engine.decision.by_programs import decide_by_programs  # a plan that is met needs none of it

    return decide_by_programs(problem, hard, watch, upto)


def _size(problem: Problem, entries: int) -> int:
    return max(len(problem.fair.value), entries // _ENTRIES_OF_A_CELL)


def is_cut(problem: Problem) -> bool:
    """Whether a plan that is not met at once has its misses found period by period."""
    return _size(problem, problem.capacity.matrix.nnz + problem.limits.matrix.nnz) > SPLIT_CELLS


def _decide_part(watch: Watch, problem: Problem) -> Decision:
    """Return the decision for one period of a plan, up to its fair outcome."""
    from engine.decision.by_programs import decide_by_programs

    hard = settle_hard_rows(problem, watch.memory)
    met = _met_at_once(problem, hard, watch)
    return met if met is not None else decide_by_programs(problem, hard, watch, Upto.FAIR_OUTCOME)


def _met_at_once(problem: Problem, hard: Hard, watch: Watch, near: str = "") -> Decision | None:
    """Return the fairest plan that meets every target in both counts; None where there is none.

    near : as in ``solver.projection.try_project``
    """
    watch.on_step("all targets at once")
    levels = all_met(problem)
    kept = kept_rows(problem, hard, levels)
    fairest = try_fairest(problem, hard, kept, watch.memory, near)
    if not fairest.is_projected:
        return None
    nothing = np.zeros(len(problem.targets))
    return make_decision(problem, hard, kept, fairest, levels, Before(fairest.point, nothing, ()))


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
