"""How many numbers a run changes, and which tables it moves.

Owns: the comparison of our tables as they stand in a book with what is about to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from operator import eq

import numpy as np

from solver.frozen import frozen
from workbooks.package.cells import is_numeric
from workbooks.package.known_numbers import numbers_of
from workbooks.package.old_sheet import Value
from workbooks.package.old_table import OldTable
from workbooks.tabs.model import Column, Formulas, Sheet, Table

_SAME = 1e-9
"""Part of a number, and of a thousandth of the table's largest, below which a difference is one of calculating anew."""


@frozen
class Changes:
    """What a run changes in our tables.

    numbers : how many differ; all of a table that is new
    moved : logical names of the sheets on which a record or column does not stand any more where it stood
    """

    numbers: int
    moved: frozenset[str]


@frozen
class Before:
    """One of our tables as it stands in the book.

    table : all of it
    some : a few of its records, where all others are the same as those about to be written; None = it is not known
    numbers : its columns of numbers, beside those about to be written, where records stand alike; None = not known
    """

    table: Callable[[], OldTable]
    some: Callable[[], SomeRecords | None] = lambda: None
    numbers: Callable[[], Sequence[tuple[Column, np.ndarray]] | None] = lambda: None


@frozen
class SomeRecords:
    """A table of which only some records were read. at : their numbers, int64."""

    table: OldTable
    at: np.ndarray


def find_changes(before: Callable[[str], Before | None], sheets: Sequence[Sheet]) -> Changes:
    """Return what differs between our tables as they are and as they stand in the book.

    Parameters
    ----------
    before : logical name → our table as it stands in the book, None where there is none
    """
    count = 0
    moved = set()
    for sheet in sheets:
        if sheet.table is None:
            continue
        stands = before(sheet.name)
        compared = _compare(sheet.table, stands) if stands is not None else _all_new(sheet.table)
        count += compared.numbers
        if compared.has_moved:
            moved.add(sheet.name)
    return Changes(count, frozenset(moved))


@frozen
class _Compared:
    numbers: int
    has_moved: bool


def _all_new(table: Table) -> _Compared:
    numeric = [column for column in table.columns if is_numeric(column)]
    return _Compared(sum(int(np.isfinite(numbers_of(column)).sum()) for column in numeric), has_moved=False)


def _compare(table: Table, before: Before) -> _Compared:
    """Return how a table differs from what stands in its place."""
    if (known := before.numbers()) is not None:
        return _Compared(_count(known, np.arange(table.length)), has_moved=False)
    some = before.some()
    if some is not None:
        then, at = zip(_keys(table), some.table.columns, strict=False), some.at.tolist()
        if all(_texts(_shown(key, at)) == _texts([was.shown[each] for each in at]) for key, was in then):
            pairs = zip(table.columns, some.table.columns, strict=True)
            listed = [(column, _as_numbers(was.shown)) for column, was in pairs if is_numeric(column)]
            return _Compared(_count(listed, some.at), has_moved=False)
    return _compare_all(table, before.table())


def _compare_all(table: Table, old: OldTable) -> _Compared:
    then = dict(zip(map(_as_text, old.headers), old.columns, strict=True))
    keys = [column for column in _keys(table) if column.header in then]
    found = _found_again([_texts(_shown(column)) for column in keys], [_texts(then[key.header].shown) for key in keys])
    nowhere = np.full(table.length, np.nan)
    listed = []
    for column in filter(is_numeric, table.columns):
        is_there = column.header in then and len(found.rows)
        was = np.append(_as_numbers(then[column.header].shown), np.nan)[found.rows] if is_there else nowhere
        listed.append((column, was))
    headers = [column.header for column in table.columns]
    is_in_place = old.area.left == table.left and [_as_text(each) for each in old.headers[: len(headers)]] == headers
    return _Compared(_count(listed, np.arange(table.length)), has_moved=not is_in_place or found.has_moved)


def _count(columns: Sequence[tuple[Column, np.ndarray]], at: np.ndarray) -> int:
    """Return how many numbers differ from what they were. at : records that are compared."""
    largest = max((float(np.nanmax(np.abs(numbers_of(column)), initial=0.0)) for column, _ in columns), default=0.0)
    count = 0
    for column, before in columns:
        now, was = numbers_of(column)[at], before[at]
        close = np.abs(now - was) <= _SAME * np.maximum(np.maximum(np.abs(now), np.abs(was)), largest / 1000)
        count += int((~(close | (np.isnan(now) & np.isnan(was)))).sum())
    return count


def _keys(table: Table) -> Sequence[Column]:
    """Return the columns before the first number: they say what a record is about."""
    first = next((at for at, column in enumerate(table.columns) if is_numeric(column)), len(table.columns))
    return table.columns[:first]


@frozen
class _Found:
    """Where records stood before: their numbers, -1 = nowhere; whether any moved or went."""

    rows: np.ndarray
    has_moved: bool


def _found_again(now: Sequence[Sequence[str]], then: Sequence[Sequence[str]]) -> _Found:
    """Return where records stood before. now, then : columns of their keys."""
    length = len(now[0]) if now else 0
    if all(map(_is_equal, now, then)):
        return _Found(np.arange(length), has_moved=False)
    row_of: dict[tuple[str, ...], int] = {}
    for number, key in enumerate(zip(*then, strict=True)):
        if any(key):  # a table without records covers one empty row
            row_of.setdefault(key, number)
    rows = np.array([row_of.get(key, -1) for key in zip(*now, strict=True)], dtype=int)
    return _Found(rows, has_moved=len(row_of) > length or not bool((rows == np.arange(length)).all()))


def _is_equal(now: Sequence[str], then: Sequence[str]) -> bool:
    return len(now) == len(then) and all(map(eq, now, then))


def _shown(column: Column, at: Sequence[int] | None = None) -> Sequence[object]:
    """Return what cells show. at : of which records; None = of all."""
    values = column.values.cached if isinstance(column.values, Formulas) else column.values
    return list(values) if at is None else [values[each] for each in at]


def _texts(values: Sequence[object] | np.ndarray) -> list[str]:
    return [each if type(each) is str else _as_text(each) for each in values]


def _as_numbers(shown: np.ndarray | list[Value]) -> np.ndarray:
    if isinstance(shown, list):
        return np.array([each if isinstance(each, float) else np.nan for each in shown], dtype=np.float64)
    return shown


def _as_text(value: object) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else str(int(value)) if value.is_integer() else str(value)
    return "" if value is None else str(value)
