"""How far the cells of a sheet reach: our library lays a sheet out from A1 to its last cell, empty ones included.

One cell in the last corner of a sheet would be 17 billion of them.

Owns: an upper bound of that area, found in the XML before the library sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from lxml import etree

from workbooks.addresses import cell_name, split_cell_name
from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_CELLS
from workbooks.package.stream import Stream, blocks
from workbooks.package.xml import HEAD, XmlError, check_beginning, local_name

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')
_ROW = re.compile(rb'<row r="([1-9]\d{0,6})"')
_CELLS, _ROWS = (b"<c ", b"<c>"), (b"<row ", b"<row>")
NEAR = (
    (rb"[A-K]", rb"(?:[1-9]\d{0,5}|10[0-3]\d{4}|104[0-8]\d{3})"),  # 11 columns of any length, as most inputs have
    (rb"[A-L]", rb"[1-9]\d{0,5}"),  # 12 columns, 999,999 rows
    (rb"[A-Z]", rb"(?:[1-9]\d{0,4}|[1-3]\d{5})"),  # 26 columns, 399,999 rows
    (rb"A?[A-Z]", rb"(?:[1-9]\d{0,4}|1\d{5})"),  # 52 columns, 199,999 rows
    (rb"[A-Z]{1,2}", rb"[1-9]\d{0,3}"),  # 702 columns, 9,999 rows
)
"""Letters and numbers of the cells in areas that are small enough, whatever stands in them."""
_ANY = (b":c ", b":c>", b":row ", b":row>", b"\0")

Result = TypeVar("Result")


def refuse_far_cells(name: str, read: Callable[[], Iterable[bytes]]) -> None:
    """Raise where a sheet reaches further than can be laid out.

    Parameters
    ----------
    name : of the sheet; read : gives the pieces of its XML, from the start each time

    Raises
    ------
    TooLargeError
        More than ``MOST_CELLS`` cells from A1 to the last one.
    XmlError
        The part is damaged.
    """
    usual = is_near = True
    for at, block in enumerate(blocks(read())):
        if not at:
            check_beginning(block[:HEAD])
        usual = usual and is_regular(block)
        is_near = is_near and _is_inside(block, *NEAR[0])
    if usual and (is_near or any(_lies_in(read, area) for area in NEAR[1:])):
        return
    rows, columns = _last_cell(read) if usual else _stepwise(read())
    if rows * columns > MOST_CELLS:
        raise TooLargeError(f"{name}: cells reach as far as {cell_name(rows, columns)}")


def asked(ask: Callable[[], Result]) -> Result:
    """Return what our library answers; what goes wrong inside it means a damaged part.

    Raises
    ------
    XmlError
        The library cannot read what it was given.
    """
    from python_calamine import CalamineError

    try:
        return ask()
    except (CalamineError, ValueError, OverflowError, OSError) as broken:
        raise XmlError(str(broken) or type(broken).__name__) from broken
    except BaseException as broken:
        if type(broken).__name__ == "PanicException":  # of a library written in Rust; it has no class to import
            raise XmlError("a part that cannot be read") from broken
        raise


def is_regular(part: bytes) -> bool:
    """Whether a sheet is written as most are."""
    if any(sign in part for sign in _ANY):
        return False
    return part.count(b'<c r="') == sum(map(part.count, _CELLS)) and part.count(b'<row r="') == sum(
        map(part.count, _ROWS)
    )


def _is_inside(part: bytes, letters: bytes, numbers: bytes) -> bool:
    """Whether every cell and every row of a sheet stands in an area."""
    far_cell, far_row = rb'<c r="(?!%s%s")' % (letters, numbers), rb'<row r="(?!%s")' % numbers
    return re.search(far_cell, part) is None and re.search(far_row, part) is None


def _lies_in(read: Callable[[], Iterable[bytes]], area: tuple[bytes, bytes]) -> bool:
    return all(_is_inside(block, *area) for block in blocks(read()))


def _last_cell(read: Callable[[], Iterable[bytes]]) -> tuple[int, int]:
    """Return the last row and column of a sheet that is written as most are; all of its cells, should one be odd."""
    widest, deepest = b"A", b"1"
    for block in blocks(read()):
        cells, rows = _CELL.findall(block), _ROW.findall(block)
        if len(cells) != block.count(b'<c r="') or len(rows) != block.count(b'<row r="'):
            return _stepwise(read())
        widest = _last({widest, *(letters for letters, _ in cells)})
        # the library believes the cell, whatever row it stands in
        deepest = _last({deepest, *rows, *(number for _, number in cells)})
    return int(deepest), split_cell_name(f"{widest.decode()}1")[1]


def _last(names: set[bytes]) -> bytes:
    """Return the last of some letters of columns, or numbers of rows without zeros before them."""
    return max(names, key=lambda each: (len(each), each))


def _stepwise(pieces: Iterable[bytes]) -> tuple[int, int]:
    """Return how far a sheet reaches, cell by cell."""
    last_row = last_column = 1
    row = column = 0
    stream = Stream(pieces)
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), **_SAFE):
            name = local_name(element)
            if event == "end":
                if name in ("row", "c"):
                    stream.let_go(element)
                continue
            if name == "row":
                row, column = int(element.get("r", row + 1)), 0
            elif name == "c":
                reference = element.get("r")
                row, column = split_cell_name(reference) if reference else (row, column + 1)
                last_row, last_column = max(last_row, row), max(last_column, column)
    except (etree.XMLSyntaxError, ValueError) as broken:
        if isinstance(broken, TooLargeError):
            raise
        raise XmlError(f"broken XML: {broken}") from broken
    return last_row, last_column


_SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": True}
