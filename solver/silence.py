"""Solvers that print, kept off standard output: what a command prints there is for whoever called it.

Owns: the redirection, below Python, once for all threads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Output:
    """Standard output of the process: turned away by the first who asks for silence, back with the last to leave."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._silenced = 0
        self._kept: int | None = None

    def leave(self) -> None:
        """Turn it away."""
        with self._lock:
            self._silenced += 1
            if self._silenced > 1:
                return
            sys.stdout.flush()
            try:
                self._kept = os.dup(1)
            except OSError:  # no standard output at all, as under a windowed macro
                return
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1)
            os.close(sink)

    def come_back(self) -> None:
        """Bring it back, unless somebody else still wants silence."""
        with self._lock:
            self._silenced -= 1
            if self._silenced or self._kept is None:
                return
            sys.stdout.flush()  # what was printed from Python waits in a buffer
            os.dup2(self._kept, 1)
            os.close(self._kept)
            self._kept = None


_OUTPUT = _Output()


@contextmanager
def silence() -> Iterator[None]:
    """Keep banners off the terminal: some versions print them from C, whatever the options say."""
    _OUTPUT.leave()
    try:
        yield
    finally:
        _OUTPUT.come_back()
