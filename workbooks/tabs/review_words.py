"""What a review says, in sentences made of the numbers of its tables.

Owns: the wording. Every number is written as its cell shows it, so that each can be found again.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.variance.attainment import Status
from engine.variance.endings import Ending
from engine.variance.nodes import TOP, node_name
from engine.variance.noise import Signal
from engine.variance.review import MetricReview, make_reviews
from engine.variance.table import VarianceTable
from workbooks.tabs.blocked_words import explained_words
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.variance import against

_MOST_NAMED = 3
_NOTHING = 1e-9
_HIDDEN = 0.5
"""Offset ratio from which it is worth saying that gains hide losses."""


def as_of_words(table: VarianceTable) -> str:
    """Return the last period that has ended."""
    last = table.happened.as_of - 1
    return table.plan.periods.names[int(table.plan.periods.leaves[last])] if last >= 0 else ""


def subtitle(table: VarianceTable) -> str:
    """Return what is reviewed, and against what."""
    return f"Up to {as_of_words(table)} · {against(table)}"


def quality(table: VarianceTable) -> str:
    """Return how good the actuals are."""
    happened = table.happened
    words = [f"{happened.given:,} values in Actuals"]
    words.append(f"{happened.set_aside:,} set aside, see Diagnostics" if happened.set_aside else "none set aside")
    if happened.set_aside_beside:
        words.append(
            f"{happened.set_aside_beside:,} rows of CapacityActuals or InflowActuals set aside, see Diagnostics"
        )
    return "; ".join(words) + "."


def headline(table: VarianceTable, one: MetricReview) -> list[str]:
    """Return the sentences about a metric, the most important first."""
    found = [_standing(table, one), *_why(table, one), *_blocked(table, one), *_apart(table.plan, one)]
    found += _reversal(table.plan, one)
    found += [*_offset(one), *_signal(one)]
    return [*found, _ending(table.plan, one, one.endings[0])] if one.endings else found


def headlines(table: VarianceTable | None) -> list[str]:
    """Return where each metric stands, in a sentence; nothing where nothing was compared."""
    return [] if table is None else [_standing(table, one) for one in make_reviews(table)]


def _standing(table: VarianceTable, one: MetricReview) -> str:
    plan, metric, block = table.plan, one.table.metric, one.table.block
    actual, compared = one.at_top(block.actual), one.at_top(block.compared)
    change = shown_change(plan, metric, one.at_top(block.variance))
    words = f"{plan.metrics.ids[metric]}: {shown_value(plan, metric, actual)}"
    if not np.isfinite(compared):
        return f"{words}; nothing was agreed."
    status = Status(int(one.table.status[TOP, TOP])).label
    good = one.at_top(one.table.attainment)
    ratio = f", attainment {good:.1%}" if plan.metrics.kinds[metric] != "rate" and np.isfinite(good) else ""
    missing = one.at_top(block.not_reported)
    part = f" Not reported and left out: {shown_change(plan, metric, missing).lstrip('+')}." if missing else ""
    return f"{words} against {shown_value(plan, metric, compared)} agreed, {change}{ratio}: {status}.{part}"


def _why(table: VarianceTable, one: MetricReview) -> list[str]:
    plan, metric = table.plan, one.table.metric
    effects = [step for step in one.steps if step.node < 0 and step.label != "Others"]
    found = []
    if len(effects) > 1 or (effects and plan.metrics.kinds[metric] != "stock"):
        found.append("; ".join(f"{step.label} {shown_change(plan, metric, step.change)}" for step in effects) + ".")
    if one.segments:
        named = [
            f"{node_name(plan, one.table.nodes, each.node)} {shown_change(plan, metric, each.variance)}"
            for each in one.segments[:_MOST_NAMED]
        ]
        rest = len(one.segments) - len(named)
        more = f" and {rest} more" if rest > 0 else ""
        found.append(f"What moved most, by {one.level}: {', '.join(named)}{more}.")
    return found


def _blocked(table: VarianceTable, one: MetricReview) -> list[str]:
    """Return what blocked a red amount, where anything tells; the effects of rates and formulas were told."""
    if one.table.status[TOP, TOP] != Status.RED or not one.table.blocked.items:
        return []
    words = explained_words(table, one.table, TOP, TOP)
    return [f"Blocked by {words}."] if words else []


def _apart(plan: Plan, one: MetricReview) -> list[str]:
    """Return what is new, closed and moved, each where there is any."""
    block, metric = one.table.block, one.table.metric
    first = one.table.nodes.pairs
    between = block.moved[first:, TOP]
    amounts = {"never agreed": one.at_top(block.new), "closed since": one.at_top(block.closed)}
    amounts["moved between teams or queues"] = float(np.maximum(between, 0.0)[np.isfinite(between)].sum())
    told = [f"{name} {shown_change(plan, metric, each)}" for name, each in amounts.items() if abs(each) > _NOTHING]
    words = "; ".join(told)
    return [f"On one side only: {words}."] if words else []


def _reversal(plan: Plan, one: MetricReview) -> list[str]:
    if not one.is_reversed:
        return []
    block, metric = one.table.block, one.table.metric
    rate, mix = (shown_change(plan, metric, one.at_top(each)) for each in (block.rate, block.mix))
    return [f"The mix tells the story: at the same mix it would have moved {rate}, the mix moved it {mix}."]


def _offset(one: MetricReview) -> list[str]:
    if not np.isfinite(one.offset) or one.offset < _HIDDEN:
        return []
    return [f"Gains hide losses: {one.offset:.0%} of all differences between pairs cancel out."]


def _signal(one: MetricReview) -> list[str]:
    found = one.table.signal[TOP]
    last = int(found[-1]) if len(found) else 0
    if Signal(last) in (Signal.UNKNOWN, Signal.NOISE):
        return []
    return [f"The last period is a signal, no noise: {Signal(last).label}."]


def bridge_title(table: VarianceTable, one: MetricReview) -> str:
    """Return the message of the bridge."""
    plan, metric = table.plan, one.table.metric
    change = shown_change(plan, metric, one.at_top(one.table.block.variance))
    if not one.segments:
        return f"{plan.metrics.ids[metric]}: {change} against agreed"
    first = one.segments[0]
    most = f"{node_name(plan, one.table.nodes, first.node)} {shown_change(plan, metric, first.variance)}"
    return f"{plan.metrics.ids[metric]}: {change} against agreed; most of it {most}"


def trend_title(table: VarianceTable, one: MetricReview) -> str:
    """Return the message of the trend."""
    plan, metric = table.plan, one.table.metric
    if not one.endings:
        change = shown_change(plan, metric, one.at_top(one.table.block.variance))
        return f"{plan.metrics.ids[metric]} by period: all have ended, {change} in all"
    ending = one.endings[0]
    words = f"{plan.periods.ids[ending.period]} ends at {shown_value(plan, metric, ending.expected)}"
    chance = f", chance {ending.chance:.0%}" if np.isfinite(ending.chance) else ""
    return f"{words} of {shown_value(plan, metric, ending.target)}{chance}"


def _ending(plan: Plan, one: MetricReview, ending: Ending) -> str:
    metric = one.table.metric
    shown = f"{plan.periods.ids[ending.period]} is expected to end at {shown_value(plan, metric, ending.expected)}"
    words = f"{shown} of {shown_value(plan, metric, ending.target)} agreed"
    if np.isfinite(ending.low):
        low, high = (shown_value(plan, metric, each) for each in (ending.low, ending.high))
        words += f" (80 %: {low} to {high}); the chance of meeting it is {ending.chance:.0%}"
    if np.isfinite(ending.pace):
        words += f"; {shown_value(plan, metric, max(ending.pace, 0.0))} a working day are needed"
    return words + "."
