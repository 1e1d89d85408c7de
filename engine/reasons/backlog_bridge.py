"""How a backlog comes about: what is there, what comes in, what is handled.

Owns: those lines; a backlog belongs to queues, whoever handles it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.plan import Balance, Plan
from engine.reasons.bridge import Bridge, Line, Node


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
        ("waiting when these periods begin", "= what would wait at their end if nothing was handled"),
        "what waited",
    )


def backlog_at(plan: Plan, balance: Balance, value: np.ndarray, node: Node) -> float:
    """Return the backlog of a queue node at the end of a period."""
    return backlog_bridge(plan, balance, value, node).target


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
