"""The plain template: a tiny complete plan that a person overwrites.

Owns: its values. They are examples: 1 region, 2 teams, 2 queues, 1 quarter of 3 months.
"""

from __future__ import annotations

import datetime

from workbooks.template.contents import Assumption, BookOptions, FilledTable, Formula, by_rows

ASSUMPTIONS = (
    Assumption(
        "Shrinkage_assumed",
        "Shrinkage: leave, training, breaks, meetings",
        0.3,
        "share of paid hours",
        "An example. Planners often see 25 % to 35 %; put your own.",
        "0.0%",
    ),
)

_SHRINKAGE = Formula("Shrinkage_assumed", 0.3)
_MONTHS = ("2026-01", "2026-02", "2026-03")
_DAYS = (21.0, 20.0, 22.0)
_ENDS = (31, 28, 31)
_HISTORY = {
    ("Team A", "Videos"): (21_000, 20_000, 22_000),
    ("Team A", "Comments"): (60_000, 58_000, 63_000),
    ("Team B", "Videos"): (15_500, 15_000, 16_500),
    ("Team B", "Comments"): (72_000, 70_000, 75_000),
}


def example_tables() -> dict[str, FilledTable]:
    """Return the input tables of the example plan."""
    return {
        "Settings": FilledTable(
            by_rows(
                ("Setting", "Value"),
                (
                    ("Plan name", "Example plan"),
                    ("Cycle", "2026 Q1"),
                    ("Version", "Draft 1"),
                    ("Fair share by", "baseline"),
                    ("Mix guard", 0.05),
                ),
            )
        ),
        "Org": FilledTable(
            by_rows(
                ("Node", "Parent", "Name", "Level"),
                (
                    ("North", None, "Region North", "Region"),
                    ("Team A", "North", None, "Team"),
                    ("Team B", "North", None, "Team"),
                ),
            )
        ),
        "Queues": FilledTable(
            by_rows(
                ("Node", "Parent", "Level", "Handle time", "May lose"),
                (
                    ("Content", None, "Area", None, None),
                    ("Videos", "Content", "Queue", 60.0, None),
                    ("Comments", "Content", "Queue", 12.0, 0.1),
                ),
            ),
            assumed=frozenset({"Handle time"}),
        ),
        "Periods": _periods(),
        **_work(),
        "Baseline": _baseline(),
        "Targets": FilledTable(
            by_rows(
                ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"),
                (
                    ("Reviews", None, None, "2026 Q1", "at least", 530_000, 1),
                    ("Reviews", None, "Videos", "2026-03", "at least", 40_000, 2),
                ),
            )
        ),
        "Limits": FilledTable(
            by_rows(
                ("Metric", "Org", "Queue", "Period", "Max", "Owner", "Reason"),
                (("Reviews", "Team B", "Videos", "2026-01", 15_800, "Site lead", "Two people are in training"),),
            )
        ),
    }


def _work() -> dict[str, FilledTable]:
    return {
        "Metrics": FilledTable(
            by_rows(
                ("Metric", "Kind", "Unit", "Better", "Uses capacity"),
                (("Reviews", "volume", "items", "higher", "yes"),),
            )
        ),
        "Capacity": FilledTable(
            by_rows(
                ("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy"),
                (("Team A", 6.0, 8.0, _SHRINKAGE, 0.9), ("Team B", 5.0, 8.0, _SHRINKAGE, 0.9)),
            ),
            notes={"Shrinkage": "Both rows use the cell Shrinkage_assumed of the sheet Assumptions."},
            assumed=frozenset({"Shrinkage"}),
        ),
        "Skills": FilledTable(
            by_rows(
                ("Org", "Queue"),
                (("Team A", "Videos"), ("Team A", "Comments"), ("Team B", "Videos"), ("Team B", "Comments")),
            )
        ),
    }


def _periods() -> FilledTable:
    quarter = ("2026 Q1", None, "Quarter", datetime.date(2026, 1, 1), datetime.date(2026, 3, 31), None, None)
    months = [
        (
            month,
            "2026 Q1",
            "Month",
            datetime.date(2026, number, 1),
            datetime.date(2026, number, _ENDS[number - 1]),
            _DAYS[number - 1],
            f"2025-{number:02d}",
        )
        for number, month in enumerate(_MONTHS, 1)
    ]
    names = ("Period", "Parent", "Level", "Start", "End", "Working days", "Like")
    return FilledTable(by_rows(names, [quarter, *months]))


def _baseline() -> FilledTable:
    rows = [
        ("Reviews", team, queue, f"2025-{month:02d}", value)
        for (team, queue), values in _HISTORY.items()
        for month, value in enumerate(values, 1)
    ]
    return FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows))


def example_options() -> BookOptions:
    """Return what stands around the example plan."""
    return BookOptions(
        title="Target plan",
        purpose=(
            "What a director asks for, at any level, is cascaded down the org tree and the queue tree within capacity; "
            "every number comes with its reason."
        ),
        status="All values in this workbook are EXAMPLES of a complete small plan: put your own over them.",
        assumptions=ASSUMPTIONS,
    )
