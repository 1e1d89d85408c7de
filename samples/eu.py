"""The EU sample: published removals of two half-years, the second measured against the first.

Owns: the plan that asks for the same total again. What happened is published, too: a total that fell, and a mix that
moved much more.
"""

from __future__ import annotations

import csv
import datetime
from importlib.resources import files

from workbooks.template.contents import BookOptions, FilledTable, Page, by_rows
from workbooks.template.write import new_workbook

METRIC = "Removals"
BEFORE, AFTER = "2025H2", "2026H1"
_FILE = "dsa_removals_halfyear.csv"


def removals(period: str) -> dict[str, float]:
    """Return published removals by category."""
    text = (files("samples") / "data" / _FILE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["category"]: float(row["removals"]) for row in rows if row["period"] == period}


def eu_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    before, after = removals(BEFORE), removals(AFTER)
    settings = (("Plan name", "EU removals 2026 H1"), ("Cycle", "2026 H1"), ("As of", AFTER))
    days = (AFTER, "Half-year", datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))
    tables = {
        "Settings": FilledTable(by_rows(("Setting", "Value"), settings)),
        "Metrics": FilledTable(
            by_rows(
                ("Metric", "Kind", "Unit", "Better", "Uses capacity"), ((METRIC, "volume", "items", "higher", "no"),)
            )
        ),
        "Org": FilledTable(by_rows(("Node", "Level"), (("EU", "Union"),))),
        "Queues": FilledTable(by_rows(("Node", "Level"), [(category, "Category") for category in before])),
        "Periods": FilledTable(by_rows(("Period", "Level", "Start", "End"), (days,))),
        "Baseline": _values(BEFORE, before),
        "Targets": FilledTable(by_rows(("Metric", "Sense", "Value"), ((METRIC, "exactly", sum(before.values())),))),
        "Actuals": _values(AFTER, after),
        "Actions": FilledTable({name: [] for name in _ACTIONS}),
    }
    return new_workbook(tables, _options())


_ACTIONS = ("ID", "Raised", "Metric", "Org", "Queue", "Finding", "Owner", "Due", "Status", "Outcome")


def _values(period: str, values: dict[str, float]) -> FilledTable:
    rows = [(METRIC, "EU", category, period, value) for category, value in values.items()]
    return FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows))


def _options() -> BookOptions:
    return BookOptions(
        title="EU removals, 2026 H1",
        purpose="What a review shows: a total that fell by 7 %, and categories that moved far more, up and down.",
        status="All figures are published. That the same total was asked for again is our assumption.",
        pages=(
            Page(
                "Notes",
                "Where the figures come from",
                "Sources, and what was left out",
                (
                    "Source: TikTok, transparency reports under the Digital Services Act, July to December 2025 and "
                    "January to June 2026: own-initiative measures by category, removals only.",
                    "Run targets cascade, then targets seal, then targets variance: the tabs Review and Variance "
                    "appear. targets review writes the same as a page.",
                    "Categories that gained hide part of what others lost: look at the offset ratio, and at the few "
                    "categories that explain most.",
                ),
            ),
        ),
    )
