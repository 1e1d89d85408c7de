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
from workbooks.package.old_sheet import Rectangle
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
    digests = old.record.digests
    if digests is None or not old.record.table:
        return []
    area = Rectangle.of(old.record.table)
    columns = range(area.left, area.left + digests.cells.shape[1])
    top = old.ours.get(area.top)
    headers = [str(top.values[at]) if top is not None else "" for at in range(len(columns))]
    found = []
    for row in _changed_rows(old, digests, area.top + 1, columns):
        record = old.ours.get(row.row)
        shown = record.shown if record is not None else [None] * len(columns)
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


def _changed_rows(old: OldSheet, digests: Digests, first: int, columns: range) -> list[_ChangedRow]:
    empty = [None] * len(columns)
    rows = range(first, first + len(digests.rows))
    records = [old.ours[row].values if row in old.ours else empty for row in rows]
    now = digests_read(records, len(columns))
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
        found.append(_ChangedRow(rows[at], [columns[each] for each in np.flatnonzero(now.cells[at] != then)]))
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
