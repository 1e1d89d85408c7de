"""xlwings driving LibreOffice Calc, for tests alone: our live adapter runs unchanged, in a program that calculates.

Where Excel does something of its own that our code has to live with, this does it, too: a copied formula refers to the
workbook it came from, texts that look like numbers become numbers where the cell is no text cell, a leading apostrophe
disappears, what is very hidden cannot be copied.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlwings
from xlwings import base_classes as base

from tests.calc import Calc, properties, struct, uno

EPOCH = dt.datetime(1899, 12, 30)
FORMULAS, CONTENTS, EVERYTHING = 16, 23, 1023
_DATE, _TEXT = 2, 256  # com.sun.star.util.NumberFormat
_EXCEL_A1 = 1  # com.sun.star.sheet.AddressConvention
_FOREIGN = "=NA()"
_LOOKS = (
    "CharWeight", "CharPosture", "CharHeight", "CharColor", "CellBackColor", "HoriJustify", "ParaIndent",
    "IsTextWrapped",
)  # fmt: skip


class ComError(Exception):
    """What Excel's refusals look like on Windows."""


ComError.__name__ = "com_error"


def activate(calc: Calc) -> xlwings.main.Engine:
    """Make Calc the only program that xlwings knows; return the engine."""
    engine = xlwings.main.Engine(impl=Engine(calc))
    xlwings.engines.add(engine)
    engine.activate()
    return engine


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


class Api:
    """The native object, as far as our code asks it: whether something is protected, and its full name."""

    def __init__(self, **told: object) -> None:
        self.__dict__.update(told)


class Book:
    def __init__(self, books: Books, document: object, path: str) -> None:
        self.books, self.document, self.path = books, document, path
        self.full_name = path
        self._table_names: tuple[str, ...] = ()
        self._table_ranges: list[tuple[str, object]] = []

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
        ranges = self.document.DatabaseRanges
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
        self.book, self.found = book, book.document.Sheets

    def __len__(self) -> int:
        return self.found.Count

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, self.found.getByIndex(at)) for at in range(len(self)))

    def __contains__(self, name: str) -> bool:
        return self.found.hasByName(name)

    def __call__(self, key: str | int) -> Sheet:
        if isinstance(key, int):
            return Sheet(self.book, self.found.getByIndex(key - 1))
        if not self.found.hasByName(key):
            raise KeyError(key)
        return Sheet(self.book, self.found.getByName(key))

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.document.CurrentController.getActiveSheet())

    def add(self, before: Sheet | None, after: Sheet | None, name: str) -> Sheet:
        at = before.index - 1 if before else after.index if after else 0
        self.found.insertNewByName(name, at)
        made = Sheet(self.book, self.found.getByName(name))
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
        self.book.document.Sheets.removeByName(self.name)

    def copy(self, before: Sheet | None, after: Sheet) -> None:
        if not self.visible:
            raise ComError(-2147352567, "Copy method of Worksheet class failed")
        sheets = after.book.document.Sheets
        sheets.importSheet(self.book.document, self.name, after.index)
        made = Sheet(after.book, sheets.getByName(self.name))
        _forget_other_sheets(made)
        for table in self.tables:
            area = made.range(table.area).found.RangeAddress
            after.book.document.DatabaseRanges.addNewByName(table.name, area)
        made.activate()


def _forget_other_sheets(sheet: Sheet) -> None:
    """Let formulas that refer to another sheet refer to nothing, as a copied one refers to another workbook."""
    for area in sheet.found.queryContentCells(FORMULAS):
        block = area.getFormulaArray()
        if any("." in re.sub(r'"[^"]*"|\d+\.\d+', "", text) for row in block for text in row):
            area.setFormulaArray(tuple(tuple(_own(text) for text in row) for row in block))


