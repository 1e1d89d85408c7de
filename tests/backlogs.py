"""A small plan with a backlog: inflow, exits, openings and a turnaround."""

from __future__ import annotations

import datetime

from engine.tables import Inputs
from tests.builders import Rows, small

METRICS: Rows = [
    ("Metric", "Kind", "Unit", "Better", "Balance of"),
    ("Reviews", "volume", "items"),
    ("Backlog", "stock", "items", "lower", "Reviews"),
]
PERIODS: Rows = [("Period", "Parent", "Level", "Start", "End"), ("2026Q1", None, "Quarter")] + [
    (f"2026-{month:02}", "2026Q1", "Month", datetime.datetime(2026, month, 1), datetime.datetime(2026, month, last))
    for month, last in ((1, 31), (2, 28), (3, 31))
]
BASELINE: Rows = [("Metric", "Org", "Queue", "Period", "Value")] + [
    ("Reviews", team, queue, f"2025-{month:02}", value)
    for team, queue, value in (
        ("Team A", "Hate", 100), ("Team B", "Hate", 50), ("Team B", "Bots", 200), ("Lisbon", "Scams", 80)
    )
    for month in (1, 2, 3)
]  # fmt: skip
INFLOW: Rows = [("Metric", "Queue", "Period", "Value", "Exits"), ("Reviews", "Hate", "2026Q1", 450, 30)] + [
    ("Reviews", "Spam", f"2026-{month:02}", 300) for month in (1, 2, 3)
]
OPENING: Rows = [("Metric", "Queue", "Value"), ("Backlog", "Hate", 60), ("Backlog", "Bots", 10)]
TARGETS: Rows = [
    ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"),
    ("Reviews", None, None, None, "exactly", 1270, 1),
]
QUEUES: Rows = [
    ("Node", "Parent", "Handle time (s)", "Turnaround"),
    ("Hate", None, 60, None), ("Spam", None, 30, None), ("Bots", "Spam", None, None), ("Scams", "Spam", 90, None),
]  # fmt: skip
DUE: Rows = [(*row[:3], 48 if row[0] == "Hate" else row[3]) for row in QUEUES[:]]
DUE[0] = QUEUES[0]


def backlog_book(**tables: Rows | None) -> Inputs:
    """Return the tables, some of them replaced."""
    chosen: dict[str, Rows | None] = {
        "Metrics": METRICS, "Periods": PERIODS, "Baseline": BASELINE, "Inflow": INFLOW, "Opening": OPENING,
        "Targets": TARGETS, "Queues": QUEUES,
    }  # fmt: skip
    return small(**(chosen | tables))


def asking(*rows: tuple[object, ...]) -> Rows:
    """Return Targets with more rows."""
    return [*TARGETS, *rows]


def with_sla(value: float = 0.95, **tables: Rows | None) -> Inputs:
    """Return the tables with a share handled in time, asked of the queue that has a turnaround; some replaced."""
    headers = (*METRICS[0], "Weight", "Role", "Uses capacity")
    metrics = [headers, *((*row, *(None,) * (5 - len(row)), None, None, None) for row in METRICS[1:])]
    metrics.append(("In time", "rate", "%", "higher", None, "Reviews", "SLA", None))
    return backlog_book(
        Metrics=metrics,
        Queues=DUE,
        Targets=asking(("In time", None, "Hate", "2026-03", "at least", value, 2)),
        **tables,
    )
