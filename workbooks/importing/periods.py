"""The periods of an export, and those a plan of it covers.

Owns: which grain a column of periods has, what its periods are called, and which ones come next.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import pairwise

from engine.building.spans import Span
from solver.frozen import frozen


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half-year"
    YEAR = "year"


_LENGTHS = (
    (1, Grain.DAY),
    (7, Grain.WEEK),
    (31, Grain.MONTH),
    (92, Grain.QUARTER),
    (184, Grain.HALF),
    (366, Grain.YEAR),
)
MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12}
PLANNED = {Grain.WEEK: 13, Grain.MONTH: 6, Grain.QUARTER: 2, Grain.HALF: 1, Grain.YEAR: 1}
"""How many periods a plan covers unless more is asked for; never more than there is history."""

_YEAR_FIRST = re.compile(r"(\D*)(\d{4})(\D+)(\d{1,2})")
_YEAR_LAST = re.compile(r"(\D*)(\d{1,2})(\D+)(\d{4})")
_MANY_DAYS = 60


def grain_of(span: Span) -> Grain:
    """Return the grain of one period."""
    return next(grain for longest, grain in _LENGTHS if span.days <= longest)


def usual_grain(spans: Iterable[Span]) -> Grain | None:
    """Return the grain of most periods; days that are a week apart are weeks, firsts of months are months."""
    distinct = set(spans)
    if not distinct:
        return None
    grain = Counter(grain_of(span) for span in distinct).most_common(1)[0][0]
    if grain is not Grain.DAY:
        return grain
    days = sorted(span.first for span in distinct if span.days == 1)
    gaps = {(later - earlier).days for earlier, later in pairwise(days)}
    if gaps and all(gap % 7 == 0 for gap in gaps):
        return Grain.WEEK
    if all(day.day == 1 for day in days):
        return Grain.MONTH
    return Grain.DAY


def planning_grain(spans: Iterable[Span], grain: Grain) -> Grain:
    """Return the grain in which a plan is made: days are added up to weeks, or to months where there are many."""
    if grain is not Grain.DAY:
        return grain
    days = [span.first for span in spans]
    return Grain.MONTH if (max(days) - min(days)).days >= _MANY_DAYS else Grain.WEEK


def period_of(day: datetime.date, grain: Grain, week_start: int = 0) -> Span:
    """Return the period of a grain that holds a day. week_start : weekday on which weeks begin, 0 = Monday."""
    if grain is Grain.WEEK:
        first = day - datetime.timedelta(days=(day.weekday() - week_start) % 7)
        return Span(first, first + datetime.timedelta(days=6))
    length = MONTHS[grain]
    return _months(day.year, (day.month - 1) // length * length + 1, length)


def _months(year: int, month: int, length: int) -> Span:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    after = month + length - 1
    end = datetime.date(year + after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)
    return Span(datetime.date(year, month, 1), end)


def following(span: Span, grain: Grain, count: int) -> list[Span]:
    """Return the periods after one."""
    spans = []
    for _ in range(count):
        day = span.last + datetime.timedelta(days=1)
        if grain is Grain.WEEK:
            span = Span(day, day + datetime.timedelta(days=6))
        else:
            span = _months(day.year, day.month, MONTHS[grain])
        spans.append(span)
    return spans


@frozen
class Naming:
    """What periods are called: as in the export where its names show a pattern, else plainly."""

    grain: Grain
    pattern: Callable[[int, int], str]

    def name(self, span: Span) -> str:
        """Return the name of a period."""
        return self.pattern(*number_of(span, self.grain))


def number_of(span: Span, grain: Grain) -> tuple[int, int]:
    """Return the year of a period and its number in that year."""
    if grain is Grain.WEEK:
        year, week, _ = (span.first + datetime.timedelta(days=3)).isocalendar()
        return year, week
    return span.first.year, (span.first.month - 1) // MONTHS[grain] + 1


_PLAIN: Mapping[Grain, str] = {
    Grain.WEEK: "{year}-W{number:02}",
    Grain.MONTH: "{year}-{number:02}",
    Grain.QUARTER: "{year} Q{number}",
    Grain.HALF: "{year} H{number}",
    Grain.YEAR: "{year}",
}


def naming(grain: Grain, sample: str) -> Naming:
    """Return how periods are called.

    Parameters
    ----------
    sample : the name of a period in the export, "" where it was a date
    """
    if grain is not Grain.YEAR and (first := _YEAR_FIRST.fullmatch(sample)):
        before, _, between, digits = first.groups()
        width = len(digits)
        return Naming(grain, lambda year, number: f"{before}{year}{between}{number:0{width}}")
    if grain is not Grain.YEAR and (last := _YEAR_LAST.fullmatch(sample)):
        before, digits, between, _ = last.groups()
        width = len(digits)
        return Naming(grain, lambda year, number: f"{before}{number:0{width}}{between}{year}")
    plain = _PLAIN[grain]
    return Naming(grain, lambda year, number: plain.format(year=year, number=number))
