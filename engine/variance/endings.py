"""Where unfinished periods will end, and the periods of the horizon side by side.

Owns: bringing the top node of a metric to the series that a landing is made of.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.variance.landing import Landing, Series, land, land_rates, required_pace
from engine.variance.nodes import TOP
from engine.variance.table import MetricTable, VarianceTable
from solver.frozen import frozen


@frozen
class Ending:
    """Where an unfinished period will end.

    period : node of the period tree; target : what was agreed for all of it
    chance : of meeting the target, nan where unknown; pace : needed per remaining working day, nan for rates
    """

    period: int
    target: float
    expected: float
    recent: float
    low: float
    high: float
    chance: float
    pace: float
    days_left: float


@frozen
class Trend:
    """The top node over the leaf periods of the horizon: float64, shape (leaf periods,); nan = not there."""

    agreed: np.ndarray
    actual: np.ndarray
    forecast: np.ndarray
    earlier: np.ndarray


def find_endings(table: VarianceTable, each: MetricTable) -> tuple[Ending, ...]:
    """Return where each unfinished longer period will end, the longest first."""
    found = []
    periods = table.periods
    for at in np.flatnonzero(periods.is_to_date).tolist():
        first = int(periods.first[at])
        last = int(table.plan.periods.leaf_span[periods.node[at], 1])
        found.append(_ending(table, each, at, slice(first, last)))
    return tuple(ending for ending in found if np.isfinite(ending.expected))


def _ending(table: VarianceTable, each: MetricTable, at: int, leaves: slice) -> Ending:
    plan, metric = table.plan, each.metric
    as_of = table.happened.as_of
    elapsed = as_of - leaves.start
    values, weights = _top_series(table, each), _top_weights(table, metric)
    amounts = Series(values.agreed[None, leaves], values.actual[None, leaves], elapsed)
    higher = bool(plan.metrics.higher_is_better[metric])
    kind = plan.metrics.kinds[metric]
    if kind == "rate":
        heavy = Series(weights.agreed[None, leaves], weights.actual[None, leaves], elapsed)
        landing = land_rates(amounts, heavy)
        total = float(weights.agreed[leaves].sum())
        target = float((values.agreed[leaves] * weights.agreed[leaves]).sum()) / total if total > 0 else float("nan")
    elif kind == "stock":
        landing, target = _level_landing(values, leaves, elapsed), float(values.agreed[leaves][-1])
    else:
        landing, target = land(amounts), float(values.agreed[leaves].sum())
    days = float(np.nan_to_num(plan.calendar.working_days[as_of : leaves.stop]).sum())
    done = each.block.actual[TOP : TOP + 1, at]
    pace = required_pace(np.array([target]), done, days) if kind == "volume" else np.array([np.nan])
    return Ending(
        int(table.periods.node[at]),
        target,
        float(landing.expected[0]),
        float(landing.recent[0]),
        float(landing.low[0]),
        float(landing.high[0]),
        float(landing.chance(np.array([target]), higher=higher)[0]),
        float(pace[0]),
        days,
    )


def _level_landing(values: _Top, leaves: slice, elapsed: int) -> Landing:
    """Return where a stock ends: as far from agreed as it is now."""
    gap = values.actual[leaves][elapsed - 1] - values.agreed[leaves][elapsed - 1]
    expected = np.array([max(float(values.agreed[leaves][-1] + gap), 0.0)])
    unknown = np.array([np.nan])
    return Landing(expected, expected, unknown, unknown, np.zeros((1, 0)))


@frozen
class _Top:
    """The top node over all leaf periods; actual : what was reported, made whole by what was agreed where it is not."""

    agreed: np.ndarray
    actual: np.ndarray


def _top_series(table: VarianceTable, each: MetricTable) -> _Top:
    plan = table.plan
    if plan.metrics.kinds[each.metric] == "rate":
        weight = _weight_of(plan, each.metric)
        own, heavy = _leaf_rows(table, each.metric), _leaf_rows(table, weight)
        rates, weights = own.value, np.nan_to_num(heavy.at_like(own))
        total = np.where(np.isfinite(rates), weights, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            agreed = np.nansum(total * np.nan_to_num(rates), axis=0) / total.sum(axis=0)
    else:
        agreed = np.nansum(_leaf_rows(table, each.metric).value, axis=0)
    return _Top(agreed, _top_actual(table, each, agreed))


def _top_actual(table: VarianceTable, each: MetricTable, agreed: np.ndarray) -> np.ndarray:
    """Return the top node's actuals, with what nobody reported taken as agreed × the pace of the rest."""
    actual = np.full(len(agreed), np.nan)
    block, periods = each.block, table.periods
    for at in np.flatnonzero(periods.is_leaf & ~periods.is_to_date).tolist():
        done, missing = float(block.actual[TOP, at]), float(block.not_reported[TOP, at])
        compared = float(block.compared[TOP, at])
        whole = done + missing * (done / compared if compared > 0 else 1.0)
        is_amount = np.isfinite(block.volume[TOP, at])
        actual[int(periods.first[at])] = whole if is_amount else done
    return actual


