"""Rows of a plan in the analyst's words.

Owns: the short names by which reasons call capacity, targets, limits and queues, and how amounts are written.
"""

from __future__ import annotations

from dataclasses import replace

from engine.cycle.held import NOBODY_S
from engine.formulation.problem import OF_CAPACITY, OF_SHARES, CapacityRows
from engine.plan import Metrics, Plan, Scopes
from engine.trees import ROOT, Tree

HOURS_OF = "hours of "
"""How every reason begins that names capacity."""


SHORTAGE_ON = "shortage on "
"""How a reason begins that shares out what a target is missed by."""

LONGEST_WAIT_H, LONGEST_WAIT = 87_600, "over 10 years"
"""Hours of waiting from which on a number says less than words: hardly anything is handled then."""


_SEEN, _FINER = 0.2, 2
"""Part of a difference by which rounding may move two rates that are told apart, 99.99 % is not 100.0 %; else so many
decimals more."""


def amount_words(value: float) -> str:
    """Return an amount as people write it: ``4,297,555``, ``12.5``, ``0.031``."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def with_unit(metrics: Metrics, metric: int, words: str) -> str:
    """Return an amount with its unit, where that hangs on what is built in: hours and people stand beside items."""
    return f"{words} {metrics.unit(metric)}" if metric < 0 else words


def value_words(metrics: Metrics, metric: int, value: float) -> str:
    """Return a value in its metric's way of writing: ``95.0 %`` for a share, ``4,297,555`` for items."""
    if metric < 0 or metrics.kinds[metric] != "rate":
        return amount_words(value)
    decimals = metrics.decimals[metric] if metrics.decimals else None
    places = 1 if decimals is None else decimals
    return f"{value:.{places}%}".replace("%", " %") if metrics.units[metric] == "%" else f"{value:,.{places}f}"


def told_apart(metrics: Metrics, metric: int, first: float, second: float) -> tuple[str, str]:
    """Return two values in words, with as many decimals as tell them apart."""
    words = value_words(metrics, metric, first), value_words(metrics, metric, second)
    if metric < 0 or metrics.kinds[metric] != "rate":
        for places in range(1, 5):
            if words[0] != words[1]:
                break
            words = f"{first:,.{places}f}", f"{second:,.{places}f}"
        return words
    shown = metrics.decimals[metric] if metrics.decimals else None
    fewest, in_percent = 1 if shown is None else shown, 2 if metrics.units[metric] == "%" else 0
    apart = 0
    for places in range(fewest, 8):
        finer = metrics if places == fewest else replace(metrics, decimals=(places,) * len(metrics))
        words = value_words(finer, metric, first), value_words(finer, metric, second)
        apart += words[0] != words[1]
        moved = max(abs(each - round(each, places + in_percent)) for each in (first, second))
        if apart and (moved <= _SEEN * abs(first - second) or apart > _FINER):
            break
    return words


def points_words(metrics: Metrics, metric: int, value: float) -> str:
    """Return a difference between two values with its unit: ``0.8 points`` of a share, ``12 items``."""
    if metric >= 0 and metrics.kinds[metric] == "rate" and metrics.units[metric] == "%":
        return f"{100 * value:,.3g} points"
    return f"{amount_words(value)} {metrics.unit(metric)}"


def node_words(tree: Tree, node: int) -> str:
    """Return what people call a node."""
    return tree.name_of(node)


def scope_words(plan: Plan, scopes: Scopes, row: int) -> str:
    """Return a sub-cube in words, roots left out: ``Dublin, Hate speech, 2024-03``."""
    parts = [
        node_words(tree, int(node))
        for tree, node in (
            (plan.org, scopes.org[row]),
            (plan.queues, scopes.queue[row]),
            (plan.periods, scopes.period[row]),
        )
        if node != ROOT
    ]
    return ", ".join(parts) or "everything"


def capacity_words(plan: Plan, row: int) -> str:
    """Return a capacity row in words: ``hours of Dublin, 2024-03``."""
    note = plan.capacity.note[row] if plan.capacity.note else ""
    return f"{HOURS_OF}{scope_words(plan, plan.capacity.scope, row)}" + (f" ({note})" if note else "")


def never_words(plan: Plan, rows: CapacityRows, row: int, *, with_period: bool = True) -> str:
    """Return a row that never gives way in words: ``hours of Dublin, 2024-03``, ``inflow of Spam, 2024-03``."""
    source = int(rows.source[row])
    if rows.kind[row] == OF_CAPACITY:
        return capacity_words(plan, source)
    if rows.kind[row] == OF_SHARES:
        scope = plan.shares.scope
        teams, queue = node_words(plan.org, int(scope.org[source])), node_words(plan.queues, int(scope.queue[source]))
        words = f"{plan.shares.share[source]:.0%} of {queue} for {teams}"
    else:
        _, queue_leaf, _ = rows.inflow_keys[source]
        words = f"inflow of {node_words(plan.queues, int(plan.queues.leaves[queue_leaf]))}"
    period = node_words(plan.periods, never_period(plan, rows, row))
    return f"{words}, {period}" if with_period else words


def never_period(plan: Plan, rows: CapacityRows, row: int) -> int:
    """Return the period node of a row that never gives way."""
    source = int(rows.source[row])
    if rows.kind[row] == OF_CAPACITY:
        return int(plan.capacity.scope.period[source])
    if rows.kind[row] == OF_SHARES:
        return int(plan.shares.scope.period[source])
    return int(plan.periods.leaves[rows.inflow_keys[source][2]])


def target_words(plan: Plan, row: int) -> str:
    """Return a row of Targets in words: ``target for Hate speech, 2024Q1``."""
    position = int(plan.targets.scope.metric[row])
    metric = f" {plan.metrics.name(position)}" if len(plan.metrics) > 1 or position < 0 else ""
    return f"{metric} target for {scope_words(plan, plan.targets.scope, row)}".strip()


def limit_words(plan: Plan, row: int, all_of: str = "") -> str:
    """Return a row of Limits in words, with its owner: ``limit on Dublin (Aoife)``.

    Parameters
    ----------
    all_of : where several rows like it stand, in words; "" = it is told alone
    """
    owner = NOBODY_S.get(plan.limits.place[row]) or plan.limits.owner[row]
    kind = "hold" if plan.limits.is_hold[row] else "limit"
    position = int(plan.limits.scope.metric[row])
    if position < 0 or len(plan.metrics) > 1:
        kind = f"{plan.metrics.name(position)} {kind}"
    if all_of:
        kind += "s"
    return f"{kind} on {all_of or scope_words(plan, plan.limits.scope, row)}" + (f" ({owner})" if owner else "")
