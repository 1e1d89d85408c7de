"""The report of a bug of ours.

Owns: what goes into the report file and where it lies.
"""

from __future__ import annotations

import platform
import tempfile
import traceback
from pathlib import Path

from workbooks.command.asked import asked_command, without_secrets
from workbooks.version import __version__


def write_report() -> str:
    """Write the exception at hand to a file and return the sentence that tells the user about it."""
    text = "\n".join(
        [
            f"target-cascade {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {asked_command()}",
            "",
            without_secrets(traceback.format_exc()),
        ]
    )
    apology = "Something went wrong that is a bug of ours, not of your workbook. Nothing was written."
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="target-cascade-report-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError:
        return f"{apology}\nThe report could not be saved; here it is:\n{text}"
    return f"{apology}\nPlease send us the report: {Path(file.name)}"
