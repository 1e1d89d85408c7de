"""A new sheet with an empty input table, for commands that fill one: a sheet of the analyst's from then on.

Owns: making it. It carries no mark of ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.package.book import Book
from workbooks.package.hangings import Hangings
from workbooks.package.parts import Parts
from workbooks.package.sheet_part import sheet_part
from workbooks.package.styles import StyleBook
from workbooks.tabs.model import Column, Sheet, Style, Table

_STYLES = "styles"


def with_new_table(data: bytes, name: str, columns: Sequence[tuple[str, Style]]) -> bytes:
    """Return a workbook with a sheet of that name, last, that holds an Excel table of that name and one blank row.

    Parameters
    ----------
    columns : header and look of each; a look without colour leaves no cell in the blank row, and new rows plain
    """
    book = Book(Parts(data))
    parts = book.parts
    table = Table(name, 1, 1, [Column(header, [""], style, 16) for header, style in columns])
    sheet = Sheet(name, table, freeze=(2, 1))
    part = book.add_sheet(name, "xl/worksheets/sheet{}.xml", b"")
    anchors = Hangings(book).hang_new(sheet, part, name)
    styled = next((relation.target for relation in parts.relations(book.part).of_kind(_STYLES)), "")
    styles = StyleBook(parts.part(styled) if styled else None, book.dialect)
    parts.put(part, sheet_part(sheet, styles, anchors, book.dialect))
    if styled and (grown := styles.data()) is not None:
        parts.put(styled, grown)
    book.store()
    return parts.data()
