"""Which sheets of a workbook are the engine's, and what stands on them.

Owns: finding them, whatever they are called now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from solver.frozen import frozen
from workbooks.package.archive import ArchiveError
from workbooks.package.book import Book
from workbooks.package.hangings import Hangings
from workbooks.package.mark import MARK_SHEET, SheetRecord, holds_from, own_sheet_names, records_from
from workbooks.package.old_sheet import Rectangle
from workbooks.package.parts import Parts
from workbooks.package.values import Values
from workbooks.package.xml import XmlError


@frozen
class Own:
    """The engine's sheets in a workbook. sheets : logical name → what the sheet is called now."""

    sheets: Mapping[str, str] = field(default_factory=dict)


@frozen
class OwnTable:
    """The table on one of the engine's sheets as it stands: header texts, and records of cell values."""

    headers: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()


def find_own(data: bytes) -> Own:
    """Return the engine's sheets; none where the bytes are no workbook."""
    try:
        book = Book(Parts(data))
        return Own(own_sheet_names(book))
    except (ArchiveError, XmlError):
        return Own()


@lru_cache(maxsize=1)  # one run asks for those of one workbook many times
def read_records(data: bytes) -> Mapping[str, SheetRecord]:
    """Return what the mark in a workbook says was written; nothing where there is no mark."""
    rows = _sheet_values(data, MARK_SHEET)
    return records_from(rows) if rows else {}


def read_holds(data: bytes) -> dict[str, float]:
    """Return what the mark in a workbook says that limits hold which hold ``now``."""
    return holds_from(_sheet_values(data, MARK_SHEET))


def read_own_table(data: bytes, own: Own, logical: str) -> OwnTable:
    """Return the table on one of the engine's sheets; an empty one where there is none."""
    if logical not in own.sheets:
        return OwnTable()
    book = Book(Parts(data))
    part = next(sheet.part for sheet in book.sheets if sheet.name == own.sheets[logical])
    record = read_records(data).get(logical)
    corner = record.table.partition(":")[0] if record is not None else ""
    covered = Hangings(book).table_at(part, corner) if corner else ""
    if not covered:
        return OwnTable()
    area = Rectangle.of(covered)
    rows = _sheet_values(data, own.sheets[logical])
    block = [tuple(row[area.left - 1 : area.right]) for row in rows[area.top - 1 : area.bottom]]
    return OwnTable(tuple(str(header) for header in block[0]), tuple(block[1:])) if block else OwnTable()


def read_own_top(data: bytes, own: Own, logical: str, rows: int = 3) -> tuple[object, ...]:
    """Return the cells of the first rows of one of the engine's sheets: its title, and the sentence below."""
    values = _sheet_values(data, own.sheets[logical]) if logical in own.sheets else []
    return tuple(cell for row in values[:rows] for cell in row)


def _sheet_values(data: bytes, sheet: str) -> list[list[object]]:
    """Return the values of a sheet from A1 on, [] where there is no such sheet."""
    try:
        return Values(data).rows(sheet)
    except XmlError:
        return []
