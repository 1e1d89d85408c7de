"""What blocked achievement: what was missed, joined to the plan's own constraints, in a fixed order.

    inflow → FTE → shrinkage → occupancy → handle time → routing

Each constraint explains as much of what is still missed as it took away; what is left passes on to the next. Routing is
what is left where hours are known: people were there, and worked elsewhere, or on less.

Owns: that order and its sums, in items and hours. Backlogs stand in ``blocked_backlogs``, limits and skills in
``held_back``.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from engine.plan import Plan
from engine.variance.blocks import Cells
from engine.variance.causes import Crew, Sides
from engine.variance.held_back import HeldBack
from engine.variance.nodes import Elapsed, Nodes
from solver.frozen import frozen

INFLOW, ROUTING, LESS_HANDLED, NOT_EXPLAINED = "inflow", "routing", "less handled", "not explained"
CAUSES = (INFLOW, "FTE", "hours", "shrinkage", "occupancy", "handle time", ROUTING, LESS_HANDLED, NOT_EXPLAINED)
SECONDS = 3600.0


@frozen
class Missed:
    """What one metric missed, and why: float64, shape (pairs, leaf periods so far).

    items : by cause, in the order of ``CAUSES``; hours_per_item : what an item takes by the plan
    at_end : a longer period stands as its last leaf does, as stocks do, instead of adding up
    """

    items: dict[str, np.ndarray]
    hours_per_item: np.ndarray
    at_end: bool = False


@frozen
class Place:
    """Which metric, and the leaf org and leaf queue of each pair: int64, shape (pairs,)."""

    metric: int
    org: np.ndarray
    queue: np.ndarray


def find_missed(plan: Plan, cells: Cells, place: Place, sides: Sides) -> Missed:
    """Return what a volume missed where more is better, or did too much where less is, by cause.

    Notes
    -----
    Where less is better, more may have arrived than was planned; people and hours are no excuse for doing too much.
    """
    higher = bool(plan.metrics.higher_is_better[place.metric])
    both = cells.is_reported & np.isfinite(cells.agreed)
    short = np.nan_to_num(cells.agreed) * cells.covered - np.nan_to_num(cells.actual)
    left = np.where(both, np.maximum(short if higher else -short, 0.0), 0.0)
    found: dict[str, np.ndarray] = {}
    arrived = _arrivals_short(sides, place.metric, left.shape[1])
    if arrived is not None:
        left = _explain(found, INFLOW, left, place.queue, arrived if higher else -arrived)
    hours = hours_per_item(plan, place)[:, : left.shape[1]]
    if higher:
        for cause, lost in _Lost(plan, sides, place, hours, np.nan_to_num(cells.actual)).in_order(left):
            left = left - lost
            found[cause] = lost
    known = np.zeros(left.shape, dtype=bool)
    if higher and sides.crew_actual is not None:
        known = np.isfinite(sides.crew_actual.hours[place.org][:, : left.shape[1]])
    found[ROUTING] = np.where(known, left, 0.0)
    found[NOT_EXPLAINED] = np.where(known, 0.0, left)
    return Missed(found, hours)


def not_explained(cells: Cells, *, higher: bool) -> Missed:
    """Return what a stock that is nobody's backlog missed: no constraint of the plan tells of it."""
    gap = np.nan_to_num(cells.agreed - cells.actual) * (1.0 if higher else -1.0)
    left = np.maximum(gap, 0.0)
    return Missed({NOT_EXPLAINED: left}, np.zeros(left.shape), at_end=True)


def _explain(
    found: dict[str, np.ndarray], cause: str, left: np.ndarray, group: np.ndarray, available: np.ndarray
) -> np.ndarray:
    """Take out of what is left what a cause explains, group by group; return the rest."""
    found[cause] = explained(left, group, available)
    return np.asarray(left - found[cause])


