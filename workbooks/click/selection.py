"""What is selected on the engine's sheets: which records, and which of their columns.

Owns: the way from cells like ``Cascade!E5:E7`` to records.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.issues import Place
from solver.frozen import frozen
from workbooks.package.edits import Edit
from workbooks.package.old_sheet import Rectangle
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import Own, OwnTable, read_own_table
from workbooks.package.xml import XmlError

MOST = 500
"""Selected cells that are looked at."""


@frozen
class Selected:
    """A selected cell of one of our tables.

    sheet : logical name; record : header → value of its row; header : of its column
    """

    sheet: str
    place: Place
    record: dict[str, object]
    header: str

    def as_edit(self, header: str) -> Edit:
        """Return the record as if the value below a header had just been typed."""
        key = {name: value for name, value in self.record.items() if name != header}
        value = self.record.get(header)
        return Edit(self.sheet, self.place, key, header, float(value) if isinstance(value, (int, float)) else value)


def selected_records(data: bytes, sheet: str, cells: str) -> list[Selected]:
    """Return the selected cells that stand in one of our tables, from top to bottom.

    Parameters
    ----------
    sheet : the sheet's name in the workbook
    cells : ranges, ``B5:B9,D5``
    """
    ours = OwnBook(data)
    logical = next((name for name, called in ours.own.items() if called == sheet), "")
    record = ours.records.get(logical)
    if record is None or not record.table:
        return []
    area = Rectangle.of(record.table)
    table = read_own_table(data, Own(ours.own), logical)
    found = []
    for row, column in _places(cells):
        if area.top < row <= area.bottom and area.left <= column <= area.right:
            found.append(_selected(table, logical, Place(logical, sheet, row, column), area))
    return found


def _selected(table: OwnTable, logical: str, place: Place, area: Rectangle) -> Selected:
    values = table.rows[place.row - area.top - 1]
    header = table.headers[place.column - area.left]
    return Selected(logical, place, dict(zip(table.headers, values, strict=True)), header)


def _places(cells: str) -> Iterator[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    for part in cells.replace("$", "").replace(";", ",").split(","):
        try:
            area = Rectangle.of(part.strip())
        except XmlError:
            continue  # whole columns, or something that is no range
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                if len(seen) >= MOST:
                    return
                if (row, column) not in seen:
                    seen.add((row, column))
                    yield row, column
