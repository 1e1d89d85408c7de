"""What a pack may hold: the one list of what leaves the workbook. Everything that is not named here stays.

Owns: the subtree of a node in targets, hours, limits and actuals, by id and number only: no owners, no reasons, no
cost, no history of others. The other tree is everybody's: a site reads the names of queues, a queue those of teams.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.plan import BUILT_IN, TURNAROUND, Balance, Plan, Scopes
from engine.tables import Inputs, ResultRows
from engine.trees import Tree
from solver.frozen import frozen
from workbooks.packs.pack import BY_QUEUE, HEADERS, Line
from workbooks.tabs.metric_looks import value_format

Row = tuple[str | float | None, ...]

_Own = tuple[str, str, str, str, float]
"""A row of Cascade: metric, org, queue, period, target."""


@frozen
class Contents:
    """What goes to one node.

    names : id and what people call it, of the node and what is below it
    backlogs : of queues that nobody else works on, for a node of the org tree: to be read
    formats : number format of each metric
    has_backlogs : whether the plan has any: a node of the org tree is told that they are not asked there
    """

    site: str
    names: tuple[tuple[str, str, str], ...]
    lines: tuple[Line, ...]
    targets: tuple[Row, ...]
    hours: tuple[Row, ...]
    limits: tuple[Row, ...]
    actuals: tuple[Row, ...]
    backlogs: tuple[Row, ...]
    formats: Mapping[str, str]
    has_backlogs: bool


@frozen
class To:
    """Whom a pack goes to: a tree, and a node of it."""

    by: str
    node: int


def tree_of(plan: Plan, by: str) -> Tree:
    """Return the tree that a plan is split by."""
    return plan.queues if by == BY_QUEUE else plan.org


def contents_of(plan: Plan, inputs: Inputs, cascade: ResultRows, to: To, periods: Sequence[int]) -> Contents:
    """Return what a node is told.

    Parameters
    ----------
    cascade : the targets as they are written
    periods : nodes for which numbers are to be answered
    """
    tree = tree_of(plan, to.by)
    below = nodes_below(tree, to.node)
    leaves = {tree.ids[node].casefold() for node in below if tree.is_leaf[node]}
    rows, inside = _own_rows(cascade, to.by, leaves), set(below)
    lines = list(_lines(plan, rows, (to.by, below), periods))
    if to.by == BY_QUEUE and lines:
        lines += _due(plan, below)
    return Contents(
        tree.ids[to.node],
        tuple((tree.ids[node], tree.names[node], tree.level[node]) for node in below),
        tuple(lines),
        tuple(rows),
        tuple(_hours(plan, to.by, inside)),
        tuple(_limits(plan, to.by, inside)),
        tuple(_actuals(inputs, HEADERS[to.by], {tree.ids[node].casefold() for node in below})),
        () if to.by == BY_QUEUE else tuple(_backlogs(plan, cascade, leaves)),
        {name: value_format(plan.metrics, at) for at, name in enumerate(plan.metrics.ids)},
        bool(plan.balances),
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


def _own_rows(cascade: ResultRows, by: str, leaves: set[str]) -> list[_Own]:
    listed = zip(cascade.metric, cascade.org, cascade.queue, cascade.period, cascade.value.tolist(), strict=True)
    own = cascade.queue if by == BY_QUEUE else cascade.org
    return [row for row, node in zip(listed, own, strict=True) if node.casefold() in leaves and np.isfinite(row[4])]


def _lines(
    plan: Plan, rows: Sequence[_Own], nodes: tuple[str, Sequence[int]], periods: Sequence[int]
) -> Iterator[Line]:
    """Yield the numbers to be answered: sums of volumes, rates as they average over the volume that weighs them.

    Of a stock it is what is there at the end of the period.

    Parameters
    ----------
    nodes : the tree that the plan is split by, and the nodes that are asked
    """
    by, below = nodes
    tree = tree_of(plan, by)
    planned = {row[:4]: row[4] for row in rows}
    weighed_by = {plan.metrics.ids[rate.metric]: plan.metrics.ids[rate.weight] for rate in plan.rates}
    for metric, kind, unit in zip(plan.metrics.ids, plan.metrics.kinds, plan.metrics.units, strict=True):
        is_asked = kind in ("volume", "stock") or metric in weighed_by
        mine = [row for row in rows if row[0] == metric] if is_asked else []
        for node in below if mine else ():
            leaves = _leaf_ids(tree, node)
            of_node = [row for row in mine if (row[2] if by == BY_QUEUE else row[1]).casefold() in leaves]
            for period in periods:
                times = _leaf_ids(plan.periods, period)[-1:] if kind == "stock" else _leaf_ids(plan.periods, period)
                found = [row for row in of_node if row[3].casefold() in times]
                names = metric, tree.ids[node], plan.periods.ids[period]
                if metric not in weighed_by:
                    if found:
                        yield Line(*names, float(sum(row[4] for row in found)))
                    continue
                weights = [planned.get((weighed_by[metric], *row[1:4]), 0.0) for row in found]
                if (weight := float(sum(weights))) > 0:
                    mean = sum(row[4] * each for row, each in zip(found, weights, strict=True)) / weight
                    yield Line(*names, float(mean), weight, unit == "%")


def _leaf_ids(tree: Tree, node: int) -> list[str]:
    first, last = tree.leaf_span[node]
    return [tree.ids[leaf].casefold() for leaf in tree.leaves[first:last].tolist()]


def _due(plan: Plan, below: Sequence[int]) -> Iterator[Line]:
    """Yield the hours within which items are due, at the topmost nodes below which all queues have the same."""
    hours, scope = {}, plan.targets.scope
    for row in np.flatnonzero(scope.metric == TURNAROUND).tolist():
        hours[int(scope.queue[row])] = float(plan.targets.value[row])
    said: set[int] = set()
    for node in below:
        if int(plan.queues.parent[node]) in said:
            said.add(node)
            continue
        first, last = plan.queues.leaf_span[node]
        found = {hours.get(leaf) for leaf in plan.queues.leaves[first:last].tolist()}
        if len(found) == 1 and (due := found.pop()) is not None:
            said.add(node)
            yield Line(BUILT_IN[TURNAROUND][0], plan.queues.ids[node], "", due, is_due=True)


def _backlogs(plan: Plan, cascade: ResultRows, teams: set[str]) -> Iterator[Row]:
    """Yield the backlogs of queues that only some teams work on: those of others would tell of others' work."""
    for balance in plan.balances:
        if balance.stock < 0:
            continue
        alone = _worked_alone(plan, balance, teams)
        listed = zip(cascade.metric, cascade.queue, cascade.period, cascade.value.tolist(), strict=True)
        for metric, queue, period, value in listed:
            if metric == plan.metrics.ids[balance.stock] and queue.casefold() in alone:
                yield metric, queue, period, value


