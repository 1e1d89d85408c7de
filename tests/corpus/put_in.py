"""The input tables of a small plan put into any workbook, so that a cascade can run on it."""

from __future__ import annotations

import numpy as np

from tests.workbooks.books import SMALL
from workbooks.package.book import Book
from workbooks.package.hangings import Hangings
from workbooks.package.namespaces import STYLES
from workbooks.package.parts import Parts
from workbooks.package.sheet_part import sheet_part
from workbooks.package.styles import StyleBook
from workbooks.tabs.model import Column, Sheet, Table

PREFIX = "tcx"
SETTINGS = (("Setting", "Value"), ("Output prefix", PREFIX))


def with_inputs(data: bytes) -> bytes:
    """Return a workbook with a plan in it: one sheet for each input table, after all others."""
    book = Book(Parts(data))
    hangings = Hangings(book)
    relations = book.parts.relations(book.part)
    part = next((relation.target for relation in relations.of_kind("styles")), "")
    styles = StyleBook(book.parts.part(part) if part else None, book.dialect)
    for name, rows in {**SMALL, "Settings": SETTINGS}.items():
        sheet = Sheet(f"{PREFIX} in {name}", Table(name, 1, 1, [_column(*cells) for cells in zip(*rows, strict=True)]))
        place = book.add_sheet(sheet.name, "xl/worksheets/sheet{}.xml", b"")
        anchors = hangings.hang_new(sheet, place, name)
        book.parts.put(place, sheet_part(sheet, styles, anchors, book.dialect))
    if (grown := styles.data()) is not None:
        if not part:
            part = book.parts.free_name("xl/styles.xml")
            relations.add(f"{book.dialect.rel}/styles", part)
        book.parts.put(part, grown, STYLES)
    book.store()
    return book.parts.data()


def _column(header: object, *values: object) -> Column:
    if all(value is None or isinstance(value, (int, float)) for value in values):
        return Column(str(header), np.array([np.nan if value is None else value for value in values], dtype=float))
    return Column(str(header), ["" if value is None else str(value) for value in values])
