"""What fair shares start from: history, and a place for work and people that have none.

Owns: new teams, new queues, new periods, overflow pairs.
"""

from __future__ import annotations

import numpy as np

from engine.fair.crew import team_hours, working_days
from engine.plan import Plan
from engine.trees import Tree
from solver.frozen import frozen


@frozen
class Seed:
    """The start of the fair share.

    value : float64, shape (cells,), items, before scaling to targets
    hours_share : float64, shape (cells,), the part of its queue and period that a cell's hours stand for, 0…1
    is_overflow : bool, shape (cells,), no history inside a queue that has some, by a team that has some elsewhere
    no_history : bool, shape (cells,)
    """

    value: np.ndarray
    hours_share: np.ndarray
    is_overflow: np.ndarray
    no_history: np.ndarray


def sow(plan: Plan) -> Seed:
    """Return the start of the fair share of every cell, by the setting Fair share by."""
    cells = plan.cells
    even = plan.settings.fair_share_by == "even"
    crew = np.ones((len(plan.org.leaves), len(plan.periods.leaves))) if even else team_hours(plan)
    hours = crew[cells.org, cells.period]
    total_of = _Totals(plan)
    queue_hours = total_of.queue_sum(hours)
    share = np.divide(hours, queue_hours, out=np.zeros(len(cells)), where=queue_hours > 0)
    arriving = _arriving(plan)
    start = cells.baseline if plan.near is None else np.where(np.isfinite(plan.near), plan.near, cells.baseline)
    known = np.isfinite(start)
    value = np.where(known, start, 0.0)
    overflow = np.zeros(len(cells), dtype=bool)
    for metric in range(len(plan.metrics)):
        mine = np.flatnonzero(cells.metric == metric)
        part = _MetricSeed(plan, mine, value[mine], known[mine], hours[mine], share[mine])
        part.arriving = arriving[mine]
        if plan.metrics.kinds[metric] == "stock":
            part.days = np.ones(len(part.days))  # what is there on a day does not grow with the days of a month
        value[mine], overflow[mine] = part.fill()
    if plan.settings.fair_share_by == "inflow":
        value = _by_inflow(value, share, arriving, total_of)
    elif plan.settings.fair_share_by != "baseline":
        value = share * total_of.queue_sum(value)
        overflow[:] = False
    return Seed(value, share, overflow, ~np.isfinite(cells.baseline))


def _arriving(plan: Plan) -> np.ndarray:
    """Return what arrives, less exits, in the queue and period of each cell: float64, shape (cells,), nan = unknown."""
    cells = plan.cells
    found = np.full(len(cells), np.nan)
    for balance in plan.balances:
        mine = cells.metric == balance.volume
        found[mine] = np.maximum(balance.arrivals, 0.0)[cells.queue[mine], cells.period[mine]]
    return found


def _by_inflow(value: np.ndarray, share: np.ndarray, arriving: np.ndarray, total_of: _Totals) -> np.ndarray:
    """Return seeds whose queues follow their inflow; teams keep their parts of them, by hours where they have none."""
    total = total_of.queue_sum(value)
    part = np.where(total > 0, np.divide(value, total, out=np.zeros(len(value)), where=total > 0), share)
    return np.where(np.isfinite(arriving), part * np.nan_to_num(arriving), value)


class _Totals:
    """Sums per metric × queue × period, spread back to the cells."""

    def __init__(self, plan: Plan) -> None:
        cells = plan.cells
        key = (cells.metric * len(plan.queues.leaves) + cells.queue) * len(plan.periods.leaves) + cells.period
        _, self._which = np.unique(key, return_inverse=True)

    def queue_sum(self, values: np.ndarray) -> np.ndarray:
        return np.asarray(np.bincount(self._which, values)[self._which])


