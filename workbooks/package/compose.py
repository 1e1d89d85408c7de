"""The engine's sheets put into a workbook's package; every other part stays the bytes it was.

Owns: what stops a write before anything is written, and the order in which parts are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import partial

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place, stops
from solver.frozen import frozen
from solver.memory import FORGETFUL, Memory
from workbooks.addresses import MAX_ROWS, cell_name
from workbooks.package.archive import LARGE, ArchiveError, TooLargeError
from workbooks.package.changes import Before, SomeRecords, find_changes
from workbooks.package.digests import Digests, column_hashes, joined
from workbooks.package.edits import Edit
from workbooks.package.known_numbers import keep_numbers, known_numbers, standing
from workbooks.package.mark import MARK_SHEET, SheetRecord, hidden_name, mark_xml
from workbooks.package.old_sheet import Rectangle
from workbooks.package.old_table import OldTable, TableBeingRead
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import read_holds
from workbooks.package.part_digest import PROVEN, digest_of
from workbooks.package.references import is_read_elsewhere, onlookers
from workbooks.package.refusals import book_refusals, name_refusals
from workbooks.package.replacement import OldSheet, covered_cells, exchanged
from workbooks.package.sheet_part import sheet_part
from workbooks.package.styles import StyleBook
from workbooks.package.table_part import table_range
from workbooks.package.table_renewal import has_total_row
from workbooks.package.xml import XmlError
from workbooks.tabs.model import Sheet, Table
from workbooks.tabs.names import RUN_LOG, prefixed

_MOST_NAMED = 20
_SHEET_PARTS = "xl/worksheets/sheet{}.xml"


class TypedOver(Enum):
    """What happens to numbers that somebody typed over the engine's."""

    REFUSE = "refuse"
    KEEP = "keep"
    DISCARD = "discard"


@frozen
class ComposeOptions:
    """How sheets are put into a book.

    prefix : put before the names of new sheets and tables
    holds : what limits that hold ``now`` hold, kept with the mark; None = as they are
    only_exchange : sheets that stand keep all but cells, colours and links, even where they are all ours
    memory : of earlier runs on the workbook; what it knows of the sheets need not be read back
    """

    prefix: str = ""
    typed_over: TypedOver = TypedOver.REFUSE
    holds: Mapping[str, float] | None = None
    only_exchange: bool = False
    memory: Memory = FORGETFUL


@frozen
class Composed:
    """The new package.

    data : None where an issue stops the write
    edits : engine cells that somebody typed over
    numbers_changed : numbers in our tables that differ from those in the book so far, Run Log left out
    """

    data: bytes | None
    issues: tuple[Issue, ...] = ()
    edits: tuple[Edit, ...] = ()
    numbers_changed: int = 0


def compose(data: bytes, sheets: Sequence[Sheet], options: ComposeOptions) -> Composed:
    """Return a workbook with the engine's sheets in it, new or in the place of the old ones.

    Parameters
    ----------
    data : the workbook
    sheets : with logical names; those that are not in the book come last, in this order
    """
    try:
        run = _Composition(data, options)
        return run.compose(sheets)
    except TooLargeError as large:
        return Composed(None, (issue("TC102", NOWHERE, str(large)),))
    except (ArchiveError, XmlError) as broken:
        return Composed(None, (issue("TC601", NOWHERE, str(broken)),))


def typed_over(data: bytes) -> tuple[Edit, ...]:
    """Return the engine's cells in a workbook that somebody typed over; none where it cannot be read."""
    try:
        ours = OwnBook(data)
        return tuple(ours.edits(ours.edited(list(ours.own))))
    except (ArchiveError, XmlError):
        return ()


