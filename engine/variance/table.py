"""The variance table: every metric × node × period with what was agreed, what happened, how good that is, and why.

Owns: joining metrics into one table, statuses and signals. The kinds' own arithmetic stands in ``blocks``.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.variance.attainment import (
    OF_AMOUNTS,
    OF_RATES,
    Seen,
    Thresholds,
    attainment,
    status_of_amounts,
    status_of_rates,
)
from engine.variance.blocked import INFLOW, BlockedTable, Missed, Place, blocked_table, find_missed, not_explained
from engine.variance.blocked_backlogs import find_waiting
from engine.variance.blocks import Block, Cells, rate_block, stock_block, volume_block
from engine.variance.causes import Sides
from engine.variance.formulas import Parts, as_value, formula_block, parts_of, value_block
from engine.variance.happened import Agreed, Happened, LeafValues, aligned
from engine.variance.held_back import Done, Pairs, find_held_back
from engine.variance.nodes import ALL, Elapsed, Nodes, elapsed_periods, make_nodes
from engine.variance.noise import Signal, signals
from solver.frozen import frozen


@frozen
class MetricTable:
    """One metric: its nodes and their variances; arrays of shape (nodes, periods).

    status : int64, values of Status; signal : int64, values of Signal
    attainment : nan where nothing was agreed; on_arrived : against the part of it for which work arrived
    blocked : what kept it; no causes for rates and formulas, whose effects say it
    """

    metric: int
    nodes: Nodes
    block: Block
    attainment: np.ndarray
    status: np.ndarray
    signal: np.ndarray
    on_arrived: np.ndarray
    blocked: BlockedTable
    is_backlog: bool = False

    @property
    def is_there(self) -> np.ndarray:
        """bool: rows that say something."""
        block = self.block
        told = np.isfinite(block.agreed) | np.isfinite(block.actual) | np.isfinite(block.latest)
        if self.is_backlog:  # kept on the queue tree only
            shown = (np.arange(len(self.nodes)) < self.nodes.pairs) & (self.nodes.org == ALL)
            shown[0] = True
            told &= shown[:, None]
        return np.asarray(told)

    @property
    def residual(self) -> np.ndarray:
        """Variance less all its effects: nothing, but for rounding; nan where there is no variance."""
        block = self.block
        effects = [block.rate, block.mix, block.volume, block.new_or_closed, *block.drivers.values()]
        return np.asarray(block.variance - sum(np.nan_to_num(each) for each in effects))


@frozen
class VarianceTable:
    """All metrics over the periods that have begun."""

    plan: Plan
    periods: Elapsed
    metrics: tuple[MetricTable, ...]
    agreed: Agreed
    happened: Happened

    def of(self, metric: int) -> MetricTable:
        """Return the table of a metric."""
        return next(each for each in self.metrics if each.metric == metric)


@frozen
class Compared:
    """What is compared: what was agreed, the cascade as it is, what happened, and what people and work there were."""

    agreed: Agreed
    latest: LeafValues
    happened: Happened
    causes: Sides


def make_table(plan: Plan, compared: Compared) -> VarianceTable:
    """Return the variances of all metrics that have something agreed or reported."""
    agreed, happened = compared.agreed, compared.happened
    periods = elapsed_periods(plan.periods, happened.as_of)
    sides = _Sides(plan, agreed.values, compared.latest, happened)
    done = sides.done()
    found = []
    for metric, kind in enumerate(plan.metrics.kinds):
        keys = sides.keys_of(metric) if kind != "formula" else sides.keys_under(metric)
        if not len(keys):
            continue
        _, org, queue = sides.split(keys)
        nodes = make_nodes(plan, org, queue)
        if kind == "formula":
            block = _formula(plan, metric, sides, (keys, nodes, periods), compared.causes)
        else:
            block = _block(plan, metric, sides, keys, nodes, periods)
        missed = _missed(plan, Place(metric, org, queue), sides, compared.causes)
        held = find_held_back(plan, metric, done, nodes, Pairs(org, queue, _size(missed, len(org))))
        blocked = blocked_table(missed, nodes, periods, held)
        found.append(_judged(plan, metric, nodes, block, (periods, blocked)))
    return VarianceTable(plan, periods, tuple(found), agreed, happened)


def _missed(plan: Plan, place: Place, sides: _Sides, causes: Sides) -> Missed:
    """Return what a metric missed, and which of the plan's constraints took it; nothing for rates and formulas."""
    kind, metric = plan.metrics.kinds[place.metric], place.metric
    if kind not in ("volume", "stock"):
        return Missed({}, np.zeros((len(place.org), 0)))
    cells = sides.cells(sides.keys_of(metric))
    if kind == "volume":
        return find_missed(plan, cells, place, causes)
    volume = plan.metrics.balance_of[metric] if plan.metrics.balance_of else -1
    higher = bool(plan.metrics.higher_is_better[metric])
    if volume < 0 or higher:
        return not_explained(cells, higher=higher)
    keys = sides.keys_of(volume)
    _, org, queue = sides.split(keys)
    handled, at = sides.cells(keys), Place(volume, org, queue)
    missed = find_missed(plan, handled, at, causes)
    return find_waiting((cells, place), (handled, at, missed), causes, len(plan.queues.leaves))


