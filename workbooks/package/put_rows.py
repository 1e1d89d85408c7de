"""Records put into an input table of the analyst's: only for commands that exist to edit inputs.

The sheet is changed as text, row by row, so that a table of any length needs little room and everything outside the
table's own cells stays the bytes it was.

Owns: which bytes change. Knows nothing of: what the values mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import numpy as np

from workbooks.addresses import cell_name, column_letters, column_number
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.texts import escaped, plain_number
from workbooks.package.xml import XmlError, number_of, parsed, written

_OPENING = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_PLACE = re.compile(rb"""\sr=["']([A-Z]*)(\d+)["']""")
_STYLE = re.compile(rb"""\ss=["'](\d+)["']""")
_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")
_RULE = re.compile(rb"<(?:\w+:)?(?:dataValidation|conditionalFormatting)\b[^>]*>")
_SQREF = re.compile(rb"""(\ssqref=["'])([^"']*)(["'])""")
_SQREF_14 = re.compile(rb"(<xm:sqref>)([^<]*)(</xm:sqref>)")
_DIMENSION = re.compile(rb"""(<(?:\w+:)?dimension\b[^>]*\sref=["'])([^"']*)(["'])""")
_SIGNS = (b"<![CDATA[", b"<!--")
_NO_PLACE = re.compile(rb"<(?:\w+:)?(?:row|c)(?![^>]*\sr=)[\s/>]")
_DAY_ZERO = datetime(1899, 12, 30)
_SHIFT_1904 = 1462
"""Days between the two calendars that a workbook may count in."""


@dataclass(frozen=True, slots=True)
class Put:
    """What is put where.

    area : the table's records as they stand; first : first row to be written; columns : sheet column → cells,
    shape (records,), None, text, float, bool or datetime
    formulas : sheet columns of the table that are left alone → the formula of a new row, "" for none
    is_1904 : whether the workbook counts its days from 1904
    """

    area: Rectangle
    first: int
    columns: Mapping[int, np.ndarray]
    count: int
    formulas: Mapping[int, str] = field(default_factory=dict)
    is_1904: bool = False

    @property
    def last(self) -> int:
        """The last row that holds a record afterwards."""
        return max(self.first + self.count - 1, self.area.top)


def put_rows(sheet: bytes, put: Put) -> bytes:
    """Return the XML of a sheet with records put into a table of it.

    Cells of the table below the new records are emptied; their formats stay.

    Raises
    ------
    XmlError
        The sheet is broken.
    """
    sheet = _plain(sheet)
    prefix, start, end = _body_of(sheet)
    old = _Rows(sheet, start, end, put.first, max(put.last, put.area.bottom))
    new = b"".join(_new_rows(old, put, prefix, _model_styles(sheet, start, end, put)))
    head, tail = sheet[: old.start], sheet[old.end :]
    if sheet[start - 2 : start] == b"/>":
        head, tail = head[:-2] + b">", b"</" + prefix + b"sheetData>" + tail
    return b"".join([_grown_dimension(head, put), new, _grown_rules(tail, put)])


def filled_rows(sheet: bytes, area: Rectangle) -> list[int]:
    """Return the rows of an area that hold something in it."""
    sheet = _plain(sheet)
    _, start, end = _body_of(sheet)
    return [
        row.number
        for row in _Rows(sheet, start, end, area.top, area.bottom)
        if any(content and area.left <= column <= area.right for column, _, content in _cells(row.cells))
    ]


def first_filled(sheet: bytes, area: Rectangle) -> tuple[int, int] | None:
    """Return the first cell of an area that holds something, None where all are empty."""
    sheet = _plain(sheet)
    _, start, end = _body_of(sheet)
    for row in _Rows(sheet, start, end, area.top, area.bottom):
        for column, _, content in _cells(row.cells):
            if area.left <= column <= area.right and content:
                return row.number, column
    return None


def _body_of(sheet: bytes) -> tuple[bytes, int, int]:
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


def _plain(sheet: bytes) -> bytes:
    """Return a sheet in the one spelling that is changed as text: UTF-8, no comments, every place said."""
    is_odd = sheet.startswith((b"\xff\xfe", b"\xfe\xff")) or any(sign in sheet for sign in _SIGNS)
    if not is_odd and not _NO_PLACE.search(sheet):
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it stands: its number, attributes and cells."""

    number: int
    attributes: bytes
    cells: bytes


class _Rows:
    """The rows first…last of a sheet, one after the other; ``start`` and ``end`` say where they stand."""

    def __init__(self, sheet: bytes, start: int, end: int, first: int, last: int) -> None:
        self.sheet, self.last = sheet, last
        self.start = self.end = end
        for row in _ROW.finditer(sheet, start, end):
            if _number(row) >= first:
                self.start = row.start()
                break
        self._until = end

    def __iter__(self) -> Iterator[_Row]:
        self.end = self.start
        for row in _ROW.finditer(self.sheet, self.start, self._until):
            number = _number(row)
            if number > self.last:
                return
            self.end = row.end()
            yield _Row(number, row[1], row[2] or b"")


def _number(row: re.Match[bytes]) -> int:
    place = _PLACE.search(row[1])
    return int(place[2]) if place is not None else 0


def _cells(row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield sheet column, whole element and content of each cell of a row."""
    for cell in _CELL.finditer(row):
        place = _PLACE.search(cell[1])
        if place is not None:
            yield _column(place[1]), cell[0], cell[2] or b""


@cache
def _column(letters: bytes) -> int:
    return column_number(letters.decode())


def _model_styles(sheet: bytes, start: int, end: int, put: Put) -> dict[int, bytes]:
    """Return the format of each column: that of the last record before the new ones, else of the first row."""
    model = max(put.first - 1, put.area.top)
    return {
        column: style
        for row in _Rows(sheet, start, end, model, model)
        for column, cell, _ in _cells(row.cells)
        if (style := _own_style(cell))
    }


def _new_rows(old: _Rows, put: Put, prefix: bytes, models: Mapping[int, bytes]) -> Iterator[bytes]:
    columns = range(put.area.left, put.area.right + 1)
    bodies = [_bodies(column, put, prefix) for column in columns]
    starts = [b"<" + prefix + b'c r="' + column_letters(column).encode() for column in columns]
    standing = iter(old)
    row = next(standing, None)
    for number in range(put.first, max(put.last, put.area.bottom) + 1):
        given: dict[int, bytes] = {}
        attributes = b' r="%d"' % number
        if row is not None and row.number == number:
            given = {column: cell for column, cell, _ in _cells(row.cells)}
            attributes = _SPANS.sub(b"", row.attributes)
            row = next(standing, None)
        at = number - put.first
        made = dict(given)
        for column, start, body in zip(columns, starts, bodies, strict=True):
            if at < put.count and column in put.formulas and column in given:
                continue
            own = made.pop(column, b"")
            style = _own_style(own) or (models.get(column, b"") if at < put.count else b"")
            content = body[at] if at < put.count else b"/>"
            if style or content != b"/>":
                made[column] = start + b"%d" % number + (b'" s="' + style if style else b"") + b'"' + content
        cells = b"".join(made[column] for column in sorted(made))
        yield b"<%srow%s>%s</%srow>" % (prefix, attributes, cells, prefix)


def _own_style(cell: bytes) -> bytes:
    style = _STYLE.search(cell.partition(b">")[0])
    return style[1] if style is not None else b""


def _bodies(column: int, put: Put, prefix: bytes) -> Sequence[bytes]:
    """Return what stands in each cell of a column, from behind its format to its end."""
    values = put.columns.get(column)
    if values is None:
        formula = escaped(put.formulas.get(column, "")).encode()
        content = b"><%sf>%s</%sf></%sc>" % (prefix, formula, prefix, prefix) if formula else b"/>"
        return [content] * put.count
    known: dict[tuple[type, object], bytes] = {}
    found = []
    for value in values.tolist():
        key = (type(value), value)
        if key not in known:
            known[key] = _body(value, put, prefix)
        found.append(known[key])
    return found


def _body(value: object, put: Put, prefix: bytes) -> bytes:
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
        days = (value - _DAY_ZERO).total_seconds() / 86_400 - (_SHIFT_1904 if put.is_1904 else 0)
        value = days
    if not isinstance(value, (int, float)):
        raise TypeError(f"no cell holds a {type(value).__name__}")
    return b"><%sv>%s</%sv></%sc>" % (prefix, plain_number(float(value)).encode(), prefix, prefix)


def _grown_dimension(head: bytes, put: Put) -> bytes:
    def grown(found: re.Match[bytes]) -> bytes:
        area = Rectangle.of(found[2].decode())
        bottom, right = max(area.bottom, put.last), max(area.right, put.area.right)
        return found[1] + f"{cell_name(area.top, area.left)}:{cell_name(bottom, right)}".encode() + found[3]

    return _DIMENSION.sub(grown, head, count=1)


def _grown_rules(tail: bytes, put: Put) -> bytes:
    """Let drop-downs, checks and colours that reach the table's last record reach the new last one."""

    def in_element(found: re.Match[bytes]) -> bytes:
        return _SQREF.sub(lambda each: each[1] + _grown_ranges(each[2], put) + each[3], found[0])

    tail = _RULE.sub(in_element, tail)
    return _SQREF_14.sub(lambda each: each[1] + _grown_ranges(each[2], put) + each[3], tail)


def _grown_ranges(text: bytes, put: Put) -> bytes:
    return b" ".join(_grown_range(each, put) for each in text.split())


def _grown_range(text: bytes, put: Put) -> bytes:
    try:
        area = Rectangle.of(text.decode())
    except ValueError:
        return text  # whole columns reach everything already
    is_over = area.left <= put.area.right and area.right >= put.area.left
    if not is_over or not area.top <= put.area.bottom <= area.bottom < put.last:
        return text
    return f"{cell_name(area.top, area.left)}:{cell_name(put.last, area.right)}".encode()
