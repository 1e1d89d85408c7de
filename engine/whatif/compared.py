"""Outcomes of one plan under several sets of inputs, side by side at every node.

Owns: what moved at a node, and why: what it comes of, in parts that add up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulation.cover import cover
from engine.outcome import Outcome, RateResult, ReasonKind
from engine.plan import Scopes
from engine.rates.averages import averages, rate_cover
from engine.trees import ROOT
from solver.frozen import frozen

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

_RATE_CAUSES = ("what is asked and allowed", "the volumes that weigh it")
"""The same of a rate: cells leave their start, and starts are averaged anew."""


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
        for metric in sorted([*plan.metrics.in_cells.tolist(), *(each.rate.metric for each in outcome.rates)])
        for tree, size in (("Org", len(plan.org)), ("Queue", len(plan.queues)))
        for node in range(size)
        if tree == "Org" or node != ROOT
    ]
    scopes = scopes_of(rows)
    is_filled = np.diff(cover(plan, scopes).indptr) > 0
    for each in outcome.rates:
        mine = np.flatnonzero(scopes.metric == each.rate.metric)
        is_filled[mine] = np.diff(rate_cover(plan, each.rate, scopes.take(mine)).indptr) > 0
    filled = np.flatnonzero(is_filled)
    return [rows[at] for at in filled.tolist()], scopes.take(filled)


def scopes_of(rows: Sequence[NodeRow]) -> Scopes:
    """Return where rows lie."""
    metric = np.array([row.metric for row in rows], dtype=np.int64)
    org = np.array([row.node if row.tree == "Org" else ROOT for row in rows], dtype=np.int64)
    queue = np.array([row.node if row.tree == "Queue" else ROOT for row in rows], dtype=np.int64)
    return Scopes(metric, org, queue, np.zeros(len(rows), dtype=np.int64))


def why_moved(before: Outcome, now: Outcome, scopes: Scopes) -> list[list[tuple[str, float]]]:
    """Return why each scope's number moved: causes and amounts that come to what it moved by, the largest first."""
    moved = _by_cause(now, scopes) - _by_cause(before, scopes)
    of_rates = {each.rate.metric: each for each in now.rates}
    told = [list(zip(_CAUSES, amounts, strict=True)) for amounts in moved.tolist()]
    for old in before.rates:
        rows = np.flatnonzero(scopes.metric == old.rate.metric)
        if old.rate.metric in of_rates and len(rows):
            part = scopes.take(rows)
            amounts = _rate_by_cause(now, of_rates[old.rate.metric], part) - _rate_by_cause(before, old, part)
            for row, each in zip(rows.tolist(), amounts.tolist(), strict=True):
                told[row] = list(zip(_RATE_CAUSES, each, strict=True))
    return [sorted(each, key=lambda part: -abs(part[1])) for each in told]


def _rate_by_cause(outcome: Outcome, result: RateResult, scopes: Scopes) -> np.ndarray:
    """Return the same of a rate: float64, shape (scopes, causes of rates); they come to its average."""
    inside = rate_cover(outcome.plan, result.rate, scopes)
    value, start = (averages(inside, result.weight, each) for each in (result.value, result.start))
    return np.column_stack([value - start, start])


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
