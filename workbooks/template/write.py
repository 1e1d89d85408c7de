"""Write a new plan workbook: Start page, input sheets, assumptions and pages of text.

Owns: the order of the sheets and what joins them: defined names and the list of contents.
Makes new workbooks only; nothing here touches a workbook that somebody already has.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from engine.fields import TABLES, Table
from workbooks.template.contents import BookOptions, FilledTable
from workbooks.template.dropdowns import LIST_NAMES, lists_used
from workbooks.template.formats import Formats
from workbooks.template.pages import ASSUMPTIONS, assumption_cells, write_assumptions, write_page
from workbooks.template.start import START, Entry, table_entry, write_start
from workbooks.template.table_sheet import InputColumn, input_columns, write_table_sheet

CREATED = datetime.datetime(2026, 1, 1)  # fixed: equal plans give equal files


def new_workbook(tables: Mapping[str, FilledTable], options: BookOptions) -> bytes:
    """Return a new plan workbook.

    Parameters
    ----------
    tables : name in the contract → its records. Needed tables that are missing get one blank row;
        optional ones are left out.
    options : title, purpose, assumptions, further pages

    Returns
    -------
    bytes
        An .xlsx file; the same arguments give the same bytes.

    Raises
    ------
    ValueError
        A table that this version does not serve.
    """
    import xlsxwriter  # a macro click starts a process: only new workbooks need it

    unknown = set(tables) - {table.name for table in TABLES}
    if unknown:
        raise ValueError(f"no input tables of this version: {', '.join(sorted(unknown))}")
    written = [table for table in TABLES if table.name in tables or not table.optional]
    unit = _metric_unit(tables.get("Metrics"))
    columns = {table.name: input_columns(table, tables.get(table.name, FilledTable({})), unit) for table in written}

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": options.title, "created": CREATED})
    formats = Formats(book)
    start = book.add_worksheet(START)
    start.set_tab_color("#243B53")
    for table in written:
        sheet = book.add_worksheet(table.name)
        sheet.set_tab_color("#F2C94C")
        write_table_sheet(sheet, formats, table, columns[table.name], options.room)
    _write_pages(book, formats, options)
    write_start(start, formats, options, _entries(written, columns, options, unit))
    _name_lists(book, written)
    book.close()
    return target.getvalue()


def _metric_unit(metrics: FilledTable | None) -> str:
    """Return the unit that all metrics share, "" where they differ."""
    units = set(metrics.columns.get("Unit", ())) if metrics else set()
    unit = units.pop() if len(units) == 1 else None
    return unit if isinstance(unit, str) else ""


def _write_pages(book: Any, formats: Formats, options: BookOptions) -> None:
    if options.assumptions:
        write_assumptions(book.add_worksheet(ASSUMPTIONS), formats, options.assumptions)
        for name, cell in assumption_cells(options.assumptions).items():
            book.define_name(name, f"={cell}")
    for page in options.pages:
        write_page(book.add_worksheet(page.name), formats, page)


def _entries(
    written: Sequence[Table], columns: Mapping[str, Sequence[InputColumn]], options: BookOptions, unit: str
) -> list[Entry]:
    entries = [table_entry(table, columns[table.name], unit) for table in written]
    if options.assumptions:
        entries.append(Entry(ASSUMPTIONS, "Numbers that nobody publishes, each with its reason"))
    return entries + [Entry(page.name, page.about) for page in options.pages]


def _name_lists(book: Any, written: Sequence[Table]) -> None:
    names = {table.name for table in written}
    for listed in lists_used(written):
        name, table, column = LIST_NAMES[listed]
        if table in names:
            book.define_name(name, f"={table}[{column}]")
