"""What stands in a workbook now, as a version.

Owns: which cells are inputs and results.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.tables import Inputs, InputTable
from solver.frozen import frozen
from workbooks.fingerprint import fingerprint_of, without_as_of
from workbooks.package.mark import SheetRecord
from workbooks.package.old_sheet import Rectangle, cell_place
from workbooks.package.ownership import Own, read_own_table, read_records
from workbooks.package.values import Values
from workbooks.read.inputs import read_inputs
from workbooks.tabs.names import (
    CHANGES,
    CONTROL,
    RESPONSES,
    REVIEW,
    RUN_LOG,
    RUN_RATE,
    SCENARIO_COMPARE,
    SIGN_OFF_STATUS,
    VARIANCE,
)
from workbooks.versions.version import Block, Version, block_of

_NO_RESULTS = frozenset(
    {RUN_LOG, RUN_RATE, VARIANCE, REVIEW, CONTROL, RESPONSES, CHANGES, SCENARIO_COMPARE, SIGN_OFF_STATUS}
)
"""Our sheets that tell of runs and of what happened, not of what was planned."""

_NOT_KEPT = frozenset({"Scenarios", "SignOff", "Actuals", "CapacityActuals", "InflowActuals", "Actions"})
"""Input tables that go on after a version is kept: who signed it, and what happened since."""


@frozen
class Facts:
    """Who keeps a version, when, and as what. start : key of the version that its numbers started from."""

    name: str
    status: str
    at: str
    by: str
    start: str = ""


def take(data: bytes, own: Own, facts: Facts) -> Version:
    """Return what stands in a workbook as a version. data : a workbook that can be read."""
    inputs = read_inputs(data, frozenset(own.sheets.values())).inputs
    return Version(
        facts.name,
        facts.status,
        facts.at,
        facts.by,
        newest_run(data, own),
        fingerprint_of(inputs),
        input_blocks(inputs),
        dict(_results(data, own)),
        facts.start,
    )


def newest_run(data: bytes, own: Own) -> int:
    """Return the number of the newest run in the Run Log; 0 where there is none."""
    rows = read_own_table(data, own, RUN_LOG).rows
    return max((int(row[0]) for row in rows if isinstance(row[0], (int, float))), default=0)


def input_blocks(inputs: Inputs) -> dict[str, Block]:
    """Return the input tables, those left out that go on after a version is kept."""
    tables = {name: without_as_of(table) if name == "Settings" else table for name, table in inputs.tables.items()}
    return {name: _block(table) for name, table in tables.items() if name not in _NOT_KEPT}


def _block(table: InputTable) -> Block:
    columns = {at: (field, table.values[field]) for field, at in table.columns.items()}
    columns |= {each.column: (str(each.header), each.values) for each in table.extra}
    order = sorted(columns)
    left = order[0] if order else 1
    width = range(left, (order[-1] if order else left) + 1)
    headers = [columns[at][0] if at in columns else "" for at in width]
    listed = [columns[at][1].tolist() if at in columns else [None] * len(table) for at in width]
    rows = [(int(number), values) for number, *values in zip(table.rows.tolist(), *listed, strict=True)]
    return block_of(table.sheet, left, headers, rows)


def _results(data: bytes, own: Own) -> Iterator[tuple[str, Block]]:
    values, records = Values(data), read_records(data)
    for logical, sheet in own.sheets.items():
        if logical in _NO_RESULTS or logical not in records:
            continue
        grid = values.rows(sheet)
        record = records[logical]
        if record.table:
            area = Rectangle.of(record.table)
            rows = [
                (at + 1, grid[at][area.left - 1 : area.right]) for at in range(area.top, min(area.bottom, len(grid)))
            ]
            yield logical, block_of(sheet, area.left, grid[area.top - 1][area.left - 1 : area.right], rows)
        yield f"{logical}, around", _loose(sheet, record, grid)


def _loose(sheet: str, record: SheetRecord, grid: list[list[object]]) -> Block:
    """Return our cells beside the table as a block of one column, each under the name of its cell.

    Who has signed is no result: people sign versions after they are kept.
    """
    rows = []
    for name in [name for name in record.loose if name not in record.status]:
        row, column = cell_place(name)
        there = row <= len(grid) and column <= len(grid[row - 1])
        rows.append((row, [name, grid[row - 1][column - 1] if there else None]))
    return block_of(sheet, 0, ["Cell", "Value"], rows)
