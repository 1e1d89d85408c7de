"""What a click replaces, kept in the workbook itself, so that the next click can put it back.

Excel loses its own list of steps when a program writes, so ours is kept: our sheets as they stood, as a small package
in the cells of a very hidden sheet.

Owns: the form of the snapshot, and when it still holds.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.book import Book, BookSheet
from workbooks.package.contents_only import Grid, SheetImage, TableImage, packed
from workbooks.package.mark import MARK_SHEET, UNDO_SHEET, hidden_name
from workbooks.package.namespaces import MAIN
from workbooks.package.old_sheet import SheetReader
from workbooks.package.own_book import OwnBook
from workbooks.package.parts import Parts
from workbooks.package.xml import parsed
from workbooks.tabs.names import CONTROL

LARGEST = 4 * 2**20
"""Bytes of a snapshot, packed; more is not kept, and the answer says so."""

_CHUNK = 30_000
_SHEET_PARTS = "xl/worksheets/sheet{}.xml"


def with_snapshot(before: bytes, after: bytes) -> tuple[bytes, bool]:
    """Return a workbook that remembers our sheets as they were, and whether it does."""
    kept = snapshot_of(before)
    if len(kept) > LARGEST:
        kept = b""
    text = b64encode(kept).decode()
    chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    lines = [state_of(after), *chunks] if kept else [""]
    parts = Parts(after)
    book = Book(parts)
    part = next((sheet.part for sheet in book.sheets if sheet.name == UNDO_SHEET), "")
    data = _sheet_xml(lines).encode()
    if part:
        parts.put(part, data)
    else:
        book.add_sheet(UNDO_SHEET, _SHEET_PARTS, book.dialect.said(data.decode()).encode(), is_hidden=True)
    book.store()
    return parts.data(), bool(kept)


def find_snapshot(data: bytes) -> bytes | None:
    """Return our sheets as they were before the last click; None where there is none, or another run came after."""
    ours = OwnBook(data)
    sheet = ours.by_name.get(UNDO_SHEET.casefold())
    if sheet is None:
        return None
    lines = [str(cell.shown) for _, cell in sorted(_cells(ours, sheet).items()) if cell.shown]
    if len(lines) < 2 or lines[0] != state_of(data):
        return None
    return b64decode("".join(lines[1:]))


def state_of(data: bytes) -> str:
    """Return by what the results of a run are known: what the mark says was written."""
    ours = OwnBook(data)
    sheet = ours.by_name.get(MARK_SHEET.casefold())
    cells = _cells(ours, sheet) if sheet is not None else {}
    texts = [f"{place}{cell.shown}" for place, cell in sorted(cells.items())]
    return sha256("".join(texts).encode()).hexdigest()


def snapshot_of(data: bytes) -> bytes:
    """Return our sheets and the mark as a package: contents alone, without looks."""
    ours = OwnBook(data)
    logical_of = {name: logical for logical, name in ours.own.items() if logical != CONTROL}
    sheets, names = [], []
    for sheet in ours.book.sheets:
        if sheet.name == MARK_SHEET or sheet.name in logical_of:
            sheets.append(_image(ours, sheet))
        if sheet.name in logical_of:
            quoted = sheet.name.replace("'", "''")
            names.append((hidden_name(logical_of[sheet.name]), f"='{quoted}'!$A$1"))
    return packed(sheets or [SheetImage("Nothing")], names)


def _image(ours: OwnBook, sheet: BookSheet) -> SheetImage:
    cells = _cells(ours, sheet)
    bottom = max((row for row, _ in cells), default=1)
    right = max((column for _, column in cells), default=1)
    values: list[list[object]] = [[None] * right for _ in range(bottom)]
    formulas = [[""] * right for _ in range(bottom)]
    for (row, column), cell in cells.items():
        values[row - 1][column - 1] = cell.shown
        formulas[row - 1][column - 1] = cell.formula
    tables = []
    for relation in ours.book.parts.relations(sheet.part).of_kind("table"):
        root = parsed(ours.book.parts.part(relation.target))
        columns = root.find(ours.book.dialect.tag("tableColumns"))
        headers = tuple(each.get("name", "") for each in columns) if columns is not None else ()
        tables.append(
            TableImage(root.get("displayName", ""), root.get("ref", ""), headers, has_headers=True, has_totals=False)
        )
    return SheetImage(sheet.name, Grid(1, 1, values, formulas), tuple(tables))


@frozen
class _Cell:
    """What a cell shows, and its formula with the sign, "" where it has none."""

    shown: object
    formula: str


def _cells(ours: OwnBook, sheet: BookSheet) -> dict[tuple[int, int], _Cell]:
    dialect = ours.book.dialect
    found = {}
    for row in SheetReader(ours.book.parts.pieces(sheet.part), dialect, ours.strings).rows():
        for column, cell in row.cells.items():
            if cell.is_filled:
                text = cell.element.findtext(dialect.tag("f"))
                found[row.number, column] = _Cell(cell.cached, f"={text}" if text else "")
    return found


def _sheet_xml(lines: Sequence[str]) -> str:
    rows = "".join(
        f'<row r="{at}"><c r="{cell_name(at, 1)}" t="inlineStr"><is><t>{line}</t></is></c></row>'
        for at, line in enumerate(lines, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )
