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
    """Return the canonical rank of each node: by path."""
    return ranks(tree.paths)


def scope_order(plan: Plan, scopes: Scopes, *more: np.ndarray) -> np.ndarray:
    """Return the row positions in canonical order: by ``more`` first to last, then by metric and nodes."""
    metric_rank = np.append(ranks(plan.metrics.ids), -1)  # position -1: every metric
    keys = (
        *more,
        metric_rank[scopes.metric],
        node_ranks(plan.org)[scopes.org],
        node_ranks(plan.queues)[scopes.queue],
        scopes.period,
    )
    return np.lexsort(keys[::-1])


def take(scopes: Scopes, rows: np.ndarray) -> Scopes:
    """Return the scopes of some rows, in that order."""
    return Scopes(scopes.metric[rows], scopes.org[rows], scopes.queue[rows], scopes.period[rows])
