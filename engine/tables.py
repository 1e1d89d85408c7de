"""Input tables as they were read: one array of raw values per column, and where each value stands.

Owns: the hand-over between a reader of workbooks and the builder of plans.
Knows nothing of: what the values mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final

import numpy as np

from engine.issues import Place
from solver.frozen import frozen

RawColumn = np.ndarray
"""object array; each entry is None (blank), str, float, bool, datetime.datetime or FAULTY."""


class _Faulty:
    """A cell that holds something unusable and was reported by the reader (error, uncached formula, merge)."""

    def __repr__(self) -> str:
        return "FAULTY"


FAULTY: Final = _Faulty()


@frozen
class ExtraColumn:
    """A column whose header is no field of its table: a period, a metric, a level, or somebody's own."""

    header: object  # str, float or datetime as it stands in the cell
    column: int  # 1-based sheet column
    values: RawColumn


@frozen
class InputTable:
    """One input table of the contract.

    name : its name in the contract ("Capacity")
    sheet : the sheet it stands on
    header_row : 1-based sheet row of the headers
    rows : int64, shape (records,), 1-based sheet row of each record
    values : field name → raw column; only the fields whose header was found
    columns : field name → 1-based sheet column, for the same fields
    extra : the other columns, left to right
    is_table : an Excel table (a total row inside it is named) rather than a plain sheet
    """

    name: str
    sheet: str
    header_row: int
    rows: np.ndarray
    values: Mapping[str, RawColumn]
    columns: Mapping[str, int]
    extra: tuple[ExtraColumn, ...] = ()
    is_table: bool = True

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, record: int, field: str) -> Place:
        """Return where the value of a field of a record stands."""
        return Place(self.name, self.sheet, int(self.rows[record]), self.columns.get(field, 0), field)

    def place_in(self, record: int, extra: ExtraColumn, field: str = "") -> Place:
        """Return where a record's value in an extra column stands."""
        return Place(self.name, self.sheet, int(self.rows[record]), extra.column, field or str(extra.header))

    def whole(self) -> Place:
        """Return the place of the table as a whole: its header row."""
        return Place(self.name, self.sheet, self.header_row, 0)


@frozen
class ResultRows:
    """Rows of one of our own result sheets, by metric, team, queue and leaf period.

    metric, org, queue, period : ids as written; value : float64, nan where a cell holds no number
    version, at, fingerprint : of a seal
    """

    metric: Sequence[str]
    org: Sequence[str]
    queue: Sequence[str]
    period: Sequence[str]
    value: np.ndarray
    version: str = ""
    at: str = ""
    fingerprint: str = ""


@frozen
class Earlier:
    """What an earlier run left in the workbook.

    cascade : (metric, org, queue, period) as ids in lower case → its target, and its weight (nan but for rates)
    holds : what rows of Limits that hold ``now`` were found to hold when they were first seen, by row
    """

    cascade: Mapping[tuple[str, ...], tuple[float, float]]
    holds: Mapping[str, float]


@frozen
class Inputs:
    """All input tables of a workbook, by name, and what the reader knows besides.

    month_names : the words for months that count as such (workbook language), lower case → 1…12
    agreed : what was sealed in the workbook, None where nothing was
    earlier : what an earlier run left; read only where an input asks for it
    start : sealed numbers that a cascade starts from where Settings do not say, None = history
    """

    tables: Mapping[str, InputTable]
    month_names: Mapping[str, int] = field(default_factory=dict)
    agreed: ResultRows | None = None
    earlier: Earlier | None = None
    start: ResultRows | None = None
