"""Lines of a contradiction: rows that stand or fall together, rolled up until a person can read them.

A set of rows without a spare one stays without a spare line however its rows are put together: so lines are made after
the search, the finest way that is short enough.

Owns: which rows make a line, and the words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from engine.formulation.problem import OF_CAPACITY, OF_SHARES, Problem
from engine.plan import Plan
from engine.reasons.rolling import limits_words, org_words, period_words, roll_up, rolled_words
from engine.reasons.words import amount_words, limit_words, never_words, node_words, value_words
from engine.trees import ROOT, Tree
from engine.whatif.advice import ConflictLine

READABLE = 12
"""Lines that a person reads; longer sets are marked by their length."""

_NAMED = 3

Key = Callable[[int], Hashable]
"""Row → what it is told together with."""


def limit_lines(plan: Plan, limits: Sequence[int], room: int) -> list[list[int]]:
    """Return rows of Limits put together into lines, the finest way that makes no more than fit.

    Parameters
    ----------
    room : how many lines there may be
    """
    found: list[list[int]] = []
    for key in _limit_keys(plan):
        found = grouped(limits, key)
        if len(found) <= room:
            break
    return found


def _limit_keys(plan: Plan) -> list[Key]:
    """Return what puts limits together: their input row; all alike below a node; all of one owner."""
    limits, scope = plan.limits, plan.limits.scope

    def alike(row: int) -> tuple[object, ...]:
        side = (bool(np.isfinite(limits.lower[row])), bool(np.isfinite(limits.upper[row])), bool(limits.is_hold[row]))
        return (int(scope.metric[row]), side, limits.owner[row])

    return [
        lambda row: (limits.place[row].sheet, limits.place[row].row),
        lambda row: (*alike(row), _above(plan.org, int(scope.org[row])), int(scope.queue[row])),
        lambda row: (*alike(row), int(scope.org[row]), _above(plan.queues, int(scope.queue[row]))),
        lambda row: (*alike(row), _above(plan.org, int(scope.org[row])), _above(plan.queues, int(scope.queue[row]))),
        alike,
    ]


def fact_lines(problem: Problem, facts: Sequence[int], room: int) -> list[list[int]]:
    """Return rows that never give way put together into lines: hours by the node above the teams, inflow by queue."""
    plan, capacity = problem.plan, problem.capacity
    scope = plan.capacity.scope

    def fine(row: int) -> tuple[int | str, ...]:
        source, kind = int(capacity.source[row]), int(capacity.kind[row])
        if kind == OF_CAPACITY:
            return (kind, _above(plan.org, int(scope.org[source])), int(scope.queue[source]), _note(plan, source))
        if kind == OF_SHARES:
            return (kind, int(plan.shares.scope.org[source]), int(plan.shares.scope.queue[source]))
        balance, queue, _ = capacity.inflow_keys[source].tolist()
        return (kind, balance, queue)

    def coarse(row: int) -> tuple[int | str, ...]:
        kind = int(capacity.kind[row])
        if kind != OF_CAPACITY:
            return (kind,)
        source = int(capacity.source[row])
        return (kind, int(scope.queue[source]), _note(plan, source))

    found = grouped(facts, fine)
    return found if len(found) <= room else grouped(facts, coarse)


def _note(plan: Plan, row: int) -> str:
    """Return what a row of Capacity is that nobody gave as such: a share of hours."""
    return plan.capacity.note[row] if plan.capacity.note else ""


def grouped(rows: Sequence[int], key: Key) -> list[list[int]]:
    """Return rows with the same key together, in the order of their first."""
    found: dict[Hashable, list[int]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())


def _above(tree: Tree, node: int) -> int:
    return int(tree.parent[node]) if ROOT < node < len(tree) else node


def limit_line(plan: Plan, limits: Sequence[int]) -> ConflictLine:
    """Return the line of some limits: ``limits on all 14 of Lisbon (Aoife): at least 4,200 in all``."""
    scope, rows = plan.limits.scope, np.array(limits)
    places = tuple(dict.fromkeys(plan.limits.place[row] for row in limits))
    if len(limits) == 1:
        return ConflictLine(f"{limit_words(plan, limits[0])}: {_bounds(plan, limits)}", False, places)
    if len({(place.sheet, place.row) for place in places}) == 1:
        words = limits_words(plan, limits)
    else:
        same = [scope.metric == scope.metric[rows[0]], plan.limits.is_hold == plan.limits.is_hold[rows[0]]]
        same += [np.array([owner == plan.limits.owner[rows[0]] for owner in plan.limits.owner])]
        alike = np.flatnonzero(np.all(same, axis=0))
        told = [rolled_words(plan, each) for each in roll_up(plan, scope.take(alike), np.isin(alike, rows))]
        words = [limit_words(plan, limits[0], f"{who}{when}") for who, when in told]
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return ConflictLine(f"{', '.join(words[:_NAMED])}{more}: {_bounds(plan, limits)}", False, places)


def _bounds(plan: Plan, limits: Sequence[int]) -> str:
    """Return what limits say: of several amounts the sums, of several averages the outermost."""
    rows = np.array(limits)
    metric = int(plan.limits.scope.metric[rows[0]])
    is_rate = metric >= 0 and plan.metrics.kinds[metric] == "rate"
    lower, upper = plan.limits.lower[rows], plan.limits.upper[rows]
    low, high = (float(lower.min()), float(upper.max())) if is_rate else (float(lower.sum()), float(upper.sum()))
    ends = " in all" if len(rows) > 1 and not is_rate else ""

    def words(value: float) -> str:
        return value_words(plan.metrics, metric, value) if is_rate else amount_words(value)

    if np.isfinite(low) and np.isfinite(high):
        return f"{words(low)}{ends}" if low == high else f"{words(low)} to {words(high)}{ends}"
    return f"at least {words(low)}{ends}" if np.isfinite(low) else f"at most {words(high)}{ends}"


def fact_line(problem: Problem, facts: Sequence[int]) -> ConflictLine:
    """Return the line of some rows that never give way: ``504 h of all 14 of Lisbon in 2024-01 to 2024-03``."""
    plan, capacity, rows = problem.plan, problem.capacity, np.array(facts)
    sources, kind = capacity.source[rows], int(capacity.kind[rows[0]])
    if kind == OF_CAPACITY:
        scope = plan.capacity.scope
        who = org_words(plan.org, sorted(set(scope.org[sources].tolist())), set(scope.org.tolist()))
        hours = amount_words(float(plan.capacity.hours[sources].sum()))
        words = f"{hours} h of {who}{period_words(plan.periods, scope.period[sources].tolist())}"
        if note := _note(plan, int(sources[0])):
            on = node_words(plan.queues, int(scope.queue[sources[0]]))
            words += f" on {on}: {note.replace('of them', 'of all their hours')}"
        return ConflictLine(words, True, tuple(dict.fromkeys(plan.capacity.place[each] for each in sources.tolist())))
    names = sorted({never_words(plan, capacity, row, with_period=False) for row in facts})
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    if kind == OF_SHARES:
        periods = [int(each) for each in plan.shares.scope.period[sources]]
        places = tuple(dict.fromkeys(plan.shares.place[each] for each in sources.tolist()))
    else:  # what comes in is a sum of many cells and has no cell of its own
        periods, places = [int(plan.periods.leaves[each]) for each in capacity.inflow_keys[sources, 2]], ()
    return ConflictLine(f"{', '.join(names[:_NAMED])}{more}{period_words(plan.periods, periods)}", True, places)
