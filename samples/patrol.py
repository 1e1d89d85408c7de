"""A review queue with a backlog: new pages of the English Wikipedia, and the volunteers who patrol them.

Owns: what is planned in it, and what is assumed. Figures stand in ``samples.patrol_figures``.
"""

from __future__ import annotations

import datetime

from samples.patrol_figures import HISTORY, PLANNED, Month, exit_share, months, opening
from workbooks.template.contents import Assumption, BookOptions, FilledTable, Formula, Grid, Page, Value, by_rows
from workbooks.template.write import new_workbook

PATROLS, BACKLOG = "Patrols", "Backlog"
QUEUE = "New pages"
FIRST, OTHERS = "Most active patroller of the day", "All other patrollers"
ASKED_BACKLOG = 12_000.0
DUE_HOURS = 720.0
MINUTES = 3.0
READY = 1.08

_SECONDS = Formula("Minutes_per_patrol*60", MINUTES * 60)


def patrol_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    found = months()
    share = round(exit_share(), 3)
    tables = {
        "Settings": FilledTable(
            by_rows(
                ("Setting", "Value"),
                (("Plan name", "New page patrol 2017 H1"), ("Cycle", "2017 H1"), ("Version", "Sample")),
            )
        ),
        "Metrics": FilledTable(
            by_rows(
                ("Metric", "Kind", "Unit", "Better", "Balance of"),
                ((PATROLS, "volume", "pages", "higher", None), (BACKLOG, "stock", "pages", "lower", PATROLS)),
            )
        ),
        "Org": FilledTable(
            by_rows(
                ("Node", "Parent", "Level"),
                (("Patrollers", None, "Community"), (FIRST, "Patrollers", "Group"), (OTHERS, "Patrollers", "Group")),
            )
        ),
        "Queues": FilledTable(
            by_rows(("Node", "Level", "Handle time", "Turnaround"), ((QUEUE, "Queue", _SECONDS, DUE_HOURS),)),
            assumed=frozenset({"Handle time", "Turnaround"}),
        ),
        "Periods": _periods(),
        "Capacity": _capacity(found),
        "Baseline": _baseline(found),
        "Inflow": _inflow(found, share),
        "Opening": FilledTable(
            by_rows(("Metric", "Queue", "Value"), ((BACKLOG, QUEUE, opening()),)),
            {"Value": "As read off the backlog chart for 31 December 2016."},
        ),
        "Targets": FilledTable(
            by_rows(
                ("Metric", "Queue", "Period", "Sense", "Value", "Priority"),
                ((BACKLOG, QUEUE, "2017-06", "at most", ASKED_BACKLOG, 1),),
            )
        ),
    }
    return new_workbook(tables, _options(share))


def _periods() -> FilledTable:
    rows: list[tuple[Value, ...]] = [("2017 H1", None, "Half-year", None, None, None)]
    for name, like in zip(PLANNED, HISTORY, strict=True):
        first = datetime.date.fromisoformat(f"{name}-01")
        last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
        rows.append((name, "2017 H1", "Month", first, last, like))
    return FilledTable(by_rows(("Period", "Parent", "Level", "Start", "End", "Like"), rows))


def _baseline(found: dict[str, Month]) -> FilledTable:
    rows = [
        (PATROLS, group, QUEUE, name, value)
        for name in HISTORY
        for group, value in ((FIRST, found[name].by_first), (OTHERS, found[name].patrols - found[name].by_first))
    ]
    return FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows))


def _capacity(found: dict[str, Month]) -> FilledTable:
    """Return hours as they were in the half-year before, times what is assumed to be ready for more."""
    rows = []
    for name, like in zip(PLANNED, HISTORY, strict=True):
        before = found[like]
        for group, done in ((FIRST, before.by_first), (OTHERS, before.patrols - before.by_first)):
            text = f"{done:.0f}*Minutes_per_patrol/60*Readiness"
            rows.append((group, name, Formula(text, done * MINUTES / 60 * READY)))
    notes = {"Hours": "Patrols of the month in 2016 that Periods names in Like × minutes per patrol × readiness."}
    return FilledTable(by_rows(("Org", "Period", "Hours"), rows), notes, frozenset({"Hours"}))


def _inflow(found: dict[str, Month], share: float) -> FilledTable:
    rows = [
        (PATROLS, QUEUE, name, found[name].inflow,
         Formula(f"ROUND({found[name].inflow:.0f}*Share_of_exits,0)", float(round(found[name].inflow * share))))
        for name in PLANNED
    ]  # fmt: skip
    notes = {
        "Value": "Articles created, and pages moved in from user pages and drafts, as logged.",
        "Exits": "Pages that leave without a patrol: deleted, or turned into redirects.",
    }
    return FilledTable(by_rows(("Metric", "Queue", "Period", "Value", "Exits"), rows), notes, frozenset({"Exits"}))


def _options(share: float) -> BookOptions:
    real = [(name, found.inflow, found.patrols) for name, found in months().items() if name in PLANNED]
    return BookOptions(
        title="New page patrol 2017 H1",
        purpose="How many new pages must be patrolled, by whom, so that the backlog comes down to 12,000 by June.",
        status="Inflow, patrols and opening backlog are real. Minutes, hours, exits and turnaround are ASSUMPTIONS.",
        assumptions=(
            Assumption("Minutes_per_patrol", "One patrol takes", MINUTES, "minutes",
                       "Nobody measures volunteers' time: put your own."),
            Assumption("Readiness", "Hours that patrollers give, against 2016 H2", READY, "times",
                       "A plan for a little more than before. In fact fewer patrollers came in 2017.", "0.00"),
            Assumption("Share_of_exits", "Pages that leave without a patrol", share, "% of inflow",
                       "What closes the balance from 13 July to 31 December 2016: inflow − patrols − growth of the "
                       "backlog. Deletions and redirects are not published per day.", "0.0%"),
        ),
        pages=(
            Page(
                "Notes",
                "Where the figures come from",
                "Sources, what was computed, and what came about",
                (
                    "Source: logs of the English Wikipedia per day, 2016-07-01 to 2017-06-30, as gathered by the "
                    "Wikimedia Foundation's study of autoconfirmed article creation (repository nettrom/actrial). The "
                    "backlog was read off the chart that the project kept, by hand, in the same repository.",
                    "The two groups are a reading of ours: per day, the published share of the most active patroller, "
                    "and the rest. A third of all patrols hung on one person a day.",
                    "Inflow of the plan is what really came. What really happened, for comparison:",
                    Grid(("Month", "Inflow", "Patrols"), real),
                    "The backlog stood at 20,000 on 26 June 2017 instead of the 12,000 that are asked for here.",
                ),
            ),
        ),
    )  # fmt: skip
