"""Totals of nodes: metric × node of one tree × every period, and why they leave their fair share.

Every total is a weighted sum of cells over the horizon, so its reasons are those of its cells, weighted alike.

Owns: the numbers of Org Targets and Queue Targets. Rows are metric by metric, nodes in tree order, then groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.building.agreed import backlog
from engine.fair.crew import hours_per_fte
from engine.outcome import Outcome, Reasons
from engine.plan import FTE, HOURS, Balance, Plan
from engine.reasons.terms import MIX_GUARD, WITHIN_QUEUE
from engine.reasons.words import HOURS_OF, SHORTAGE_ON
from engine.trees import Tree
from solver.frozen import frozen
from solver.sparse import csr_matrix
from workbooks.tabs.node_averages import ALONE, LAST, SUM, NodeBlock, rate_block
from workbooks.tabs.node_rows import NodeRows
from workbooks.tabs.why import Terms

NAMED_REASONS = 3

_HOURS = "hours"
_TAKES, _GIVES = "takes over within its queues", "gives up within its queues"
"""What hours bring about where others lack them, or inflow, or are limited: the node itself lacks none."""
_MOSTLY = 0.5
"""Part of what is told together that hours must be to give it their name."""


@dataclass(frozen=True)
class NodeTotals:
    """Totals of every metric × node; row = block × nodes and groups + node.

    metric : the metric of each block; over_time : SUM, LAST, ALONE or MEAN, of each block
    planned : float64, shape (rows, periods): every node of the period tree; nan where a leaf has no cell
    baseline : float64, shape (rows,): nan where there is no history
    deviation : float64, shape (rows,): planned − fair share, over the horizon
    terms : reasons by row
    weight_of : rates → the volumes that weigh them
    """

    nodes: NodeRows
    metric: tuple[int, ...]
    over_time: tuple[str, ...]
    planned: np.ndarray
    baseline: np.ndarray
    deviation: np.ndarray
    terms: Terms
    weight_of: dict[int, int]

    @property
    def tree(self) -> Tree:
        """The tree of the tab."""
        return self.nodes.tree

    @property
    def blocks(self) -> int:
        """Number of metrics."""
        return len(self.metric)

    @cached_property
    def of_row(self) -> np.ndarray:
        """int64, shape (rows,): the metric of each row."""
        return np.repeat(np.array(self.metric, dtype=np.int64), len(self.nodes))

    def first_row(self, metric: int) -> int | None:
        """Return the row of a metric's root; None where the tab does not keep the metric."""
        return self.metric.index(metric) * len(self.nodes) if metric in self.metric else None


def node_totals(outcome: Outcome, tree: Tree, leaf: np.ndarray) -> NodeTotals:
    """Return the totals of the nodes of a tree.

    Parameters
    ----------
    tree : the org tree or the queue tree
    leaf : int64, shape (cells,), the leaf position of each cell in that tree
    """
    nodes = NodeRows(tree)
    merged = _merged(outcome.reasons, len(outcome.value))
    labels = merged.labels
    rates = {each.rate.metric: each for each in outcome.rates}
    metrics = _metrics_of(outcome.plan, tree)
    blocks, told = [], list(labels)
    for at, metric in enumerate(metrics):
        if metric in rates:
            block = rate_block(outcome, rates[metric], nodes, leaf, len(told))
            told += rates[metric].reasons.labels
        else:
            block = _with_reasons(outcome, _block(outcome, nodes, leaf, metric), nodes, leaf, merged)
        blocks.append(block.moved_down(at * len(nodes)))
    return NodeTotals(
        nodes,
        metrics,
        tuple(block.over_time for block in blocks),
        np.vstack([block.planned for block in blocks]),
        np.concatenate([block.baseline for block in blocks]),
        np.concatenate([block.deviation for block in blocks]),
        Terms(
            told, *(np.concatenate([getattr(block, part) for block in blocks]) for part in ("row", "label", "amount"))
        ),
        {each.rate.metric: each.rate.weight for each in outcome.rates},
    )


