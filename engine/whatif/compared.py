"""Outcomes of one plan under several sets of inputs, side by side at every node.

Owns: what moved at a node, and why: what it comes of, in parts that add up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulation.cover import cover
from engine.outcome import Outcome, ReasonKind
from engine.plan import Scopes
from engine.trees import ROOT
from solver.frozen import frozen

_NAMED = 2
_SHOWN = 0.5
_CAUSES = ("what is asked, fairly shared", "hours, and what they displace", "limits and holds", "rounding")
_KINDS = (
    (
        ReasonKind.HOURS,
        ReasonKind.INFLOW,
        ReasonKind.TARGET,
        ReasonKind.WITHIN_QUEUE,
        ReasonKind.SHORTAGE,
        ReasonKind.GUARD,
    ),
    (ReasonKind.LIMIT,),
    (ReasonKind.ZERO, ReasonKind.UNITS, ReasonKind.FALLBACK),
)
"""What reasons come of, cause by cause, behind what is asked."""


@frozen
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
    """Return why each scope's number moved, in parts that come to what it moved by, the largest first."""
    old, new = _by_cause(before, scopes), _by_cause(now, scopes)
    texts = []
    for at in range(len(scopes)):
        moved = dict(zip(_CAUSES, (new[at] - old[at]).tolist(), strict=True))
        largest = sorted((each for each in moved if abs(moved[each]) >= _SHOWN), key=lambda each: -abs(moved[each]))
        texts.append("; ".join(f"{each} {moved[each]:+,.0f}" for each in largest[:_NAMED]))
    return texts


def _by_cause(outcome: Outcome, scopes: Scopes) -> np.ndarray:
    """Return amounts by cause at each scope: float64, shape (scopes, causes); they come to the planned number.

    What targets, queues and the mix guard pull is what hours displaced elsewhere: told apart, they would be large and
    cancel.
    """
    inside = cover(outcome.plan, scopes)
    reasons = outcome.reasons
    kind = np.array(reasons.kinds, dtype=np.int64)[reasons.label] if len(reasons.label) else reasons.label
    amounts = np.zeros((len(_CAUSES), len(outcome.value)))
    amounts[0] = outcome.fair
    for cause, kinds in enumerate(_KINDS, start=1):
        mine = np.isin(kind, kinds)
        amounts[cause] = np.bincount(reasons.cell[mine], reasons.amount[mine], len(outcome.value))
    amounts[-1] += outcome.value - amounts.sum(axis=0)
    return np.asarray(inside @ amounts.T)
