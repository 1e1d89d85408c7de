"""A range: its values, formulas and looks, in a call each where Calc allows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlwings import base_classes as base

from tests.calc_engine.copying import bring
from tests.calc_engine.formulas import FORMULAS, is_alike, parser_of, separated
from tests.calc_engine.native import Api

if TYPE_CHECKING:
    from tests.calc_engine.book import Sheet

EPOCH = dt.datetime(1899, 12, 30)
CONTENTS, EVERYTHING = 23, 1023
_FIRST_DAY, _LAST_DAY = 20_000, 80_000  # of the years 1954 to 2119: no other number is looked up as a date
_ERRORS = 4  # com.sun.star.sheet.FormulaResult


class Range(base.Range):
    def __init__(self, sheet: Sheet, found: object) -> None:
        self._sheet, self.found = sheet, found
        self.where = found.RangeAddress

    @property
    def sheet(self) -> Sheet:
        return self._sheet

    @property
    def api(self) -> Api:
        return Api(HasFormula=False if not self.found.queryContentCells(FORMULAS).Count else None)

    @property
    def document(self) -> object:
        return self.sheet.book.document

    @property
    def row(self) -> int:
        return self.where.StartRow + 1

    @property
    def column(self) -> int:
        return self.where.StartColumn + 1

    @property
    def shape(self) -> tuple[int, int]:
        where = self.where
        return where.EndRow - where.StartRow + 1, where.EndColumn - where.StartColumn + 1

    @property
    def first(self) -> tuple[int, int]:
        return self.row, self.column

    @property
    def has_array(self) -> bool:
        return False

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int) -> Range:
        at = (self.row + row - 1, self.column + column - 1)
        return self.sheet.range(at, at)

    def get_address(self, row_absolute: bool, column_absolute: bool, external: bool) -> str:
        name = self.found.AbsoluteName.rpartition(".")[2]
        first, _, last = self.found.AbsoluteName.partition(":")
        ends = [first.rpartition(".")[2], last.rpartition(".")[2]] if last else [name]
        ends = ends if row_absolute else [end.replace("$", "") for end in ends]
        return ":".join(ends)

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    @property
    def raw_value(self) -> object:
        data = [list(row) for row in self.found.getDataArray()]
        if any(type(value) is float and _FIRST_DAY <= value <= _LAST_DAY for row in data for value in row):
            for area in self.sheet.book.formats.dates_on(self.sheet.name, self.sheet.found):
                _as_dates(data, area, self.where)
        has_errors = any(value is None for row in data for value in row)
        for area in self.found.queryFormulaCells(_ERRORS) if has_errors else ():
            where = area.RangeAddress
            for row in range(where.StartRow, where.EndRow + 1):
                for column in range(where.StartColumn, where.EndColumn + 1):
                    shown = self.sheet.found.getCellByPosition(column, row).String
                    data[row - self.where.StartRow][column - self.where.StartColumn] = shown
        return data if len(self) > 1 else data[0][0]

    @raw_value.setter
    def raw_value(self, value: object) -> None:
        rows, columns = self.shape
        block = value if isinstance(value, (list, tuple)) else [[value] * columns for _ in range(rows)]
        is_text = self.sheet.book.formats.of(self.found.NumberFormat or 0).is_text
        if any(type(cell) is str and cell[:1] == "=" for row in block for cell in row) and not is_text:
            self._set_formulas(block)
            return
        self.found.setDataArray(tuple(tuple(_typed(cell, is_text) for cell in row) for row in block))

    def _set_formulas(self, block: Sequence[Sequence[object]]) -> None:
        parser = parser_of(self.document)
        for row, line in enumerate(block):
            for column, text in enumerate(line):
                cell = self.found.getCellByPosition(column, row)
                if isinstance(text, str) and text[:1] == "=":
                    cell.setTokens(parser.parseFormula(separated(text[1:], ",", ";"), cell.CellAddress))
                elif isinstance(text, str):
                    cell.setString(text)
                else:
                    cell.setValue(text)

    @property
    def formula(self) -> object:
        block = [[str(value) for value in row] for row in self.found.getDataArray()]
        parser = parser_of(self.document)
        for area in self.found.queryContentCells(FORMULAS):
            where = area.RangeAddress
            for row, line in enumerate(area.getFormulaArray(), start=where.StartRow):
                for column, text in enumerate(line, start=where.StartColumn):
                    shown = text
                    if not is_alike(text):
                        cell = self.sheet.found.getCellByPosition(column, row)
                        shown = f"={parser.printFormula(cell.getTokens(), cell.CellAddress)}"
                    block[row - self.where.StartRow][column - self.where.StartColumn] = separated(shown, ";", ",")
        return block if len(self) > 1 else block[0][0]

    @formula.setter
    def formula(self, value: object) -> None:
        rows, columns = self.shape
        self._set_formulas(value if isinstance(value, (list, tuple)) else [[value] * columns for _ in range(rows)])

    @property
    def number_format(self) -> str:
        return self.sheet.book.formats.of(self.found.NumberFormat).code

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.found.NumberFormat = self.sheet.book.formats.key(value)
        self.sheet.book.formats.dates.clear()

    @property
    def merge_cells(self) -> bool | None:
        if len(self) == 1:
            return self.merge_area.shape != (1, 1)
        return None if self.found.getIsMerged() else False  # so Calc says it where any cell of the range is

    @property
    def merge_area(self) -> Range:
        cursor = self.sheet.found.createCursorByRange(self.found)
        cursor.collapseToMergedArea()
        where = cursor.RangeAddress
        return self.sheet.range((where.StartRow + 1, where.StartColumn + 1), (where.EndRow + 1, where.EndColumn + 1))

    def select(self) -> None:
        self.document.CurrentController.select(self.found)

    def clear(self) -> None:
        self.found.clearContents(EVERYTHING)
        self.sheet.book.formats.dates.clear()

    def clear_contents(self) -> None:
        self.found.clearContents(CONTENTS)

    def copy(self, destination: object = None) -> None:
        if destination is None:
            self.sheet.book.app.clipboard = self
            return
        bring(self, destination.impl if hasattr(destination, "impl") else destination, with_looks=True)

    def paste(self, paste: str | None, operation: object, skip_blanks: bool, transpose: bool) -> None:
        assert paste == "formulas"
        bring(self.sheet.book.app.clipboard, self, with_looks=False)


def _typed(value: object, is_text_cell: bool) -> object:
    """Return what Excel makes of a value that is put into a cell."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and not is_text_cell:
        if value.startswith("'"):
            return value[1:]
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _as_dates(data: list[list[object]], area: object, where: object) -> None:
    """Turn the numbers of those cells of a range into dates that lie in an area."""
    rows = range(max(area.StartRow, where.StartRow), min(area.EndRow, where.EndRow) + 1)
    columns = range(max(area.StartColumn, where.StartColumn), min(area.EndColumn, where.EndColumn) + 1)
    for row in (each - where.StartRow for each in rows):
        for column in (each - where.StartColumn for each in columns):
            if isinstance(data[row][column], float):
                data[row][column] = EPOCH + dt.timedelta(days=data[row][column])
