"""How our tabs look: one accent, greys; red, amber and green for status only.

Owns: colours, number formats and the title block above every table.
"""

from __future__ import annotations

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
SIGNED_ITEMS = "+#,##0;-#,##0;0"
SHARE = "0.0%"
SIGNED_SHARE = "+0.0%;-0.0%;0.0%"
HOURS = "#,##0.0"
WHOLE = "0"

TEXT = Style(number_format="@")
"""Ids and words: stored as text, so that 001 and =A stay what they are."""
WRAPPED = Style(number_format="@", wrap=True)
QUIET_TEXT = Style(number_format="@", colour=QUIET)
TITLE = Style(bold=True, size=16, colour=ACCENT)
NOTE = Style(colour=QUIET, italic=True)
HEADING = Style(bold=True, size=12, colour=ACCENT, border_bottom=ACCENT)
HEADING_NUMBER = Style(bold=True, colour=ACCENT, border_bottom=ACCENT, align="right")
LINK = Style(colour=LINK_BLUE)

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


def clipped(text: str, longest: int = MAX_TEXT) -> str:
    """Return a text that fits, with an ellipsis where it was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def good(cells: str, formula: str) -> ColourWhen:
    """Return green for cells that satisfy a formula."""
    return ColourWhen(cells, formula, GREEN, GREEN_INK)


def watch(cells: str, formula: str) -> ColourWhen:
    """Return amber for cells that satisfy a formula."""
    return ColourWhen(cells, formula, AMBER, AMBER_INK)


def bad(cells: str, formula: str) -> ColourWhen:
    """Return red for cells that satisfy a formula."""
    return ColourWhen(cells, formula, RED, RED_INK)
