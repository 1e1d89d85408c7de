"""What was asked for on the command line, as the Run Log keeps it.

Owns: the masking of what may be secret.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import PurePath

_SECRET = re.compile(r"(?i)(pass|token|secret|key|licen[cs]e)[^=]*=.*")
_IN_ADDRESS = re.compile(r"(://[^:/@\s]*:)[^/\s]*@")
_IN_QUERY = re.compile(r"(?i)\b((?:pass|pwd|token|secret)\w*=)[^&\s'\"]+")


def asked_command(arguments: Sequence[str] | None = None) -> str:
    """Return the command with file names instead of paths, and without what may be secret."""
    return " ".join(["targets", *(_masked(each) for each in (sys.argv[1:] if arguments is None else arguments))])


def without_secrets(text: str) -> str:
    """Return a text in which no address shows its password.

    >>> without_secrets("postgresql://ann:se@cret@db/plans is closed")
    'postgresql://ann:***@db/plans is closed'
    >>> without_secrets("mysql://db/plans?password=secret&ssl=1")
    'mysql://db/plans?password=***&ssl=1'
    """
    return _IN_QUERY.sub(r"\1***", _IN_ADDRESS.sub(r"\1***@", text))


def _masked(argument: str) -> str:
    argument = without_secrets(argument)
    if _SECRET.search(argument):
        return argument.split("=", 1)[0] + "=***"
    return argument if argument.startswith("-") else PurePath(argument).name or argument
