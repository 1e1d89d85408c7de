"""What a new workbook holds, as data: filled input tables, assumptions, pages of text.

Owns: the shapes that samples and the example plan hand to ``workbooks.template.write``.
Knows nothing of: how any of it looks on a sheet.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import field

from solver.frozen import frozen


@frozen
class Formula:
    """A formula with the value it has now.

    text : without the leading "="
    value : cached beside it, so that readers which do not calculate find a number
    """

    text: str
    value: float | str


Value = None | str | int | float | bool | datetime.date | Formula
"""What a cell may hold; None = blank."""


@frozen
class FilledTable:
    """The records of one input table.

    columns : field name → one value per record; all of one length. Fields that are left out stay blank.
        A name that is no field of the table becomes a column of its own, as it stands.
    notes : field name → a sentence added to the note on its header
    assumed : fields whose values are assumptions; they get the style of assumptions
    """

    columns: Mapping[str, Sequence[Value]]
    notes: Mapping[str, str] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len({len(values) for values in self.columns.values()}) > 1:
            raise ValueError("the columns of a table have one length")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


def by_rows(names: Sequence[str], rows: Sequence[Sequence[Value]]) -> dict[str, list[Value]]:
    """Return the columns of records typed row by row.

    Parameters
    ----------
    names : field names, left to right
    rows : records; each as long as ``names``

    Returns
    -------
    dict
        Field name → values, in the order of ``names``.
    """
    return {name: [row[position] for row in rows] for position, name in enumerate(names)}


@frozen
class Assumption:
    """A number nobody published or measured, in a named cell of the sheet Assumptions.

    name : the cell's defined name, for formulas: ``Review_seconds_hard``
    number_format : as Excel writes it
    why : where it comes from and within which bounds it is plausible
    """

    name: str
    label: str
    value: float
    unit: str
    why: str
    number_format: str = "#,##0.0"


@frozen
class Grid:
    """A small table on a page of text; no input.

    is_wrapped : whether its texts are sentences, broken within their columns
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[str | float]]
    number_format: str = "#,##0"
    is_wrapped: bool = False


@frozen
class Page:
    """A sheet of text beside the input tables: where figures come from, what was left out.

    blocks : paragraphs and grids, top to bottom
    """

    name: str
    title: str
    about: str
    blocks: Sequence[str | Grid]


@frozen
class BookOptions:
    """What stands around the input tables.

    title, purpose : heading of the Start page, and what the plan shows, in a sentence or two
    status : what the values are: an example to overwrite, or real figures with assumptions
    room : rows below the last record for which drop-downs and bounds already hold
    """

    title: str
    purpose: str
    status: str
    assumptions: Sequence[Assumption] = ()
    pages: Sequence[Page] = ()
    room: int = 500
