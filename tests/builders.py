"""Input tables from literals: what a reader would hand over, without a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.building import build_plan
from engine.fields import TABLE, normalise_header
from engine.issues import Issue, Severity
from engine.plan import Plan
from engine.tables import ExtraColumn, Inputs, InputTable

Rows = Sequence[Sequence[object]]

_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTHS = {name: month for names in (_SHORT, _LONG) for month, name in enumerate(names, start=1)} | {
    "janv": 1,
    "februar": 2,
    "mai": 5,
}


def table(name: str, rows: Rows) -> InputTable:
    """Return an input table of rows; the first row holds the headers and stands in row 1 of a sheet of that name."""
    headers, records = rows[0], [list(row) + [None] * (len(rows[0]) - len(row)) for row in rows[1:]]
    fields = {normalise_header(field.name): field.name for field in TABLE[name].fields}
    values, columns, extra = {}, {}, []
    for position, header in enumerate(headers):
        column = np.empty(len(records), dtype=object)
        for row, record in enumerate(records):
            value = record[position]
            column[row] = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        known = fields.get(normalise_header(header)) if isinstance(header, str) else None
        if known:
            values[known], columns[known] = column, position + 1
        else:
            extra.append(ExtraColumn(header, position + 1, column))
    return InputTable(name, name, 1, np.arange(2, 2 + len(records)), values, columns, tuple(extra))


def book(**tables: Rows) -> Inputs:
    """Return the input tables of a workbook."""
    return Inputs({name: table(name, rows) for name, rows in tables.items()}, MONTHS)


METRICS: Rows = [("Metric", "Kind", "Unit"), ("Reviews", "volume", "items")]
ORG: Rows = [
    ("Node", "Parent", "Level"),
    ("EMEA", None, "Region"),
    ("Dublin", "EMEA", "Site"),
    ("Team A", "Dublin", "Team"),
    ("Team B", "Dublin", "Team"),
    ("Lisbon", "EMEA", "Site"),
]
QUEUES: Rows = [
    ("Node", "Parent", "Handle time (s)"),
    ("Hate", None, 60),
    ("Spam", None, 30),
    ("Bots", "Spam", None),
    ("Scams", "Spam", 90),
]
PERIODS: Rows = [("Period", "Parent"), ("2026Q1", None), ("2026-01", "2026Q1"), ("2026-02", "2026Q1")]
BASELINE: Rows = [
    ("Metric", "Org", "Queue", "Period", "Value"),
    ("Reviews", "Team A", "Hate", "2025-01", 100),
    ("Reviews", "Team A", "Hate", "2025-02", 110),
    ("Reviews", "Team B", "Bots", "2025-01", 200),
    ("Reviews", "Team B", "Bots", "2025-02", 220),
    ("Reviews", "Lisbon", "Scams", "2025-01", 0),
    ("Reviews", "Lisbon", "Scams", "2025-02", 40),
]
TARGETS: Rows = [("Metric", "Org", "Queue", "Period", "Value"), ("Reviews", None, None, None, 700)]


def small(**tables: Rows | None) -> Inputs:
    """Return a small sound workbook, with some tables replaced, added, or left out (None)."""
    chosen: Mapping[str, Rows | None] = {
        "Metrics": METRICS,
        "Org": ORG,
        "Queues": QUEUES,
        "Periods": PERIODS,
        "Baseline": BASELINE,
        "Targets": TARGETS,
    } | tables
    return book(**{name: rows for name, rows in chosen.items() if rows is not None})


def plan_of(inputs: Inputs) -> Plan:
    """Return the plan of a workbook without anything that stops it."""
    plan, issues = build_plan(inputs)
    assert plan is not None, [issue for issue in issues if issue.severity is Severity.STOP]
    return plan


def issues_of(inputs: Inputs, code: str) -> list[Issue]:
    """Return the issues of one code."""
    return [issue for issue in build_plan(inputs)[1] if issue.code == code]


def codes_of(inputs: Inputs, severity: Severity | None = None) -> set[str]:
    """Return the codes of all issues of a workbook."""
    return {issue.code for issue in build_plan(inputs)[1] if severity is None or issue.severity is severity}


def cell_values(plan: Plan) -> dict[tuple[str, str, str, str], float]:
    """Return the baseline of each cell by metric, org, queue and period id."""
    cells = plan.cells
    org, queue, period = (
        [tree.ids[tree.leaves[leaf]] for leaf in leaves]
        for tree, leaves in (
            (plan.org, cells.org.tolist()),
            (plan.queues, cells.queue.tolist()),
            (plan.periods, cells.period.tolist()),
        )
    )
    metric = [plan.metrics.ids[position] for position in cells.metric.tolist()]
    return dict(zip(zip(metric, org, queue, period, strict=True), cells.baseline.tolist(), strict=True))
