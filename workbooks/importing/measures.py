"""What an export counts: one measure per numeric column, per name in a metric column, or one for periods across.

Owns: which cells of a record hold which measure of which period.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.building.spans import Span
from engine.building.texts import key_of
from solver.frozen import frozen
from workbooks.importing import vocabulary as words
from workbooks.importing.columns import NUMERIC, Column, period_headers
from workbooks.importing.export import Export
from workbooks.importing.guesses import Told
from workbooks.importing.moments import read_span
from workbooks.importing.names import plain_name
from workbooks.importing.numbers import Numbers, are_numbers, read_numbers
from workbooks.importing.vocabulary import Role

UNNAMED = "Volume"

COUNTS = frozenset({Role.VOLUME, Role.INFLOW, Role.BACKLOG, Role.SAMPLE})
"""Measures that are counted: their numbers are whole, so that 1,477 and 1.477 mean thousands."""


@frozen
class Measure:
    """Something counted. header : as it stands, for units in brackets; column : -1 where it stands in several."""

    name: str
    role: Role
    header: str
    column: int = -1


@frozen
class Reading:
    """One number of an export: record and column of its cell, its measure, and its period where the column says it."""

    record: int
    column: int
    measure: int
    value: float
    span: Span | None


@frozen
class Measured:
    """All numbers of an export."""

    measures: tuple[Measure, ...]
    readings: tuple[Reading, ...]
    percent: frozenset[int]


def measure(export: Export, columns: Sequence[Column], told: Told) -> Measured:
    """Return the measures of an export and all their numbers."""
    across = period_headers(export)
    named = next((column for column in columns if column.role is Role.METRIC), None)
    if across:
        return _across(export, across, named, told)
    numeric = [column for column in columns if column.role in NUMERIC]
    if named is not None:
        values = numeric or [column for column in columns if _could_hold_values(export, column)]
        if values:
            return _by_name(export, named, values[0], told)
    return _by_column(export, numeric, told)


def _could_hold_values(export: Export, column: Column) -> bool:
    return column.role is Role.IGNORE and are_numbers(export.column(column.at))


def _by_column(export: Export, numeric: Sequence[Column], told: Told) -> Measured:
    measures, readings, percent = [], [], set()
    for at, column in enumerate(numeric):
        measures.append(Measure(plain_name(_without_unit(column.header)), column.role, column.header, column.at))
        numbers = read_numbers(export, column.at, told, are_whole=column.role in COUNTS)
        readings += [
            Reading(record, column.at, at, value, None)
            for record, value in enumerate(numbers.values)
            if value is not None
        ]
        if numbers.percent:
            percent.add(at)
    return Measured(tuple(measures), tuple(readings), frozenset(percent))


def _by_name(export: Export, named: Column, values: Column, told: Told) -> Measured:
    measures, of_record = _named_measures(export, named)
    numbers = read_numbers(export, values.at, told)
    readings = tuple(
        Reading(record, values.at, of_record[record], value, None)
        for record, value in enumerate(numbers.values)
        if value is not None and of_record[record] >= 0
    )
    return Measured(measures, readings, _percent_of(export, values.at, numbers, of_record))


def _percent_of(export: Export, column: int, numbers: Numbers, of_record: Sequence[int]) -> frozenset[int]:
    if not numbers.percent:
        return frozenset()
    cells = export.column(column)
    return frozenset(of_record[at] for at, cell in enumerate(cells) if isinstance(cell, str) and cell.endswith("%"))


def _across(export: Export, across: Sequence[int], named: Column | None, told: Told) -> Measured:
    measures, of_record = (
        _named_measures(export, named)
        if named is not None
        else ((Measure(UNNAMED, Role.VOLUME, UNNAMED),), [0] * len(export.records))
    )
    readings: list[Reading] = []
    percent: set[int] = set()
    for column in across:
        span = read_span(export.headers[column])
        numbers = read_numbers(export, column, told, are_whole=all(each.role in COUNTS for each in measures))
        readings += [
            Reading(record, column, of_record[record], value, span)
            for record, value in enumerate(numbers.values)
            if value is not None and of_record[record] >= 0
        ]
        percent |= _percent_of(export, column, numbers, of_record)
    first, last = export.headers[across[0]], export.headers[across[-1]]
    told.guess("columns of periods", f"{first} … {last}", f"{len(across)} periods across",
               "Their headers are periods", place=export.header_place(across[0]))  # fmt: skip
    return Measured(measures, tuple(readings), frozenset(percent))


def _named_measures(export: Export, named: Column) -> tuple[tuple[Measure, ...], list[int]]:
    """Return the measures that a column names, and which of them each record holds."""
    names: dict[str, int] = {}
    measures: list[Measure] = []
    of_record = []
    for value in export.column(named.at):
        if value is None:
            of_record.append(-1)
            continue
        key = key_of(plain_name(value))
        if key not in names:
            names[key] = len(measures)
            shown = plain_name(value)
            measures.append(Measure(plain_name(_without_unit(shown)), role_of_name(shown), shown))
        of_record.append(names[key])
    return tuple(measures), of_record


def role_of_name(name: str) -> Role:
    """Return what a metric is by its name; a volume where nothing else is said."""
    said = words.words_of(name)
    for role, known in (
        (Role.HANDLE_TIME, words.HANDLE_TIMES), (Role.SAMPLE, words.SAMPLES), (Role.RATE, words.RATES),
        (Role.HOURS, words.HOURS), (Role.BACKLOG, words.BACKLOGS), (Role.VOLUME, words.VOLUMES),
        (Role.INFLOW, words.INFLOWS), (Role.FTE, words.FTES),
    ):  # fmt: skip
        if words.has_any(said, known):
            return role
    return Role.RATE if "%" in said else Role.VOLUME


def _without_unit(header: str) -> str:
    start = header.rfind("(")
    bare = header[:start] if start > 0 and header.rstrip().endswith(")") else header
    return bare.strip().rstrip("%#").strip() or header
