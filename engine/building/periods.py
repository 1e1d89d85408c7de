"""Periods: the tree of time, in time order, with its calendar.

Owns: dates of periods, working days, finding a period by id or by a date inside it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from engine.building.columns import TableReader
from engine.building.journal import Problem
from engine.building.node_list import NamedTree, NodeList, plant
from engine.building.spans import Span, moment_span, period_span
from engine.building.texts import shown_list, text_of
from engine.building.tree_tables import read_nodes
from engine.tables import FAULTY
from engine.trees import Tree
from solver.frozen import frozen

_NO_DAY = np.datetime64("NaT", "D")


@frozen
class PlanPeriods:
    """The periods of the plan.

    start, end, working_days : per leaf period, in tree order; NaT and nan where unknown
    spans : per leaf period, the days it stands for, from its dates, else from its name; None where neither tells
    like : per leaf period, the cell Like as typed; None where blank
    like_record : int64, row of Periods in which Like stands, -1 where the leaf has no row
    """

    named: NamedTree
    start: np.ndarray
    end: np.ndarray
    working_days: np.ndarray
    spans: tuple[Span | None, ...]
    like: tuple[object, ...]
    like_record: np.ndarray

    @property
    def tree(self) -> Tree:
        """The tree of periods."""
        return self.named.tree

    def leaf_names(self) -> list[str]:
        """Return the ids of the leaf periods."""
        return [self.tree.ids[node] for node in self.tree.leaves]

    def holding(self, value: object, month_names: Mapping[str, int]) -> list[int] | None:
        """Return the nodes of the leaf periods that hold a date or month; None where a cell is neither."""
        moment = moment_span(value, month_names)
        if moment is None:
            return None
        within = [leaf for leaf, span in enumerate(self.spans) if span and span.holds(moment)]
        touched = [leaf for leaf, span in enumerate(self.spans) if span and moment.holds(Span(span.first, span.first))]
        return [int(self.tree.leaves[leaf]) for leaf in within or touched]


def read_periods(reader: TableReader, month_names: Mapping[str, int]) -> PlanPeriods | None:
    """Return the periods, or None where they are no tree in time."""
    nodes = read_nodes(reader)
    start, end = reader.dates("Start"), reader.dates("End")
    days = reader.numbers("Working days")
    _report_backward(reader, start, end)
    if nodes is None:
        return None
    spans = [_span(nodes, node, (start, end), month_names) for node in range(len(nodes))]
    named = plant(nodes, _in_time(nodes, start))
    leaf_record = named.record[named.tree.leaves]
    leaf_start, leaf_end = _of_leaves(start, leaf_record), _of_leaves(end, leaf_record)
    by_id = dict(zip(nodes.ids, spans, strict=True))
    given = _Dates(start, end, named)
    given.report(reader)
    likes = _likes(reader)
    return PlanPeriods(
        named=named,
        start=leaf_start,
        end=leaf_end,
        working_days=_working_days(reader, named, (leaf_start, leaf_end), days),
        spans=tuple(by_id[named.tree.ids[node]] for node in named.tree.leaves),
        like=tuple(likes[record] if record >= 0 else None for record in leaf_record.tolist()),
        like_record=leaf_record,
    )


def _likes(reader: TableReader) -> list[object]:
    if not reader.has("Like"):
        return [None] * len(reader)
    values = reader.table.values["Like"].tolist()
    if any(value is FAULTY for value in values):
        reader.journal.spoil()
    return [value if text_of(value) else None for value in values]


def _of_leaves(days: np.ndarray, record: np.ndarray) -> np.ndarray:
    return np.where(record >= 0, days[record], _NO_DAY)


def _span(
    nodes: NodeList, node: int, dates: tuple[np.ndarray, np.ndarray], month_names: Mapping[str, int]
) -> Span | None:
    record = nodes.record[node]
    first, last = (days[record].item() if record >= 0 else None for days in dates)
    named = period_span(nodes.short[node], month_names)
    if isinstance(first, datetime.date) and isinstance(last, datetime.date):
        return Span(first, max(first, last))
    if isinstance(first, datetime.date) and named and named.first == first:
        return named
    return Span(first, first) if isinstance(first, datetime.date) else named


def _in_time(nodes: NodeList, start: np.ndarray) -> list[int]:
    """Return the nodes in the order of time where every leaf has a Start, else in table order."""
    has_child = set(nodes.parents)
    leaves = [node for node in range(len(nodes)) if node not in has_child]
    days = [start[nodes.record[leaf]] if nodes.record[leaf] >= 0 else _NO_DAY for leaf in leaves]
    if np.isnat(days).any():
        return list(range(len(nodes)))
    first: list[np.datetime64] = [np.datetime64(datetime.date.max)] * len(nodes)
    for leaf, day in zip(leaves, days, strict=True):
        node = leaf
        while node >= 0:
            first[node] = min(first[node], day)
            node = nodes.parents[node]
    return sorted(range(len(nodes)), key=lambda node: first[node])


def _report_backward(reader: TableReader, start: np.ndarray, end: np.ndarray) -> None:
    problems = [
        Problem(reader.place(record, "End"), f"{start[record]} to {end[record]}")
        for record in np.flatnonzero(start > end).tolist()
    ]
    reader.journal.add_each("TC220", problems)


class _Dates:
    """Dates of all periods against each other."""

    def __init__(self, start: np.ndarray, end: np.ndarray, named: NamedTree) -> None:
        self._start, self._end = start, end
        self._tree, self._record = named.tree, named.record

    def report(self, reader: TableReader) -> None:
        """Name periods that overlap or lie outside their parents."""
        reader.journal.add_each("TC221", [*self._outside(reader), *self._overlaps(reader)])

    def _outside(self, reader: TableReader) -> list[Problem]:
        problems = []
        for node in range(len(self._tree)):
            above = self._tree.parent[node]
            if above < 0 or self._record[node] < 0 or self._record[above] < 0:
                continue
            own, parent = self._record[node], self._record[above]
            if self._start[own] < self._start[parent] or self._end[own] > self._end[parent]:
                field = "Start" if self._start[own] < self._start[parent] else "End"
                found = f"{self._words(node)} is not inside {self._words(above)}"
                problems.append(Problem(reader.place(int(own), field), found))
        return problems

    def _words(self, node: int) -> str:
        record = self._record[node]
        return f"“{self._tree.ids[node]}” ({self._start[record]} to {self._end[record]})"

    def _overlaps(self, reader: TableReader) -> list[Problem]:
        leaves = [node for node in self._tree.leaves.tolist() if self._record[node] >= 0]
        dated = [node for node in leaves if not np.isnat(self._start[self._record[node]])]
        dated.sort(key=lambda node: self._start[self._record[node]])
        problems = []
        for before, after in pairwise(dated):
            first, second = self._record[before], self._record[after]
            if self._end[first] >= self._start[second] or self._start[first] == self._start[second]:
                found = f"{self._words(after)} starts before {self._words(before)} is over"
                problems.append(Problem(reader.place(int(second), "Start"), found))
        return problems


def _working_days(
    reader: TableReader, named: NamedTree, dates: tuple[np.ndarray, np.ndarray], days: np.ndarray
) -> np.ndarray:
    """Return working days per leaf: as given, else counted Monday to Friday."""
    leaves = named.tree.leaves
    record = named.record[leaves]
    found = np.where(record >= 0, days[record], np.nan)
    start, end = dates
    countable = np.isnan(found) & ~np.isnat(start) & ~np.isnat(end) & (start <= end)
    if countable.any():
        found[countable] = np.busday_count(start[countable], end[countable] + np.timedelta64(1, "D"))
        names = (f"{named.tree.ids[leaves[leaf]]} {found[leaf]:g}" for leaf in np.flatnonzero(countable).tolist())
        reader.journal.add("TC504", reader.table.whole(), f"{countable.sum()} period(s): {shown_list(names)}")
    return found
