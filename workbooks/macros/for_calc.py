"""A result that LibreOffice can take sheets from.

It brings a sheet over together with the module behind it, so each sheet needs a code name and a module.

Owns: giving it these. The file is read once and thrown away.
"""

from __future__ import annotations

from workbooks.macros.code_names import give_code_names
from workbooks.package.book import Book
from workbooks.package.parts import Parts
from workbooks.vba.project import WORKBOOK, vba_project


def with_empty_modules(data: bytes) -> bytes:
    """Return a workbook whose VBA project, if it has one, is an empty module for each sheet."""
    parts = Parts(data)
    book = Book(parts)
    for relation in parts.relations(book.part).of_kind("vbaProject"):
        names = give_code_names(book, skipped=())
        parts.put(relation.target, vba_project({}, names, book.code_name or WORKBOOK))
    return parts.data()
