"""The certificate: an answer checked anew from the plan, by code that shares nothing with the formulation.

Owns: coherence, capacity, limits, mix guard and achieved targets, recomputed by walking the trees.
Uses neither covers nor rows nor programs: only the plan, the trees and the numbers to be written.
"""

from __future__ import annotations

from dataclasses import field

import numpy as np

from engine.fair.crew import hours_per_fte
from engine.outcome import Certificate, Proof
from engine.plan import FTE, HOURS, Plan, Scopes
from engine.trees import Tree
from solver.frozen import frozen

COHERENCE = 1e-9
ROWS = 1e-6
"""Allowed differences: sums tie to 1e-9, capacity, limits and achieved values to 1e-6, all relative."""

GUARD = "queues within the mix guard"
"""What the proof of the mix guard is called."""


@frozen
class Claim:
    """What an answer claims, row by row of the plan's own tables.

    value : float64, shape (cells,); achieved : shape (targets,); breach : shape (limits,); used : shape (capacity,)
    guard : of each metric × queue leaf × period leaf that was guarded: keys, lower, upper, fair share
    unit : float64, shape (cells,), what each cell is a multiple of, 0 = anything; empty = nothing is rounded
    """

    value: np.ndarray
    achieved: np.ndarray
    breach: np.ndarray
    used: np.ndarray
    guard: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    unit: np.ndarray = field(default_factory=lambda: np.zeros(0))


