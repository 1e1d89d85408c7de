"""Where versions lie: a very hidden sheet of the workbook, a row each. It survives a save by Excel and LibreOffice.

Owns: that sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbooks.package.book import Book
from workbooks.package.mark import hidden_sheet_xml
from workbooks.package.parts import Parts
from workbooks.package.values import Values
from workbooks.package.xml import XmlError
from workbooks.versions.version import Version, packed, unpacked

SHEET = "_target_cascade_versions"
_WORDS = "target-cascade keeps versions of the plan here. Please leave it."


@dataclass(frozen=True, slots=True)
class Kept:
    """The versions in a workbook, oldest first. damaged : names of those that somebody changed where they lie."""

    versions: tuple[Version, ...] = ()
    damaged: tuple[str, ...] = ()

    def named(self, name: str) -> Version | None:
        """Return the version of that name, the newest where there are several."""
        key = name.strip().casefold()
        return next((each for each in reversed(self.versions) if each.name.casefold() == key), None)

    @property
    def sealed(self) -> Version | None:
        """The version that was sealed last."""
        return next((each for each in reversed(self.versions) if each.status == "sealed"), None)


def read_versions(data: bytes) -> Kept:
    """Return the versions that a workbook keeps."""
    try:
        values = Values(data)
        rows = values.rows(SHEET)
    except XmlError:
        return Kept()
    versions, damaged = [], []
    for row in rows[1:]:
        texts = [str(value) for value in row if value not in (None, "")]
        if not texts:
            continue
        version = unpacked("".join(texts[1:]))
        if version is None:
            damaged.append(texts[0])
        else:
            versions.append(version)
    return Kept(tuple(versions), tuple(damaged))


def with_versions(data: bytes, versions: Sequence[Version]) -> bytes:
    """Return a workbook that keeps these versions, and no others."""
    book = Book(Parts(data))
    xml = hidden_sheet_xml(_WORDS, [(each.name, packed(each)) for each in versions])
    content = book.dialect.said(xml).encode()
    present = next((sheet for sheet in book.sheets if sheet.name.casefold() == SHEET.casefold()), None)
    if present is None:
        book.add_sheet(SHEET, "xl/worksheets/sheet{}.xml", content, is_hidden=True)
        book.store()
    else:
        book.parts.put(present.part, content)
    return book.parts.data()
