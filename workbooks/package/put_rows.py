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
from workbooks.addresses import cell_name, column_letters
from workbooks.package.old_sheet import Rectangle
from workbooks.package.sheet_rows import SheetRows, body_of, cell_body, cells_of, own_style, plain_sheet
from workbooks.package.texts import escaped

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
    prefix, start, end = body_of(sheet)
    old = SheetRows(sheet, start, end, put.first, max(put.last, put.area.bottom))
    new = b"".join(_new_rows(old, put, prefix, _model_styles(sheet, start, end, put)))
    head, tail = sheet[: old.start], sheet[old.end :]
    if sheet[start - 2 : start] == b"/>":
        head, tail = head[:-2] + b">", b"</" + prefix + b"sheetData>" + tail
    return b"".join([_grown_dimension(head, put), new, _grown_rules(tail, put)])


def _model_styles(sheet: bytes, start: int, end: int, put: Put) -> dict[int, bytes]:
    """Return the format of each column: that of the last record before the new ones, else of the first row."""
    model = max(put.first - 1, put.area.top)
    return {
        column: style
        for row in SheetRows(sheet, start, end, model, model)
        for column, cell, _ in cells_of(row.cells)
        if (style := own_style(cell))
    }


def _new_rows(old: SheetRows, put: Put, prefix: bytes, models: Mapping[int, bytes]) -> Iterator[bytes]:
    columns = range(put.area.left, put.area.right + 1)
    bodies = [_bodies(column, put, prefix) for column in columns]
    starts = [b"<" + prefix + b'c r="' + column_letters(column).encode() for column in columns]
    standing = iter(old)
    row = next(standing, None)
    for number in range(put.first, max(put.last, put.area.bottom) + 1):
        given: dict[int, bytes] = {}
        attributes = b' r="%d"' % number
        if row is not None and row.number == number:
            given = {column: cell for column, cell, _ in cells_of(row.cells)}
            attributes = _SPANS.sub(b"", row.attributes)
            row = next(standing, None)
        at = number - put.first
        made = dict(given)
        for column, start, body in zip(columns, starts, bodies, strict=True):
            if at < put.count and column in put.formulas and column in given:
                continue
            own = made.pop(column, b"")
            style = own_style(own) or (models.get(column, b"") if at < put.count else b"")
            content = body[at] if at < put.count else b"/>"
            if style or content != b"/>":
                made[column] = start + b"%d" % number + (b'" s="' + style if style else b"") + b'"' + content
        cells = b"".join(made[column] for column in sorted(made))
        yield b"<%srow%s>%s</%srow>" % (prefix, attributes, cells, prefix)


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
