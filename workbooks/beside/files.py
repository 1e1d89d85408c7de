"""Files beside a workbook: there before the workbook names them, gone when nothing can come back to them.

Owns: the order of writing, and which older ones go.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from workbooks.beside.place import LENGTH, MARK, Beside
from workbooks.package.exchange import exchange_file, sweep

_KEPT = 1
"""Files of earlier runs that stay: the last run can be undone, and the workbook it brings back names its own file."""


def put_beside(book: Path, beside: Beside) -> bool:
    """Write a file beside a workbook, on disk before anything names it; False where it stood there already.

    Raises
    ------
    OSError
        Nothing was written.
    """
    file = book.with_name(beside.name)
    if file.is_file() and file.stat().st_size == len(beside.data) and file.read_bytes() == beside.data:
        file.touch()  # of several, the newest is the one that counts
        return False
    sweep(book.parent)
    exchange_file(file, beside.data)
    return True


def take_away(book: Path, beside: Beside) -> None:
    """Remove a file again that no workbook came to name."""
    with suppress(OSError):
        book.with_name(beside.name).unlink(missing_ok=True)


def forget_older(book: Path, beside: Beside) -> None:
    """Remove the files of earlier runs on a workbook, but for the newest. beside : the one it names now."""
    start = beside.name.partition(MARK)[0]
    ours = re.compile(rf"{re.escape(start + MARK)}[0-9a-f]{{{LENGTH}}}\.(parquet|csv)")
    with suppress(OSError):
        earlier = [
            file for file in book.parent.iterdir() if ours.fullmatch(file.name) and file.name != beside.name
        ]  # fmt: skip
        for file in sorted(earlier, key=lambda each: (-each.stat().st_mtime_ns, each.name))[_KEPT:]:
            file.unlink()
