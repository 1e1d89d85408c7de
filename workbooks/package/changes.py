"""How many numbers a run changes.

Owns: the comparison of our tables as they stand in a book with what is about to be written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import numpy as np

from workbooks.package.cells import is_numeric
from workbooks.tabs.model import Column, Formulas, Sheet, Table

_SAME = 1e-9
"""Part of a number, and of a thousandth of the table's largest, below which a difference is one of calculating anew."""


def count_changes(data: bytes, own: Mapping[str, str], sheets: Sequence[Sheet]) -> int:
    """Return how many numbers in tables differ from those in the book; all of a table that is new.

    Parameters
    ----------
    own : logical name → name in the book, of our sheets that stand there
    """
    from python_calamine import CalamineWorkbook

    before = CalamineWorkbook.from_filelike(BytesIO(data)) if own else None
    count = 0
    for sheet in sheets:
        if sheet.table is None:
            continue
        rows: list[list[object]] = []
        if before is not None and sheet.name in own:
            rows = list(map(list, before.get_sheet_by_name(own[sheet.name]).to_python(skip_empty_area=False)))
        count += _differences(sheet.table, rows[sheet.table.top - 1 :])
    return count


def _differences(table: Table, before: Sequence[Sequence[object]]) -> int:
    """Return in how many numbers a table differs from rows read back, the header first."""
    names = [str(value) for value in before[0]] if before else []
    at = {name: column for column, name in enumerate(names)}
    keys = [column for column in table.columns[: _first_number(table)] if column.header in at]
    row_of = _rows_by_key(before[1:], [at[column.header] for column in keys])
    rows = np.array([row_of.get(key, -1) for key in zip(*(_texts(column) for column in keys), strict=True)], dtype=int)
    count = 0
    numeric = [column for column in table.columns if is_numeric(column)]
    largest = max((float(np.nanmax(np.abs(_numbers(column)), initial=0.0)) for column in numeric), default=0.0)
    for column in numeric:
        now = _numbers(column)
        then = np.full(len(now), np.nan)
        if column.header in at and len(rows):
            values = np.array([_as_number(row[at[column.header]]) for row in before[1:]] + [np.nan])
            then = values[rows]
        close = np.abs(now - then) <= _SAME * np.maximum(np.maximum(np.abs(now), np.abs(then)), largest / 1000)
        count += int((~(close | (np.isnan(now) & np.isnan(then)))).sum())
    return count


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
