"""An export as it was read: headers, records, and where each cell stands.

Owns: the hand-over between readers of files and the guessing, and where in a grid the table starts.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.building.texts import is_blank, text_of
from engine.issues import Place
from solver.frozen import frozen
from workbooks.importing.guesses import Told
from workbooks.importing.vocabulary import is_known

_LOOKED_AT = 40  # rows in which headers may start


@frozen
class Export:
    """One table of an export.

    name : of the file, or file and sheet
    headers : as they stand; rows : 1-based sheet row of each record; left : 1-based sheet column of the first header
    records : one list of raw values per record, as long as ``headers``: None, text, float, bool or datetime
    """

    name: str
    headers: tuple[object, ...]
    header_row: int
    left: int
    rows: tuple[int, ...]
    records: tuple[tuple[object, ...], ...]

    def place(self, record: int, column: int) -> Place:
        """Return where a value stands."""
        return Place("", self.name, self.rows[record], self.left + column, text_of(self.headers[column]))

    def header_place(self, column: int) -> Place:
        """Return where a header stands."""
        return Place("", self.name, self.header_row, self.left + column, text_of(self.headers[column]))

    def column(self, column: int) -> list[object]:
        """Return the values of a column."""
        return [record[column] for record in self.records]


def find_table(name: str, grid: Sequence[Sequence[object]], told: Told) -> Export | None:
    """Return the table in a grid of raw values: the row of headers that fits best, and all below it.

    Parameters
    ----------
    grid : rows from the first of the sheet on; None or "" = blank
    """
    best, at = 0.0, -1
    for row, cells in enumerate(grid[:_LOOKED_AT]):
        score = _header_score(cells, grid[row + 1 : row + 4])
        if score > best:
            best, at = score, row
    if at < 0:
        return None
    filled = [column for column, value in enumerate(grid[at]) if not is_blank(value)]
    left, right = filled[0], filled[-1] + 1
    headers = tuple(_cell(grid[at], column) for column in range(left, right))
    records, rows = [], []
    for row in range(at + 1, len(grid)):
        record = tuple(_cell(grid[row], column) for column in range(left, right))
        if any(value is not None for value in record):
            records.append(record)
            rows.append(row + 1)
    if not records:
        return None
    export = Export(name, headers, at + 1, left + 1, tuple(rows), tuple(records))
    if at > 0:
        why = "The first row with a header in most columns and values below"
        told.guess("headers", f"row {at + 1}", "the row of headers; what stands above is left alone", why,
                   place=export.header_place(0))  # fmt: skip
    return export


def _cell(row: Sequence[object], column: int) -> object:
    value = row[column] if column < len(row) else None
    return None if is_blank(value) else value


def _header_score(cells: Sequence[object], below: Sequence[Sequence[object]]) -> float:
    """Return how much a row looks like headers: texts, known words, no gaps, and something below."""
    filled = [value for value in cells if not is_blank(value)]
    if len(filled) < 2 or not any(not is_blank(value) for row in below for value in row):
        return 0.0
    texts = [value for value in filled if isinstance(value, str) and any(letter.isalpha() for letter in value)]
    known = sum(is_known(value) for value in texts)
    distinct = len({text_of(value).casefold() for value in filled}) / len(filled)
    return (len(texts) / len(filled)) * distinct + 2.0 * known + 0.1 * len(filled)
