"""What the last run says of one place: its target, what was achieved of it, and why.

Owns: how a result is looked up by metric, node, queue and period. Worksheet functions call this.
Knows nothing of: Excel, files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from solver.frozen import frozen
from workbooks.tabs.names import CASCADE, ORG_TARGETS, QUEUE_TARGETS, VARIANCE

METRICS = "Metrics"
SHEETS = (CASCADE, ORG_TARGETS, QUEUE_TARGETS, VARIANCE)
"""Result sheets that are looked into; beside them the input sheet ``METRICS``."""

_KEY = ("Metric", "Org", "Queue", "Period")
_BEFORE_PERIODS = "Per working day"
_TO_DATE = " to date"

Value = str | float | None


@frozen
class Asked:
    """A place, as people type it; "" stands for all of it."""

    metric: str
    org: str = ""
    queue: str = ""
    period: str = ""


class ResultTable:
    """A result sheet's table."""

    def __init__(self, rows: Sequence[Sequence[object]]) -> None:
        """Take the sheet as it stands: the header is the row that begins with the metric."""
        first = next((at for at, row in enumerate(rows) if row and row[0] == _KEY[0]), len(rows))
        self.headers = [str(each) for each in rows[first]] if first < len(rows) else []
        self.rows = rows[first + 1 :]

    @cached_property
    def by_metric(self) -> dict[str, list[Sequence[object]]]:
        """Metric → its rows, in their order."""
        found: dict[str, list[Sequence[object]]] = {}
        for row in self.rows:
            found.setdefault(_plain(row[0]), []).append(row)
        return found

    def at(self, header: str) -> int | None:
        """Return where a column stands, None where there is none."""
        return self.headers.index(header) if header in self.headers else None

    def value(self, row: Sequence[object], header: str) -> Value:
        """Return what a row holds in a column; None where nothing."""
        at = self.at(header)
        value = row[at] if at is not None and at < len(row) else None
        return value if isinstance(value, (str, float)) and value != "" else None


class LastRun:
    """The results that stand in a workbook. sheets : logical name → its rows from A1 on."""

    def __init__(self, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
        """Take the sheets; they are looked into when something is asked."""
        self._tables = {name: ResultTable(rows) for name, rows in sheets.items()}

    def target(self, asked: Asked) -> Value:
        """Return a target: of a team and queue, or of any node above them, in any period."""
        asked = self._without_roots(asked)
        node, sheet = (asked.queue, QUEUE_TARGETS) if not asked.org else (asked.org, ORG_TARGETS)
        if not (asked.org and asked.queue):
            return self._of_node(sheet, asked, node, lambda table: self._period_column(table, asked.period))
        rows = self._cells(asked)
        if self._is_stock(asked.metric):  # what is there at the end of a period
            rows = list({(row[1], row[2]): row for row in rows}.values())
        table = self._tables.get(CASCADE)
        return None if table is None else _together(table, rows)

    def why(self, asked: Asked) -> Value:
        """Return why a target is what it is; over all periods for nodes, one row's for a team and queue."""
        asked = self._without_roots(asked)
        node, sheet = (asked.queue, QUEUE_TARGETS) if not asked.org else (asked.org, ORG_TARGETS)
        if not (asked.org and asked.queue):
            return self._of_node(sheet, asked, node, lambda table: "Why")
        rows = self._cells(asked)
        return self._tables[CASCADE].value(rows[0], "Why") if len(rows) == 1 else None

    def of_variance(self, asked: Asked, header: str) -> Value:
        """Return a column of Variance; of a period that is not over, what it comes to so far."""
        table = self._tables.get(VARIANCE)
        wanted = [_plain(each) if not _is_all(each) else "" for each in (asked.org, asked.queue)]
        for period in (asked.period, asked.period + _TO_DATE):
            for row in table.by_metric.get(_plain(asked.metric), ()) if table is not None else ():
                if [_plain(row[1]), _plain(row[2])] == wanted and _is_period(row[3], period):
                    return table.value(row, header) if table is not None else None
        return None

    def _without_roots(self, asked: Asked) -> Asked:
        """Return the place with "" where a whole tree is meant: its root stands first on its sheet."""
        found = []
        for sheet, node in ((ORG_TARGETS, asked.org), (QUEUE_TARGETS, asked.queue)):
            table = self._tables.get(sheet)
            rows = () if table is None else table.by_metric.get(_plain(asked.metric), ())
            of_root = {_plain(each) for each in rows[0][1:3]} if rows else set()
            found.append("" if _is_all(node) or _plain(node) in of_root else node)
        return replace(asked, org=found[0], queue=found[1])

    def _is_stock(self, metric: str) -> bool:
        table = self._tables.get(METRICS)
        rows = () if table is None else table.by_metric.get(_plain(metric), ())
        return any(table is not None and table.value(row, "Kind") == "stock" for row in rows)

    def _of_node(self, sheet: str, asked: Asked, node: str, column: Callable[[ResultTable], str]) -> Value:
        """Return a column of a node's row; the first row of a metric is the root's."""
        table = self._tables.get(sheet)
        if table is None:
            return None
        for row in table.by_metric.get(_plain(asked.metric), ()):
            if _is_all(node) or _plain(node) in (_plain(row[1]), _plain(row[2])):
                return table.value(row, column(table))
        return None

    @staticmethod
    def _period_column(table: ResultTable, period: str) -> str:
        """Return the header of a period; the first of them, the whole horizon, where none is asked."""
        first, last = table.at(_BEFORE_PERIODS), table.at("Why")
        periods = table.headers[first + 1 : last] if first is not None and last is not None else []
        if not period:
            return periods[0] if periods else ""
        return next((each for each in periods if _is_period(each, period)), "")

    def _cells(self, asked: Asked) -> list[Sequence[object]]:
        """Return the rows of Cascade at or below a node and queue, in a period."""
        table = self._tables.get(CASCADE)
        if table is None:
            return []
        above = range((table.at("Why") or len(table.headers)) + 1, len(table.headers))
        wanted = [_plain(each) for each in (asked.org, asked.queue, asked.period) if not _is_all(each)]
        found = []
        for row in table.by_metric.get(_plain(asked.metric), ()):
            places = {_plain(row[1]), _plain(row[2]), _plain(row[3]), *(_plain(row[at]) for at in above)}
            if places.issuperset(wanted):
                found.append(row)
        return found


def _together(table: ResultTable, rows: Iterable[Sequence[object]]) -> Value:
    """Return the sum of the targets; where they have weights, their weighted mean."""
    listed = [row for row in rows if isinstance(table.value(row, "Target"), float)]
    if not listed:
        return None
    weights = [table.value(row, "Weight") for row in listed]
    values = [float(table.value(row, "Target") or 0) for row in listed]
    if any(isinstance(weight, float) for weight in weights):
        counted = [float(weight) if isinstance(weight, float) else 0.0 for weight in weights]
        total = sum(counted)
        return sum(w * v for w, v in zip(counted, values, strict=True)) / total if total > 0 else None
    return sum(values)


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold() if value is not None else ""


def _is_all(node: str) -> bool:
    return _plain(node) in ("", "all")


def _is_period(shown: object, asked: str) -> bool:
    return _plain(shown) == _plain(asked)
