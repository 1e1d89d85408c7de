"""Small plans with actuals, for tests of achievement: two teams, two queues, four months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from tests.workbooks.books import Rows, as_saved, book, opened
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import cascade
from workbooks.seal_run import seal
from workbooks.variance_run import variance

ORG: Rows = [("Node", "Parent"), ("Site", None), ("A", "Site"), ("B", "Site")]
QUEUES: Rows = [("Node", "Parent", "Handle time"), ("Work", None, 60), ("Spam", "Work", None), ("Hate", "Work", None)]
PERIODS: Rows = [
    ("Period", "Parent", "Level"),
    ("2026", None, "Year"),
    ("2026-Q1", "2026", "Quarter"),
    *((f"2026-0{month}", "2026-Q1", "Month") for month in (1, 2, 3)),
    ("2026-04", "2026", "Month"),
]
PAIRS = {("A", "Spam"): 100, ("A", "Hate"): 200, ("B", "Spam"): 300}
BASELINE: Rows = [
    ("Metric", "Org", "Queue", "Period", "Value"),
    *(("Reviews", *pair, f"2025-0{month}", size) for pair, size in PAIRS.items() for month in (1, 2, 3, 4)),
]
TARGETS: Rows = [("Metric", "Value"), ("Reviews", 2400)]
ACTUALS: Rows = [
    ("Metric", "Org", "Queue", "Period", "Value"),
    ("Reviews", "A", "Spam", "2026-01", 90),
    ("Reviews", "A", "Hate", "2026-01", 210),
    ("Reviews", "B", "Spam", "2026-01", 250),
    ("Reviews", "A", "Spam", "2026-02", 80),
    ("Reviews", "A", "Hate", "2026-02", 230),
    ("Reviews", "B", "Spam", "2026-02", 280),
]
PLAN: Mapping[str, Rows] = {
    "Metrics": [("Metric", "Kind", "Unit"), ("Reviews", "volume", "items")],
    "Org": ORG, "Queues": QUEUES, "Periods": PERIODS, "Baseline": BASELINE, "Targets": TARGETS, "Actuals": ACTUALS,
}  # fmt: skip


def plan_book(**tables: Rows | None) -> bytes:
    """Return the plan as a workbook; tables given replace its own, None leaves one out."""
    return book({name: rows for name, rows in {**PLAN, **tables}.items() if rows is not None})


def cascaded(**tables: Rows | None) -> bytes:
    """Return the plan with its targets cascaded."""
    return _cascaded(plan_book(**tables))


def sealed(**tables: Rows | None) -> bytes:
    """Return the plan with its targets cascaded and sealed."""
    return _sealed(cascaded(**tables))


# many tests begin with the same workbook: what becomes of it is made once
@cache
def _cascaded(data: bytes) -> bytes:
    run = cascade(data)
    assert run.data is not None, run.issues
    return run.data


@cache
def _sealed(data: bytes) -> bytes:
    run = seal(data)
    assert run.data is not None, run.issues
    return run.data


def with_renamed_team(data: bytes) -> bytes:
    """Return a workbook in which team B is called C in every input."""
    made = opened(data)
    for name in ("Org", "Baseline", "Actuals"):
        for row in made[name].iter_rows():
            for cell in row:
                if cell.value == "B":
                    cell.value = "C"
    return as_saved(made)


Row = dict[str, object]


@cache
def variance_table(data: bytes) -> dict[tuple[str, str, str, str], Row]:
    """Return the rows of Variance of a reviewed workbook by metric, org, queue and period."""
    run = variance(data)
    assert run.data is not None, run.issues
    return rows_of(run.data)


def rows_of(data: bytes, sheet: str = "Variance") -> dict[tuple[str, str, str, str], Row]:
    """Return the rows of one of our sheets by metric, org, queue and period."""
    table = read_own_table(data, find_own(data), sheet)
    rows: Sequence[Row] = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    return {tuple(str(row[name] or "") for name in ("Metric", "Org", "Queue", "Period")): row for row in rows}  # type: ignore[misc]


EFFECTS = ("Rate effect", "Mix effect", "Volume effect", "New or closed")


def effects_of(row: Row) -> float:
    """Return the sum of a row's effects, drivers included."""
    return float(np.sum([float(value) for name, value in row.items() if _is_effect(name) and value not in (None, "")]))  # type: ignore[arg-type]


def _is_effect(name: str) -> bool:
    return name.endswith(" effect") or name == "New or closed"


RATED = [
    ("Metric", "Kind", "Unit", "Weight"), ("Reviews", "volume", "items", None), ("Accuracy", "rate", "%", "Reviews")
]  # fmt: skip
ACCURACY = {("A", "Spam"): 0.8, ("A", "Hate"): 0.9, ("B", "Spam"): 0.84}


def accuracy_rows() -> list[tuple[object, ...]]:
    return [("Accuracy", *pair, f"2025-0{month}", rate) for pair, rate in ACCURACY.items() for month in (1, 2, 3, 4)]
