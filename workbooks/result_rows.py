"""Our own result sheets, read back as rows by metric, team, queue and period.

Owns: which column of which sheet holds what.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.building.asked import NOW
from engine.codes import issue
from engine.issues import Issue, Place
from engine.tables import Earlier, Inputs, ResultRows
from workbooks.beside.read_back import read_back
from workbooks.package.ownership import Own, OwnTable, read_holds, read_own_table, read_own_top
from workbooks.tabs.agreed import sealed_fingerprint
from workbooks.tabs.names import AGREED, CASCADE
from workbooks.tabs.rolled_up import STATUS as ROLLED_UP

_KEYS = ("Metric", "Org", "Queue", "Period")


def read_agreed(data: bytes, own: Own) -> ResultRows | None:
    """Return what was sealed in a workbook; None where nothing was."""
    if AGREED not in own.sheets:
        return None
    table = read_own_table(data, own, AGREED)
    if not table.rows or not {*_KEYS, "Value", "Version", "At"} <= set(table.headers):
        return None
    version, at = (_text(table.rows[0][table.headers.index(name)]) for name in ("Version", "At"))
    fingerprint = sealed_fingerprint(read_own_top(data, own, AGREED))
    return _rows(table, "Value", version, at, fingerprint)


def read_cascade(data: bytes, own: Own) -> ResultRows | None:
    """Return the targets of Cascade; None where there is no such sheet, or its leaf rows cannot be had."""
    return cascade_rows(leaf_table(data, own))


def cascade_rows(table: OwnTable) -> ResultRows | None:
    """Return the targets in the table of Cascade, as it stands or stood; None where it holds none."""
    if not table.rows or not {*_KEYS, "Target"} <= set(table.headers):
        return None
    return _rows(table, "Target")


def read_earlier(data: bytes, own: Own) -> Earlier | None:
    """Return the targets that stand in Cascade, and what was held so far; None without an earlier run."""
    table = leaf_table(data, own)
    if not table.rows or not {*_KEYS, "Target", "Weight"} <= set(table.headers):
        return None
    rows, weight = _rows(table, "Target"), _rows(table, "Weight").value
    keys = zip(*(map(str.casefold, each) for each in (rows.metric, rows.org, rows.queue, rows.period)), strict=True)
    return Earlier(
        dict(zip(keys, zip(rows.value.tolist(), weight.tolist(), strict=True), strict=True)), read_holds(data)
    )


def leaf_table(data: bytes, own: Own) -> OwnTable:
    """Return Cascade as it is written; no table where its leaf rows stand beside the book and cannot be had.

    Leaf rows from beside the book come with the columns that others compute with, and no more.
    """
    table = read_own_table(data, own, CASCADE)
    if not is_rolled_up(table):
        return table
    found = read_back(_sentence(data, own))
    return OwnTable(found.headers, found.rows)


def missing_leaf_rows(data: bytes, own: Own) -> tuple[Issue, ...]:
    """Return why the leaf rows of Cascade cannot be had that should stand beside the book; nothing where they can."""
    if not is_rolled_up(read_own_table(data, own, CASCADE)):
        return ()
    why_not = read_back(_sentence(data, own)).why_not
    return (issue("TC232", Place(sheet=own.sheets[CASCADE]), why_not),) if why_not else ()


def _sentence(data: bytes, own: Own) -> str:
    return " ".join(map(str, read_own_top(data, own, CASCADE)))


def is_rolled_up(table: OwnTable) -> bool:
    """Whether Cascade holds its rows rolled up, because its leaf rows stand beside the book."""
    if "Status" not in table.headers or not table.rows:
        return False
    return table.rows[0][table.headers.index("Status")] == ROLLED_UP


def asks_for_now(inputs: Inputs) -> bool:
    """Whether a row of Limits holds what stands in Cascade."""
    limits = inputs.tables.get("Limits")
    held = None if limits is None else limits.values.get("Hold")
    return held is not None and any(
        isinstance(value, str) and value.strip().casefold() == NOW for value in held.tolist()
    )


def _rows(table: OwnTable, header: str, version: str = "", at: str = "", fingerprint: str = "") -> ResultRows:
    columns: Sequence[tuple[object, ...]] = list(zip(*table.rows, strict=True))
    metric, org, queue, period = ([_text(value) for value in columns[table.headers.index(name)]] for name in _KEYS)
    values = columns[table.headers.index(header)]
    numbers = np.array([value if isinstance(value, float) else np.nan for value in values])
    return ResultRows(metric, org, queue, period, numbers, version, at, fingerprint)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
