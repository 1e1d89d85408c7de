"""The door: what a file must be before anything in it is unpacked.

Owns: limits on size and shape, counted from the list of entries before any part is read.
"""

from __future__ import annotations

import io
import zipfile

from engine.codes import issue
from engine.issues import NOWHERE, Issue

MOST_PARTS = 10_000
MOST_OF_A_PART = 512 * 2**20
MOST_IN_ALL = 2**30
MOST_PACKED = 100
"""How many times its packed size a part may have, above ``SMALL``."""
SMALL = 100 * 2**10

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def refuse(data: bytes) -> Issue | None:
    """Return why a file is not let in; None where it may be read."""
    if data.startswith(_OLE):
        return issue("TC101", NOWHERE, "an .xls workbook, or one with a password")
    if not data.startswith(_ZIP):
        return issue("TC101", NOWHERE, "no workbook at all" if data else "an empty file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return issue("TC101", NOWHERE, "a damaged file")
    names = {entry.filename.casefold() for entry in entries}
    if "[content_types].xml" not in names:
        kind = "an .ods workbook" if "mimetype" in names else "an archive that is no workbook"
        return issue("TC101", NOWHERE, kind)
    if len(names) != len(entries):
        return issue("TC101", NOWHERE, "an archive in which several parts have the same name")
    return _too_large(entries)


def _too_large(entries: list[zipfile.ZipInfo]) -> Issue | None:
    if len(entries) > MOST_PARTS:
        return issue("TC102", NOWHERE, f"{len(entries):,} parts")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_IN_ALL:
        return issue("TC102", NOWHERE, f"{total / 2**30:,.1f} GiB in all")
    for entry in entries:
        if entry.file_size > MOST_OF_A_PART:
            return issue("TC102", NOWHERE, f"{entry.filename}: {entry.file_size / 2**20:,.0f} MiB")
        is_xml = entry.filename.casefold().endswith((".xml", ".rels"))
        if is_xml and entry.file_size > SMALL and entry.file_size > MOST_PACKED * max(entry.compress_size, 1):
            return issue("TC102", NOWHERE, f"{entry.filename}: packed {entry.file_size // entry.compress_size} to 1")
    return None
