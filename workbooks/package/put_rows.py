"""Records put into an input table of the analyst's: only for commands that exist to edit inputs.

The sheet is changed as text, row by row, so that a table of any length needs little room and everything outside the
table's own cells stays the bytes it was.

Owns: which bytes change. Knows nothing of: what the values mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

import numpy as np

from solver.frozen import frozen
from workbooks.addresses import cell_name, column_letters, column_number
from workbooks.package.old_sheet import Rectangle
from workbooks.package.sheet_rows import Body, SheetRows, body_of, cell_body, cells_of, own_style, plain_sheet
from workbooks.package.texts import escaped

_EMPTY = b"/>"
_CELL_HEAD = re.compile(rb'<c r="([A-Z]+)\d+"(?: s="(\d+)")?(?: t="\w+")?/?>')
_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")
_RULE = re.compile(rb"<(?:\w+:)?(?:dataValidation|conditionalFormatting)\b[^>]*>")
_SQREF = re.compile(rb"""(\ssqref=["'])([^"']*)(["'])""")
_SQREF_14 = re.compile(rb"(<xm:sqref>)([^<]*)(</xm:sqref>)")
_DIMENSION = re.compile(rb"""(<(?:\w+:)?dimension\b[^>]*\sref=["'])([^"']*)(["'])""")


@frozen
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
    sheet = plain_sheet(sheet)
    prefix, start, _ = body = body_of(sheet)
    old = SheetRows(sheet, body, put.first, max(put.last, put.area.bottom))
    new = b"".join(_new_rows(old, put, prefix, _model_styles(sheet, body, put)))
    head, tail = sheet[: old.start], sheet[old.end :]
    if sheet[start - 2 : start] == b"/>":
        head, tail = head[:-2] + b">", b"</" + prefix + b"sheetData>" + tail
    return b"".join([_grown_dimension(head, put), new, _grown_rules(tail, put)])


def _model_styles(sheet: bytes, body: Body, put: Put) -> dict[int, bytes]:
    """Return the format of each column: that of the last record before the new ones, else of the first row."""
    model = max(put.first - 1, put.area.top)
    return {
        column: style
        for row in SheetRows(sheet, body, model, model)
        for column, cell, _ in cells_of(row.cells)
        if (style := own_style(cell))
    }


def _new_rows(old: SheetRows, put: Put, prefix: bytes, models: Mapping[int, bytes]) -> Iterator[bytes]:
    cells = _NewCells(put, prefix, models)
    standing = iter(old)
    row = next(standing, None)
    for number in range(put.first, max(put.last, put.area.bottom) + 1):
        given, attributes = b"", b' r="%d"' % number
        if row is not None and row.number == number:
            given = row.cells
            attributes = _SPANS.sub(b"", row.attributes) if b"spans" in row.attributes else row.attributes
            row = next(standing, None)
        yield b"<%srow%s>%s</%srow>" % (prefix, attributes, cells.of_row(number, given), prefix)


class _NewCells:
    """The cells of rows, as they will stand."""

    def __init__(self, put: Put, prefix: bytes, models: Mapping[int, bytes]) -> None:
        self.put, self.models, self.is_plain = put, models, not prefix
        self.columns = range(put.area.left, put.area.right + 1)
        self.bodies = [_bodies(column, put, prefix) for column in self.columns]
        self.starts = [b"<" + prefix + b'c r="' + column_letters(column).encode() for column in self.columns]
        self._formats: dict[tuple[tuple[bytes, bytes], ...], list[bytes] | None] = {}

    def of_row(self, number: int, given: bytes) -> bytes:
        """Return the cells of a row. given : those that stand there."""
        at, name = number - self.put.first, b"%d" % number
        formats = self._formats_of(given) if at < self.put.count and self.is_plain else None
        if formats is None:
            return self._one_by_one(number, given)
        pieces: list[bytes] = []
        for start, format_, body in zip(self.starts, formats, self.bodies, strict=True):
            content = body[at]
            if format_ or content != _EMPTY:
                pieces += (start, name, format_, b'"', content)
        return b"".join(pieces)

    def _formats_of(self, given: bytes) -> list[bytes] | None:
        """Return what stands between a cell's place and its content, for all columns of the table.

        Found once for all rows that are alike; None where a row holds more than cells of the table that change.
        """
        shape = tuple(_CELL_HEAD.findall(given))
        if len(shape) != given.count(b"<c"):
            return None
        if shape not in self._formats:
            own = {column_number(letters.decode()): style for letters, style in shape}
            is_simple = len(own) == len(shape) and all(
                column in self.columns and column not in self.put.formulas for column in own
            )
            styles = [own.get(column) or self.models.get(column, b"") for column in self.columns]
            self._formats[shape] = [b'" s="' + each if each else b"" for each in styles] if is_simple else None
        return self._formats[shape]

    def _one_by_one(self, number: int, given: bytes) -> bytes:
        put, at = self.put, number - self.put.first
        there = {column: cell for column, cell, _ in cells_of(given)}
        made = dict(there)
        for column, start, body in zip(self.columns, self.starts, self.bodies, strict=True):
            if at < put.count and column in put.formulas and column in there:
                continue
            own = made.pop(column, b"")
            style = own_style(own) or (self.models.get(column, b"") if at < put.count else b"")
            content = body[at] if at < put.count else _EMPTY
            if style or content != _EMPTY:
                made[column] = start + b"%d" % number + (b'" s="' + style if style else b"") + b'"' + content
        return b"".join(made[column] for column in sorted(made))


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
            known[key] = cell_body(value, prefix, is_1904=put.is_1904)
        found.append(known[key])
    return found


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
