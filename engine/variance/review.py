"""What a review talks about: where each metric stands, what moved it, where it will end.

Owns: choosing. All numbers are those of the variance table, or land from it; sentences stand in ``sentences``.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.variance.choosing import Segment, find_segments
from engine.variance.effects import is_reversed
from engine.variance.endings import Ending, Trend, find_endings, find_trend
from engine.variance.nodes import TOP, node_name
from engine.variance.segments import offset_ratio
from engine.variance.table import MetricTable, VarianceTable
from solver.frozen import frozen

_NOTHING = 1e-9

MOST_STEPS = 6
"""Segments named in a bridge; the others are one step."""


@frozen
class Step:
    """One step from agreed to actual. node : position among the metric's nodes, −1 where it is an effect or a rest."""

    label: str
    change: float
    node: int = -1


@frozen
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
    level, segments = find_segments(plan, each)
    pairs = np.nan_to_num(block.variance[each.nodes.pairs :, TOP])
    turned = is_reversed(block.variance[:1, TOP], np.nan_to_num(block.rate[:1, TOP]))
    return MetricReview(
        each,
        _steps(plan, each, segments),
        level,
        segments,
        offset_ratio(pairs),
        bool(turned[0]) and bool(np.isfinite(block.rate[TOP, TOP])),
        find_endings(table, each),
        find_trend(table, each),
    )


def _steps(plan: Plan, each: MetricTable, segments: tuple[Segment, ...]) -> tuple[Step, ...]:
    """Return the bridge: volumes by the nodes that explain most and the rest, all other kinds by effects."""
    block = each.block
    if plan.metrics.kinds[each.metric] in ("volume", "stock") and segments:
        steps = [Step(node_name(plan, each.nodes, one.node), one.variance, one.node) for one in segments[:MOST_STEPS]]
        rest = float(block.variance[TOP, TOP]) - sum(step.change for step in steps)
        told = sum(abs(step.change) for step in steps)
        return (*steps, Step("Others", rest)) if abs(rest) > _NOTHING * told else tuple(steps)
    effects = [
        Step("Rate", float(block.rate[TOP, TOP])),
        Step("Mix", float(block.mix[TOP, TOP])),
        Step("Volume", float(block.volume[TOP, TOP])),
        *(Step(name, float(values[TOP, TOP])) for name, values in block.drivers.items()),
        Step("New or closed", float(block.new_or_closed[TOP, TOP])),
    ]
    size = max(abs(float(block.actual[TOP, TOP])), abs(float(block.compared[TOP, TOP])))
    return tuple(step for step in effects if np.isfinite(step.change) and abs(step.change) > 1e-9 * size)
