"""Single cells of a sheet set to values; formats stay, and so does every other byte of the sheet.

Owns: finding those cells among the rows, and making those that are not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbooks.addresses import cell_name
from workbooks.package.sheet_rows import SheetRow, SheetRows, body_of, cell_body, cells_of, own_style, plain_sheet

Place = tuple[int, int]
"""Row and column, 1-based."""


def set_cells(sheet: bytes, values: Mapping[Place, object], *, is_1904: bool = False) -> bytes:
    """Return the XML of a sheet with values in some of its cells.

    Parameters
    ----------
    values : row and column → None, text, float, bool or datetime

    Raises
    ------
    XmlError
        The sheet is broken.
    """
    if not values:
        return sheet
    by_row: dict[int, dict[int, object]] = {}
    for (at, column), value in values.items():
        by_row.setdefault(at, {})[column] = value
    sheet = plain_sheet(sheet)
    prefix, start, _ = body = body_of(sheet)
    old = SheetRows(sheet, body, min(by_row), max(by_row))
    left = dict(sorted(by_row.items()))
    chunks: list[bytes] = []
    for row in old:
        before = [number for number in left if number < row.number]
        chunks += [_row(_new_row(number), left.pop(number), prefix, is_1904) for number in before]
        given = left.pop(row.number, None)
        chunks.append(row.whole if given is None else _row(row, given, prefix, is_1904))
    chunks += [_row(_new_row(number), given, prefix, is_1904) for number, given in left.items()]
    head, tail = sheet[: old.start], sheet[old.end :]
    if sheet[start - 2 : start] == b"/>":
        head, tail = head[:-2] + b">", b"</" + prefix + b"sheetData>" + tail
    return b"".join([head, *chunks, tail])


def _new_row(number: int) -> SheetRow:
    return SheetRow(number, b' r="%d"' % number, b"")


def _row(row: SheetRow, values: Mapping[int, object], prefix: bytes, is_1904: bool) -> bytes:
    cells = {column: cell for column, cell, _ in cells_of(row.cells)}
    for column, value in values.items():
        style = own_style(cells.get(column, b""))
        name = cell_name(row.number, column).encode()
        looks = b' s="' + style + b'"' if style else b""
        cells[column] = b"<" + prefix + b'c r="' + name + b'"' + looks + cell_body(value, prefix, is_1904=is_1904)
    made = b"".join(cells[column] for column in sorted(cells))
    return b"<%srow%s>%s</%srow>" % (prefix, row.attributes, made, prefix)
