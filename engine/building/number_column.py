"""A raw column as numbers: bounds, shares, and numbers typed as text.

Owns: what counts as a number in a column, and the issues of those that do not.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np

from engine.building.journal import Journal, Problem
from engine.building.texts import EXACT, is_blank, key_of, quoted
from engine.building.typed_numbers import Mark, TypedNumber, parse_number
from engine.fields import Field, Type
from engine.issues import Place
from engine.tables import FAULTY, RawColumn

_PLAIN_TYPES = {float, int, type(None)}

_NOTHING = 1e-12
"""Below this a number is what is left of a formula such as =0.1+0.2-0.3."""

PlaceOf = Callable[[int], Place]


def read_numbers(values: RawColumn, field: Field, place: PlaceOf, journal: Journal) -> np.ndarray:
    """Return raw values as numbers.

    Parameters
    ----------
    field : gives type and bounds
    place : where the value of a record stands

    Returns
    -------
    float64, shape (records,)
        nan where nothing usable stands.
    """
    listed = values.tolist()
    if set(map(type, listed)) <= _PLAIN_TYPES:
        numbers = np.array(listed, dtype=np.float64)
    else:
        numbers = _mixed(listed, field, place, journal)
    numbers[np.abs(numbers) < _NOTHING] = 0.0
    _report_bounds(numbers, field, place, journal)
    return numbers


def _mixed(listed: list[object], field: Field, place: PlaceOf, journal: Journal) -> np.ndarray:
    numbers = np.full(len(listed), np.nan)
    typed: dict[int, TypedNumber] = {}
    wrong: list[Problem] = []
    for record, value in enumerate(listed):
        if value is FAULTY:
            journal.spoil()
        elif is_blank(value) or (field.words and key_of(value) in field.words):
            continue
        elif isinstance(value, float | int | np.number) and not isinstance(value, bool):
            numbers[record] = float(value)
        elif isinstance(value, str) and (number := _number_for(value, field)) is not None:
            typed[record] = number
        else:
            wrong.append(Problem(place(record), _description(value)))
    journal.add_each("TC202", wrong)
    _settle(numbers, typed, _Told(listed, place, journal))
    return numbers


def _number_for(text: str, field: Field) -> TypedNumber | None:
    number = parse_number(text)
    if number is not None and number.is_percent and field.type is not Type.SHARE and not field.percent:
        return None
    return number


def _description(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return f"the date {quoted(value)}"
    return f"the text {quoted(value)}" if isinstance(value, str) else quoted(value)


class _Told:
    """Whom to tell about numbers typed as text."""

    def __init__(self, listed: list[object], place: PlaceOf, journal: Journal) -> None:
        self.listed, self.place, self.journal = listed, place, journal


def _settle(numbers: np.ndarray, typed: dict[int, TypedNumber], told: _Told) -> None:
    """Take in numbers typed as text; the column's clear ones decide what the unclear ones mean."""
    marks = {number.tells for number in typed.values()} - {None}
    mark: Mark | None = next(iter(marks)) if len(marks) == 1 else None
    unclear: list[Problem] = []
    for record, number in typed.items():
        if number.is_ambiguous and mark is None:
            low, high = sorted(number.readings.values())
            found = f"the text {quoted(told.listed[record])}, which could be {low:,.12g} or {high:,.12g}"
            unclear.append(Problem(told.place(record), found))
        else:
            numbers[record] = number.value(mark)
    told.journal.add_each("TC203", unclear)
    read = [record for record in typed if np.isfinite(numbers[record])]
    if read:
        first = read[0]
        one = f"{quoted(told.listed[first])} read as {numbers[first]:,.12g}"
        found = f"{len(read)} number(s) typed as text, the first {one}"
        told.journal.add("TC501", told.place(first), found)


def _report_bounds(numbers: np.ndarray, field: Field, place: PlaceOf, journal: Journal) -> None:
    with np.errstate(invalid="ignore"):
        low = numbers <= field.lower if field.above else numbers < field.lower
        inexact = np.abs(numbers) >= EXACT
        outside = np.flatnonzero(low | (numbers > field.upper) | inexact)
    out, percent = [], []
    for record in outside.tolist():
        number = float(numbers[record])
        if field.type is Type.SHARE and field.upper < number <= 100 * field.upper:
            mend = f"Type {number:g} % (with the percent sign), if {number:g} per cent is meant."
            percent.append(Problem(place(record), f"{number:g}", mend=mend))
        else:
            expected = f"a number below {EXACT:,.0f}" if inexact[record] else bounds_words(field)
            out.append(Problem(place(record), f"{number:,.12g}", expected=expected))
    journal.add_each("TC205", percent)
    journal.add_each("TC204", out)


def bounds_words(field: Field) -> str:
    """Return the bounds of a field in words."""
    low = f"above {field.lower:g}" if field.above else f"{field.lower:g} or more"
    words = [low] if np.isfinite(field.lower) else []
    if np.isfinite(field.upper):
        words.append(f"at most {field.upper:g}")
    return f"a number, {', '.join(words)}" if words else "a number"
