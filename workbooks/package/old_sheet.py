"""One of our sheets as it stands in the book, after people and programs have had it in hand.

Owns: reading its rows one by one, so that a large sheet never stands in memory as a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import MAX_COLUMNS, MAX_ROWS, split_cell_name
from workbooks.package.archive import ArchiveError
from workbooks.package.namespaces import Dialect
from workbooks.package.stream import Elements
from workbooks.package.xml import XmlError

Value = str | float | None

FORMULA = "\x00formula"
"""Stands for any formula: its value may be recalculated, but it must stay a formula."""

ROW_ATTRIBUTES = ("s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop",
                  "thickBot", "ph")  # fmt: skip
"""What people may set of a row, in the order in which it is written."""
_MEANS_NOTHING = ("0", "false")


@frozen
class Rectangle:
    """A range of cells, bounds included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def of(cls, reference: str) -> Rectangle:
        """Return the rectangle of ``A4:F9``.

        Raises
        ------
        XmlError
            It is no range, or one beyond the edge of a sheet.
        """
        first, _, last = reference.partition(":")
        top, left = cell_place(first)
        bottom, right = cell_place(last or first)
        if top > bottom or left > right:
            raise XmlError(f"a range {reference[:40]!r}")
        return cls(top, left, bottom, right)

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def cell_place(name: str) -> tuple[int, int]:
    """Return (row, column) of a cell as a part names it.

    Raises
    ------
    XmlError
        No cell is called so.
    """
    try:
        row, column = split_cell_name(name)
    except ValueError as broken:
        raise XmlError(f"a cell {name[:20]!r}") from broken
    if not (1 <= row <= MAX_ROWS and 1 <= column <= MAX_COLUMNS):
        raise XmlError(f"a cell {name[:20]!r}")
    return row, column


@frozen
class OldCell:
    """A cell. value : ``FORMULA`` stands for any formula; cached : what a formula shows."""

    value: Value
    cached: Value
    element: etree._Element

    @property
    def is_filled(self) -> bool:
        """Whether it holds something, and not a format alone."""
        return self.value not in (None, "")


@frozen
class OldRow:
    """A row. attributes : as the part has them; cells : column → cell, good until the next row is read."""

    number: int
    attributes: dict[str, str]
    cells: dict[int, OldCell]


class SheetReader:
    """A sheet's part, read row by row; afterwards ``root`` is the part without its rows."""

    def __init__(self, pieces: Iterable[bytes], dialect: Dialect, shared: SharedStrings) -> None:
        self._pieces, self._dialect, self._shared = pieces, dialect, shared
        self.root: etree._Element | None = None

    def rows(self) -> Iterator[OldRow]:
        """Yield the rows from top to bottom.

        Raises
        ------
        XmlError
            The part is damaged.
        """
        rows = Elements(self._pieces, self._dialect.tag("row"), "sheetData")
        number = 0
        try:
            for element in rows:
                number = int(element.get("r", number + 1))
                if not 1 <= number <= MAX_ROWS:
                    raise XmlError(f"a row {number}")
                attributes = {str(key): str(value) for key, value in element.attrib.items()}
                yield OldRow(number, attributes, self._cells(element))
        except ValueError as broken:
            if isinstance(broken, ArchiveError | XmlError):
                raise
            raise XmlError(f"broken XML: {broken}") from broken
        self.root = rows.root

    def _cells(self, row: etree._Element) -> dict[int, OldCell]:
        tags = _tags(self._dialect)
        cells = {}
        column = 0
        for cell in row.iterchildren(self._dialect.tag("c")):
            name = cell.get("r")
            column = cell_place(name)[1] if name else column + 1
            cells[column] = _cell(cell, tags, self._shared)
        return cells


def settings_of(attributes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what people set of a row, or a program for them; some programs also say what is not set."""
    return tuple(
        (name, attributes[name])
        for name in ROW_ATTRIBUTES
        if name in attributes and (name in ("s", "ht") or attributes[name] not in _MEANS_NOTHING)
    )


def old_cell(element: etree._Element, dialect: Dialect, shared: SharedStrings) -> OldCell:
    """Return one cell of a row."""
    return _cell(element, _tags(dialect), shared)


def _tags(dialect: Dialect) -> tuple[str, str, str]:
    return dialect.tag("v"), dialect.tag("f"), dialect.tag("is")


def _cell(element: etree._Element, tags: tuple[str, str, str], shared: SharedStrings) -> OldCell:
    cached = _value(element, element.find(tags[0]), element.find(tags[2]), shared)
    return OldCell(cached if element.find(tags[1]) is None else FORMULA, cached, element)


class SharedStrings:
    """The texts that the sheets of a book share, read when the first of them is asked for: ours share none."""

    def __init__(self, pieces: Callable[[], Iterable[bytes]], dialect: Dialect) -> None:
        self._pieces, self._dialect = pieces, dialect

    def text(self, at: int) -> str | None:
        """Return a text by its number, None where there is none.

        Raises
        ------
        XmlError, ArchiveError
            The part is damaged.
        """
        return self._texts[at] if 0 <= at < len(self._texts) else None

    @cached_property
    def _texts(self) -> list[str]:
        item_tag, text_tag, phonetic = (self._dialect.tag(name) for name in ("si", "t", "rPh"))
        found = []
        for item in Elements(self._pieces(), item_tag, "sst"):
            readings = {text for reading in item.iter(phonetic) for text in reading.iter(text_tag)}
            found.append("".join(text.text or "" for text in item.iter(text_tag) if text not in readings))
        return found


def _value(
    cell: etree._Element, value: etree._Element | None, inline: etree._Element | None, shared: SharedStrings
) -> Value:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(str(text) for text in inline.itertext()) if inline is not None else None
    if value is None or value.text is None:
        return None
    if kind == "s":
        return shared.text(int(value.text))
    if kind in ("n", "b"):
        return float(value.text)
    return value.text
