"""What a run changed on the engine's sheets, so that it can be brought into the workbook that is open.

Owns: finding it, by comparing a workbook before and after; and the line that tells a macro.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from solver.frozen import frozen
from workbooks.addresses import cell_name, split_cell_name
from workbooks.click.lines import escaped
from workbooks.package.book import BookSheet
from workbooks.package.mark import MARK_SHEET, UNDO_SHEET, SheetRecord, hidden_name
from workbooks.package.old_sheet import SheetReader
from workbooks.package.own_book import OwnBook
from workbooks.package.xml import parsed
from workbooks.tabs.names import CONTROL


class Age(Enum):
    """How a sheet comes."""

    NEW = "new"  # it was not there
    OLD = "old"  # one of ours, in another version
    INPUT = "input"  # an analyst's, into which the command was asked to write
    CONTENT = "content"  # one of ours as it was before: contents come back, looks stay
    GONE = "gone"  # one of ours that was not there before


@frozen
class Delivered:
    """A sheet that differs from what stood there.

    name : what it is called in the workbook; logical : what we call it, "" where it is not ours to replace
    age : how it comes
    is_hidden : people do not see it
    table_name, table, old_table : the Excel table, its range now and before; "" where there is none
    loose, old_loose : our cells outside the table, now and before; of an input sheet, the cells that changed
    links : cell → the cell it leads to
    """

    name: str
    logical: str
    age: Age
    is_hidden: bool = False
    table_name: str = ""
    table: str = ""
    old_table: str = ""
    loose: tuple[str, ...] = ()
    old_loose: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def following_name(self) -> str:
        """The hidden name that follows the sheet when people rename it, "" where there is none."""
        return hidden_name(self.logical) if self.logical else ""

    def line(self) -> str:
        """Return the line that tells a macro, fields between tabs."""
        return "\t".join(
            [
                escaped(self.name, also=" "),
                self.age.value,
                "hidden" if self.is_hidden else "seen",
                self.following_name,
                self.table_name,
                self.old_table,
                self.table,
                " ".join(self.loose),
                " ".join(self.old_loose),
                " ".join(f"{cell}>{escaped(to, also=' >')}" for cell, to in self.links),
            ]
        )


def deliveries(before: bytes, after: bytes) -> list[Delivered]:
    """Return the sheets that differ between two versions of a workbook: ours, and inputs that were written to."""
    if before == after:
        return []
    old, new = OwnBook(before), OwnBook(after)
    logical_of = {name: logical for logical, name in new.own.items()}
    found = [
        _sheet(old, new, logical)
        for sheet in new.book.sheets
        if (logical := logical_of.get(sheet.name, "")) in new.records and not _is_same(old, new, logical)
    ]
    ours = {*logical_of, MARK_SHEET, UNDO_SHEET}
    shared = sorted(old.by_name.keys() & new.by_name.keys())
    found += [
        _input(old, new, old.by_name[name], new.by_name[name])
        for name in shared
        if new.by_name[name].name not in ours
        and old.book.parts.part(old.by_name[name].part) != new.book.parts.part(new.by_name[name].part)
    ]
    return [*found, *_hidden(old, new)]


def changes_of(before: bytes, after: bytes, *, is_restoration: bool) -> list[Delivered]:
    """Return what has to be done so that a workbook stands as it should.

    Parameters
    ----------
    after : the workbook as it should stand; where ``is_restoration``, a snapshot of our sheets as they were
    """
    return restorations(before, after) if is_restoration else deliveries(before, after)


def restorations(now: bytes, before: bytes) -> list[Delivered]:
    """Return what has to be done so that our sheets are as they were.

    Parameters
    ----------
    now : the workbook as it stands
    before : a snapshot of our sheets as they were
    """
    brought = [replace(each, age=Age.CONTENT) if each.age is Age.OLD else each for each in deliveries(now, before)]
    return [*_gone(now, before), *(each for each in brought if each.age is not Age.INPUT)]


def takings_back(after: bytes, before: bytes) -> list[Delivered]:
    """Return what has to be done so that nothing is left of a delivery, whole or in part.

    Parameters
    ----------
    after, before : the workbook as it should have come to stand, and as it stood
    """
    return [*_gone(after, before), *deliveries(after, before)]


def _gone(now: bytes, before: bytes) -> list[Delivered]:
    then = OwnBook(before).own
    return [
        Delivered(name, logical, Age.GONE)
        for logical, name in OwnBook(now).own.items()
        if logical not in then and logical != CONTROL
    ]


def _is_same(old: OwnBook, new: OwnBook, logical: str) -> bool:
    if logical not in old.own:
        return False
    return old.book.parts.part(old.part_of(logical)) == new.book.parts.part(new.part_of(logical))


def _sheet(old: OwnBook, new: OwnBook, logical: str) -> Delivered:
    record = new.records[logical]
    earlier = old.records.get(logical, SheetRecord("", "")) if logical in old.own else SheetRecord("", "")
    part = new.part_of(logical)
    name, covered = _table(new, part, record)
    old_covered = _table(old, old.part_of(logical), earlier)[1] if logical in old.own else ""
    return Delivered(
        new.own[logical],
        logical,
        Age.OLD if logical in old.own else Age.NEW,
        table_name=name,
        table=covered,
        old_table=old_covered,
        loose=record.loose,
        old_loose=earlier.loose,
        links=tuple(_links(new, part)),
    )


def _input(old: OwnBook, new: OwnBook, before: BookSheet, after: BookSheet) -> Delivered:
    """Return the cells of an analyst's sheet that differ, and its table where it grew."""
    was, now = _values(old, before.part), _values(new, after.part)
    changed = sorted(place for place in was.keys() | now.keys() if was.get(place) != now.get(place))
    tables, earlier = _tables(new, after.part), _tables(old, before.part)
    grown = next((name for name, covered in tables.items() if earlier.get(name) != covered), "")
    return Delivered(
        after.name,
        "",
        Age.INPUT,
        table_name=grown,
        table=tables.get(grown, ""),
        old_table=earlier.get(grown, ""),
        loose=tuple(cell_name(*place) for place in changed),
    )


