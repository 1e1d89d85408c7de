"""One cell as a period: dates of any order, stamps of date and time, names of weeks, months, quarters.

Owns: what such a cell means where it stands alone.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from engine.building.spans import Span, period_span
from workbooks.read.months import month_names

DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?:[ T].*)?")
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[ T].*")
_CENTURY = 2000
_WEEK = r"(?:week|woche|semaine|semana|kw|cw|wk|w)\.?\s*(\d{1,2})"
_WEEK_LAST = re.compile(_WEEK + r"[\s/.\-]+(\d{4})", re.IGNORECASE)
_WEEK_FIRST = re.compile(r"(\d{4})[\s/.\-]*" + _WEEK, re.IGNORECASE)
_MONTHS = month_names()


def read_span(value: object, *, day_first: bool = True) -> Span | None:
    """Return the days that a cell stands for; None where it is no period.

    Parameters
    ----------
    day_first : whether 03/04/2026 is in April
    """
    return _read_text(value, day_first=day_first) if isinstance(value, str) else period_span(value, _MONTHS)


@lru_cache(maxsize=100_000)  # a period stands in many rows
def _read_text(value: str, *, day_first: bool) -> Span | None:
    text = value.strip()
    if stamp := _STAMP.fullmatch(text):
        text = stamp[1]
    elif found := DATE.fullmatch(text):
        day = day_of_date(found, day_first=day_first)
        return None if day is None else Span(day, day)
    elif last := _WEEK_LAST.fullmatch(text):
        text = f"{last[2]}-W{int(last[1]):02}"
    elif first := _WEEK_FIRST.fullmatch(text):
        text = f"{first[1]}-W{int(first[2]):02}"
    return period_span(text, _MONTHS)


def day_of_date(found: re.Match[str], *, day_first: bool) -> datetime.date | None:
    """Return the day of a match of ``DATE``; None where there is no such day."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (first, second) if day_first else (second, first)
    try:
        return datetime.date(year + (_CENTURY if len(found[4]) == 2 else 0), month, day)
    except ValueError:
        return None


def may_be_period(value: object) -> bool:
    """Whether a cell may be a period: also a day and month in either order, or the number of a part of a year."""
    if read_span(value) is not None or read_span(value, day_first=False) is not None:
        return True
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    part = text.strip().casefold().lstrip("wkqh ").strip()
    return part in _MONTHS or (part.isdigit() and 1 <= int(part) <= 53)
