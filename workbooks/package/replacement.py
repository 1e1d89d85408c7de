"""A new version of one of our sheets put in the place of the old one; what people put around it stays.

Where nobody but us ever touched the part, it is written anew. Otherwise only our cells, colours and links are
exchanged, and every other cell, format, chart, comment, width and rule stays as it is.

Owns: the exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from lxml import etree

from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.archive import TooLargeError
from workbooks.package.limits import MOST_AROUND, MOST_TEXT_AROUND
from workbooks.package.mark import SheetRecord
from workbooks.package.namespaces import MAIN, Dialect
from workbooks.package.old_sheet import (
    ROW_ATTRIBUTES,
    OldCell,
    OldRow,
    Rectangle,
    SharedStrings,
    SheetReader,
    Value,
    cell_place,
    settings_of,
)
from workbooks.package.old_table import OldTable, TableBeingRead
from workbooks.package.regular_rows import IrregularError, read_regular
from workbooks.package.sheet_part import ELEMENTS, encoded, extent, hyperlinks_xml, row_lines, row_marks, rules_xml
from workbooks.package.stretch import stretch
from workbooks.package.styles import StyleBook
from workbooks.package.table_part import table_range
from workbooks.package.widths import with_room
from workbooks.package.xml import XmlError, local_name, number_of, parsed, written
from workbooks.tabs.model import Sheet

_PLACEHOLDER = "<!--rows-->"


@frozen
class TheirCell:
    """A cell of other people's. shown : None where it has a format and holds nothing."""

    xml: str
    shown: Value


@frozen
class OldSheet:
    """An edited sheet of ours, taken apart.

    root : the part without its rows
    table : what stands inside our table, None where the sheet has none
    theirs : (row, column) → cell outside our table and not among our loose cells
    rows : row → what people set of it
    """

    root: etree._Element
    record: SheetRecord
    table: OldTable | None
    theirs: dict[tuple[int, int], TheirCell]
    rows: dict[int, dict[str, str]]


def take_apart(
    read: Callable[[], Iterable[bytes]], record: SheetRecord, dialect: Dialect, shared: SharedStrings
) -> OldSheet:
    """Return an edited sheet of ours, taken apart.

    Parameters
    ----------
    read : gives the pieces of its part, from the start each time

    Raises
    ------
    XmlError
        The part is damaged.
    TooLargeError
        More cells around our table than can be kept one by one.
    """
    area = Rectangle.of(record.table) if record.table else None
    if area is not None:
        with suppress(IrregularError):
            table = TableBeingRead(area)
            regular = read_regular(read(), table, dialect, shared)
            taken = _Taken(table, record)
            taken.rows.update(regular.attributes)
            taken.take(SheetReader(regular.others, dialect, shared).rows())
            return OldSheet(regular.root, record, table.table(), taken.theirs, taken.rows)
    taken = _Taken(TableBeingRead(area) if area is not None else None, record)
    reader = SheetReader(read(), dialect, shared)
    taken.take(reader.rows())
    root = reader.root
    if root is None or root.find(dialect.tag("sheetData")) is None:
        raise XmlError("a sheet without rows")
    return OldSheet(root, record, taken.table.table() if taken.table is not None else None, taken.theirs, taken.rows)


class _Taken:
    """What a sheet of ours is taken apart into, row by row."""

    def __init__(self, table: TableBeingRead | None, record: SheetRecord) -> None:
        self.table = table
        self.theirs: dict[tuple[int, int], TheirCell] = {}
        self.rows: dict[int, dict[str, str]] = {}
        self._loose = {cell_place(name) for name in record.loose}
        self._alike: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}  # a million rows of one height: little room
        self._letters = 0

    def take(self, rows: Iterable[OldRow]) -> None:
        """Take rows, whatever they hold."""
        for row in rows:
            if kept := settings_of(row.attributes):
                self.rows[row.number] = self._alike.setdefault(kept, dict(kept))
            ours = {column for column in row.cells if self._holds(row.number, column)}
            if self.table is not None and ours:
                self.table.put_row(row.number, ((at, *_shown(row.cells[at])) for at in ours))
            for column in row.cells.keys() - ours:
                self._take_theirs(row.cells[column], (row.number, column))
            if len(self.theirs) > MOST_AROUND:
                raise TooLargeError(f"a result sheet with over {MOST_AROUND:,} cells of somebody's beside the table")
            if self._letters > MOST_TEXT_AROUND:
                size = self._letters / 2**20
                raise TooLargeError(f"a result sheet with {size:,.0f} MiB of somebody's texts beside the table")

    def _holds(self, row: int, column: int) -> bool:
        return self.table is not None and self.table.area.holds(row, column)

    def _take_theirs(self, cell: OldCell, place: tuple[int, int]) -> None:
        if place not in self._loose and (cell.is_filled or number_of(cell.element, "s")):
            self.theirs[place] = _their_cell(cell, place)
            self._letters += len(self.theirs[place].xml)


def _shown(cell: OldCell) -> tuple[Value, bool]:
    return cell.cached, cell.value is not cell.cached


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
    sheet = with_room(root, sheet, old.table, dialect)
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
    head, tail = written(root).split(_PLACEHOLDER.encode(), 1)
    # where all speak in one namespace, the next run reads the rows as quickly as rows of ours
    opening = "<sheetData>" if root.prefix is None else f'<sheetData xmlns="{dialect.main}">'
    lines = row_lines(sheet, styles.cell_format, _marks(old, sheet, theirs), _by_row(theirs))
    return b"".join([head, opening.encode(), *encoded(map(dialect.said, lines)), b"</sheetData>", tail])


def _by_row(theirs: Mapping[tuple[int, int], str]) -> dict[int, list[tuple[int, str]]]:
    beside: dict[int, list[tuple[int, str]]] = {}
    for (row, column), xml in theirs.items():
        beside.setdefault(row, []).append((column, xml))
    return beside


def _marks(old: OldSheet, sheet: Sheet, theirs: Mapping[tuple[int, int], str]) -> dict[int, str]:
    """Return what is said of rows: by people, and by us where we say something; not of rows that go."""
    gone = {cell_place(name)[0] for name in old.record.loose}
    if old.table is not None:
        gone |= set(range(old.table.area.top, old.table.area.bottom + 1))
    stays = {row for row, _ in theirs} | {cell.row for cell in sheet.cells}
    if sheet.table is not None:
        stays |= set(range(sheet.table.top, sheet.table.top + sheet.table.length + 1))
    own = row_marks(sheet)
    known: dict[tuple[int, int], str] = {}
    marks = {}
    for row in (old.rows.keys() - (gone - stays)) | (own.keys() & stays):
        kept, said = old.rows.get(row, _NOTHING), own.get(row, _NOTHING)
        key = (id(kept), id(said))  # rows alike share what is said of them
        if key not in known:
            known[key] = _listed({**kept, **said})
        marks[row] = known[key]
    return marks


_NOTHING: dict[str, str] = {}


def _listed(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{attributes[name]}"' for name in ROW_ATTRIBUTES if name in attributes)


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