def _size(missed: Missed, pairs: int) -> np.ndarray:
    """Return how much each pair missed; the same for all where nobody counts it."""
    if not missed.items:
        return np.ones(pairs)
    every = np.asarray(sum(missed.items.values()))
    return np.asarray(every[:, -1] if missed.at_end else every.sum(axis=1))


def _block(plan: Plan, metric: int, sides: _Sides, keys: np.ndarray, nodes: Nodes, periods: Elapsed) -> Block:
    cells = sides.cells(keys)
    kind = plan.metrics.kinds[metric]
    if kind == "rate":
        weight = next(rate.weight for rate in plan.rates if rate.metric == metric)
        return rate_block(cells, sides.cells(sides.moved(keys, weight)), nodes, periods)
    return stock_block(cells, nodes, periods) if kind == "stock" else volume_block(cells, nodes, periods)


def _formula(plan: Plan, metric: int, sides: _Sides, scope: tuple[np.ndarray, Nodes, Elapsed], causes: Sides) -> Block:
    keys, nodes, periods = scope
    value = as_value(plan, metric)
    if value is not None:
        quantity, rate = (sides.cells(sides.moved(keys, part)) for part in (value.quantity, value.rate))
        return value_block(value, quantity, rate, nodes, periods)
    blocks = {
        part: _block(plan, part, sides, sides.moved(keys, part), nodes, periods) for part in parts_of(plan, metric)
    }
    return formula_block(plan, metric, Parts(blocks, causes), nodes, periods)


