"""Explaining one target of a workbook: its inputs solved again, the result held against what is written.

Owns: whether the book's Cascade is what its inputs give.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.lookup import UnknownNameError, find_place
from engine.decision.clock import Watch
from engine.decision.decide import FAST_PATH_CELLS
from engine.outcome import Judged, Outcome
from engine.plan import Balance, Plan
from engine.reasons.backlog_bridge import backlog_at, backlog_bridge, watched_queues
from engine.reasons.bridge import Bridge, Node, bridge, change, find_peers, members
from engine.reasons.page import Page, page, page_text
from engine.reasons.rate_bridge import rate_at, rate_bridge, rate_history, rate_members
from engine.recompute import recompute
from engine.trees import ROOT
from engine.whatif.again import Again
from engine.whatif.levers import Lever, find_levers
from solver.frozen import frozen
from solver.memory import FORGETFUL, Remembering
from workbooks.package.ownership import Own
from workbooks.result_rows import leaf_table
from workbooks.run import PlanRead
from workbooks.tabs.cascade_records import records_in_order

_ALIKE = 1e-6


@frozen
class Asked:
    """Whose target is to be explained; None = all."""

    metric: str | None
    org: str | None
    queue: str | None
    period: str | None


@frozen
class Explanation:
    """One target explained.

    page : what is told
    is_written : whether the book's Cascade sheet holds this target; False where inputs changed since, or no run was
    """

    page: Page
    bridge: Bridge
    levers: tuple[Lever, ...]
    is_written: bool

    @property
    def text(self) -> str:
        """The page as lines of text."""
        return page_text(self.page)


def explain(data: bytes, read: PlanRead, asked: Asked) -> Explanation:
    """Return the explanation of a target.

    Parameters
    ----------
    data, read : the workbook, and what was read of it; its plan must be sound

    Raises
    ------
    UnknownNameError
        What is asked about is not in the plan.
    """
    if read.plan is None:
        raise ValueError("a plan that cannot be solved cannot be explained")
    node = find_place(read.inputs, asked.metric, asked.org, asked.queue, asked.period)
    node = _at_end(read.plan, node)
    if words := _nothing_there(read.plan, node):
        raise UnknownNameError("Metric", f"nothing is planned for that: {words}")
    # second runs start where the first one ended
    memory = Remembering() if len(read.plan.cells) > FAST_PATH_CELLS else FORGETFUL
    outcome = recompute(read.plan, Watch(memory=memory), read.problem)
    found = _bridge(outcome, node)
    levers = find_levers(Again.after(read.inputs, outcome, memory), outcome, node, lambda answer: _target(answer, node))
    shown = [(lever.words, lever.change) for lever in levers]
    made = page(read.plan, node, found, find_peers(node, read.plan, lambda peer: _change(outcome, peer)), shown)
    return Explanation(made, found, levers, _stands(data, read.own, outcome, node))


def _at_end(plan: Plan, node: Node) -> Node:
    """Return the node with the last part of its period, for what is there on a day."""
    if plan.metrics.kinds[node.metric] != "stock" or _balance(plan, node) is not None:
        return node
    last = int(plan.periods.leaf_positions(node.period)[-1])
    return replace(node, period=int(plan.periods.leaves[last]))


def _balance(plan: Plan, node: Node) -> Balance | None:
    return next((each for each in plan.balances if each.stock == node.metric), None)


def _nothing_there(plan: Plan, node: Node) -> str:
    """Return why a node has no target of its own; "" where it has one."""
    balance, kind = _balance(plan, node), plan.metrics.kinds[node.metric]
    if balance is not None:
        if node.org != ROOT:
            return "a backlog belongs to queues, whoever handles it: leave the org out"
        return "" if watched_queues(plan, balance, node.queue) else "no inflow is known of that queue"
    if kind == "formula":
        return "it follows from other metrics; ask about those in its formula"
    rate = next((each for each in plan.rates if each.metric == node.metric), None)
    there = members(plan, node) if rate is None else rate_members(plan, rate, node)
    return "" if there.any() else "no team works there on such a queue then"


def _bridge(outcome: Outcome, node: Node) -> Bridge:
    balance = _balance(outcome.plan, node)
    if balance is not None:
        return backlog_bridge(outcome.plan, balance, outcome.value, node)
    for result in outcome.rates:
        if result.rate.metric == node.metric:
            return rate_bridge(outcome, result, node)
    return bridge(outcome, node)


def _target(answer: Outcome | Judged, node: Node) -> float:
    """Return a node's target in an answer, in its metric's unit."""
    balance = _balance(answer.plan, node)
    if balance is not None:
        return backlog_at(answer.plan, balance, answer.value, node)
    if any(each.metric == node.metric for each in answer.plan.rates):
        return rate_at(answer.plan, answer.rates, node)
    return float(answer.value[members(answer.plan, node)].sum())


def _change(outcome: Outcome, node: Node) -> float | None:
    """Return a node's change on its history: a share; of a rate the difference; None of a backlog."""
    plan = outcome.plan
    if _balance(plan, node) is not None:
        return None
    rate = next((each for each in plan.rates if each.metric == node.metric), None)
    if rate is None:
        return change(outcome, node)
    found = rate_at(plan, outcome.rates, node) - rate_history(plan, rate, node)
    return found if np.isfinite(found) else None


def _stands(data: bytes, own: Own, outcome: Outcome, node: Node) -> bool:
    """Whether the book's Cascade holds what its inputs give, at a node."""
    table = leaf_table(data, own)
    if not {"Metric", "Target"} <= set(table.headers):
        return False
    plan, records = outcome.plan, records_in_order(outcome)
    records = records.take(np.flatnonzero(records.metric == node.metric))
    metric, at = (table.headers.index(header) for header in ("Metric", "Target"))
    rows = [row for row in table.rows if str(row[metric]) == plan.metrics.ids[node.metric]]
    if len(rows) != len(records.value):
        return False
    written = np.array([row[at] if isinstance(row[at], int | float) else np.nan for row in rows])
    inside = np.ones(len(rows), dtype=bool)
    for tree, above, stands in (
        (plan.org, node.org, records.org),
        (plan.queues, node.queue, records.queue),
        (plan.periods, node.period, records.period),
    ):
        inside &= np.isin(stands, tree.leaves[tree.leaf_positions(above)]) | (stands == above)
    off = np.abs(written - records.value)[inside]
    return bool((off <= _ALIKE * np.maximum(1.0, np.abs(records.value[inside]))).all())
