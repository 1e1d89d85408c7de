"""A page of loose cells, filled from the top: headings, lines of labels and numbers.

Owns: where the next line goes. A page is for people to read; it has no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.tabs.looks import HEADING, HEADING_AFTER, HEADING_NUMBER
from workbooks.tabs.model import PLAIN, LooseCell, Style


@frozen
class Entry:
    """One cell of a line; nan stays empty.

    formula : without "="; then ``value`` is its cached value; is_status : as in ``LooseCell``
    """

    value: str | float
    style: Style = PLAIN
    formula: str = ""
    link: str = ""
    is_status: bool = False


@dataclass(slots=True)
class Page:
    """Cells so far, and the row of the next line."""

    row: int = 1
    cells: list[LooseCell] = field(default_factory=list)

    def line(self, entries: Sequence[Entry | None], column: int = 1) -> int:
        """Put a line of cells, None = left empty; return its row."""
        for at, entry in enumerate(entries):
            if entry is not None and entry.value == entry.value:
                place = self.row, column + at
                self.cells.append(
                    LooseCell(*place, entry.value, entry.style, entry.formula, entry.link, entry.is_status)
                )
        self.row += 1
        return self.row - 1

    def heading(self, words: Sequence[str], numbers: int) -> None:
        """Put a heading after a blank line; ``numbers`` columns after the first are aligned as numbers."""
        self.row += 1
        styles = [HEADING, *[HEADING_NUMBER] * numbers, *[HEADING_AFTER] * len(words)]
        self.line([Entry(word, style) for word, style in zip(words, styles, strict=False)])

    def next_cell(self, column: int) -> str:
        """Return the reference of a cell in the next line."""
        return cell_name(self.row, column)
