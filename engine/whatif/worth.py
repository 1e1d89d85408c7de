"""What one more hour, one more person, or a guardrail less is worth: the difference of two runs, never a price.

Owns: which rows of Capacity and Limits are asked, and in what their worth is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from engine.formulation.cover import cover
from engine.outcome import Judged, Outcome
from engine.plan import Plan
from engine.reasons.rolling import roll_up, rolled_words
from engine.whatif.advice import Binds, Cost, Guardrails
from engine.whatif.again import Again, unless_it_fails
from engine.whatif.binding import FULL, is_given
from engine.whatif.compare import changed_misses, changed_rates, items_less_missed, total_miss
from engine.whatif.edits import Edit, value_at
from solver.frozen import frozen

_FEWEST = 2
"""Missed targets from which there is something to spread."""

TOP = 20
"""Rolled-up rows of Capacity whose worth is asked, unless all rows are."""


@frozen
class Worth:
    """hour, fte : float64, shape (capacity rows,), items; nan = not asked. words : by target."""

    hour: np.ndarray
    fte: np.ndarray
    words: tuple[str, ...]


def what_binds(outcome: Outcome) -> list[Binds]:
    """Return the rows of Capacity that are in the way of misses, rolled up the trees; the largest misses first."""
    plan, order = outcome.plan, worth_order(outcome)
    rank = {row: at for at, row in enumerate(order)}
    binds = np.zeros(len(plan.capacity), dtype=bool)
    binds[order] = True
    found = [
        Binds("".join(rolled_words(plan, each)), tuple(sorted(each.rows.tolist(), key=rank.__getitem__)))
        for each in roll_up(plan, plan.capacity.scope, binds)
    ]
    return sorted(found, key=lambda each: rank[each.rows[0]])


def worth_order(outcome: Outcome) -> list[int]:
    """Return the rows of Capacity whose hours are used up, those in the way of the largest misses first.

    Of rows in the way of the same misses, those with the most hours come first.
    """
    plan, capacity = outcome.plan, outcome.plan.capacity
    used, full = outcome.capacity.used, used_up(outcome)
    volume = plan.metrics.is_kind(plan.targets.scope.metric, "volume")
    short = np.flatnonzero(~outcome.targets.met & volume)
    in_need = cover(plan, plan.targets.scope.take(short)).T @ outcome.targets.shortfall[short]
    touched = cover(plan, capacity.scope) @ (np.asarray(in_need) * (plan.cells.hours > 0))
    rows = np.flatnonzero(full & (touched > 0))
    scope = capacity.scope.take(rows)
    ordered: list[int] = rows[np.lexsort((scope.period, scope.queue, scope.org, -used[rows], -touched[rows]))].tolist()
    return ordered


def used_up(outcome: Outcome) -> np.ndarray:
    """bool, shape (capacity rows,): those that people gave, and of which no hour is left."""
    capacity = outcome.plan.capacity
    no_room = outcome.capacity.used >= capacity.hours * (1 - FULL) - outcome.capacity.rounding
    return np.asarray(is_given(outcome.plan) & no_room & (capacity.hours > 0))


def find_worth(
    again: Again,
    outcome: Outcome,
    rows: list[int],
    spend: float = np.inf,
    on_step: Callable[[str], None] = lambda _: None,
) -> Worth:
    """Return what one more hour and one more FTE bring in some rows of Capacity: two more runs each.

    Parameters
    ----------
    spend : what may be spent, as ``Again`` counts it, before a row is begun
    """
    plan = outcome.plan
    count = len(plan.capacity)
    hour, fte, words = np.full(count, np.nan), np.full(count, np.nan), [""] * count
    first, end = again.before(outcome) if rows and spend > 0 else outcome, again.spent + spend
    before = total_miss(first)
    for at, row in enumerate(rows, start=1):
        if again.spent >= end:
            break
        on_step(f"what hours are worth, {at} of {len(rows)}")
        more = _with_hours(again, outcome, row, 1.0)
        if more is None:
            continue
        hour[row] = before - total_miss(more)
        per_fte = float(plan.capacity.hours_per_fte[row])
        if not np.isfinite(per_fte):
            words[row] = changed_misses(first, more, about=again.about)
        else:
            now = _with_hours(again, outcome, row, per_fte)
            if now is None:
                continue
            fte[row] = before - total_miss(now)
            words[row] = changed_misses(first, now, about=again.about)
    return Worth(hour, fte, tuple(words))


def _with_hours(again: Again, outcome: Outcome, row: int, more: float) -> Judged | None:
    """Return what comes of more hours in one row of Capacity: typed into its cell, where that counts nowhere else.

    None where the solver fails: the row then counts as not asked.
    """
    plan = outcome.plan
    place = plan.capacity.place[row]
    before = value_at(again.inputs, place)
    if before is not None and sum(each == place for each in plan.capacity.place) == 1:
        per_fte = float(plan.capacity.hours_per_fte[row])
        typed = more / per_fte if np.isfinite(per_fte) else more
        run = again.misses((Edit(place, before, before + typed),))
        if run is not None:
            return run
    hours = plan.capacity.hours.copy()
    hours[row] += more
    return unless_it_fails(partial(again.judge_misses, replace(plan, capacity=replace(plan.capacity, hours=hours))))


def without_limits(plan: Plan, rows: Sequence[int]) -> Plan:
    """Return the plan without some rows of Limits."""
    kept = np.setdiff1d(np.arange(len(plan.limits)), rows)
    return replace(plan, limits=plan.limits.take(kept))


def find_costs(again: Again, outcome: Outcome, limits: Sequence[Sequence[int]]) -> tuple[Cost, ...]:
    """Return what limits cost: what is missed less, and what is planned elsewhere, without each; a full run for each.

    Parameters
    ----------
    limits : for each, the rows of the plan's Limits that one input row put
    """
    found = []
    for rows in limits:
        now = unless_it_fails(partial(again.judge, without_limits(outcome.plan, rows)))
        if now is None:
            continue
        moved = float(np.abs(now.value - outcome.value).sum()) / 2
        words = changed_misses(outcome, now)
        found.append(Cost(tuple(rows), items_less_missed(outcome, now), moved, words, changed_rates(outcome, now)))
    return tuple(found)


def without_guardrails(again: Again, outcome: Outcome) -> Guardrails:
    """Return what targets would come to if nothing was limited, and if misses were concentrated: a full run each."""
    plan, nothing = outcome.plan, np.full(len(outcome.targets.met), np.nan)
    free = None
    if len(plan.limits):
        free = unless_it_fails(partial(again.judge, without_limits(plan, range(len(plan.limits)))))
    without_limit = nothing if free is None else free.targets.achieved
    if plan.settings.misses != "spread" or np.count_nonzero(~outcome.targets.met) < _FEWEST:
        return Guardrails(without_limit, nothing, np.nan)
    concentrated = replace(plan, settings=replace(plan.settings, misses="concentrate"))
    other = unless_it_fails(partial(again.judge, concentrated))
    if other is None:
        return Guardrails(without_limit, nothing, np.nan)
    return Guardrails(without_limit, other.targets.achieved, total_miss(other))
