"""Names in tables become positions: metrics, org nodes, queues and periods of the plan.

Owns: issues of names that mean nothing, or several things.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from engine.building.columns import Labels, TableReader
from engine.building.journal import LISTED, Problem
from engine.building.node_list import NamedTree
from engine.building.periods import PlanPeriods
from engine.building.texts import did_you_mean, key_of, quoted, shown_list, text_of
from engine.issues import Place
from engine.plan import BUILT_IN, EVERY_METRIC, FTE, HOURS, Metrics
from engine.trees import ROOT, Tree
from solver.frozen import frozen

_ASKED_FOR = (HOURS, FTE)
"""Built-in metrics that rows of a table may be about."""
_TAKE_BUILT_IN = frozenset({"Targets", "Limits"})

_NAMED = 8
"""Periods that are listed for whoever named none."""

UNKNOWN = -2
"""Position of a name that could not be resolved and was reported."""

_TAKE_GROUPS = frozenset({"Targets", "Limits", "Capacity", "Skills", "HandleTimes", "Benchmarks"})
"""Tables in which a group may stand wherever a node may."""


@frozen
class Known:
    """What names may refer to; None where its own table is too broken to tell."""

    metrics: Metrics | None
    org: NamedTree | None
    queues: NamedTree | None
    periods: PlanPeriods | None
    month_names: Mapping[str, int]


@frozen
class Found:
    """What a distinct name resolves to: a position, or the code and words of what is wrong with it."""

    position: int = UNKNOWN
    code: str = ""
    words: str = ""
    expected: str = ""
    hint: Callable[[], str] = field(default=str)  # asked for where the name is listed: a good guess takes a while


def find_metric(metrics: Metrics, value: object, built_in: Collection[int] = ()) -> Found:
    """Return the position of a metric; a built-in one where it may be named, and no own has the name."""
    keys = [name.casefold() for name in metrics.ids]
    if key_of(value) in keys:
        return Found(keys.index(key_of(value)))
    own = {BUILT_IN[metric][0]: metric for metric in built_in}
    for name, metric in own.items():
        if key_of(value) == name.casefold():
            return Found(metric)
    return Found(UNKNOWN, "TC303", quoted(value), hint=lambda: did_you_mean(text_of(value), (*metrics.ids, *own)))


def find_node(named: NamedTree, value: object, code: str) -> Found:
    """Return the position of a node, or of a group."""
    nodes = named.names.find(value)
    if not nodes and key_of(value) in named.groups:
        return Found(named.groups[key_of(value)])
    if len(nodes) == 1:
        return Found(nodes[0])
    if nodes:
        choices = named.names.choices(nodes)
        return Found(UNKNOWN, "TC306", f"{quoted(value)}, which {len(nodes)} nodes are called", shown_list(choices))
    return Found(UNKNOWN, code, quoted(value), hint=lambda: named.names.hint(value))


def find_org_or_queue(org: NamedTree, queues: NamedTree, value: object) -> tuple[Found, bool]:
    """Return the org node of a name, or else the queue, and whether it is a queue."""
    found = find_node(org, value, "TC301")
    if found.code != "TC301":
        return found, False
    queue = find_node(queues, value, "TC302")
    if queue.code == "TC302":
        return replace(found, words=f"{found.words}, neither an org node nor a queue"), False
    return queue, True


def find_period(periods: PlanPeriods, value: object, month_names: Mapping[str, int]) -> Found:
    """Return the position of a period of the plan, named by id, alias, path, date or month."""
    found = find_node(periods.named, value, "TC304")
    if found.code != "TC304":
        return found
    held = periods.holding(value, month_names)
    if held is None:
        if found.hint():
            return found
        # a year where there are quarters and months alone: nothing is spelled nearly like it
        return replace(found, hint=lambda: _there_are(periods.tree))
    if len(held) == 1:
        return Found(held[0])
    names = shown_list(periods.tree.ids[node] for node in held)
    words = f"{quoted(value)}, which is in {names}" if held else f"{quoted(value)}, which is in no leaf period"
    return Found(UNKNOWN, "TC305", words)


def _there_are(tree: Tree) -> str:
    """Return which periods there are, from the longest on, for somebody who named none of them."""
    ids = [tree.ids[node] for node in np.argsort(tree.depth, kind="stable").tolist() if tree.given[node]]
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"; there are {', '.join(ids[:_NAMED])}{more}" if ids else ""


class References:
    """Resolves whole columns; each distinct name once."""

    def __init__(self, known: Known) -> None:
        self.known = known

    def metric(self, reader: TableReader) -> np.ndarray:
        """Return the position of each record's metric; a blank is every metric, where the table allows it."""
        metrics = self.known.metrics
        if metrics is None:
            return np.full(len(reader), UNKNOWN)
        is_required = reader.requires("Metric")
        labels = reader.labels("Metric", required=is_required)
        blank = UNKNOWN if is_required else EVERY_METRIC
        takes = _ASKED_FOR if reader.table.name in _TAKE_BUILT_IN else ()
        return resolve(labels, blank, lambda value: find_metric(metrics, value, takes), Labelled(reader, "Metric"))

    def org(self, reader: TableReader) -> np.ndarray:
        """Return the node of each record's Org; a blank is the root."""
        return self._node(reader, "Org", self.known.org, "TC301")

    def queue(self, reader: TableReader) -> np.ndarray:
        """Return the node of each record's Queue; a blank is the root."""
        return self._node(reader, "Queue", self.known.queues, "TC302")

    def period(self, reader: TableReader) -> np.ndarray:
        """Return the node of each record's Period; a blank is the root: the whole horizon."""
        periods = self.known.periods
        if periods is None:
            return np.full(len(reader), UNKNOWN)
        labels = reader.labels("Period")
        month_names = self.known.month_names
        return resolve(labels, ROOT, lambda value: find_period(periods, value, month_names), Labelled(reader, "Period"))

    def leaf_range(self, reader: TableReader) -> tuple[np.ndarray, np.ndarray]:
        """Return the leaf periods from From to To of each record: the first, and the one after the last."""
        periods = self.known.periods
        if periods is None:
            return np.zeros(len(reader), np.int64), np.zeros(len(reader), np.int64)
        span, count = periods.tree.leaf_span, len(periods.tree.leaves)
        month_names = self.known.month_names
        ends = []
        for name, side, blank in (("From", 0, 0), ("To", 1, count)):
            labels = reader.labels(name)
            nodes = resolve(
                labels, UNKNOWN, lambda value: find_period(periods, value, month_names), Labelled(reader, name)
            )
            ends.append(np.where(nodes >= 0, span[np.maximum(nodes, 0), side], blank))
        crossed = np.flatnonzero(ends[0] >= ends[1]).tolist() if count else []
        reader.journal.add_each(
            "TC224", [Problem(reader.place(row, "To"), "a last period before the first") for row in crossed]
        )
        return ends[0], ends[1]

    def leaves_until(self, reader: TableReader) -> np.ndarray:
        """Return for each record how many leaf periods start by the day in Until; all where it is blank."""
        periods = self.known.periods
        days = reader.dates("Until")
        given = np.flatnonzero(~np.isnat(days)).tolist()
        if periods is None or len(given) == 0:
            return np.full(len(reader), 0 if periods is None else len(periods.tree.leaves))
        starts = [None if span is None else span.first for span in periods.spans]
        if None in starts:
            problems = [
                Problem(reader.place(row, "Until"), f"{days[row]}, and periods without a Start") for row in given
            ]
            reader.journal.add_each("TC225", problems)
            return np.full(len(reader), len(starts))
        first = np.array(starts, dtype="datetime64[D]")
        counted = np.searchsorted(first, days, side="right")
        return np.where(np.isnat(days), len(starts), counted)

    def _node(self, reader: TableReader, name: str, named: NamedTree | None, code: str) -> np.ndarray:
        if named is None:
            return np.full(len(reader), UNKNOWN)
        is_required = reader.requires(name)
        labels = reader.labels(name, required=is_required)
        blank = UNKNOWN if is_required else ROOT
        nodes = resolve(labels, blank, lambda value: find_node(named, value, code), Labelled(reader, name))
        if reader.table.name in _TAKE_GROUPS:
            return nodes
        of_group = np.flatnonzero(named.tree.is_group(nodes)).tolist()
        reader.journal.add_each(
            "TC318",
            [Problem(reader.place(row, name), f"the group {named.tree.id_of(int(nodes[row]))}") for row in of_group],
        )
        return np.where(named.tree.is_group(nodes), UNKNOWN, nodes)