def _with_reasons(outcome: Outcome, block: _Block, nodes: NodeRows, leaf: np.ndarray, merged: _Merged) -> NodeBlock:
    """Return a block with what its cells' reasons come to, each cell counted as often as in the block."""
    weight = nodes.holds @ _by_leaf(leaf, block.weight, len(nodes.tree.leaves))
    terms = (weight @ merged.terms).tocoo()
    row, label, amount = terms.row.astype(np.int64), terms.col.astype(np.int64), terms.data
    together = np.flatnonzero(label == merged.hours)
    lacking, net = np.asarray(weight @ merged.lacking)[row[together]], amount[together]
    is_up = net * (-1.0 if (block.weight < 0).any() else 1.0) > 0  # what waits grows by what is not handled
    is_lack = (lacking * net > 0) & (np.abs(lacking) >= _MOSTLY * np.abs(net))
    label[together] = np.where(is_lack, merged.hours, merged.hours + np.where(is_up, 1, 2))
    return NodeBlock(
        block.over_time, block.planned, block.baseline, weight @ (outcome.value - outcome.fair), row, label, amount
    )


def _metrics_of(plan: Plan, tree: Tree) -> tuple[int, ...]:
    """Return the metrics that a tab shows: backlogs belong to queues; hours and people where work takes any."""
    kept = set(plan.metrics.in_cells.tolist()) | {rate.metric for rate in plan.rates}
    if tree is plan.queues:
        kept |= {balance.stock for balance in plan.balances if balance.stock >= 0}
    built_in = [HOURS] if (plan.cells.hours > 0).any() else []
    if built_in and len(plan.capacity.fte) and np.isfinite(plan.capacity.fte).any():
        built_in.append(FTE)
    return (*sorted(kept), *built_in)


@frozen
class _Block:
    """One metric. weight : float64, shape (cells,), how each cell counts over the whole horizon; others as above."""

    over_time: str
    planned: np.ndarray
    baseline: np.ndarray
    weight: np.ndarray


def _block(outcome: Outcome, nodes: NodeRows, leaf: np.ndarray, metric: int) -> _Block:
    plan = outcome.plan
    balance = next((each for each in plan.balances if each.stock == metric), None)
    if balance is not None:
        return _backlog_block(outcome, nodes, balance)
    if metric == FTE:
        return _people_block(outcome, nodes, leaf)
    weight = _cell_weight(plan, metric)
    counted = weight > 0
    over_time = LAST if metric >= 0 and plan.metrics.kinds[metric] == "stock" else SUM
    shape = (len(nodes.tree.leaves), len(plan.periods.leaves))
    by_period = _grid(leaf[counted], plan.cells.period[counted], (outcome.value * weight)[counted], shape)
    history = _grid(leaf[counted], plan.cells.period[counted], (plan.cells.baseline * weight)[counted], shape)
    if over_time == LAST:
        weight = np.where(plan.cells.period == shape[1] - 1, weight, 0.0)
        before = history[:, -1]
    else:
        before = np.where(np.isfinite(history).any(axis=1), np.nansum(history, axis=1), np.nan)
    planned = _over_time(plan.periods, nodes.rolled_up(by_period), over_time)
    return _Block(over_time, planned, nodes.rolled_up(before), weight)


def _cell_weight(plan: Plan, metric: int) -> np.ndarray:
    return plan.cells.hours if metric == HOURS else (plan.cells.metric == metric).astype(np.float64)


def _people_block(outcome: Outcome, nodes: NodeRows, leaf: np.ndarray) -> _Block:
    """Return people: the hours of a period over those that one FTE of the team has in it."""
    plan, per_fte = outcome.plan, hours_per_fte(outcome.plan)
    cells, takes = plan.cells, plan.cells.hours > 0
    planned = np.full((len(nodes), len(plan.periods)), np.nan)
    weight = np.zeros(len(cells))
    for node in range(len(plan.periods) - 1, -1, -1):
        times = plan.periods.leaf_positions(node)
        there = takes & np.isin(cells.period, times)
        weight = np.where(there, cells.hours / per_fte[:, times].sum(axis=1)[cells.org], 0.0)
        shape = (len(nodes.tree.leaves), 1)
        amounts = _grid(leaf[there], np.zeros(int(there.sum()), np.int64), (outcome.value * weight)[there], shape)
        planned[:, node] = nodes.rolled_up(amounts)[:, 0]
    before = _grid(leaf, np.zeros(len(cells), np.int64), np.where(takes, cells.baseline * weight, np.nan), shape)
    return _Block(ALONE, planned, nodes.rolled_up(before)[:, 0], weight)


