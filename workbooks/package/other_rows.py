"""Rows of our sheet that are written otherwise than they stand: all others need not be read to be compared.

Owns: finding them, where rows stand where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.frozen import frozen
from workbooks.package.regular_rows import IrregularError, RowBlocks

_AT_ONCE = 2048
_ROW, _ROWS, _ROWS_END = b"<row ", b"<sheetData>", b"</sheetData>"


@frozen
class OtherRows:
    """Rows that stand otherwise. numbers : theirs, int64; pieces : of the part as it stands, without all others."""

    numbers: np.ndarray
    pieces: tuple[bytes, ...]


def other_rows(pieces: Iterable[bytes], new: bytes) -> OtherRows | None:
    """Return the rows of a sheet that stand otherwise in a new part; None where there are more, or fewer.

    Parameters
    ----------
    pieces : of the part as it stands, written by us; new : as it will be
    """
    start, end = new.find(_ROWS), new.rfind(_ROWS_END)
    if start < 0:
        return None
    at = start + len(_ROWS)
    others: list[bytes] = []
    blocks = RowBlocks(pieces)
    try:
        for block in blocks:
            if new.startswith(block, at) and new.startswith((_ROW, _ROWS_END), at + len(block)):
                at += len(block)
                continue
            for row in block.split(_ROW)[1:]:
                behind = _behind(new, at, end)
                if behind < 0:
                    return None
                if new[at + len(_ROW) : behind] != row:
                    others.append(_ROW + row)
                at = behind
    except IrregularError:
        return None
    if at != end:
        return None
    start = len(_ROW) + len(b'r="')
    numbers = np.array([int(row[start : row.index(b'"', start)]) for row in others], dtype=np.int64)
    rows = [b"".join(others[first : first + _AT_ONCE]) for first in range(0, len(others), _AT_ONCE)]
    return OtherRows(numbers, (blocks.head + _ROWS, *rows, _ROWS_END + blocks.tail))


def _behind(new: bytes, at: int, end: int) -> int:
    """Return where a row that begins at a place ends, -1 where none begins there."""
    if not new.startswith(_ROW, at) or at >= end:
        return -1
    following = new.find(_ROW, at + len(_ROW), end)
    return end if following < 0 else following