def _worked_alone(plan: Plan, balance: Balance, teams: set[str]) -> set[str]:
    cells = plan.cells
    mine = np.array([plan.org.ids[leaf].casefold() in teams for leaf in plan.org.leaves.tolist()])
    of_volume = cells.metric == balance.volume
    own, others = (set(cells.queue[of_volume & (mine[cells.org] == is_mine)].tolist()) for is_mine in (True, False))
    return {plan.queues.ids[plan.queues.leaves[queue]].casefold() for queue in own - others}


def _hours(plan: Plan, by: str, inside: set[int]) -> Iterator[Row]:
    capacity = plan.capacity
    nodes = capacity.scope.queue if by == BY_QUEUE else capacity.scope.org
    for at in range(len(capacity)):
        if int(nodes[at]) in inside and np.isfinite(capacity.hours[at]):
            yield (*_where(plan, by, capacity.scope, at), float(capacity.hours[at]))


def _limits(plan: Plan, by: str, inside: set[int]) -> Iterator[Row]:
    limits, scope = plan.limits, plan.limits.scope
    nodes = scope.queue if by == BY_QUEUE else scope.org
    for at in range(len(limits)):
        if int(nodes[at]) in inside:
            bounds = [float(each) if np.isfinite(each) else None for each in (limits.lower[at], limits.upper[at])]
            yield (plan.metrics.name(int(scope.metric[at])), *_where(plan, by, scope, at), *bounds)


def _where(plan: Plan, by: str, scope: Scopes, at: int) -> Row:
    """Return org, queue and period of a row: of its own tree always by name, though that be the whole of it."""
    trees = (plan.org, plan.queues, plan.periods)
    names = [_known(tree, int(nodes[at])) for tree, nodes in zip(trees, _nodes(scope), strict=True)]
    own = int(by == BY_QUEUE)
    names[own] = trees[own].ids[int(_nodes(scope)[own][at])]
    return tuple(names)


def _nodes(scope: Scopes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return scope.org, scope.queue, scope.period


def _actuals(inputs: Inputs, header: str, below: set[str]) -> Iterator[Row]:
    table = inputs.tables.get("Actuals")
    if table is None or not {"Metric", header, "Value"} <= set(table.values):
        return
    names = ("Metric", "Org", "Queue", "Period", "Value")
    columns = [table.values[name].tolist() if name in table.values else [None] * len(table) for name in names]
    for row in zip(*columns, strict=True):
        if str(row[names.index(header)]).casefold() in below and isinstance(row[4], float):
            yield tuple(value if isinstance(value, float) else (None if value is None else str(value)) for value in row)


def _known(tree: Tree, node: int) -> str | None:
    """Return a node's id; nothing for the root and for groups, which may cut across other sites."""
    return None if node == 0 or node >= len(tree) else tree.ids[node]