class _MetricSeed:
    """The cells of one metric; arrays are all of shape (its cells,)."""

    def __init__(
        self, plan: Plan, mine: np.ndarray, value: np.ndarray, known: np.ndarray, hours: np.ndarray, share: np.ndarray
    ) -> None:
        self.tree = plan.queues
        self.org, self.queue, self.period = (
            part[mine] for part in (plan.cells.org, plan.cells.queue, plan.cells.period)
        )
        self.n_org, self.n_queue, self.n_period = (len(tree.leaves) for tree in (plan.org, plan.queues, plan.periods))
        self.days = working_days(plan)
        self.value, self.known, self.hours, self.share = value, known, hours, share
        self.arriving = np.full(len(mine), np.nan)

    def fill(self) -> tuple[np.ndarray, np.ndarray]:
        """Return seeds and which cells are overflow."""
        if not self.known.any():
            return self.share * self._nothing_known(), np.zeros(len(self.org), dtype=bool)
        pair_known = self._any_known(self.org * self.n_queue + self.queue, self.n_org * self.n_queue)
        team_known = self._any_known(self.org, self.n_org)
        queue_known = self._any_known(self.queue, self.n_queue)
        value = np.where(pair_known & ~self.known, self._usual_rate() * self.days[self.period], self.value)
        new_team = ~pair_known & queue_known & ~team_known
        value = np.where(new_team, self._peers_rate(value, pair_known) * self.hours, value)
        new = np.where(np.isfinite(self.arriving), self.arriving, self._sibling_total(value, pair_known, queue_known))
        value = np.where(~queue_known, new * self.share, value)
        return value, ~pair_known & queue_known & team_known

    def _nothing_known(self) -> np.ndarray:
        """Return what arrives, or as much as arrives elsewhere; without inflow, as much as there are working days."""
        is_known = np.isfinite(self.arriving)
        if not is_known.any():
            return np.asarray(self.days[self.period])
        return np.where(is_known, self.arriving, self.arriving[is_known].mean())

    def _any_known(self, key: np.ndarray, size: int) -> np.ndarray:
        return np.asarray((np.bincount(key, self.known, size) > 0)[key])

    def _usual_rate(self) -> np.ndarray:
        """Items per working day of each pair, over the periods it has history in."""
        pair = self.org * self.n_queue + self.queue
        days = np.bincount(pair, np.where(self.known, self.days[self.period], 0))
        items = np.bincount(pair, np.where(self.known, self.value, 0))
        return np.asarray(np.divide(items, days, out=np.zeros(len(days)), where=days > 0)[pair])

    def _peers_rate(self, value: np.ndarray, pair_known: np.ndarray) -> np.ndarray:
        """Items per team hour in each queue and period, among the teams with history in that queue."""
        key = self.queue * self.n_period + self.period
        items = np.bincount(key, np.where(pair_known, value, 0))
        hours = np.bincount(key, np.where(pair_known, self.hours, 0))
        return np.asarray(np.divide(items, hours, out=np.zeros(len(hours)), where=hours > 0)[key])

    def _sibling_total(self, value: np.ndarray, pair_known: np.ndarray, queue_known: np.ndarray) -> np.ndarray:
        """Mean total, per period, of the leaf queues with history under the nearest ancestor that has any."""
        totals = np.zeros((self.n_queue, self.n_period))
        np.add.at(totals, (self.queue, self.period), np.where(pair_known, value, 0))
        has_history = np.zeros(self.n_queue, dtype=bool)
        has_history[self.queue[queue_known]] = True
        found = np.zeros((self.n_queue, self.n_period))
        for leaf in np.unique(self.queue[~queue_known]):
            relatives = _nearest_relatives(self.tree, int(leaf), has_history)
            found[leaf] = totals[relatives].mean(axis=0)
        return np.asarray(found[self.queue, self.period])


def _nearest_relatives(tree: Tree, leaf: int, has_history: np.ndarray) -> np.ndarray:
    """Return the leaves with history under the nearest ancestor that has any; there is one somewhere."""
    node = int(tree.leaves[leaf])
    while True:
        below = tree.leaf_positions(node)
        relatives = below[has_history[below]]
        if len(relatives) or tree.parent[node] < 0:
            return np.asarray(relatives)
        node = int(tree.parent[node])
