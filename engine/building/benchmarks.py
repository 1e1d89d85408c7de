"""Benchmarks: Floor, Ceiling and Best of a rate per node, where they differ from those of the metric.

Owns: reading the table, and rows that tie.
"""

from __future__ import annotations

import numpy as np

from engine.building.columns import TableReader
from engine.building.duplicates import report_duplicates
from engine.building.journal import Problem
from engine.building.rate_columns import BOUNDS, RateColumns
from engine.building.references import UNKNOWN, References
from engine.building.shares import RATE, report_share
from engine.building.specific import Leaves, most_specific
from engine.plan import Scopes
from engine.trees import ROOT, Tree
from solver.frozen import frozen


@frozen
class Benchmarks:
    """Rows of Benchmarks whose names are known. said : by column, float64, shape (rows,), nan = not given."""

    reader: TableReader
    scope: Scopes
    said: dict[str, np.ndarray]
    record: np.ndarray


@frozen
class CellBounds:
    """Floor, ceiling and best of the cells of a rate; nan where nobody gave one.

    by_node : bool, whether Best comes from Benchmarks
    """

    floor: np.ndarray
    ceiling: np.ndarray
    best: np.ndarray
    by_node: np.ndarray


def read_benchmarks(reader: TableReader, references: References) -> Benchmarks:
    """Return the rows of Benchmarks."""
    metric, org, queue = references.metric(reader), references.org(reader), references.queue(reader)
    said = {name: reader.numbers(name) for name in BOUNDS}
    known = references.known.metrics
    usable = (metric >= 0) & (metric != UNKNOWN) & (org >= 0) & (queue >= 0)
    if known is not None:
        none = np.flatnonzero(usable & ~known.is_kind(metric, RATE)).tolist()
        words = [f"Benchmarks of “{known.ids[metric[row]]}”, a {known.kinds[metric[row]]}" for row in none]
        problems = [Problem(reader.place(row, "Metric"), found) for row, found in zip(none, words, strict=True)]
        reader.journal.add_each("TC243", problems)
        usable &= known.is_kind(metric, RATE)
        for name, values in said.items():
            for row in np.flatnonzero(usable & np.isfinite(values)).tolist():
                report_share(reader.journal, known, int(metric[row]), float(values[row]), reader.place(row, name))
    rows = np.flatnonzero(usable)
    keys = (metric[rows], org[rows], queue[rows])
    report_duplicates(reader, keys, lambda row: reader.place(int(rows[row]), "Metric"), lambda _: "a second row")
    scope = Scopes(*keys, np.full(len(rows), ROOT))
    return Benchmarks(reader, scope, {name: values[rows] for name, values in said.items()}, rows)


def cell_bounds(
    rate: RateColumns, benchmarks: Benchmarks | None, leaves: Leaves, trees: tuple[Tree, Tree, Tree]
) -> CellBounds:
    """Return what holds for each cell of a rate: of Benchmarks the most specific row, else the metric's own.

    Parameters
    ----------
    leaves : the cells of the rate, as cells of its own metric
    """
    own = (rate.floor, rate.ceiling, rate.best)
    start = [np.full(len(leaves.metric), value) for value in own]
    if benchmarks is None:
        return CellBounds(start[0], start[1], start[2], np.zeros(len(leaves.metric), dtype=bool))
    found = []
    reader = benchmarks.reader
    for name, values in zip(BOUNDS, start, strict=True):
        chosen = most_specific(benchmarks.scope, benchmarks.said[name], values, leaves, trees)
        problems = [
            Problem(
                reader.place(int(benchmarks.record[row]), name),
                f"{name} {benchmarks.said[name][row]:g}; row {reader.table.rows[benchmarks.record[first]]} says "
                f"{benchmarks.said[name][first]:g} for some of the same work, and is as specific",
            )
            for row, first in chosen.tied.items()
        ]
        reader.journal.add_each("TC244", problems)
        found.append(chosen)
    floor, ceiling, best = found
    crossed = np.flatnonzero(floor.value > ceiling.value)
    if len(crossed):
        cell = int(crossed[0])
        row = max(int(floor.owner[cell]), int(ceiling.owner[cell]))
        words = f"Floor {floor.value[cell]:g} above Ceiling {ceiling.value[cell]:g}"
        if row >= 0:
            reader.journal.add("TC242", reader.place(int(benchmarks.record[row]), "Metric"), words)
    return CellBounds(floor.value, ceiling.value, best.value, best.owner >= 0)
