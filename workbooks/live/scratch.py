"""The result as a workbook that Excel opens for a moment, to copy sheets and ranges from: looks and all.

Owns: what is taken out of it before. A copied range must not bring a table of its own over one that stands, and
copied sheets must not bring names along.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.click.delivery import Age, Delivered
from workbooks.package.book import Book
from workbooks.package.mark import MARK_SHEET, UNDO_SHEET
from workbooks.package.parts import Parts
from workbooks.package.xml import parsed, written


def scratch_of(result: bytes, delivered: Sequence[Delivered]) -> bytes:
    """Return the result without names, and without the tables of sheets that stand in the open workbook."""
    parts = Parts(result)
    book = Book(parts)
    standing = {each.name for each in delivered if each.age is not Age.NEW}
    for sheet in book.sheets:
        if sheet.name in standing or sheet.name in (MARK_SHEET, UNDO_SHEET):
            _drop_tables(book, sheet.part)
    book.drop_names()
    book.store()
    return parts.data()


def _drop_tables(book: Book, part: str) -> None:
    relations = book.parts.relations(part)
    for relation in relations.of_kind("table"):
        book.parts.remove(relation.target)
        relations.remove(relation.id)
    root = parsed(book.parts.part(part))
    for listed in list(root.iterchildren(book.dialect.tag("tableParts"))):
        root.remove(listed)
    book.parts.put(part, written(root))