@frozen
class Labelled:
    """Where the names stand."""

    reader: TableReader
    name: str

    def place(self, record: int) -> Place:
        """Return where a record's name stands."""
        return self.reader.place(record, self.name)


def resolve(labels: Labels, blank: int, find: Callable[[object], Found], column: Labelled) -> np.ndarray:
    """Return the position of each record's name.

    Parameters
    ----------
    blank : position of a blank cell

    Returns
    -------
    int64, shape (records,)
        UNKNOWN where the name was reported, or the cell by the reader.
    """
    found = [find(value) for value in labels.distinct]
    report(labels, found, column)
    positions = np.array([one.position for one in found] + [blank], dtype=np.int64)
    result = positions[labels.code]  # NOT_GIVEN picks the last entry
    return np.where(labels.faulty, UNKNOWN, result)


def report(labels: Labels, found: Sequence[Found], column: Labelled) -> None:
    """Note each wrong name once, at its first cell, with the number of cells."""
    count = np.bincount(labels.code[labels.code >= 0], minlength=len(found))
    wrong: dict[str, list[int]] = {}
    for position, one in enumerate(found):
        if one.code:
            wrong.setdefault(one.code, []).append(position)
    for code, positions in wrong.items():
        problems = []
        for position in positions[: LISTED + 1]:
            one = found[position]
            rows = f" (in {count[position]} rows)" if count[position] > 1 else ""
            place = column.place(int(labels.first[position]))
            problems.append(Problem(place, one.words + one.hint() + rows, one.expected))
        column.reader.journal.add_each(code, problems, len(positions))
