"""Numbers that somebody typed over the engine's.

Owns: finding them, by the digests of what was written. A record that only moved, because people sorted the table, is
none.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.issues import Place
from solver.frozen import frozen
from workbooks.package.digests import Digests, digests_read
from workbooks.package.old_table import OldTable
from workbooks.package.replacement import OldSheet

_LOOKED_AT = 200
"""Records among which the one that was typed over is looked for; beyond, it is taken to be the one at its place."""


@frozen
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
    digests, table = old.record.digests, old.table
    if digests is None or table is None:
        return []
    area = table.area
    columns = range(area.left, area.left + min(digests.cells.shape[1], len(table.columns)))
    headers = ["" if header is None else str(header) for header in table.headers[: len(columns)]]
    found = []
    for row in _changed_rows(table, digests, area.top + 1, columns):
        at = row.row - (area.top + 1)
        shown = [each.cached(at) if at < table.length else None for each in table.columns[: len(columns)]]
        for column in row.columns or [columns[0]]:
            name = headers[column - area.left] if row.columns else ""
            key: dict[str, object] = {
                header: value
                for header, value, other in zip(headers, shown, columns, strict=True)
                if other != column
            }  # fmt: skip
            place = Place(logical, sheet_name, row.row, column, name)
            found.append(Edit(logical, place, key, name, shown[column - area.left]))
    return found


@frozen
class _ChangedRow:
    row: int
    columns: list[int]


def _changed_rows(table: OldTable, digests: Digests, first: int, columns: range) -> list[_ChangedRow]:
    rows = range(first, first + len(digests.rows))
    now = digests_read(table.columns, digests.cells.shape)
    elsewhere = np.flatnonzero(now.rows != digests.rows)
    missing = Counter(digests.rows[elsewhere].tolist())
    changed = []
    for at in elsewhere.tolist():
        if missing[digest := int(now.rows[at])]:
            missing[digest] -= 1  # sorted by people: it stands in another place
        else:
            changed.append(at)
    written = [at for at in elsewhere.tolist() if _taken(missing, int(digests.rows[at]))]
    found = []
    for at in changed:
        then = _counterpart(now.cells[at], digests.cells, written, at)
        found.append(
            _ChangedRow(
                rows[at], [columns[each] for each in np.flatnonzero(now.cells[at] != then) if each < len(columns)]
            )
        )
    return found


def _taken(missing: Counter[int], digest: int) -> bool:
    """Take one of these digests, if one is missing."""
    if not missing[digest]:
        return False
    missing[digest] -= 1
    return True


def _counterpart(now: np.ndarray, cells: np.ndarray, written: list[int], at: int) -> np.ndarray:
    """Return the cells, as they were written, of the record that a changed one is most likely to have been."""
    if at in written[:_LOOKED_AT] or len(written) > _LOOKED_AT or not written:
        best = at
    else:
        best = written[int(np.argmax((cells[written] == now).sum(axis=1)))]
    if best in written:
        written.remove(best)
    return np.asarray(cells[best])
