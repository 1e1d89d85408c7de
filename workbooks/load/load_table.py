"""One load: a workbook's bytes in, the same workbook with rows in one of its input tables out.

Owns: the order of things: rows are typed, put in place, and the whole book is read again before anything counts.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from engine.building import build_plan
from engine.building.actuals import set_aside
from engine.building.build import known_names
from engine.building.causes import read_sides
from engine.building.columns import TableReader
from engine.building.references import References
from engine.building.set_aside import HAPPENED, SetAside
from engine.codes import issue
from engine.fields import TABLE, normalise_header
from engine.issues import NOWHERE, Issue, Place, stops
from engine.plan import Plan
from engine.tables import Inputs
from solver.frozen import frozen
from workbooks.addresses import MAX_ROWS, cell_name
from workbooks.load.sources import Source
from workbooks.load.typed import type_rows
from workbooks.package.archive import ArchiveError
from workbooks.package.input_table import formula_columns, has_totals, set_last_row
from workbooks.package.new_table import with_new_table
from workbooks.package.old_sheet import Rectangle
from workbooks.package.ownership import find_own
from workbooks.package.put_rows import Put, put_rows
from workbooks.package.refusals import book_refusals
from workbooks.package.sheet_rows import filled_rows, first_filled
from workbooks.package.xml import XmlError
from workbooks.read.door import refuse
from workbooks.read.faults import holds_formulas, sheets_that_read
from workbooks.read.inputs import read_inputs
from workbooks.read.located import Located, locate
from workbooks.read.sheets import Sheets
from workbooks.tabs.model import Style
from workbooks.template.styles import INPUT, LINE, number_format

_ABOUT_RUNS = frozenset({"TC121", "TC123"})
"""Codes that stop a run but not a load: formulas that await a calculation."""

_OF_SIDES = frozenset({"CapacityActuals", "InflowActuals"})


@frozen
class LoadOptions:
    """How rows are loaded.

    is_added : below the rows that are there, instead of in their place
    renamed : header of the source → header of the table
    """

    is_added: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)


@frozen
class Loaded:
    """What a load comes to. data : None where an issue stops it; before, after : records of the table."""

    data: bytes | None
    issues: tuple[Issue, ...]
    before: int = 0
    after: int = 0


def load_table(data: bytes, table: str, source: Source, options: LoadOptions) -> Loaded:
    """Return a workbook with the rows of a source in one of its input tables.

    Parameters
    ----------
    table : name of an input table, as the contract spells it
    """
    if (refused := refuse(data)) is not None:
        return Loaded(None, (refused,))
    try:
        return _Load(data, table, source, options).loaded()
    except (ArchiveError, XmlError) as broken:
        return Loaded(None, (issue("TC103", NOWHERE, str(broken)),))


def with_table(data: bytes, name: str) -> bytes:
    """Return a workbook that has the table: one that is missing is made on a sheet of its own."""
    sheets = Sheets(data)
    own = frozenset(find_own(data).sheets.values())
    taken = {each.name.casefold() for each in sheets.book.sheets}
    if name in locate(sheets, own)[0] or name.casefold() in taken or book_refusals(sheets.book):
        return data
    looks = [
        (field.name, Style(number_format(field), fill=INPUT.lstrip("#"), border_bottom=LINE.lstrip("#")))
        for field in TABLE[name].fields
    ]
    return with_new_table(data, name, looks)


class _Load:
    """One load under way."""

    def __init__(self, data: bytes, table: str, source: Source, options: LoadOptions) -> None:
        self.name, self.source, self.options = table, source, options
        self.own = frozenset(find_own(data).sheets.values())
        sheets = Sheets(data)
        self.located = locate(sheets, self.own)[0].get(table)
        if self.located is None:
            sheets = Sheets(with_table(data, table))
            self.located = locate(sheets, self.own)[0].get(table)
        self.book = sheets.book
        sheet = self.located.sheet if self.located is not None else ""
        self.part = next((each.part for each in self.book.sheets if each.name == sheet), "")
        self.readers = sheets_that_read(sheets, (sheet, table)) if sheet else []

    def loaded(self) -> Loaded:
        located = self.located
        if located is None:
            return Loaded(None, (issue("TC913", NOWHERE, self.name),))
        typed = type_rows(self.source, located, self.options.renamed)
        issues = (*typed.issues, *book_refusals(self.book), *self._empty())
        if not typed.cells or stops(issues[len(typed.issues) :]):
            return Loaded(None, issues)
        records = filled_rows(self.book.parts.part(self.part), located.area)
        put = self._put(located, typed.cells, records)
        if (stopped := self._no_room(located, put)) is not None:
            return Loaded(None, (*issues, stopped))
        data = self._written(located, put)
        named = {(each.place.sheet, each.place.row) for each in typed.issues if stops([each])}
        judged = [each for each in self._judged(data, put) if (each.place.sheet, each.place.row) not in named]
        issues = (*issues, *judged, *self._told(located))
        after = put.count + (len(records) if self.options.is_added else 0)
        return Loaded(None if stops(issues) else data, issues, len(records), after)

    def _empty(self) -> tuple[Issue, ...]:
        """Return what is said of a source without rows: a query that failed is not to clear a table."""
        if len(self.source.lines) or self.options.is_added:
            return ()
        return (issue("TC999", NOWHERE, self.source.name),)

    def _put(self, located: Located, cells: Mapping[int, np.ndarray], records: Sequence[int]) -> Put:
        last = records[-1] if records else located.first - 1
        area = located.area if located.is_table else replace(located.area, bottom=max(last, located.first))
        formulas = formula_columns(self.book, self.part, located.name)
        left_alone = {column: text for column, text in formulas.items() if column not in cells}
        first = last + 1 if self.options.is_added else located.first
        return Put(area, first, cells, len(self.source.lines), left_alone, self.book.counts_from_1904)

    def _no_room(self, located: Located, put: Put) -> Issue | None:
        if put.last > MAX_ROWS:
            return issue("TC914", Place(located.name, located.sheet), f"{put.count:,} rows")
        below = Rectangle(put.area.bottom + 1, put.area.left, put.last, put.area.right)
        taken: tuple[int, int] | None = None
        if put.last != put.area.bottom and has_totals(self.book, self.part, located.name):
            taken = (put.area.bottom + 1, put.area.left)
        elif below.bottom >= below.top:
            taken = first_filled(self.book.parts.part(self.part), below)
        if taken is None:
            return None
        return issue("TC612", Place(located.name, located.sheet, *taken), cell_name(*taken))

    def _written(self, located: Located, put: Put) -> bytes:
        before = self.book.parts.part(self.part)
        self.book.parts.put(self.part, put_rows(before, put))
        if located.is_table:
            set_last_row(self.book, self.part, located.name, put.last)
        if holds_formulas((before,)):
            self.book.drop_calc_chain()
        if self.readers:
            self.book.recalculate_on_load()
        self.book.store()
        data = self.book.parts.data()
        del self.book  # a book of any length is not to be held twice
        return data

    def _judged(self, data: bytes, put: Put) -> Iterable[Issue]:
        """Return what is wrong with the table in the workbook as it would be, in lines of the source."""
        read = read_inputs(data, self.own)
        plan, plan_issues = build_plan(read.inputs) if read.inputs.tables else (None, ())
        for each in (*read.issues, *plan_issues, *_set_aside(self.name, read.inputs, plan)):
            if each.place.table != self.name or each.code in _ABOUT_RUNS:
                continue
            at = each.place.row - put.first
            if 0 <= at < put.count:
                line = int(self.source.lines[at])
                yield replace(each, place=replace(each.place, sheet=self.source.name, row=line))
            elif stops([each]):
                yield each

    def _told(self, located: Located) -> list[Issue]:
        if not self.readers:
            return []
        return [issue("TC915", Place(located.name, located.sheet), f"formulas on {', '.join(self.readers)}")]


def _set_aside(name: str, inputs: Inputs, plan: Plan | None) -> tuple[Issue, ...]:
    """Return what a review would set aside of a table of what happened: unknown names, other times, keys told twice."""
    table = inputs.tables.get(name)
    if table is None or name not in HAPPENED:
        return ()
    if plan is not None and name == "Actuals":
        return set_aside(inputs, plan)
    if plan is not None and name in _OF_SIDES:
        return read_sides(inputs, plan)[1]
    journal = SetAside()
    reader, references = TableReader(table, journal), References(known_names(inputs))
    for column, resolve in (("Metric", references.metric), ("Org", references.org), ("Queue", references.queue)):
        if reader.has(column):
            resolve(reader)
    return journal.issues


def known_table(name: str) -> str | None:
    """Return an input table's name as the contract spells it, None where there is none of that name."""
    return next((each for each in TABLE if normalise_header(each) == normalise_header(name)), None)
