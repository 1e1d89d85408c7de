"""The certificate of rates: averages, bounds, limits and equal effort, checked anew from the plan.

Owns: walking the trees with Σ w r and Σ w, node by node, and comparing efforts where nothing tells cells apart.
Uses neither the rows nor the programs that decided: only the plan, the trees and the numbers to be written.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Proof
from engine.plan import Plan, Rate, Scopes
from engine.trees import Tree
from solver.frozen import frozen

ROLL_UP = 1e-9
ROWS = 1e-6
"""Allowed differences: averages agree to 1e-9, bounds, limits and efforts to 1e-6, relative to the rate."""


@frozen
class RateClaim:
    """What an answer claims about a rate: its cells' values, and the planned volume that weighs them."""

    rate: Rate
    weight: np.ndarray
    value: np.ndarray


def certify_rates(
    plan: Plan, claims: tuple[RateClaim, ...], achieved: np.ndarray, breach: np.ndarray
) -> tuple[Proof, ...]:
    """Return the proofs of a plan's rates; none where it has none.

    Parameters
    ----------
    achieved, breach : float64, shapes (targets,), (limits,), as claimed
    """
    if not claims:
        return ()
    readers = [_Averages(plan, claim) for claim in claims]
    return (
        Proof("rates agree along the org, queue and period trees", max(each.apart() for each in readers), ROLL_UP),
        Proof("rates between Floor and Ceiling", max(_outside(claim) for claim in claims), ROWS),
        Proof("each rate target's achieved value", max(_misstated(each, achieved) for each in readers), ROLL_UP),
        Proof("limits of rates kept, but for the breaches named", max(_broken(each, breach) for each in readers), ROWS),
        Proof("equals make equal efforts", max(_uneven(each) for each in readers), ROWS),
    )


class _Averages:
    """Averages of a rate over sub-cubes, each found by its own leaves."""

    def __init__(self, plan: Plan, claim: RateClaim) -> None:
        self.plan, self.claim = plan, claim
        cells = claim.rate.cells
        self.trees: tuple[Tree, Tree, Tree] = (plan.org, plan.queues, plan.periods)
        self.leaf = (plan.cells.org[cells], plan.cells.queue[cells], plan.cells.period[cells])
        self.size = max(float(np.max(np.abs(claim.value), initial=0.0)), 1e-3)

    def apart(self) -> float:
        """Return how far the average over all is from that of the averages of any level of any tree."""
        weight, value = self.claim.weight, self.claim.value
        total = float(weight.sum())
        if total <= 0:
            return 0.0
        overall = float(weight @ value) / total
        worst = 0.0
        for tree, leaf in zip(self.trees, self.leaf, strict=True):
            heavy = np.bincount(tree.leaves[leaf], weight, len(tree))
            mean = np.bincount(tree.leaves[leaf], weight * value, len(tree))
            mean = np.divide(mean, heavy, out=np.zeros(len(tree)), where=heavy > 0)
            for node in range(len(tree) - 1, 0, -1):
                above = tree.parent[node]
                both = heavy[above] + heavy[node]
                if both > 0:
                    mean[above] = (heavy[above] * mean[above] + heavy[node] * mean[node]) / both
                heavy[above] = both
            worst = max(worst, abs(float(mean[0]) - overall) / self.size)
        return worst

    def inside(self, scopes: Scopes, row: int) -> np.ndarray:
        """bool, shape (cells,): which cells a row covers."""
        found = np.ones(len(self.claim.value), dtype=bool)
        nodes = (scopes.org[row], scopes.queue[row], scopes.period[row])
        for tree, leaf, node in zip(self.trees, self.leaf, nodes, strict=True):
            if node != 0:
                found &= np.isin(leaf, tree.leaf_positions(int(node)))
        if scopes.until is not None:
            found &= self.leaf[2] < scopes.until[row]
        return found

    def average(self, inside: np.ndarray) -> float:
        """Return Σ w r / Σ w; one cell alone is what it is."""
        if inside.sum() == 1:
            return float(self.claim.value[inside][0])
        total = float(self.claim.weight[inside].sum())
        return float(self.claim.weight[inside] @ self.claim.value[inside]) / total if total > 0 else np.nan

    def rows(self, scopes: Scopes) -> list[int]:
        """Return the rows about this rate."""
        return np.flatnonzero(scopes.metric == self.claim.rate.metric).tolist()


def _outside(claim: RateClaim) -> float:
    off = np.maximum(claim.rate.floor - claim.value, claim.value - claim.rate.ceiling)
    return float(np.max(off, initial=0.0)) / max(float(np.max(np.abs(claim.value), initial=0.0)), 1e-3)


def _misstated(reader: _Averages, achieved: np.ndarray) -> float:
    scope = reader.plan.targets.scope
    off = [abs(reader.average(reader.inside(scope, row)) - achieved[row]) for row in reader.rows(scope)]
    return float(np.nanmax([*off, 0.0])) / reader.size


def _broken(reader: _Averages, breach: np.ndarray) -> float:
    limits, worst = reader.plan.limits, 0.0
    for row in reader.rows(limits.scope):
        found = reader.average(reader.inside(limits.scope, row))
        if np.isfinite(found):
            worst = max(worst, float(max(limits.lower[row] - found, found - limits.upper[row]) - breach[row]))
    return worst / reader.size


def _uneven(reader: _Averages) -> float:
    """Return how far efforts differ among cells under the same rows of Targets and Limits, where no bound stops them.

    Effort is the part of the way to Best, or of the way back, that a cell is asked to go, in the same row alike.
    """
    plan, claim = reader.plan, reader.claim
    rate = claim.rate
    effort, is_free = _efforts(plan, claim)
    signature = np.zeros(len(claim.value), np.int64)
    for scope in (plan.targets.scope, plan.limits.scope):
        for row in reader.rows(scope):
            inside = reader.inside(scope, row)
            if inside.sum() == 1:
                is_free &= ~inside  # a row of its own tells it apart
            _, signature = np.unique(np.column_stack([signature, inside]), axis=0, return_inverse=True)
            signature = signature.ravel()
    worst = 0.0
    for group in np.unique(signature[is_free]).tolist():
        mine = is_free & (signature == group)
        gap = np.abs(rate.best - rate.baseline)[mine]
        spread = effort[mine].max() - effort[mine].min()
        worst = max(worst, float(spread * min(float(gap.max()), reader.size)) / reader.size)
    return worst


def _efforts(plan: Plan, claim: RateClaim) -> tuple[np.ndarray, np.ndarray]:
    """Return each cell's move as a part of its way, signed, and whether neither bound nor a lack of way stops it."""
    rate = claim.rate
    sign = 1.0 if plan.metrics.higher_is_better[rate.metric] else -1.0
    move = sign * (claim.value - rate.baseline)
    gap = sign * (rate.best - rate.baseline)
    far = rate.floor if sign > 0 else rate.ceiling
    clipped = np.clip(rate.baseline, rate.floor, rate.ceiling)
    back = np.where(np.isfinite(far), np.abs(far - clipped), np.abs(clipped))
    way = np.where(move >= 0, gap, back)
    size = max(float(np.max(np.abs(claim.value), initial=0.0)), 1e-3)
    near = 1e-6 * size
    is_free = (way > 1e-6 * size) & (claim.weight > 1e-6 * claim.weight.mean()) & (np.minimum(gap, back) > 1e-6 * size)
    is_free &= (claim.value > rate.floor + near) & (claim.value < rate.ceiling - near)
    return np.divide(move, way, out=np.zeros(len(move)), where=way > 0), is_free
