"""What has to be done per working day from now on, and what rates have to be, node by node.

    needed = (target − done so far) / working days left        had = done so far / working days gone

Of a rate, needed is its average over what is planned ahead, had its average so far.

Owns: these two for every node of both trees, of every volume and every rate.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.cycle.reforecast import Reforecast
from engine.fair.crew import working_days
from engine.formulation.cover import cover
from engine.outcome import RateResult
from engine.plan import Plan, Scopes
from engine.rates.averages import averages, rate_cover
from engine.trees import ROOT
from solver.frozen import frozen


@frozen
class RunRates:
    """A row per node with cells of a metric: of the org tree over all queues, then of the queue tree below its root.

    scope : metric, org and queue of each; the period is the whole time
    is_rate : bool; the arrays below hold averages there, else items; all float64, shape (rows,)
    agreed, target, done : over the whole time as agreed and as planned now, and what has happened of it
    left, agreed_left : ahead of us, as planned now and as agreed
    days_gone, days_left : working days
    """

    scope: Scopes
    is_rate: np.ndarray
    agreed: np.ndarray
    target: np.ndarray
    done: np.ndarray
    left: np.ndarray
    agreed_left: np.ndarray
    days_gone: float
    days_left: float

    @property
    def needed(self) -> np.ndarray:
        """What is needed from now on, per working day; nan where no day is left."""
        return self._per_day(self.left, self.days_left)

    @property
    def agreed_ahead(self) -> np.ndarray:
        """What was agreed of the time ahead, per working day."""
        return self._per_day(self.agreed_left, self.days_left)

    @property
    def had(self) -> np.ndarray:
        """What was done so far, per working day; nan where none has gone."""
        return self._per_day(self.done, self.days_gone)

    def _per_day(self, amounts: np.ndarray, days: float) -> np.ndarray:
        per_day = amounts / days if days > 0 else np.full(len(amounts), np.nan)
        return np.asarray(np.where(self.is_rate, amounts, per_day))


def run_rates(done: Reforecast) -> RunRates:
    """Return the run rates of a plan made again."""
    plan, ended, results = done.outcome.plan, done.ended, {result.rate.metric: result for result in done.outcome.rates}
    days = working_days(plan)
    parts = []
    for metric, kind in enumerate(plan.metrics.kinds):
        scope = _scopes(plan, metric)
        if kind == "volume":
            parts.append(_of_volume(done, scope, ended))
        elif metric in results:
            parts.append(_of_rate(done, results[metric], scope, ended))
    scopes = [scope for scope, _ in parts]
    columns = zip(*(amounts for _, amounts in parts), strict=True)
    agreed, target, gone, left, agreed_left = map(np.concatenate, columns)
    scope = Scopes(*(np.concatenate([getattr(each, name) for each in scopes]) for name in _NODES))
    is_rate = np.isin(scope.metric, list(results))
    had, has = float(days[:ended].sum()), float(days[ended:].sum())
    return RunRates(scope, is_rate, agreed, target, gone, left, agreed_left, had, has)


_NODES = ("metric", "org", "queue", "period")
_Part = tuple[Scopes, tuple[np.ndarray, ...]]
"""Rows, and what was agreed, is planned, has happened, is ahead, and was agreed of what is ahead."""


def _of_volume(done: Reforecast, scope: Scopes, ended: int) -> _Part:
    plan, value = done.outcome.plan, done.outcome.value
    has_ended = plan.cells.period < ended
    inside = cover(plan, scope)
    rows = np.flatnonzero(np.diff(inside.indptr))
    inside = inside[rows]
    gone = np.asarray(inside @ np.where(has_ended, value, 0.0))
    target = np.asarray(inside @ value)
    ahead = np.asarray(inside @ np.where(has_ended, 0.0, done.was))
    return scope.take(rows), (np.asarray(inside @ done.was), target, gone, target - gone, ahead)


def _of_rate(done: Reforecast, result: RateResult, scope: Scopes, ended: int) -> _Part:
    plan, rate = done.outcome.plan, result.rate
    has_ended = plan.cells.period[rate.cells] < ended
    inside = rate_cover(plan, rate, scope)
    rows = np.flatnonzero(np.diff(inside.indptr))
    inside, was = inside[rows], done.others_were[rate.metric]
    weight, was_weight = result.weight, done.was[rate.cells]
    return scope.take(rows), (
        averages(inside, was_weight, was),
        averages(inside, weight, result.value),
        averages(inside, np.where(has_ended, weight, 0.0), result.value),
        averages(inside, np.where(has_ended, 0.0, weight), result.value),
        averages(inside, np.where(has_ended, 0.0, was_weight), was),
    )


def _scopes(plan: Plan, metric: int) -> Scopes:
    rows: Iterable[tuple[int, int]] = (
        *((org, ROOT) for org in range(len(plan.org))),
        *((ROOT, queue) for queue in range(1, len(plan.queues))),
    )
    org, queue = np.array(list(rows), dtype=np.int64).reshape(-1, 2).T
    return Scopes(np.full(len(org), metric), org, queue, np.full(len(org), ROOT))
