"""When the leaf rows of Cascade stand in a file beside the workbook, and what that file is.

Owns: the threshold, and the file's shape and name. Light: every run asks.
"""

from __future__ import annotations

from hashlib import sha256

from engine.plan import Settings
from solver.frozen import frozen

MOST_IN_BOOK = 400_000
"""Leaf rows that stay in the workbook unless asked otherwise: about 350 MB of sheet. A part of a workbook may have half
a gigabyte here (``workbooks.package.limits``), and Excel's own end is at 1,048,576 rows."""

IN_BOOK, PARQUET, CSV = "book", "parquet", "csv"

MARK = ".cascade-"
"""What stands between the name of a workbook and the fingerprint of its leaf rows."""
LENGTH = 16
"""Hexadecimal digits of the fingerprint in a file's name."""


@frozen
class Beside:
    """A file that belongs beside a workbook. name : without a folder; data : what is in it; rows : how many."""

    name: str
    data: bytes
    rows: int


def named(book: str, data: bytes, rows: int, form: str) -> Beside:
    """Return leaf rows as the file they go into. book : name of the workbook without its end."""
    return Beside(f"{book}{MARK}{sha256(data).hexdigest()[:LENGTH]}.{form}", data, rows)


def form_of(settings: Settings, rows: int) -> str:
    """Return where so many leaf rows stand: in the book, or as Parquet or CSV beside it."""
    return settings.leaf_rows or (PARQUET if rows > MOST_IN_BOOK else IN_BOOK)


def goes_beside(settings: Settings, rows: int, book: str) -> bool:
    """Whether so many leaf rows go into a file of their own. book : "" where there is no place beside it."""
    return bool(book) and form_of(settings, rows) != IN_BOOK
