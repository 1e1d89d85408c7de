"""The inputs of a version put back into their tables.

Owns: which tables are written, and column by column where to.
"""

from __future__ import annotations

import numpy as np

from engine.codes import issue
from engine.fields import TABLE
from engine.issues import Issue, Place
from engine.tables import Inputs, InputTable
from solver.frozen import frozen
from workbooks.addresses import cell_name
from workbooks.package.book import Book
from workbooks.package.input_table import formula_columns, has_totals, set_last_row
from workbooks.package.old_sheet import Rectangle
from workbooks.package.parts import Parts
from workbooks.package.put_rows import Put, put_rows
from workbooks.package.set_cells import set_cells
from workbooks.package.sheet_rows import first_filled
from workbooks.versions.compare import same
from workbooks.versions.take import input_blocks
from workbooks.versions.version import Block, Value, Version, restored


@frozen
class Restored:
    """A workbook with a version's inputs. tables : those that were written; data : None where an issue stops it."""

    data: bytes | None
    issues: tuple[Issue, ...]
    tables: tuple[str, ...]


def restore(data: bytes, inputs: Inputs, version: Version) -> Restored:
    """Return a workbook in which every input table holds what it held in a version.

    Parameters
    ----------
    inputs : as they were read from this workbook
    """
    book = Book(Parts(data))
    now = input_blocks(inputs)
    issues: list[Issue] = []
    written = []
    for name, block in version.inputs.items():
        if name in now and _is_same(block, now[name]):
            continue
        table = inputs.tables.get(name)
        stopped = _missing(name, table, block)
        if stopped is None and table is not None:
            if name in now and len(now[name].rows) == len(block.rows):
                _set(book, table, now[name], block)
            else:
                stopped = _put(book, table, block)
        if stopped is not None:
            issues.append(stopped)
        else:
            written.append(name)
    issues += [
        issue("TC932", inputs.tables[name].whole(), f"{name}, which the version does not have")
        for name in now
        if name not in version.inputs and len(now[name].rows)
    ]
    book.store()
    return Restored(None if issues else book.parts.data(), tuple(issues), tuple(written))


def _is_same(a: Block, b: Block) -> bool:
    return (
        a.headers == b.headers
        and len(a.rows) == len(b.rows)
        and all(map(_same_rows, a.rows, b.rows))
    )  # fmt: skip


def _same_rows(a: tuple[Value, ...], b: tuple[Value, ...]) -> bool:
    return all(map(same, a, b))


def _missing(name: str, table: InputTable | None, block: Block) -> Issue | None:
    """Return what keeps a table from being restored: it is gone, or a filled column of it is."""
    if table is None:
        return issue("TC932", Place(name), f"{name}: the table is gone") if name in TABLE else None
    present = _columns(table)
    gone = [
        header
        for at, header in enumerate(block.headers)
        if header and header not in present and any(row[at] is not None for row in block.rows)
    ]
    return issue("TC932", table.whole(), f"{name}: the column {gone[0]} is gone") if gone else None


def _columns(table: InputTable) -> dict[str, int]:
    return {**table.columns, **{str(each.header): each.column for each in table.extra}}


def _set(book: Book, table: InputTable, now: Block, block: Block) -> None:
    """Set the cells that differ; a formula that shows what it showed stays a formula."""
    at = {header: position for position, header in enumerate(block.headers)}
    values: dict[tuple[int, int], object] = {}
    for record, number in enumerate(now.numbers):
        for position, header in enumerate(now.headers):
            then = block.rows[record][at[header]] if header in at else None
            if header and not same(then, now.rows[record][position]):
                values[number, now.left + position] = restored(then)
    part = next(sheet.part for sheet in book.sheets if sheet.name == table.sheet)
    book.parts.put(part, set_cells(book.parts.part(part), values, is_1904=book.counts_from_1904))
    book.drop_calc_chain()


def _put(book: Book, table: InputTable, block: Block) -> Issue | None:
    part = next(sheet.part for sheet in book.sheets if sheet.name == table.sheet)
    at = _columns(table)
    first = table.header_row + 1
    last = int(table.rows.max(initial=first))
    area = Rectangle(first, min(at.values()), last, max(at.values()))
    columns = {at[header]: _column(block, position) for position, header in enumerate(block.headers) if header in at}
    empty = np.full(len(block.rows), None, dtype=object)
    columns |= {column: empty for column in at.values() if column not in columns}
    left_alone = formula_columns(book, part, table.name)
    columns = {column: values for column, values in columns.items() if column not in left_alone}
    put = Put(area, first, columns, len(block.rows), left_alone, book.counts_from_1904)
    sheet = book.parts.part(part)
    if put.last > last:
        taken = first_filled(sheet, Rectangle(last + 1, area.left, put.last, area.right))
        if taken is not None or has_totals(book, part, table.name):
            row, column = taken or (last + 1, area.left)
            return issue("TC612", Place(table.name, table.sheet, row, column), cell_name(row, column))
    book.parts.put(part, put_rows(sheet, put))
    if table.is_table and not has_totals(book, part, table.name):
        set_last_row(book, part, table.name, put.last)
    book.drop_calc_chain()
    return None


def _column(block: Block, position: int) -> np.ndarray:
    values = np.empty(len(block.rows), dtype=object)
    values[:] = [restored(row[position]) for row in block.rows]
    return values
