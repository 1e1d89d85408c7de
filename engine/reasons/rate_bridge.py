"""From today to target for a rate, at any node and any period: averages by what is planned, lines that add up.

    history + work going elsewhere + cells without history = start
    start + what each target and limit asks + floors and ceilings = target

Owns: those lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.outcome import OfRate, Outcome, RateResult
from engine.plan import Plan, Rate
from engine.rates.reasons import ROUNDING
from engine.reasons.bridge import OTHERS, Bridge, Line, Node, members

_NAMED = 6
_SMALL = 1e-12


def rate_members(plan: Plan, rate: Rate, node: Node) -> np.ndarray:
    """bool, shape (cells of the rate,): those below a node."""
    return np.asarray(members(plan, replace(node, metric=rate.weight))[rate.cells])


def rate_at(plan: Plan, rates: Sequence[OfRate], node: Node) -> float:
    """Return the average of a rate at a node; nan where nothing is planned there."""
    found = next(each for each in rates if each.rate.metric == node.metric)
    return _average(found.weight, found.value, rate_members(plan, found.rate, node))


def rate_history(plan: Plan, rate: Rate, node: Node) -> float:
    """Return the average of a rate's history at a node; nan where there is none."""
    done = np.nan_to_num(plan.cells.baseline[rate.cells])
    return _average(done, rate.baseline, rate_members(plan, rate, node) & rate.has_history)


def rate_bridge(outcome: Outcome, result: RateResult, node: Node) -> Bridge:
    """Return how the target of a rate comes about at a node; its lines add up."""
    plan, rate = outcome.plan, result.rate
    inside = rate_members(plan, rate, node)
    start, target = (_average(result.weight, each, inside) for each in (result.start, result.value))
    history = rate_history(plan, rate, node)
    known = _average(result.weight, result.start, inside & rate.has_history)
    before: list[Line] = []
    if np.isnan(history) or np.isnan(known):
        history = start
    else:
        before = [
            Line("work goes to other teams, queues and periods than before", known - history),
            Line("work without history of its own", start - known),
        ]
    return Bridge(
        history,
        0.0,
        tuple(line for line in before if abs(line.amount) > _SMALL),
        start,
        tuple(_after(result, inside, target - start)),
        target,
        ("history, averaged by the items of then", "= where they start, averaged by the items planned", "= target"),
    )


def _average(weight: np.ndarray, value: np.ndarray, inside: np.ndarray) -> float:
    counted = np.where(inside & np.isfinite(value), weight, 0.0)
    total = float(counted.sum())
    return float(counted @ np.nan_to_num(value)) / total if total > 0 else np.nan


def _after(result: RateResult, inside: np.ndarray, deviation: float) -> list[Line]:
    """Return what moves the average, the largest first."""
    reasons = result.reasons
    at = inside[reasons.cell]
    total = float(result.weight[inside].sum())
    weighted = reasons.amount[at] * result.weight[reasons.cell[at]] / total
    amounts = np.bincount(reasons.label[at], weighted, minlength=len(reasons.labels))
    order = [int(each) for each in np.argsort(-np.abs(amounts), kind="stable") if abs(amounts[each]) > _SMALL]
    lines = [Line(reasons.labels[each], float(amounts[each])) for each in order[:_NAMED]]
    if len(order) > _NAMED:
        lines.append(Line(OTHERS, float(amounts[order[_NAMED:]].sum())))
    rest = deviation - sum(line.amount for line in lines)
    return [*lines, Line(ROUNDING, rest)] if abs(rest) > _SMALL else lines
