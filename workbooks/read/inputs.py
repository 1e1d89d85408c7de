"""The input tables of a workbook.

Owns: the joining of door, sheets, tables and records. Reading never raises: whatever the bytes are, the answer is
tables and issues.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial

from engine.codes import issue
from engine.fields import TABLE
from engine.issues import NOWHERE, Issue, Place
from engine.tables import Inputs, InputTable
from solver.frozen import frozen
from workbooks.package.archive import ArchiveError, TooLargeError
from workbooks.package.xml import XmlError
from workbooks.read.door import refuse
from workbooks.read.faults import Faults, find_faults
from workbooks.read.located import Located, locate
from workbooks.read.months import month_names
from workbooks.read.records import read_records
from workbooks.read.sheets import Sheets


@frozen
class ReadResult:
    """What was read, and everything that is wrong or surprising about how it stands in the book."""

    inputs: Inputs
    issues: tuple[Issue, ...]


def read_inputs(
    data: bytes, own_sheets: frozenset[str] = frozenset(), uncalculated: Callable[[], Collection[str]] = frozenset
) -> ReadResult:
    """Return the input tables of a workbook.

    Parameters
    ----------
    data : any bytes
    own_sheets : names of the engine's own result sheets: never an input
    uncalculated : gives the names of those sheets and their tables that nobody has calculated since the last run:
        inputs must not read them
    """
    refused = refuse(data)
    if refused is not None:
        return nothing_read(refused)
    return read_admitted(data, own_sheets, uncalculated)


def read_admitted(
    data: bytes, own_sheets: frozenset[str] = frozenset(), uncalculated: Callable[[], Collection[str]] = frozenset
) -> ReadResult:
    """Return the input tables of a workbook that the door let in; parameters as ``read_inputs``."""
    try:
        sheets = Sheets(data)
        located, issues = locate(sheets, own_sheets)
        tables = {}
        for name, found, faults in _with_faults(sheets, located, uncalculated):
            read = read_records(found, sheets.grid(found.sheet), faults)
            issues += read.issues
            tables[name] = read.table
            issues += _judge(read.table)
    except TooLargeError as large:
        return nothing_read(issue("TC102", NOWHERE, str(large)))
    except (ArchiveError, XmlError) as broken:
        return nothing_read(issue("TC103", NOWHERE, str(broken)))
    return ReadResult(Inputs(tables, month_names()), tuple(issues))


def _with_faults(
    sheets: Sheets, located: dict[str, Located], uncalculated: Callable[[], Collection[str]]
) -> Iterator[tuple[str, Located, Faults]]:
    known: dict[str, Faults] = {}
    for name, found in located.items():
        if found.sheet not in known:
            known[found.sheet] = find_faults(partial(sheets.pieces, found.sheet), sheets.book.dialect, uncalculated)
        yield name, found, known[found.sheet]


def _judge(table: InputTable) -> list[Issue]:
    """Return what stops a run about a table as a whole."""
    if not len(table) and not TABLE[table.name].optional:
        return [issue("TC108", Place(table.name, table.sheet, table.header_row, 0), table.name)]
    return []


def nothing_read(why: Issue) -> ReadResult:
    """Return what is read where nothing may be, and why."""
    return ReadResult(Inputs({}, month_names()), (why,))
