"""What a review talks about: where each metric stands, what moved it, where it will end.

Owns: choosing. All numbers are those of the variance table, or land from it; sentences stand in ``sentences``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.plan import Plan
from engine.trees import Tree
from engine.variance.effects import is_reversed
from engine.variance.landing import Landing, Series, land, land_rates, required_pace
from engine.variance.segments import offset_ratio, rank_measured, surprise
from engine.variance.table import MetricTable, VarianceTable

TOP = 0
"""Position of all org over all queues among the nodes, and of the longest period among the periods."""

CANCELLED = 0.25
"""Part of all moves below which a total says little, and segments are measured by all moves."""

MOST_STEPS = 6
"""Segments named in a bridge; the others are one step."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A node that explains a variance. node : position among the metric's nodes; power : part of the variance."""

    node: int
    variance: float
    power: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step from agreed to actual. node : position among the metric's nodes, −1 where it is an effect or a rest."""

    label: str
    change: float
    node: int = -1


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Trend:
    """The top node over the leaf periods of the horizon: float64, shape (leaf periods,); nan = not there."""

    agreed: np.ndarray
    actual: np.ndarray
    forecast: np.ndarray
    earlier: np.ndarray


@dataclass(frozen=True, slots=True)
class MetricReview:
    """One metric's part of the review.

    segments : the fewest nodes of the most surprising level that explain most; level : its name, "" where there is none
    offset : offset ratio over leaf pairs
    is_reversed : the total moves against its own rate effect
    """

    table: MetricTable
    steps: tuple[Step, ...]
    level: str
    segments: tuple[Segment, ...]
    offset: float
    is_reversed: bool
    endings: tuple[Ending, ...]
    trend: Trend

    def at_top(self, values: np.ndarray) -> float:
        """Return a number of the top node, to date."""
        return float(values[TOP, TOP])


def make_reviews(table: VarianceTable) -> tuple[MetricReview, ...]:
    """Return the part of each metric that has something reported."""
    told = [each for each in table.metrics if np.isfinite(each.block.actual[TOP, TOP])]
    return tuple(_review(table, each) for each in told)


def _review(table: VarianceTable, each: MetricTable) -> MetricReview:
    block, plan = each.block, table.plan
    level, segments = _segments(plan, each)
    pairs = np.nan_to_num(block.variance[each.nodes.pairs :, TOP])
    turned = is_reversed(block.variance[:1, TOP], np.nan_to_num(block.rate[:1, TOP]))
    return MetricReview(
        each,
        _steps(plan, each, segments),
        level,
        segments,
        offset_ratio(pairs),
        bool(turned[0]) and bool(np.isfinite(block.rate[TOP, TOP])),
        _endings(table, each),
        _trend(table, each),
    )


def _segments(plan: Plan, each: MetricTable) -> tuple[str, tuple[Segment, ...]]:
    """Return the fewest nodes that explain most, over every level of both trees, and the name of their level."""
    block = each.block
    if not np.isfinite(block.variance[TOP, TOP]):
        return "", ()
    levels = [*_levels(plan.org, 0), *_levels(plan.queues, len(plan.org) - 1)]
    measured = []
    for _, nodes in levels:
        power = _power(np.nan_to_num(block.contribution[nodes, TOP]))
        before, after = np.nan_to_num(block.compared[nodes, TOP]), np.nan_to_num(block.actual[nodes, TOP])
        measured.append((power, surprise(before, after)))
    ranked = rank_measured(measured)
    if not ranked:
        return "", ()
    best = ranked[0]
    name, nodes = levels[best.dimension]
    found = [
        Segment(int(nodes[element]), float(block.contribution[nodes[element], TOP]), float(power))
        for element, power in zip(best.elements.tolist(), best.power.tolist(), strict=True)
    ]
    return name, tuple(sorted(found, key=lambda one: (-abs(one.variance), one.node)))


def _power(contribution: np.ndarray) -> np.ndarray:
    """Return the part of the change that each node explains; of all moves where gains and losses cancel."""
    total, gross = float(contribution.sum()), float(np.abs(contribution).sum())
    if gross <= 0:
        return np.zeros(len(contribution))
    return np.abs(contribution) / gross if abs(total) < CANCELLED * gross else contribution / total


def side_by_side_nodes(plan: Plan) -> list[np.ndarray]:
    """Return the nodes of each level of both trees, as positions among a metric's nodes."""
    return [nodes for _, nodes in (*_levels(plan.org, 0), *_levels(plan.queues, len(plan.org) - 1))]


def _levels(tree: Tree, shift: int) -> list[tuple[str, np.ndarray]]:
    """Return nodes that stand side by side, level by level; a branch that ends early stands for itself further down."""
    found = []
    for depth in range(1, int(tree.depth.max()) + 1):
        nodes = np.flatnonzero((tree.depth == depth) | (tree.is_leaf & (tree.depth < depth)))
        names = {tree.level[node] for node in nodes.tolist() if tree.depth[node] == depth}
        if len(nodes) > 1:
            found.append((" / ".join(sorted(names)), nodes + shift))
    return found


def _steps(plan: Plan, each: MetricTable, segments: tuple[Segment, ...]) -> tuple[Step, ...]:
    """Return the bridge: volumes by the nodes that explain most and the rest, all other kinds by effects."""
    block = each.block
    if plan.metrics.kinds[each.metric] in ("volume", "stock") and segments:
        steps = [Step(node_name(plan, each, one.node), one.variance, one.node) for one in segments[:MOST_STEPS]]
        rest = float(block.variance[TOP, TOP]) - sum(step.change for step in steps)
        return (*steps, Step("Others", rest))
    effects = [
        Step("Rate", float(block.rate[TOP, TOP])),
        Step("Mix", float(block.mix[TOP, TOP])),
        Step("Volume", float(block.volume[TOP, TOP])),
        *(Step(name, float(values[TOP, TOP])) for name, values in block.drivers.items()),
        Step("New or closed", float(block.new_or_closed[TOP, TOP])),
    ]
    size = max(abs(float(block.actual[TOP, TOP])), abs(float(block.compared[TOP, TOP])))
    return tuple(step for step in effects if np.isfinite(step.change) and abs(step.change) > 1e-9 * size)


def node_name(plan: Plan, each: MetricTable, node: int) -> str:
    """Return what people call a node: team × queue for a pair."""
    org, queue = int(each.nodes.org[node]), int(each.nodes.queue[node])
    words = []
    if org >= 0 and (queue < 0 or plan.org.given[org]):
        words.append(plan.org.names[org] if plan.org.given[org] else "All org")
    if queue >= 0:
        words.append(plan.queues.names[queue])
    return " × ".join(words)


def _endings(table: VarianceTable, each: MetricTable) -> tuple[Ending, ...]:
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


def _trend(table: VarianceTable, each: MetricTable) -> Trend:
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
