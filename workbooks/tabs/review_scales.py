"""The axes of a review's charts: one scale per unit, so that bars of the same height are the same amount.

Owns: where axes start and end, and charts that have to keep a scale of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.plan import Plan
from engine.variance.review import MetricReview
from solver.frozen import frozen

_FAR = 5.0
"""How many times larger one metric may be than another of its unit before its bars would hide the other's."""

_HEADROOM = 1.05


@frozen
class Scale:
    """Where an axis starts and ends; most : 0 = as the values need. is_own : others of its unit have another one."""

    least: float = 0.0
    most: float = 0.0
    is_own: bool = False

    @property
    def words(self) -> str:
        """What a title says of it."""
        return (" · axis cut" if self.least > 0 else "") + (" · own scale" if self.is_own else "")


@frozen
class _Span:
    """What a chart shows: its lowest and highest value, and the largest difference that has to be seen."""

    low: float
    high: float
    step: float


def bridge_scales(plan: Plan, metrics: Sequence[MetricReview]) -> dict[int, Scale]:
    """Return the axis of each metric's bridge, by metric."""
    spans = {}
    for one in metrics:
        start = one.at_top(one.table.block.compared)
        if np.isfinite(start):
            changes = np.array([step.change for step in one.steps])
            levels = np.concatenate([[start, one.at_top(one.table.block.actual)], start + np.cumsum(changes)])
            spans[one.table.metric] = _Span(
                float(levels.min()), float(levels.max()), float(np.abs(changes).max(initial=0.0))
            )
    return _by_unit(plan, spans)


def trend_scales(plan: Plan, metrics: Sequence[MetricReview]) -> dict[int, Scale]:
    """Return the axis of each metric's periods, by metric."""
    spans = {}
    for one in metrics:
        trend = one.trend
        every = np.concatenate([trend.agreed, trend.actual, trend.forecast, trend.earlier])
        known = every[np.isfinite(every)]
        if len(known):
            low, high = float(known.min()), float(known.max())
            spans[one.table.metric] = _Span(low, high, high - low)
    return _by_unit(plan, spans)


def _by_unit(plan: Plan, spans: Mapping[int, _Span]) -> dict[int, Scale]:
    by_unit: dict[str, list[int]] = {}
    for metric in spans:
        by_unit.setdefault(plan.metrics.unit(metric), []).append(metric)
    found: dict[int, Scale] = {}
    for unit, members in by_unit.items():
        together = [spans[metric] for metric in members]
        highest = [span.high for span in together]
        if len(members) == 1 or max(highest) > _FAR * max(min(highest), 0.0):
            is_own = len(members) > 1
            found |= {each: Scale(axis_start(spans[each].low, spans[each].step), is_own=is_own) for each in members}
            continue
        least = axis_start(min(span.low for span in together), max(span.step for span in together))
        most = _rounded_up(max(highest) * _HEADROOM)
        is_share = unit == "%" and max(highest) <= 1
        scale = Scale(least, 1.0 if is_share else most)
        found |= dict.fromkeys(members, scale)
    return found


def axis_start(lowest: float, largest: float) -> float:
    """Return where an axis starts: 0, unless what differs would vanish beside the totals."""
    if lowest <= 0 or largest > 0.08 * lowest:
        return 0.0
    room = max(largest * 4, lowest * 0.02)
    scale = 10 ** np.floor(np.log10(room))
    return float(max(0.0, np.floor((lowest - room) / scale) * scale))


def _rounded_up(value: float) -> float:
    """Return the next number of two digits."""
    if value <= 0:
        return 0.0
    scale = 10 ** (np.floor(np.log10(value)) - 1)
    return float(np.ceil(value / scale - 1e-9) * scale)
