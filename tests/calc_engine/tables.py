"""Excel tables, which Calc keeps as database ranges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.calc_engine.book import Sheet
    from tests.calc_engine.cells import Range


class Tables:
    """Excel tables, which Calc keeps as database ranges."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.ranges = sheet, sheet.book.areas

    def __iter__(self) -> Iterator[Table]:
        own = self.sheet.index - 1
        for name, found in self.sheet.book.table_ranges():
            if found.DataArea.Sheet == own:
                yield Table(self.sheet, name, found)

    def __len__(self) -> int:
        return len(list(iter(self)))


class Table:
    def __init__(self, sheet: Sheet, name: str, found: object) -> None:
        self.sheet, self._name, self.found = sheet, name, found

    show_headers, show_totals = True, False

    @property
    def name(self) -> str:
        return self._name

    @property
    def area(self) -> str:
        return self.range.get_address(False, False, False)

    @property
    def range(self) -> Range:
        where = self.found.DataArea
        return self.sheet.range((where.StartRow + 1, where.StartColumn + 1), (where.EndRow + 1, where.EndColumn + 1))

    @property
    def header_row_range(self) -> Range:
        where = self.found.DataArea
        return self.sheet.range((where.StartRow + 1, where.StartColumn + 1), (where.StartRow + 1, where.EndColumn + 1))

    def resize(self, range: object) -> None:
        self.found.DataArea = (range.impl if hasattr(range, "impl") else range).where
