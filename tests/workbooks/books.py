"""Workbooks for tests, as bytes: tables from literals, and parts changed by hand."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence

import openpyxl
import xlsxwriter

from engine.tables import FAULTY, Inputs, InputTable
from tests.builders import BASELINE, ORG, PERIODS, QUEUES, TARGETS

Rows = Sequence[Sequence[object]]

METRICS: Rows = [("Metric", "Kind", "Unit"), ("Reviews", "volume", "items")]
SMALL: dict[str, Rows] = {
    "Metrics": METRICS, "Org": ORG, "Queues": QUEUES, "Periods": PERIODS, "Baseline": BASELINE, "Targets": TARGETS,
}  # fmt: skip


class Formula(str):
    """A formula; without ``cached`` it has no value in the file."""

    cached: object = None

    def showing(self, value: object) -> Formula:
        """Return the formula with a value."""
        self.cached = value
        return self


def book(
    tables: Mapping[str, Rows], *, as_tables: bool = True, top: int = 0, left: int = 0, **options: object
) -> bytes:
    """Return a workbook with each table on a sheet of its name.

    as_tables : as Excel tables; else plain ranges. top, left : where they start, 0-based
    options : of xlsxwriter, for instance ``date_1904``
    """
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    made.set_properties({"created": datetime.datetime(2026, 1, 1)})  # the same tables are the same bytes
    date = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in tables.items():
        sheet = made.add_worksheet(name)
        width = len(rows[0])
        if as_tables:
            headers = [{"header": str(header)} for header in rows[0]]
            sheet.add_table(
                top, left, top + max(len(rows) - 1, 1), left + width - 1, {"name": name, "columns": headers}
            )
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                _write(sheet, top + at, left + column, value, date)
    made.close()
    return target.getvalue()


def _write(sheet: object, row: int, column: int, value: object, date: object) -> None:
    if value is None or value is FAULTY:
        return
    if isinstance(value, Formula):
        sheet.write_formula(row, column, "=" + value, None, "" if value.cached is None else value.cached)
    elif isinstance(value, (datetime.date, datetime.datetime)):
        sheet.write_datetime(row, column, value, date)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


def small_book(**tables: Rows | None) -> bytes:
    """Return a small sound plan; tables given replace its own, None leaves one out."""
    return book({name: rows for name, rows in {**SMALL, **tables}.items() if rows is not None})


def book_of(inputs: Inputs) -> bytes:
    """Return the workbook of which these would be the input tables."""
    return book({name: _rows(table) for name, table in inputs.tables.items()})


def _rows(table: InputTable) -> Rows:
    columns = {table.columns[field]: (field, values) for field, values in table.values.items()}
    columns |= {extra.column: (extra.header, extra.values) for extra in table.extra}
    listed = [columns[at] for at in sorted(columns)]
    return [tuple(header for header, _ in listed), *zip(*(values.tolist() for _, values in listed), strict=True)]


def changed(data: bytes, changes: Mapping[str, Callable[[bytes], bytes] | bytes | None]) -> bytes:
    """Return a package with parts changed, added (bytes), or removed (None)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
        left = dict(changes)
        for name in source.namelist():
            change = left.pop(name, lambda part: part)
            if change is not None:
                result.writestr(name, change(source.read(name)) if callable(change) else change)
        for name, part in left.items():
            result.writestr(name, part)
    return target.getvalue()


def opened(data: bytes, **options: bool) -> openpyxl.Workbook:
    """Return a book as another program opens it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says which extensions it drops, as some people's tools do
        return openpyxl.load_workbook(io.BytesIO(data), **options)


def as_saved(book: openpyxl.Workbook) -> bytes:
    """Return a book as the other program saves it."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return a change that replaces bytes which must be there."""

    def change(part: bytes) -> bytes:
        assert old in part, (old, part[:500])
        return part.replace(old, new)

    return change
