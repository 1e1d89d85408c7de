"""What a share handled in time asks of the backlog: no more open than is handled within the turnaround.

    backlog ≤ Σ over queues of handled × turnaround / length of the period (Little's law)

Owns: these two amounts, and the sentence, for every target of a rate whose role is SLA.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Balance, Plan
from engine.reasons.words import amount_words, node_words

TOO_MUCH = ", too much for it: the share cannot come true, even where its numbers add up"
"""How the sentence ends where more waits than may."""

_MORE = 1e-3
"""Part by which more may wait before that is said: whole items, and lengths of months."""


def backlog_words(plan: Plan, value: np.ndarray) -> tuple[str, ...]:
    """Return for each row of Targets what its backlog may be and is; "" for all rows that are about no SLA.

    Parameters
    ----------
    value : float64, shape (cells,), the plan
    """
    scope = plan.targets.scope
    weight_of = {rate.metric: rate.weight for rate in plan.rates if rate.is_sla}
    balance_of = {balance.volume: balance for balance in plan.balances}
    words = [""] * len(scope)
    for row, metric in enumerate(scope.metric.tolist()):
        balance = balance_of.get(weight_of.get(metric, -1))
        if balance is not None:
            words[row] = _words(plan, balance, row, value)
    return tuple(words)


def _words(plan: Plan, balance: Balance, row: int, value: np.ndarray) -> str:
    scope = plan.targets.scope
    end = int(plan.periods.leaf_span[scope.period[row], 1]) - 1
    queues = np.intersect1d(plan.queues.leaf_positions(int(scope.queue[row])), balance.watched)
    queues = queues[np.isfinite(balance.turnaround[queues])]
    if not len(queues) or not np.isfinite(balance.length[end]):
        return ""
    handled = np.zeros(balance.available.shape)
    mine = plan.cells.metric == balance.volume
    np.add.at(handled, (plan.cells.queue[mine], plan.cells.period[mine]), value[mine])
    may_be = float((handled[queues, end] * balance.turnaround[queues]).sum() / balance.length[end])
    is_open = float((balance.available[queues, end] - handled[queues, : end + 1].sum(axis=1)).sum())
    name, unit = plan.metrics.ids[int(scope.metric[row])], plan.metrics.units[int(scope.metric[row])]
    asked = float(plan.targets.value[row])
    shown = f"{asked:.6g}" if unit != "%" else f"{asked * 100:.6g} %"
    when = node_words(plan.periods, int(plan.periods.leaves[end]))
    there = f"the plan has {amount_words(max(is_open, 0.0))}"
    too_much = TOO_MUCH if is_open > may_be * (1 + _MORE) + 1 else ""
    return f"{name} {shown} needs backlog ≤ {amount_words(may_be)} at the end of {when}; {there}{too_much}"
