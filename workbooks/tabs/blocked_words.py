"""What blocked a red row, in words: constraint by constraint, with the items and hours it explains.

Owns: the wording, and what of it the review lists.
"""

from __future__ import annotations

import numpy as np

from engine.variance.attainment import Status
from engine.variance.blocked import CAUSES, INFLOW, LESS_HANDLED, NOT_EXPLAINED, ROUTING
from engine.variance.nodes import ALL, TOP, node_name
from engine.variance.table import MetricTable, VarianceTable
from solver.frozen import frozen
from workbooks.tabs.metric_words import shown_change

_LEAST = 0.5
_MOST_HELD = 2
_WORDS = {
    INFLOW: "work that never arrived",
    "FTE": "fewer people than agreed",
    "hours": "fewer hours than agreed",
    "shrinkage": "more time off the queues",
    "occupancy": "more waiting between items",
    "handle time": "items took longer",
    ROUTING: "people were there, and worked on other queues or less",
    LESS_HANDLED: "less was handled than agreed, and no row of CapacityActuals tells why",
    NOT_EXPLAINED: "no row of CapacityActuals or InflowActuals tells",
}
_TOO_MUCH = "more arrived than was planned"


@frozen
class Blocker:
    """One line of the review.

    table : of the metric; amount, hours, most : nan where there are none, as where it is a limit that was reached
    most : what of the amount the largest red node has, named in ``how``
    """

    table: MetricTable
    cause: str
    how: str
    amount: float = float("nan")
    hours: float = float("nan")
    most: float = float("nan")


def blocked_words(table: VarianceTable, each: MetricTable, node: int, period: int) -> str:
    """Return ``FTE 300 items (25.0 h); routing 40 items, limit of Lisbon``; of rates and formulas what moved them."""
    parts = _causes(table, each, node, period) if each.blocked.items else _effects(table, each, node, period)
    is_routed = bool(parts) and parts[-1].startswith(ROUTING)
    held = each.blocked.held.at(node, _MOST_HELD, only_set=not is_routed)
    if held and (not parts or is_routed or not each.blocked.items or parts[-1].startswith(NOT_EXPLAINED)):
        parts = [*parts[:-1], ", ".join([*parts[-1:], *held])]
    return "; ".join(parts)


def explained_words(table: VarianceTable, each: MetricTable, node: int, period: int) -> str:
    """Return the same where anything tells what blocked a node; else the limits that it reached, if any."""
    known = (float(items[node, period]) for cause, items in each.blocked.items.items() if cause != NOT_EXPLAINED)
    if not each.blocked.items or any(items >= _LEAST for items in known):
        return blocked_words(table, each, node, period)
    return ", ".join(each.blocked.held.at(node, _MOST_HELD, only_set=True))


def _causes(table: VarianceTable, each: MetricTable, node: int, period: int) -> list[str]:
    unit = table.plan.metrics.unit(each.metric)
    parts = []
    for cause in CAUSES:
        if cause not in each.blocked.items:
            continue
        items = float(each.blocked.items[cause][node, period])
        if items < _LEAST:
            continue
        hours = float(each.blocked.hours[cause][node, period])
        parts.append(f"{cause} {items:,.0f} {unit}{f' ({hours:,.1f} h)' if hours > 0 else ''}")
    return parts


def _effects(table: VarianceTable, each: MetricTable, node: int, period: int) -> list[str]:
    """Return the effects that went against a rate or a formula, and the backlog that an SLA waits for."""
    plan, block = table.plan, each.block
    sign = 1.0 if plan.metrics.higher_is_better[each.metric] else -1.0
    effects = {"rate": block.rate, "mix": block.mix, "volume": block.volume, **block.drivers}
    effects["new or closed"] = block.new_or_closed
    found = {name: float(values[node, period]) for name, values in effects.items()}
    size = abs(float(block.variance[node, period]))
    against = [(name, change) for name, change in found.items() if np.isfinite(change) and sign * change < -1e-6 * size]
    words = [f"{name} {shown_change(plan, each.metric, change)}" for name, change in against]
    return [*words, *_waiting(table, each, node, period)]


def _waiting(table: VarianceTable, each: MetricTable, node: int, period: int) -> list[str]:
    """Return the backlog above what was agreed, for shares handled in time."""
    plan = table.plan
    volume = next((rate.weight for rate in plan.rates if rate.metric == each.metric and rate.is_sla), None)
    stock = None if volume is None else plan.metrics.backlog_of.get(volume)
    backlog = next((one for one in table.metrics if one.metric == stock), None)
    if backlog is None:
        return []
    queue = int(each.nodes.queue[node])
    at = TOP if queue == ALL else int(np.flatnonzero((backlog.nodes.queue == queue) & (backlog.nodes.org == ALL))[0])
    over = float(backlog.block.variance[at, period])
    if not over >= _LEAST:
        return []
    why = "; ".join(_causes(table, backlog, at, period))
    return [f"{plan.metrics.ids[backlog.metric]} {shown_change(plan, backlog.metric, over)}{f': {why}' if why else ''}"]


def blockers(table: VarianceTable) -> list[Blocker]:
    """Return for the review what kept whole metrics: metric by metric, the largest first, then limits reached."""
    found: list[Blocker] = []
    for each in table.metrics:
        causes = [one for cause in each.blocked.items if (one := _blocker(table, each, cause)) is not None]
        found += sorted(causes, key=lambda one: -one.amount)
        if (each.status[: each.nodes.pairs, TOP] == Status.RED).any():
            held = each.blocked.held.at(TOP, 2 * _MOST_HELD, only_set=True)
            found += [Blocker(each, "limits and skills", words) for words in held]
    return found


def _blocker(table: VarianceTable, each: MetricTable, cause: str) -> Blocker | None:
    items = each.blocked.items[cause]
    amount = float(items[TOP, TOP])
    if amount < _LEAST:
        return None
    first = each.nodes.pairs
    across = each.nodes.org[:first] if each.is_backlog else each.nodes.queue[:first]
    teams = np.flatnonzero((each.status[:first, TOP] == Status.RED) & (across == ALL))
    teams = teams[teams > TOP]
    hours = float(each.blocked.hours[cause][TOP, TOP])
    is_low = not table.plan.metrics.higher_is_better[each.metric]
    words = _TOO_MUCH if cause == INFLOW and is_low else _WORDS[cause]
    most = float("nan")
    if len(teams) and items[teams, TOP].max() >= _LEAST:
        node = int(teams[np.argmax(items[teams, TOP])])
        words, most = f"{words}; most of it {node_name(table.plan, each.nodes, node)}", float(items[node, TOP])
    return Blocker(each, cause, words, amount, hours if hours > 0 else float("nan"), most)
