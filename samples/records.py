"""Rows of the committed tables of figures.

Owns: where they lie.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files


def records(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table in ``samples/data``."""
    text = (files("samples") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
