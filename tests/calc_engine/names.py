"""Defined names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.calc import struct
from tests.calc_engine.native import Api

if TYPE_CHECKING:
    from tests.calc_engine.book import Book
    from tests.calc_engine.cells import Range


class Names:
    def __init__(self, book: Book) -> None:
        self.book, self.found = book, book.defined

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self.book, name)) for name in self.found.ElementNames]

    def contains(self, name: str) -> bool:
        return self.found.hasByName(name)

    def __call__(self, name: str) -> Name:
        return Name(self.book, name)

    def add(self, name: str, refers_to: str) -> Name:
        origin = struct("com.sun.star.table.CellAddress")
        self.found.addNewByName(name, _calc_reference(refers_to), origin, 0)
        return Name(self.book, name)


class Name:
    def __init__(self, book: Book, name: str) -> None:
        self.book, self._name = book, name

    @property
    def api(self) -> Api:
        return Api()

    @property
    def found(self) -> object:
        return self.book.defined.getByName(self._name)

    @property
    def name(self) -> str:
        return self._name

    @property
    def refers_to(self) -> str:
        content = self.found.Content
        sheet, _, cells = content.rpartition(".")
        return f"={sheet.removeprefix('$')}!{cells}" if sheet else f"={content}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.found.setContent(_calc_reference(value))

    @property
    def refers_to_range(self) -> Range:
        cells = self.found.getReferredCells()
        where = cells.RangeAddress
        sheet = self.book.sheets(where.Sheet + 1)
        return sheet.range((where.StartRow + 1, where.StartColumn + 1), (where.EndRow + 1, where.EndColumn + 1))

    def delete(self) -> None:
        self.book.defined.removeByName(self._name)


def _calc_reference(refers_to: str) -> str:
    sheet, _, cells = refers_to.removeprefix("=").rpartition("!")
    return f"${sheet}.{cells}"
