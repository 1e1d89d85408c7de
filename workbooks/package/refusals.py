"""What stops a write before anything is changed: packages that a change would break, names that are taken.

Owns: these refusals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from workbooks.package.archive import ArchiveError
from workbooks.package.book import Book
from workbooks.package.namespaces import TABLE
from workbooks.package.parts import Parts
from workbooks.package.xml import XmlError, parsed
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import prefixed


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


def name_refusals(book: Book, sheets: Sequence[Sheet], own: Mapping[str, str], prefix: str) -> list[Issue]:
    """Return sheets and tables of other people's that have the names that ours would get."""
    present = {sheet.name.casefold(): sheet.name for sheet in book.sheets}
    new = [sheet for sheet in sheets if sheet.name not in own]
    found = [
        issue("TC604", Place(sheet=present[name], row=1, column=1), present[name])
        for sheet in new
        if (name := prefixed(prefix, sheet.name).casefold()) in present
    ]
    taken = {name.name.casefold() for name in book.names} | _table_names(book)
    for sheet in new:
        if sheet.table is None:
            continue
        table = prefix.replace(" ", "") + sheet.table.name
        if table.casefold() in taken:
            found.append(issue("TC605", NOWHERE, table))
    return found


def _table_names(book: Book) -> set[str]:
    parts = book.parts
    return {parsed(parts.part(name)).get("displayName", "").casefold() for name in parts.of_type(TABLE)}
