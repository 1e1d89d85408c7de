"""The Control sheet: buttons, the last click, and where the command is.

Owns: where each of these stands. The buttons themselves are shapes above the cells, made by ``workbooks.macros``.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbooks.addresses import cell_name
from workbooks.tabs.looks import HEADING, HEADING_AFTER, NOTE, QUIET_TEXT, TITLE, WRAPPED
from workbooks.tabs.model import LooseCell, Sheet, Style
from workbooks.tabs.names import CONTROL

LABELS, VALUES = 2, 3
"""Columns of labels (and buttons), and of what stands beside them."""

STATUS_TOP = 5
STATUS = ("Last click", "Targets met", "Missed", "Seconds", "Message")
"""What the last click came to, one below the other from ``STATUS_TOP``."""

BUTTONS_TOP = STATUS_TOP + len(STATUS) + 3
BUTTON_ROWS = 1
"""Rows from one button to the next."""

STATUS_NAME, COMMAND_NAME = "TargetsStatus", "TargetsCommand"
"""Hidden names by which macros find the cells of the last click, and the cell that names the command."""

_INPUT = Style(number_format="@", fill="FFF8DB", border_top="CBD2D9", border_bottom="CBD2D9")
_VALUE = Style(number_format="@", align="left")
_SENTENCE = "Each button runs the installed command targets on this open workbook. Nothing is saved for you."
_WHERE = "Blank: what targets macros install noted for you, else the first targets on the PATH."


def control_sheet(buttons: Sequence[tuple[str, str]]) -> Sheet:
    """Return Control.

    Parameters
    ----------
    buttons : caption and what it does, top to bottom
    """
    command = command_row(len(buttons))
    cells = [
        LooseCell(1, LABELS, CONTROL, TITLE),
        LooseCell(2, LABELS, _SENTENCE, NOTE),
        *_heading(STATUS_TOP - 1, "Last click"),
        *(LooseCell(STATUS_TOP + at, LABELS, label, QUIET_TEXT) for at, label in enumerate(STATUS)),
        LooseCell(STATUS_TOP, VALUES, "none yet", _VALUE),
        *(LooseCell(STATUS_TOP + at, VALUES, "–", _VALUE) for at in range(1, len(STATUS))),
        *_heading(BUTTONS_TOP - 1, "Buttons"),
        *(LooseCell(button_row(at), VALUES, about, WRAPPED) for at, (_, about) in enumerate(buttons)),
        *_heading(command - 1, "Where the command is"),
        LooseCell(command, LABELS, "Command targets", QUIET_TEXT),
        LooseCell(command, VALUES, "", _INPUT),
        LooseCell(command + 1, VALUES, _WHERE, NOTE),
    ]
    heights = {1: 24.0} | {button_row(at): 32.0 for at in range(len(buttons))}
    return Sheet(CONTROL, None, cells, widths={1: 2, LABELS: 26, VALUES: 96}, heights=heights, tab_colour="2F855A")


def button_row(at: int) -> int:
    """Return the row of a button, counted from 0."""
    return BUTTONS_TOP + at * BUTTON_ROWS


def command_row(buttons: int) -> int:
    """Return the row of the cell that names the command."""
    return button_row(buttons) + 2


def status_cells() -> str:
    """Return the cells of the last click: ``$C$5:$C$9``."""
    first, last = cell_name(STATUS_TOP, VALUES), cell_name(STATUS_TOP + len(STATUS) - 1, VALUES)
    return ":".join(f"${name[0]}${name[1:]}" for name in (first, last))


def command_cell(buttons: int) -> str:
    """Return the cell that names the command: ``$C$24``."""
    name = cell_name(command_row(buttons), VALUES)
    return f"${name[0]}${name[1:]}"


def _heading(row: int, words: str) -> list[LooseCell]:
    return [LooseCell(row, LABELS, words, HEADING), LooseCell(row, VALUES, "", HEADING_AFTER)]
