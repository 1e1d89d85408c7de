"""Cells that hold nothing usable: errors, formulas without a value, merges, formulas that read our own results.

Owns: one pass over the XML of a sheet, made only where a first look finds a sign of any of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import field

from lxml import etree

from solver.frozen import frozen
from workbooks.package.archive import ArchiveError, TooLargeError
from workbooks.package.limits import MOST_FAULTS
from workbooks.package.namespaces import Dialect
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.stream import Elements, blocks
from workbooks.package.xml import XmlError
from workbooks.read.sheets import Sheets

_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]+)</")
_FORMULA_SIGNS = (b"<f>", b"<f ", b":f>", b":f ")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_SIGNS = (*_FORMULA_SIGNS, b"mergeCell ", b't="e"', b"t='e'")


@frozen
class Faults:
    """What is wrong in a sheet. errors : cell → what it shows; uncached, ours : cells → formula; merges : ranges."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: dict[tuple[int, int], str] = field(default_factory=dict)
    ours: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Rectangle] = field(default_factory=list)


def find_faults(
    read: Callable[[], Iterable[bytes]], dialect: Dialect, own_words: Callable[[], Collection[str]]
) -> Faults:
    """Return what is wrong in a sheet.

    Parameters
    ----------
    read : gives the pieces of the sheet's part, from the start each time
    own_words : gives the names of our sheets and tables that nobody has calculated since we wrote them; asked only
        where there is something to look at

    Raises
    ------
    XmlError
        The part is damaged, or has a document type declaration.
    TooLargeError
        More is wrong than can be held.
    """
    if not any(block.startswith(_WIDE) or any(sign in block for sign in _SIGNS) for block in blocks(read())):
        return Faults()
    reads_ours = _pattern(sorted(own_words()))
    faults = Faults()
    names = (dialect.tag("f"), dialect.tag("v"), dialect.tag("is"))
    rows = Elements(read(), dialect.tag("row"), "sheetData")
    number = 0
    try:
        for row in rows:
            number, column = int(row.get("r", number + 1)), 0
            for cell in row.iterchildren(dialect.tag("c")):
                name = cell.get("r")
                place = cell_place(name) if name else (number, column + 1)
                column = place[1]
                _look_at(cell, place, names, reads_ours, faults)
            if len(faults.uncached) + len(faults.errors) > MOST_FAULTS:
                raise TooLargeError(f"a sheet with over {MOST_FAULTS:,} errors and formulas without a value")
    except ValueError as broken:
        if isinstance(broken, ArchiveError | XmlError):
            raise
        raise XmlError(f"broken XML: {broken}") from broken
    if rows.root is not None:
        faults.merges.extend(Rectangle.of(each.get("ref", "A1")) for each in rows.root.iter(dialect.tag("mergeCell")))
    return faults


def _look_at(
    cell: etree._Element,
    place: tuple[int, int],
    names: tuple[str, str, str],
    reads_ours: re.Pattern[str] | None,
    faults: Faults,
) -> None:
    formula, value = cell.find(names[0]), cell.find(names[1])
    text = value.text if value is not None else None
    if cell.get("t") == "e":
        faults.errors[place] = text or "an error"
    elif formula is not None and text is None and cell.find(names[2]) is None and cell.get("t") != "str":
        faults.uncached[place] = f"={formula.text or ''}"
    if formula is not None and reads_ours is not None and formula.text and reads_ours.search(formula.text):
        faults.ours[place] = f"={formula.text}"


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    listed = "|".join(re.escape(word.replace("'", "''")) for word in words)
    return re.compile(rf"(?i)(?:'(?:{listed})'!|(?<![\w.])(?:{listed})(?:!|\[))")


def holds_formulas(pieces: Iterable[bytes]) -> bool:
    """Whether there is any formula in the part of a sheet."""
    return any(sign in block for block in blocks(pieces) for sign in _FORMULA_SIGNS)


def sheets_that_read(sheets: Sheets, words: Sequence[str]) -> list[str]:
    """Return the sheets with formulas that read sheets or tables of these names."""
    from html import unescape  # its list of entities is seldom needed

    pattern = _pattern(words)
    found = []
    for name in sheets.names:
        formulas = _FORMULA.findall(sheets.part(name)) if holds_formulas(sheets.pieces(name)) else ()
        texts = (unescape(formula.decode("utf-8", "replace")) for formula in formulas)
        if pattern is not None and any(map(pattern.search, texts)):
            found.append(name)
    return found
