"""A column of an export as numbers: thousands commas, percent signs, minutes and seconds.

Owns: what a cell of a numeric column means, and the cells that mean nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

from engine.building.texts import quoted
from engine.building.typed_numbers import Mark, TypedNumber, parse_number
from solver.frozen import frozen
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.read.words import NOTHING

_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:\.\d+)?")
_ENOUGH = 0.8
_MARKS = ",'’ \u00a0\u202f"


@frozen
class Numbers:
    """The numbers of one column, one per record.

    values : None where a cell holds no number
    percent : cells written with a percent sign
    """

    values: list[float | None]
    percent: int


def is_nothing(value: object) -> bool:
    """Whether a cell is blank or a sign for nothing."""
    return value is None or (isinstance(value, str) and value.strip().casefold() in NOTHING)


def are_numbers(values: Sequence[object]) -> bool:
    """Whether most filled cells can be read as numbers."""
    filled = [value for value in values if not is_nothing(value)]
    if not filled:
        return False
    good = sum(_parse(value) is not None for value in filled)
    return good >= _ENOUGH * len(filled)


def _parse(value: object) -> TypedNumber | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (float, int)):
        return float(value) if isfinite(value) else None
    return _parse_text(value) if isinstance(value, str) else None


@lru_cache(maxsize=100_000)  # counts and shares repeat
def _parse_text(value: str) -> TypedNumber | float | None:
    clock = _CLOCK.fullmatch(value.strip())
    if clock:
        return 3600.0 * int(clock[1] or 0) + 60.0 * int(clock[2]) + int(clock[3])
    number = parse_number(value)
    return number if number is not None and all(map(isfinite, number.readings.values())) else None


def read_numbers(export: Export, column: int, told: Told, *, are_whole: bool = False) -> Numbers:
    """Return a column as numbers; what is none, and what was typed as text with marks, is named.

    Parameters
    ----------
    are_whole : whether the column counts something, which settles what 1,477 and 1.477 mean
    """
    values: list[float | None] = [None] * len(export.records)
    typed: dict[int, TypedNumber] = {}
    percent = 0
    for record, value in enumerate(export.column(column)):
        if is_nothing(value):
            continue
        found = _parse(value)
        if found is None:
            told.add("TC264", export.place(record, column), _shown(value))
        elif isinstance(found, float):
            values[record] = found
        else:
            typed[record] = found
            percent += found.is_percent
    _settle(export, column, values, typed, told, are_whole=are_whole)
    return Numbers(values, percent)


def _settle(
    export: Export,
    column: int,
    values: list[float | None],
    typed: dict[int, TypedNumber],
    told: Told,
    *,
    are_whole: bool,
) -> None:
    """Take in numbers typed as text; the column's clear ones decide what the unclear ones mean."""
    mark = _decimal_mark(list(typed.values()), are_whole=are_whole)
    marked = []
    for record, number in typed.items():
        values[record] = number.value(mark or Mark.POINT)
        if number.is_ambiguous or any(sign in str(export.records[record][column]) for sign in _MARKS):
            marked.append(record)
    if not marked:
        return
    first = next((record for record in marked if typed[record].is_ambiguous), marked[0])
    code = "TC265" if mark is None and typed[first].is_ambiguous else "TC266"
    shown = f"{quoted(export.records[first][column])} read as {values[first]:,g}"
    told.add(code, export.place(first, column), f"{len(marked)} number(s) with marks, for instance {shown}")


def _decimal_mark(typed: Sequence[TypedNumber], *, are_whole: bool) -> Mark | None:
    """Return the sign in front of decimals: what clear numbers show, else what makes a count whole."""
    shown = {number.tells for number in typed} - {None}
    if len(shown) == 1:
        return next(iter(shown))
    if are_whole and not shown:
        whole = [mark for mark in Mark if all(number.value(mark).is_integer() for number in typed)]
        # "1,000" is whole either way, and a count of one is not written so
        return max(whole, key=lambda mark: sum(number.value(mark) for number in typed), default=None)
    return None


def _shown(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return f"the date {quoted(value)}"
    return quoted(value)
