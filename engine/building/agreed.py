"""What was agreed, and what stands in the cascade: rows of our own sheets, by key.

Owns: finding rows of results in the plan again, whatever became of its trees since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import Outcome
from engine.plan import Balance, Plan
from engine.tables import ResultRows
from engine.trees import Tree
from engine.variance.happened import LeafValues

_UNKNOWN = -1


def leaf_values(rows: ResultRows, plan: Plan) -> tuple[LeafValues, tuple[Issue, ...]]:
    """Return result rows by key, and a note on those whose metric, team, queue or period is gone."""
    metric = _positions(rows.metric, {name.casefold(): at for at, name in enumerate(plan.metrics.ids)})
    org, queue, period = (
        _positions(names, _leaves(tree))
        for names, tree in ((rows.org, plan.org), (rows.queue, plan.queues), (rows.period, plan.periods))
    )
    # a backlog is kept on the queue tree only: it stands with the first team, and is shown with none
    org = np.where(is_backlog(plan, metric) & (org < 0), 0, org)
    known = (metric >= 0) & (org >= 0) & (queue >= 0) & (period >= 0) & np.isfinite(rows.value)
    key = (metric * len(plan.org.leaves) + org) * len(plan.queues.leaves) + queue
    keys = np.unique(key[known])
    value = np.full((len(keys), len(plan.periods.leaves)), np.nan)
    value[np.searchsorted(keys, key[known]), period[known]] = rows.value[known]
    # a backlog belongs to a queue, not to cells: it follows from what is handled
    lost = np.isfinite(rows.value) & ~known & ~np.isin(metric, list(plan.metrics.backlog_of.values()))
    if not lost.any():
        return LeafValues(keys, value), ()
    first, amount = int(np.flatnonzero(lost)[0]), float(rows.value[lost].sum())
    words = f"{int(lost.sum()):,} row(s), {amount:,.12g} in all; the first {_words(rows, first)}"
    return LeafValues(keys, value), (issue("TC810", NOWHERE, words, amount=amount, unit="items"),)


def is_backlog(plan: Plan, metric: np.ndarray) -> np.ndarray:
    """bool: which positions are metrics that are the backlog of a volume."""
    of = np.array([*(plan.metrics.balance_of or (-1,) * len(plan.metrics)), -1])
    return np.asarray(of[np.where(metric >= 0, metric, len(of) - 1)] >= 0)


def of_cells(plan: Plan, values: LeafValues) -> np.ndarray:
    """Return the value of each cell of a plan: float64, nan where there is none."""
    cells = plan.cells
    key = (cells.metric * len(plan.org.leaves) + cells.org) * len(plan.queues.leaves) + cells.queue
    found: np.ndarray = values.at(key)[np.arange(len(key)), cells.period] if len(key) else np.zeros(0)
    return found


def from_outcome(outcome: Outcome) -> LeafValues:
    """Return the targets of an outcome by key: those of cells, of rates over the same cells, and backlogs."""
    return _by_key(outcome.plan, outcome.value, {each.rate.metric: each.value for each in outcome.rates})


def stand_in(plan: Plan) -> LeafValues:
    """Return history in the place of targets, for whoever looks at actuals before anything is cascaded."""
    amounts = np.where(np.isfinite(plan.cells.baseline), plan.cells.baseline, 1.0)
    return _by_key(plan, amounts, {rate.metric: rate.baseline for rate in plan.rates})


def _by_key(plan: Plan, amounts: np.ndarray, rates: Mapping[int, np.ndarray]) -> LeafValues:
    cells, width = plan.cells, len(plan.queues.leaves)
    backlogs = [(each.stock, backlog(plan, each, amounts)) for each in plan.balances if each.stock >= 0]
    of_rate = {rate.metric: rate.cells for rate in plan.rates}
    metric = [cells.metric, *(np.full(len(value), each) for each, value in rates.items())]
    at = np.concatenate([np.arange(len(cells)), *(of_rate[each] for each in rates)]).astype(np.int64)
    key = (np.concatenate(metric) * len(plan.org.leaves) + cells.org[at]) * width + cells.queue[at]
    waiting = [stock * len(plan.org.leaves) * width + np.arange(width) for stock, _ in backlogs]
    keys = np.unique(np.concatenate([key, *waiting]))
    found = np.full((len(keys), len(plan.periods.leaves)), np.nan)
    found[np.searchsorted(keys, key), cells.period[at]] = np.concatenate([amounts, *rates.values()])
    for own, (_, left) in zip(waiting, backlogs, strict=True):
        found[np.searchsorted(keys, own)] = left
    return LeafValues(keys, found)


def backlog(plan: Plan, balance: Balance, amounts: np.ndarray) -> np.ndarray:
    """Return what is left of what came in: float64, shape (leaf queues, leaf periods), nan where nothing comes in.

    Parameters
    ----------
    amounts : float64, shape (cells,), what is handled
    """
    mine = plan.cells.metric == balance.volume
    handled = np.zeros(balance.available.shape)
    np.add.at(handled, (plan.cells.queue[mine], plan.cells.period[mine]), amounts[mine])
    return np.asarray(balance.available - np.cumsum(handled, axis=1))


def of_others(plan: Plan, values: LeafValues) -> dict[int, np.ndarray]:
    """Return values of metrics that are not decided cell by cell, by metric.

    Returns
    -------
    float64, over the cells of each rate; of each backlog, shape (leaf queues, leaf periods); nan where there is none
    """
    cells, width = plan.cells, len(plan.queues.leaves)
    found = {}
    for rate in plan.rates:
        key = (rate.metric * len(plan.org.leaves) + cells.org[rate.cells]) * width + cells.queue[rate.cells]
        found[rate.metric] = values.at(key)[np.arange(len(key)), cells.period[rate.cells]]
    for stock in plan.metrics.backlog_of.values():
        found[stock] = values.at(stock * len(plan.org.leaves) * width + np.arange(width))
    return found


def _leaves(tree: Tree) -> dict[str, int]:
    return {tree.ids[node].casefold(): leaf for leaf, node in enumerate(tree.leaves.tolist())}


def _positions(names: Sequence[str], known: dict[str, int]) -> np.ndarray:
    distinct = {name: known.get(name.casefold(), _UNKNOWN) for name in dict.fromkeys(names)}
    return np.fromiter((distinct[name] for name in names), np.int64, len(names))


def _words(rows: ResultRows, at: int) -> str:
    return ", ".join(part for part in (rows.metric[at], rows.org[at], rows.queue[at], rows.period[at]) if part)
