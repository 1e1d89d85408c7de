"""Attainment of org × queue at levels of one's choosing, made from the leaf pairs below both.

Owns: that table.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.trees import ROOT, Tree
from engine.variance.attainment import attainment
from engine.variance.nodes import TOP
from engine.variance.table import MetricTable, judge
from solver.frozen import frozen


@frozen
class HeatMap:
    """Org nodes down, queues across; shape (orgs, queues).

    value : attainment, variances for rates; nan = nothing there; status : int64, values of Status
    """

    orgs: tuple[int, ...]
    queues: tuple[int, ...]
    value: np.ndarray
    status: np.ndarray


def heat_map(plan: Plan, each: MetricTable, most: tuple[int, int]) -> HeatMap:
    """Return the map to date at the deepest levels that have at most that many rows and columns."""
    orgs = [ROOT] if each.is_backlog else side_by_side(plan.org, most[0])  # a backlog belongs to no team
    queues = side_by_side(plan.queues, most[1])
    first = each.nodes.pairs
    org_leaf, queue_leaf = each.nodes.org[first:], each.nodes.queue[first:]
    down = np.stack([_below(plan.org, node, org_leaf) for node in orgs]).astype(np.float64)
    across = np.stack([_below(plan.queues, node, queue_leaf) for node in queues]).astype(np.float64)
    block, is_rate = each.block, plan.metrics.kinds[each.metric] == "rate"

    def summed(values: np.ndarray) -> np.ndarray:
        return np.asarray((down * np.nan_to_num(values)) @ across.T)

    agreed, actual = block.compared[first:, TOP], block.actual[first:, TOP]
    there = summed(np.isfinite(actual).astype(np.float64)) > 0
    if is_rate:
        before, after = block.weight_agreed[first:, TOP], block.weight_actual[first:, TOP]
        low, high = (
            _mean(summed(before * np.nan_to_num(agreed)), summed(before)),
            _mean(summed(after * np.nan_to_num(actual)), summed(after)),
        )
    else:
        low, high = summed(agreed), summed(actual)
    low, high = np.where(there, low, np.nan), np.where(there, high, np.nan)
    higher = bool(plan.metrics.higher_is_better[each.metric])
    with np.errstate(invalid="ignore"):
        value = high - low if is_rate else attainment(low, high, higher=higher)
    return HeatMap(tuple(orgs), tuple(queues), value, judge(plan, each.metric, low, high, np.full(low.shape, np.nan)))


def side_by_side(tree: Tree, most: int) -> list[int]:
    """Return the nodes of the deepest level that is not too wide, in tree order; of the first level its first nodes."""
    best: list[int] = []
    for depth in range(1, int(tree.depth.max()) + 1):
        nodes = np.flatnonzero((tree.depth == depth) | (tree.is_leaf & (tree.depth < depth))).tolist()
        if len(nodes) <= most:
            best = nodes
    return best or np.flatnonzero(tree.depth == min(1, int(tree.depth.max()))).tolist()[:most]


def _below(tree: Tree, node: int, leaf_nodes: np.ndarray) -> np.ndarray:
    first, last = tree.leaf_span[node]
    own = tree.leaf_span[leaf_nodes, 0]
    return np.asarray((own >= first) & (own < last))


def _mean(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))
