"""What an IT department asks about the macros and the command behind them.

Owns: the text; what it counts and lists is counted and listed in the macros themselves.
"""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Mapping
from pathlib import Path

from workbooks.macros.install import command_note, this_command
from workbooks.macros.modules import FLAGGED, line_count
from workbooks.version import __version__


def it_text(environment: Mapping[str, str], home: Path) -> str:
    """Return a text for the IT department: what runs, what it touches, what to allow."""
    command = this_command() or "targets"
    return f"""target-cascade {__version__} on {platform.platform()}

What it is: a Python program ({command}) that reads a planning workbook, solves it on this computer, and writes result
sheets into it. It has no service, no driver and no network traffic of its own, and needs no administrator.

What runs: workbooks with the sheet Control hold a VBA project of {line_count()} lines of code. None of it runs when a
workbook is opened or closed; one event, Workbook_SheetDeactivate, notes the name of the sheet that was left, so that a
button on Control knows where something is selected. A click starts the program above with the path of a request file in
the temporary folder: on Windows by WScript.Shell.Run, in LibreOffice by Shell, which both wait for it; on a Mac by
AppleScriptTask, which does not wait. The program talks to the running Excel by COM (Windows) or Apple events (Mac).

What it writes: the open workbook; on Windows and in LibreOffice a folder targets-* in the temporary folder, removed
after the click; on a Mac a file targets-request* there; the file
{command_note(environment, home)}, which holds the path of the program.

What scanners may say: they look for words, whatever they are used for. olevba calls suspicious:
{_folded(", ".join(FLAGGED))}.
Programs are started in two places: WScript.Shell in the module TargetsRun, Shell in TargetsCalc, which runs in
LibreOffice alone. The source text is written by: targets macros export FOLDER

What to allow: the program by its path or hash (or its publisher, where you sign it); macros in one trusted location
for plan workbooks (Trust Center, Trusted Locations), or sign the VBA project with your own certificate.
"""


def _folded(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 118))
