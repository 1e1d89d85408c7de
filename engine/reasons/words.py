"""Rows of a plan in the analyst's words.

Owns: the short names by which reasons call capacity, targets, limits and queues, and how amounts are written.
"""

from __future__ import annotations

from engine.plan import Plan, Scopes
from engine.trees import ROOT, Tree

HOURS_OF = "hours of "
"""How every reason begins that names capacity."""


SHORTAGE_ON = "shortage on "
"""How a reason begins that shares out what a target is missed by."""


def amount_words(value: float) -> str:
    """Return an amount as people write it: ``4,297,555``, ``12.5``, ``0.031``."""
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"


def node_words(tree: Tree, node: int) -> str:
    """Return what people call a node."""
    return tree.names[node]


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
    return f"{HOURS_OF}{scope_words(plan, plan.capacity.scope, row)}"


def target_words(plan: Plan, row: int) -> str:
    """Return a row of Targets in words: ``target for Hate speech, 2024Q1``."""
    metric = f" {plan.metrics.ids[plan.targets.scope.metric[row]]}" if len(plan.metrics) > 1 else ""
    return f"{metric} target for {scope_words(plan, plan.targets.scope, row)}".strip()


def limit_words(plan: Plan, row: int) -> str:
    """Return a row of Limits in words, with its owner: ``limit on Dublin (Aoife)``."""
    owner = plan.limits.owner[row]
    kind = "hold" if plan.limits.is_hold[row] else "limit"
    return f"{kind} on {scope_words(plan, plan.limits.scope, row)}" + (f" ({owner})" if owner else "")
