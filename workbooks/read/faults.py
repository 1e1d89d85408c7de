"""Cells that hold nothing usable: errors, formulas without a value, merges, formulas that read our own results.

Owns: one pass over the XML of a sheet, made only where a first look finds a sign of any of these.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from workbooks.package.namespaces import Dialect
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.xml import HEAD, XmlError, check_beginning, parsed
from workbooks.read.sheets import Sheets

_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]+)</")
_FORMULA_SIGNS = (b"<f>", b"<f ", b":f>", b":f ")
_SIGNS = (*_FORMULA_SIGNS, b"mergeCell ", b't="e"', b"t='e'")


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong in a sheet. errors : cell → what it shows; uncached, ours : cells → formula; merges : ranges."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: dict[tuple[int, int], str] = field(default_factory=dict)
    ours: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Rectangle] = field(default_factory=list)


def find_faults(data: bytes, dialect: Dialect, own_words: Sequence[str]) -> Faults:
    """Return what is wrong in a sheet.

    Parameters
    ----------
    data : the sheet's part
    own_words : names of our sheets and tables that nobody has calculated since we wrote them

    Raises
    ------
    XmlError
        The part is damaged, or has a document type declaration.
    """
    is_plain = not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_plain and not any(sign in data for sign in _SIGNS):
        return Faults()
    check_beginning(data[:HEAD])
    reads_ours = _pattern(own_words)
    faults = Faults()
    cell, merge = dialect.tag("c"), dialect.tag("mergeCell")
    names = (dialect.tag("f"), dialect.tag("v"), dialect.tag("is"))
    row_tag, row, column = dialect.tag("row"), 0, 0
    try:
        steps = etree.iterparse(
            io.BytesIO(data if is_plain else etree.tostring(parsed(data))),
            events=("start", "end"), tag=(cell, merge, row_tag),
            resolve_entities=False, no_network=True, huge_tree=True,
        )  # fmt: skip
        for event, element in steps:
            if event == "start":
                if element.tag == row_tag:
                    row, column = int(element.get("r", row + 1)), 0
                continue
            if element.tag == cell:
                name = element.get("r")
                row, column = cell_place(name) if name else (row, column + 1)
                _look_at(element, (row, column), names, reads_ours, faults)
            elif element.tag == merge:
                faults.merges.append(Rectangle.of(element.get("ref", "A1")))
            else:
                element.clear()
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise XmlError(f"broken XML: {broken}") from broken
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


def holds_formulas(data: bytes) -> bool:
    """Whether there is any formula in the part of a sheet."""
    return any(sign in data for sign in _FORMULA_SIGNS)


def sheets_that_read(sheets: Sheets, words: Sequence[str]) -> list[str]:
    """Return the sheets with formulas that read sheets or tables of these names."""
    from html import unescape  # its list of entities is seldom needed

    pattern = _pattern(words)
    found = []
    for name in sheets.names:
        data = sheets.part(name)
        formulas = _FORMULA.findall(data) if holds_formulas(data) else ()
        texts = (unescape(formula.decode("utf-8", "replace")) for formula in formulas)
        if pattern is not None and any(map(pattern.search, texts)):
            found.append(name)
    return found
