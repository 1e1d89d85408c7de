"""A sheet to be written, as data: table columns, loose cells, formats and what makes it readable.

Owns: the hand-over between the layouts in ``workbooks.tabs`` and whatever puts sheets into a book
(the package writer for files, the live adapter for an open book).
Rows and columns are 1-based, as in Excel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

import numpy as np

from solver.frozen import frozen


@frozen
class Style:
    """How a cell looks. Colours are RRGGBB; "" = none."""

    number_format: str = "General"
    bold: bool = False
    italic: bool = False
    size: float = 0  # 0 = the book's own
    colour: str = ""
    fill: str = ""
    align: str = ""  # left, center, right
    indent: int = 0
    wrap: bool = False
    border_top: str = ""  # colour of a thin line
    border_bottom: str = ""


PLAIN = Style()


@frozen
class Formulas:
    """Formulas with their cached values; an empty formula leaves the cached value as a plain value.

    text : without the leading "="
    cached : float64 or object array of str, same length
    """

    text: Sequence[str]
    cached: np.ndarray


@frozen
class Column:
    """One column of a table.

    values : float64 array (nan = empty cell), a sequence of str ("" = empty cell), or Formulas
    style : of every record; formats : number format of each record, where they differ
    """

    header: str
    values: np.ndarray | Sequence[str] | Formulas
    style: Style = PLAIN
    width: float = 12
    note: str = ""  # a cell note on the header
    formats: Sequence[str] = ()


@frozen
class Table:
    """An Excel table: header row at ``top``, records below.

    name : table name, unique in the book, without spaces
    outline : int64 per record, 0…7, or None; summary rows stand above their details
    emphasis : bool per record, rows to be shown bold (parents), or None
    """

    name: str
    top: int
    left: int
    columns: Sequence[Column]
    outline: np.ndarray | None = None
    emphasis: np.ndarray | None = None

    @property
    def length(self) -> int:
        """Number of records."""
        values = self.columns[0].values
        return len(values.text) if isinstance(values, Formulas) else len(values)

    def column_of(self, header: str) -> int:
        """Return the sheet column of a header."""
        return self.left + next(i for i, column in enumerate(self.columns) if column.header == header)


@frozen
class LooseCell:
    """A cell outside the table: a title, a key figure.

    formula : without "="; then ``value`` is its cached value
    link : a cell in the book ("'Capacity'!D17"), as an internal hyperlink
    is_status : it tells how far people are with the plan, and is no result: it changes while the plan stays
    """

    row: int
    column: int
    value: str | float
    style: Style = PLAIN
    formula: str = ""
    link: str = ""
    is_status: bool = False


@frozen
class Link:
    """An internal hyperlink on a cell of the table."""

    row: int
    column: int
    to: str
    tip: str = ""


@frozen
class DataBar:
    """Bars over a range of numbers between 0 and ``full``."""

    cells: str  # "F5:F80"
    colour: str
    full: float = 1.0


@frozen
class ColourWhen:
    """Fill and font colour for cells that satisfy a formula relative to the first cell of the range."""

    cells: str
    formula: str  # without "="
    fill: str
    colour: str


@frozen
class Series:
    """One series of a chart; ranges are absolute references ("'Summary'!$B$5:$B$9")."""

    name: str
    categories: str
    values: str
    fill: str
    outlined: bool = False  # IBCS: plan is outlined, actual is solid
    hatched: bool = False  # IBCS: forecast is hatched
    hidden: bool = False  # carries the bars above it
    is_line: bool = False
    labelled: bool = False


SHORT = '[>=1000000]0.0,,"M";[>=10000]#,##0,"k";#,##0'
"""Format of the numbers at an axis: long ones would be turned on end."""


@frozen
class Chart:
    """A native bar chart; its title is the message.

    stacked : bars stand on each other, as in a bridge
    least, most : where the axis of values starts and ends; most 0 = as the values need
    step : from one number on that axis to the next; 0 = as the program chooses
    """

    title: str
    row: int
    column: int
    width: int  # pixels
    height: int
    series: Sequence[Series]
    kind: str = "bar"  # bar (horizontal) or column
    value_format: str = SHORT
    stacked: bool = False
    least: float = 0.0
    most: float = 0.0
    step: float = 0.0
    has_legend: bool = True


@frozen
class Sheet:
    """A sheet of the engine's.

    freeze : (row, column) of the first cell that scrolls; (1, 1) = nothing is frozen
    widths : column → width, for columns outside the table
    heights : row → height in points, for rows that need another than the book's own
    fits_lines : whether these make records as high as their wrapped texts need, so that they hang on widths
    """

    name: str
    table: Table | None = None
    cells: Sequence[LooseCell] = ()
    links: Sequence[Link] = ()
    freeze: tuple[int, int] = (1, 1)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    bars: Sequence[DataBar] = ()
    colours: Sequence[ColourWhen] = ()
    charts: Sequence[Chart] = ()
    tab_colour: str = ""
    landscape: bool = True
    pages_high: int = 0  # pages to print on; 0 = as many as it takes
    print_area: str = ""  # "$A$1:$L$60": what is printed; "" = all
    show_gridlines: bool = False
    fits_lines: bool = False
