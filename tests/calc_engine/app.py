"""The program: its workbooks, and what is selected in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from tests.calc import Calc
from tests.calc_engine.book import Book, Sheet
from tests.calc_engine.cells import EPOCH, Range


class Engine:
    name, type = "libreoffice", "desktop"

    def __init__(self, calc: Calc) -> None:
        self.calc = calc
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: object, options: object = None) -> object:
        if value is None:
            return ""
        if isinstance(value, dt.datetime):
            return (value - EPOCH).total_seconds() / 86400
        return value if isinstance(value, (bool, str)) else float(value)

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        return [[empty_as if value in ("", None) else value for value in row] for row in data]


class Apps:
    def __init__(self, engine: Engine) -> None:
        self.app = App(engine, self)

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app

    def keys(self) -> list[int]:
        return [1]


class App:
    pid, api, version, visible = 1, None, "Calc", False

    def __init__(self, engine: Engine, apps: Apps) -> None:
        self._engine, self.apps = engine, apps
        self.books = Books(self)
        self.screen_updating = self.display_alerts = self.enable_events = True
        self.clipboard: Range | None = None
        self.refuses: str = ""

    @property
    def engine(self) -> Engine:
        return self._engine

    calculation = "automatic"

    def activate(self, steal_focus: bool) -> None:
        """There is one program alone."""

    def calculate(self) -> None:
        for book in self.books:
            book.document.calculateAll()

    @property
    def selection(self) -> Range | None:
        book = self.books.active
        found = book.document.CurrentController.getSelection()
        if not found.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        return Range(Sheet(book, found.Spreadsheet), found)


class Books:
    def __init__(self, app: App) -> None:
        self.app = app
        self.open_books: list[Book] = []
        self.active: Book | None = None

    def __len__(self) -> int:
        return len(self.open_books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self.open_books))

    def __call__(self, key: str | int) -> Book:
        if isinstance(key, int):
            return self.open_books[key - 1]
        for book in self.open_books:
            if book.name.casefold() == key.casefold():
                return book
        raise KeyError(key)

    def open(self, path: str, *options: object) -> Book:
        book = Book(self, self.app.engine.calc.open(Path(path)), path)
        self.open_books.append(book)
        self.active = book
        return book
