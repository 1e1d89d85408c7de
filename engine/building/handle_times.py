"""Hours per item: HandleTimes, the most specific row first, else the queue's own handle time.

Owns: which row is the most specific, and rows that tie.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Problem
from engine.building.references import UNKNOWN, References
from engine.issues import Place
from engine.plan import EVERY_METRIC, Metrics, Scopes
from engine.trees import Tree

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class HandleTimes:
    """Rows of HandleTimes whose names are known. scope.metric : EVERY_METRIC where none is named."""

    scope: Scopes
    seconds: np.ndarray
    place: tuple[Place, ...]


def read_handle_times(reader: TableReader, references: References) -> HandleTimes:
    """Return the rows of HandleTimes."""
    metric, org = references.metric(reader), references.org(reader)
    queue, period = references.queue(reader), references.period(reader)
    seconds = reader.numbers("Seconds")
    usable = np.flatnonzero((metric != UNKNOWN) & (org >= 0) & (queue >= 0) & (period >= 0) & np.isfinite(seconds))
    keys = (metric[usable], org[usable], queue[usable], period[usable])
    report_duplicates(
        reader,
        keys,
        lambda row: reader.place(int(usable[row]), "Seconds"),
        lambda row: f"{seconds[usable[row]]:g} s",
    )
    places = tuple(reader.place(row, "Seconds") for row in usable.tolist())
    return HandleTimes(Scopes(*keys), seconds[usable], places)


@dataclass(frozen=True, slots=True)
class Leaves:
    """Cells by their leaf positions, before they are cells; arrays of shape (cells,)."""

    metric: np.ndarray
    org: np.ndarray
    queue: np.ndarray
    period: np.ndarray


def hours_per_item(
    times: HandleTimes, of_queue: np.ndarray, leaves: Leaves, trees: tuple[Tree, Tree, Tree], reader: TableReader
) -> np.ndarray:
    """Return hours per item of each cell: float64, shape (cells,), nan where nobody says.

    Parameters
    ----------
    of_queue : float64, shape (leaf queues,), hours per item by the table Queues, nan where unknown
    trees : org, queues, periods

    Notes
    -----
    Each named metric, and each step down a tree, makes a row more specific by one; a group counts as the step just
    above its leaves. Two rows that are as specific as each other and cover one cell differently tie: an error.
    """
    hours: np.ndarray = of_queue[leaves.queue].copy()
    nodes = (times.scope.org, times.scope.queue, times.scope.period)
    rank = (times.scope.metric != EVERY_METRIC).astype(np.float64)
    rank += sum(_depth(tree, node) for tree, node in zip(trees, nodes, strict=True))
    ranked = np.full(len(hours), -1.0)
    owner = np.full(len(hours), -1)
    tied: dict[int, int] = {}
    for row in np.argsort(rank, kind="stable").tolist():
        cells = _covered(times.scope, row, leaves, trees)
        other = cells[(ranked[cells] == rank[row]) & (hours[cells] * SECONDS_PER_HOUR != times.seconds[row])]
        if len(other):
            tied[row] = int(owner[other[0]])
        hours[cells] = times.seconds[row] / SECONDS_PER_HOUR
        ranked[cells], owner[cells] = rank[row], row
    reader.journal.add_each(
        "TC227",
        [
            Problem(times.place[row], f"{times.seconds[row]:g} s; row {times.place[first].row} says "
                    f"{times.seconds[first]:g} s for some of the same work, and is as specific")
            for row, first in tied.items()
        ],
    )  # fmt: skip
    return np.asarray(hours)


def of_metrics(metrics: Metrics, leaves: Leaves, hours: np.ndarray) -> np.ndarray:
    """Return the hours that items take up: 0 for metrics that use no capacity, and where nobody says."""
    return np.where(metrics.uses_capacity[leaves.metric], np.nan_to_num(hours), 0.0)


def _depth(tree: Tree, nodes: np.ndarray) -> np.ndarray:
    is_group = tree.is_group(nodes)
    return np.where(is_group, tree.depth.max() - 0.5, tree.depth[np.where(is_group, 0, nodes)])


def _covered(scope: Scopes, row: int, leaves: Leaves, trees: tuple[Tree, Tree, Tree]) -> np.ndarray:
    inside = np.ones(len(leaves.metric), dtype=bool)
    nodes = (scope.org[row], scope.queue[row], scope.period[row])
    for tree, node, leaf in zip(trees, nodes, (leaves.org, leaves.queue, leaves.period), strict=True):
        if node != 0:
            member = np.zeros(len(tree.leaves), dtype=bool)
            member[tree.leaf_positions(int(node))] = True
            inside &= member[leaf]
    if scope.metric[row] != EVERY_METRIC:
        inside &= leaves.metric == scope.metric[row]
    return np.flatnonzero(inside)
