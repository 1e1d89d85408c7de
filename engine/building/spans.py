"""The days that a date, a month or the name of a period stands for: "Jan-26", "2026-01", "2024Q1", "2026-W14".

Owns: reading such texts. Knows nothing of: a plan's own periods.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.building.columns import day_of
from engine.building.texts import text_of

_MONTH_OF_YEAR = re.compile(r"(\d{4})[\s\-/.](\d{1,2})")
_YEAR_OF_MONTH = re.compile(r"(\d{1,2})[\s\-/.](\d{4})")
_NAME_FIRST = re.compile(r"([^\W\d_]+)\.?[\s\-–/.']*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s\-–/.]*([^\W\d_]+)\.?")
_WEEK = re.compile(r"(\d{4})[\s\-]*[wW](\d{1,2})")
_PART_LAST = re.compile(r"(?:FY\s*)?(\d{4})[\s\-/]*([qQhHsStT])(\d)")
_PART_FIRST = re.compile(r"([qQhHsStT])(\d)[\s\-/]*(\d{4})")
_YEAR = re.compile(r"(?:FY\s*)?(\d{4})", re.IGNORECASE)
_MONTHS_IN = {"q": 3, "t": 3, "h": 6, "s": 6}
_CENTURY = 2000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from first to last, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    def holds(self, other: Span) -> bool:
        """Whether all days of another span lie in this one."""
        return self.first <= other.first and other.last <= self.last


def moment_span(value: object, month_names: Mapping[str, int]) -> Span | None:
    """Return the days of a date or a month text; None where a cell is neither."""
    day = day_of(value)
    if day is not None:
        return Span(day, day)
    text = text_of(value) if isinstance(value, str) else ""
    found = _month_by_number(text) or _month_by_name(text, month_names)
    return _months(*found, 1) if found else None


def period_span(value: object, month_names: Mapping[str, int]) -> Span | None:
    """Return the days of a date, a month, or the usual name of a week, quarter, half-year or year; else None."""
    moment = moment_span(value, month_names)
    if moment:
        return moment
    text = text_of(value)
    if week := _WEEK.fullmatch(text):
        return _week(int(week[1]), int(week[2]))
    if last := _PART_LAST.fullmatch(text):
        return _part(int(last[1]), last[2], int(last[3]))
    if first := _PART_FIRST.fullmatch(text):
        return _part(int(first[3]), first[1], int(first[2]))
    year = _YEAR.fullmatch(text)
    return _months(int(year[1]), 1, 12) if year else None


def year_earlier(span: Span) -> Span:
    """Return the same days a year before."""
    return Span(_year_before(span.first), _year_before(span.last))


def _year_before(day: datetime.date) -> datetime.date:
    following = day + datetime.timedelta(days=1)
    if following.day == 1:  # the last day of a month stays one
        return following.replace(year=following.year - 1) - datetime.timedelta(days=1)
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _month_by_number(text: str) -> tuple[int, int] | None:
    forward, backward = _MONTH_OF_YEAR.fullmatch(text), _YEAR_OF_MONTH.fullmatch(text)
    if forward:
        return _valid(int(forward[1]), int(forward[2]))
    return _valid(int(backward[2]), int(backward[1])) if backward else None


def _month_by_name(text: str, month_names: Mapping[str, int]) -> tuple[int, int] | None:
    named, dated = _NAME_FIRST.fullmatch(text), _YEAR_FIRST.fullmatch(text)
    if not named and not dated:
        return None
    word, year = (named[1], named[2]) if named else (dated[2], dated[1]) if dated else ("", "0")
    month = month_names.get(word.casefold())
    if month is None:
        return None
    return _valid(int(year) + (_CENTURY if len(year) == 2 else 0), month)


def _valid(year: int, month: int) -> tuple[int, int] | None:
    return (year, month) if 1 <= month <= 12 and 1900 <= year <= 2200 else None


def _part(year: int, kind: str, number: int) -> Span | None:
    length = _MONTHS_IN[kind.casefold()]
    first = (number - 1) * length + 1
    return _months(year, first, length) if 1 <= first <= 13 - length and _valid(year, 1) else None


def _months(year: int, month: int, length: int) -> Span | None:
    if not _valid(year, month):
        return None
    following = month + length - 1
    end = datetime.date(year + following // 12, following % 12 + 1, 1) - datetime.timedelta(days=1)
    return Span(datetime.date(year, month, 1), end)


def _week(year: int, week: int) -> Span | None:
    try:
        monday = datetime.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return Span(monday, monday + datetime.timedelta(days=6))
