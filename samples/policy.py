"""A policy change: one sub-policy takes a fifth longer to judge from April on, and crews stay as they are.

Owns: the change and what is asked in it. Figures stand in ``samples.figures``, assumptions in ``samples.workload``.
"""

from __future__ import annotations

from samples.figures import BASELINE, PLANNED, Figures, figures
from samples.plan_tables import METRIC, ground_tables, rounded, targets_table
from samples.regions import REGIONS
from samples.workload import Workload
from workbooks.template.contents import Assumption, BookOptions, FilledTable, Formula, Page, by_rows
from workbooks.template.write import new_workbook

CHANGED = "Sexual Activity & Services"
"""The sub-policy whose rules change."""

FROM_QUARTER = PLANNED[-1]
"""The quarter that starts in April."""

LONGER = 0.2
_REGION = "Europe"
_CREW_MARGIN = 0.0


def policy_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    found = figures()
    markets = tuple(market for market in found.steady_markets() if market in REGIONS[_REGION])
    workload = Workload(round(found.share_by_people(BASELINE, markets), 3), _CREW_MARGIN)
    tables = ground_tables("Policy change from April, Europe", found, markets, workload) | {
        "HandleTimes": _handle_times(workload),
        "Targets": _targets(found, markets),
    }
    return new_workbook(tables, _options(workload))


def _handle_times(workload: Workload) -> FilledTable:
    """Return the one row that says what changes; until then the handle time in Queues holds."""
    now = workload.handle_time(CHANGED)
    longer = Formula(f"{now.text}*(1+Longer_from_April)", float(now.value) * (1 + LONGER))
    return FilledTable(
        by_rows(("Metric", "Queue", "Period", "Seconds"), [(METRIC, CHANGED, FROM_QUARTER, longer)]),
        assumed=frozenset({"Seconds"}),
    )


def _targets(found: Figures, markets: tuple[str, ...]) -> FilledTable:
    """Return what is asked in both quarters alike: an average quarter of the half-year before, rounded."""
    average = sum(found.total(quarter, markets) for quarter in BASELINE) / len(BASELINE)
    return targets_table([(None, None, quarter, None, rounded(average, 10_000), 1) for quarter in PLANNED])


def _options(workload: Workload) -> BookOptions:
    longer = Assumption(
        "Longer_from_April",
        f"{CHANGED}: a review takes so much longer from April",
        LONGER,
        "%",
        "Made up: new rules with more to look at. Set it to 0 and cascade again to see what the change costs.",
        "0%",
    )
    return BookOptions(
        title="A policy change from April",
        purpose=f"{CHANGED} takes 20 % longer from April, with the same crews: who loses what, and why.",
        status="Volumes are published figures. Handle times, crews and the policy change are ASSUMPTIONS.",
        assumptions=(*workload.assumptions(), longer),
        pages=(
            Page(
                "Notes",
                "What to look at",
                "Where the change stands, and where its effects show",
                (
                    "The change is one row of HandleTimes: the sub-policy, the quarter from April, its new seconds. "
                    "In the first quarter the handle time in Queues still holds.",
                    "Summary says which target is missed, by how much, what limits it, and which queues and markets "
                    "move most. In Cascade and Queue Targets the column Why says it for each number: hours of the "
                    "market and quarter, the shortage on the target, and what is taken over within the queue.",
                    "Source of the volumes: TikTok Community Guidelines Enforcement Report, 2023 Q3 to 2024 Q2, as "
                    "curated in the repository apparebit/diaphanous under CC BY 4.0.",
                ),
            ),
        ),
    )