def _values(book: OwnBook, part: str) -> dict[tuple[int, int], object]:
    reader = SheetReader(book.book.parts.pieces(part), book.book.dialect, book.strings)
    return {
        (row.number, column): cell.cached
        for row in reader.rows()
        for column, cell in row.cells.items()
        if cell.is_filled
    }


def _tables(book: OwnBook, part: str) -> dict[str, str]:
    """Return the Excel tables on a sheet: name → range."""
    relations = book.book.parts.relations(part).of_kind("table")
    roots = (parsed(book.book.parts.part(relation.target)) for relation in relations)
    return {root.get("displayName", ""): root.get("ref", "") for root in roots}


def _table(book: OwnBook, part: str, record: SheetRecord) -> tuple[str, str]:
    """Return name and range of our table on a sheet."""
    corner = record.table.partition(":")[0]
    found = (each for each in _tables(book, part).items() if corner and each[1].partition(":")[0] == corner)
    return next(found, ("", ""))


def _links(book: OwnBook, part: str) -> Iterator[tuple[str, str]]:
    reader = SheetReader(book.book.parts.pieces(part), book.book.dialect, book.strings)
    for _ in reader.rows():
        pass  # a sheet of any length is read row by row; the links come after
    for link in () if reader.root is None else reader.root.iter(book.book.dialect.tag("hyperlink")):
        if link.get("location"):
            yield link.get("ref", ""), link.get("location", "")


def _hidden(old: OwnBook, new: OwnBook) -> list[Delivered]:
    """Return the sheets that people do not see: the mark, and what a click keeps for the next; emptied, never removed.

    LibreOffice 7.4 forgets tables of other sheets when a last one is removed.
    """
    found = []
    for name in (MARK_SHEET, UNDO_SHEET):
        if _part(old, name) != _part(new, name):
            before, now = (_used(book, name) for book in (old, new))
            age = Age.OLD if before else Age.NEW
            found.append(Delivered(name, "", age, is_hidden=True, old_table=before, table=now))
    return found


def _part(book: OwnBook, name: str) -> bytes:
    sheet = book.by_name.get(name.casefold())
    return book.book.parts.part(sheet.part) if sheet is not None else b""


def _used(book: OwnBook, name: str) -> str:
    """Return the range of a sheet's cells."""
    part = _part(book, name)
    if not part:
        return ""
    places = [split_cell_name(cell.get("r", "A1")) for cell in parsed(part).iter(book.book.dialect.tag("c"))]
    rows, columns = zip(*places, strict=True) if places else ((1,), (1,))
    return f"A1:{cell_name(max(rows), max(columns))}"