def explained(left: np.ndarray, group: np.ndarray, available: np.ndarray) -> np.ndarray:
    """Return what a cause explains of what is left, in equal parts of each member of a group.

    Parameters
    ----------
    left : float64, shape (pairs, periods); group : team or queue of each pair
    available : float64, shape (groups, periods), items that the cause took away
    """
    total = np.zeros(available.shape)
    np.add.at(total, group, left)
    taken = np.minimum(np.maximum(np.nan_to_num(available), 0.0), total)
    part = np.divide(taken, total, out=np.zeros(total.shape), where=total > 0)
    return np.asarray(left * part[group])


def _arrivals_short(sides: Sides, metric: int, so_far: int) -> np.ndarray | None:
    """Return by how much less arrived than was planned: float64, shape (leaf queues, periods); below 0 = more."""
    planned, came = sides.arrivals_agreed.get(metric), sides.arrivals_actual.get(metric)
    return None if planned is None or came is None else np.nan_to_num((planned - came)[:, :so_far])


def hours_per_item(plan: Plan, place: Place) -> np.ndarray:
    """Return the planned hours of an item: float64, shape (pairs, leaf periods), 0 where it takes none."""
    cells = plan.cells
    own = cells.metric == place.metric
    width = len(plan.queues.leaves)
    table = np.zeros((len(plan.org.leaves) * width, len(plan.periods.leaves)))
    table[cells.org[own] * width + cells.queue[own], cells.period[own]] = cells.hours[own]
    found: np.ndarray = table[place.org * width + place.queue]
    return found


