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

    def totals(self, scopes: Scopes, weight: np.ndarray | None = None) -> np.ndarray:
        """Return the weighted sum of the cells of each row: float64, shape (rows,)."""
        amount = self.value if weight is None else self.value * weight
        nodes = (scopes.org, scopes.queue, scopes.period)
        spans = [tree.leaf_span[node] for tree, node in zip(self.trees, nodes, strict=True)]
        runs = [np.searchsorted(keys, span) for keys, span in zip(self.sorted, spans, strict=True)]
        length = np.array([run[:, 1] - run[:, 0] for run in runs])
        found = np.zeros(len(scopes))
        for row, side in enumerate(np.argmin(length, axis=0)):
            cells = self.order[side][runs[side][row, 0] : runs[side][row, 1]]
            inside = np.ones(len(cells), dtype=bool)
            for at in range(len(self.trees)):
                if at != side and length[at, row] < len(self.value):
                    first, last = spans[at][row]
                    leaf = self.leaf[at][cells]
                    inside &= (leaf >= first) & (leaf < last)
            if scopes.metric[row] >= 0:
                inside &= self.plan.cells.metric[cells] == scopes.metric[row]
            found[row] = amount[cells[inside]].sum()
        return found


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
    found = reader.totals(plan.targets.scope)
    off = np.abs(found - claim.achieved) / np.maximum(1.0, np.abs(found))
    return Proof("each target's achieved value", _worst(off), COHERENCE)


def _capacity(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    used, there = reader.totals(plan.capacity.scope, plan.cells.hours), plan.capacity.hours
    over = (used - there) / np.maximum(1.0, there)
    misstated = np.abs(used - claim.used) / np.maximum(1.0, used)
    return Proof("hours used within hours there", _worst(np.maximum(over, misstated)), ROWS)


def _limits(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    found, limits = reader.totals(plan.limits.scope), plan.limits
    broken = np.maximum(limits.lower - found, found - limits.upper)
    off = (broken - claim.breach) / np.maximum(1.0, np.abs(found))
    return Proof("limits kept, but for the breaches named", _worst(off), ROWS)


def _worst(off: np.ndarray) -> float:
    return float(np.max(off, initial=0.0))


def _guard(plan: Plan, claim: Claim) -> Proof:
    keys, lower, upper, fair = claim.guard
    totals = np.zeros((len(plan.metrics), len(plan.queues.leaves), len(plan.periods.leaves)))
    np.add.at(totals, (plan.cells.metric, plan.cells.queue, plan.cells.period), claim.value)
    found = totals[keys[:, 0], keys[:, 1], keys[:, 2]]
    off = np.maximum(lower - found, found - upper) / np.maximum.reduce([np.ones(len(found)), found, fair])
    return Proof("queues within the mix guard", float(np.max(off, initial=0.0)), ROWS)
