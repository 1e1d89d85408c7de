"""When something happened: a period of the plan, or days from … to … that lie inside periods or straddle them.

Owns: reading Period, From and To of tables of what happened, and sharing days out to leaf periods.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np

from engine.building.columns import TableReader
from engine.building.entries import Times
from engine.building.journal import Problem
from engine.building.periods import PlanPeriods
from engine.building.references import UNKNOWN
from engine.building.spans import Span, period_span
from engine.building.texts import quoted
from engine.issues import Place
from solver.frozen import frozen

_DAY = np.timedelta64(1, "D")


@frozen
class Piece:
    """Part of some days that lies in one leaf period.

    leaf : the period; share : of the days' value; working_days : in this part, ≥ 0
    first, last : days of the part
    """

    leaf: int
    share: float
    working_days: float
    first: datetime.date
    last: datetime.date


class ActualTimes:
    """Times of what happened: positions of plan nodes, then spans of days in order of appearance."""

    def __init__(self, periods: PlanPeriods, month_names: Mapping[str, int]) -> None:
        self.periods = periods
        self.spans: list[Span] = []
        self._month_names = month_names
        self._at: dict[tuple[datetime.date, datetime.date, bool], int] = {}
        self._dates: set[int] = set()
        self._leaf_of = {
            (span.first, span.last): int(periods.tree.leaves[leaf])
            for leaf, span in enumerate(periods.spans)
            if span is not None
        }

    @property
    def times(self) -> Times:
        """How the table's periods are read."""
        return Times(self._column, self._header)

    @property
    def nodes(self) -> int:
        """Number of plan nodes: times from here on are spans of days."""
        return len(self.periods.tree)

    def pieces(self, time: int) -> list[Piece]:
        """Return the parts of a span that lie in leaf periods, by working days; none where no period holds a day."""
        whole = self.spans[time - self.nodes]
        found = []
        total = _working_days(whole) or float(whole.days)
        for leaf, span in enumerate(self.periods.spans):
            if span is None or span.last < whole.first or whole.last < span.first:
                continue
            part = Span(max(span.first, whole.first), min(span.last, whole.last))
            days = _working_days(part)
            if not days and _working_days(whole):
                continue  # a week that ends on the first, a Sunday, tells of nothing in the next month
            size = days if _working_days(whole) else float(part.days)
            found.append(Piece(leaf, size / total, days, part.first, part.last))
        return found

    def working_days(self) -> np.ndarray:
        """Return Mondays to Fridays of each leaf period: float64; nan where its days are unknown."""
        return np.array([np.nan if span is None else _working_days(span) for span in self.periods.spans])

    def _column(self, reader: TableReader) -> np.ndarray:
        labels = reader.labels("Period")
        found = [self._time(value) for value in labels.distinct]
        wrong = [
            Problem(reader.place(int(labels.first[at]), "Period"), quoted(labels.distinct[at]))
            for at, time in enumerate(found)
            if time is None
        ]
        reader.journal.add_each("TC304", wrong)
        position = np.array([UNKNOWN if time is None else time for time in found] + [UNKNOWN], dtype=np.int64)
        times = np.where(labels.faulty, UNKNOWN, position[labels.code])
        dated = self._dated(reader)
        silent = labels.blank & (dated == UNKNOWN) & ~_is_filled(reader, "From")
        problems = [
            Problem(reader.place(row, "Period"), "a row without a period") for row in np.flatnonzero(silent).tolist()
        ]
        reader.journal.add_each("TC201", problems)
        return np.where(dated != UNKNOWN, dated, np.where(_is_filled(reader, "From"), UNKNOWN, times))

    def _dated(self, reader: TableReader) -> np.ndarray:
        """Return the times of rows with From and To; UNKNOWN elsewhere."""
        times = np.full(len(reader), UNKNOWN)
        if not reader.has("From") or not reader.has("To"):
            return times
        first, last = reader.dates("From"), reader.dates("To")
        both = ~np.isnat(first) & ~np.isnat(last)
        backward = [
            Problem(reader.place(row, "To"), f"{first[row]} to {last[row]}")
            for row in np.flatnonzero(both & (first > last)).tolist()
        ]
        reader.journal.add_each("TC220", backward)
        lone = np.flatnonzero(~np.isnat(first) & np.isnat(last) & ~_is_filled(reader, "To")).tolist()
        reader.journal.add_each("TC201", [Problem(reader.place(row, "To"), "From without To") for row in lone])
        for row in np.flatnonzero(both & (first <= last)).tolist():
            times[row] = self._span_time(Span(first[row].item(), last[row].item()))
        return times

    def _header(self, value: object, place: Place) -> int | None:
        del place  # a header that is no period is named by the caller
        return self._time(value)

    def _time(self, value: object) -> int | None:
        nodes = self.periods.named.names.find(value)
        if len(nodes) == 1:
            return nodes[0]
        span = period_span(value, self._month_names)
        return None if span is None else self._span_time(span, is_date=span.days == 1)

    def _span_time(self, span: Span, *, is_date: bool = False) -> int:
        if (span.first, span.last) in self._leaf_of:
            return self._leaf_of[span.first, span.last]
        key = (span.first, span.last, is_date)
        if key not in self._at:
            self._at[key] = len(self.spans)
            self.spans.append(span)
            if is_date:
                self._dates.add(self._at[key])
        return self.nodes + self._at[key]

    def is_date(self, time: int) -> bool:
        """Whether a time is a date that stands alone: a day, or the period that holds it."""
        return time >= self.nodes and time - self.nodes in self._dates

    def leaves_of(self, time: int) -> list[int]:
        """Return the leaf periods, as nodes, that hold some of a span's days."""
        leaves = self.periods.tree.leaves
        if self.is_date(time):  # be it a Sunday
            day = self.spans[time - self.nodes].first
            spans = enumerate(self.periods.spans)
            return [int(leaves[at]) for at, span in spans if span is not None and span.first <= day <= span.last]
        return [int(leaves[piece.leaf]) for piece in self.pieces(time)]


def _working_days(span: Span) -> float:
    return float(np.busday_count(np.datetime64(span.first), np.datetime64(span.last) + _DAY))


def _is_filled(reader: TableReader, name: str) -> np.ndarray:
    labels = reader.labels(name)
    return np.asarray((labels.code >= 0) | labels.faulty)
