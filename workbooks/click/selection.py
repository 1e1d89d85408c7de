"""What is selected on the engine's sheets: which records, and which of their columns.

Owns: the way from cells like ``Cascade!E5:E7`` to records.
"""

from __future__ import annotations

from dataclasses import replace

from engine.issues import Place
from solver.frozen import frozen
from workbooks.package.edits import Edit
from workbooks.package.old_sheet import Rectangle
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import Own, read_own_table
from workbooks.package.xml import XmlError
from workbooks.tabs.names import CASCADE


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
    """Return the selected cells that stand in one of our tables, from top to bottom; of a row of Cascade, the first.

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
    chosen = _columns_by_row(cells, replace(area, top=area.top + 1))
    table = read_own_table(data, Own(ours.own), logical)
    found = []
    for row in sorted(chosen):
        held = dict(zip(table.headers, table.rows[row - area.top - 1], strict=True))
        # a row of Cascade is one target, whichever of its cells are selected; elsewhere each period is one
        columns = sorted(chosen[row])[: 1 if logical == CASCADE else None]
        found += [
            Selected(logical, Place(logical, sheet, row, column), held, table.headers[column - area.left])
            for column in columns
        ]
    return found


def _columns_by_row(cells: str, records: Rectangle) -> dict[int, set[int]]:
    """Return the selected columns of each row, as far as they lie within the records of a table."""
    chosen: dict[int, set[int]] = {}
    for part in cells.replace("$", "").replace(";", ",").split(","):
        try:
            area = Rectangle.of(part.strip())
        except XmlError:
            continue  # whole columns, or something that is no range
        columns = range(max(area.left, records.left), min(area.right, records.right) + 1)
        if columns:
            for row in range(max(area.top, records.top), min(area.bottom, records.bottom) + 1):
                chosen.setdefault(row, set()).update(columns)
    return chosen
