"""How our tabs look: one accent, greys; red, amber and green for status only.

Owns: colours, number formats and the title block above every table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from workbooks.tabs.model import ColourWhen, LooseCell, Style

INK = "1F2933"
QUIET = "616E7C"
LINE = "CBD2D9"
BAR = "B8C4D0"
ACCENT = "243B53"
LINK_BLUE = "1D4ED8"
GREEN, GREEN_INK = "D3F2DD", "14532D"
AMBER, AMBER_INK = "FDECC8", "7A4B00"
RED, RED_INK = "FAD4D4", "7A1212"

ITEMS = "#,##0"
SIGNED_ITEMS = "[>=0.5]+#,##0;[<=-0.5]-#,##0;0"  # never −0
SHARE = "0.0%"
SIGNED_SHARE = "[>=0.0005]+0.0%;[<=-0.0005]-0.0%;0.0%"
HOURS = "#,##0.0"
HOURS_FINE = "#,##0.000"
WHOLE = "0"

TEXT = Style(number_format="@")
"""Ids and words: stored as text, so that 001 and =A stay what they are."""
WRAPPED = Style(number_format="@", wrap=True, align="left", indent=1)
AFTER_NUMBER = Style(number_format="@", align="left", indent=1)
"""Text to the right of a number, kept off it."""
QUIET_TEXT = Style(number_format="@", colour=QUIET, align="left", indent=1)
QUIET_WRAPPED = Style(number_format="@", colour=QUIET, align="left", indent=1, wrap=True)
TITLE = Style(bold=True, size=16, colour=ACCENT)
NOTE = Style(colour=QUIET, italic=True)
NOTE_RIGHT = Style(colour=QUIET, italic=True, align="right")
NOTE_AFTER = Style(colour=QUIET, italic=True, align="left", indent=1)
HEADING = Style(bold=True, size=12, colour=ACCENT, border_bottom=ACCENT)
HEADING_AFTER = Style(bold=True, size=12, colour=ACCENT, border_bottom=ACCENT, align="left", indent=1)
HEADING_NUMBER = Style(bold=True, colour=ACCENT, border_bottom=ACCENT, align="right")
LINK = Style(colour=LINK_BLUE)
LINK_TEXT = Style(number_format="@", colour=LINK_BLUE)

TOP = 4
"""Row of the headers of every table: title, a sentence, one row of space or units above it."""

MAX_LINKS = 65_000
"""Links we put on one sheet; Excel takes 65,530."""

MAX_TEXT = 32_767
"""Characters Excel takes in a cell."""


def number(number_format: str) -> Style:
    """Return the style of a column of numbers."""
    return Style(number_format=number_format)


def title_block(title: str, sentence: str) -> tuple[LooseCell, ...]:
    """Return the title of a sheet and the sentence below it."""
    return (LooseCell(1, 1, title, TITLE), LooseCell(2, 1, sentence, NOTE))


_LINE_HEIGHT = 15.0
_TITLE_HEIGHT = 24.0
_MOST_LINES = 27  # Excel makes no row higher than 409 points


def title_heights() -> dict[int, float]:
    """Return the heights of the rows above a table, and of its header, which may take two lines."""
    return {1: _TITLE_HEIGHT, TOP: 2 * _LINE_HEIGHT}


def line_heights(columns: Sequence[tuple[Sequence[str], float]]) -> dict[int, float]:
    """Return the heights of records whose wrapped texts take more than one line.

    Parameters
    ----------
    columns : texts of each wrapped column, and its width in characters
    """
    heights = {}
    for record, texts in enumerate(zip(*(texts for texts, _ in columns), strict=True)):
        lines = max(_lines_of(text, width) for text, (_, width) in zip(texts, columns, strict=True))
        if lines > 1:
            heights[TOP + 1 + record] = min(lines, _MOST_LINES) * _LINE_HEIGHT
    return heights


def _lines_of(text: str, width: float) -> int:
    """Return how many lines a wrapped text takes in a column of so many characters."""
    return sum(max(-(-len(line) // max(int(width * 0.9), 1)), 1) for line in text.split("\n"))


def clipped(text: str, longest: int = MAX_TEXT) -> str:
    """Return a text that fits, with an ellipsis where it was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shortened(text: str, longest: int) -> str:
    """Return a sentence that fits, cut between words: a number that is cut would be another one."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + "…"


def fitting(texts: Iterable[str], least: float, most: float = 44) -> float:
    """Return the width that shows all of some texts, within reason."""
    longest = max((len(line) for text in set(texts) for line in text.split("\n")), default=0)
    return min(max(least, longest + 2.0), most)


def axis_step(longest: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that four numbers at most stand beyond 0 along the longest bar."""
    if not longest > 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(longest / 4))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * 4 >= longest * (1 - 1e-9))


def good(cells: str, formula: str) -> ColourWhen:
    """Return green for cells that satisfy a formula."""
    return ColourWhen(cells, formula, GREEN, GREEN_INK)


def watch(cells: str, formula: str) -> ColourWhen:
    """Return amber for cells that satisfy a formula."""
    return ColourWhen(cells, formula, AMBER, AMBER_INK)


def bad(cells: str, formula: str) -> ColourWhen:
    """Return red for cells that satisfy a formula."""
    return ColourWhen(cells, formula, RED, RED_INK)
