"""Outcomes of one plan under several sets of inputs, side by side at every node.

Owns: what moved at a node, and why: the reasons whose amounts differ most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.formulation.cover import cover
from engine.outcome import Outcome
from engine.plan import Scopes
from engine.trees import ROOT

_NAMED = 2
_SHOWN = 0.5


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One metric at one node. tree : Org or Queue; node : its position there."""

    metric: int
    tree: str
    node: int


def node_rows(outcome: Outcome) -> tuple[list[NodeRow], Scopes]:
    """Return a row per metric and node of both trees over the whole horizon, those left out that hold no cell."""
    plan = outcome.plan
    rows = [
        NodeRow(metric, tree, node)
        for metric in plan.metrics.in_cells.tolist()
        for tree, size in (("Org", len(plan.org)), ("Queue", len(plan.queues)))
        for node in range(size)
        if tree == "Org" or node != ROOT
    ]
    scopes = scopes_of(rows)
    filled = np.flatnonzero(np.diff(cover(plan, scopes).indptr))
    return [rows[at] for at in filled.tolist()], scopes.take(filled)


def scopes_of(rows: Sequence[NodeRow]) -> Scopes:
    """Return where rows lie."""
    metric = np.array([row.metric for row in rows], dtype=np.int64)
    org = np.array([row.node if row.tree == "Org" else ROOT for row in rows], dtype=np.int64)
    queue = np.array([row.node if row.tree == "Queue" else ROOT for row in rows], dtype=np.int64)
    return Scopes(metric, org, queue, np.zeros(len(rows), dtype=np.int64))


def values_at(outcome: Outcome, scopes: Scopes) -> np.ndarray:
    """Return the planned number at each scope."""
    return np.asarray(cover(outcome.plan, scopes) @ outcome.value)


def why_moved(before: Outcome, now: Outcome, scopes: Scopes) -> list[str]:
    """Return why each scope's number moved: what is asked, and the reasons whose amounts differ most."""
    old, new = _by_reason(before, scopes), _by_reason(now, scopes)
    texts = []
    for at in range(len(scopes)):
        labels = dict.fromkeys((*new[at], *old[at]))
        moved = {label: new[at].get(label, 0.0) - old[at].get(label, 0.0) for label in labels}
        largest = sorted(moved, key=lambda label: (-abs(moved[label]), label))[:_NAMED]
        texts.append("; ".join(f"{label} {moved[label]:+,.0f}" for label in largest if abs(moved[label]) >= _SHOWN))
    return texts


def _by_reason(outcome: Outcome, scopes: Scopes) -> list[dict[str, float]]:
    """Return amounts by reason at each scope; what is asked, in fair shares, is one of them."""
    inside = cover(outcome.plan, scopes)
    fair = np.asarray(inside @ outcome.fair)
    reasons = outcome.reasons
    found: list[dict[str, float]] = []
    member = np.zeros(len(outcome.value), dtype=bool)
    for at in range(len(scopes)):
        cells = inside.indices[inside.indptr[at] : inside.indptr[at + 1]]
        member[cells] = True
        terms = member[reasons.cell]
        amounts = np.bincount(reasons.label[terms], reasons.amount[terms], len(reasons.labels))
        member[cells] = False
        named = {reasons.labels[label]: float(amounts[label]) for label in np.flatnonzero(amounts).tolist()}
        found.append({"what is asked, fairly shared": float(fair[at]), **named})
    return found
