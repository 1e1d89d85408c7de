"""The most specific row wins: which of several rows that cover a cell says what holds for it.

Owns: how specific a row is, and rows that tie. HandleTimes and Benchmarks are read by it.
"""

from __future__ import annotations

import numpy as np

from engine.plan import EVERY_METRIC, Scopes
from engine.trees import Tree
from solver.frozen import frozen


@frozen
class Leaves:
    """Cells by their leaf positions, before they are cells; arrays of shape (cells,)."""

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray


@frozen
class Chosen:
    """What holds for each cell.

    value : float64, shape (cells,); owner : int64, the row it comes from, -1 = none
    tied : rows that are as specific as an earlier one and say something else for some of the same cells: row → earlier
    """

    value: np.ndarray
    owner: np.ndarray
    tied: dict[int, int]


def most_specific(
    scope: Scopes, said: np.ndarray, start: np.ndarray, leaves: Leaves, trees: tuple[Tree, Tree, Tree]
) -> Chosen:
    """Return the value of the most specific row over each cell.

    Parameters
    ----------
    said : float64, shape (rows,), what each row says; nan = nothing
    start : float64, shape (cells,), what holds where no row says anything
    trees : org, queues, periods

    Notes
    -----
    Each named metric, and each step down a tree, makes a row more specific by one; a group counts as the step just
    above its leaves. Two rows that are as specific as each other and say different things of a cell tie, unless a more
    specific one decides: an error.
    """
    value: np.ndarray = start.copy()
    nodes = (scope.org, scope.queue, scope.period)
    rank = (scope.metric != EVERY_METRIC).astype(np.float64)
    rank += sum(_depth(tree, node) for tree, node in zip(trees, nodes, strict=True))
    ranked = np.full(len(value), -1.0)
    owner = np.full(len(value), -1)
    tied: dict[int, int] = {}
    for row in np.argsort(-rank, kind="stable").tolist():
        if np.isnan(said[row]):
            continue
        cells = _covered(scope, row, leaves, trees)
        other = cells[(ranked[cells] == rank[row]) & (value[cells] != said[row])]
        if len(other):
            tied[row] = int(owner[other[0]])
        cells = cells[owner[cells] < 0]
        value[cells] = said[row]
        ranked[cells], owner[cells] = rank[row], row
    return Chosen(value, owner, tied)


def _depth(tree: Tree, nodes: np.ndarray) -> np.ndarray:
    is_group = tree.is_group(nodes)
    return np.where(is_group, tree.depth.max() - 0.5, tree.depth[np.where(is_group, 0, nodes)])


def _covered(scope: Scopes, row: int, leaves: Leaves, trees: tuple[Tree, Tree, Tree]) -> np.ndarray:
    inside = np.ones(len(leaves.metric), dtype=bool)
    nodes = (scope.org[row], scope.queue[row], scope.period[row])
    for tree, node, leaf in zip(trees, nodes, (leaves.org, leaves.queue, leaves.period), strict=True):
        if node != 0:
            member = np.zeros(len(tree.leaves), dtype=bool)
            member[tree.leaf_positions(int(node))] = True
            inside &= member[leaf]
    if scope.metric[row] != EVERY_METRIC:
        inside &= leaves.metric == scope.metric[row]
    return np.flatnonzero(inside)
