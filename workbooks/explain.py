"""Explaining one target of a workbook: its inputs solved again, the result held against what is written.

Owns: whether the book's Cascade is what its inputs give.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.lookup import UnknownNameError, find_place
from engine.building.texts import shown_list
from engine.decision.clock import Watch
from engine.decision.decide import FAST_PATH_CELLS
from engine.outcome import Judged, Outcome
from engine.plan import BUILT_IN, FTE, TURNAROUND, Balance, Plan
from engine.reasons.backlog_bridge import (
    backlog_at,
    backlog_bridge,
    balance_of,
    hours_per_item,
    turnaround_bridge,
    watched_queues,
)
from engine.reasons.bridge import Bridge, Node, bridge, change, find_peers, members, total
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
_NO_TEAM = "no team works there on such a queue"


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
        told = f"nothing is planned for that: {words}{_others_there(read.plan, node)}"
        raise UnknownNameError("Queue" if words.startswith(_NO_TEAM) and node.queue != ROOT else "Metric", told)
    # second runs start where the first one ended
    memory = Remembering() if len(read.plan.cells) > FAST_PATH_CELLS else FORGETFUL
    outcome = recompute(read.plan, Watch(memory=memory), read.problem)
    if not np.isfinite(_target(outcome, node)):
        raise UnknownNameError(
            "Metric", "nothing is handled there then, so nobody can say how long what waits will wait"
        )
    found = _bridge(outcome, node)
    levers = find_levers(Again.after(read.inputs, outcome, memory), outcome, node, lambda answer: _target(answer, node))
    shown = [(lever.words, lever.change) for lever in levers]
    made = page(read.plan, node, found, find_peers(node, read.plan, lambda peer: _change(outcome, peer)), shown)
    return Explanation(made, found, levers, _stands(data, read.own, outcome, node))


def _at_end(plan: Plan, node: Node) -> Node:
    """Return the node with the last part of its period, for what is there on a day."""
    is_stock = node.metric >= 0 and plan.metrics.kinds[node.metric] == "stock"
    if node.metric != TURNAROUND and (not is_stock or balance_of(plan, node) is not None):
        return node
    last = int(plan.periods.leaf_positions(node.period)[-1])
    return replace(node, period=int(plan.periods.leaves[last]))


def _nothing_there(plan: Plan, node: Node) -> str:
    """Return why a node has no target of its own; "" where it has one."""
    balance = balance_of(plan, node)
    if balance is not None or node.metric == TURNAROUND:
        return _nothing_waits(plan, balance, node)
    if node.metric in BUILT_IN:
        return _nobody_works(plan, node)
    if plan.metrics.kinds[node.metric] == "formula":
        return "it follows from other metrics by its formula"
    rate = next((each for each in plan.rates if each.metric == node.metric), None)
    there = members(plan, node) if rate is None else rate_members(plan, rate, node)
    return "" if there.any() else _nobody_there(plan, node)


def _nothing_waits(plan: Plan, balance: Balance | None, node: Node) -> str:
    if node.org != ROOT:
        return "a backlog belongs to queues, whoever handles it: leave the org out"
    if balance is None or not watched_queues(plan, balance, node.queue):
        return "no inflow is known of that queue"
    if node.metric == TURNAROUND and not np.isfinite(balance.length[plan.periods.leaf_positions(node.period)]).all():
        return "the periods have no Start and End, so nobody knows how long they are"
    return ""


def _nobody_works(plan: Plan, node: Node) -> str:
    """Return why hours or people of a node are not known; "" where they are."""
    if not (plan.cells.hours > 0).any():
        return "no handle time is known, so nobody knows what the work takes"
    if node.metric == FTE and not np.isfinite(plan.capacity.fte).any():
        return "Capacity counts hours, and no people"
    return "" if members(plan, node).any() else _nobody_there(plan, node)


def _nobody_there(plan: Plan, node: Node) -> str:
    """Return that nobody works there, and which queues are worked on there then."""
    anywhere = members(plan, replace(node, queue=ROOT))
    names = [plan.queues.name_of(int(plan.queues.leaves[each])) for each in np.unique(plan.cells.queue[anywhere])]
    if node.queue == ROOT or not names:
        return f"{_NO_TEAM} then"
    return f"{_NO_TEAM} then, but on {shown_list(names)}"


def _others_there(plan: Plan, node: Node) -> str:
    """Return which other metrics can be explained at a node, in words."""
    others = [replace(node, metric=metric) for metric in (*range(len(plan.metrics)), *BUILT_IN)]
    names = [plan.metrics.name(each.metric) for each in others if not _nothing_there(plan, each)]
    return f". There, {shown_list(names)} can be explained" if names else ""


def _bridge(outcome: Outcome, node: Node) -> Bridge:
    balance = balance_of(outcome.plan, node)
    if balance is not None:
        told = turnaround_bridge if node.metric == TURNAROUND else backlog_bridge
        return told(outcome.plan, balance, outcome.value, node)
    for result in outcome.rates:
        if result.rate.metric == node.metric:
            return rate_bridge(outcome, result, node)
    return bridge(outcome, node)


def _target(answer: Outcome | Judged, node: Node) -> float:
    """Return a node's target in an answer, in its metric's unit."""
    balance = balance_of(answer.plan, node)
    if balance is not None:
        per_item = hours_per_item(answer.plan, balance, answer.value, node) if node.metric == TURNAROUND else 1.0
        waiting = backlog_at(answer.plan, balance, answer.value, node)
        return waiting * per_item if waiting else 0.0
    if any(each.metric == node.metric for each in answer.plan.rates):
        return rate_at(answer.plan, answer.rates, node)
    return total(answer.plan, node, answer.value)


def _change(outcome: Outcome, node: Node) -> float | None:
    """Return a node's change on its history: a share; of a rate the difference; None of a backlog."""
    plan = outcome.plan
    if balance_of(plan, node) is not None:
        return None
    rate = next((each for each in plan.rates if each.metric == node.metric), None)
    if rate is None:
        return change(outcome, node)
    found = rate_at(plan, outcome.rates, node) - rate_history(plan, rate, node)
    return found if np.isfinite(found) else None


