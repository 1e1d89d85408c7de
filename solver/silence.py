"""Solvers that print, kept off standard output: what a command prints there is for whoever called it.

Owns: the redirection, below Python.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silence() -> Iterator[None]:
    """Keep banners off the terminal: some versions print them from C, whatever the options say."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no standard output at all, as under a windowed macro
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, 1)
        yield
    finally:
        sys.stdout.flush()  # what was printed from Python waits in a buffer
        os.dup2(kept, 1)
        os.close(kept)
        os.close(sink)
