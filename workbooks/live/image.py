"""The open workbook as the package of a file: only what a plan is read from, read in bulk.

The engine reads this image as it reads any workbook, so there is one reader; nothing is saved. While results are
brought into the open workbook, they and the inputs they were read with lie in a temporary folder, which goes with the
click.

Owns: which sheets are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from engine.fields import RESERVED, TABLES, normalise_header
from workbooks.live.grids import read_grid
from workbooks.package.contents_only import SheetImage, TableImage, packed
from workbooks.package.mark import MARK_SHEET, NAME_START, UNDO_SHEET, sheet_of_name
from workbooks.versions.store import SHEET as VERSIONS

if TYPE_CHECKING:
    import xlwings

_INPUTS = frozenset(normalise_header(name) for name in (*(table.name for table in TABLES), *RESERVED))


def image_of(book: xlwings.Book) -> bytes:
    """Return the open workbook as a package."""
    names = [(each.name, str(each.refers_to or "")) for each in book.names]
    following = {sheet_of_name(text.lstrip("=")) for name, text in names if name.startswith(NAME_START)}
    ours = {*following, MARK_SHEET, UNDO_SHEET, VERSIONS}  # what numbers start from may be a version that is kept
    sheets = [_sheet_image(sheet, is_own=sheet.name in ours) for sheet in book.sheets]
    return packed(sheets, names)


def _sheet_image(sheet: xlwings.Sheet, *, is_own: bool) -> SheetImage:
    tables = tuple(sheet.tables)
    is_input = normalise_header(sheet.name) in _INPUTS or any(
        normalise_header(table.name) in _INPUTS for table in tables
    )
    if not (is_own or is_input):
        return SheetImage(sheet.name, tables=tuple(_table_image(table) for table in tables))
    used = sheet.used_range
    merges = tuple(_merges(used)) if is_input else ()
    return SheetImage(sheet.name, read_grid(used), tuple(_table_image(table) for table in tables), merges)


def _table_image(table: xlwings.main.Table) -> TableImage:
    has_headers = bool(table.show_headers)
    headers: tuple[str, ...] = ()
    if has_headers:
        row = table.header_row_range
        shown = row.options(ndim=1).value if row is not None else ()
        headers = tuple(_header(value, at) for at, value in enumerate(shown, start=1))
    return TableImage(table.name, table.range.get_address(False, False), headers, has_headers, bool(table.show_totals))


def _header(value: object, at: int) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if value not in (None, "") else f"Column{at}"


def _merges(area: xlwings.Range) -> Iterator[str]:
    """Yield the merged ranges within a range, found by halving: most ranges have none, which one call tells."""
    if area.merge_cells is False:
        return
    rows, columns = area.shape
    if area.merge_cells and area.size == 1:
        merged = area.merge_area
        if (merged.row, merged.column) == (area.row, area.column):
            yield merged.get_address(False, False)
        return
    if area.size == 1:
        return
    sheet, top, left = area.sheet, area.row, area.column
    bottom, right = top + rows - 1, left + columns - 1
    if rows >= columns:
        middle = top + rows // 2
        halves = (((top, left), (middle - 1, right)), ((middle, left), (bottom, right)))
    else:
        middle = left + columns // 2
        halves = (((top, left), (bottom, middle - 1)), ((top, middle), (bottom, right)))
    for first, last in halves:
        yield from _merges(sheet.range(first, last))
