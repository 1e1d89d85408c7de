"""A new version of one of our sheets put in the place of the old one; what people put around it stays.

Where nobody but us ever touched the part, it is written anew. Otherwise only our cells, colours and links are
exchanged, and every other cell, format, chart, comment, width and rule stays as it is.

Owns: the exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_AROUND, MOST_TEXT_AROUND
from workbooks.package.mark import SheetRecord
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.old_sheet import OldCell, OldRow, Rectangle, SharedStrings, SheetReader, Value, cell_place
from workbooks.package.sheet_part import ELEMENTS, extent, hyperlinks_xml, row_marks, rows_of, rules_xml
from workbooks.package.stretch import stretch
from workbooks.package.styles import StyleBook
from workbooks.package.table_part import table_range
from workbooks.package.xml import XmlError, local_name, number_of, parsed, written
from workbooks.tabs.model import Sheet

_PLACEHOLDER = "<!--rows-->"
_ROW_ATTRIBUTES = ("s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop",
                   "thickBot", "ph")  # fmt: skip
"""What people may set of a row, in the order in which it is written."""


@frozen
class OwnRow:
    """What stands in a row of our table. values : ``FORMULA`` for any formula; shown : what formulas show instead."""

    values: list[Value]
    shown: list[Value]


@frozen
class TheirCell:
    """A cell of other people's. shown : None where it has a format and holds nothing."""

    xml: str
    shown: Value


@frozen
class OldSheet:
    """An edited sheet of ours, taken apart.

    root : the part without its rows
    ours : row → what stands in it inside our table
    theirs : (row, column) → cell outside our table and not among our loose cells
    rows : row → what people set of it
    """

    root: etree._Element
    record: SheetRecord
    ours: dict[int, OwnRow]
    theirs: dict[tuple[int, int], TheirCell]
    rows: dict[int, dict[str, str]]


def take_apart(pieces: Iterable[bytes], record: SheetRecord, dialect: Dialect, shared: SharedStrings) -> OldSheet:
    """Return an edited sheet of ours, taken apart.

    Raises
    ------
    XmlError
        The part is damaged.
    TooLargeError
        More cells around our table than can be kept one by one.
    """
    reader = SheetReader(pieces, dialect, shared)
    area = Rectangle.of(record.table) if record.table else None
    loose = {cell_place(name) for name in record.loose}
    ours: dict[int, OwnRow] = {}
    theirs: dict[tuple[int, int], TheirCell] = {}
    rows: dict[int, dict[str, str]] = {}
    alike: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}  # a million rows of one height need little room
    letters = 0
    for row in reader.rows():
        if kept := tuple((name, row.attributes[name]) for name in _ROW_ATTRIBUTES if name in row.attributes):
            rows[row.number] = alike.setdefault(kept, dict(kept))
        inside = area is not None and area.top <= row.number <= area.bottom
        if area is not None and inside:
            ours[row.number] = _own_row(row, area)
        for column, cell in row.cells.items():
            place = (row.number, column)
            is_ours = place in loose or (area is not None and area.holds(*place))
            if not is_ours and (cell.is_filled or number_of(cell.element, "s")):
                theirs[place] = _their_cell(cell, place)
                letters += len(theirs[place].xml)
        if len(theirs) > MOST_AROUND:
            raise TooLargeError(f"a result sheet with over {MOST_AROUND:,} cells of somebody's beside the table")
        if letters > MOST_TEXT_AROUND:
            raise TooLargeError(f"a result sheet with {letters / 2**20:,.0f} MiB of somebody's texts beside the table")
    root = reader.root
    if root is None or root.find(dialect.tag("sheetData")) is None:
        raise XmlError("a sheet without rows")
    return OldSheet(root, record, ours, theirs, rows)


def _own_row(row: OldRow, area: Rectangle) -> OwnRow:
    cells = [row.cells.get(column) for column in range(area.left, area.right + 1)]
    return OwnRow(
        [None if cell is None else cell.value for cell in cells],
        [None if cell is None else cell.cached for cell in cells],
    )


def _their_cell(cell: OldCell, place: tuple[int, int]) -> TheirCell:
    cell.element.set("r", cell_name(*place))
    shown = cell.cached if cell.cached not in (None, "") else cell.value
    return TheirCell(
        etree.tostring(cell.element, encoding="unicode", with_tail=False), shown if cell.is_filled else None
    )


def covered_cells(old: OldSheet, sheet: Sheet) -> list[tuple[int, int]]:
    """Return other people's cells that the new version would cover."""
    is_new = _new_cells(sheet)
    return sorted(place for place, cell in old.theirs.items() if cell.shown is not None and is_new(place))


