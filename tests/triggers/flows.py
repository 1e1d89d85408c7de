"""TC25x and TC52x: inflow, backlogs and turnaround, by way of a real workbook."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from engine.issues import Issue
from engine.recompute import recompute
from tests.backlogs import BASELINE, INFLOW, backlog_book, with_sla
from tests.builders import plan_of
from tests.engine.building.test_inflow import WRONG
from tests.workbooks.books import book_of
from workbooks.run import read_plan


def _case(tables: dict[str, object]) -> Callable[[], Sequence[Issue]]:
    return lambda: read_plan(book_of(backlog_book(**tables))).issues  # type: ignore[arg-type]


FORMULAS = [("Metric", "Kind", "Formula"), ("Reviews", "volume", None)]
NEW_SITE = [("Metric", "Each", "Sense", "Value", "Basis"), ("Reviews", "Team", "at least", 0.9, "% of baseline")]

TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {code: _case(tables) for code, tables in WRONG.items()} | {
    "TC250": _case({"Inflow": [*INFLOW[:1], ("Reviews", "Hate", "2026-01", 9)], "Opening": None}),
    "TC251": _case({"Limits": [("Metric", "Hold"), ("Reviews", "now")]}),
    "TC258": _case({"Metrics": [*FORMULAS, ("Ratio", "formula", "[Revews]")]}),
    "TC525": _case({}),
    "TC530": _case(
        {"Limits": [("Metric", "Min", "Until"), ("Reviews", 5000, datetime.datetime(2025, 12, 31))]},
    ),
    "TC715": lambda: recompute(plan_of(with_sla())).findings,
    "TC529": _case(
        {
            "Targets": NEW_SITE,
            "Baseline": [row for row in BASELINE if row[1] != "Team A"],
            "Skills": [("Org", "Queue"), ("EMEA", "Hate"), ("EMEA", "Spam")],
        }
    ),
}
