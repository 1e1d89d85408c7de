"""What was asked for on the command line, as the Run Log keeps it.

Owns: the masking of what may be secret.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import PurePath

_SECRET = re.compile(r"(?i)(pass|token|secret|key|licen[cs]e)[^=]*=.*")


def asked_command(arguments: Sequence[str] | None = None) -> str:
    """Return the command with file names instead of paths, and without what may be secret."""
    return " ".join(["targets", *(_masked(each) for each in (sys.argv[1:] if arguments is None else arguments))])


def _masked(argument: str) -> str:
    if _SECRET.search(argument):
        return argument.split("=", 1)[0] + "=***"
    return argument if argument.startswith("-") else PurePath(argument).name
