"""Numbers that somebody typed over the engine's.

Owns: finding them, by the digests of what was written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.issues import Place
from workbooks.package.digests import Digests, digests_read
from workbooks.package.old_sheet import OldCell, Rectangle
from workbooks.package.replacement import OldSheet


@dataclass(frozen=True, slots=True)
class Edit:
    """An engine's cell that somebody typed over.

    sheet : logical name; key : header → value of the other cells of its record; header : "" where the whole record
    changed; value : what stands there now
    """

    sheet: str
    place: Place
    key: dict[str, object]
    header: str
    value: object


def find_edits(logical: str, sheet_name: str, old: OldSheet) -> list[Edit]:
    """Return what was typed over on a sheet, top to bottom."""
    digests = old.record.digests
    if digests is None or not old.record.table:
        return []
    area = Rectangle.of(old.record.table)
    columns = range(area.left, area.left + digests.cells.shape[1])
    rows = range(area.top + 1, area.top + 1 + len(digests.rows))
    headers = [str(_value(old, area.top, column)) for column in columns]
    found = []
    for row in _changed_rows(old, digests, rows, columns):
        for column in row.columns or [columns[0]]:
            header = headers[column - area.left] if row.columns else ""
            key = {
                name: _shown(old, row.row, other)
                for name, other in zip(headers, columns, strict=True)
                if other != column
            }
            place = Place(logical, sheet_name, row.row, column, header)
            found.append(Edit(logical, place, key, header, _shown(old, row.row, column)))
    return found


@dataclass(frozen=True, slots=True)
class _ChangedRow:
    row: int
    columns: list[int]


def _changed_rows(old: OldSheet, digests: Digests, rows: range, columns: range) -> list[_ChangedRow]:
    records = [[_value(old, row, column) for column in columns] for row in rows]
    now = digests_read(records, len(columns))
    changed = np.flatnonzero(now.rows != digests.rows)
    return [
        _ChangedRow(rows[at], [columns[each] for each in np.flatnonzero(now.cells[at] != digests.cells[at])])
        for at in changed.tolist()
    ]


def _value(old: OldSheet, row: int, column: int) -> object:
    cell = _cell(old, row, column)
    return cell.value if cell is not None else None


def _shown(old: OldSheet, row: int, column: int) -> object:
    cell = _cell(old, row, column)
    return cell.cached if cell is not None else None


def _cell(old: OldSheet, row: int, column: int) -> OldCell | None:
    return old.ours.get((row, column))
