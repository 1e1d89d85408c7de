"""Texts of any length kept on a very hidden sheet: they survive a save by Excel and by LibreOffice.

Owns: reading and putting such a sheet; its form is that of the mark.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.package.book import Book
from workbooks.package.mark import hidden_sheet_xml
from workbooks.package.parts import Parts
from workbooks.package.values import Values
from workbooks.package.xml import XmlError

Kept = tuple[str, str]
"""A name and its text."""


def read_hidden(data: bytes, sheet: str) -> list[Kept]:
    """Return what a hidden sheet keeps, in order; nothing where there is no such sheet."""
    try:
        book = Book(Parts(data))
        if all(each.name != sheet for each in book.sheets):
            return []  # most workbooks keep nothing: their values are not looked at for that
        rows = Values(data, book).rows(sheet)
    except XmlError:
        return []
    texts = [[str(value) for value in row if value not in (None, "")] for row in rows[1:]]
    return [(row[0], "".join(row[1:])) for row in texts if row]


def with_hidden(data: bytes, sheet: str, words: str, kept: Sequence[Kept]) -> bytes:
    """Return a workbook whose hidden sheet keeps this and nothing else.

    Parameters
    ----------
    words : what its first cell tells whoever comes across it
    """
    book = Book(Parts(data))
    content = book.dialect.said(hidden_sheet_xml(words, kept)).encode()
    present = next((each for each in book.sheets if each.name.casefold() == sheet.casefold()), None)
    if present is None:
        book.add_sheet(sheet, "xl/worksheets/sheet{}.xml", content, is_hidden=True)
        book.store()
    else:
        book.parts.put(present.part, content)
    return book.parts.data()
