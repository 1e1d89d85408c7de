"""The period of each record of an export: dates of any order, names of periods, a year beside a month.

Owns: what a cell of the period column means, told by the whole column where one cell cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from engine.building.spans import Span
from engine.building.texts import quoted, text_of
from workbooks.importing.columns import Column
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.moments import DATE, day_of_date, read_span
from workbooks.importing.numbers import is_nothing
from workbooks.importing.vocabulary import Role, has_any, words_of

_WEEKS, _QUARTERS = ("week", "woche", "kw", "semaine", "semana", "w"), ("quarter", "quartal", "trimestre", "q")


def record_spans(export: Export, columns: Sequence[Column], told: Told) -> list[Span | None] | None:
    """Return the days of each record, None where its period cannot be read; None for all if no column has any."""
    column = next((each for each in columns if each.role is Role.PERIOD), None)
    year = next((each for each in columns if each.role is Role.YEAR), None)
    if column is None and year is None:
        return None
    texts = _with_year(export, column, year)
    day_first = _day_first(export, column, texts, told)
    spans: list[Span | None] = []
    shown = column or year
    for record, value in enumerate(texts):
        span = None if is_nothing(value) else read_span(value, day_first=day_first)
        if span is None and shown is not None:
            told.add("TC275", export.place(record, shown.at), "a blank" if is_nothing(value) else quoted(value))
        spans.append(span)
    return spans


def _with_year(export: Export, column: Column | None, year: Column | None) -> list[object]:
    """Return the values of the period column, completed by the year column where they lack a year."""
    if column is None:
        return export.column(year.at) if year is not None else []
    values = export.column(column.at)
    if year is None:
        return values
    return [
        value if is_nothing(value) or read_span(value, day_first=True) else _joined(text_of(of), value, column.header)
        for value, of in zip(values, export.column(year.at), strict=True)
    ]


def _joined(year: str, value: object, header: str) -> str:
    part = text_of(value)
    digits = re.sub(r"\D", "", part)
    said = words_of(header)
    if digits and has_any(said, _WEEKS):
        return f"{year}-W{int(digits):02}"
    if digits and has_any(said, _QUARTERS):
        return f"{year}Q{digits}"
    return f"{year}-{int(digits):02}" if digits else f"{part} {year}"


def _day_first(export: Export, column: Column | None, texts: Sequence[object], told: Told) -> bool:
    """Return whether days stand before months: told by a number above 12, else by points, else by equal gaps."""
    found = [(at, DATE.fullmatch(text.strip())) for at, text in enumerate(texts) if isinstance(text, str)]
    dates = [(at, match) for at, match in found if match]
    if not dates:
        return True
    firsts, seconds = {int(match[1]) for _, match in dates}, {int(match[3]) for _, match in dates}
    if max(firsts) > 12 or max(seconds) > 12:
        return max(firsts) > 12
    if all(match[2] == "." for _, match in dates):
        return True
    weekly = [_gaps_are_weeks([match for _, match in dates], day_first=order) for order in (True, False)]
    order = weekly[0] or not weekly[1]
    at, match = dates[0]
    day = day_of_date(match, day_first=order)
    if column is not None and weekly[0] == weekly[1]:
        told.add("TC277", export.place(at, column.at), f"{quoted(texts[at])} read as {day}")
    return order


def _gaps_are_weeks(dates: Sequence[re.Match[str]], *, day_first: bool) -> bool:
    days = sorted({day for match in dates if (day := day_of_date(match, day_first=day_first))})
    return len(days) > 1 and all((after - before).days % 7 == 0 for before, after in pairwise(days))