@frozen
class _Sides:
    """Agreed, latest and actual values by key."""

    plan: Plan
    agreed: LeafValues
    latest: LeafValues
    happened: Happened

    @property
    def _pairs(self) -> int:
        return len(self.plan.org.leaves) * len(self.plan.queues.leaves)

    def split(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return metric, leaf org and leaf queue of keys."""
        rest, queue = np.divmod(keys, len(self.plan.queues.leaves))
        metric, org = np.divmod(rest, len(self.plan.org.leaves))
        return metric, org, queue

    def moved(self, keys: np.ndarray, metric: int) -> np.ndarray:
        """Return the same pairs of another metric."""
        return np.asarray(keys % self._pairs + metric * self._pairs)

    def keys_of(self, metric: int) -> np.ndarray:
        """Return the pairs of a metric that stand on any side, ascending."""
        every = np.concatenate([self.agreed.key, self.latest.key, self.happened.values.key])
        return np.unique(every[every // self._pairs == metric])

    def keys_under(self, metric: int) -> np.ndarray:
        """Return the pairs of all metrics that a formula is made of, as keys of the formula, ascending."""
        parts = [self.moved(self.keys_of(part), metric) for part in parts_of(self.plan, metric)]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.int64)

    def done(self) -> Done:
        """Return what was done so far, in the cells of the plan."""
        plan, values = self.plan, self.happened.values
        cells, width = plan.cells, len(plan.queues.leaves)
        pair = cells.org * width + cells.queue

        def at(metric: np.ndarray, which: np.ndarray) -> np.ndarray:
            found: np.ndarray = values.at(metric * self._pairs + pair[which])[
                np.arange(len(which)), cells.period[which]
            ]
            return found

        stocks = plan.metrics.backlog_of.values()
        return Done(
            at(cells.metric, np.arange(len(cells))),
            {rate.metric: at(np.full(len(rate.cells), rate.metric), rate.cells) for rate in plan.rates},
            {stock: values.at(stock * self._pairs + np.arange(width)) for stock in stocks},
            self.happened.as_of,
        )

    def cells(self, keys: np.ndarray) -> Cells:
        """Return all sides of some pairs up to As of."""
        so_far, happened = slice(0, self.happened.as_of), self.happened
        own = happened.values.key
        return Cells(
            self.agreed.at(keys)[:, so_far],
            self.latest.at(keys)[:, so_far],
            happened.values.at(keys)[:, so_far],
            aligned(own, happened.covered, keys, 1.0)[:, so_far],
            aligned(own, happened.count, keys, np.nan)[:, so_far],
            aligned(own, happened.estimated, keys, missing=False)[:, so_far],
        )


def _judged(plan: Plan, metric: int, nodes: Nodes, block: Block, more: tuple[Elapsed, BlockedTable]) -> MetricTable:
    periods, blocked = more
    status = judge(plan, metric, block.compared, block.actual, block.count)
    with np.errstate(invalid="ignore"):
        good = attainment(block.compared, block.actual, higher=bool(plan.metrics.higher_is_better[metric]))
    is_rate = plan.metrics.kinds[metric] == "rate"
    of = plan.metrics.balance_of
    is_backlog = bool(of) and of[metric] >= 0
    signal = _signals(block, periods, is_rate=is_rate)
    arrived = np.full(good.shape, np.nan)
    if plan.metrics.kinds[metric] == "volume" and plan.metrics.higher_is_better[metric]:
        arrived = _on_arrived(block, blocked)
    return MetricTable(metric, nodes, block, good, status, signal, arrived, blocked, is_backlog)


def _on_arrived(block: Block, blocked: BlockedTable) -> np.ndarray:
    """Return actual ÷ the part of agreed for which work arrived; nan where nobody told what arrived."""
    if INFLOW not in blocked.items:
        return np.full(block.agreed.shape, np.nan)
    there = block.compared - blocked.items[INFLOW]
    return np.asarray(np.divide(block.actual, there, out=np.full(there.shape, np.nan), where=np.nan_to_num(there) > 0))


def judge(plan: Plan, metric: int, agreed: np.ndarray, actual: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the status of results of a metric, by its kind and thresholds: int64, values of Status."""
    higher, limits = bool(plan.metrics.higher_is_better[metric]), thresholds(plan, metric)
    with np.errstate(invalid="ignore"):
        if plan.metrics.kinds[metric] == "rate":
            seen = Seen(count, is_share=is_share(plan, metric))
            return status_of_rates(agreed, actual, limits, seen, higher=higher)
        return status_of_amounts(agreed, actual, limits, higher=higher)


def _signals(block: Block, periods: Elapsed, *, is_rate: bool) -> np.ndarray:
    """Return what each leaf period says about its node's series: of attainments, or of variances of rates."""
    leaves = np.flatnonzero(periods.is_leaf & ~periods.is_to_date)
    leaves = leaves[np.unique(periods.first[leaves], return_index=True)[1]]
    with np.errstate(invalid="ignore", divide="ignore"):
        series = block.variance if is_rate else np.where(block.compared > 0, block.actual / block.compared, np.nan)
    found = np.full(series.shape, int(Signal.UNKNOWN))
    found[:, leaves] = signals(np.where(np.isfinite(series), series, np.nan)[:, leaves])
    return found


def is_share(plan: Plan, metric: int) -> bool:
    """Whether a rate lies between 0 and 1."""
    return plan.metrics.units[metric].strip() == "%"


def thresholds(plan: Plan, metric: int) -> Thresholds:
    """Return from where a metric is green and amber."""
    default = OF_RATES if plan.metrics.kinds[metric] == "rate" else OF_AMOUNTS
    green = plan.metrics.green[metric] if plan.metrics.green else np.nan
    amber = plan.metrics.amber[metric] if plan.metrics.amber else np.nan
    return Thresholds(
        default.green if np.isnan(green) else green,
        default.amber if np.isnan(amber) else amber,
    )
