"""Weighted averages of rates over rows: Σ w r / Σ w, never a plain mean.

Owns: which cells of a rate a row covers.
"""

from __future__ import annotations

import numpy as np

from engine.formulation.cover import cover
from engine.formulation.linear import linear_rows
from engine.outcome import Outcome
from engine.plan import Plan, Rate, Scopes
from solver.sparse import csr_matrix


def rate_cover(plan: Plan, rate: Rate, scopes: Scopes) -> csr_matrix:
    """Return the 0/1 membership of a rate's cells in rows: csr, shape (rows, cells of the rate)."""
    weights = Scopes(np.full(len(scopes), rate.weight), scopes.org, scopes.queue, scopes.period, scopes.until)
    return csr_matrix(cover(plan, weights)[:, rate.cells])


def averages(matrix: csr_matrix, weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return Σ w r / Σ w of each row over the cells whose value is known; nan where they weigh nothing."""
    known = np.isfinite(value)
    counted = np.where(known, weight, 0.0)
    total = matrix @ counted
    found = matrix @ (counted * np.where(known, value, 0.0))
    return np.asarray(np.divide(found, total, out=np.full(len(total), np.nan), where=total > 0))


def values_at(outcome: Outcome, scopes: Scopes) -> np.ndarray:
    """Return what was found for each row: the sum of a volume, the average of a rate, the end of a stock.

    Returns
    -------
    float64, shape (rows,); nan where a rate weighs nothing
    """
    plan = outcome.plan
    found = linear_rows(plan, scopes).values(outcome.value)
    for result in outcome.rates:
        rows = np.flatnonzero(scopes.metric == result.rate.metric)
        if len(rows):
            matrix = rate_cover(plan, result.rate, scopes.take(rows))
            found[rows] = averages(matrix, result.weight, result.value)
    return found


def baseline_of_rows(plan: Plan, scopes: Scopes) -> np.ndarray:
    """Return the history of each row that is about a rate, weighted by the history of its volume.

    Returns
    -------
    float64, shape (rows,); nan for other rows, and where there is no history
    """
    found = np.full(len(scopes), np.nan)
    for rate in plan.rates:
        rows = np.flatnonzero(scopes.metric == rate.metric)
        if len(rows):
            before = np.where(rate.has_history, rate.baseline, np.nan)
            weight = np.nan_to_num(plan.cells.baseline[rate.cells])
            found[rows] = averages(rate_cover(plan, rate, scopes.take(rows)), weight, before)
    return found
