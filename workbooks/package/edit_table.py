"""Values of an input table changed, and records added: only for commands that exist to edit inputs.

Owns: both in one step, on one workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.issues import Issue
from engine.tables import InputTable
from workbooks.package.append_rows import Record, append_rows
from workbooks.package.book import Book
from workbooks.package.parts import Parts
from workbooks.package.set_cells import Place, set_cells


def change_cells(data: bytes, cells: Mapping[str, Mapping[Place, object]]) -> bytes:
    """Return a workbook with values in some of its cells. cells : sheet → (row, column) → value."""
    book = Book(Parts(data))
    part_of = {sheet.name: sheet.part for sheet in book.sheets}
    for sheet, values in cells.items():
        part = part_of[sheet]
        book.parts.put(part, set_cells(book.parts.part(part), values, is_1904=book.counts_from_1904))
    return book.parts.data()


def edit_table(
    data: bytes, table: InputTable, values: Mapping[Place, object], records: Sequence[Record]
) -> bytes | Issue:
    """Return a workbook with some cells of an input table changed and records added below it.

    Parameters
    ----------
    table : as it was read from this workbook
    values : sheet row and column → value
    records : field name → value
    """
    changed = change_cells(data, {table.sheet: values}) if values else data
    return append_rows(changed, table, records) if records else changed
