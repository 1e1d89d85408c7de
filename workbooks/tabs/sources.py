"""The other tabs, as the Summary refers to them.

Owns: references from one of our sheets to another, by the names the sheets bear in this book.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.cycle.sign_off import Standing
from engine.outcome import Outcome
from solver.frozen import frozen
from workbooks.addresses import cell_name, quoted
from workbooks.tabs.model import Sheet, Table
from workbooks.tabs.node_targets import NodeSheet
from workbooks.tabs.ranges import Records, records_of
from workbooks.tabs.sums import runs, sum_of


@frozen
class Sources:
    """What the Summary draws on.

    capacity_order : row of Capacity of each record of Capacity Use
    sheet_name : what one of our sheets is called in this book
    leaf_rows : the file beside the book that holds the leaf rows of Cascade; "" where the sheet does
    standings : how far each version is, the newest first
    """

    outcome: Outcome
    cascade: Sheet
    org: NodeSheet
    queues: NodeSheet
    target_check: Sheet
    capacity_use: Sheet
    capacity_order: Sequence[int]
    sheet_name: Callable[[str], str]
    leaf_rows: str = ""
    standings: Sequence[Standing] = ()

    def at(self, sheet: str, row: int, column: int) -> str:
        """Return a reference to a cell of one of our sheets."""
        return f"{quoted(self.sheet_name(sheet))}!{cell_name(row, column)}"

    def node(self, nodes: NodeSheet, row: int, column: int) -> str:
        """Return a reference to a cell of a record of Org Targets or Queue Targets."""
        return self.at(nodes.sheet.name, nodes.first_row + row, column)

    def keeps(self, metric: int) -> bool:
        """Whether a tab of nodes keeps a metric: not people, where all hours are given as hours."""
        return any(nodes.totals.first_row(metric) is not None for nodes in (self.org, self.queues))

    def home(self, metric: int) -> tuple[NodeSheet, int]:
        """Return the tab of nodes that keeps a metric, Org Targets first, and the record of its whole plan."""
        for nodes in (self.org, self.queues):
            record = nodes.totals.first_row(metric)
            if record is not None:
                return nodes, record
        raise ValueError(f"no tab keeps metric {metric}")

    def column(self, sheet: Sheet, header: str) -> str:
        """Return a reference to all records of a column."""
        return self.records(sheet, header).on(self.sheet_name(sheet.name))

    def part(self, sheet: Sheet, header: str, first: int, last: int) -> str:
        """Return a reference to some records of a column, counted from 0, the last one included."""
        records = self.records(sheet, header)
        return f"{quoted(self.sheet_name(sheet.name))}!{records.cell(first)}:{records.cell(last)}"

    def cell(self, sheet: Sheet, header: str, record: int) -> str:
        """Return a reference to the cell of a record, counted from 0."""
        return f"{quoted(self.sheet_name(sheet.name))}!{self.records(sheet, header).cell(record)}"

    def sum_of_records(self, sheet: Sheet, header: str, records: Sequence[int]) -> str:
        """Return the sum over some records of a column; "" where the formula would be too long."""
        return sum_of([self.part(sheet, header, first, last) for first, last in runs(sorted(records))])

    @staticmethod
    def records(sheet: Sheet, header: str) -> Records:
        """Return where the records of a column of a sheet's table stand."""
        return records_of(table_of(sheet), header)


def table_of(sheet: Sheet) -> Table:
    """Return the table of a sheet that has one."""
    if sheet.table is None:
        raise ValueError(f"{sheet.name} has no table")
    return sheet.table
