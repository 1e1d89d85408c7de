"""A sheet of a workbook as the rows of an export.

Owns: which sheet holds the export, labels of merged cells, and cells that show errors.
"""

from __future__ import annotations

from functools import partial

from engine.issues import Place
from workbooks.importing.export import Export, find_table
from workbooks.importing.guesses import Told
from workbooks.package.archive import ArchiveError
from workbooks.package.xml import XmlError
from workbooks.read.door import refuse
from workbooks.read.faults import Faults, find_faults
from workbooks.read.sheets import Sheets, plain


def read_sheet(name: str, data: bytes, sheet: str | None, told: Told) -> Export | None:
    """Return the export in a workbook.

    Parameters
    ----------
    sheet : the sheet that was asked for; None = the one with the most records
    """
    refused = refuse(data)
    if refused is not None:
        told.add("TC262", refused.place, f"{name}: {refused.found}")
        return None
    try:
        sheets = Sheets(data)
        wanted = [each for each in sheets.names if sheet is None or each.casefold() == sheet.casefold()]
        if not wanted:
            told.add("TC262", Place("", name), f"{name} has no sheet “{sheet}”, but {', '.join(sheets.names)}")
            return None
        tries = [(each, Told()) for each in wanted]
        found = [(_from_sheet(sheets, each, own), own) for each, own in tries]
    except (ArchiveError, XmlError) as broken:
        told.add("TC262", Place("", name), f"{name}: {broken}")
        return None
    best, own = max(found, key=lambda each: 0 if each[0] is None else len(each[0].records))
    if best is None:
        return None
    told.guesses += own.guesses
    for each in own.issues:
        told.add(each.code, each.place, each.found)
    if len(wanted) > 1:
        told.guess("sheet", ", ".join(wanted), best.name, "The sheet with the most records; another: --sheet NAME")
    return best


def _from_sheet(sheets: Sheets, name: str, told: Told) -> Export | None:
    faults = find_faults(partial(sheets.pieces, name), sheets.book.dialect, tuple)
    grid = [[plain(value) for value in row] for row in sheets.grid(name)]
    filled = _fill_merges(grid, faults)
    for (row, column), shown in faults.errors.items():
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = shown  # as text, so that it is named where a number belongs
    export = find_table(name, grid, told)
    if export is not None:
        if filled:
            told.guess("merged cells", f"{filled} cells", "each with the value of the merged cell they are part of",
                       "A label over several rows means all of them", place=export.header_place(0))  # fmt: skip
        for (row, column), formula in sorted(faults.uncached.items()):
            at = export.rows.index(row) if row in export.rows else -1
            if at >= 0 and 0 <= column - export.left < len(export.headers):
                told.add("TC264", export.place(at, column - export.left), f"{formula}, a formula without a value")
    return export


def _fill_merges(grid: list[list[object]], faults: Faults) -> int:
    filled = 0
    for merge in faults.merges:
        if merge.left != merge.right:
            continue  # over several columns: a heading, no label
        label = grid[merge.top - 1][merge.left - 1] if merge.top <= len(grid) else None
        for row in range(merge.top, min(merge.bottom, len(grid))):
            grid[row][merge.left - 1] = label
            filled += 1
    return filled
