"""A workbook with wrong input of every kind that can stand in one book, to see how each is named.

Owns: the mistakes. Each is one that people make.
"""

from __future__ import annotations

from workbooks.template.contents import BookOptions, FilledTable, Formula, by_rows
from workbooks.template.example import example_options, example_tables
from workbooks.template.write import new_workbook

_MISTAKES: dict[str, FilledTable] = {
    "Settings": FilledTable(
        by_rows(("Setting", "Value"), (("Plan name", "Errors"), ("Mix gard", 0.05), ("Misses", "spred")))
    ),
    "Metrics": FilledTable(by_rows(("Metric", "Kind", "Unit", "Better"), (("Reviews", "volume", "items", "hihger"),))),
    "Org": FilledTable(
        by_rows(
            ("Node", "Parent", "Level"),
            (
                ("North", None, "Region"),
                ("Team A", "North", "Team"),
                ("Team A", "North", "Team"),
                ("Team B", "Nort", "Team"),
                ("Hub 1", "Hub 2", "Team"),
                ("Hub 2", "Hub 1", "Team"),
            ),
        )
    ),
    "Queues": FilledTable(
        by_rows(
            ("Node", "Parent", "Level", "Handle time", "May lose"),
            (
                ("Content", None, "Area", None, None),
                ("Videos", "Content", "Queue", "a minute", None),
                ("Comments", "Content", "Queue", -12.0, 10.0),
            ),
        )
    ),
    "Capacity": FilledTable(
        by_rows(
            ("Org", "Hours", "FTE", "Hours per day", "Shrinkage", "Occupancy"),
            (
                ("Team A", 900.0, 6.0, 8.0, 0.3, 0.9),
                ("Team B", None, 5.0, 8.0, 30.0, Formula("1/0", "#DIV/0!")),
                ("Team C", 100.0, None, None, None, None),
            ),
        )
    ),
    "Baseline": FilledTable(
        by_rows(
            ("Metric", "Org", "Queue", "Period", "Value"),
            (
                ("Reviews", "Team A", "Videos", "2025-01", 21_000),
                ("Reviews", "Team A", "Videos", "2025-01", 22_000),
                ("Reviews", "Team A", "Vidoes", "2025-01", 22_000),
                ("Reviews", "Team A", "Comments", "2025-01", "1.234,5.6"),
                ("Reviews", "Team A", "Comments", "2025-02", "-"),
            ),
        )
    ),
    "Targets": FilledTable(
        by_rows(
            ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"),
            (
                ("Reviews", None, None, "2026 Q1", "at most least", 530_000, 1),
                ("Revews", None, "Videos", "2026-03", "at least", 40_000, 2),
                ("Reviews", None, "Videos", "2027-03", "at least", None, 0),
            ),
        )
    ),
    "Limits": FilledTable(
        by_rows(
            ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold"),
            (
                ("Reviews", "Team A", None, None, 500, 100, None),
                ("Reviews", "Team B", None, None, None, 100, 50),
            ),
        )
    ),
}


def errors_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    tables = example_tables() | _MISTAKES
    options = example_options()
    return new_workbook(
        tables,
        BookOptions(
            title="Errors",
            purpose="Run targets check on this workbook: every mistake is named with its cell and how to mend it.",
            status="All values are made up, and many of them are wrong on purpose.",
            assumptions=options.assumptions,
        ),
    )
