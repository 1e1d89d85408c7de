"""One of our sheets as it stands in the book, after people and programs have had it in hand.

Owns: telling our cells from other people's, and reading both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from workbooks.addresses import split_cell_name
from workbooks.package.digests import FORMULA
from workbooks.package.namespaces import Dialect

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A range of cells, bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, reference: str) -> Rectangle:
        """Return the rectangle of ``A4:F9``."""
        first, _, last = reference.partition(":")
        top, left = split_cell_name(first)
        bottom, right = split_cell_name(last or first)
        return cls(top, left, bottom, right)

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class OldCell:
    """A cell that holds something. value : ``FORMULA`` stands for any formula; cached : what a formula shows."""

    row: int
    column: int
    value: Value
    cached: Value
    element: etree._Element


def old_cells(sheet_data: etree._Element, dialect: Dialect, shared: list[str]) -> Iterator[OldCell]:
    """Yield the cells of a sheet that hold something, row by row. shared : the book's shared strings."""
    cell_tag, value_tag, formula_tag, inline_tag = (dialect.tag(name) for name in ("c", "v", "f", "is"))
    next_row = 1
    for row in sheet_data:
        number = int(row.get("r", next_row))
        next_row, next_column = number + 1, 1
        for cell in row.iterchildren(cell_tag):
            name = cell.get("r")
            column = split_cell_name(name)[1] if name else next_column
            next_column = column + 1
            cached = _value(cell, cell.find(value_tag), cell.find(inline_tag), shared)
            if cell.find(formula_tag) is not None:
                yield OldCell(number, column, FORMULA, cached, cell)
            elif cached not in (None, ""):
                yield OldCell(number, column, cached, cached, cell)


def shared_strings(root: etree._Element, dialect: Dialect) -> list[str]:
    """Return the texts of the shared strings part."""
    text_tag, phonetic = dialect.tag("t"), dialect.tag("rPh")
    return ["".join(each.text or "" for each in _texts(item, text_tag, phonetic)) for item in root]


def _texts(item: etree._Element, text_tag: str, phonetic: str) -> list[etree._Element]:
    """Return the texts of a shared string, without the readings beside them."""
    readings = {text for reading in item.iter(phonetic) for text in reading.iter(text_tag)}
    return [text for text in item.iter(text_tag) if text not in readings]


def _value(
    cell: etree._Element, value: etree._Element | None, inline: etree._Element | None, shared: list[str]
) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(str(text) for text in inline.itertext()) if inline is not None else None
    if value is None or value.text is None:
        return None
    if kind == "s":
        at = int(value.text)
        return shared[at] if at < len(shared) else None
    if kind in ("n", "b"):
        return float(value.text)
    return value.text
