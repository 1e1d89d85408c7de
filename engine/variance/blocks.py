"""Variances of one metric over its nodes and periods: what was agreed, what happened, and the effects between.

    variance = actual − (agreed − not reported) = rate + mix + volume + new or closed

Owns: volumes, stocks and rates. What nobody reported is no zero: it is left out of the comparison, and shown.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from engine.variance.attainment import pooled_count
from engine.variance.effects import Weighted, rate_effects
from engine.variance.moves import Moves, tell_apart
from engine.variance.nodes import Elapsed, Nodes
from solver.frozen import frozen


@frozen
class Block:
    """Arrays of shape (nodes, periods), float64; nan = nothing there.

    agreed, latest, actual : sums, last values or averages, by the metric's kind
    not_reported : part of agreed without actuals
    rate, mix, volume, new_or_closed : effects; nan where the metric has no such effect
    new, closed, moved : what new_or_closed is made of; nan for rates, whose means tell no amounts
    contribution : to the variance of the node above
    count : observations behind a rate, nan = unknown
    estimated : part of actual that was split or shared out, 0…1
    drivers : effects of a formula's drivers, by name
    weight_agreed, weight_actual : what a rate is weighted by on both sides; 0 for other kinds
    method : by which the drivers' effects were made, "" where there are none
    """

    agreed: np.ndarray
    latest: np.ndarray
    actual: np.ndarray
    not_reported: np.ndarray
    rate: np.ndarray
    mix: np.ndarray
    volume: np.ndarray
    new_or_closed: np.ndarray
    new: np.ndarray
    closed: np.ndarray
    moved: np.ndarray
    contribution: np.ndarray
    count: np.ndarray
    estimated: np.ndarray
    weight_agreed: np.ndarray
    weight_actual: np.ndarray
    drivers: dict[str, np.ndarray]
    method: str = ""

    @property
    def compared(self) -> np.ndarray:
        """What actuals are compared with."""
        return np.asarray(self.agreed - self.not_reported)

    @property
    def variance(self) -> np.ndarray:
        """Actual − compared; an amount that nobody agreed on is all of it."""
        nothing = np.where(np.isfinite(self.volume), 0.0, np.nan)
        return np.asarray(self.actual - np.where(np.isfinite(self.agreed), self.compared, nothing))


@frozen
class Cells:
    """One metric's leaf pairs and leaf periods so far: float64, shape (pairs, leaf periods); nan = not there.

    covered : part of each period that the actual covers; count, estimated : as in Happened
    """

    agreed: np.ndarray
    latest: np.ndarray
    actual: np.ndarray
    covered: np.ndarray
    count: np.ndarray
    estimated: np.ndarray

    @property
    def is_closed(self) -> np.ndarray:
        """bool: agreed, no longer planned, and nothing reported: it happened no more."""
        return np.asarray(np.isfinite(self.agreed) & ~np.isfinite(self.latest) & ~np.isfinite(self.actual))

    @property
    def is_reported(self) -> np.ndarray:
        """bool: something was reported."""
        return np.asarray(np.isfinite(self.actual))


def volume_block(cells: Cells, nodes: Nodes, periods: Elapsed) -> Block:
    """Return the variances of a volume; effects are made per leaf period over all, and summed."""
    reported, closed, planned = cells.is_reported, cells.is_closed, np.isfinite(cells.agreed)
    both = reported & planned
    agreed, actual = np.nan_to_num(cells.agreed), np.nan_to_num(cells.actual)
    compared = np.where(both, agreed * cells.covered, 0.0)
    happened = np.where(both, actual, 0.0)
    total0, total1 = compared.sum(axis=0), happened.sum(axis=0)
    pace = np.divide(total1, total0, out=np.zeros(len(total0)), where=total0 > 0)
    kept = np.where(total0 > 0, compared * pace, happened)
    moves = one_sided(cells, nodes)

    def summed(leaves: np.ndarray, there: np.ndarray | None = None) -> np.ndarray:
        return over_periods(nodes.member @ leaves, None if there is None else nodes.member @ there, periods)

    full = summed(agreed, planned.astype(np.float64))
    missing = summed(np.where(planned & ~closed, agreed, 0.0) - compared)
    known = (reported | closed).astype(np.float64)
    result = summed(actual, known)
    volume, mix = summed(kept - compared), summed(happened - kept)
    new, gone, moved = (summed(each) for each in (moves.new, moves.closed, moves.moved))
    split = summed(np.where(cells.estimated, actual, 0.0))
    return Block(
        agreed=full,
        latest=summed(np.nan_to_num(cells.latest), np.isfinite(cells.latest).astype(np.float64)),
        actual=result,
        not_reported=np.where(np.isfinite(full), missing, 0.0),
        rate=np.full(full.shape, np.nan),
        mix=mix,
        volume=volume,
        new_or_closed=new + gone + moved,
        new=new,
        closed=gone,
        moved=moved,
        contribution=volume + mix + new + gone + moved,
        count=np.full(full.shape, np.nan),
        estimated=np.divide(split, result, out=np.zeros(full.shape), where=np.nan_to_num(result) > 0),
        weight_agreed=np.zeros(full.shape),
        weight_actual=np.zeros(full.shape),
        drivers={},
    )


def one_sided(cells: Cells, nodes: Nodes) -> Moves:
    """Return what stands on one side only: reported and never agreed, or agreed and gone from the plan."""
    new = np.where(cells.is_reported & ~np.isfinite(cells.agreed), np.nan_to_num(cells.actual), 0.0)
    closed = np.where(cells.is_closed, np.nan_to_num(cells.agreed), 0.0)
    return tell_apart(new, closed, nodes.org[nodes.pairs :], nodes.queue[nodes.pairs :])


def stock_block(cells: Cells, nodes: Nodes, periods: Elapsed) -> Block:
    """Return the variances of a stock: what stands at the end of each period; all of it is volume."""
    ends = periods.last - 1
    reported, closed = cells.is_reported[:, ends], cells.is_closed[:, ends]
    planned = np.isfinite(cells.agreed[:, ends])
    agreed, actual = np.nan_to_num(cells.agreed[:, ends]), np.nan_to_num(cells.actual[:, ends])
    both = reported & planned

    def summed(leaves: np.ndarray, there: np.ndarray | None = None) -> np.ndarray:
        total = np.asarray(nodes.member @ leaves)
        return total if there is None else np.where(nodes.member @ there.astype(np.float64) > 0, total, np.nan)

    full = summed(agreed, planned)
    volume = summed(np.where(both, actual - agreed, 0.0))
    moves = one_sided(cells, nodes)
    new, gone, moved = (summed(each[:, ends]) for each in (moves.new, moves.closed, moves.moved))
    latest = cells.latest[:, ends]
    return Block(
        agreed=full,
        latest=summed(np.nan_to_num(latest), np.isfinite(latest)),
        actual=summed(actual, reported | closed),
        not_reported=np.where(np.isfinite(full), summed(np.where(planned & ~reported & ~closed, agreed, 0.0)), 0.0),
        rate=np.full(full.shape, np.nan),
        mix=np.full(full.shape, np.nan),
        volume=volume,
        new_or_closed=new + gone + moved,
        new=new,
        closed=gone,
        moved=moved,
        contribution=volume + new + gone + moved,
        count=np.full(full.shape, np.nan),
        estimated=np.zeros(full.shape),
        weight_agreed=np.zeros(full.shape),
        weight_actual=np.zeros(full.shape),
        drivers={},
    )


def rate_block(cells: Cells, weights: Cells, nodes: Nodes, periods: Elapsed) -> Block:
    """Return the variances of a rate: shares and means are made anew inside each node and each period.

    Parameters
    ----------
    weights : the cells of the volume that weighs it, for the same pairs
    """
    spans = zip(periods.first.tolist(), periods.last.tolist(), strict=True)
    columns = [_rate_column(cells, weights, nodes, slice(first, last)) for first, last in spans]
    arrays = [each.name for each in fields(Block) if each.name not in ("drivers", "method")]
    return Block(
        **{name: np.column_stack([getattr(each, name) for each in columns]) for name in arrays}, drivers={}, method=""
    )


def _rate_column(cells: Cells, weights: Cells, nodes: Nodes, leaves: slice) -> Block:
    agreed, latest, actual = cells.agreed[:, leaves], cells.latest[:, leaves], cells.actual[:, leaves]
    planned_weight, done = np.nan_to_num(weights.agreed[:, leaves]), weights.actual[:, leaves]
    # where nobody tells how much was done, the plan weighs
    actual_weight = np.where(np.isfinite(done), np.nan_to_num(done), planned_weight)
    reported, closed = np.isfinite(actual), cells.is_closed[:, leaves]
    full = _pooled(agreed, planned_weight, np.isfinite(agreed))
    seen = _pooled(agreed, planned_weight, np.isfinite(agreed) & (reported | closed))
    happened = _pooled(actual, actual_weight, reported)
    effects = rate_effects(nodes.member, seen, happened)
    whole = _average(nodes, full)
    weight = np.asarray(nodes.member @ happened.weight)
    unknown = np.full(len(nodes), np.nan)
    return Block(
        agreed=whole,
        latest=_average(nodes, _pooled(latest, np.nan_to_num(weights.latest[:, leaves]), np.isfinite(latest))),
        actual=effects.actual,
        not_reported=np.where(np.isfinite(whole), whole - effects.agreed, 0.0),
        rate=effects.rate,
        mix=effects.mix,
        volume=unknown,
        new=unknown,
        closed=unknown,
        moved=unknown,
        new_or_closed=np.where(np.isfinite(effects.new_or_closed), effects.new_or_closed, 0.0),
        contribution=_contribution(nodes, seen, happened),
        count=_counted(cells, actual_weight, nodes, leaves),
        estimated=np.divide(
            nodes.member @ np.where(cells.estimated[:, leaves] & reported, actual_weight, 0.0).sum(axis=1),
            weight,
            out=np.zeros(len(nodes)),
            where=weight > 0,
        ),
        weight_agreed=np.asarray(nodes.member @ seen.weight),
        weight_actual=weight,
        drivers={},
    )


def _pooled(rate: np.ndarray, weight: np.ndarray, counted: np.ndarray) -> Weighted:
    """Return each pair's rate over the leaf periods that count."""
    heavy = np.where(counted, weight, 0.0)
    total = heavy.sum(axis=1)
    above = (heavy * np.where(counted, rate, 0.0)).sum(axis=1)
    return Weighted(np.divide(above, total, out=np.zeros(len(total)), where=total > 0), total)