def _top_weights(table: VarianceTable, metric: int) -> _Top:
    plan = table.plan
    if plan.metrics.kinds[metric] != "rate":
        nothing = np.zeros(len(plan.periods.leaves))
        return _Top(nothing, nothing)
    weight = _weight_of(plan, metric)
    return _top_series(table, table.of(weight))


def _weight_of(plan: Plan, metric: int) -> int:
    return next(rate.weight for rate in plan.rates if rate.metric == metric)


@frozen
class _LeafRows:
    key: np.ndarray
    value: np.ndarray
    pairs: int

    def at_like(self, other: _LeafRows) -> np.ndarray:
        """Return the rows of the same pairs as another metric's."""
        found = np.full(other.value.shape, np.nan)
        own = {int(key % self.pairs): row for row, key in enumerate(self.key.tolist())}
        for row, key in enumerate(other.key.tolist()):
            if (at := own.get(int(key % self.pairs))) is not None:
                found[row] = self.value[at]
        return found


def _leaf_rows(table: VarianceTable, metric: int) -> _LeafRows:
    plan, values = table.plan, table.agreed.values
    pairs = len(plan.org.leaves) * len(plan.queues.leaves)
    own = values.key // pairs == metric
    return _LeafRows(values.key[own], values.value[own], pairs)


def find_trend(table: VarianceTable, each: MetricTable) -> Trend:
    """Return the top node over all leaf periods, those to come at the pace so far."""
    plan, as_of = table.plan, table.happened.as_of
    series = _top_series(table, each)
    forecast = np.full(len(series.agreed), np.nan)
    ahead = series.agreed[as_of:]
    is_amount = plan.metrics.kinds[each.metric] == "volume"
    if is_amount and np.nansum(series.agreed[:as_of]) > 0:
        forecast[as_of:] = ahead * np.nansum(series.actual[:as_of]) / np.nansum(series.agreed[:as_of])
    elif as_of and np.isfinite(series.actual[as_of - 1]):
        forecast[as_of:] = ahead + (series.actual[as_of - 1] - series.agreed[as_of - 1])
    return Trend(series.agreed, series.actual, forecast, _earlier(plan, each.metric))


def _earlier(plan: Plan, metric: int) -> np.ndarray:
    """Return the history that each leaf period takes its shape from; nan where there is none."""
    cells = plan.cells
    own = (cells.metric == metric) & np.isfinite(cells.baseline)
    count = np.bincount(cells.period[own], minlength=len(plan.periods.leaves))
    total = np.bincount(cells.period[own], cells.baseline[own], len(plan.periods.leaves))
    return np.where(count > 0, total, np.nan)
