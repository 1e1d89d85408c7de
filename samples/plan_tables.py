"""Input tables of a plan on the enforcement figures, for any choice of markets.

Owns: how published figures become Org, Queues, Periods, Capacity and Baseline.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from samples.figures import BASELINE, PLANNED, Figures
from samples.regions import REGIONS, region_of
from samples.workload import Workload
from workbooks.template.contents import FilledTable, Formula, Value, by_rows

METRIC = "Removals"
PROTECTED = frozenset({"Youth Exploitation & Abuse", "Suicide & Self-Harm"})
HALF_YEAR = "2024H1"
LIKE = {"2024Q1": "2023Q4", "2024Q2": "2023Q3"}
"""Plan quarter → the baseline quarter whose mix it takes; the Notes say why."""

_QUARTER_DAYS = {
    HALF_YEAR: (datetime.date(2024, 1, 1), datetime.date(2024, 6, 30)),
    "2024Q1": (datetime.date(2024, 1, 1), datetime.date(2024, 3, 31)),
    "2024Q2": (datetime.date(2024, 4, 1), datetime.date(2024, 6, 30)),
}


def ground_tables(name: str, figures: Figures, markets: Sequence[str], workload: Workload) -> dict[str, FilledTable]:
    """Return the tables that every plan on these figures has: all but what is asked, and what limits it.

    Parameters
    ----------
    name : what the plan is called
    """
    return {
        "Settings": _settings_table(name),
        "Metrics": _metrics_table(),
        "Org": _org_table(markets),
        "Queues": _queues_table(figures, markets, workload),
        "Periods": _periods_table(workload),
        "Capacity": _capacity_table(figures, markets, workload),
        "Baseline": _baseline_table(figures, markets),
    }


def _settings_table(name: str) -> FilledTable:
    """Return Settings: what the plan is called, the rest by default."""
    rows = (("Plan name", name), ("Cycle", "2024 H1"), ("Version", "Sample"), ("Scenario", "Published totals"))
    return FilledTable(by_rows(("Setting", "Value"), rows))


def _metrics_table() -> FilledTable:
    """Return Metrics: one volume."""
    rows = ((METRIC, "volume", "videos", "higher", "yes"),)
    return FilledTable(by_rows(("Metric", "Kind", "Unit", "Better", "Uses capacity"), rows))


def _org_table(markets: Sequence[str]) -> FilledTable:
    """Return Org: regions, and markets below them."""
    rows: list[tuple[Value, ...]] = []
    for region, members in REGIONS.items():
        chosen = [market for market in members if market in markets]
        if chosen:
            rows.append((region, None, "Region"))
            rows.extend((market, region, "Market") for market in chosen)
    return FilledTable(
        by_rows(("Node", "Parent", "Level"), rows), notes={"Parent": "The grouping into regions is ours."}
    )


def queue_names(figures: Figures, markets: Sequence[str], area: str) -> tuple[str, ...]:
    """Return the queues of an area that have a baseline in these markets, the remainder last."""
    found = {queue for market in markets for queue in figures.queue_volumes(BASELINE[-1], market, area)}
    return tuple(sorted(found, key=lambda queue: (queue.startswith("Other "), queue)))


def _queues_table(figures: Figures, markets: Sequence[str], workload: Workload) -> FilledTable:
    """Return Queues: policy areas, and sub-policies below them with their handle time."""
    rows: list[tuple[Value, ...]] = []
    for area in figures.areas():
        rows.append((area, None, "Policy", None, None))
        rows.extend(
            (queue, area, "Sub-policy", workload.handle_time(queue), 0.0 if queue in PROTECTED else None)
            for queue in queue_names(figures, markets, area)
        )
    return FilledTable(
        by_rows(("Node", "Parent", "Level", "Handle time", "May lose"), rows),
        notes={
            "Handle time": "Seconds per removal: share seen by people × seconds of a review (sheet Assumptions).",
            "May lose": "0 protects a queue when hours are short. Which ones is our assumption.",
        },
        assumed=frozenset({"Handle time", "May lose"}),
    )


def _periods_table(workload: Workload) -> FilledTable:
    """Return Periods: a half-year of two quarters."""
    days = Formula("Working_days", workload.working_days)
    rows: list[tuple[Value, ...]] = [(HALF_YEAR, None, "Half-year", *_QUARTER_DAYS[HALF_YEAR], None, None)]
    rows.extend((quarter, HALF_YEAR, "Quarter", *_QUARTER_DAYS[quarter], days, LIKE[quarter]) for quarter in PLANNED)
    names = ("Period", "Parent", "Level", "Start", "End", "Working days", "Like")
    return FilledTable(by_rows(names, rows), assumed=frozenset({"Working days"}))


def _capacity_table(figures: Figures, markets: Sequence[str], workload: Workload) -> FilledTable:
    """Return Capacity: one crew per market, the same in both quarters."""
    rows = [
        (
            market,
            workload.crew(figures, market),
            Formula("Hours_per_day", workload.hours_per_day),
            Formula("Shrinkage_assumed", workload.shrinkage),
            Formula("Occupancy_assumed", workload.occupancy),
        )
        for market in sorted(markets, key=lambda market: (list(REGIONS).index(region_of(market)), market))
    ]
    names = ("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy")
    note = (
        f"Sized by us: the hours of the market's average quarter of 2023 H2, plus {workload.crew_margin:.0%}, "
        "in whole FTE."
    )
    return FilledTable(by_rows(names, rows), notes={"FTE": note}, assumed=frozenset(names[1:]))


def _baseline_table(figures: Figures, markets: Sequence[str]) -> FilledTable:
    """Return Baseline: 2023 Q3 by policy area, as published, and 2023 Q4 by sub-policy."""
    coarse, fine = BASELINE
    rows: list[tuple[Value, ...]] = [
        (METRIC, market, area, coarse, float(round(figures.area_volume(coarse, market, area))))
        for market in markets
        for area in figures.areas()
    ]
    rows.extend(
        (METRIC, market, queue, fine, float(round(volume)))
        for market in markets
        for area in figures.areas()
        for queue, volume in figures.queue_volumes(fine, market, area).items()
    )
    return FilledTable(
        by_rows(("Metric", "Org", "Queue", "Period", "Value"), rows),
        notes={"Value": "Removals of the market × share of the area × share of the sub-policy, whole videos."},
    )


def targets_table(rows: Sequence[Sequence[Value]]) -> FilledTable:
    """Return Targets of rows (Org, Queue, Period, Sense, Value, Priority)."""
    return FilledTable(
        by_rows(("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"), [(METRIC, *row) for row in rows])
    )


def rounded(value: float, to: float = 100_000) -> float:
    """Return a total as a director would say it."""
    return round(value / to) * to
