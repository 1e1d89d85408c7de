"""The command line as a user calls it: within this process, or in a fresh one where that is the point.

A fresh process imports everything anew, which costs as much as a hundred small plans.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from unittest.mock import patch

from workbooks.command.main import run_command
from workbooks.command.main import targets as command_line

FRESH = (sys.executable, "-c", "from workbooks.command.main import main; main()")


def targets(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this process; the same code as in a fresh one, from the arguments to the exit status."""
    printed, said = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["targets", *arguments]),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
    ):
        status = run_command(lambda: command_line.main(standalone_mode=False))
    return subprocess.CompletedProcess(list(arguments), status, printed.getvalue(), said.getvalue())


def targets_afresh(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run([*FRESH, *arguments], capture_output=True, text=True, check=False)
