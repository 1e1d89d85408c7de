"""Where each input table stands: an Excel table of its name, else the sheet of its name.

Owns: finding tables and header rows. What the columns hold comes later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from engine.codes import issue
from engine.fields import RESERVED, TABLES, Table, normalise_header
from engine.issues import Issue, Place
from solver.frozen import frozen
from workbooks.package.old_sheet import Rectangle
from workbooks.read.sheets import ExcelTable, Grid, Sheets

_NEARLY = 0.8
_LEAST_ALIKE = 4
"""Columns that a table must share with an input table to look like one."""
_BREAK = re.compile(r"_x000[aAdD]_")
"""How a table spells a line break in a header."""
_LOOKED_AT = 50  # rows of a sheet among which its header is looked for


@frozen
class Located:
    """An input table found: header texts with their sheet columns, and the rows of its records.

    header_row : 1-based; headers : as they stand, None for an empty one; left : first column
    first, last : rows of records; is_table : an Excel table
    """

    name: str
    sheet: str
    header_row: int
    headers: tuple[object, ...]
    left: int
    first: int
    last: int
    is_table: bool

    @property
    def area(self) -> Rectangle:
        """The records' range."""
        return Rectangle(self.first, self.left, self.last, self.left + len(self.headers) - 1)


def locate(sheets: Sheets, own_sheets: frozenset[str]) -> tuple[dict[str, Located], list[Issue]]:
    """Return the input tables of a workbook by name, and what is wrong with where they stand."""
    own = {name.casefold() for name in own_sheets}
    tables = [table for table in sheets.tables() if table.sheet.casefold() not in own]
    names = [name for name in sheets.names if name.casefold() not in own]
    found: dict[str, Located] = {}
    issues: list[Issue] = []
    for table in TABLES:
        located = list(_as_tables(sheets, table, tables)) or list(_as_sheets(sheets, table, names))
        if len(located) > 1:
            places = ", ".join(each.sheet for each in located)
            issues.append(issue("TC107", Place(table.name, located[1].sheet), f"{table.name}: on {places}"))
        if located:
            found[table.name] = located[0]
            issues += _renamed_in_cells(sheets, located[0])
        elif not table.optional:
            issues.append(_missing(table, [*(each.name for each in tables), *names]))
    issues += _reserved([*(each.name for each in tables), *names])
    return found, [*issues, *_meant(found, tables, names)]


def _meant(found: Mapping[str, Located], tables: Sequence[ExcelTable], names: Sequence[str]) -> Iterator[Issue]:
    """Yield what may be meant as an optional input table that is not there: by its name, or by its columns."""
    missing = [table for table in TABLES if table.optional and table.name not in found]
    used = {located.sheet for located in found.values()}
    told = set()
    for each in tables:
        if any(each.name.casefold() == table.name.casefold() for table in TABLES):
            continue
        by_name = get_close_matches(each.name.casefold(), [table.name.casefold() for table in missing], 1, _NEARLY)
        near = next((table for table in missing if by_name and table.name.casefold() == by_name[0]), None)
        if (near := near or _alike(each.headers, missing)) is not None:
            told.add(each.sheet)
            yield issue(
                "TC126",
                Place(near.name, each.sheet, each.area.top, each.area.left),
                f"{each.name}; did you mean {near.name}?",
            )
    for name in names:
        by_name = get_close_matches(name.casefold(), [table.name.casefold() for table in missing], 1, _NEARLY)
        if by_name and name not in used | told:
            near = next(table for table in missing if table.name.casefold() == by_name[0])
            yield issue("TC126", Place(near.name, name, 1, 1), f"{name}; did you mean {near.name}?")


def _alike(headers: Sequence[str], missing: Sequence[Table]) -> Table | None:
    """Return the table whose columns these are: all that it needs, and most of what stands there."""
    texts = {normalise_header(header) for header in headers if header}
    for table in missing:
        known = {normalise_header(field.name): field for field in table.fields}
        required = {name for name, field in known.items() if field.required}
        if required <= texts and len(texts & set(known)) >= max(_LEAST_ALIKE, len(texts) - 1):
            return table
    return None


