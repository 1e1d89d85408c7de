"""The certificate: an answer checked anew from the plan, by code that shares nothing with the formulation.

Owns: coherence, capacity, limits, mix guard and achieved targets, recomputed by walking the trees.
Uses neither covers nor rows nor programs: only the plan, the trees and the numbers to be written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.outcome import Certificate, Proof
from engine.plan import Plan, Scopes
from engine.trees import Tree

COHERENCE = 1e-9
ROWS = 1e-6
"""Allowed differences: sums tie to 1e-9, capacity, limits and achieved values to 1e-6, all relative."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer claims, row by row of the plan's own tables.

    value : float64, shape (cells,); achieved : shape (targets,); breach : shape (limits,); used : shape (capacity,)
    guard : of each metric × queue leaf × period leaf that was guarded: keys, lower, upper, fair share
    """

    value: np.ndarray
    achieved: np.ndarray
    breach: np.ndarray
    used: np.ndarray
    guard: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def certify(plan: Plan, claim: Claim, programs: tuple[Proof, ...]) -> Certificate:
    """Return the certificate of a claim, with the proofs of its programs."""
    reader = _Cells(plan, claim.value)
    return Certificate(
        (
            Proof("no target below 0", float(max(0.0, -np.min(claim.value, initial=0))), 0.0),
            _coherence(plan, reader),
            _targets(plan, claim, reader),
            _capacity(plan, claim, reader),
            _limits(plan, claim, reader),
            _guard(plan, claim),
            *programs,
        )
    )


class _Cells:
    """The cells, sorted along each tree, so that a sub-cube is a run along its narrowest side."""

    def __init__(self, plan: Plan, value: np.ndarray) -> None:
        self.plan, self.value = plan, value
        self.leaf = (plan.cells.org, plan.cells.queue, plan.cells.period)
        self.trees: tuple[Tree, Tree, Tree] = (plan.org, plan.queues, plan.periods)
        self.order = [np.argsort(leaf, kind="stable") for leaf in self.leaf]
        self.sorted = [leaf[order] for leaf, order in zip(self.leaf, self.order, strict=True)]

    def total(self, scopes: Scopes, row: int, weight: np.ndarray) -> float:
        """Return the weighted sum of the cells of one row."""
        nodes = (int(scopes.org[row]), int(scopes.queue[row]), int(scopes.period[row]))
        spans = [tree.leaf_span[node] for tree, node in zip(self.trees, nodes, strict=True)]
        runs = [np.searchsorted(keys, span) for keys, span in zip(self.sorted, spans, strict=True)]
        side = int(np.argmin([last - first for first, last in runs]))
        cells = self.order[side][runs[side][0] : runs[side][1]]
        inside = np.ones(len(cells), dtype=bool)
        for leaf, (first, last) in zip(self.leaf, spans, strict=True):
            inside &= (leaf[cells] >= first) & (leaf[cells] < last)
        if scopes.metric[row] >= 0:
            inside &= self.plan.cells.metric[cells] == scopes.metric[row]
        return float(self.value[cells[inside]] @ weight[cells[inside]])


def _coherence(plan: Plan, reader: _Cells) -> Proof:
    """Every node equals the sum of its children on all three trees, and the three roots agree."""
    worst = 0.0
    for metric in range(len(plan.metrics)):
        mine = plan.cells.metric == metric
        roots = []
        for leaf, tree in zip(reader.leaf, reader.trees, strict=True):
            node = np.zeros(len(tree))
            np.add.at(node, tree.leaves[leaf[mine]], reader.value[mine])
            for child in range(len(tree) - 1, 0, -1):
                node[tree.parent[child]] += node[child]
            roots.append(node[0])
        worst = max(worst, (max(roots) - min(roots)) / max(1.0, abs(roots[0])))
    return Proof("totals agree along the org, queue and period trees", worst, COHERENCE)


def _targets(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    one = np.ones(len(claim.value))
    worst = 0.0
    for row in range(len(plan.targets)):
        found = reader.total(plan.targets.scope, row, one)
        worst = max(worst, abs(found - claim.achieved[row]) / max(1.0, abs(found)))
    return Proof("each target's achieved value", worst, COHERENCE)


def _capacity(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    worst = 0.0
    for row in range(len(plan.capacity)):
        used = reader.total(plan.capacity.scope, row, plan.cells.hours)
        there = float(plan.capacity.hours[row])
        worst = max(worst, (used - there) / max(1.0, there), abs(used - claim.used[row]) / max(1.0, used))
    return Proof("hours used within hours there", worst, ROWS)


def _limits(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    one = np.ones(len(claim.value))
    worst = 0.0
    for row in range(len(plan.limits)):
        found = reader.total(plan.limits.scope, row, one)
        below, above = float(plan.limits.lower[row]) - found, found - float(plan.limits.upper[row])
        worst = max(worst, (max(below, above) - float(claim.breach[row])) / max(1.0, abs(found)))
    return Proof("limits kept, but for the breaches named", worst, ROWS)


def _guard(plan: Plan, claim: Claim) -> Proof:
    keys, lower, upper, fair = claim.guard
    totals = np.zeros((len(plan.metrics), len(plan.queues.leaves), len(plan.periods.leaves)))
    np.add.at(totals, (plan.cells.metric, plan.cells.queue, plan.cells.period), claim.value)
    found = totals[keys[:, 0], keys[:, 1], keys[:, 2]]
    off = np.maximum(lower - found, found - upper) / np.maximum.reduce([np.ones(len(found)), found, fair])
    return Proof("queues within the mix guard", float(np.max(off, initial=0.0)), ROWS)