class _Lost:
    """What each factor of capacity took from a volume, one factor after the other, single queues before whole teams.

    hours : planned hours of an item of each pair; done : items; both float64, shape (pairs, periods)
    """

    def __init__(self, plan: Plan, sides: Sides, place: Place, hours: np.ndarray, done: np.ndarray) -> None:
        self.sides, self.place, self.hours, self.done = sides, place, hours, done
        self._teams = len(plan.org.leaves)
        self._scopes: list[tuple[np.ndarray, Crew, Crew]] = []
        for each in sides.by_queue:
            inside = np.isin(place.queue, plan.queues.leaf_positions(each.queue))
            self._scopes.append((inside, each.agreed, each.actual))
        if sides.crew_agreed is not None and sides.crew_actual is not None:
            everywhere = np.ones(len(place.org), dtype=bool)
            self._scopes.append((everywhere, sides.crew_agreed, sides.crew_actual))

    def in_order(self, left: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """Return the items that each factor took: float64, shape (pairs, periods)."""
        found: list[tuple[str, np.ndarray]] = []
        if not self._scopes and self.sides.seconds is None:
            return found
        lost = [hours_lost(agreed, actual, left.shape[1]) for _, agreed, actual in self._scopes]
        for cause in ("FTE", "hours", "shrinkage", "occupancy"):
            taken = np.zeros(left.shape)
            for (inside, _, _), by_cause in zip(self._scopes, lost, strict=True):
                own = inside[:, None]
                taken += self._of_hours(np.where(own, left - taken, 0.0), by_cause[cause], np.where(own, taken, 0.0))
            found.append((cause, taken))
            left = left - taken
        return [*found, ("handle time", self._slower(left))]

    def _of_hours(self, left: np.ndarray, hours: np.ndarray, so_far: np.ndarray) -> np.ndarray:
        """Return the items that lost hours explain, less what rows for parts of the same queues explained before."""
        mean = _mean_hours(left, self.hours, self.place.org, self._teams)
        before = np.zeros(mean.shape)
        np.add.at(before, self.place.org, so_far * self.hours)
        items = np.divide(hours - before, mean, out=np.zeros(mean.shape), where=mean > 0)
        return explained(left, self.place.org, items)

    def _slower(self, left: np.ndarray) -> np.ndarray:
        """Return what slower work took: hours there × (1 / planned − 1 / actual time); of what was done, if unknown."""
        if self.sides.seconds is None:
            return np.zeros(left.shape)
        took = self.sides.seconds[self.place.org, self.place.queue][:, : left.shape[1]] / SECONDS
        slow = np.divide(took, self.hours, out=np.ones(left.shape), where=(self.hours > 0) & (np.nan_to_num(took) > 0))
        by_done = np.maximum(self.done * (slow - 1), 0.0)
        if self.sides.crew_actual is None:
            return np.asarray(np.minimum(by_done, left))
        there = self.sides.crew_actual.hours[:, : left.shape[1]]
        gain = np.divide(np.maximum(1 - 1 / slow, 0.0), self.hours, out=np.zeros(left.shape), where=self.hours > 0)
        worth, total = np.zeros(there.shape), np.zeros(there.shape)
        np.add.at(total, self.place.org, left)
        np.add.at(worth, self.place.org, left * gain)
        by_team = np.nan_to_num(there) * np.divide(worth, total, out=np.zeros(there.shape), where=total > 0)
        of_teams = explained(np.where(slow > 1, left, 0.0), self.place.org, by_team)
        unknown = np.isnan(there)[self.place.org]
        return np.where(unknown, np.minimum(by_done, left), of_teams)


def hours_lost(agreed: Crew, actual: Crew, so_far: int) -> dict[str, np.ndarray]:
    """Return the hours that each factor of capacity took, by team and period; all together no more than are short."""
    before, now = (
        {each.name: getattr(crew, each.name)[:, :so_far] for each in fields(Crew)} for crew in (agreed, actual)
    )
    by_people = np.isfinite(before["fte"]) & np.isfinite(now["fte"])
    ramp = before["ramp"]
    fte = (before["fte"] - now["fte"]) * before["paid"] * (1 - before["shrinkage"]) * before["occupancy"] * ramp
    shrinkage = now["fte"] * now["paid"] * (now["shrinkage"] - before["shrinkage"]) * before["occupancy"] * ramp
    occupancy = now["fte"] * now["paid"] * (1 - now["shrinkage"]) * (before["occupancy"] - now["occupancy"]) * ramp
    short = np.nan_to_num(before["hours"] - now["hours"])
    people = {"FTE": fte, "shrinkage": shrinkage, "occupancy": occupancy}
    found = {name: np.where(by_people, np.nan_to_num(each), 0.0) for name, each in people.items()}
    # of people: overtime, ramp and paid hours; of hours given as such: all of it
    found["hours"] = short - sum(found.values())
    taken = sum(np.maximum(each, 0.0) for each in found.values())
    part = np.divide(np.maximum(short, 0.0), taken, out=np.zeros(short.shape), where=taken > 0)
    return {name: np.maximum(each, 0.0) * np.minimum(part, 1.0) for name, each in found.items()}


def _mean_hours(left: np.ndarray, hours: np.ndarray, org: np.ndarray, teams: int) -> np.ndarray:
    items, worth = np.zeros((teams, left.shape[1])), np.zeros((teams, left.shape[1]))
    np.add.at(items, org, left)
    np.add.at(worth, org, left * hours)
    return np.asarray(np.divide(worth, items, out=np.zeros(items.shape), where=items > 0))


@frozen
class BlockedTable:
    """Causes by node and period: float64, shape (nodes, periods), items and hours.

    held : limits and skills that were reached below each node
    """

    items: dict[str, np.ndarray]
    hours: dict[str, np.ndarray]
    held: HeldBack


def blocked_table(missed: Missed, nodes: Nodes, periods: Elapsed, held: HeldBack) -> BlockedTable:
    """Return the causes of all nodes and periods."""

    def summed(leaves: np.ndarray) -> np.ndarray:
        total = np.asarray(nodes.member @ leaves)
        if missed.at_end:
            return np.asarray(total[:, periods.last - 1])
        running = np.hstack([np.zeros((len(total), 1)), np.cumsum(total, axis=1)])
        return np.asarray(running[:, periods.last] - running[:, periods.first])

    items = {cause: summed(each) for cause, each in missed.items.items()}
    hours = {cause: summed(each * missed.hours_per_item) for cause, each in missed.items.items()}
    return BlockedTable(items, hours, held)
