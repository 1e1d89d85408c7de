"""What became of every row of the plan's tables, in table order.

Owns: achieved, met, used, broken: judged in items, the analyst's count.
"""

from __future__ import annotations

import numpy as np

from engine.decision.decide import Decision
from engine.decision.hard import NEGLIGIBLE
from engine.formulation.cover import cover
from engine.formulation.linear import is_turnaround, linear_rows, turnaround_hours
from engine.formulation.problem import OF_CAPACITY, OF_INFLOW, OF_SHARES, Problem
from engine.outcome import CellStatus, GuardResults, LimitResults, TargetResults
from engine.plan import Plan, Scopes, Sense
from engine.reasons.limiting import FULL, limiting_words
from engine.whole.rounding import units
from solver.frozen import frozen
from solver.matrices import scale_columns
from solver.sparse import csr_matrix

MET = 1e-6
"""Part of a target within which it counts as met."""

_GUARD_SHOWN = 1e-6  # part of a queue's fair outcome below which a move is rounding


@frozen
class RoundingRoom:
    """By how much rounding may move each row, in its own unit: float64, shapes (targets,), (limits,), (capacity,).

    Half a unit where a row counts whole items; one item's handle time where it counts hours.
    """

    targets: np.ndarray
    limits: np.ndarray
    capacity: np.ndarray


def rounding_room(problem: Problem) -> RoundingRoom:
    """Return the room that whole units need."""
    plan, unit = problem.plan, units(problem)
    return RoundingRoom(
        _room(plan, plan.targets.scope, unit),
        _room(plan, plan.limits.scope, unit),
        _largest(cover(plan, plan.capacity.scope), unit * plan.cells.hours),
    )


def _room(plan: Plan, scopes: Scopes, unit: np.ndarray) -> np.ndarray:
    if not (unit > 0).any():
        return np.zeros(len(scopes))
    most = _largest(linear_rows(plan, scopes).matrix, unit)
    return np.where(scopes.metric >= 0, 0.5 * most, most)


def _largest(matrix: csr_matrix, amount: np.ndarray) -> np.ndarray:
    """Return the largest amount that each row holds: float64, shape (rows,)."""
    weighted = scale_columns(matrix, amount)
    return np.asarray(weighted.max(axis=1).todense()).ravel() if weighted.shape[0] else np.zeros(0)


def target_results(
    problem: Problem, decision: Decision, value: np.ndarray, room: RoundingRoom, *, is_told: bool = True
) -> TargetResults:
    """Return the result of each row of Targets, judged by its sense; a blank sense by Better.

    Rows of rates are not judged here: they stand as not a number, and as met.

    Parameters
    ----------
    value : float64, shape (cells,), the plan in whole units
    is_told : whether to say what limits those that are missed: of large plans that takes longer than all else here
    """
    plan, rows = problem.plan, problem.targets
    targets, source = plan.targets, rows.source
    count = len(targets)
    achieved = asked_values(plan, targets.scope, value)
    fair_outcome = asked_values(plan, targets.scope, decision.fair_outcome)
    shortfall = judged(plan, achieved)
    in_fractions = shortfall
    if value is not decision.point:
        in_fractions = judged(plan, asked_values(plan, targets.scope, decision.point))
    allowed = np.maximum(MET * np.maximum(np.abs(targets.value), 1.0), room.targets * (1 + MET))
    met = ~(shortfall > allowed)
    priced = np.zeros(count)
    priced[source] = decision.priced_miss
    # a turnaround is judged by its row: a queue that ends with next to nothing handled has no sensible ratio
    waits = is_turnaround(targets.scope)[source]
    kept = rows.items @ decision.point >= rows.asked - MET * rows.size
    met[source[waits]] = kept[waits]
    words = [""] * count
    for row in range(len(rows)):
        if is_told and not met[source[row]]:
            words[source[row]] = limiting_words(problem, decision, row)
    missing = np.where(met, 0.0, shortfall)
    return TargetResults(achieved, missing, met, priced, fair_outcome, tuple(words), in_fractions)


def asked_values(plan: Plan, scopes: Scopes, point: np.ndarray) -> np.ndarray:
    """Return the value of each row in its metric's own unit, nan for rates: float64, shape (rows,)."""
    found: np.ndarray = linear_rows(plan, scopes).values(point)
    found[plan.metrics.is_kind(scopes.metric, "rate")] = np.nan
    waits = np.flatnonzero(is_turnaround(scopes))
    if len(waits):
        found[waits] = turnaround_hours(plan, scopes.take(waits), point)
    return np.asarray(found)


def judged(plan: Plan, achieved: np.ndarray) -> np.ndarray:
    """Return how far each row of Targets is missed, in its own unit, ≥ 0, by its sense; a blank one by Better."""
    targets = plan.targets
    metric = targets.scope.metric
    under, over = np.maximum(targets.value - achieved, 0), np.maximum(achieved - targets.value, 0)
    sense = targets.sense
    shortfall = np.where(sense == Sense.AT_MOST, over, np.where(sense == Sense.AT_LEAST, under, under + over))
    higher = np.append(plan.metrics.higher_is_better, True)[np.where(metric >= 0, metric, len(plan.metrics))]
    return np.asarray(np.where(targets.stated, shortfall, np.where(higher, under, over)))