def _new_cells(sheet: Sheet) -> Callable[[tuple[int, int]], bool]:
    """Return what tells whether a cell is one that the new version writes."""
    area = Rectangle.of(table_range(sheet.table)) if sheet.table is not None else None
    loose = {(cell.row, cell.column) for cell in sheet.cells}
    return lambda place: place in loose or (area is not None and area.holds(*place))


def exchanged(old: OldSheet, sheet: Sheet, styles: StyleBook, dialect: Dialect) -> bytes:
    """Return the old sheet's part with our cells, colours and links exchanged."""
    root = old.root
    _drop_our_rules(old, dialect)
    _drop_our_links(old, dialect)
    if sheet.table is not None and old.record.table:
        stretch(root, Rectangle.of(old.record.table), Rectangle.of(table_range(sheet.table)))
    first = _last_priority(root, dialect) + 1
    for xml in (*rules_xml(sheet, styles, with_bars=False, first=first), hyperlinks_xml(sheet)):
        if xml:
            _insert(root, xml, dialect)
    is_new = _new_cells(sheet)
    theirs = {place: cell.xml for place, cell in old.theirs.items() if not is_new(place)}
    _size(root, sheet, theirs, dialect)
    placeholder = etree.Comment(_PLACEHOLDER[4:-3])
    rows = root.find(dialect.tag("sheetData"))
    if rows is None:
        raise XmlError("a sheet without rows")
    root.replace(rows, placeholder)
    body = f'<sheetData xmlns="{dialect.main}">{"".join(_merged_rows(old, sheet, styles, theirs))}</sheetData>'
    return written(root).replace(_PLACEHOLDER.encode(), dialect.said(body).encode(), 1)


def _merged_rows(
    old: OldSheet, sheet: Sheet, styles: StyleBook, theirs: Mapping[tuple[int, int], str]
) -> list[str]:  # fmt: skip
    new_rows = rows_of(sheet, styles.cell_format)
    marks = row_marks(sheet)
    beside: dict[int, list[tuple[int, str]]] = {}
    for (row, column), xml in theirs.items():
        beside.setdefault(row, []).append((column, xml))
    gone = old.ours.keys() | {cell_place(name)[0] for name in old.record.loose}
    gone -= new_rows.keys() | beside.keys()
    kept = {row: attributes for row, attributes in old.rows.items() if row not in gone}
    merged = []
    for row in sorted({*new_rows, *beside, *kept}):
        cells = new_rows.get(row, [])
        if row in beside:
            both = [*((_column(cell), cell) for cell in cells), *beside[row]]
            cells = [cell for _, cell in sorted(both, key=lambda each: each[0])]
        attributes = {**kept.get(row, {}), **marks.get(row, {})}
        listed = "".join(f' {name}="{attributes[name]}"' for name in _ROW_ATTRIBUTES if name in attributes)
        merged.append(f'<row r="{row}"{listed}>{"".join(cells)}</row>' if cells else f'<row r="{row}"{listed}/>')
    return merged


def _column(cell: str) -> int:
    start = cell.index('r="') + 3
    return cell_place(cell[start : cell.index('"', start)])[1]


def _drop_our_rules(old: OldSheet, dialect: Dialect) -> None:
    formulas = set(old.record.rules)
    for group in list(old.root.iterchildren(dialect.tag("conditionalFormatting"))):
        for rule in list(group.iterchildren(dialect.tag("cfRule"))):
            formula = rule.find(dialect.tag("formula"))
            if formula is not None and (formula.text or "") in formulas:
                group.remove(rule)
        if not len(group):
            old.root.remove(group)


def _last_priority(root: etree._Element, dialect: Dialect) -> int:
    return max((number_of(rule, "priority") for rule in root.iter(dialect.tag("cfRule"))), default=0)


def _drop_our_links(old: OldSheet, dialect: Dialect) -> None:
    area = Rectangle.of(old.record.table) if old.record.table else None
    loose = set(old.record.loose)
    for group in list(old.root.iterchildren(dialect.tag("hyperlinks"))):
        for link in list(group):
            reference = link.get("ref", "").partition(":")[0]
            if reference in loose or (area is not None and reference and area.holds(*cell_place(reference))):
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


def _size(root: etree._Element, sheet: Sheet, theirs: Mapping[tuple[int, int], str], dialect: Dialect) -> None:
    dimension = root.find(dialect.tag("dimension"))
    if dimension is None:
        return
    corner = Rectangle.of(extent(sheet))
    last_row = max((row for row, _ in theirs), default=1)
    last_column = max((column for _, column in theirs), default=1)
    dimension.set("ref", f"A1:{cell_name(max(corner.bottom, last_row), max(corner.right, last_column))}")
