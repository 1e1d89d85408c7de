"""What stops a write before anything is changed: packages that a change would break, names that are taken.

Owns: these refusals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from workbooks.package.archive import ArchiveError
from workbooks.package.book import Book
from workbooks.package.namespaces import TABLE
from workbooks.package.parts import Parts
from workbooks.package.xml import XmlError, parsed
from workbooks.tabs.names import SUMMARY, prefixed, table_name

_MOST_LETTERS = 31


def book_refusals(book: Book) -> list[Issue]:
    """Return what makes a package one that must not be changed."""
    found = []
    kinds = {relation.kind for relation in book.parts.relations("").all}
    if "origin" in kinds or any(name.casefold().startswith("_xmlsignatures/") for name in book.parts.names):
        found.append(issue("TC602", NOWHERE, "a signature of the package"))
    if book.parts.relations(book.part).of_kind("revisionHeaders"):
        found.append(issue("TC603", NOWHERE, "a log of changes by several people"))
    return found


def package_refusals(data: bytes) -> list[Issue]:
    """Return what makes a workbook one that must not be changed; nothing where it cannot be read at all."""
    try:
        return book_refusals(Book(Parts(data)))
    except (ArchiveError, XmlError):
        return []


def name_refusals(book: Book, new: Mapping[str, str], prefix: str) -> list[Issue]:
    """Return names that ours cannot get: longer than a sheet's may be, or those of other people's sheets and tables.

    Parameters
    ----------
    new : logical name of each of our sheets that is not in the book yet → its table's, "" where it holds none
    """
    present = {sheet.name.casefold(): sheet.name for sheet in book.sheets}
    found = [
        issue("TC610", Place("Settings", "Settings", field="Output prefix"), name)
        for sheet in new
        if len(name := prefixed(prefix, sheet)) > _MOST_LETTERS
    ]
    found += [
        issue("TC604", Place(sheet=present[name], row=1, column=1), present[name])
        for sheet in new
        if (name := prefixed(prefix, sheet).casefold()) in present
    ]
    taken = {name.name.casefold() for name in book.names} | _table_names(book)
    tables = [prefix.replace(" ", "") + table for table in new.values() if table]
    return found + [issue("TC605", NOWHERE, table) for table in tables if table.casefold() in taken]


def taken_names(data: bytes, sheets: Collection[str], prefix: str) -> list[Issue]:
    """Return what would stop the write of these sheets for their names; nothing where the book cannot be read.

    Parameters
    ----------
    sheets : logical names of sheets that are not in the book yet
    """
    new = {sheet: "" if sheet == SUMMARY else table_name(sheet) for sheet in sheets}
    try:
        return name_refusals(Book(Parts(data)), new, prefix)
    except (ArchiveError, XmlError):
        return []


def _table_names(book: Book) -> set[str]:
    parts = book.parts
    return {parsed(parts.part(name)).get("displayName", "").casefold() for name in parts.of_type(TABLE)}
