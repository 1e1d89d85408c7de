"""States that undo keeps, in a folder of the test's own for as long as it lasts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from workbooks.states import VARIABLE


@contextmanager
def undoing_in(folder: Path) -> Iterator[None]:
    """Let runs, those of child processes too, keep their states there; afterwards as before."""
    with patch.dict(os.environ, {VARIABLE: str(folder)}):
        yield
