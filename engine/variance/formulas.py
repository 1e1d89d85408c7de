"""Variances of formula metrics: computed from their parts at every node, and explained by their drivers.

    value = quantity × rate of that quantity   rate, quantity and mix, made per leaf and summed: nothing left over
    any other formula                          one effect per driver, by Shapley's value; products by LMDI on request

Owns: which of the two a formula is, and both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.formulas.crew_columns import at_period
from engine.formulas.expression import Expression, Name, Negated, Number, evaluate, names_in
from engine.plan import Plan
from engine.variance.blocks import Block, Cells, over_periods
from engine.variance.causes import Crew, Sides
from engine.variance.drivers import MOST_DRIVERS, lmdi, shapley
from engine.variance.effects import Weighted, value_effects
from engine.variance.moves import tell_apart
from engine.variance.nodes import ALL, Elapsed, Nodes
from solver.frozen import frozen
from solver.sparse import csr_matrix

_CREW = {
    "Hours": "hours", "FTE": "fte", "Paid hours": "paid", "Shrinkage": "shrinkage", "Occupancy": "occupancy",
    "Ramp": "ramp",
}  # fmt: skip
"""Columns of Capacity that both sides have."""


@frozen
class Value:
    """A formula that is quantity × rate × a number: positions of the two metrics."""

    quantity: int
    rate: int
    factor: float


def as_value(plan: Plan, metric: int) -> Value | None:
    """Return a formula as quantity × rate × number, where it is one and the quantity weighs the rate; else None."""
    expression = plan.metrics.formulas[metric]
    parts = None if expression is None else _factors(expression)
    if parts is None:
        return None
    names, factor = parts
    metrics = [_metric_of(plan, name) for name in names]
    for rate in plan.rates:
        if sorted(metrics) == sorted([rate.metric, rate.weight]):
            return Value(rate.weight, rate.metric, factor)
    return None


def _factors(expression: Expression) -> tuple[list[Name], float] | None:
    """Return the names and the number that a pure product is made of; None where it is none."""
    if isinstance(expression, Number):
        return [], expression.value
    if isinstance(expression, Name):
        return [expression], 1.0
    if isinstance(expression, Negated):
        return None
    left, right = _factors(expression.left), _factors(expression.right)
    if left is None or right is None or expression.operation not in "*/":
        return None
    if expression.operation == "*":
        return [*left[0], *right[0]], left[1] * right[1]
    return (left[0], left[1] / right[1]) if not right[0] and right[1] else None


def _metric_of(plan: Plan, name: Name) -> int:
    """Return the metric that a name means, −1 for a column of Capacity."""
    ids = [each.casefold() for each in plan.metrics.ids]
    return ids.index(name.words.casefold()) if name.is_metric and name.words.casefold() in ids else -1


def parts_of(plan: Plan, metric: int) -> list[int]:
    """Return the metrics that a formula is made of, those inside its formulas, too."""
    expression = plan.metrics.formulas[metric] if plan.metrics.formulas else None
    if expression is None:
        return [metric]
    found = [part for name in names_in(expression) if (part := _metric_of(plan, name)) >= 0]
    return list(dict.fromkeys(each for part in found for each in parts_of(plan, part)))


def value_block(value: Value, quantity: Cells, rate: Cells, nodes: Nodes, periods: Elapsed) -> Block:
    """Return the variances of quantity × rate, with rate, quantity and mix effects made at the leaves."""
    worth = {
        side: value.factor * getattr(quantity, side) * getattr(rate, side) for side in ("agreed", "latest", "actual")
    }
    planned, reported = np.isfinite(worth["agreed"]), np.isfinite(worth["actual"])
    closed, both = quantity.is_closed & planned, planned & reported
    agreed, actual = np.nan_to_num(worth["agreed"]), np.nan_to_num(worth["actual"])
    effects = {name: np.zeros(agreed.shape) for name in ("rate", "quantity", "mix")}
    for leaf in range(agreed.shape[1]):
        rows = np.flatnonzero(both[:, leaf])
        if len(rows):
            made = value_effects(
                Weighted(value.factor * rate.agreed[rows, leaf], quantity.agreed[rows, leaf]),
                Weighted(value.factor * rate.actual[rows, leaf], quantity.actual[rows, leaf]),
            )
            for name, each in effects.items():
                each[rows, leaf] = getattr(made, name)

    def summed(leaves: np.ndarray, there: np.ndarray | None = None) -> np.ndarray:
        counted = None if there is None else nodes.member @ there.astype(np.float64)
        return over_periods(np.asarray(nodes.member @ leaves), counted, periods)

    full = summed(agreed, planned)
    apart = tell_apart(
        np.where(reported & ~planned, actual, 0.0),
        np.where(closed, agreed, 0.0),
        nodes.org[nodes.pairs :],
        nodes.queue[nodes.pairs :],
    )
    new, gone, moved = (summed(each) for each in (apart.new, apart.closed, apart.moved))
    rate_effect, volume, mix = (summed(effects[name]) for name in ("rate", "quantity", "mix"))
    missing = summed(np.where(planned & ~reported & ~closed, agreed, 0.0))
    nothing = np.zeros(full.shape)
    return Block(
        agreed=full,
        latest=summed(np.nan_to_num(worth["latest"]), np.isfinite(worth["latest"])),
        actual=summed(actual, reported | closed),
        not_reported=np.where(np.isfinite(full), missing, 0.0),
        rate=rate_effect,
        mix=mix,
        volume=volume,
        new_or_closed=new + gone + moved,
        new=new,
        closed=gone,
        moved=moved,
        contribution=rate_effect + volume + mix + new + gone + moved,
        count=np.full(full.shape, np.nan),
        estimated=nothing,
        weight_agreed=nothing,
        weight_actual=nothing,
        drivers={},
    )


@frozen
class Parts:
    """What a formula is computed from. blocks : of each metric in it, over the same nodes and periods."""

    blocks: dict[int, Block]
    sides: Sides


def formula_block(plan: Plan, metric: int, parts: Parts, nodes: Nodes, periods: Elapsed) -> Block:
    """Return the variances of any formula, with one effect per driver that adds up to them."""
    expression = plan.metrics.formulas[metric]
    if expression is None:
        raise ValueError("a metric without a formula")
    names = list({name.words.casefold(): name for name in _leaf_names(plan, expression)}.values())
    shape = (len(nodes), len(periods))
    agreed, latest, actual = (
        [_driver(plan, name, side, parts, (nodes, periods)) for name in names]
        for side in ("compared", "latest", "actual")
    )
    whole = [_driver(plan, name, "agreed", parts, (nodes, periods)) for name in names]

    def formula(values: Sequence[np.ndarray]) -> np.ndarray:
        known = {name.words.casefold(): value for name, value in zip(names, values, strict=True)}
        return np.broadcast_to(_evaluated(plan, expression, known), shape)

    full, before, after = formula(whole), formula(agreed), formula(actual)
    by_logarithms = plan.settings.formula_effects == LMDI and _is_product(plan, expression)
    by_logarithms = by_logarithms and _are_positive(agreed, actual)
    effects = _by_logarithms(agreed, actual) if by_logarithms else _effects(formula, agreed, actual, before, after)
    nothing = np.zeros(shape)
    return Block(
        agreed=np.array(full),
        latest=np.array(formula(latest)),
        actual=np.array(after),
        not_reported=np.where(np.isfinite(full), full - before, 0.0),
        rate=np.full(shape, np.nan),
        mix=np.full(shape, np.nan),
        volume=np.full(shape, np.nan),
        new_or_closed=nothing,
        new=nothing,
        closed=nothing,
        moved=nothing,
        contribution=nothing,
        count=np.full(shape, np.nan),
        estimated=nothing,
        weight_agreed=nothing,
        weight_actual=nothing,
        drivers=dict(zip([name.words for name in names], effects, strict=True))
        if len(names) <= MOST_DRIVERS
        else {"All drivers": effects[0]},
        method="LMDI-I" if by_logarithms else "Shapley's value" if len(names) <= MOST_DRIVERS else "their sum",
    )


LMDI = "lmdi"
"""Choice of the setting Formula effects."""


def _is_product(plan: Plan, expression: Expression) -> bool:
    """Whether a formula is a product of different names, and nothing else."""
    parts = _factors(expression)
    if parts is None:
        return False
    names = [name.words.casefold() for name in parts[0]]
    plain = all(plan.metrics.formulas[at] is None for name in parts[0] if (at := _metric_of(plan, name)) >= 0)
    return plain and parts[1] == 1.0 and len(set(names)) == len(names)


def _are_positive(agreed: Sequence[np.ndarray], actual: Sequence[np.ndarray]) -> bool:
    return all(not (np.nan_to_num(each) < 0).any() for each in (*agreed, *actual))


def _by_logarithms(agreed: Sequence[np.ndarray], actual: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return LMDI-I effects of each factor, unknown where a factor is."""
    before, after = (np.stack([each.ravel() for each in side]) for side in (agreed, actual))
    known = np.isfinite(before).all(axis=0) & np.isfinite(after).all(axis=0)
    found = np.full(before.shape, np.nan)
    found[:, known] = lmdi(before[:, known], after[:, known])
    return [each.reshape(agreed[0].shape) for each in found]


