"""Rows appended to an input table of the analyst's: only for commands that exist to edit inputs.

Owns: putting records below the last one, in the style of the row above, and growing the Excel table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.codes import issue
from engine.issues import Issue, Place
from engine.tables import InputTable
from workbooks.addresses import cell_name
from workbooks.package.book import Book
from workbooks.package.input_table import set_last_row
from workbooks.package.old_sheet import Rectangle
from workbooks.package.parts import Parts
from workbooks.package.put_rows import Put, put_rows
from workbooks.package.sheet_rows import first_filled

Record = Mapping[str, str | float]


def append_rows(data: bytes, table: InputTable, records: Sequence[Record]) -> bytes | Issue:
    """Return the workbook with records appended to an input table.

    Parameters
    ----------
    table : as it was read from this workbook
    records : field name → value; fields that the table has no column for are left out

    Returns
    -------
    bytes or Issue
        An issue where a cell below the table is filled, or a row of totals stands there.
    """
    book = Book(Parts(data))
    part = next(sheet.part for sheet in book.sheets if sheet.name == table.sheet)
    last = int(table.rows.max(initial=table.header_row))
    listed = sorted([*table.columns.values(), *(extra.column for extra in table.extra)])
    columns = {column: _column([record.get(name) for record in records]) for name, column in table.columns.items()}
    area = Rectangle(table.header_row + 1, listed[0], max(last, table.header_row + 1), listed[-1])
    others = frozenset(range(listed[0], listed[-1] + 1)) - set(columns)
    put = Put(area, last + 1, columns, len(records), dict.fromkeys(others, ""))
    taken = first_filled(book.parts.part(part), Rectangle(last + 1, listed[0], put.last, listed[-1]))
    if taken is not None:
        return issue("TC612", Place(table.name, table.sheet, *taken), cell_name(*taken))
    book.parts.put(part, put_rows(book.parts.part(part), put))
    set_last_row(book, part, table.name, put.last, is_grown=True)
    return book.parts.data()


def _column(values: Sequence[str | float | None]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = [None if value == "" else value for value in values]
    return column
