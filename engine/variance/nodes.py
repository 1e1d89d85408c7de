"""The rows of a variance table: each org node over all queues, each queue over all org, each leaf pair; × periods.

Owns: which rows there are, which pairs each covers, and their parents.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.trees import ROOT, Tree
from solver.frozen import frozen
from solver.matrices import stack_rows
from solver.sparse import csr_matrix

ALL = -1
"""Stands for all org, or all queues."""

TOP = 0
"""Position of all org over all queues among the nodes, and of the longest period among the periods."""


@frozen
class Nodes:
    """Nodes of one metric, in the order of the table.

    org, queue : int64, shape (nodes,), node positions in the trees, ALL where it is over all
    parent : int64, shape (nodes,), position of the node above, -1 for the top; pairs stand below the top
    member : csr of 0/1, shape (nodes, pairs)
    pairs : int64, first position of the leaf pairs
    """

    org: np.ndarray
    queue: np.ndarray
    parent: np.ndarray
    member: csr_matrix
    pairs: int

    def __len__(self) -> int:
        return len(self.org)


def make_nodes(plan: Plan, org: np.ndarray, queue: np.ndarray) -> Nodes:
    """Return the nodes over leaf pairs; org and queue are leaf positions, shape (pairs,)."""
    above_org, above_queue = _above(plan.org, org), _above(plan.queues, queue)
    inner_queues = np.arange(1, len(plan.queues))  # the root of the queues is the root of the org: all of it
    count = len(org)
    first = len(plan.org) + len(inner_queues)
    parent_of_queue = plan.queues.parent[inner_queues]
    parent = np.concatenate(
        [
            plan.org.parent,
            np.where(parent_of_queue == ROOT, ROOT, parent_of_queue - 1 + len(plan.org)),
            np.full(count, ROOT),
        ]
    )
    own = csr_matrix((np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count))
    member = stack_rows([above_org, csr_matrix(above_queue[inner_queues]), own])
    return Nodes(
        np.concatenate([np.arange(len(plan.org)), np.full(len(inner_queues), ALL), plan.org.leaves[org]]),
        np.concatenate([np.full(len(plan.org), ALL), inner_queues, plan.queues.leaves[queue]]),
        parent,
        member,
        first,
    )


def _above(tree: Tree, leaf: np.ndarray) -> csr_matrix:
    """Return which pairs stand below each node: csr, shape (nodes, pairs)."""
    ancestors = tree.ancestors[leaf]
    pair, level = np.nonzero(ancestors >= 0)
    return csr_matrix((np.ones(len(pair)), (ancestors[pair, level], pair)), shape=(len(tree), len(leaf)))


@frozen
class Elapsed:
    """Periods that have begun, in tree order.

    node : int64, shape (periods,), positions in the period tree
    first, last : int64, leaf periods first ≤ leaf < last that have ended
    is_to_date : bool, whether more of the period is to come
    """

    node: np.ndarray
    first: np.ndarray
    last: np.ndarray
    is_to_date: np.ndarray

    def __len__(self) -> int:
        return len(self.node)

    @property
    def is_leaf(self) -> np.ndarray:
        """bool: periods of one leaf."""
        return np.asarray(self.last - self.first == 1)


def elapsed_periods(periods: Tree, as_of: int) -> Elapsed:
    """Return every period up to As of: whole, or to date."""
    span = periods.leaf_span
    begun = np.flatnonzero(span[:, 0] < as_of)
    last = np.minimum(span[begun, 1], as_of)
    return Elapsed(begun, span[begun, 0], last, span[begun, 1] > as_of)


def node_name(plan: Plan, nodes: Nodes, node: int) -> str:
    """Return what people call a node: team × queue for a pair."""
    org, queue = int(nodes.org[node]), int(nodes.queue[node])
    words = []
    if org >= 0 and (queue < 0 or plan.org.given[org]):
        words.append(plan.org.names[org] if plan.org.given[org] else "All org")
    if queue >= 0:
        words.append(plan.queues.names[queue])
    return " × ".join(words)
