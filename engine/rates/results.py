"""What became of rates: cells, and the rows of Targets and Limits about them.

Owns: results of rates in the shapes that volumes have them in.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.outcome import CellStatus, LimitResults, RateResult, TargetResults
from engine.plan import Plan
from engine.rates.decide import RateDecision
from engine.rates.reasons import limiting_words, rate_reasons
from engine.rates.rows import LIGHTEST
from engine.results import MET, broken_status, cells_broken, judged

_NEAR = 1e-7


def rate_result(plan: Plan, decision: RateDecision, breach: np.ndarray) -> RateResult:
    """Return the cells of a rate with their reasons. breach : float64, shape (rows of Limits,), by how much broken."""
    lower, upper = np.full(len(decision.value), -np.inf), np.full(len(decision.value), np.inf)
    rows = decision.limits.rows
    alone = rows.covers_one_cell
    cells = rows.matrix[alone].indices
    np.maximum.at(lower, cells, decision.limits.lower[alone])
    np.minimum.at(upper, cells, decision.limits.upper[alone])
    broken = cells_broken(rows.matrix[alone], breach[rows.source[alone]], len(decision.value))
    return RateResult(
        decision.rate,
        decision.weight,
        decision.start,
        decision.value,
        lower,
        upper,
        _status(plan, decision, lower, upper, broken),
        rate_reasons(plan, decision),
    )


def _status(plan: Plan, decision: RateDecision, lower: np.ndarray, upper: np.ndarray, broken: np.ndarray) -> np.ndarray:
    """Return what became of each cell: values of CellStatus, the first that applies."""
    value, rate, effort = decision.value, decision.rate, decision.effort
    near = _NEAR * np.maximum(1.0, np.abs(value))
    good = effort.up if plan.metrics.higher_is_better[rate.metric] else effort.down
    own = broken_status(value, lower, upper, broken)
    conditions = [
        *own.values(),
        value <= np.maximum(lower, np.where(rate.floor > 0, rate.floor, -np.inf)) + near,
        value >= np.minimum(upper, rate.ceiling) - near,
        (good <= 0) & (decision.weight > LIGHTEST * decision.weight.mean()) & (np.abs(value - decision.start) <= near),
        ~rate.has_history,
    ]
    choices = [*own, CellStatus.AT_MIN, CellStatus.AT_MAX, CellStatus.AT_BEST, CellStatus.NO_HISTORY]
    return np.select(conditions, [int(choice) for choice in choices], int(CellStatus.FREE)).astype(np.int64)


def with_rate_targets(plan: Plan, decisions: tuple[RateDecision, ...], results: TargetResults) -> TargetResults:
    """Return the results of Targets with those of rates: a row with nothing to weigh it by has no value, and is met."""
    achieved, priced, fair = results.achieved.copy(), results.priced_miss.copy(), results.fair_outcome.copy()
    limited_by = list(results.limited_by)
    for decision in decisions:
        targets = decision.targets
        source = targets.rows.source
        achieved[source] = targets.rows.matrix @ decision.value
        fair[source] = achieved[source]
        priced[source] = (decision.misses.short + decision.misses.over) * targets.size
    shortfall = np.nan_to_num(judged(plan, achieved))
    met, missing, in_fractions = results.met.copy(), results.shortfall.copy(), results.in_fractions.copy()
    for decision in decisions:
        source = decision.targets.rows.source
        allowed = MET * np.maximum(np.abs(decision.targets.asked), 1e-3)
        met[source] = shortfall[source] <= allowed
        in_fractions[source] = missing[source] = np.where(met[source], 0.0, shortfall[source])
        for row in np.flatnonzero(~met[source]).tolist():
            limited_by[source[row]] = limiting_words(plan, decision, row)
    return replace(
        results,
        achieved=achieved, shortfall=missing, met=met, priced_miss=priced, fair_outcome=fair,
        limited_by=tuple(limited_by), in_fractions=in_fractions,
    )  # fmt: skip


def with_rate_limits(decisions: tuple[RateDecision, ...], results: LimitResults) -> LimitResults:
    """Return the results of Limits with those of rates."""
    value, breach, in_fractions = results.value.copy(), results.breach.copy(), results.in_fractions.copy()
    for decision in decisions:
        limits = decision.limits
        source = limits.rows.source
        value[source] = limits.rows.matrix @ decision.value
        off = np.fmax(np.fmax(limits.lower - value[source], value[source] - limits.upper), 0)
        bound = np.where(np.isfinite(limits.lower), limits.lower, limits.upper)
        breach[source] = np.where(off > MET * np.maximum(np.abs(bound), 1e-3), off, 0.0)
        in_fractions[source] = breach[source]  # averages are not rounded
    return LimitResults(value, breach, in_fractions)
