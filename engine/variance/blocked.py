"""What blocked achievement: what was missed, joined to the plan's own constraints, in a fixed order.

    inflow → FTE → shrinkage → occupancy → handle time → routing

Each constraint explains as much of what is still missed as it took away; what is left passes on to the next. Routing is
what is left where hours are known: people were there, and worked elsewhere, or on less.

Owns: that order and its sums, in items and hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.plan import Limits, Plan
from engine.variance.blocks import Cells
from engine.variance.causes import Crew, Sides
from engine.variance.nodes import Elapsed, Nodes

CAUSES = ("inflow", "FTE", "hours", "shrinkage", "occupancy", "handle time", "routing", "not explained")
SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Missed:
    """What one volume missed, and why: float64, shape (pairs, leaf periods so far).

    items : by cause, in the order of ``CAUSES``; hours_per_item : what an item takes by the plan
    limited : words about limits that somebody set and that a pair reached, by pair; "" where there is none
    """

    items: dict[str, np.ndarray]
    hours_per_item: np.ndarray
    limited: tuple[str, ...]


def find_missed(plan: Plan, cells: Cells, place: tuple[int, np.ndarray, np.ndarray], sides: Sides) -> Missed:
    """Return what a volume missed, by cause.

    Parameters
    ----------
    place : the metric, and the leaf org and leaf queue of each pair
    """
    metric, org, queue = place
    both = cells.is_reported & np.isfinite(cells.agreed)
    left = np.where(
        both, np.maximum(np.nan_to_num(cells.agreed) * cells.covered - np.nan_to_num(cells.actual), 0.0), 0.0
    )
    so_far = left.shape[1]
    found: dict[str, np.ndarray] = {}
    arrived = _inflow_lost(sides, metric, so_far)
    if arrived is not None:
        left = _explain(found, "inflow", left, queue, arrived)
    hours = _hours_per_item(plan, metric, org, queue)[:, :so_far]
    if sides.crew_actual is not None and sides.crew_agreed is not None:
        for cause, lost in _hours_lost(sides.crew_agreed, sides.crew_actual, so_far):
            left = _explain(found, cause, left, org, _as_items(lost, left, hours, org))
        slower = _slower(sides.crew_actual, left, hours, org)
        left = _explain(found, "handle time", left, org, slower)
    known = np.zeros(left.shape, dtype=bool)
    if sides.crew_actual is not None:
        known = np.isfinite(sides.crew_actual.hours[org][:, :so_far])
    found["routing"] = np.where(known, left, 0.0)
    found["not explained"] = np.where(known, 0.0, left)
    return Missed(found, hours, _limits_reached(plan, metric, (org, queue), cells))


def _explain(
    found: dict[str, np.ndarray], cause: str, left: np.ndarray, group: np.ndarray, available: np.ndarray
) -> np.ndarray:
    """Take out of what is left what a cause explains, group by group, in equal parts of each; return the rest.

    Parameters
    ----------
    group : team or queue of each pair; available : float64, shape (groups, periods), items the cause took away
    """
    total = np.zeros(available.shape)
    np.add.at(total, group, left)
    taken = np.minimum(np.maximum(np.nan_to_num(available), 0.0), total)
    part = np.divide(taken, total, out=np.zeros(total.shape), where=total > 0)
    found[cause] = left * part[group]
    return np.asarray(left - found[cause])


def _inflow_lost(sides: Sides, metric: int, so_far: int) -> np.ndarray | None:
    planned, came = sides.inflow_agreed.get(metric), sides.inflow_actual.get(metric)
    if planned is None or came is None:
        return None
    lost = (planned - came)[:, :so_far]
    return np.where(np.isfinite(lost), np.maximum(lost, 0.0), 0.0)


def _hours_per_item(plan: Plan, metric: int, org: np.ndarray, queue: np.ndarray) -> np.ndarray:
    """Return the planned hours of an item: float64, shape (pairs, leaf periods), 0 where it takes none."""
    cells = plan.cells
    own = cells.metric == metric
    width = len(plan.queues.leaves)
    table = np.zeros((len(plan.org.leaves) * width, len(plan.periods.leaves)))
    table[cells.org[own] * width + cells.queue[own], cells.period[own]] = cells.hours[own]
    found: np.ndarray = table[org * width + queue]
    return found


def _hours_lost(agreed: Crew, actual: Crew, so_far: int) -> list[tuple[str, np.ndarray]]:
    """Return the hours that each factor of capacity took, by team and period, one after the other."""
    before, now = (
        {name: getattr(crew, name)[:, :so_far] for name in ("hours", "fte", "paid", "shrinkage", "occupancy", "ramp")}
        for crew in (agreed, actual)
    )
    by_people = np.isfinite(before["fte"]) & np.isfinite(now["fte"])
    ramp = before["ramp"]
    fte = (before["fte"] - now["fte"]) * before["paid"] * (1 - before["shrinkage"]) * before["occupancy"] * ramp
    shrinkage = now["fte"] * now["paid"] * (now["shrinkage"] - before["shrinkage"]) * before["occupancy"] * ramp
    occupancy = now["fte"] * now["paid"] * (1 - now["shrinkage"]) * (before["occupancy"] - now["occupancy"]) * ramp
    given = np.where(by_people, 0.0, before["hours"] - now["hours"])
    return [
        ("FTE", np.where(by_people, fte, 0.0)),
        ("hours", given),
        ("shrinkage", np.where(by_people, shrinkage, 0.0)),
        ("occupancy", np.where(by_people, occupancy, 0.0)),
    ]


def _as_items(lost: np.ndarray, left: np.ndarray, hours: np.ndarray, org: np.ndarray) -> np.ndarray:
    """Return lost hours as items of what each team still misses."""
    mean = _mean_hours(left, hours, org, lost.shape)
    return np.asarray(np.divide(lost, mean, out=np.zeros(lost.shape), where=mean > 0))


def _mean_hours(left: np.ndarray, hours: np.ndarray, org: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    items, worth = np.zeros(shape), np.zeros(shape)
    np.add.at(items, org, left)
    np.add.at(worth, org, left * hours)
    return np.asarray(np.divide(worth, items, out=np.zeros(shape), where=items > 0))


def _slower(actual: Crew, left: np.ndarray, hours: np.ndarray, org: np.ndarray) -> np.ndarray:
    """Return the items that slower work took from each team: hours there × (1 / planned − 1 / actual time)."""
    so_far = left.shape[1]
    planned = _mean_hours(left, hours, org, (len(actual.hours), so_far))
    took = actual.seconds[:, :so_far] / SECONDS
    rate0 = np.divide(1.0, planned, out=np.zeros(planned.shape), where=planned > 0)
    rate1 = np.divide(1.0, took, out=rate0.copy(), where=np.nan_to_num(took) > 0)
    return np.asarray(np.nan_to_num(actual.hours[:, :so_far]) * (rate0 - rate1))


def _limits_reached(plan: Plan, metric: int, pairs: tuple[np.ndarray, np.ndarray], cells: Cells) -> tuple[str, ...]:
    """Return for each pair whose limit it reached: a maximum or hold on exactly what it did."""
    limits, (org, queue) = plan.limits, pairs
    found = [""] * len(org)
    rows = [row for row in range(len(limits)) if limits.scope.metric[row] == metric and np.isfinite(limits.upper[row])]
    for row in rows:
        teams, queues, leaves = _below(plan, limits, row)
        leaves = leaves[leaves < cells.actual.shape[1]]
        inside = np.isin(org, teams) & np.isin(queue, queues)
        if not inside.any() or not len(leaves):
            continue
        done = float(np.nan_to_num(cells.actual[inside][:, leaves]).sum())
        if done >= limits.upper[row] * (1 - 0.01):
            words = f"limit of {limits.owner[row]}" if limits.owner[row] else "a limit"
            for pair in np.flatnonzero(inside).tolist():
                found[pair] = found[pair] or words
    return tuple(found)


def _below(plan: Plan, limits: Limits, row: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    scope = limits.scope
    return (
        plan.org.leaf_positions(int(scope.org[row])),
        plan.queues.leaf_positions(int(scope.queue[row])),
        plan.periods.leaf_positions(int(scope.period[row])),
    )


@dataclass(frozen=True, slots=True)
class BlockedTable:
    """Causes by node and period: float64, shape (nodes, periods), items and hours.

    limited : words about limits, by node
    """

    items: dict[str, np.ndarray]
    hours: dict[str, np.ndarray]
    limited: tuple[str, ...]


def blocked_table(missed: Missed, nodes: Nodes, periods: Elapsed) -> BlockedTable:
    """Return the causes of all nodes and periods."""

    def summed(leaves: np.ndarray) -> np.ndarray:
        total = np.asarray(nodes.member @ leaves)
        running = np.hstack([np.zeros((len(total), 1)), np.cumsum(total, axis=1)])
        return np.asarray(running[:, periods.last] - running[:, periods.first])

    items = {cause: summed(each) for cause, each in missed.items.items()}
    hours = {cause: summed(each * missed.hours_per_item) for cause, each in missed.items.items()}
    words = list(missed.limited)
    limited = []
    for node in range(len(nodes)):
        pairs = nodes.member.indices[nodes.member.indptr[node] : nodes.member.indptr[node + 1]].tolist()
        named = dict.fromkeys(words[pair] for pair in pairs if words[pair])
        limited.append(", ".join(list(named)[:2]))
    return BlockedTable(items, hours, tuple(limited))
