"""The door: what a file must be before anything in it is read.

Owns: the refusals of files that are no workbooks, or larger inside than is safe. Sizes are counted while the parts
are unpacked once, piece by piece, before any library sees them.
"""

from __future__ import annotations

import re

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from workbooks.package.archive import Archive, ArchiveError, TooLargeError, shown
from workbooks.package.book import Book
from workbooks.package.limits import MOST_IN_ALL, MOST_OF_A_PART, MOST_OF_A_TREE, MOST_OF_STRINGS, MOST_PARTS
from workbooks.package.namespaces import TREES
from workbooks.package.parts import Parts
from workbooks.package.xml import XmlError

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_LOOKED_AT, _BLANK = 4096, 32
_OF_TEXT = "Open it in Excel and save it as .xlsx; or make a plan from it: targets init BOOK --from FILE."
_FROM_THE_SOURCE = "Ask for the workbook that it was printed from."
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def refuse(data: bytes) -> Issue | None:
    """Return why a file is not let in; None where it may be read."""
    if data.startswith(_OLE):
        return _of_ole(data)
    if not data.startswith(_ZIP):
        return _of_others(data)
    try:
        archive = Archive(data)
    except ArchiveError as broken:
        return issue("TC101", NOWHERE, f"a damaged file: {broken}")
    return _of_entries(archive) or _of_content(archive, data)


def _of_others(data: bytes) -> Issue:
    """Say what a file is that is no package at all."""
    head = data[:_LOOKED_AT]
    if not data:
        return issue("TC101", NOWHERE, "an empty file")
    if head.startswith(b"%PDF"):
        return issue("TC101", NOWHERE, "a PDF document", mend=_FROM_THE_SOURCE)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return issue("TC101", NOWHERE, "an XML spreadsheet of Excel 2003")
    if re.search(rb"(?i)<(html|table)\b", head):
        return issue("TC101", NOWHERE, "a web page, whatever its name ends with")
    if b"\0" not in head and all(byte >= _BLANK or byte in b"\t\r\n" for byte in head):
        return issue("TC101", NOWHERE, "a text file such as a CSV, whatever its name ends with", mend=_OF_TEXT)
    return issue("TC101", NOWHERE, "no workbook at all")


def _of_ole(data: bytes) -> Issue:
    if _ENCRYPTED in data:
        return issue(
            "TC660",
            NOWHERE,
            "a workbook with a password",
            mend="In Excel, remove the password (File, Info, Protect Workbook), save, and run again.",
        )
    return issue("TC660", NOWHERE, "an .xls workbook of Excel 97 to 2003")


def _of_entries(archive: Archive) -> Issue | None:
    """Judge by what the archive claims: enough to refuse, not to let in."""
    names = {name.casefold() for name in archive.names}
    if "[content_types].xml" not in names:
        return issue("TC101", NOWHERE, "an .ods workbook" if "mimetype" in names else "an archive that is no workbook")
    if len(names) > MOST_PARTS:
        return issue("TC102", NOWHERE, f"{len(names):,} parts")
    total = sum(entry.file_size for entry in archive.entries)
    if total > MOST_IN_ALL:
        return issue("TC102", NOWHERE, f"{total / 2**30:,.1f} GiB in all")
    for entry in archive.entries:
        if entry.file_size > (MOST_OF_A_TREE if _is_read_first(entry.filename) else MOST_OF_A_PART):
            return _too_large(entry.filename, entry.file_size)
    return None


def _is_read_first(name: str) -> bool:
    """Whether a part says what the others are."""
    return name.casefold().endswith((".rels", "[content_types].xml"))


def _too_large(name: str, size: int) -> Issue:
    return issue("TC102", NOWHERE, f"{shown(name)}: {size / 2**20:,.0f} MiB")


def _of_content(archive: Archive, data: bytes) -> Issue | None:
    """Judge by what the package says it is, and by what comes out."""
    try:
        refused = _of_kind(data)
        if refused is None:
            archive.prove()
    except TooLargeError as large:
        return issue("TC102", NOWHERE, str(large))
    except (ArchiveError, XmlError) as broken:
        return issue("TC103", NOWHERE, str(broken))
    return refused


def _of_kind(data: bytes) -> Issue | None:
    """Judge by what the package says its main part is."""
    parts = Parts(data)
    found = parts.relations("").of_kind("officeDocument")
    kind = parts.type_of(found[0].target) if found else ""
    if "binary" in kind:
        return issue("TC660", NOWHERE, "an .xlsb workbook")
    if "spreadsheetml" not in kind and "ms-excel" not in kind:
        return issue("TC101", NOWHERE, "a package that is no workbook")
    for entry in parts.archive.entries:
        if entry.file_size > MOST_OF_A_TREE and parts.type_of(entry.filename) in (kind, *TREES):
            return _too_large(entry.filename, entry.file_size)
    book = Book(parts)
    for relation in parts.relations(book.part).of_kind("sharedStrings"):
        if (size := parts.archive.size(relation.target)) > MOST_OF_STRINGS:
            return _too_large(relation.target, size)
    return None
