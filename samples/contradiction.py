"""A plan whose limits contradict each other and capacity: they give way by the least total, and each is named.

Owns: its numbers. They are made up, and say so.
"""

from __future__ import annotations

from workbooks.template.contents import BookOptions, FilledTable, by_rows
from workbooks.template.example import example_options, example_tables
from workbooks.template.write import new_workbook


def contradiction_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    tables = example_tables()
    tables["Settings"] = FilledTable(
        by_rows(("Setting", "Value"), (("Plan name", "Limits that contradict"), ("Cycle", "2026 Q1")))
    )
    tables["Limits"] = FilledTable(
        by_rows(
            ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold", "Owner", "Reason"),
            (
                ("Reviews", "Team A", "Videos", None, 70_000, None, None, "Site lead", "Contract of the site"),
                ("Reviews", None, "Videos", None, None, 65_000, None, "Policy lead", "Queue is being closed"),
                ("Reviews", "Team B", "Comments", "2026-02", None, None, 400_000, "Finance", "Last year's plan"),
            ),
        )
    )
    options = example_options()
    return new_workbook(
        tables,
        BookOptions(
            title="Limits that contradict",
            purpose="A minimum lies above a maximum over the same work, and a hold needs more hours than there are.",
            status="All values are made up to show a contradiction.",
            assumptions=options.assumptions,
        ),
    )
