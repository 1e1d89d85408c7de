"""The sheets of a workbook: their values, and the Excel tables on them.

Owns: what stands where, before anything has a meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from solver.frozen import frozen
from workbooks.package.book import Book
from workbooks.package.old_sheet import Rectangle
from workbooks.package.parts import Parts
from workbooks.package.values import Values
from workbooks.package.xml import number_of, parsed

Grid = list[list[object]]
"""Rows of a sheet from A1 on; "" = empty."""


@frozen
class ExcelTable:
    """An Excel table: its name, sheet and range, and how many rows of headers and totals it has."""

    name: str
    sheet: str
    area: Rectangle
    header_rows: int
    total_rows: int
    headers: tuple[str, ...]


class Sheets:
    """The sheets of one workbook, read when they are asked for."""

    def __init__(self, data: bytes) -> None:
        """Open a workbook.

        Raises
        ------
        XmlError, ArchiveError
            It is damaged.
        """
        self.book = Book(Parts(data))
        self._part_of = {sheet.name: sheet.part for sheet in self.book.sheets if sheet.kind == "worksheet"}
        self._values = Values(data, self.book)
        self._grids: dict[str, Grid] = {}

    @property
    def names(self) -> list[str]:
        """Names of the worksheets, in their order."""
        return list(self._part_of)

    def part(self, sheet: str) -> bytes:
        """Return the XML of a sheet."""
        return self.book.parts.part(self._part_of[sheet])

    def pieces(self, sheet: str) -> Iterator[bytes]:
        """Yield the XML of a sheet piece by piece."""
        return self.book.parts.pieces(self._part_of[sheet])

    def grid(self, sheet: str) -> Grid:
        """Return the values of a sheet."""
        if sheet not in self._grids:
            self._grids[sheet] = self._values.rows(sheet)
        return self._grids[sheet]

    def tables(self) -> list[ExcelTable]:
        """Return all Excel tables, sheet by sheet."""
        found = []
        for sheet, part in self._part_of.items():
            for relation in self.book.parts.relations(part).of_kind("table"):
                root = parsed(self.book.parts.part(relation.target))
                columns = root.find(self.book.dialect.tag("tableColumns"))
                headers = tuple(each.get("name", "") for each in columns) if columns is not None else ()
                found.append(
                    ExcelTable(
                        root.get("displayName", root.get("name", "")),
                        sheet,
                        Rectangle.of(root.get("ref", "A1")),
                        number_of(root, "headerRowCount", 1),
                        number_of(root, "totalsRowCount"),
                        headers,
                    )
                )
        return found


def plain(value: object) -> object:
    """Return a value as input tables hold it: None, text, float, bool or datetime."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, (bool, float, datetime)):
        return value
    if isinstance(value, int):
        return float(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, (time, timedelta)):
        return str(value)
    return value
