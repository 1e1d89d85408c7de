"""Where the numbers of a review stand in Variance.

Owns: references to its cells.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.variance.nodes import TOP
from engine.variance.review import MetricReview
from engine.variance.table import VarianceTable
from workbooks.addresses import column_letters, quoted
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import VARIANCE
from workbooks.tabs.variance import variance_rows


class Places:
    """Where each node of each metric stands, to date."""

    def __init__(self, table: VarianceTable, variance: Sheet, sheet_name: Callable[[str], str]) -> None:
        if variance.table is None:
            raise ValueError("Variance without its table")
        rows, laid = variance_rows(table), variance.table
        self._sheet = quoted(sheet_name(VARIANCE))
        keys = zip(rows.table.tolist(), rows.node.tolist(), rows.period.tolist(), strict=True)
        self._row = {key: laid.top + 1 + at for at, key in enumerate(keys)}
        self._metric = {each.metric: at for at, each in enumerate(table.metrics)}
        self._column = {each.header: column_letters(at) for at, each in enumerate(laid.columns, start=laid.left)}

    def cell(self, one: MetricReview, node: int, header: str) -> str:
        """Return the reference of a number of a node to date; it serves as a link, too."""
        row = self._row[self._metric[one.table.metric], node, TOP]
        return f"{self._sheet}!{self._column[header]}{row}"

    def agreed(self, one: MetricReview) -> str:
        """Return what actuals are compared with, as a formula."""
        return self.cell(one, TOP, "Compared")

    def step(self, one: MetricReview, label: str, node: int) -> str:
        """Return the reference of a step of the bridge; "" for a rest."""
        if node >= 0:
            return self.cell(one, node, "To parent")
        header = label if label == "New or closed" else f"{label} effect"
        return self.cell(one, TOP, header) if header in self._column else ""
