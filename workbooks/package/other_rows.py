"""Rows of our sheet that are written otherwise than they stand: all others need not be read to be compared.

Owns: finding them, where rows stand where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.frozen import frozen
from workbooks.package.regular_rows import IrregularError, RowBlocks

_AT_ONCE = 2048
_STEP = 1024
"""Bytes that are compared first; twice as many each time that they are the same."""
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
            at = _compared(block, new, (at, end), others)
            if at < 0:
                return None
    except IrregularError:
        return None
    if at != end:
        return None
    start = len(_ROW) + len(b'r="')
    numbers = np.array([int(row[start : row.index(b'"', start)]) for row in others], dtype=np.int64)
    rows = [b"".join(others[first : first + _AT_ONCE]) for first in range(0, len(others), _AT_ONCE)]
    return OtherRows(numbers, (blocks.head + _ROWS, *rows, _ROWS_END + blocks.tail))


def _compared(block: bytes, new: bytes, place: tuple[int, int], others: list[bytes]) -> int:
    """Return where in a new part the rows of a block end, -1 where it has not as many; what differs is added to others.

    Rows that are alike are passed over by the hundred: few of them differ after an edit.

    Parameters
    ----------
    place : where the block's rows begin in the new part, and where all its rows end
    """
    (at, end), start = place, 0
    while start < len(block):
        same = _alike(block, start, new, at)
        if start + same == len(block) and new.startswith((_ROW, _ROWS_END), at + same):
            return at + same
        row = block.rfind(_ROW, start, start + same + len(_ROW))
        at, start = at + row - start, row
        behind, following = _behind(new, at, end), block.find(_ROW, start + len(_ROW))
        if behind < 0:
            return -1
        following = len(block) if following < 0 else following
        if new[at:behind] != block[start:following]:
            others.append(block[start:following])
        at, start = behind, following
    return at


def _alike(block: bytes, start: int, new: bytes, at: int) -> int:
    """Return how many bytes are the same from two places on."""
    same, step, most = 0, _STEP, len(block) - start
    while same < most:
        beyond = min(same + step, most)
        if block[start + same : start + beyond] != new[at + same : at + beyond]:
            break
        same, step = beyond, 2 * step
    else:
        return most
    while beyond - same > 1:  # the first byte that differs stands before it
        middle = (same + beyond) // 2
        if block[start + same : start + middle] == new[at + same : at + middle]:
            same = middle
        else:
            beyond = middle
    return same


def _behind(new: bytes, at: int, end: int) -> int:
    """Return where a row that begins at a place ends, -1 where none begins there."""
    if not new.startswith(_ROW, at) or at >= end:
        return -1
    following = new.find(_ROW, at + len(_ROW), end)
    return end if following < 0 else following