def _made_of(plan: Plan, node: Node) -> list[int]:
    """Return the metrics whose cells a node's target is made of."""
    balance = balance_of(plan, node)
    if balance is not None:
        return [balance.volume]
    if node.metric in BUILT_IN:
        found: list[int] = np.unique(plan.cells.metric[members(plan, node)]).tolist()
        return found
    return [node.metric]


def _stands(data: bytes, own: Own, outcome: Outcome, node: Node) -> bool:
    """Whether the book's Cascade holds what its inputs give, at a node."""
    table = leaf_table(data, own)
    if not {"Metric", "Target"} <= set(table.headers):
        return False
    plan, records = outcome.plan, records_in_order(outcome)
    metrics = _made_of(plan, node)
    records = records.take(np.flatnonzero(np.isin(records.metric, metrics)))
    metric, at = (table.headers.index(header) for header in ("Metric", "Target"))
    names = {plan.metrics.ids[each] for each in metrics}
    rows = [row for row in table.rows if str(row[metric]) in names]
    if len(rows) != len(records.value):
        return False
    written = np.array([row[at] if isinstance(row[at], int | float) else np.nan for row in rows])
    inside = np.ones(len(rows), dtype=bool)
    times = plan.periods.leaf_positions(node.period)
    if balance_of(plan, node) is not None:
        times = np.arange(times.max() + 1)  # what waits depends on all that was handled so far
    for tree, above, stands, leaves in (
        (plan.org, node.org, records.org, plan.org.leaf_positions(node.org)),
        (plan.queues, node.queue, records.queue, plan.queues.leaf_positions(node.queue)),
        (plan.periods, node.period, records.period, times),
    ):
        inside &= np.isin(stands, tree.leaves[leaves]) | (stands == above)
    off = np.abs(written - records.value)[inside]
    return bool((off <= _ALIKE * np.maximum(1.0, np.abs(records.value[inside]))).all())
