"""The engine's sheets of a workbook read back as data: what was written, or what programs made of it since.

Owns: the way from a sheet's part to a ``Sheet``: tables, loose cells, links, colours, outlines, heights. Run Log is
left out: it tells what happened, and is never taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.mark import SheetRecord
from workbooks.package.old_sheet import OldCell, Rectangle, SheetReader, Value, cell_place
from workbooks.package.own_book import OwnBook
from workbooks.package.style_reader import StyleReader
from workbooks.package.xml import XmlError, number_of
from workbooks.tabs.model import PLAIN, ColourWhen, Column, Formulas, Link, LooseCell, Sheet, Style, Table
from workbooks.tabs.names import OWN_SHEETS, RUN_LOG, table_name


@frozen
class _Cell:
    """A cell as it is to be written again. formula : without "=", "" where it is a value."""

    value: Value
    formula: str
    style: Style


_EMPTY = _Cell(None, "", PLAIN)


def read_back(data: bytes) -> list[Sheet]:
    """Return the engine's sheets in a workbook, in their order; none where it has none.

    Raises
    ------
    XmlError, ArchiveError
        The workbook is damaged.
    """
    ours = OwnBook(data)
    book = ours.book
    style_part = next((each.target for each in book.parts.relations(book.part).of_kind("styles")), "")
    styles = StyleReader(book.parts.part(style_part) if style_part else None, book.dialect)
    strings = ours.strings
    found = []
    for name in OWN_SHEETS:
        if name in ours.own and name in ours.records and name != RUN_LOG:
            reader = SheetReader(book.parts.pieces(ours.part_of(name)), book.dialect, strings)
            found.append(_Reading(name, ours.records[name], reader, styles).sheet())
    return found


class _Reading:
    """One sheet being read."""

    def __init__(self, name: str, record: SheetRecord, reader: SheetReader, styles: StyleReader) -> None:
        self._name, self._record, self._styles = name, record, styles
        self._area = Rectangle.of(record.table) if record.table else None
        self._loose = {cell_place(each) for each in record.loose}
        self._cells: dict[tuple[int, int], _Cell] = {}
        self._heights: dict[int, float] = {}
        self._levels: dict[int, int] = {}
        self._masters: dict[str, tuple[str, str]] = {}
        for row in reader.rows():
            if row.attributes.get("customHeight") in ("1", "true") and self._is_ours(row.number):
                self._heights[row.number] = float(row.attributes.get("ht", "15"))
            self._levels[row.number] = int(row.attributes.get("outlineLevel", "0"))
            for column, cell in row.cells.items():
                self._cells[row.number, column] = self._cell(cell, cell_name(row.number, column))
        if reader.root is None:
            raise XmlError("a sheet without rows")
        self._root = reader.root
        self._links = self._read_links()

    def sheet(self) -> Sheet:
        """Return what was read."""
        table = self._table(self._area) if self._area is not None else None
        links = [
            Link(row, column, to, tip)
            for (row, column), (to, tip) in self._links.items()
            if self._area is not None and self._area.holds(row, column)
        ]
        loose = [self._loose_cell(place) for place in sorted(self._loose)]
        return Sheet(self._name, table, loose, links, heights=self._heights, colours=self._colours())

    def _is_ours(self, row: int) -> bool:
        is_inside = self._area is not None and self._area.top <= row <= self._area.bottom
        return is_inside or any(row == number for number, _ in self._loose)

    def _cell(self, cell: OldCell, name: str) -> _Cell:
        element = next((each for each in cell.element if str(each.tag).endswith("}f")), None)
        formula = self._formula(element, name) if element is not None else ""
        return _Cell(cell.cached, formula, self._styles.style(number_of(cell.element, "s")))

    def _formula(self, element: etree._Element, name: str) -> str:
        """Return a formula; one that other cells share is moved from where it was first written."""
        group = element.get("si", "") if element.get("t") == "shared" else ""
        text = element.text or ""
        if group and text:
            self._masters[group] = (text, name)
        if text or group not in self._masters:
            return text
        from openpyxl.formula.translate import Translator

        master, origin = self._masters[group]
        return str(Translator(f"={master}", origin=origin).translate_formula(name))[1:]

    def _loose_cell(self, place: tuple[int, int]) -> LooseCell:
        cell = self._cells.get(place, _EMPTY)
        link = self._links.get(place, ("", ""))[0]
        value, is_status = cell.value if cell.value is not None else "", cell_name(*place) in self._record.status
        return LooseCell(*place, value, cell.style, cell.formula, link, is_status)

    def _table(self, area: Rectangle) -> Table:
        rows = range(area.top + 1, area.bottom + 1)
        across = range(area.left, area.right + 1)
        block = [[self._cells.get((row, column), _EMPTY) for column in across] for row in rows]
        if len(block) == 1 and all(cell.value in (None, "") and not cell.formula for cell in block[0]):
            block = []  # a table without records covers one empty row
        headers = [self._cells.get((area.top, column), _EMPTY) for column in across]
        filled = [[cell for cell in record if cell.formula or cell.value not in (None, "")] for record in block]
        bold = np.array([all(cell.style.bold for cell in record) for record in filled], dtype=bool)
        columns = [_column(header, [record[at] for record in block], bold) for at, header in enumerate(headers)]
        levels = np.array([self._levels.get(row, 0) for row in rows][: len(block)], dtype=np.int64)
        return Table(
            table_name(self._name), area.top, area.left, columns, levels if levels.any() else None,
            bold if bold.any() else None,
        )  # fmt: skip

    def _read_links(self) -> Mapping[tuple[int, int], tuple[str, str]]:
        found = {}
        for element in self._root.iter():
            if str(element.tag).endswith("}hyperlink") and element.get("location"):
                place = cell_place(element.get("ref", "A1").partition(":")[0])
                found[place] = (element.get("location", ""), element.get("tooltip", ""))
        return found

    def _colours(self) -> list[ColourWhen]:
        """Return our rules of colour, in the order of the record."""
        found: dict[str, list[ColourWhen]] = {}
        for group in self._root.iter():
            if not str(group.tag).endswith("}conditionalFormatting"):
                continue
            for rule in group:
                formula = next((each.text or "" for each in rule if str(each.tag).endswith("}formula")), "")
                read = self._styles.rule(number_of(rule, "dxfId", -1), group.get("sqref", ""), formula)
                if formula in self._record.rules and read is not None:
                    found.setdefault(formula, []).append(read)
        return [rule for formula in self._record.rules for rule in found.get(formula, ())]


def _column(top: _Cell, cells: list[_Cell], bold: np.ndarray) -> Column:
    header = str(top.value or "")
    values = [cell.value for cell in cells]
    plain = next((cell.style for cell, is_bold in zip(cells, bold.tolist(), strict=True) if not is_bold), None)
    style = plain if plain is not None else replace(cells[0].style if cells else PLAIN, bold=False)
    codes = [cell.style.number_format for cell in cells]
    formats = codes if len(set(codes)) > 1 else []
    are_numbers = all(value is None or isinstance(value, float) for value in values)
    if any(cell.formula for cell in cells):
        texts = [cell.formula for cell in cells]
        if are_numbers:
            return Column(header, Formulas(texts, _numbers(values)), style, formats=formats)
        cached = np.array(["" if value is None else value for value in values], dtype=object)
        return Column(header, Formulas(texts, cached), style, formats=formats)
    if are_numbers and (top.style.align == "right" or any(value is not None for value in values)):
        return Column(header, _numbers(values), style, formats=formats)
    return Column(header, ["" if value is None else str(value) for value in values], style)


def _numbers(values: list[Value]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
