"""From a range on a sheet to columns of raw values.

Owns: which rows are records, which cells are faulty, and which column is which field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from engine.codes import issue
from engine.fields import TABLE, Field, Table, normalise_header
from engine.issues import Issue, Place
from engine.tables import FAULTY, ExtraColumn, InputTable
from solver.frozen import frozen
from workbooks.package.old_sheet import Rectangle
from workbooks.read.faults import Faults
from workbooks.read.located import Located
from workbooks.read.sheets import Grid, plain
from workbooks.read.words import NOTHING, TOTALS

_NAMED = 20
_KEYS = ("Metric", "Org", "Queue", "Period", "Each", "Node", "Parent")
"""Columns that say what a row is about."""
_NEARLY = 0.8
_FIRST = 3
"""Columns that are looked through for the name of a total."""


@frozen
class Read:
    """An input table, and what was found while reading it."""

    table: InputTable
    issues: tuple[Issue, ...]


def read_records(located: Located, grid: Grid, faults: Faults) -> Read:
    """Return an input table of raw values.

    Parameters
    ----------
    grid : values of its sheet; faults : what is wrong on that sheet
    """
    issues: list[Issue] = []
    block = _block(located, grid)
    rows = np.arange(located.first, located.first + len(block), dtype=np.int64)
    columns = [_column(values) for values in zip(*block, strict=True)] if block else [
        np.zeros(0, dtype=object) for _ in located.headers
    ]  # fmt: skip
    issues += _mark_faults(located, columns, faults)
    kept, left_out = _records(located, columns, rows)
    issues += left_out
    columns = [column[kept] for column in columns]
    issues += _drop_signs(located, columns, rows[kept])
    table, named = _name_columns(located, columns, rows[kept])
    return Read(table, (*issues, *named))


def _block(located: Located, grid: Grid) -> list[list[object]]:
    width = len(located.headers)
    start = located.left - 1
    block = [row[start : start + width] for row in grid[located.first - 1 : located.last]]
    if block and len(block[0]) < width:
        block = [[*row, *[""] * (width - len(row))] for row in block]
    return block


def _column(values: Sequence[object]) -> np.ndarray:
    found = np.empty(len(values), dtype=object)
    kinds = set(map(type, values))
    if kinds <= {float}:
        found[:] = values
    elif kinds <= {str}:
        known = {text: text.strip() or None for text in set(values) if isinstance(text, str)}
        found[:] = [known[text] for text in values]  # type: ignore[index]  # all are texts
    else:
        found[:] = [plain(value) for value in values]
    return found


def _mark_faults(located: Located, columns: list[np.ndarray], faults: Faults) -> list[Issue]:
    issues = []
    area = located.area
    for code, cells in (("TC120", faults.errors), ("TC121", faults.uncached), ("TC123", faults.ours)):
        inside = sorted(place for place in cells if area.holds(*place))
        for place in inside:
            columns[place[1] - area.left][place[0] - area.top] = FAULTY
        issues += [issue(code, _place(located, *place), cells[place]) for place in inside[:_NAMED]]
        if len(inside) > _NAMED:
            issues.append(issue(code, _place(located, *inside[_NAMED]), f"and {len(inside) - _NAMED:,} more cells"))
    with_header = replace(area, top=located.header_row)
    merges = [merge for merge in faults.merges if _overlap(merge, with_header)]
    for at, merge in enumerate(merges):
        _cover(merge, area, columns)
        if at < _NAMED:
            words = f"{merge.bottom - merge.top + 1} × {merge.right - merge.left + 1} cells in one"
            issues.append(issue("TC122", _place(located, merge.top, merge.left), words))
    return issues


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return not (one.bottom < other.top or one.top > other.bottom or one.right < other.left or one.left > other.right)


def _cover(merge: Rectangle, area: Rectangle, columns: list[np.ndarray]) -> None:
    for column in range(max(merge.left, area.left), min(merge.right, area.right) + 1):
        values = columns[column - area.left]
        values[max(merge.top - area.top, 0) : min(merge.bottom, area.bottom) - area.top + 1] = FAULTY


def _is_filled(column: np.ndarray) -> np.ndarray:
    return np.array([value is not None for value in column.tolist()], dtype=bool)


def _records(located: Located, columns: list[np.ndarray], rows: np.ndarray) -> tuple[np.ndarray, list[Issue]]:
    """Return which rows are records, and a note on those inside an Excel table that are not."""
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= _is_filled(column)
    is_total = np.zeros(len(rows), dtype=bool)
    for column in _naming(located, columns)[:_FIRST]:
        texts = {value for value in set(column.tolist()) if isinstance(value, str) and value.casefold() in TOTALS}
        if texts:
            is_total |= np.isin(column.astype(str), list(texts))
            break
    kept = filled & ~is_total
    if not located.is_table or kept.all():
        return kept, []
    told = []
    for what, which in (("blank rows", ~filled), ("rows of totals", is_total)):
        if which.any():
            at = int(np.flatnonzero(which)[0])
            told.append(issue("TC125", _place(located, int(rows[at]), 0), f"{int(which.sum())} {what}"))
    return kept, told


def _naming(located: Located, columns: list[np.ndarray]) -> list[np.ndarray]:
    """Return the columns that may name a total: in Basis, “total” is a choice like any other."""
    choices = {normalise_header(each.name) for each in TABLE[located.name].fields if each.choices}
    headers = [normalise_header(header) if isinstance(header, str) else "" for header in located.headers]
    return [column for header, column in zip(headers, columns, strict=True) if header not in choices]


def _drop_signs(located: Located, columns: list[np.ndarray], rows: np.ndarray) -> list[Issue]:
    """Empty the cells that hold a sign for nothing; one note per column."""
    notes = []
    for at, column in enumerate(columns):
        texts = {value for value in set(column.tolist()) if isinstance(value, str) and value.casefold() in NOTHING}
        if not texts:
            continue
        which = np.array([value in texts if isinstance(value, str) else False for value in column.tolist()])
        first = int(np.flatnonzero(which)[0])
        column[which] = None
        place = _place(located, int(rows[first]), located.left + at, str(located.headers[at]))
        count = int(which.sum())
        cells = "1 cell" if count == 1 else f"{count:,} cells"
        notes.append(issue("TC124", place, f"{', '.join(sorted(texts))} in {cells}"))
    return notes


def _name_columns(located: Located, columns: list[np.ndarray], rows: np.ndarray) -> tuple[InputTable, list[Issue]]:
    table = TABLE[located.name]
    fields = {normalise_header(field.name): field for field in table.fields}
    present = {normalise_header(header) for header in located.headers if isinstance(header, str)}
    values: dict[str, np.ndarray] = {}
    at_column: dict[str, int] = {}
    extra: list[ExtraColumn] = []
    issues: list[Issue] = []
    for at, (header, column) in enumerate(zip(located.headers, columns, strict=True)):
        sheet_column = located.left + at
        field = fields.get(normalise_header(header)) if isinstance(header, str) else None
        place = Place(located.name, located.sheet, located.header_row, sheet_column, str(header))
        if field is None and (meant := _misspelt(table, header, present)) is not None:
            issues.append(issue("TC127", place, f"“{header}”; did you mean “{meant.name}”?"))
            field = meant  # whatever else is wrong shows, too
        if field is None:
            if header not in ("", None):
                extra.append(ExtraColumn(plain(header), sheet_column, column))
                issues += _unknown(table, place, header)
        elif field.name in values:
            issues.append(issue("TC106", place, f"{header}: {field.name} stands in two columns"))
        else:
            values[field.name], at_column[field.name] = column, sheet_column
    issues += _missing_columns(table, located, values)
    read = InputTable(
        located.name, located.sheet, located.header_row, rows, values, at_column, tuple(extra), located.is_table
    )
    return read, issues


def _misspelt(table: Table, header: object, present: set[str]) -> Field | None:
    """Return the key that a header nearly says, where the table has no column for that key.

    Left alone, such a column would let every row speak of all teams, queues or periods.
    """
    missing = {
        normalise_header(name): name
        for name in _KEYS
        if normalise_header(name) not in present and any(field.name == name for field in table.fields)
    }
    near = get_close_matches(normalise_header(header), list(missing), 1, _NEARLY) if isinstance(header, str) else []
    return table.field(missing[near[0]]) if near else None


def _unknown(table: Table, place: Place, header: object) -> list[Issue]:
    if table.wide or table.levels:
        return []  # a period, a metric, a level: the engine judges them
    names = {normalise_header(field.name): field.name for field in table.fields}
    near = get_close_matches(normalise_header(header), list(names), 1, 0.7)
    found = f"{header}; did you mean {names[near[0]]}?" if near else str(header)
    return [issue("TC113", place, found)]


def _missing_columns(table: Table, located: Located, values: dict[str, np.ndarray]) -> list[Issue]:
    """Return required columns that are not there; a wide or level-column table is judged by the engine."""
    missing = [field for field in table.fields if field.required and field.name not in values]
    if not missing or (table.levels and len(values) < len(table.fields)):
        return []
    if table.wide:
        missing = [field for field in missing if field.name not in ("Metric", "Value")]
    place = Place(located.name, located.sheet, located.header_row, located.left)
    headers = [str(header) for header in located.headers if header not in ("", None)]
    return [issue("TC105", place, _nearest(field, headers)) for field in missing]


def _nearest(field: Field, headers: list[str]) -> str:
    near = get_close_matches(normalise_header(field.name), [normalise_header(each) for each in headers], 1, 0.7)
    actual = next((each for each in headers if near and normalise_header(each) == near[0]), "")
    return f"{field.name}; did you mean {actual}?" if actual else field.name


def _place(located: Located, row: int, column: int, field: str = "") -> Place:
    if not field and 0 <= column - located.left < len(located.headers):
        field = str(located.headers[column - located.left] or "")
    return Place(located.name, located.sheet, row, column, field)
