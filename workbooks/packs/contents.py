"""What a pack may hold: the one list of what leaves the workbook. Everything that is not named here stays.

Owns: the subtree of a site in targets, hours, limits and actuals, by id and number only: no owners, no reasons, no
cost, no history of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.plan import Plan
from engine.tables import Inputs, ResultRows
from engine.trees import Tree
from solver.frozen import frozen
from workbooks.packs.pack import Line
from workbooks.tabs.metric_looks import value_format

Row = tuple[str | float | None, ...]


@frozen
class Contents:
    """What goes to one site.

    names : id and what people call it, of the site and what is below it
    formats : number format of each metric
    """

    site: str
    names: tuple[tuple[str, str, str], ...]
    lines: tuple[Line, ...]
    targets: tuple[Row, ...]
    hours: tuple[Row, ...]
    limits: tuple[Row, ...]
    actuals: tuple[Row, ...]
    formats: Mapping[str, str]


def contents_of(plan: Plan, inputs: Inputs, cascade: ResultRows, site: int, periods: Sequence[int]) -> Contents:
    """Return what a site is told.

    Parameters
    ----------
    cascade : the targets as they are written
    site : node of the org tree; periods : nodes for which numbers are to be answered
    """
    below = nodes_below(plan.org, site)
    leaves = {plan.org.ids[node].casefold() for node in below if plan.org.is_leaf[node]}
    rows = _own_rows(cascade, leaves)
    return Contents(
        plan.org.ids[site],
        tuple((plan.org.ids[node], plan.org.names[node], plan.org.level[node]) for node in below),
        tuple(_lines(plan, rows, below, periods)),
        tuple(rows),
        tuple(_hours(plan, set(below))),
        tuple(_limits(plan, set(below))),
        tuple(_actuals(inputs, {plan.org.ids[node].casefold() for node in below})),
        {name: value_format(plan.metrics, at) for at, name in enumerate(plan.metrics.ids)},
    )


def nodes_below(tree: Tree, top: int) -> list[int]:
    """Return a node and all below it, in tree order."""
    inside = [top]
    for node in range(top + 1, len(tree)):
        if tree.parent[node] in inside:
            inside.append(node)
    return inside


def answer_periods(tree: Tree) -> list[int]:
    """Return the periods for which numbers are answered: quarters where there are any, else the level above leaves."""
    quarters = [node for node in range(len(tree)) if tree.level[node].casefold() == "quarter"]
    if quarters:
        return quarters
    above = sorted({int(tree.parent[leaf]) for leaf in tree.leaves} - {0})
    return above or tree.leaves.tolist()


def _own_rows(cascade: ResultRows, leaves: set[str]) -> list[tuple[str, str, str, str, float]]:
    listed = zip(cascade.metric, cascade.org, cascade.queue, cascade.period, cascade.value.tolist(), strict=True)
    return [row for row in listed if row[1].casefold() in leaves and np.isfinite(row[4])]


def _lines(
    plan: Plan, rows: Sequence[tuple[str, str, str, str, float]], below: Sequence[int], periods: Sequence[int]
) -> Iterator[Line]:
    """Yield the numbers to be answered: sums of volumes, and rates as they average over the volume that weighs them."""
    planned = {row[:4]: row[4] for row in rows}
    weighed_by = {plan.metrics.ids[rate.metric]: plan.metrics.ids[rate.weight] for rate in plan.rates}
    for metric, kind, unit in zip(plan.metrics.ids, plan.metrics.kinds, plan.metrics.units, strict=True):
        mine = [row for row in rows if row[0] == metric] if kind == "volume" or metric in weighed_by else []
        for node in below if mine else ():
            orgs = _leaf_ids(plan.org, node)
            of_node = [row for row in mine if row[1].casefold() in orgs]
            for period in periods:
                times = _leaf_ids(plan.periods, period)
                found = [row for row in of_node if row[3].casefold() in times]
                names = metric, plan.org.ids[node], plan.periods.ids[period]
                if kind == "volume" and found:
                    yield Line(*names, float(sum(row[4] for row in found)))
                    continue
                weights = [planned.get((weighed_by[metric], *row[1:4]), 0.0) for row in found]
                if (weight := float(sum(weights))) > 0:
                    mean = sum(row[4] * each for row, each in zip(found, weights, strict=True)) / weight
                    yield Line(*names, float(mean), weight, unit == "%")


def _leaf_ids(tree: Tree, node: int) -> set[str]:
    first, last = tree.leaf_span[node]
    return {tree.ids[leaf].casefold() for leaf in tree.leaves[first:last].tolist()}


def _hours(plan: Plan, below: set[int]) -> Iterator[Row]:
    capacity = plan.capacity
    for at in range(len(capacity)):
        org = int(capacity.scope.org[at])
        if org in below and np.isfinite(capacity.hours[at]):
            queue, period = int(capacity.scope.queue[at]), int(capacity.scope.period[at])
            where = plan.org.ids[org], _known(plan.queues, queue), _known(plan.periods, period)
            yield (*where, float(capacity.hours[at]))


def _limits(plan: Plan, below: set[int]) -> Iterator[Row]:
    limits = plan.limits
    for at in range(len(limits)):
        org = int(limits.scope.org[at])
        if org in below:
            queue, period = int(limits.scope.queue[at]), int(limits.scope.period[at])
            bounds = [float(each) if np.isfinite(each) else None for each in (limits.lower[at], limits.upper[at])]
            metric = plan.metrics.name(int(limits.scope.metric[at]))
            yield (metric, plan.org.ids[org], _known(plan.queues, queue), _known(plan.periods, period), *bounds)


def _actuals(inputs: Inputs, below: set[str]) -> Iterator[Row]:
    table = inputs.tables.get("Actuals")
    if table is None or not {"Metric", "Org", "Value"} <= set(table.values):
        return
    names = ("Metric", "Org", "Queue", "Period", "Value")
    columns = [table.values[name].tolist() if name in table.values else [None] * len(table) for name in names]
    for row in zip(*columns, strict=True):
        if str(row[1]).casefold() in below and isinstance(row[4], float):
            yield tuple(value if isinstance(value, float) else (None if value is None else str(value)) for value in row)


def _known(tree: Tree, node: int) -> str | None:
    """Return a node's id; nothing for the root and for groups, which may cut across other sites."""
    return None if node == 0 or node >= len(tree) else tree.ids[node]
