"""Where the records of a table stand, as references.

Owns: ranges of columns, for colours, bars and formulas that look at a whole column.
"""

from __future__ import annotations

from solver.frozen import frozen
from workbooks.addresses import column_letters, quoted
from workbooks.tabs.model import Table


@frozen
class Records:
    """The cells of one column of a table, below its header; a table without records has one empty row."""

    letters: str
    first_row: int
    last_row: int

    @property
    def cells(self) -> str:
        """``F5:F80``."""
        return f"{self.letters}{self.first_row}:{self.letters}{self.last_row}"

    @property
    def first(self) -> str:
        """``$F5``: the first cell, for formulas that are read relative to it."""
        return f"${self.letters}{self.first_row}"

    def on(self, sheet: str) -> str:
        """``'Capacity Use'!F5:F80``."""
        return f"{quoted(sheet)}!{self.cells}"

    def cell(self, record: int) -> str:
        """``F7``: the cell of a record, counted from 0."""
        return f"{self.letters}{self.first_row + record}"


def records_of(table: Table, header: str) -> Records:
    """Return where the records of a column stand."""
    first = table.top + 1
    return Records(column_letters(table.column_of(header)), first, table.top + max(table.length, 1))


def absolute(sheet: str, column: int, first: int, last: int) -> str:
    """Return ``'Summary'!$B$5:$B$9``, as charts want it."""
    letters = column_letters(column)
    return f"{quoted(sheet)}!${letters}${first}:${letters}${last}"
