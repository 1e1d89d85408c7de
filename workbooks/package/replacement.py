"""A new version of one of our sheets put in the place of the old one; what people put around it stays.

Where nobody touched the part since we wrote it, it is written anew. Otherwise only our cells, colours and links are
exchanged, and every other cell, chart, comment, width and rule stays as it is.

Owns: the exchange.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from workbooks.addresses import split_cell_name
from workbooks.package.mark import SheetRecord
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.old_sheet import OldCell, Rectangle, old_cells
from workbooks.package.sheet_part import ELEMENTS, extent, hyperlinks_xml, row_marks, rows_of, rules_xml
from workbooks.package.styles import StyleBook
from workbooks.package.table_part import table_range
from workbooks.package.xml import local_name, parsed, written
from workbooks.tabs.model import Sheet

_PLACEHOLDER = "<!--rows-->"


@dataclass(frozen=True, slots=True)
class OldSheet:
    """An edited sheet of ours, taken apart.

    ours : cells inside our table or among our loose cells; theirs : all others that hold something
    """

    root: etree._Element
    record: SheetRecord
    ours: dict[tuple[int, int], OldCell]
    theirs: dict[tuple[int, int], OldCell]


def take_apart(data: bytes, record: SheetRecord, dialect: Dialect, shared: list[str]) -> OldSheet:
    """Return an edited sheet of ours, taken apart."""
    root = parsed(data)
    area = Rectangle.of(record.table) if record.table else None
    loose = {split_cell_name(name) for name in record.loose}
    ours: dict[tuple[int, int], OldCell] = {}
    theirs: dict[tuple[int, int], OldCell] = {}
    rows = root.find(dialect.tag("sheetData"))
    for cell in old_cells(rows, dialect, shared) if rows is not None else ():
        place = (cell.row, cell.column)
        is_ours = place in loose or (area is not None and area.holds(*place))
        (ours if is_ours else theirs)[place] = cell
    return OldSheet(root, record, ours, theirs)


def covered_cells(old: OldSheet, sheet: Sheet) -> list[tuple[int, int]]:
    """Return other people's cells that the new version would cover."""
    area = Rectangle.of(table_range(sheet.table)) if sheet.table is not None else None
    loose = {(cell.row, cell.column) for cell in sheet.cells}
    return sorted(place for place in old.theirs if place in loose or (area is not None and area.holds(*place)))


def exchanged(old: OldSheet, sheet: Sheet, styles: StyleBook, dialect: Dialect) -> bytes:
    """Return the old sheet's part with our cells, colours and links exchanged."""
    root = old.root
    _drop_our_rules(old, dialect)
    _drop_our_links(old, dialect)
    for xml in (*rules_xml(sheet, styles, with_bars=False), hyperlinks_xml(sheet)):
        if xml:
            _insert(root, xml, dialect)
    _size(root, sheet, dialect)
    rows = root.find(dialect.tag("sheetData"))
    placeholder = etree.Comment(_PLACEHOLDER[4:-3])
    kept_rows = {int(row.get("r", "0")): dict(row.attrib) for row in rows} if rows is not None else {}
    if rows is None:
        raise ValueError("a sheet without rows")
    root.replace(rows, placeholder)
    body = f'<sheetData xmlns="{dialect.main}">{"".join(_merged_rows(old, sheet, styles, kept_rows))}</sheetData>'
    return written(root).replace(_PLACEHOLDER.encode(), dialect.said(body).encode(), 1)


def _merged_rows(
    old: OldSheet, sheet: Sheet, styles: StyleBook, kept_rows: Mapping[int, Mapping[str, str]]
) -> list[str]:
    new_rows = rows_of(sheet, styles.cell_format)
    marks = row_marks(sheet)
    theirs: dict[int, list[tuple[int, str]]] = {}
    for (row, column), cell in old.theirs.items():
        xml = etree.tostring(cell.element, encoding="unicode", with_tail=False)
        theirs.setdefault(row, []).append((column, xml))
    merged = []
    for row in sorted({*new_rows, *theirs}):
        cells = new_rows.get(row, [])
        if row in theirs:
            both = [*((_column(cell), cell) for cell in cells), *theirs[row]]
            cells = [cell for _, cell in sorted(both, key=lambda each: each[0])]
        attributes = marks.get(row) or _height(kept_rows.get(row, {}))
        merged.append(f'<row r="{row}"{attributes}>{"".join(cells)}</row>')
    return merged


def _column(cell: str) -> int:
    start = cell.index('r="') + 3
    return split_cell_name(cell[start : cell.index('"', start)])[1]


def _height(attributes: Mapping[str, str]) -> str:
    names = ("ht", "customHeight", "hidden", "outlineLevel", "collapsed")
    return "".join(f' {name}="{attributes[name]}"' for name in names if name in attributes)


def _drop_our_rules(old: OldSheet, dialect: Dialect) -> None:
    formulas = set(old.record.rules)
    for group in list(old.root.iterchildren(dialect.tag("conditionalFormatting"))):
        for rule in list(group.iterchildren(dialect.tag("cfRule"))):
            formula = rule.find(dialect.tag("formula"))
            if formula is not None and (formula.text or "") in formulas:
                group.remove(rule)
        if not len(group):
            old.root.remove(group)


def _drop_our_links(old: OldSheet, dialect: Dialect) -> None:
    area = Rectangle.of(old.record.table) if old.record.table else None
    loose = set(old.record.loose)
    for group in list(old.root.iterchildren(dialect.tag("hyperlinks"))):
        for link in list(group):
            reference = link.get("ref", "").partition(":")[0]
            if reference in loose or (area is not None and reference and area.holds(*split_cell_name(reference))):
                group.remove(link)
        if not len(group):
            old.root.remove(group)


def _insert(root: etree._Element, xml: str, dialect: Dialect) -> None:
    """Insert an element of ours where the standard wants it; links join the ones that are there."""
    element = parsed(dialect.said(f'<w xmlns="{MAIN}">{xml}</w>').encode())[0]
    name = local_name(element)
    present = root.find(dialect.tag(name))
    if name == "hyperlinks" and present is not None:
        present.extend(list(element))
        return
    later = ELEMENTS[ELEMENTS.index(name) + 1 :]
    for at, each in enumerate(root):
        if local_name(each) in later:
            root.insert(at, element)
            return
    root.append(element)


def _size(root: etree._Element, sheet: Sheet, dialect: Dialect) -> None:
    dimension = root.find(dialect.tag("dimension"))
    if dimension is not None:
        dimension.set("ref", extent(sheet))
