"""Canonical order: rows sorted by what they are, so that no answer depends on who typed what first.

Owns: ranks of nodes and the order of rows in programs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.plan import Plan, Scopes
from engine.trees import Tree


def ranks(words: Sequence[str]) -> np.ndarray:
    """Return the position each word has when all are sorted without case."""
    order = sorted(range(len(words)), key=lambda at: (words[at].casefold(), words[at]))
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    return rank


def node_ranks(tree: Tree) -> np.ndarray:
    """Return the canonical rank of each node, by path, then of each group."""
    return np.append(ranks(tree.paths), len(tree) + ranks([group.id for group in tree.groups]))


def scope_order(plan: Plan, scopes: Scopes, *more: np.ndarray, ties: tuple[np.ndarray, ...] = ()) -> np.ndarray:
    """Return the row positions in canonical order: by ``more`` first to last, then by metric and nodes, then ``ties``.

    What people edit from run to run belongs into ``ties``: a row then keeps its place.
    """
    # built-in metrics stand in front, in the order of their numbers
    metric_rank = np.where(scopes.metric >= 0, ranks(plan.metrics.ids)[np.maximum(scopes.metric, 0)], scopes.metric)
    keys = (
        *more,
        metric_rank,
        node_ranks(plan.org)[scopes.org],
        node_ranks(plan.queues)[scopes.queue],
        scopes.period,
        np.zeros(len(scopes)) if scopes.until is None else scopes.until,
        *ties,
    )
    return np.lexsort(keys[::-1])
