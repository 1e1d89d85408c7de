"""The enforcement plan with what happened in its first quarter: a review half-way.

Owns: the actuals beside the plan. Both are published; the targets of the plan are the totals that came about.
"""

from __future__ import annotations

from dataclasses import replace

from samples.enforcement import enforcement_tables
from samples.figures import PLANNED, figures
from samples.plan_tables import METRIC, queue_names
from workbooks.template.contents import FilledTable, by_rows
from workbooks.template.write import new_workbook


def achieved_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    found = figures()
    markets = found.steady_markets()
    tables, options = enforcement_tables()
    rows = [
        (METRIC, market, queue, PLANNED[0], float(round(volume)))
        for market in markets
        for area in found.areas()
        for queue, volume in found.queue_volumes(PLANNED[0], market, area).items()
        if queue in queue_names(found, markets, area)
    ]
    tables = {
        **tables,
        "Actuals": FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows)),
        "Actions": FilledTable({name: [] for name in ("ID", "Raised", "Metric", "Org", "Queue", "Finding", "Owner",
                                                      "Due", "Status", "Outcome")}),
    }  # fmt: skip
    return new_workbook(
        tables,
        replace(
            options,
            title="Enforcement 2024 H1, half-way",
            purpose="The plan of the sample enforcement, with what was removed in 2024 Q1: run targets cascade, "
            "targets seal and targets variance, and hold the review.",
        ),
    )
