"""A problem in the user's data is a value: it has a place and a mend, and all of them are collected.

Owns: what an issue is. The catalogue of codes stands in ``engine.codes``.
Knows nothing of: how a place is written in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from solver.frozen import frozen


class Severity(StrEnum):
    """How far a problem reaches."""

    STOP = "stop"  # nothing is written
    CONFLICT = "conflict"  # arithmetic that cannot hold together: the run goes on and says who loses
    NOTE = "note"  # a default taken, a surprise: the run goes on


@frozen
class Place:
    """Where in the workbook, as numbers: rendered as ``'Capacity'!D17`` by whoever knows spreadsheets.

    table : input table, or "" where the place is a sheet or the book
    sheet : sheet name, "" for the whole book
    row, column : 1-based; 0 = the whole sheet, or the whole row or column
    field : name of the column as the contract spells it, for texts and machines
    """

    table: str = ""
    sheet: str = ""
    row: int = 0
    column: int = 0
    field: str = ""


NOWHERE = Place()


@frozen
class Issue:
    """One problem: what stands there, what should, and what the analyst can do about it in Excel.

    code : key of ``engine.codes.CODES``
    amount, unit : size of the problem where it has one (hours short, items unmapped), for sorting
    """

    code: str
    severity: Severity
    place: Place
    found: str
    expected: str
    mend: str
    amount: float | None = None
    unit: str = ""


def stops(issues: Iterable[Issue]) -> bool:
    """Whether any issue keeps the run from going on."""
    return any(issue.severity is Severity.STOP for issue in issues)
