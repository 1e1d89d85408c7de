"""An open workbook and its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.calc_engine.cells import CONTENTS, Range
from tests.calc_engine.copying import forget_other_sheets
from tests.calc_engine.formats import Formats
from tests.calc_engine.names import Names
from tests.calc_engine.native import Api, ComError
from tests.calc_engine.tables import Tables

if TYPE_CHECKING:
    from tests.calc_engine.app import App, Books


class Book:
    """An open workbook.

    Every new object of Calc's costs ten times what a value costs: those that stay the same are asked for once.
    """

    def __init__(self, books: Books, document: object, path: str) -> None:
        self.books, self.document, self.path = books, document, path
        self.full_name = path
        self.formats = Formats(document.NumberFormats)
        self.pages, self.areas, self.defined = document.Sheets, document.DatabaseRanges, document.NamedRanges
        self.held: dict[int | str, object] = {}
        self._table_names: tuple[str, ...] = ()
        self._table_ranges: list[tuple[str, object]] = []

    def page(self, key: int | str) -> object:
        """Return Calc's own sheet, by its name or by its place from 0."""
        if key not in self.held:
            self.held[key] = self.pages.getByIndex(key) if isinstance(key, int) else self.pages.getByName(key)
        return self.held[key]

    def forget(self) -> None:
        """Ask for sheets anew: they are other ones, or in other places."""
        self.held.clear()
        self.formats.dates.clear()

    @property
    def api(self) -> Api:
        return Api(FullName=self.full_name, ProtectStructure=self.document.isProtected())

    @property
    def app(self) -> App:
        return self.books.app

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def fullname(self) -> str:
        return self.path

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def table_ranges(self) -> list[tuple[str, object]]:
        """Return Calc's database ranges; each is asked for once, since every question crosses to another process."""
        ranges = self.areas
        names = ranges.ElementNames
        if names != self._table_names:
            self._table_names, self._table_ranges = names, [(name, ranges.getByName(name)) for name in names]
        return self._table_ranges

    def activate(self) -> None:
        self.books.active = self

    def close(self) -> None:
        self.document.close(True)
        self.books.open_books.remove(self)
        self.books.active = self.books.open_books[-1] if self.books.open_books else None


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book, self.found = book, book.pages

    def __len__(self) -> int:
        return self.found.Count

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, self.book.page(at)) for at in range(len(self)))

    def __contains__(self, name: str) -> bool:
        return self.found.hasByName(name)

    def __call__(self, key: str | int) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.book, self.book.page(key - 1))
        if not self.found.hasByName(key):
            raise KeyError(key)
        return Sheet(self.book, self.book.page(key))

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.document.CurrentController.getActiveSheet())

    def add(self, before: Sheet | None, after: Sheet | None, name: str) -> Sheet:
        at = before.index - 1 if before else after.index if after else 0
        self.found.insertNewByName(name, at)
        self.book.forget()
        made = Sheet(self.book, self.book.page(name))
        made.activate()  # as Excel does
        return made


class Sheet:
    def __init__(self, book: Book, found: object) -> None:
        self._book, self.found = book, found

    @property
    def book(self) -> Book:
        return self._book

    @property
    def api(self) -> Api:
        return Api(ProtectContents=self.found.isProtected())

    @property
    def name(self) -> str:
        return self.found.Name

    @name.setter
    def name(self, value: str) -> None:
        self.found.Name = value
        self.book.forget()

    @property
    def index(self) -> int:
        return self.found.RangeAddress.Sheet + 1

    @property
    def visible(self) -> bool:
        return self.found.IsVisible

    @visible.setter
    def visible(self, value: bool) -> None:
        self.found.IsVisible = value

    @property
    def tables(self) -> Tables:
        return Tables(self)

    def range(self, first: object, last: object = None) -> Range:
        first, last = (each.first if isinstance(each, Range) else each for each in (first, last))
        if isinstance(first, tuple):
            corners = sorted((first, last or first))
            (top, left), (bottom, right) = corners
            return Range(self, self.found.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1))
        return Range(self, self.found.getCellRangeByName(first.replace("$", "")))

    @property
    def used_range(self) -> Range:
        cursor = self.found.createCursor()
        cursor.gotoStartOfUsedArea(False)
        start = cursor.RangeAddress
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return self.range((start.StartRow + 1, start.StartColumn + 1), (end.EndRow + 1, end.EndColumn + 1))

    def activate(self) -> None:
        self.book.document.CurrentController.setActiveSheet(self.found)

    def clear_contents(self) -> None:
        self.found.clearContents(CONTENTS)

    def delete(self) -> None:
        self.book.pages.removeByName(self.name)
        self.book.forget()

    def copy(self, before: Sheet | None, after: Sheet) -> None:
        if not self.visible:
            raise ComError(-2147352567, "Copy method of Worksheet class failed")
        after.book.pages.importSheet(self.book.document, self.name, after.index)
        after.book.forget()
        made = Sheet(after.book, after.book.page(self.name))
        forget_other_sheets(made)
        for table in self.tables:
            area = made.range(table.area).found.RangeAddress
            after.book.areas.addNewByName(table.name, area)
        made.activate()
