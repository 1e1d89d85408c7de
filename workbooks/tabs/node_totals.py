"""Totals of nodes: metric × node of one tree × every period, and why they leave their fair share.

Owns: the numbers of Org Targets and Queue Targets. Rows are metric by metric, nodes in tree order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from engine.outcome import Outcome, Reasons
from engine.reasons.terms import MIX_GUARD, WITHIN_QUEUE
from engine.reasons.words import HOURS_OF, SHORTAGE_ON
from engine.trees import Tree
from workbooks.tabs.why import Terms

NAMED_REASONS = 3

_HOURS = "hours"


@dataclass(frozen=True, slots=True)
class NodeTotals:
    """Totals of every metric × node; row = metric × nodes + node.

    planned : float64, shape (rows, periods): every node of the period tree; nan where a leaf has no cell
    baseline : float64, shape (rows,): nan where there is no history
    deviation : float64, shape (rows,): planned − fair share, over the horizon
    terms : reasons by row
    """

    tree: Tree
    planned: np.ndarray
    baseline: np.ndarray
    deviation: np.ndarray
    terms: Terms

    @property
    def metrics(self) -> int:
        """Number of metrics."""
        return len(self.planned) // len(self.tree)


def node_totals(outcome: Outcome, tree: Tree, leaf: np.ndarray) -> NodeTotals:
    """Return the totals of the nodes of a tree.

    Parameters
    ----------
    tree : the org tree or the queue tree
    leaf : int64, shape (cells,), the leaf position of each cell in that tree
    """
    plan = outcome.plan
    row = plan.cells.metric * len(tree) + tree.leaves[leaf]
    rows = len(plan.metrics) * len(tree)
    above = _ancestry(tree, len(plan.metrics))
    labels, label = _merged(outcome.reasons)
    amounts = csr_matrix(
        (outcome.reasons.amount, (row[outcome.reasons.cell], label)), shape=(rows, max(len(labels), 1))
    )
    terms = (above @ amounts).tocoo()
    return NodeTotals(
        tree,
        _planned(outcome, tree, row, rows),
        _sums(tree, row, plan.cells.baseline, rows),
        np.asarray(above @ np.bincount(row, outcome.value - outcome.fair, minlength=rows)),
        Terms(labels, terms.row.astype(np.int64), terms.col.astype(np.int64), terms.data),
    )


def _merged(reasons: Reasons) -> tuple[tuple[str, ...], np.ndarray]:
    """Return labels for nodes, and the label of each term: all that hours bring about is told as one.

    A node lies under many capacity rows, and what hours take from one team others take over; apart, these terms are
    large and cancel.
    """
    words = [_HOURS if _comes_of_hours(words) else words for words in reasons.labels]
    labels = tuple(dict.fromkeys(words))
    position = {each: at for at, each in enumerate(labels)}
    return labels, np.array([position[each] for each in words], dtype=np.int64)[reasons.label]


def _comes_of_hours(words: str) -> bool:
    return words.startswith((HOURS_OF, SHORTAGE_ON)) or words in (MIX_GUARD, WITHIN_QUEUE)


def _planned(outcome: Outcome, tree: Tree, row: np.ndarray, rows: int) -> np.ndarray:
    periods, cells = outcome.plan.periods, outcome.plan.cells
    planned = np.full((rows, len(periods)), np.nan)
    for position, node in enumerate(periods.leaves):
        here = cells.period == position
        planned[:, node] = _sums(tree, row[here], outcome.value[here], rows)
    for node in range(len(periods) - 1, -1, -1):
        if len(periods.children[node]):
            planned[:, node] = _sum_known(planned[:, list(periods.children[node])])
    return planned


def _sums(tree: Tree, row: np.ndarray, amounts: np.ndarray, rows: int) -> np.ndarray:
    """Sum amounts up the tree; nan where nothing is known below a node."""
    known = np.isfinite(amounts)
    total = np.bincount(row[known], amounts[known], minlength=rows).reshape(-1, len(tree))
    count = np.bincount(row[known], minlength=rows).reshape(-1, len(tree))
    for node in range(len(tree) - 1, 0, -1):
        total[:, tree.parent[node]] += total[:, node]
        count[:, tree.parent[node]] += count[:, node]
    return np.asarray(np.where(count > 0, total, np.nan).ravel())


def _sum_known(columns: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(columns).any(axis=1), np.nansum(columns, axis=1), np.nan)


def _ancestry(tree: Tree, metrics: int) -> csr_matrix:
    """0/1, shape (rows, rows): whether a row is another or lies above it, within each metric."""
    above, below = [], []
    for leaf, path in zip(tree.leaves, tree.ancestors, strict=True):
        nodes = path[path >= 0]
        above.append(nodes)
        below.append(np.full(len(nodes), leaf))
    row, column = np.concatenate(above), np.concatenate(below)
    step = np.repeat(np.arange(metrics) * len(tree), len(row))
    row, column = np.tile(row, metrics) + step, np.tile(column, metrics) + step
    size = metrics * len(tree)
    return csr_matrix((np.ones(len(row)), (row, column)), shape=(size, size))
