"""The records of Cascade: what is decided cell by cell, rates, and backlogs, which belong to a queue and a period.

Owns: their order, and how records of backlogs and of rates come about.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from engine.formulation.linear import inflow_rows
from engine.outcome import CellStatus, Outcome, RateResult
from engine.plan import Plan
from engine.results import broken_status
from engine.trees import ROOT
from solver.frozen import frozen
from solver.sparse import csr_matrix
from workbooks.tabs.why import Terms, why_texts, wordings_of

NAMED_REASONS = 5
"""Reasons of a record that are named; the rest is "other"."""

_NEAR = 1e-6


@frozen
class Records:
    """One entry per record; arrays of shape (records,).

    metric : int64; org, queue, period : int64, *node* positions; what is not kept by org stands at its root
    value, fair, baseline, lower, upper : float64, nan where there is none
    weight : float64, planned items that weigh a rate, nan for what adds up
    status, why : object arrays of str
    """

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray
    value: np.ndarray
    fair: np.ndarray
    baseline: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    weight: np.ndarray
    status: np.ndarray
    why: np.ndarray

    def take(self, order: np.ndarray) -> Records:
        """Return some records."""
        return Records(*(getattr(self, each.name)[order] for each in fields(self)))


def records_in_order(outcome: Outcome) -> Records:
    """Return all records: metrics in table order, then org, queue and period in tree order."""
    parts = [_of_cells(outcome), _of_backlogs(outcome), *(_of_rate(outcome.plan, each) for each in outcome.rates)]
    joined = Records(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Records)))
    return joined.take(np.lexsort((joined.period, joined.queue, joined.org, joined.metric)))


def _of_cells(outcome: Outcome) -> Records:
    plan, reasons = outcome.plan, outcome.reasons
    cells = plan.cells
    terms = Terms(reasons.labels, reasons.cell, reasons.label, reasons.amount)
    labels = np.array([status.label for status in CellStatus], dtype=object)
    return Records(
        cells.metric,
        plan.org.leaves[cells.org],
        plan.queues.leaves[cells.queue],
        plan.periods.leaves[cells.period],
        outcome.value,
        outcome.fair,
        cells.baseline,
        np.where(np.isfinite(outcome.lower), outcome.lower, np.nan),
        np.where(np.isfinite(outcome.upper), outcome.upper, np.nan),
        np.full(len(outcome.value), np.nan),
        labels[outcome.status],
        np.array(why_texts(terms, outcome.value - outcome.fair, NAMED_REASONS), dtype=object),
    )


def _of_rate(plan: Plan, result: RateResult) -> Records:
    """Return a record per cell of a rate: it starts from its history, and is weighted by what is planned."""
    cells, rate, reasons = plan.cells, result.rate, result.reasons
    metric = np.full(len(result.value), rate.metric)
    terms = Terms(reasons.labels, reasons.cell, reasons.label, reasons.amount)
    labels = np.array([status.label for status in CellStatus], dtype=object)
    wordings = wordings_of(plan.metrics, metric)
    return Records(
        metric,
        plan.org.leaves[cells.org[rate.cells]],
        plan.queues.leaves[cells.queue[rate.cells]],
        plan.periods.leaves[cells.period[rate.cells]],
        result.value,
        result.start,
        np.where(rate.has_history, rate.baseline, np.nan),
        np.where(np.isfinite(result.lower), result.lower, np.nan),
        np.where(np.isfinite(result.upper), result.upper, np.nan),
        result.weight,
        labels[result.status],
        np.array(why_texts(terms, result.value - result.start, NAMED_REASONS, wordings), dtype=object),
    )


def _of_backlogs(outcome: Outcome) -> Records:
    """Return a record per backlog, leaf queue and leaf period: what came in less what was handled up to then."""
    plan, reasons = outcome.plan, outcome.reasons
    handled, available, keys = inflow_rows(plan)
    stock = np.array([balance.stock for balance in plan.balances], dtype=np.int64)[keys[:, 0]]
    kept = np.flatnonzero(stock >= 0)
    handled, available, keys, stock = handled[kept], available[kept], keys[kept], stock[kept]
    value, fair = available - handled @ outcome.value, available - handled @ outcome.fair
    size = (len(outcome.value), max(len(reasons.labels), 1))
    moved = (handled @ csr_matrix((-reasons.amount, (reasons.cell, reasons.label)), shape=size)).tocoo()
    terms = Terms(reasons.labels, moved.row.astype(np.int64), moved.col.astype(np.int64), moved.data)
    queue, period = plan.queues.leaves[keys[:, 1]], plan.periods.leaves[keys[:, 2]]
    lower, upper, broken = _limits(outcome, (stock, queue, period))
    return Records(
        stock,
        np.full(len(stock), ROOT),
        queue,
        period,
        value,
        fair,
        np.full(len(stock), np.nan),
        lower,
        upper,
        np.full(len(stock), np.nan),
        _status(value, available, (lower, upper), broken),
        np.array(why_texts(terms, value - fair, NAMED_REASONS), dtype=object),
    )


def _limits(
    outcome: Outcome, keys: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the limits that stand on exactly these queues and periods, nan if none, and whether one is broken."""
    limits, scope = outcome.plan.limits, outcome.plan.limits.scope
    broken = np.zeros(len(keys[0]), dtype=bool)
    lower, upper = np.full(len(keys[0]), -np.inf), np.full(len(keys[0]), np.inf)
    at = {key: record for record, key in enumerate(zip(*(part.tolist() for part in keys), strict=True))}
    for row, key in enumerate(zip(scope.metric.tolist(), scope.queue.tolist(), scope.period.tolist(), strict=True)):
        record = at.get(key)
        if record is not None:
            lower[record] = max(lower[record], limits.lower[row] if limits.lower[row] > 0 else -np.inf)
            upper[record] = min(upper[record], limits.upper[row])
            broken[record] |= outcome.limits.breach[row] > 0
    return np.where(np.isfinite(lower), lower, np.nan), np.where(np.isfinite(upper), upper, np.nan), broken


def _status(
    value: np.ndarray, available: np.ndarray, limits: tuple[np.ndarray, np.ndarray], broken: np.ndarray
) -> np.ndarray:
    """Return what became of each backlog, in the words of the tab. broken : bool, which do not keep their limits."""
    lower, upper = limits
    own = broken_status(value, lower, upper, broken)
    near = _NEAR * np.maximum(available, 1.0)
    conditions = [
        *own.values(),
        np.isfinite(lower) & (value <= lower + near),
        np.isfinite(upper) & (value >= upper - near),
        value <= near,
    ]
    states = [*own, CellStatus.AT_MIN, CellStatus.AT_MAX, CellStatus.AT_INFLOW]
    words = np.array([*(state.label for state in states), CellStatus.FREE.label], dtype=object)
    return np.asarray(words[np.select(conditions, list(range(len(states))), len(states))])
