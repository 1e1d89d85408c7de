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
)  # fmt: skip


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
    is_same_size = source.shape == target.shape
    area = target.found
    if not is_same_size:
        area = page.getCellRangeByPosition(where.StartColumn, where.StartRow, where.EndColumn, where.EndRow)
    if with_looks:
        _bring_looks(source, target)
    area.setDataArray(source.found.getDataArray())
    for held in source.found.queryContentCells(FORMULAS):
        at = held.RangeAddress
        block = page.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.EndRow)
        block.setFormulaArray(tuple(tuple(_own(text) for text in row) for row in held.getFormulaArray()))


def _bring_looks(source: Range, target: Range) -> None:
    if len(source) == 1:
        _put_looks(source, source.found, target, target.found)
    else:
        down, across = target.row - source.row, target.column - source.column
        for held in source.found.getCellFormatRanges():
            at = held.RangeAddress
            block = target.sheet.found.getCellRangeByPosition(
                at.StartColumn + across, at.StartRow + down, at.EndColumn + across, at.EndRow + down
            )
            _put_looks(source, held, target, block)
    target.sheet.book.formats.dates.pop(target.sheet.name, None)


def _put_looks(source: Range, held: object, target: Range, block: object) -> None:
    names = _sorted_looks()
    *looks, form = held.getPropertyValues((*names, "NumberFormat"))
    shown = source.sheet.book.formats.of(form)
    block.setPropertyValues((*names, "NumberFormat"), (*looks, target.sheet.book.formats.key(shown.code, shown.locale)))


def _sorted_looks() -> tuple[str, ...]:
    return tuple(sorted(_LOOKS))