def _as_tables(sheets: Sheets, table: Table, tables: Iterable[ExcelTable]) -> Iterator[Located]:
    for each in tables:
        if each.name.casefold() != table.name.casefold():
            continue
        area = each.area
        headers: tuple[object, ...] = each.headers
        if each.header_rows:
            grid = sheets.grid(each.sheet)
            row = grid[area.top - 1][area.left - 1 : area.right] if len(grid) >= area.top else []
            # a table stores its headers as text; the cells still know which of them are dates
            headers = tuple(
                cell if cell not in ("", None) and not isinstance(cell, str) else text
                for cell, text in zip([*row, *[""] * len(headers)], headers, strict=False)
            )
        first = area.top + each.header_rows
        yield Located(
            table.name, each.sheet, area.top, headers, area.left, first, area.bottom - each.total_rows, is_table=True
        )


def _renamed_in_cells(sheets: Sheets, located: Located) -> Iterator[Issue]:
    """Yield headers whose cells say otherwise than their table, which only programs other than Excel leave so."""
    grid = sheets.grid(located.sheet) if located.is_table and located.first > located.header_row else []
    row = grid[located.header_row - 1][located.left - 1 :] if len(grid) >= located.header_row else []
    for at, (cell, header) in enumerate(zip(row, located.headers, strict=False)):
        if not isinstance(cell, str) or not isinstance(header, str) or not cell:
            continue
        if normalise_header(cell) != normalise_header(_BREAK.sub("\n", header)):
            place = Place(located.name, located.sheet, located.header_row, located.left + at, header)
            yield issue("TC128", place, f"the cell says “{cell}”, its table “{header}”")


def _as_sheets(sheets: Sheets, table: Table, names: Iterable[str]) -> Iterator[Located]:
    for name in names:
        if normalise_header(name) != normalise_header(table.name):
            continue
        grid = sheets.grid(name)
        at = _header_row(table, grid)
        if at is None:
            continue
        row = grid[at]
        filled = [column for column, value in enumerate(row) if value not in ("", None)]
        left, right = filled[0], filled[-1]
        yield Located(
            table.name, name, at + 1, tuple(row[left : right + 1]), left + 1, at + 2, len(grid), is_table=False
        )


def _header_row(table: Table, grid: Grid) -> int | None:
    """Return the first row that holds the required columns; where columns may be anything, the first that could."""
    known = {normalise_header(field.name): field for field in table.fields}
    required = {name for name, field in known.items() if field.required}
    best: tuple[int, int] | None = None
    for at, row in enumerate(grid[:_LOOKED_AT]):
        texts = {normalise_header(value) for value in row if value not in ("", None)}
        if required and required <= texts:
            return at
        matches = len(texts & set(known))
        if matches and len(texts) > 1 and (best is None or matches > best[0]):
            best = (matches, at)
    if best is not None:
        return best[1]
    if not table.levels:
        return None
    # level columns may be called anything: the first row of texts with something below it
    for at, row in enumerate(grid[:_LOOKED_AT]):
        filled = [column for column, value in enumerate(row) if value not in ("", None)]
        below = grid[at + 1] if at + 1 < len(grid) else []
        are_texts = len(filled) > 1 and all(isinstance(row[column], str) for column in filled)
        if are_texts and any(value not in ("", None) for value in below):
            return at
    return None


def _missing(table: Table, names: list[str]) -> Issue:
    near = get_close_matches(table.name.casefold(), [name.casefold() for name in names], 1, 0.75)
    actual = next((name for name in names if near and name.casefold() == near[0]), "")
    found = f"there is no {table.name}; did you mean {actual}?" if actual else f"there is no {table.name}"
    return issue("TC104", Place(table.name), found)


def _reserved(names: Iterable[str]) -> list[Issue]:
    reserved = {name.casefold(): name for name in RESERVED}
    present = dict.fromkeys(reserved[name.casefold()] for name in names if name.casefold() in reserved)
    return [issue("TC112", Place(name), name) for name in present]
