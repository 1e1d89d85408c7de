"""The values of sheets, read by a fast library, which is asked only for what is safe to lay out.

Owns: the guard before that library, and a plain package for it where a workbook is not as it expects: it knows parts
by their usual names, and UTF-8 alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import cast

from python_calamine import CalamineWorkbook

from workbooks.package.archive import ArchiveError, shown
from workbooks.package.book import Book
from workbooks.package.limits import MOST_TAGS_OF_STRINGS
from workbooks.package.namespaces import CONTENT_TYPES, REL, RELATIONSHIPS
from workbooks.package.parts import TYPES_PART, Parts
from workbooks.package.reach import asked, refuse_far_cells
from workbooks.package.relations import Relation, relations_name
from workbooks.package.texts import escaped
from workbooks.package.xml import HEAD, check_beginning, parsed, written

_WORKBOOK = "xl/workbook.xml"
_PLACES = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_FOLDERS = {
    "worksheet": "xl/worksheets/",
    "chartsheet": "xl/chartsheets/",
    "dialogsheet": "xl/dialogsheets/",
}
_OF_MACROS = ("xlMacrosheet", "xlIntlMacrosheet")
"""Kinds of sheets that the library does not know, and takes for a damaged file."""
_LARGE = 2**24
"""Bytes of a workbook from which the library is given only what it reads."""
_HELD = 2**26
"""Bytes of a sheet up to which it is unpacked once, and held, while it is looked at several times."""
_READ_ALWAYS = ("[Content_Types].xml", "_rels/.rels")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Values:
    """Values of the sheets of one workbook."""

    def __init__(self, data: bytes, book: Book | None = None) -> None:
        """Open a workbook.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged.
        """
        self._book = book if book is not None else Book(Parts(data))
        parts = self._book.parts
        relations = [
            each for each in parts.relations(self._book.part).all if each.kind in (*_PLACES, *_FOLDERS, *_OF_MACROS)
        ]
        for relation in relations:
            if relation.kind not in _PLACES:
                _check_sheet(parts, relation)
            elif parts.has(relation.target):
                check_beginning(parts.archive.head(relation.target, HEAD))
        self._values = _LAST.opened(data, lambda: _opened(data, self._book, relations))

    def rows(self, sheet: str) -> list[list[object]]:
        """Return the values of a sheet from A1 on, "" in empty cells; [] where there is no such sheet.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged, or reaches too far.
        """
        part = next((each.part for each in self._book.sheets if each.name == sheet and each.kind == "worksheet"), None)
        if part is None or sheet not in self._values.sheet_names:
            return []
        archive = self._book.parts.archive
        held = list(archive.read_pieces(part)) if archive.size(part) <= _HELD else None
        refuse_far_cells(sheet, lambda: archive.read_pieces(part) if held is None else held)
        return cast(
            "list[list[object]]",
            asked(lambda: self._values.get_sheet_by_name(sheet).to_python(skip_empty_area=False)),
        )


class _Last:
    """The workbook that was opened last: one run asks for the values of one workbook many times.

    It holds all texts that its sheets share; opening it reads them.
    """

    def __init__(self) -> None:
        self._data = b""
        self._workbook: CalamineWorkbook | None = None

    def opened(self, data: bytes, opening: Callable[[], CalamineWorkbook]) -> CalamineWorkbook:
        """Return the workbook of these very bytes, opened now unless it was opened last."""
        if self._workbook is None or self._data is not data:
            self._workbook = None  # two of them need not be held at once
            self._workbook, self._data = opening(), data
        return self._workbook


_LAST = _Last()


def _opened(data: bytes, book: Book, relations: list[Relation]) -> CalamineWorkbook:
    archive = book.parts.archive
    for relation in relations:
        if relation.kind in _PLACES and archive.has(relation.target):
            for _ in archive.read_pieces(relation.target, MOST_TAGS_OF_STRINGS):
                pass  # the library unpacks it, too: let it be sound
    if not _is_usual(book, relations):
        data = _plain(book, relations)
    elif len(data) > _LARGE:  # the library would copy all of it, films and data models included
        read = {*_READ_ALWAYS, relations_name(book.part), book.part, *(relation.target for relation in relations)}
        data = archive.with_parts({name: None for name in archive.names if name not in read or archive.is_far(name)})
    return asked(lambda: CalamineWorkbook.from_filelike(BytesIO(data)))


def _check_sheet(parts: Parts, relation: Relation) -> None:
    if not parts.has(relation.target):
        raise ArchiveError(f"the part {shown(relation.target)} is missing")
    check_beginning(parts.archive.head(relation.target, HEAD))


def _is_usual(book: Book, relations: list[Relation]) -> bool:
    """Whether a workbook is as the library expects."""
    if book.part != _WORKBOOK:
        return False
    for relation in relations:
        place = _PLACES.get(relation.kind)
        if relation.kind in _OF_MACROS:
            return False
        if relation.target != place if place else not relation.target.startswith(_FOLDERS[relation.kind]):
            return False
    read = [book.part, relations_name(book.part), *(relation.target for relation in relations)]
    return not any(book.parts.archive.head(name, 2).startswith(_WIDE) for name in read)


def _plain(book: Book, relations: list[Relation]) -> bytes:
    """Return a package of what the library reads, with the names and the spelling that it expects."""
    parts = book.parts
    target = BytesIO()
    listed = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for at, relation in enumerate(relations):
            if not parts.has(relation.target):
                continue
            kind = "worksheet" if relation.kind in _OF_MACROS else relation.kind
            name = _PLACES.get(kind) or f"{_FOLDERS[kind]}sheet{at}.xml"
            archive.writestr(name, _respelled(parts.archive.part(relation.target)))
            listed.append(f'<Relationship Id="{escaped(relation.id)}" Type="{REL}/{kind}" Target="/{name}"/>')
        archive.writestr(_WORKBOOK, _respelled(parts.archive.part(book.part)))
        archive.writestr(
            relations_name(_WORKBOOK), f'<Relationships xmlns="{RELATIONSHIPS}">{"".join(listed)}</Relationships>'
        )
        main = f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="{_WORKBOOK}"/>'
        archive.writestr(relations_name(""), f'<Relationships xmlns="{RELATIONSHIPS}">{main}</Relationships>')
        archive.writestr(TYPES_PART, f'<Types xmlns="{CONTENT_TYPES}"/>')
    return target.getvalue()


def _respelled(part: bytes) -> bytes:
    return written(parsed(part)) if part.startswith(_WIDE) else part
