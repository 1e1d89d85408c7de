"""Ranges and sheets copied from one open workbook to another, with what Excel does to their formulas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.calc import struct
from tests.calc_engine.formulas import FORMULAS
from tests.calc_engine.native import ComError

if TYPE_CHECKING:
    from tests.calc_engine.book import Sheet
    from tests.calc_engine.cells import Range

_FOREIGN = "=NA()"
_LOOKS = (
    "CharWeight", "CharPosture", "CharHeight", "CharColor", "CellBackColor", "HoriJustify", "ParaIndent",
    "IsTextWrapped",
)  # fmt: skip  # fmt: skip


def forget_other_sheets(sheet: Sheet) -> None:
    """Let formulas that refer to another sheet refer to nothing, as a copied one refers to another workbook."""
    for area in sheet.found.queryContentCells(FORMULAS):
        block = area.getFormulaArray()
        if any("." in re.sub(r'"[^"]*"|\d+\.\d+', "", text) for row in block for text in row):
            area.setFormulaArray(tuple(tuple(_own(text) for text in row) for row in block))


def _own(text: str) -> str:
    return _FOREIGN if "." in re.sub(r'"[^"]*"|\d+\.\d+', "", text) else text


def bring(source: Range, target: Range, *, with_looks: bool) -> None:
    refused = source.sheet.book.app.refuses
    if refused and target.sheet.name == refused:
        raise ComError(-2147352567, "Exception occurred.", (0, "Microsoft Excel", "The cell is locked."))
    first = target.where
    where = struct(
        "com.sun.star.table.CellRangeAddress",
        Sheet=first.Sheet, StartColumn=first.StartColumn, StartRow=first.StartRow,
        EndColumn=first.StartColumn + source.shape[1] - 1, EndRow=first.StartRow + source.shape[0] - 1,
    )  # fmt: skip
    page = target.sheet.found
    area = page.getCellRangeByPosition(where.StartColumn, where.StartRow, where.EndColumn, where.EndRow)
    if with_looks:
        _bring_looks(source, target)
    area.setDataArray(source.found.getDataArray())
    for held in source.found.queryContentCells(FORMULAS):
        at = held.RangeAddress
        block = page.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        block.setFormulaArray(tuple(tuple(_own(text) for text in row) for row in held.getFormulaArray()))


def _bring_looks(source: Range, target: Range) -> None:
    mine, theirs = target.document.NumberFormats, source.document.NumberFormats
    for held in source.found.getCellFormatRanges():
        at = held.RangeAddress
        block = target.sheet.found.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        form = theirs.getByKey(held.NumberFormat)
        key = mine.queryKey(form.FormatString, form.Locale, False)
        block.NumberFormat = key if key >= 0 else mine.addNew(form.FormatString, form.Locale)
        block.setPropertyValues(_sorted_looks(), held.getPropertyValues(_sorted_looks()))


def _sorted_looks() -> tuple[str, ...]:
    return tuple(sorted(_LOOKS))