def _own(text: str) -> str:
    return _FOREIGN if "." in re.sub(r'"[^"]*"|\d+\.\d+', "", text) else text


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
        formats, known = self.document.NumberFormats, {}
        for area in self.found.getCellFormatRanges():
            key = area.NumberFormat
            if key not in known:
                known[key] = bool(formats.getByKey(key).Type & _DATE)
            if known[key]:
                _as_dates(data, area.RangeAddress, self.where)
        for area in self.found.queryFormulaCells(4):  # com.sun.star.sheet.FormulaResult.ERROR
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
        is_text = self.document.NumberFormats.getByKey(self.found.NumberFormat or 0).Type & _TEXT
        if any(type(cell) is str and cell[:1] == "=" for row in block for cell in row) and not is_text:
            self._set_formulas(block)
            return
        self.found.setDataArray(tuple(tuple(_typed(cell, bool(is_text)) for cell in row) for row in block))

    def _set_formulas(self, block: Sequence[Sequence[object]]) -> None:
        parser = _parser(self.document)
        for row, line in enumerate(block):
            for column, text in enumerate(line):
                cell = self.found.getCellByPosition(column, row)
                if isinstance(text, str) and text[:1] == "=":
                    cell.setTokens(parser.parseFormula(_separated(text[1:], ",", ";"), cell.CellAddress))
                elif isinstance(text, str):
                    cell.setString(text)
                else:
                    cell.setValue(text)

    @property
    def formula(self) -> object:
        block = [[str(value) for value in row] for row in self.found.getDataArray()]
        parser = None
        for area in self.found.queryContentCells(FORMULAS):
            parser = parser or _parser(self.document)
            where = area.RangeAddress
            for row in range(where.StartRow, where.EndRow + 1):
                for column in range(where.StartColumn, where.EndColumn + 1):
                    cell = self.sheet.found.getCellByPosition(column, row)
                    text = _separated(parser.printFormula(cell.getTokens(), cell.CellAddress), ";", ",")
                    block[row - self.where.StartRow][column - self.where.StartColumn] = f"={text}"
        return block if len(self) > 1 else block[0][0]

    @formula.setter
    def formula(self, value: object) -> None:
        rows, columns = self.shape
        self._set_formulas(value if isinstance(value, (list, tuple)) else [[value] * columns for _ in range(rows)])

    @property
    def number_format(self) -> str:
        return self.document.NumberFormats.getByKey(self.found.NumberFormat).FormatString

    @number_format.setter
    def number_format(self, value: str) -> None:
        formats, locale = self.document.NumberFormats, struct("com.sun.star.lang.Locale", Language="en", Country="US")
        key = formats.queryKey(value, locale, False)
        self.found.NumberFormat = key if key >= 0 else formats.addNew(value, locale)

    @property
    def merge_cells(self) -> bool | None:
        if len(self) == 1:
            return self.merge_area.shape != (1, 1)
        return None if self.found.queryIntersection(self.where).Count and self._has_merge() else False

    def _has_merge(self) -> bool:
        return any(area.getIsMerged() for area in self.found.getCellFormatRanges())

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

    def clear_contents(self) -> None:
        self.found.clearContents(CONTENTS)

    def copy(self, destination: object = None) -> None:
        if destination is None:
            self.sheet.book.app.clipboard = self
            return
        _bring(self, destination.impl if hasattr(destination, "impl") else destination, with_looks=True)

    def paste(self, paste: str | None, operation: object, skip_blanks: bool, transpose: bool) -> None:
        assert paste == "formulas"
        _bring(self.sheet.book.app.clipboard, self, with_looks=False)


def _bring(source: Range, target: Range, *, with_looks: bool) -> None:
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
    for row in range(area.StartRow - where.StartRow, area.EndRow - where.StartRow + 1):
        for column in range(area.StartColumn - where.StartColumn, area.EndColumn - where.StartColumn + 1):
            if isinstance(data[row][column], float):
                data[row][column] = EPOCH + dt.timedelta(days=data[row][column])


def _separated(formula: str, old: str, new: str) -> str:
    """Return a formula with other signs between arguments: the parser knows English with semicolons alone."""
    parts = re.split(r"""("[^"]*"|'[^']*')""", formula)
    return "".join(part if at % 2 else part.replace(old, new) for at, part in enumerate(parts))


def _parser(document: object) -> object:
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish = True
    parser.FormulaConvention = _EXCEL_A1
    return parser


class Tables:
    """Excel tables, which Calc keeps as database ranges."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.ranges = sheet, sheet.book.document.DatabaseRanges

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


class Names:
    def __init__(self, book: Book) -> None:
        self.book, self.found = book, book.document.NamedRanges

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
        return self.book.document.NamedRanges.getByName(self._name)

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
        return Range(Sheet(self.book, cells.Spreadsheet), cells)

    def delete(self) -> None:
        self.book.document.NamedRanges.removeByName(self._name)


def _calc_reference(refers_to: str) -> str:
    sheet, _, cells = refers_to.removeprefix("=").rpartition("!")
    return f"${sheet}.{cells}"


__all__ = ["ComError", "activate", "properties", "uno"]
