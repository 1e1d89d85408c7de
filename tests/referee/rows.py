"""A plan's rows as plain sets of cells, found by walking the trees node by node.

Shares nothing with the engine's formulation: no covers, no canonical order, dense arrays, everything in items.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.plan import Plan, Scopes, Sense
from engine.trees import Tree

WIDTHS = (0.02, 0.03, 0.05, np.inf)
SLOPES = {"spread": (1.0, 1.5, 2.0, 3.0), "concentrate": (1.0, 1.0, 1.0, 1.0)}


@dataclass(frozen=True)
class Fairness:
    """What the fairness step measures against; shape (cells,): fair share, scale of movement, hours per item."""

    value: np.ndarray
    scale: np.ndarray
    hours: np.ndarray


@dataclass(frozen=True)
class Rows:
    """All rows of a plan, dense, in table order.

    targets, limits, capacity : shape (rows, cells), 1 where a cell counts; capacity in hours per item
    mix : the targets' rows weighted by hours over the row's mean hours
    queues : one row per metric, leaf queue and leaf period that has cells
    mean_hours, size, queue_hours : per target, per target, per queue row
    """

    plan: Plan
    fairness: Fairness
    targets: np.ndarray
    mix: np.ndarray
    mean_hours: np.ndarray
    size: np.ndarray
    limits: np.ndarray
    capacity: np.ndarray
    queues: np.ndarray
    queue_hours: np.ndarray
    may_lose: np.ndarray

    @property
    def asked(self) -> np.ndarray:
        """What each target asks, items."""
        return self.plan.targets.value

    @property
    def can_fall_short(self) -> np.ndarray:
        """Targets with a lower side."""
        return self.plan.targets.sense != int(Sense.AT_MOST)

    @property
    def can_be_overshot(self) -> np.ndarray:
        """Targets with an upper side."""
        return self.plan.targets.sense != int(Sense.AT_LEAST)

    def short(self, plan_of_cells: np.ndarray) -> np.ndarray:
        """Return each target's miss in items: the larger of the miss in items and in fair-mix hours."""
        reached = np.minimum(self.targets @ plan_of_cells, self.mix @ plan_of_cells)
        return np.where(self.can_fall_short, np.maximum(self.asked - reached, 0), 0)

    def item_short(self, plan_of_cells: np.ndarray) -> np.ndarray:
        """Return each target's miss counted in items alone."""
        return np.where(self.can_fall_short, np.maximum(self.asked - self.targets @ plan_of_cells, 0), 0)

    def over(self, plan_of_cells: np.ndarray) -> np.ndarray:
        """Return by how many items each target is overshot."""
        return np.where(self.can_be_overshot, np.maximum(self.targets @ plan_of_cells - self.asked, 0), 0)

    def priced(self, miss: np.ndarray) -> np.ndarray:
        """Return what each miss (items) costs, in hours, by rising segments."""
        left, cost = miss / self.size, np.zeros(len(miss))
        for width, slope in zip(WIDTHS, SLOPES[self.plan.settings.misses], strict=True):
            part = np.minimum(left, width)
            cost += slope * part
            left = left - part
        return cost * self.mean_hours * self.size

    def unfairness(self, plan_of_cells: np.ndarray, kappa: float = 10.0) -> float:
        """Return Φ."""
        fair = self.fairness
        total = 0.0
        for at in np.flatnonzero(fair.scale > 0):
            total += fair.hours[at] * (plan_of_cells[at] - fair.value[at]) ** 2 / (2 * fair.scale[at])
        for row, hours in zip(self.queues, self.queue_hours, strict=True):
            scale = float(row @ fair.scale)
            if scale > 0:
                total += kappa * hours * float(row @ (plan_of_cells - fair.value)) ** 2 / (2 * scale)
        return total


def build_rows(plan: Plan, fairness: Fairness) -> Rows:
    """Return the rows of a plan."""
    targets = _membership(plan, plan.targets.scope)
    mean_hours = np.array([mean_of_row(row, fairness) for row in targets])
    mix = targets * fairness.hours / mean_hours[:, None] if len(targets) else targets
    size = np.maximum(np.maximum(np.abs(plan.targets.value), targets @ fairness.value), 1.0)
    keys = list(zip(plan.cells.metric, plan.cells.queue, plan.cells.period, strict=True))
    distinct = sorted(set(keys))
    queues = np.array([[1.0 if key == row else 0.0 for key in keys] for row in distinct])
    return Rows(
        plan,
        fairness,
        targets,
        mix,
        mean_hours,
        size,
        _membership(plan, plan.limits.scope),
        _membership(plan, plan.capacity.scope) * plan.cells.hours,
        queues,
        np.array([mean_of_row(row, fairness) for row in queues]),
        np.array([plan.may_lose[queue] for _, queue, _ in distinct]),
    )


def mean_of_row(row: np.ndarray, fairness: Fairness) -> float:
    """Return a row's mean hours per item, weighted by fair share, else by scale, else alike."""
    for weight in (fairness.value, fairness.scale, np.ones(len(row))):
        if row @ weight > 0:
            return float(row @ (weight * fairness.hours) / (row @ weight))
    return 1.0


def _membership(plan: Plan, scopes: Scopes) -> np.ndarray:
    """Return shape (rows, cells): 1 where the row's nodes stand above, or are, the cell's leaves."""
    above = [_above(tree) for tree in (plan.org, plan.queues, plan.periods)]
    leaves = (plan.cells.org, plan.cells.queue, plan.cells.period)
    found = np.zeros((len(scopes), len(plan.cells)))
    for row in range(len(scopes)):
        inside = np.ones(len(plan.cells), dtype=bool)
        for sets, leaf, node in zip(above, leaves, (scopes.org, scopes.queue, scopes.period), strict=True):
            holds = np.array([int(node[row]) in ancestors for ancestors in sets])
            inside &= holds[leaf]
        if scopes.metric[row] >= 0:
            inside &= plan.cells.metric == scopes.metric[row]
        found[row] = inside
    return found


def _above(tree: Tree) -> list[set[int]]:
    """Return for each leaf the set of nodes on its way to the root, itself included."""
    ways = []
    for leaf in range(len(tree)):
        if leaf in set(tree.parent.tolist()):
            continue
        way, node = set(), leaf
        while node >= 0:
            way.add(node)
            node = int(tree.parent[node])
        ways.append(way)
    return ways