def limit_results(problem: Problem, point: np.ndarray, room: RoundingRoom, fractions: np.ndarray) -> LimitResults:
    """Return the value of each row of Limits and by how much it is broken; rates stand as not a number.

    Parameters
    ----------
    point, fractions : float64, shape (cells,), the plan in whole units and before they were found
    """
    value, breach = _broken(problem, point, room)
    return LimitResults(value, breach, _broken(problem, fractions, room)[1])


def _broken(problem: Problem, point: np.ndarray, room: RoundingRoom) -> tuple[np.ndarray, np.ndarray]:
    limits = problem.plan.limits
    value = asked_values(problem.plan, limits.scope, point)
    breach = np.fmax(np.fmax(limits.lower - value, value - limits.upper), 0)
    bound = np.where(limits.lower > 0, limits.lower, np.where(np.isfinite(limits.upper), limits.upper, 0))
    allowed = np.maximum(np.maximum(1e-6, NEGLIGIBLE) * np.maximum(bound, 1.0), room.limits * (1 + MET))
    return value, np.where(breach > allowed, breach, 0.0)


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


def broken_status(
    value: np.ndarray, lower: np.ndarray, upper: np.ndarray, broken: np.ndarray
) -> dict[CellStatus, np.ndarray]:
    """Return which cells do not keep their own limits, by what is said of them: status → bool, shape (cells,).

    Parameters
    ----------
    value, lower, upper : float64, shape (cells,), what is planned, and the limits that cover exactly one cell
    broken : bool, shape (cells,), those with a limit of their own that is told as broken
    """
    is_hold = np.isfinite(lower) & (lower == upper)
    return {
        CellStatus.HOLD_NOT_KEPT: is_hold & broken,
        CellStatus.HELD: is_hold,
        CellStatus.BELOW_MIN: broken & (value < lower),
        CellStatus.ABOVE_MAX: broken & (value > upper),
    }


def cells_broken(matrix: csr_matrix, breach: np.ndarray, cells: int) -> np.ndarray:
    """Return the cells of which a limit is broken: bool, shape (cells,).

    Parameters
    ----------
    matrix : csr, shape (rows, cells), rows of Limits that cover one cell each; breach : float64, shape (rows,)
    """
    broken = np.zeros(cells, dtype=bool)
    broken[matrix.indices[breach > 0]] = True
    return broken


def cell_status(problem: Problem, decision: Decision, value: np.ndarray, breach: np.ndarray) -> np.ndarray:
    """Return what became of each cell: values of CellStatus, the first that applies.

    Parameters
    ----------
    value : float64, shape (cells,), the plan in whole units
    breach : float64, shape (rows of Limits,), by how much it breaks each
    """
    lower, upper = cell_limits(problem)
    single = problem.limits.covers_one_cell
    broken = cells_broken(problem.limits.matrix[single], breach[problem.limits.source[single]], len(value))
    own = broken_status(value, lower, upper, broken)
    point = decision.point
    near = 1e-7 * np.maximum(1.0, point)
    capacity = problem.capacity
    full = capacity.full(point, FULL)
    within = abs(capacity.matrix).multiply(capacity.matrix > 0).T  # a share's row holds others' cells below 0

    def under(kind: int) -> np.ndarray:
        return np.asarray(within @ (full & (capacity.kind == kind)).astype(np.float64) > 0)

    conditions = [
        *own.values(),
        np.isfinite(lower) & (point <= lower + near),
        np.isfinite(upper) & (point >= upper - near),
        under(OF_CAPACITY),
        under(OF_INFLOW),
        under(OF_SHARES),
        problem.fair.no_history,
    ]
    choices = [
        *own,
        CellStatus.AT_MIN,
        CellStatus.AT_MAX,
        CellStatus.AT_CAPACITY,
        CellStatus.AT_INFLOW,
        CellStatus.AT_MAX,
        CellStatus.NO_HISTORY,
    ]
    return np.select(conditions, [int(choice) for choice in choices], int(CellStatus.FREE)).astype(np.int64)


def guard_results(problem: Problem, decision: Decision, point: np.ndarray) -> GuardResults:
    """Return the queues and periods that left their fair outcome within the mix guard."""
    queues = problem.queues
    fair, planned = queues.matrix @ decision.fair_outcome, queues.matrix @ point
    in_fractions = queues.matrix @ decision.point
    moved = np.abs(in_fractions - fair) > _GUARD_SHOWN * np.maximum(1.0, fair)
    rows = np.flatnonzero(moved) if decision.used_guard else np.zeros(0, np.int64)
    keys, allowed = queues.keys[rows], queues.may_lose[rows]
    low, high = decision.levels.band_lower[rows], decision.levels.band_upper[rows]
    room = FULL * np.maximum(1.0, fair[rows])
    is_full = (in_fractions[rows] <= low + room) | (in_fractions[rows] >= high - room)
    return GuardResults(keys[:, 0], keys[:, 1], keys[:, 2], fair[rows], planned[rows], allowed, is_full)