def _effects(
    formula: Callable[[Sequence[np.ndarray]], np.ndarray],
    agreed: Sequence[np.ndarray],
    actual: Sequence[np.ndarray],
    before: np.ndarray,
    after: np.ndarray,
) -> list[np.ndarray]:
    if len(agreed) > MOST_DRIVERS:
        return [after - before]
    return [np.asarray(each) for each in shapley(formula, agreed, actual)]


def _leaf_names(plan: Plan, expression: Expression) -> list[Name]:
    """Return the names of a formula, those of formulas inside it in their place."""
    found: list[Name] = []
    for name in names_in(expression):
        part = _metric_of(plan, name)
        inner = plan.metrics.formulas[part] if part >= 0 else None
        found += [name] if inner is None else _leaf_names(plan, inner)
    return found


def _evaluated(plan: Plan, expression: Expression, known: dict[str, np.ndarray]) -> np.ndarray:
    def value_of(name: Name) -> np.ndarray:
        part = _metric_of(plan, name)
        inner = plan.metrics.formulas[part] if part >= 0 else None
        return known[name.words.casefold()] if inner is None else _evaluated(plan, inner, known)

    return evaluate(expression, value_of)


def _driver(plan: Plan, name: Name, side: str, parts: Parts, scope: tuple[Nodes, Elapsed]) -> np.ndarray:
    """Return what a name comes to on one side: float64, shape (nodes, periods)."""
    metric = _metric_of(plan, name)
    if metric >= 0:
        found: np.ndarray = getattr(parts.blocks[metric], side)
        return found
    nodes, periods = scope
    crew = parts.sides.crew_actual if side == "actual" else parts.sides.crew_agreed
    column = next((own for words, own in _CREW.items() if words.casefold() == name.words.casefold()), "")
    result = np.full((len(nodes), len(periods)), np.nan)
    if crew is None or not column:
        return result
    teams = np.flatnonzero((nodes.queue == ALL) & (nodes.org >= 0))
    holds = _holds(plan, nodes.org[teams])
    for at, (first, last) in enumerate(zip(periods.first.tolist(), periods.last.tolist(), strict=True)):
        result[teams, at] = _crew_at(crew, column, name.words, slice(first, last), holds)
    return result


def _crew_at(crew: Crew, column: str, words: str, leaves: slice, holds: csr_matrix) -> np.ndarray:
    proper = next(each for each in _CREW if each.casefold() == words.casefold())
    weight = np.nan_to_num(crew.fte[:, leaves])
    return at_period(proper, getattr(crew, column)[:, leaves], weight, holds)


def _holds(plan: Plan, orgs: np.ndarray) -> csr_matrix:
    span = plan.org.leaf_span[orgs]
    leaves = np.arange(len(plan.org.leaves))
    inside = (leaves[None, :] >= span[:, :1]) & (leaves[None, :] < span[:, 1:])
    return csr_matrix(inside.astype(np.float64))
