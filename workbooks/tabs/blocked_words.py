"""What blocked a red row, in words: constraint by constraint, with the items and hours it explains.

Owns: the wording, and what of it the review lists.
"""

from __future__ import annotations

import numpy as np

from engine.variance.attainment import Status
from engine.variance.blocked import CAUSES, BlockedTable
from engine.variance.review import TOP, node_name
from engine.variance.table import VarianceTable

_LEAST = 0.5
_WORDS = {
    "inflow": "work that never arrived",
    "FTE": "fewer people than agreed",
    "hours": "fewer hours than agreed",
    "shrinkage": "more time off the queues",
    "occupancy": "more waiting between items",
    "handle time": "items took longer",
    "routing": "people were there, and worked on other queues or less",
    "not explained": "no row of CapacityActuals tells",
}


def blocked_words(blocked: BlockedTable, node: int, period: int) -> str:
    """Return ``FTE 300 items (25.0 h); routing 40 items``."""
    parts = []
    for cause in CAUSES:
        if cause not in blocked.items:
            continue
        items, hours = float(blocked.items[cause][node, period]), float(blocked.hours[cause][node, period])
        if items < _LEAST:
            continue
        time = f" ({hours:,.1f} h)" if hours > 0 else ""
        owner = f", {blocked.limited[node]}" if cause in ("routing", "not explained") and blocked.limited[node] else ""
        parts.append(f"{cause} {items:,.0f} items{time}{owner}")
    return "; ".join(parts)


def blockers(table: VarianceTable) -> list[tuple[str, float, str]]:
    """Return for the review what kept whole metrics, the largest first: metric and cause, items, how."""
    found = []
    plan = table.plan
    for each in table.metrics:
        if each.blocked is None:
            continue
        for cause, items in each.blocked.items.items():
            amount = float(items[TOP, TOP])
            if amount < _LEAST:
                continue
            red = each.status[: each.nodes.pairs, TOP] == Status.RED
            teams = np.flatnonzero(red & (each.nodes.queue[: each.nodes.pairs] < 0))
            teams = teams[teams > 0]
            hours = float(each.blocked.hours[cause][TOP, TOP])
            time = f"{hours:,.1f} h: " if hours > 0 else ""
            most = ""
            if len(teams) and items[teams, TOP].max() >= _LEAST:
                node = int(teams[np.argmax(items[teams, TOP])])
                most = f"; most of it {node_name(plan, each, node)} ({items[node, TOP]:,.0f})"
            found.append((f"{plan.metrics.ids[each.metric]} · {cause}", amount, f"{time}{_WORDS[cause]}{most}"))
    return sorted(found, key=lambda one: (-one[1], one[0]))