def _average(nodes: Nodes, each: Weighted) -> np.ndarray:
    total = np.asarray(nodes.member @ each.weight)
    above = np.asarray(nodes.member @ (each.weight * each.rate))
    return np.asarray(np.divide(above, total, out=np.full(len(total), np.nan), where=total > 0))


def _contribution(nodes: Nodes, before: Weighted, after: Weighted) -> np.ndarray:
    """Return what each node contributes to the change of the one above, as Kitagawa's centred terms; the top: all."""
    mean0, mean1 = _average(nodes, before), _average(nodes, after)
    weight0, weight1 = nodes.member @ before.weight, nodes.member @ after.weight
    above = np.where(nodes.parent >= 0, nodes.parent, np.arange(len(nodes)))
    share0 = np.divide(weight0, weight0[above], out=np.zeros(len(nodes)), where=weight0[above] > 0)
    share1 = np.divide(weight1, weight1[above], out=np.zeros(len(nodes)), where=weight1[above] > 0)
    centre = (mean0[above] + mean1[above]) / 2
    own0, own1 = np.where(weight0 > 0, mean0, mean1), np.where(weight1 > 0, mean1, mean0)
    part = (own1 - own0) * (share0 + share1) / 2 + (share1 - share0) * ((own0 + own1) / 2 - centre)
    return np.where(np.isfinite(part), part, 0.0)


def _counted(cells: Cells, weight: np.ndarray, nodes: Nodes, leaves: slice) -> np.ndarray:
    """Return the observations that each node's rate is worth; nan where some weighing part has no count."""
    count = cells.count[:, leaves]
    weighs = np.isfinite(cells.actual[:, leaves]) & (weight > 0)
    part = np.divide(weight**2, count, out=np.full(weight.shape, np.nan), where=count > 0)
    squares = nodes.member @ np.where(weighs, part, 0.0).sum(axis=1)
    total = nodes.member @ np.where(weighs, weight, 0.0).sum(axis=1)
    return pooled_count(np.asarray(total), np.asarray(squares))


def over_periods(leaves: np.ndarray, there: np.ndarray | None, periods: Elapsed) -> np.ndarray:
    """Return sums over the leaf periods of each period; nan where ``there`` adds up to nothing."""
    running = np.hstack([np.zeros((len(leaves), 1)), np.cumsum(leaves, axis=1)])
    total = np.where(periods.is_leaf, leaves[:, periods.first], running[:, periods.last] - running[:, periods.first])
    if there is None:
        return np.asarray(total)
    return np.where(over_periods(there, None, periods) > 0.5, total, np.nan)