def _backlog_block(outcome: Outcome, nodes: NodeRows, balance: Balance) -> _Block:
    """Return a backlog: what came in less what is handled. Its baseline is what was open at the start."""
    plan = outcome.plan
    mine = plan.cells.metric == balance.volume
    planned = _over_time(plan.periods, nodes.rolled_up(backlog(plan, balance, outcome.value)), LAST)
    watched = np.isin(plan.cells.queue, balance.watched)
    return _Block(LAST, planned, nodes.rolled_up(balance.opening), np.where(mine & watched, -1.0, 0.0))


def _grid(row: np.ndarray, column: np.ndarray, amounts: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return sums by row and column; nan where nothing is known."""
    known = np.isfinite(amounts)
    key = row[known] * shape[1] + column[known]
    total = np.bincount(key, amounts[known], minlength=shape[0] * shape[1])
    count = np.bincount(key, minlength=shape[0] * shape[1])
    return np.where(count > 0, total, np.nan).reshape(shape)


def _over_time(periods: Tree, leaves: np.ndarray, how: str) -> np.ndarray:
    """Return every period of the tree. leaves : float64, shape (rows, leaf periods)."""
    planned = np.full((len(leaves), len(periods)), np.nan)
    planned[:, periods.leaves] = leaves
    for node in range(len(periods) - 1, -1, -1):
        parts = planned[:, list(periods.children[node])]
        if parts.shape[1]:
            some = np.isfinite(parts).any(axis=1)
            planned[:, node] = parts[:, -1] if how == LAST else np.where(some, np.nansum(parts, axis=1), np.nan)
    return planned


def _by_leaf(leaf: np.ndarray, weight: np.ndarray, leaves: int) -> csr_matrix:
    """Return how each cell counts in its leaf: csr, shape (leaves, cells)."""
    cells = np.flatnonzero(weight)
    return csr_matrix((weight[cells], (leaf[cells], cells)), shape=(leaves, len(weight)))


@frozen
class _Merged:
    """Reasons of cells as nodes tell them.

    terms : csr, shape (cells, labels); lacking : float64, shape (cells,), what hours alone take from each
    hours : position of the label of all that hours bring about; behind it, those of what others take over and give up
    """

    labels: tuple[str, ...]
    terms: csr_matrix
    lacking: np.ndarray
    hours: int


def _merged(reasons: Reasons, cells: int) -> _Merged:
    """Return reasons with all that hours bring about told as one.

    A node lies under many capacity rows, and what hours take from one team others take over; apart, these terms are
    large and cancel.
    """
    is_hours = np.array([words.startswith(HOURS_OF) for words in reasons.labels], dtype=bool)
    words = [_HOURS if is_hours.any() and _comes_of_hours(words) else words for words in reasons.labels]
    labels = (*dict.fromkeys(each for each in words if each != _HOURS), _HOURS, _TAKES, _GIVES)
    position = {each: at for at, each in enumerate(labels)}
    label = np.array([position[each] for each in words], dtype=np.int64)[reasons.label]
    of_hours = is_hours[reasons.label] if len(reasons.label) else np.zeros(0, dtype=bool)
    return _Merged(
        labels,
        csr_matrix((reasons.amount, (reasons.cell, label)), shape=(cells, len(labels))),
        np.bincount(reasons.cell[of_hours], reasons.amount[of_hours], cells),
        position[_HOURS],
    )


def _comes_of_hours(words: str) -> bool:
    return words.startswith((HOURS_OF, SHORTAGE_ON)) or words in (MIX_GUARD, WITHIN_QUEUE)
