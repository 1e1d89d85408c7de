"""A workbook with the engine's sheets in it, and which of them people have had in hand.

Owns: finding our sheets' parts, and taking those apart that somebody saved since we wrote them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial

from workbooks.package.archive import ArchiveError
from workbooks.package.book import Book
from workbooks.package.changes import SomeRecords
from workbooks.package.edits import Edit, find_edits
from workbooks.package.hangings import Hangings
from workbooks.package.mark import SheetRecord, own_sheet_names
from workbooks.package.old_sheet import FORMULA, Rectangle, SharedStrings, SheetReader
from workbooks.package.other_rows import other_rows
from workbooks.package.ownership import read_records
from workbooks.package.parts import Parts
from workbooks.package.replacement import OldSheet, take_apart
from workbooks.package.xml import XmlError
from workbooks.tabs.names import RUN_LOG, table_name


class OwnBook:
    """A workbook as it stands, opened for its own sheets.

    own : logical name → what the sheet is called now; records : logical name → what was written
    """

    def __init__(self, data: bytes) -> None:
        """Open a workbook.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged.
        """
        self.book = Book(Parts(data))
        self.hangings = Hangings(self.book)
        self.own = own_sheet_names(self.book)
        self.records = read_records(data) if self.own else {}
        self.by_name = {sheet.name.casefold(): sheet for sheet in self.book.sheets}

    def part_of(self, logical: str) -> str:
        """Return the part of one of our sheets."""
        return self.by_name[self.own[logical].casefold()].part

    def edited(self, names: Sequence[str], *, every: bool = False) -> dict[str, OldSheet]:
        """Return those of our sheets that are not all ours any more, taken apart; Run Log always.

        every : those that are all ours, too
        """
        found: dict[str, OldSheet] = {}
        for name in names:
            if name not in self.own:
                continue
            record = self.records.get(name, SheetRecord("", ""))
            if every or name == RUN_LOG or not record.is_whole or not self.is_as_written(name):
                found[name] = self.taken_apart(name)
        return found

    def taken_apart(self, name: str) -> OldSheet:
        """Return one of our sheets as it stands in the book, taken apart."""
        record = self._where_it_is(name, self.records.get(name, SheetRecord("", "")))
        pieces = partial(self.book.parts.archive.read_pieces, self.part_of(name))
        return take_apart(pieces, record, self.book.dialect, self.strings)

    def some_records(self, name: str, new: bytes) -> SomeRecords | None:
        """Return the records of our table that stand otherwise in a new part; None where rows do not stand alike.

        Parameters
        ----------
        name : of a sheet that stands as it was written, with a table in the same place as in the new part
        """
        area = Rectangle.of(self.records[name].table)
        others = other_rows(self.book.parts.archive.read_pieces(self.part_of(name)), new)
        if others is None:
            return None
        table = take_apart(lambda: others.pieces, self.records[name], self.book.dialect, self.strings).table
        rows = others.numbers
        if table is None or area.top in rows:
            return None  # its headers say otherwise what is in it
        return SomeRecords(table, rows[(rows > area.top) & (rows <= area.bottom)] - (area.top + 1))

    def is_as_written(self, logical: str) -> bool:
        """Whether one of our sheets is all ours, and nobody saved it since."""
        record, part = self.records.get(logical), self.part_of(logical)
        if record is None or record.size not in (-1, self.book.parts.size(part)):
            return False  # who saves a sheet writes it in other words, and seldom in as many bytes
        return self.book.parts.digest(part) == record.part_hash

    def edits(self, edited: Mapping[str, OldSheet]) -> list[Edit]:
        """Return what was typed over on sheets taken apart."""
        return [edit for name, old in edited.items() for edit in find_edits(name, self.own[name], old)]

    def _where_it_is(self, name: str, record: SheetRecord) -> SheetRecord:
        """Return the record with the table's range as the book has it: the log grows without the mark."""
        if name != RUN_LOG or not record.table:
            return record
        covered = self.hangings.table_at(self.part_of(name), record.table.partition(":")[0])
        return SheetRecord(record.part_hash, covered or record.table, record.loose, record.rules)

    @cached_property
    def strings(self) -> SharedStrings:
        """The book's shared strings."""
        found = self.book.parts.relations(self.book.part).of_kind("sharedStrings")
        part = found[0].target if found else ""
        return SharedStrings(lambda: self.book.parts.pieces(part) if part else (), self.book.dialect)


def uncalculated(data: bytes) -> frozenset[str]:
    """Return the names of our sheets and tables that nobody has calculated since we wrote them.

    Whoever saves a workbook in Excel or LibreOffice calculates it, and writes our sheets in other words.
    """
    try:
        ours = OwnBook(data)
        return frozenset(
            word
            for name in ours.own
            if name != RUN_LOG and ours.is_as_written(name)
            for word in (ours.own[name], table_name(name))
        )
    except (ArchiveError, XmlError):
        return frozenset()


def formula_cells(data: bytes, names: Iterable[str]) -> dict[str, dict[tuple[int, int], bool]]:
    """Return where our sheets hold formulas: logical name → (row, column) → whether somebody has calculated it.

    names : logical names; those that are not there are left out
    """
    ours = OwnBook(data)
    found: dict[str, dict[tuple[int, int], bool]] = {}
    for name in names:
        if name in ours.own:
            reader = SheetReader(ours.book.parts.pieces(ours.part_of(name)), ours.book.dialect, ours.strings)
            found[name] = {
                (row.number, column): cell.cached not in (None, "")
                for row in reader.rows()
                for column, cell in row.cells.items()
                if cell.value == FORMULA
            }
    return found


def sheet_lines(data: bytes, name: str) -> list[list[str]]:
    """Return the texts of a sheet of ours that people do not see, row by row; none where it is not there."""
    ours = OwnBook(data)
    sheet = ours.by_name.get(name.casefold())
    if sheet is None:
        return []
    reader = SheetReader(ours.book.parts.pieces(sheet.part), ours.book.dialect, ours.strings)
    return [[str(cell.cached) for _, cell in sorted(row.cells.items()) if cell.is_filled] for row in reader.rows()]
