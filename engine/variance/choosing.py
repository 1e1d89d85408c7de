"""The few nodes that explain most of a variance, over every level of both trees.

Owns: which nodes stand side by side, and what measures how much each explains.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.trees import Tree
from engine.variance.nodes import TOP
from engine.variance.segments import rank_measured, surprise
from engine.variance.table import MetricTable
from solver.frozen import frozen

CANCELLED = 0.25
"""Part of all moves below which a total says little, and segments are measured by all moves."""


@frozen
class Segment:
    """A node that explains a variance. node : position among the metric's nodes; power : part of the variance."""

    node: int
    variance: float
    power: float


def find_segments(plan: Plan, each: MetricTable) -> tuple[str, tuple[Segment, ...]]:
    """Return the fewest nodes that explain most, over every level of both trees, and the name of their level."""
    block = each.block
    if not np.isfinite(block.variance[TOP, TOP]):
        return "", ()
    levels = _both_trees(plan, each)
    measured = []
    for _, nodes in levels:
        power = _power(np.nan_to_num(block.contribution[nodes, TOP]))
        before, after = np.nan_to_num(block.compared[nodes, TOP]), np.nan_to_num(block.actual[nodes, TOP])
        measured.append((power, surprise(before, after)))
    ranked = rank_measured(measured)
    if not ranked:
        return "", ()
    best = ranked[0]
    name, nodes = levels[best.dimension]
    found = [
        Segment(int(nodes[element]), float(block.contribution[nodes[element], TOP]), float(power))
        for element, power in zip(best.elements.tolist(), best.power.tolist(), strict=True)
    ]
    return name, tuple(sorted(found, key=lambda one: (-abs(one.variance), one.node)))


def _power(contribution: np.ndarray) -> np.ndarray:
    """Return the part of the change that each node explains; of all moves where gains and losses cancel."""
    total, gross = float(contribution.sum()), float(np.abs(contribution).sum())
    if gross <= 0:
        return np.zeros(len(contribution))
    return np.abs(contribution) / gross if abs(total) < CANCELLED * gross else contribution / total


def side_by_side_nodes(plan: Plan, each: MetricTable) -> list[np.ndarray]:
    """Return the nodes of each level of both trees, as positions among a metric's nodes."""
    return [nodes for _, nodes in _both_trees(plan, each)]


def _both_trees(plan: Plan, each: MetricTable) -> list[tuple[str, np.ndarray]]:
    """Return the levels of both trees; of queues alone for a backlog, which belongs to no team."""
    queues = _levels(plan.queues, len(plan.org) - 1)
    return queues if each.is_backlog else [*_levels(plan.org, 0), *queues]


def _levels(tree: Tree, shift: int) -> list[tuple[str, np.ndarray]]:
    """Return nodes that stand side by side, level by level; a branch that ends early stands for itself further down."""
    found = []
    for depth in range(1, int(tree.depth.max()) + 1):
        nodes = np.flatnonzero((tree.depth == depth) | (tree.is_leaf & (tree.depth < depth)))
        names = {tree.level[node] for node in nodes.tolist() if tree.depth[node] == depth}
        if len(nodes) > 1:
            found.append((" / ".join(sorted(names)), nodes + shift))
    return found
