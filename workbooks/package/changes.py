"""How many numbers a run changes, and which tables it moves.

Owns: the comparison of our tables as they stand in a book with what is about to be written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from solver.frozen import frozen
from workbooks.package.cells import is_numeric
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


def find_changes(data: bytes, own: Mapping[str, str], sheets: Sequence[Sheet]) -> Changes:
    """Return what differs between our tables as they are and as they stand in the book.

    Parameters
    ----------
    own : logical name → name in the book, of our sheets that stand there
    """
    from workbooks.package.values import Values

    before = Values(data) if own else None
    count = 0
    moved = set()
    for sheet in sheets:
        if sheet.table is None:
            continue
        rows: list[list[object]] = []
        if before is not None and sheet.name in own:
            rows = before.rows(own[sheet.name])
        compared = _compare(sheet.table, rows[sheet.table.top - 1 :])
        count += compared.numbers
        if rows and compared.has_moved:
            moved.add(sheet.name)
    return Changes(count, frozenset(moved))


@frozen
class _Compared:
    numbers: int
    has_moved: bool


def _compare(table: Table, before: Sequence[Sequence[object]]) -> _Compared:
    """Return how a table differs from rows read back, the header first."""
    numeric = [column for column in table.columns if is_numeric(column)]
    if not before:
        return _Compared(sum(int(np.isfinite(_numbers(column)).sum()) for column in numeric), has_moved=False)
    names = [str(value) for value in before[0]]
    at = {name: column for column, name in enumerate(names)}
    keys = [column for column in table.columns[: _first_number(table)] if column.header in at]
    row_of = _rows_by_key(before[1:], [at[column.header] for column in keys])
    rows = np.array([row_of.get(key, -1) for key in zip(*(_texts(column) for column in keys), strict=True)], dtype=int)
    count = 0
    largest = max((float(np.nanmax(np.abs(_numbers(column)), initial=0.0)) for column in numeric), default=0.0)
    for column in numeric:
        now = _numbers(column)
        then = np.full(len(now), np.nan)
        if column.header in at and len(rows):
            values = np.array([_as_number(row[at[column.header]]) for row in before[1:]] + [np.nan])
            then = values[rows]
        close = np.abs(now - then) <= _SAME * np.maximum(np.maximum(np.abs(now), np.abs(then)), largest / 1000)
        count += int((~(close | (np.isnan(now) & np.isnan(then)))).sum())
    ours = slice(table.left - 1, table.left - 1 + len(table.columns))
    in_place = names[ours] == [column.header for column in table.columns] and bool((rows == np.arange(len(rows))).all())
    return _Compared(count, not in_place or len(row_of) > len(rows))


def _first_number(table: Table) -> int:
    return next((at for at, column in enumerate(table.columns) if is_numeric(column)), len(table.columns))


def _rows_by_key(rows: Sequence[Sequence[object]], columns: Sequence[int]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows):
        found.setdefault(tuple(_as_text(row[column]) for column in columns), number)
    return found


def _texts(column: Column) -> Sequence[str]:
    values = column.values.cached.tolist() if isinstance(column.values, Formulas) else column.values
    return [_as_text(value) for value in values]


def _numbers(column: Column) -> np.ndarray:
    values = column.values
    return np.asarray(values.cached if isinstance(values, Formulas) else values, dtype=np.float64)


def _as_number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else np.nan


def _as_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
