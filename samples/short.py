"""A plan that cannot be met: hours are short, and two priorities compete for them.

Owns: its numbers. They are made up, and say so.
"""

from __future__ import annotations

from workbooks.template.contents import BookOptions, FilledTable, by_rows
from workbooks.template.example import example_options, example_tables
from workbooks.template.write import new_workbook

_ASKED = 600_000


def short_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    tables = example_tables()
    tables["Settings"] = FilledTable(
        by_rows(("Setting", "Value"), (("Plan name", "Short of hours"), ("Cycle", "2026 Q1"), ("Version", "Sample")))
    )
    tables["Capacity"] = FilledTable(
        by_rows(
            ("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy"),
            (("Team A", 5.0, 8.0, 0.3, 0.9), ("Team B", 4.5, 8.0, 0.3, 0.9)),
        )
    )
    tables["Targets"] = FilledTable(
        by_rows(
            ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"),
            (
                ("Reviews", None, "Videos", "2026 Q1", "at least", 115_000, 1),
                ("Reviews", None, None, "2026 Q1", "at least", _ASKED, 2),
            ),
        )
    )
    del tables["Limits"]
    options = example_options()
    return new_workbook(
        tables,
        BookOptions(
            title="Short of hours",
            purpose="Videos come first and are met; the total falls short, and every team and queue says by how much.",
            status="All values are made up to show a shortage.",
            assumptions=options.assumptions,
        ),
    )
