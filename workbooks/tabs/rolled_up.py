"""The records of Cascade rolled up to the lowest levels that a sheet holds with ease; its leaf rows stand elsewhere.

Owns: to which levels, and how records are put together: amounts add up, rates are averaged by their weight.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.trees import ROOT, Tree
from solver.frozen import frozen
from solver.sparse import csr_matrix
from workbooks.tabs.cascade_records import NAMED_REASONS, Records
from workbooks.tabs.why import Terms, why_texts

MOST_ROWS = 50_000
"""Rolled-up records on a sheet, unless leaf periods and metrics alone are more."""

STATUS = "rolled up"
"""Status of a record that stands for several leaf rows."""


@frozen
class RolledUp:
    """records : in Cascade's order; levels : what stands in Org and Queue, for people to read."""

    records: Records
    levels: tuple[str, str]


def rolled_up(outcome: Outcome, leaf: Records) -> RolledUp:
    """Return the records of Cascade rolled up. leaf : all of them, in any order."""
    plan = outcome.plan
    keys, which, climbed = _fitting(plan, leaf)
    count = keys.shape[0]
    is_rate = np.isin(leaf.metric, [each.rate.metric for each in outcome.rates])
    weight = np.where(is_rate, np.nan_to_num(leaf.weight), 1.0)

    def together(values: np.ndarray) -> np.ndarray:
        """Return sums, of rates weighted means; nan where there is nothing to add up."""
        there = np.isfinite(values)
        total = np.bincount(which, np.where(there, values, 0.0) * weight, count)
        weights = np.bincount(which, np.where(there, weight, 0.0), count)
        of_rate = np.bincount(which, is_rate, count) > 0
        mean = np.divide(total, weights, out=np.full(count, np.nan), where=weights > 0)
        some = np.bincount(which, there, count) > 0
        return np.asarray(np.where(of_rate, mean, np.where(some, total, np.nan)))

    value, fair = together(leaf.value), together(leaf.fair)
    open_side = np.full(count, np.nan)
    weighs = np.bincount(which, np.where(is_rate, weight, 0.0), count)
    records = Records(
        keys[:, 0],
        keys[:, 1],
        keys[:, 2],
        keys[:, 3],
        value,
        fair,
        together(np.where(is_rate, np.nan, leaf.baseline)),
        open_side,
        open_side,
        np.where((np.bincount(which, is_rate, count) > 0) & np.isfinite(value), weighs, np.nan),
        np.full(count, STATUS, dtype=object),
        _why(outcome, keys, climbed, value - fair),
    )
    return RolledUp(records, (_level_of(plan.org, keys[:, 1]), _level_of(plan.queues, keys[:, 2])))


def _fitting(plan: Plan, leaf: Records) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Return the keys of the rolled-up records, which of them each leaf row goes to, and how far trees are climbed."""
    for climbed in _climbs(plan):
        keys = _keys(plan, (leaf.metric, leaf.org, leaf.queue, leaf.period), climbed)
        distinct, which = np.unique(_code(plan, keys), return_inverse=True)
        if len(distinct) <= MOST_ROWS:
            break
    first = np.zeros(len(distinct), np.int64)
    first[which] = np.arange(len(which))
    return keys[first], which, climbed


def _climbs(plan: Plan) -> Iterator[tuple[int, int]]:
    """Yield how many levels to climb in the org and in the queue tree, the fewest in all first; one at least."""
    deepest = int(plan.org.depth.max()), int(plan.queues.depth.max())
    pairs = [(org, queue) for org in range(deepest[0] + 1) for queue in range(deepest[1] + 1)]
    yield from sorted(pairs[1:] or pairs, key=lambda pair: (sum(pair), abs(pair[0] - pair[1]), pair[1]))


def _keys(plan: Plan, nodes: tuple[np.ndarray, ...], climbed: tuple[int, int]) -> np.ndarray:
    metric, org, queue, period = nodes
    return np.column_stack([metric, _above(plan.org, org, climbed[0]), _above(plan.queues, queue, climbed[1]), period])


def _above(tree: Tree, node: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        node = np.where(node == ROOT, ROOT, tree.parent[node])
    return node


def _code(plan: Plan, keys: np.ndarray) -> np.ndarray:
    """Return a number per key that sorts as keys do."""
    metric, org, queue, period = keys.T
    return np.asarray(((metric * len(plan.org) + org) * len(plan.queues) + queue) * len(plan.periods) + period)


def _why(outcome: Outcome, keys: np.ndarray, climbed: tuple[int, int], deviation: np.ndarray) -> np.ndarray:
    """Return why amounts leave their fair share; "" for rates and backlogs, of which the tabs of nodes tell."""
    plan, reasons, cells = outcome.plan, outcome.reasons, outcome.plan.cells
    nodes = (
        cells.metric, plan.org.leaves[cells.org], plan.queues.leaves[cells.queue], plan.periods.leaves[cells.period],
    )  # fmt: skip
    record = np.searchsorted(_code(plan, keys), _code(plan, _keys(plan, nodes, climbed)))
    size = (len(deviation), max(len(reasons.labels), 1))
    added = csr_matrix((reasons.amount, (record[reasons.cell], reasons.label)), shape=size).tocoo()
    terms = Terms(reasons.labels, added.row.astype(np.int64), added.col.astype(np.int64), added.data)
    told = np.zeros(len(deviation), dtype=bool)
    told[record] = True
    return np.array(why_texts(terms, np.where(told, deviation, 0.0), NAMED_REASONS), dtype=object)


def _level_of(tree: Tree, nodes: np.ndarray) -> str:
    """Return the levels of some nodes in words: ``Site``, or ``Site or Region`` where branches end early."""
    found = {tree.level[node]: int(tree.depth[node]) for node in np.unique(nodes).tolist() if tree.given[node]}
    return " or ".join(sorted(found, key=lambda level: -found[level])) or "all together"
