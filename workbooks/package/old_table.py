"""Our table as it stands in a book, column by column: what is compared is compared in columns.

Owns: how the cells of a table are held while its sheet is renewed.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

import numpy as np

from solver.frozen import frozen
from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_OF_A_TABLE
from workbooks.package.old_sheet import FORMULA, Rectangle, Value


@frozen
class OldColumn:
    """A column of our table.

    shown : float64, shape (records,), nan = empty; or texts, numbers and None where it holds texts
    is_formula : bool, shape (records,)
    """

    shown: np.ndarray | list[Value]
    is_formula: np.ndarray

    def value(self, at: int) -> Value:
        """Return what a record holds: ``FORMULA`` for any formula."""
        return FORMULA if self.is_formula[at] else self.cached(at)

    def cached(self, at: int) -> Value:
        """Return what a record shows."""
        if isinstance(self.shown, list):
            return self.shown[at]
        number = float(self.shown[at])
        return None if isnan(number) else number


@frozen
class OldTable:
    """Our table.

    headers : what its first row shows
    columns : below it, as far as the table reached when it was written
    """

    area: Rectangle
    headers: tuple[Value, ...]
    columns: tuple[OldColumn, ...]

    @property
    def length(self) -> int:
        """How many records there are."""
        return self.area.bottom - self.area.top


class TableBeingRead:
    """Our table while the rows of its sheet are read, in whatever order."""

    def __init__(self, area: Rectangle) -> None:
        self.area = area
        self._length = area.bottom - area.top
        self._headers: list[Value] = [None] * (area.right - area.left + 1)
        self._numbers: dict[int, np.ndarray] = {}
        self._others: dict[int, np.ndarray] = {}
        self._formulas: dict[int, np.ndarray] = {}

    def put_numbers(self, column: int, rows: np.ndarray, numbers: np.ndarray, formulas: np.ndarray | None) -> None:
        """Take cells that hold numbers or nothing.

        Parameters
        ----------
        column, rows : where they stand on the sheet, below the header
        numbers : float64, nan = empty; formulas : bool, None = none is a formula
        """
        at = rows - (self.area.top + 1)
        self._array(self._numbers, column, np.nan, np.float64)[at] = numbers
        if formulas is not None:
            self._array(self._formulas, column, False, np.bool_)[at] = formulas

    def put_texts(self, column: int, rows: np.ndarray, shown: list[Value], formulas: np.ndarray | None) -> None:
        """Take cells that show anything; the rest as of ``put_numbers``."""
        at = rows - (self.area.top + 1)
        values = np.empty(len(shown), dtype=object)
        values[:] = shown
        self._array(self._others, column, None, np.object_)[at] = values
        if formulas is not None:
            self._array(self._formulas, column, False, np.bool_)[at] = formulas

    def put_row(self, row: int, cells: Iterable[tuple[int, Value, bool]]) -> None:
        """Take one row. cells : column on the sheet, what it shows, whether that is a formula's."""
        for column, shown, is_formula in cells:
            if row == self.area.top:
                self._headers[column - self.area.left] = shown
                continue
            at = row - (self.area.top + 1)
            if isinstance(shown, float):
                self._array(self._numbers, column, np.nan, np.float64)[at] = shown
            elif shown is not None:
                self._array(self._others, column, None, np.object_)[at] = shown
            if is_formula:
                self._array(self._formulas, column, False, np.bool_)[at] = True

    def table(self) -> OldTable:
        """Return what was read."""
        none = np.zeros(self._length, dtype=np.bool_)
        empty = np.full(self._length, np.nan)
        columns = []
        for column in range(self.area.left, self.area.right + 1):
            shown: np.ndarray | list[Value] = self._numbers.get(column, empty)
            if column in self._others:
                shown = _together(self._others[column], self._numbers.get(column))
            columns.append(OldColumn(shown, self._formulas.get(column, none)))
        return OldTable(self.area, tuple(self._headers), tuple(columns))

    def _array(self, arrays: dict[int, np.ndarray], column: int, empty: object, kind: type[np.generic]) -> np.ndarray:
        """Return the array of a column, made when its first cell comes."""
        if column not in arrays:
            held = len(self._numbers) + len(self._others)
            if (held + 1) * self._length > MOST_OF_A_TABLE:
                raise TooLargeError(f"a result table of {self._length:,} rows with over {held:,} columns")
            arrays[column] = np.full(self._length, empty, dtype=kind)
        return arrays[column]


def _together(others: np.ndarray, numbers: np.ndarray | None) -> list[Value]:
    """Return what a column of texts and numbers shows."""
    if numbers is not None:
        there = np.flatnonzero(~np.isnan(numbers))
        others[there] = numbers[there].tolist()
    return list(others.tolist())
