"""The Diagnostics tab: everything found, the gravest first, each with a jump to its cell.

Owns: order and columns of findings. The texts come with the issues.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.issues import NOWHERE, Issue, Place, Severity
from workbooks.addresses import reference, split_cell_name
from workbooks.package.ownership import OwnTable
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    HOURS,
    LINK_TEXT,
    MAX_LINKS,
    TEXT,
    TOP,
    WRAPPED,
    bad,
    clipped,
    line_heights,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.model import Column, Link, Sheet, Table
from workbooks.tabs.names import DIAGNOSTICS, table_name
from workbooks.tabs.ranges import records_of

_GRAVITY = {Severity.STOP: 0, Severity.CONFLICT: 1, Severity.NOTE: 2}
_MAX_ROWS = 1_000_000
_HEADERS = ("Severity", "Code", "Where", "Found", "Expected", "How to mend", "Amount", "Unit")
_FOUND, _EXPECTED, _MEND = 64, 36, 60  # widths, in characters


def diagnostics_sheet(issues: Sequence[Issue]) -> Sheet:
    """Return Diagnostics."""
    rows = sorted(issues, key=_order)[:_MAX_ROWS]
    where = [reference(issue.place) for issue in rows]
    amounts = np.array([np.nan if issue.amount is None else issue.amount for issue in rows], dtype=np.float64)
    table = Table(
        table_name(DIAGNOSTICS),
        TOP,
        1,
        (
            Column("Severity", [str(issue.severity) for issue in rows], TEXT, 10),
            Column("Code", [issue.code for issue in rows], TEXT, 9),
            Column("Where", where, LINK_TEXT, 24, "Jumps to the cell; blank: the whole plan"),
            Column("Found", [clipped(issue.found) for issue in rows], WRAPPED, _FOUND),
            Column("Expected", [clipped(issue.expected) for issue in rows], WRAPPED, _EXPECTED),
            Column("How to mend", [clipped(issue.mend) for issue in rows], WRAPPED, _MEND),
            Column("Amount", amounts, number(HOURS), 12),
            Column("Unit", [issue.unit for issue in rows], AFTER_NUMBER, 9),
        ),
    )
    severity, column = records_of(table, "Severity"), table.column_of("Where")
    links = tuple(Link(TOP + 1 + row, column, to, "Go to the cell") for row, to in enumerate(where[:MAX_LINKS]) if to)
    return Sheet(
        DIAGNOSTICS,
        table,
        title_block(*_title(rows)),
        links=links,
        heights=title_heights() | line_heights(_wrapped(rows)),
        fits_lines=True,
        freeze=(TOP + 1, 4),
        colours=(
            bad(severity.cells, f'{severity.first}="{Severity.STOP}"'),
            watch(severity.cells, f'{severity.first}="{Severity.CONFLICT}"'),
        ),
    )


def earlier_findings(table: OwnTable) -> tuple[Issue, ...]:
    """Return what solving found in the run that cascaded: a review does not solve, and must not lose it."""
    if not table.rows or not set(_HEADERS) <= set(table.headers):
        return ()
    at = [table.headers.index(header) for header in _HEADERS]
    found = []
    for row in table.rows:
        severity, code, where, words, expected, mend, amount, unit = (row[each] for each in at)
        if not str(code).startswith(("TC7", "TC233")):
            continue
        size = amount if isinstance(amount, float) else None
        place = _place(str(where or ""))
        found.append(
            Issue(
                str(code), Severity(str(severity)), place, str(words), str(expected), str(mend), size, str(unit or "")
            )
        )
    return tuple(found)


def _place(where: str) -> Place:
    """Return the place that a reference names."""
    sheet, _, cell = where.rpartition("!")
    if not sheet:
        return NOWHERE
    row, column = split_cell_name(cell)
    return Place(sheet=sheet.strip("'").replace("''", "'"), row=row, column=column)


def _wrapped(issues: Sequence[Issue]) -> list[tuple[list[str], float]]:
    return [
        ([issue.found for issue in issues], _FOUND),
        ([issue.expected for issue in issues], _EXPECTED),
        ([issue.mend for issue in issues], _MEND),
    ]


def _order(issue: Issue) -> tuple[int, str, int, int, str, str]:
    place = issue.place
    if issue.code == "TC720":  # lines of one contradiction stay together, as they come
        return (_GRAVITY[issue.severity], "", 0, 0, issue.code, "")
    return (_GRAVITY[issue.severity], place.sheet.casefold(), place.row, place.column, issue.code, issue.found)


def _title(issues: Sequence[Issue]) -> tuple[str, str]:
    sentence = "Conflict: arithmetic that cannot hold together. Note: a default taken, or a surprise."
    if not issues:
        return "Nothing to report", sentence
    conflicts = sum(issue.severity is not Severity.NOTE for issue in issues)
    return f"{_counted(conflicts, 'conflict')}, {_counted(len(issues) - conflicts, 'note')}", sentence


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" + ("" if count == 1 else "s")
