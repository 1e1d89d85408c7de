"""How a backlog comes about: what is there, what comes in, what is handled; and how long its items wait.

Owns: those lines; a backlog belongs to queues, whoever handles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.plan import TURNAROUND, Balance, Plan
from engine.reasons.bridge import Bridge, Line, Node
from engine.reasons.words import amount_words


def backlog_bridge(plan: Plan, balance: Balance, value: np.ndarray, node: Node) -> Bridge:
    """Return how the backlog of a queue node at the end of a period comes about; its lines add up.

    Parameters
    ----------
    value : float64, shape (cells,), the plan
    """
    queues = np.intersect1d(plan.queues.leaf_positions(node.queue), balance.watched)
    periods = plan.periods.leaf_positions(node.period)
    first, last = int(periods.min()), int(periods.max())
    start = _there(plan, balance, value, queues, first - 1)
    came = float((balance.available[queues, last] - _available(balance, queues, first - 1)).sum())
    end = _there(plan, balance, value, queues, last)
    return Bridge(
        start,
        0.0,
        (Line("comes in, less what leaves without being handled", came),),
        start + came,
        (Line("handled", end - start - came),),
        end,
        ("waiting when these periods begin", "= what would wait at their end if nothing was handled", "= target"),
        "what waited",
    )


def backlog_at(plan: Plan, balance: Balance, value: np.ndarray, node: Node) -> float:
    """Return the backlog of a queue node at the end of a period."""
    return backlog_bridge(plan, balance, value, node).target


def balance_of(plan: Plan, node: Node) -> Balance | None:
    """Return the balance that a node's metric is about, as its backlog or as how long that waits; None where none."""
    if node.metric == TURNAROUND:
        return next((each for each in plan.balances if watched_queues(plan, each, node.queue)), None)
    return next((each for each in plan.balances if each.stock == node.metric), None)


def turnaround_bridge(plan: Plan, balance: Balance, value: np.ndarray, node: Node) -> Bridge:
    """Return how long items of a queue node wait at the end of a leaf period, and how that comes about, in hours.

    Little's law: what waits over what is handled, times the period's length. Its lines add up.

    Parameters
    ----------
    value : float64, shape (cells,), the plan; something must be handled then
    """
    waiting = backlog_bridge(plan, balance, value, node)
    hours = hours_per_item(plan, balance, value, node)
    before = tuple(replace(line, amount=line.amount * hours) for line in waiting.before)
    after = tuple(replace(line, amount=line.amount * hours) for line in waiting.after)
    due = plan.targets.value[due_rows(plan, node)]
    within = f" (due within {amount_words(float(due.min()))} h)" if len(due) else ""
    return Bridge(
        waiting.history * hours, 0.0, before, waiting.fair * hours, after, waiting.target * hours,
        (
            "time to work off what waits when the period begins, at its pace",
            "= time to work off what would wait at its end if nothing was handled",
            f"= time to work off what waits at its end{within}",
        ),
    )  # fmt: skip


def hours_per_item(plan: Plan, balance: Balance, value: np.ndarray, node: Node) -> float:
    """Return how long a leaf period is for each item handled in it at a queue node; infinite where none is."""
    time = int(plan.periods.leaf_positions(node.period)[-1])
    cells = plan.cells
    there = (cells.metric == balance.volume) & np.isin(cells.queue, watched_queues(plan, balance, node.queue))
    handled = float(value[there & (cells.period == time)].sum())
    return float(balance.length[time]) / handled if handled > 0 else np.inf


def due_rows(plan: Plan, node: Node) -> np.ndarray:
    """Return the rows of Turnaround that watch the queues of a node in its period. int64."""
    scope = plan.targets.scope
    queues = plan.queues.leaves[plan.queues.leaf_positions(node.queue)]
    at_end = plan.periods.leaves[plan.periods.leaf_positions(node.period)[-1]]
    return np.flatnonzero((scope.metric == TURNAROUND) & np.isin(scope.queue, queues) & (scope.period == at_end))


def watched_queues(plan: Plan, balance: Balance, queue: int) -> Sequence[int]:
    """Return the leaf queues below a node whose inflow is known."""
    found: list[int] = np.intersect1d(plan.queues.leaf_positions(queue), balance.watched).tolist()
    return found


def _available(balance: Balance, queues: np.ndarray, time: int) -> np.ndarray:
    return np.asarray(balance.opening[queues] if time < 0 else balance.available[queues, time])


def _there(plan: Plan, balance: Balance, value: np.ndarray, queues: np.ndarray, time: int) -> float:
    """Return what waits at the end of a leaf period; before the first one, what was open."""
    cells = plan.cells
    handled = (cells.metric == balance.volume) & np.isin(cells.queue, queues) & (cells.period <= time)
    return float(_available(balance, queues, time).sum() - value[handled].sum())
