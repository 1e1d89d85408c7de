"""What became of every row of the plan's tables, in table order.

Owns: achieved, met, used, broken: judged in items, the analyst's count.
"""

from __future__ import annotations

import numpy as np

from engine.decision.decide import Decision
from engine.decision.hard import NEGLIGIBLE
from engine.formulation.cover import cover
from engine.formulation.problem import Problem
from engine.outcome import CapacityResults, CellStatus, GuardResults, LimitResults, TargetResults
from engine.plan import Sense
from engine.reasons.limiting import FULL, limiting_words

MET = 1e-6
"""Part of a target within which it counts as met."""

_GUARD_SHOWN = 1e-6  # part of a queue's fair outcome below which a move is rounding


def target_results(problem: Problem, decision: Decision) -> TargetResults:
    """Return the result of each row of Targets, judged by its sense; a blank sense by Better."""
    plan, rows = problem.plan, problem.targets
    achieved = rows.items @ decision.point
    under, over = np.maximum(rows.asked - achieved, 0), np.maximum(achieved - rows.asked, 0)
    shortfall = np.where(rows.sense == Sense.AT_MOST, over, np.where(rows.sense == Sense.AT_LEAST, under, under + over))
    stated = plan.targets.stated[rows.source]
    higher = plan.metrics.higher_is_better[plan.targets.scope.metric[rows.source]]
    shortfall = np.where(stated, shortfall, np.where(higher, under, over))
    met = shortfall <= MET * np.maximum(rows.asked, 1.0)
    shortfall = np.where(met, 0.0, shortfall)
    words = ["" if met[row] else limiting_words(problem, decision, row) for row in range(len(rows))]
    back = np.argsort(rows.source)
    return TargetResults(
        achieved[back],
        shortfall[back],
        met[back],
        decision.priced_miss[back],
        (rows.items @ decision.fair_outcome)[back],
        tuple(words[row] for row in back),
    )


def limit_results(problem: Problem, decision: Decision) -> LimitResults:
    """Return the value of each row of Limits and by how much it is broken."""
    limits = problem.plan.limits
    value = np.asarray(cover(problem.plan, limits.scope) @ decision.point)
    breach = np.maximum(np.maximum(limits.lower - value, value - limits.upper), 0)
    bound = np.where(limits.lower > 0, limits.lower, np.where(np.isfinite(limits.upper), limits.upper, 0))
    allowed = np.maximum(1e-6, NEGLIGIBLE) * np.maximum(bound, 1.0)
    return LimitResults(value, np.where(breach > allowed, breach, 0.0))


def capacity_results(used: np.ndarray) -> CapacityResults:
    """Return the hours used under each row of Capacity."""
    return CapacityResults(used)


def cell_limits(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits that cover exactly one cell, as given: −inf and inf where there are none."""
    limits = problem.limits
    single = limits.covers_one_cell
    cells = limits.matrix[single].indices
    lower, upper = np.full(len(problem.fair.value), -np.inf), np.full(len(problem.fair.value), np.inf)
    given = np.where(limits.lower[single] > 0, limits.lower[single], -np.inf)
    np.maximum.at(lower, cells, given)
    np.minimum.at(upper, cells, limits.upper[single])
    return lower, upper


def cell_status(problem: Problem, decision: Decision) -> np.ndarray:
    """Return what became of each cell: values of CellStatus, the first that applies."""
    lower, upper = cell_limits(problem)
    point = decision.point
    near = 1e-7 * np.maximum(1.0, point)
    capacity = problem.capacity
    used = capacity.matrix @ point
    full = (used >= capacity.there * (1 - FULL) - 1e-9).astype(np.float64)
    at_capacity = capacity.matrix.T @ full > 0
    conditions = [
        np.isfinite(lower) & (lower == upper),
        np.isfinite(lower) & (point <= lower + near),
        np.isfinite(upper) & (point >= upper - near),
        at_capacity,
        problem.fair.no_history,
    ]
    choices = [
        CellStatus.HELD,
        CellStatus.AT_MIN,
        CellStatus.AT_MAX,
        CellStatus.AT_CAPACITY,
        CellStatus.NO_HISTORY,
    ]
    return np.select(conditions, [int(choice) for choice in choices], int(CellStatus.FREE)).astype(np.int64)


def guard_results(problem: Problem, decision: Decision) -> GuardResults:
    """Return the queues and periods that left their fair outcome within the mix guard."""
    queues = problem.queues
    fair, planned = queues.matrix @ decision.fair_outcome, queues.matrix @ decision.point
    moved = np.abs(planned - fair) > _GUARD_SHOWN * np.maximum(1.0, fair)
    rows = np.flatnonzero(moved) if decision.used_guard else np.zeros(0, np.int64)
    keys, allowed = queues.keys[rows], queues.may_lose[rows]
    share = np.abs(planned[rows] - fair[rows]) / np.maximum(fair[rows], 1e-12)
    return GuardResults(
        keys[:, 0], keys[:, 1], keys[:, 2], fair[rows], planned[rows], allowed, share >= allowed * (1 - 1e-6)
    )