def certify(plan: Plan, claim: Claim, programs: tuple[Proof, ...]) -> Certificate:
    """Return the certificate of a claim, with the proofs of its programs."""
    reader = _Cells(plan, claim.value)
    return Certificate(
        (
            Proof("no target below 0", float(max(0.0, -np.min(claim.value, initial=0))), 0.0),
            _whole(claim),
            _coherence(plan, reader),
            _targets(plan, claim, reader),
            _capacity(plan, claim, reader),
            _shares(plan, claim, reader),
            _backlog(plan, claim, reader),
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
        self.per_fte = hours_per_fte(plan)
        self.sorted = [leaf[order] for leaf, order in zip(self.leaf, self.order, strict=True)]

    def totals(self, scopes: Scopes, weight: np.ndarray | None = None) -> np.ndarray:
        """Return the weighted sum of the cells of each row: float64, shape (rows,)."""
        amount = self.value if weight is None else self.value * weight
        odd = self.plan.org.is_group(scopes.org) | self.plan.queues.is_group(scopes.queue)
        if scopes.until is not None:
            odd |= scopes.until < len(self.plan.periods.leaves)
        found = np.zeros(len(scopes))
        even = np.flatnonzero(~odd)
        found[even] = self._box_totals(scopes.take(even), amount)
        for row in np.flatnonzero(odd).tolist():
            found[row] = self._set_total(scopes, row, amount)
        return found

    def _set_total(self, scopes: Scopes, row: int, amount: np.ndarray) -> float:
        """Return the sum over one row that covers any set of leaves."""
        nodes = (scopes.org[row], scopes.queue[row], scopes.period[row])
        counted = np.ones(len(amount), dtype=bool)
        for tree, leaf, node in zip(self.trees, self.leaf, nodes, strict=True):
            counted &= np.isin(leaf, tree.leaf_positions(int(node)))
        if scopes.metric[row] >= 0:
            counted &= self.plan.cells.metric == scopes.metric[row]
        if scopes.until is not None:
            counted &= self.leaf[2] < scopes.until[row]
        return float(amount[counted].sum())

    def asked(self, scopes: Scopes) -> np.ndarray:
        """Return the value of each row of Targets or Limits in its metric's unit; nan for rates and turnaround."""
        metric, metrics = scopes.metric, self.plan.metrics
        found = np.full(len(scopes), np.nan)
        volumes = np.flatnonzero(metrics.is_kind(metric, "volume"))
        found[volumes] = self.totals(scopes.take(volumes))
        hours = np.flatnonzero(metric == HOURS)
        found[hours] = self.totals(scopes.take(hours), self.plan.cells.hours)
        for row in np.flatnonzero(metric == FTE).tolist():
            found[row] = self._people(scopes.take(np.array([row])))
        for row in np.flatnonzero(metrics.is_kind(metric, "stock")).tolist():
            found[row] = self._stock(scopes.take(np.array([row])))
        return found

    def _people(self, scope: Scopes) -> float:
        periods = self._counted(scope)
        if not len(periods):
            return 0.0
        worked = np.zeros(len(self.plan.org.leaves))
        for team in self.plan.org.leaf_positions(int(scope.org[0])).tolist():
            own = Scopes(
                scope.metric, self.plan.org.leaves[[team]], scope.queue, scope.period, scope.until
            )  # fmt: skip
            worked[team] = self.totals(own, self.plan.cells.hours)[0]
        return float((worked / self.per_fte[:, periods].sum(axis=1)).sum())

    def _counted(self, scope: Scopes) -> np.ndarray:
        """Return the leaf periods of a row, up to where it ends."""
        periods = self.plan.periods.leaf_positions(int(scope.period[0]))
        return periods if scope.until is None else periods[periods < scope.until[0]]

    def _stock(self, scope: Scopes) -> float:
        """Return a stock at the end of a row's period: its last leaf, or what came in less what was handled."""
        plan = self.plan
        if not len(self._counted(scope)):
            return 0.0
        end = int(self._counted(scope)[-1])
        balance = next((each for each in plan.balances if each.stock == scope.metric[0]), None)
        if balance is None:
            at_end = Scopes(scope.metric, scope.org, scope.queue, plan.periods.leaves[[end]], scope.until)
            return float(self.totals(at_end)[0])
        left = 0.0
        for queue in plan.queues.leaf_positions(int(scope.queue[0])).tolist():
            if np.isfinite(balance.available[queue]).all():
                handled = (self.leaf[1] == queue) & (self.leaf[2] <= end) & (plan.cells.metric == balance.volume)
                left += float(balance.available[queue, end]) - float(self.value[handled].sum())
        return left

    def _box_totals(self, scopes: Scopes, amount: np.ndarray) -> np.ndarray:
        """Return sums over rows of nodes."""
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
    found = reader.asked(plan.targets.scope)
    # a small difference of large numbers is only as exact as these
    size = np.maximum(np.abs(found), [_flow(plan, int(metric)) for metric in plan.targets.scope.metric])
    off = np.nan_to_num(np.abs(found - claim.achieved) / np.maximum(1.0, size))
    return Proof("each target's achieved value", _worst(off), COHERENCE)


def _capacity(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    used, there = reader.totals(plan.capacity.scope, plan.cells.hours), plan.capacity.hours
    over = (used - there - _slowest(plan, claim, plan.capacity.scope, plan.cells.hours)) / np.maximum(1.0, there)
    misstated = np.abs(used - claim.used) / np.maximum(1.0, used)
    return Proof("hours used within hours there", _worst(np.maximum(over, misstated)), ROWS)


def _limits(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    found, limits = reader.asked(plan.limits.scope), plan.limits
    broken = np.maximum(limits.lower - found, found - limits.upper)
    size = np.maximum(np.abs(found), [_flow(plan, int(metric)) for metric in limits.scope.metric])
    slack = np.where(limits.scope.metric == HOURS, _slowest(plan, claim, limits.scope, plan.cells.hours), 0.0)
    slack = np.where(limits.scope.metric == FTE, np.inf, slack)  # people are hours, proven there
    slack = np.where(limits.scope.metric >= 0, _unit_of(claim) / 2, slack)
    off = np.nan_to_num((broken - claim.breach - slack) / np.maximum(1.0, size), nan=0.0)
    return Proof("limits kept, but for the breaches named", _worst(off), ROWS)


def _flow(plan: Plan, metric: int) -> float:
    """Return how much comes in over the horizon, for the stock it feeds; 0 for all other metrics."""
    return sum(float(np.nanmax(each.available, initial=0.0)) for each in plan.balances if each.stock == metric)


def _whole(claim: Claim) -> Proof:
    """Every cell is a whole multiple of its unit."""
    is_whole = claim.unit > 0 if len(claim.unit) else np.zeros(len(claim.value), dtype=bool)
    count = claim.value[is_whole] / claim.unit[is_whole] if is_whole.any() else np.zeros(0)
    return Proof("targets in whole units", _worst(np.abs(count - np.rint(count)) / np.maximum(1.0, count)), COHERENCE)


def _slowest(plan: Plan, claim: Claim, scopes: Scopes, hours: np.ndarray) -> np.ndarray:
    """Return what rounding may add to each row: its slowest item's handle time. float64, shape (rows,), hours."""
    if not len(claim.unit) or not (claim.unit > 0).any():
        return np.zeros(len(scopes))
    amount = hours * claim.unit
    found = np.zeros(len(scopes))
    by_queue = np.zeros(len(plan.queues.leaves))
    np.maximum.at(by_queue, plan.cells.queue, amount)
    for row, node in enumerate(scopes.queue.tolist()):
        found[row] = by_queue[plan.queues.leaf_positions(node)].max(initial=0.0)
    return found


def _unit_of(claim: Claim) -> float:
    return float(np.max(claim.unit, initial=0.0))


def _shares(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    """Nobody takes more of a queue's volume than Max share of queue lets them."""
    scope = plan.shares.scope
    own = reader.totals(scope)
    everybody = reader.totals(Scopes(scope.metric, np.zeros_like(scope.org), scope.queue, scope.period))
    off = (own - plan.shares.share * everybody - _unit_of(claim)) / np.maximum(1.0, everybody)
    return Proof("no team takes more of a queue than its share", _worst(off), ROWS)


def _backlog(plan: Plan, claim: Claim, reader: _Cells) -> Proof:
    """No more is handled than has come in: backlog[t] ≥ 0."""
    worst = 0.0
    for balance in plan.balances:
        handled = np.zeros(balance.available.shape)
        mine = plan.cells.metric == balance.volume
        np.add.at(handled, (reader.leaf[1][mine], reader.leaf[2][mine]), reader.value[mine])
        backlog = np.maximum(balance.available, 0.0) - np.cumsum(handled, axis=1) + _unit_of(claim)
        off = np.nan_to_num(-backlog / np.maximum(1.0, np.nan_to_num(balance.available)))
        worst = max(worst, _worst(off))
    return Proof("no backlog below 0", worst, ROWS)


def _worst(off: np.ndarray) -> float:
    return float(np.max(off, initial=0.0))


def _guard(plan: Plan, claim: Claim) -> Proof:
    keys, lower, upper, fair = claim.guard
    totals = np.zeros((len(plan.metrics), len(plan.queues.leaves), len(plan.periods.leaves)))
    np.add.at(totals, (plan.cells.metric, plan.cells.queue, plan.cells.period), claim.value)
    found = totals[keys[:, 0], keys[:, 1], keys[:, 2]]
    count = np.zeros(totals.shape)
    np.add.at(count, (plan.cells.metric, plan.cells.queue, plan.cells.period), 1.0)
    # every cell moves by less than a unit; a total that was no sum of its own may move by all of them
    room = _unit_of(claim) * count[keys[:, 0], keys[:, 1], keys[:, 2]]
    off = (np.maximum(lower - found, found - upper) - room) / np.maximum.reduce([np.ones(len(found)), found, fair])
    return Proof(GUARD, float(np.max(off, initial=0.0)), ROWS)
