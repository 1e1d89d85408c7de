"""Faults where Python calls the system, for machines without strace.

Owns: the functions that can be made to fail, and how.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

SHIMMED = ("fsync", "replace", "unlink", "fchmod", "mkdir", "open")


@contextmanager
def failing(call: str, fault: str, at: int) -> Iterator[None]:
    """Let one call of a function of ``os`` fail, or kill the process; nothing where ``call`` is empty."""
    if call not in SHIMMED:
        yield
        return
    real: Callable[..., object] = getattr(os, call)
    count = 0

    def shimmed(*arguments: object, **options: object) -> object:
        nonlocal count
        count += 1
        if count == at:
            if fault == "KILL":
                os.kill(os.getpid(), signal.SIGKILL)
            number = int(getattr(errno, fault))
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    with patch(f"os.{call}", shimmed):
        yield
