"""What one more hour, one more person, or a limit less is worth: the difference of two full runs, never a price.

Owns: which rows of Capacity and Limits are asked, and in what their worth is told.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.formulation.cover import cover
from engine.outcome import Outcome
from engine.plan import Plan
from engine.recompute import judge
from engine.whatif.advice import Cost
from engine.whatif.compare import changed_misses, total_miss
from solver.frozen import frozen

TOP = 20
"""Rows of Capacity whose worth is asked, unless all are."""


@frozen
class Worth:
    """hour, fte : float64, shape (capacity rows,), items; nan = not asked. words : by target."""

    hour: np.ndarray
    fte: np.ndarray
    words: tuple[str, ...]


def worth_order(outcome: Outcome) -> list[int]:
    """Return the rows of Capacity whose hours are used up, those in the way of the largest misses first.

    Of rows in the way of the same misses, those with the most hours come first.
    """
    plan, capacity = outcome.plan, outcome.plan.capacity
    used = outcome.capacity.used
    full = (used >= capacity.hours * (1 - 1e-6) - outcome.capacity.rounding) & (capacity.hours > 0)
    volume = plan.metrics.is_kind(plan.targets.scope.metric, "volume")
    short = np.flatnonzero(~outcome.targets.met & volume)
    in_need = cover(plan, plan.targets.scope.take(short)).T @ outcome.targets.shortfall[short]
    touched = cover(plan, capacity.scope) @ (np.asarray(in_need) * (plan.cells.hours > 0))
    rows = np.flatnonzero(full & (touched > 0))
    scope = capacity.scope.take(rows)
    ordered: list[int] = rows[np.lexsort((scope.period, scope.queue, scope.org, -used[rows], -touched[rows]))].tolist()
    return ordered


def find_worth(outcome: Outcome, rows: list[int]) -> Worth:
    """Return what one more hour and one more FTE bring in some rows of Capacity: two full runs each."""
    plan = outcome.plan
    count = len(plan.capacity)
    hour, fte, words = np.full(count, np.nan), np.full(count, np.nan), [""] * count
    before = total_miss(outcome)
    for row in rows:
        hour[row] = before - total_miss(judge(with_hours(plan, row, 1.0)))
        per_fte = float(plan.capacity.hours_per_fte[row])
        if np.isfinite(per_fte):
            now = judge(with_hours(plan, row, per_fte))
            fte[row] = before - total_miss(now)
            words[row] = changed_misses(outcome, now)
    return Worth(hour, fte, tuple(words))


def with_hours(plan: Plan, row: int, more: float) -> Plan:
    """Return the plan with more hours in one row of Capacity."""
    hours = plan.capacity.hours.copy()
    hours[row] += more
    return replace(plan, capacity=replace(plan.capacity, hours=hours))


def without_limit(plan: Plan, row: int) -> Plan:
    """Return the plan without one row of Limits."""
    rows = np.delete(np.arange(len(plan.limits)), row)
    return replace(plan, limits=plan.limits.take(rows))


def find_costs(outcome: Outcome, rows: list[int]) -> tuple[Cost, ...]:
    """Return what some limits cost: by how much less targets are missed without each; a full run for each."""
    before = total_miss(outcome)
    found = []
    for row in rows:
        now = judge(without_limit(outcome.plan, row))
        items = before - total_miss(now)
        if abs(items) > 0.5:
            found.append(Cost(row, items, changed_misses(outcome, now)))
    return tuple(found)


def concentrated_miss(outcome: Outcome) -> float:
    """Return what would be missed in all if misses were concentrated instead of spread."""
    plan = outcome.plan
    return total_miss(judge(replace(plan, settings=replace(plan.settings, misses="concentrate"))))