class _Composition:
    """One book being changed."""

    def __init__(self, data: bytes, options: ComposeOptions) -> None:
        self.data, self.options = data, options
        self.ours = OwnBook(data)
        self.book, self.own, self.records = self.ours.book, self.ours.own, self.ours.records
        self.parts, self.hangings = self.book.parts, self.ours.hangings
        self.old: dict[str, OldSheet] = {}
        self.stands: dict[str, str] = {}
        self.written: dict[str, str] = {}

    def compose(self, sheets: Sequence[Sheet]) -> Composed:
        issues = [*book_refusals(self.book), *self._too_large(sheets)]
        new = {sheet.name: sheet.table.name if sheet.table else "" for sheet in sheets if sheet.name not in self.own}
        issues += name_refusals(self.book, new, self.options.prefix)
        if stops(issues):
            return Composed(None, tuple(issues))
        self.old = self.ours.edited([sheet.name for sheet in sheets], every=self.options.only_exchange)
        edits = self.ours.edits(self.old)
        issues += [*self._moved(sheets), *self._totalled(sheets), *self._covered(sheets), *self._typed_over(edits)]
        if stops(issues):
            return Composed(None, tuple(issues), tuple(edits))
        records = self._write_sheets(sheets)
        changes = find_changes(partial(self._before, sheets), [sheet for sheet in sheets if sheet.name != RUN_LOG])
        issues += [*self._looked_at(changes.moved), *self._protected(sheets)]
        if changes.numbers and is_read_elsewhere(self.book, self._names(sheets), self._words(sheets)):
            self.book.recalculate_on_load()
        self._put_mark({**self.records, **records})
        self.book.drop_calc_chain()
        self.book.store()
        data = self.parts.data()
        PROVEN.keep(data, self._known_digests())
        return Composed(data, tuple(issues), tuple(edits), changes.numbers)

    def _known_digests(self) -> dict[str, str]:
        """Return the digests of large parts that are known: of our sheets, and of those that stay as they were."""
        kept = {name: digest for name, digest in PROVEN.of(self.data).items() if not self.parts.is_changed(name)}
        return {**kept, **{part: digest for part, digest in self.written.items() if self.parts.size(part) >= LARGE}}

    def _before(self, sheets: Sequence[Sheet], name: str) -> Before | None:
        """Return one of our tables as it stood, None where it is new."""
        if name in self.old:
            table = self.old[name].table
            return Before(lambda: table) if table is not None else None
        if name not in self.own or not self.records[name].table:
            return None
        new, record = next(sheet.table for sheet in sheets if sheet.name == name), self.records[name]
        if new is None or table_range(new) != record.table or not new.length:
            return Before(partial(self._table_of, name))  # it does not stand where it stood
        known = partial(known_numbers, self.options.memory, record.part_hash, self.stands[name], new)
        return Before(partial(self._table_of, name), partial(self._some_of, name), known)

    def _table_of(self, name: str) -> OldTable:
        area = Rectangle.of(self.records[name].table)
        return self.ours.taken_apart(name).table or TableBeingRead(area).table()

    def _some_of(self, name: str) -> SomeRecords | None:
        """Return the records of a table of ours that change; None where rows do not stand alike."""
        return self.ours.some_records(name, self.parts.part(self.ours.part_of(name)))

    def _names(self, sheets: Sequence[Sheet]) -> list[str]:
        """Return what our sheets are called, new ones, too."""
        return [*self.own.values(), *(prefixed(self.options.prefix, sheet.name) for sheet in sheets)]

    def _words(self, sheets: Sequence[Sheet]) -> list[str]:
        """Return the words by which a formula reads our sheets."""
        tables = [
            self.options.prefix.replace(" ", "") + sheet.table.name for sheet in sheets if sheet.table is not None
        ]
        return [*self._names(sheets), *tables]

    def _looked_at(self, moved: frozenset[str]) -> list[Issue]:
        """Name what other people point at places of tables that moved."""
        if not moved:
            return []
        own_charts = {
            chart for name in self.own for chart in self.hangings.own_charts(self.ours.part_of(name)).values()
        }
        names = [self.own[name] for name in sorted(moved)]
        found = dict.fromkeys(onlookers(self.book, names, own_charts))
        return [
            issue("TC662", Place(sheet=each.sheet, row=1, column=1), f"{each.what}: {each.sheet}!{each.range}")
            for each in list(found)[:_MOST_NAMED]
        ]

    def _protected(self, sheets: Sequence[Sheet]) -> list[Issue]:
        is_new = any(sheet.name not in self.own for sheet in sheets)
        return [issue("TC663", NOWHERE, "its structure is protected")] if is_new and self.book.is_protected else []

    def _totalled(self, sheets: Sequence[Sheet]) -> list[Issue]:
        """Refuse to part a total row from the records above it."""
        found = []
        for sheet in sheets:
            old = self.old.get(sheet.name)
            if old is None or sheet.table is None or not old.record.table:
                continue
            before, after = Rectangle.of(old.record.table), Rectangle.of(table_range(sheet.table))
            tables = self.hangings.table_parts(self.ours.part_of(sheet.name))
            part = tables.get(cell_name(after.top, after.left))
            if part is not None and before.bottom != after.bottom and has_total_row(self.parts.part(part)):
                place = Place(sheet.name, self.own[sheet.name], before.bottom + 1, before.left)
                found.append(issue("TC661", place, self.own[sheet.name]))
        return found

    def _too_large(self, sheets: Sequence[Sheet]) -> list[Issue]:
        return [
            issue("TC609", Place(sheet=sheet.name), f"{sheet.name}: {sheet.table.length:,} rows")
            for sheet in sheets
            if sheet.table is not None and sheet.table.top + sheet.table.length > MAX_ROWS
        ]

    def _moved(self, sheets: Sequence[Sheet]) -> list[Issue]:
        found = []
        for sheet in sheets:
            old = self.old.get(sheet.name)
            if old is None or sheet.table is None or not old.record.table:
                continue
            corner = cell_name(sheet.table.top, sheet.table.left)
            if not self.hangings.table_at(self.ours.part_of(sheet.name), corner):
                name = self.own[sheet.name]
                found.append(issue("TC608", Place(sheet.name, name, sheet.table.top, sheet.table.left), name))
        return found

    def _covered(self, sheets: Sequence[Sheet]) -> list[Issue]:
        return [
            issue(
                "TC607",
                Place(sheet.name, self.own[sheet.name], row, column),
                f"{self.old[sheet.name].theirs[row, column].shown}",
            )
            for sheet in sheets
            if sheet.name in self.old
            for row, column in covered_cells(self.old[sheet.name], sheet)[:_MOST_NAMED]
        ]

    def _typed_over(self, edits: Sequence[Edit]) -> list[Issue]:
        if self.options.typed_over is TypedOver.KEEP:
            return []
        code = "TC606" if self.options.typed_over is TypedOver.REFUSE else "TC611"
        found = [issue(code, edit.place, edit_words(edit)) for edit in edits[:_MOST_NAMED]]
        if len(edits) > _MOST_NAMED:
            found.append(issue(code, NOWHERE, f"and {len(edits) - _MOST_NAMED:,} more cells"))
        return found

    def _write_sheets(self, sheets: Sequence[Sheet]) -> dict[str, SheetRecord]:
        """Write the sheets and the formats they need; return what was written."""
        relations = self.parts.relations(self.book.part)
        style_part = next((relation.target for relation in relations.of_kind("styles")), "")
        styles = StyleBook(self.parts.part(style_part) if style_part else None, self.book.dialect)
        records = {sheet.name: self._write_sheet(sheet, styles) for sheet in sheets}
        if (grown := styles.data()) is not None:
            self._put_styles(style_part, grown)
        return records

    def _write_sheet(self, sheet: Sheet, styles: StyleBook) -> SheetRecord:
        if sheet.name in self.old:
            part = self.ours.part_of(sheet.name)
            old = self.old[sheet.name]
            data = exchanged(old, sheet, styles, self.book.dialect)
            self.parts.put(part, data)
            self.hangings.renew(sheet, part, old.record.table, with_notes=False)
        elif sheet.name in self.own:
            part = self.ours.part_of(sheet.name)
            data = self._whole(sheet, part, styles)
            self.parts.put(part, data)
            self.hangings.renew(sheet, part, self.records[sheet.name].table, with_notes=True)
        else:
            name = prefixed(self.options.prefix, sheet.name)
            part = self.book.add_sheet(name, _SHEET_PARTS, b"")
            table = sheet.table.name if sheet.table is not None else ""
            self.hangings.hang_new(sheet, part, self.options.prefix.replace(" ", "") + table)
            data = self._whole(sheet, part, styles)
            self.parts.put(part, data)
            self.book.set_hidden_name(hidden_name(sheet.name), name)
        self.written[part] = digest_of((data,))
        name = self.own.get(sheet.name, prefixed(self.options.prefix, sheet.name))
        if sheet.print_area:
            self.book.set_print_area(name, sheet.print_area)
        if sheet.table is not None:
            self.book.set_print_titles(name, sheet.table.top)
        return self._record(sheet, data, self.written[part])

    def _whole(self, sheet: Sheet, part: str, styles: StyleBook) -> bytes:
        return sheet_part(sheet, styles, self.hangings.anchors(part), self.book.dialect)

    def _record(self, sheet: Sheet, data: bytes, part: str) -> SheetRecord:
        """Return what was written. part : the digest of the sheet's part."""
        is_whole = sheet.name not in self.old
        loose = tuple(cell_name(cell.row, cell.column) for cell in sheet.cells)
        rules = tuple(dict.fromkeys(rule.formula for rule in sheet.colours))
        covered = table_range(sheet.table) if sheet.table is not None else ""
        if sheet.name == RUN_LOG and sheet.table is not None:
            # every run changes the log; the mark stays as it is, and the table part says how far it reaches
            return SheetRecord("", cell_name(sheet.table.top, sheet.table.left), loose, rules)
        digests = self._digests(sheet.name, sheet.table, part) if sheet.table is not None else None
        status = tuple(cell_name(cell.row, cell.column) for cell in sheet.cells if cell.is_status)
        return SheetRecord(part, covered, loose, rules, digests, is_whole, status, len(data))

    def _digests(self, name: str, table: Table, part: str) -> Digests:
        """Return the digests of a table; what it is about and its numbers are kept. part : the digest of its part."""
        hashes = [column_hashes(column) for column in table.columns]
        self.stands[name] = standing(table, hashes)
        keep_numbers(self.options.memory, part, self.stands[name], table)
        return joined(hashes, table.length)

    def _put_styles(self, part: str, data: bytes) -> None:
        if part:
            self.parts.put(part, data)
            return
        from workbooks.package.namespaces import STYLES

        part = self.parts.free_name("xl/styles.xml")
        self.parts.put(part, data, STYLES)
        self.parts.relations(self.book.part).add(f"{self.book.dialect.rel}/styles", part)

    def _put_mark(self, records: dict[str, SheetRecord]) -> None:
        holds = read_holds(self.data) if self.options.holds is None else self.options.holds
        data = self.book.dialect.said(mark_xml(records, holds)).encode()
        present = self.ours.by_name.get(MARK_SHEET.casefold())
        if present is None:
            self.book.add_sheet(MARK_SHEET, _SHEET_PARTS, data, is_hidden=True)
        else:
            self.parts.put(present.part, data)


def edit_words(edit: Edit) -> str:
    """Return which number was typed over, and what stands there now."""
    where = ", ".join(str(value) for value in list(edit.key.values())[:4] if value not in (None, ""))
    value = f"{edit.value:,.12g}" if isinstance(edit.value, float) else str(edit.value)
    return f"{edit.header or 'a cell of this row'} of {where}: now {value}"
