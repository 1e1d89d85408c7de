"""The Agreed tab: the targets as they were sealed, by the keys of Cascade. What is measured against later.

Owns: its columns, and the sentence that holds version and fingerprint.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.tables import ResultRows
from solver.frozen import frozen
from workbooks.tabs.looks import AFTER_NUMBER, TEXT, TOP, fitting, number, title_block, title_heights
from workbooks.tabs.model import Column, Sheet, Table
from workbooks.tabs.names import AGREED, table_name

_ANY = "#,##0.######"
_SEALED = "Sealed from inputs "


@frozen
class Seal:
    """Who may say what was agreed. version : as people count; at : day and time; fingerprint : of the inputs."""

    version: str
    at: str
    fingerprint: str


def agreed_sheet(rows: ResultRows, seal: Seal) -> Sheet:
    """Return Agreed."""
    count = len(rows.value)
    table = Table(
        table_name(AGREED),
        TOP,
        1,
        (
            Column("Metric", rows.metric, TEXT, fitting(rows.metric, 14)),
            Column("Org", rows.org, TEXT, fitting(rows.org, 16)),
            Column("Queue", rows.queue, TEXT, fitting(rows.queue, 16)),
            Column("Period", rows.period, TEXT, 11),
            Column("Value", rows.value, number(_ANY), 14, "The target as it was sealed"),
            Column("Version", [seal.version] * count, AFTER_NUMBER, 12),
            Column("At", [seal.at] * count, AFTER_NUMBER, 24),
        ),
    )
    words = f"{_SEALED}{seal.fingerprint}. Variance compares actuals with these numbers, whatever is cascaded later."
    return Sheet(
        AGREED,
        table,
        title_block(f"Agreed: version {seal.version}", words),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
    )


def sealed_fingerprint(cells: Sequence[object]) -> str:
    """Return the fingerprint out of the sentences above the table; "" where none tells."""
    for cell in cells:
        if isinstance(cell, str) and cell.startswith(_SEALED):
            return cell.removeprefix(_SEALED).partition(".")[0]
    return ""
