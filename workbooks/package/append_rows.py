"""Rows appended to an input table of the analyst's: only for commands that exist to edit inputs.

Owns: putting records below the last one, in the style of the row above, and growing the Excel table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from engine.codes import issue
from engine.issues import Issue, Place
from engine.tables import InputTable
from workbooks.addresses import cell_name
from workbooks.package.book import Book
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.parts import Parts
from workbooks.package.texts import escaped, plain_number
from workbooks.package.xml import number_of, parsed, written

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
    root = parsed(book.parts.part(part))
    first = int(table.rows.max(initial=table.header_row)) + 1
    last = first + len(records) - 1
    columns = sorted([*table.columns.values(), *(extra.column for extra in table.extra)])
    taken = _first_filled(root, book.dialect, Rectangle(first, columns[0], last, columns[-1]))
    if taken is not None:
        return issue("TC612", Place(table.name, table.sheet, *taken), cell_name(*taken))
    for at, record in enumerate(records):
        values = {table.columns[name]: value for name, value in record.items() if name in table.columns and value != ""}
        _write_row(root, book.dialect, first + at, first - 1, values)
    book.parts.put(part, written(root))
    _grow_table(book, part, table, last)
    return book.parts.data()


def _first_filled(root: etree._Element, dialect: Dialect, area: Rectangle) -> tuple[int, int] | None:
    for cell in root.iter(dialect.tag("c")):
        place = cell_place(cell.get("r", "A1"))
        if area.holds(*place) and len(cell):
            return place
    return None


def _write_row(
    root: etree._Element, dialect: Dialect, number: int, model: int, values: Mapping[int, str | float]
) -> None:
    rows = root.find(dialect.tag("sheetData"))
    if rows is None:
        raise ValueError("a sheet without rows")
    by_number = {number_of(row, "r"): row for row in rows}
    row = by_number.get(number)
    if row is None:
        row = etree.Element(dialect.tag("row"), r=str(number))
        later = next((at for at, each in enumerate(rows) if number_of(each, "r") > number), len(rows))
        rows.insert(later, row)
    styles = {cell_place(cell.get("r", "A1"))[1]: cell.get("s") for cell in by_number.get(model, ())}
    cells = {cell_place(cell.get("r", "A1"))[1]: cell for cell in row}
    for column, value in values.items():
        cells[column] = _cell(dialect, number, column, value, styles.get(column))
    row[:] = [cells[column] for column in sorted(cells)]


def _cell(dialect: Dialect, row: int, column: int, value: str | float, style: str | None) -> etree._Element:
    looks = f' s="{style}"' if style is not None else ""
    name = cell_name(row, column)
    if isinstance(value, str):
        body = f' t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'
    else:
        body = f"><v>{plain_number(value)}</v></c>"
    return parsed(dialect.said(f'<w xmlns="{MAIN}"><c r="{name}"{looks}{body}</w>').encode())[0]


def _grow_table(book: Book, part: str, table: InputTable, last: int) -> None:
    for relation in book.parts.relations(part).of_kind("table"):
        root = parsed(book.parts.part(relation.target))
        if root.get("displayName", "").casefold() != table.name.casefold():
            continue
        area = Rectangle.of(root.get("ref", "A1"))
        if last <= area.bottom:
            return
        covered = f"{cell_name(area.top, area.left)}:{cell_name(last, area.right)}"
        root.set("ref", covered)
        for filtered in root.iterchildren(book.dialect.tag("autoFilter")):
            filtered.set("ref", covered)
        book.parts.put(relation.target, written(root))
