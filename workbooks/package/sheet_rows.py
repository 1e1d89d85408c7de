"""The rows and cells of a sheet as text: found where they stand, nothing else read.

A table of any length needs little room this way, and everything that is not touched stays the bytes it was.

Owns: how rows and cells are told apart, and how a value is written into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from solver.frozen import frozen
from workbooks.addresses import cell_name, column_number
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.reach import is_regular
from workbooks.package.texts import escaped, plain_number
from workbooks.package.xml import XmlError, number_of, parsed, written

_OPENING = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_PLACE = re.compile(rb"""\sr=["']([A-Z]*)(\d+)["']""")
_STYLE = re.compile(rb"""\ss=["'](\d+)["']""")
_SIGNS = (b"<![CDATA[", b"<!--")
_NO_PLACE = re.compile(rb"<(?:\w+:)?(?:row|c)(?![^>]*\sr=)[\s/>]")
_DAY_ZERO = datetime(1899, 12, 30)
_SHIFT_1904 = 1462
"""Days between the two calendars that a workbook may count in."""


Body = tuple[bytes, int, int]
"""The prefix of a sheet's elements, and where its rows begin and end."""


def body_of(sheet: bytes) -> Body:
    """Return the prefix of a sheet's elements, and where its rows begin and end.

    Raises
    ------
    XmlError
        There are none.
    """
    opening = _OPENING.search(sheet)
    if opening is None:
        raise XmlError("a sheet without rows")
    if opening[0].endswith(b"/>"):
        return opening[1], opening.end(), opening.end()
    end = sheet.rfind(b"</" + opening[1] + b"sheetData")
    if end < 0:
        raise XmlError("a sheet without an end of its rows")
    return opening[1], opening.end(), end


def plain_sheet(sheet: bytes) -> bytes:
    """Return a sheet in the one spelling that is changed as text: UTF-8, no comments, every place said."""
    is_odd = sheet.startswith((b"\xff\xfe", b"\xfe\xff")) or any(sign in sheet for sign in _SIGNS)
    if not is_odd and (is_regular(sheet) or not _NO_PLACE.search(sheet)):
        return sheet
    root = parsed(sheet)
    number = 0
    for row in root.iter("{*}row"):
        number = number_of(row, "r", number + 1)
        row.set("r", str(number))
        column = 0
        for cell in row.iterchildren("{*}c"):
            column = cell_place(cell.get("r", cell_name(number, column + 1)))[1]
            cell.set("r", cell_name(number, column))
    return written(root)


@frozen
class SheetRow:
    """A row as it stands: its number, attributes and cells; whole : all of it."""

    number: int
    attributes: bytes
    cells: bytes
    whole: bytes = b""


class SheetRows:
    """The rows first…last of a sheet, one after the other; ``start`` and ``end`` say where they stand."""

    def __init__(self, sheet: bytes, body: Body, first: int, last: int) -> None:
        self.sheet, self.last, self._body = sheet, last, body
        self.start = self.end = body[2]
        for number, begin, *_ in _places(sheet, body, body[1]):
            if number >= first:
                self.start = begin
                break

    def __iter__(self) -> Iterator[SheetRow]:
        self.end = self.start
        for number, begin, (head, closing), end in _places(self.sheet, self._body, self.start):
            if number > self.last:
                return
            self.end = end
            attributes = self.sheet[begin + len(self._body[0]) + 4 : head].removesuffix(b"/")
            yield SheetRow(number, attributes, self.sheet[head + 1 : closing], self.sheet[begin:end])


def _places(sheet: bytes, body: Body, at: int) -> Iterator[tuple[int, int, tuple[int, int], int]]:
    """Yield number, begin, end of the opening and begin of the closing tag, and end of each row from a place on.

    Raises
    ------
    XmlError
        A row does not end.
    """
    prefix, _, end = body
    opening, closing = b"<" + prefix + b"row", b"</" + prefix + b"row"
    while (begin := sheet.find(opening, at, end)) >= 0:
        head = _found(sheet, b">", begin, end)
        last, at = head, head + 1
        if sheet[head - 1 : head] != b"/":
            last = _found(sheet, closing, head, end)
            at = _found(sheet, b">", last, end) + 1
        place = _PLACE.search(sheet, begin, head)
        yield int(place[2]) if place is not None else 0, begin, (head, last), at


def _found(sheet: bytes, what: bytes, start: int, end: int) -> int:
    at = sheet.find(what, start, end)
    if at < 0:
        raise XmlError("a row without an end")
    return at


def cells_of(row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield sheet column, whole element and content of each cell of a row."""
    for cell in _CELL.finditer(row):
        place = _PLACE.search(cell[1])
        if place is not None:
            yield _column(place[1]), cell[0], cell[2] or b""


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def own_style(cell: bytes) -> bytes:
    """Return the number of a cell's format, b"" where it has none."""
    style = _STYLE.search(cell.partition(b">")[0])
    return style[1] if style is not None else b""


def cell_body(value: object, prefix: bytes, *, is_1904: bool) -> bytes:
    """Return what stands in a cell, from behind its format to its end.

    value : None, text, float, bool or datetime
    """
    if value is None:
        return b"/>"
    if isinstance(value, str):
        text = escaped(value).encode()
        return b' t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
            prefix, prefix, text, prefix, prefix, prefix,
        )  # fmt: skip
    if isinstance(value, bool):
        return b' t="b"><%sv>%d</%sv></%sc>' % (prefix, value, prefix, prefix)
    if isinstance(value, datetime):
        days = (value - _DAY_ZERO).total_seconds() / 86_400 - (_SHIFT_1904 if is_1904 else 0)
        value = days
    if not isinstance(value, (int, float)):
        raise TypeError(f"no cell holds a {type(value).__name__}")
    return b"><%sv>%s</%sv></%sc>" % (prefix, plain_number(float(value)).encode(), prefix, prefix)


def filled_rows(sheet: bytes, area: Rectangle) -> list[int]:
    """Return the rows of an area that hold something in it."""
    sheet = plain_sheet(sheet)
    return [
        row.number
        for row in SheetRows(sheet, body_of(sheet), area.top, area.bottom)
        if any(content and area.left <= column <= area.right for column, _, content in cells_of(row.cells))
    ]


def first_filled(sheet: bytes, area: Rectangle) -> tuple[int, int] | None:
    """Return the first cell of an area that holds something, None where all are empty."""
    sheet = plain_sheet(sheet)
    for row in SheetRows(sheet, body_of(sheet), area.top, area.bottom):
        for column, _, content in cells_of(row.cells):
            if area.left <= column <= area.right and content:
                return row.number, column
    return None
