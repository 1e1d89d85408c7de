"""A command that makes something of a workbook and writes it back: its run, its progress, what it came to.

Owns: how such a run is asked for on the command line.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from workbooks.command.asked import asked_command
from workbooks.command.progress import Progress
from workbooks.package.compose import TypedOver
from workbooks.run import RunOptions
from workbooks.run_file import Change, Changed, change_file

Made = TypeVar("Made", bound=Change)


def change_book(
    book: Path,
    change: Callable[[bytes, RunOptions], Made],
    *,
    shows_progress: bool,
    discard_edits: bool = False,
    is_dry: bool = False,
) -> tuple[Changed, Made | None]:
    """Change a workbook file and return how that ended, with what was made; None where it could not be read.

    Parameters
    ----------
    change : takes the bytes of the workbook
    discard_edits : whether numbers typed over the engine's are lost
    is_dry : everything but the saving
    """
    made: list[Made] = []
    with Progress(is_shown=shows_progress) as progress:
        typed_over = TypedOver.DISCARD if discard_edits else TypedOver.REFUSE
        name = book.resolve().stem
        options = RunOptions(typed_over, asked_command(), getpass.getuser(), book=name, on_step=progress.step)

        def kept(data: bytes) -> Made:
            made.append(change(data, options))
            return made[-1]

        done = change_file(book, kept, is_dry=is_dry)
    return done, made[-1] if made else None
