"""Plan workbooks of any size for the benchmarks: regions, sites and teams; policies and queues; quarters and months.

Or weeks; and, where asked for, with what comes in and what waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
import xlsxwriter

REGIONS, SITES = 4, 5
POLICIES = 6
QUARTERS, MONTHS, WEEKS = 4, 3, 13
QUEUES_OF_A_TEAM = 14
GROWTH = 1.06


@dataclass(frozen=True, slots=True)
class Size:
    """How large a plan is: teams per site, queues per policy, and how many hours there are for what is asked.

    uneven : by how much a team's hours of a month are above or below that, so that work has to move
    weekly : 52 weeks instead of 12 months
    backlog : Inflow and Opening for every queue, a tenth of a period's work waiting
    apart : a team works for one policy, and those of the first, of which most is asked, have by so much too few hours
    by_site : a site has queues of its own, and in three months of its own by so much too few hours; no queue may have
        more than is asked of it in any month, so that others do not make up for it
    inflow : what comes in, in parts of a year ago's work; targets ask for 1.06 in all, so that less leaves them short
    """

    teams: int
    queues: int
    hours_there: float = 1.1
    regions: int = REGIONS
    sites: int = SITES
    queues_of_a_team: int = QUEUES_OF_A_TEAM
    seed: int = 7
    uneven: float = 0.0
    weekly: bool = False
    backlog: bool = False
    inflow: float = 1.03
    apart: float = 0.0
    by_site: float = 0.0

    @property
    def periods(self) -> list[tuple[str, str]]:
        """Return every quarter and leaf period."""
        if self.weekly:
            return [(f"2026Q{q + 1}", f"2026-W{q * WEEKS + w + 1:02}") for q in range(QUARTERS) for w in range(WEEKS)]
        return [(f"2026Q{q + 1}", f"2026-{q * MONTHS + m + 1:02}") for q in range(QUARTERS) for m in range(MONTHS)]

    @property
    def cells(self) -> int:
        """Return how many cells the plan has."""
        queues = min(self.queues_of_a_team, POLICIES * self.queues)
        return self.regions * self.sites * self.teams * queues * len(self.periods)


SIZES = {
    "5k": Size(teams=2, queues=5),
    "5k short": Size(teams=2, queues=5, hours_there=0.95),
    "100k": Size(teams=30, queues=20),
    "100k short": Size(teams=30, queues=20, hours_there=0.95),
    "1k": Size(teams=2, queues=2, regions=2, sites=2, queues_of_a_team=10),
    "10k": Size(teams=3, queues=6, uneven=0.15),
    "30k": Size(teams=9, queues=10, uneven=0.15),
    "100k uneven": Size(teams=30, queues=20, uneven=0.15),
    "300k": Size(teams=60, queues=40, regions=5, sites=6, uneven=0.15),
    "1M": Size(teams=100, queues=100, regions=10, sites=6, uneven=0.15),
}
SIZES |= {
    "5k backlog": replace(SIZES["5k"], backlog=True),
    "5k very short": replace(SIZES["5k"], hours_there=0.8),
    "5k weekly": Size(teams=1, queues=5, sites=2, weekly=True),
    "5k weekly short": Size(teams=1, queues=5, sites=2, weekly=True, hours_there=0.95, backlog=True),
    "100k backlog": replace(SIZES["100k"], backlog=True),
    "100k backlog short": replace(SIZES["100k"], backlog=True, hours_there=0.95),
    "100k apart short": replace(SIZES["100k"], apart=0.05, hours_there=1.2, uneven=0.03),
    "100k by site short": Size(teams=30, queues=50, by_site=0.2),
    "5k by site short": Size(teams=2, queues=50, by_site=0.2),
    "100k very short": replace(SIZES["100k"], hours_there=0.8),
    "100k backlog met": replace(SIZES["100k uneven"], backlog=True, inflow=1.08),
    "100k very short backlog": replace(SIZES["100k"], backlog=True, hours_there=0.8),
    "100k weekly": Size(teams=7, queues=20, weekly=True),
    "100k weekly short": Size(teams=7, queues=20, weekly=True, hours_there=0.95),
    "100k weekly backlog": Size(teams=7, queues=20, weekly=True, backlog=True),
    "100k weekly backlog met": Size(teams=7, queues=20, uneven=0.15, weekly=True, backlog=True, inflow=1.08),
    "1M backlog": replace(SIZES["1M"], backlog=True, inflow=1.08),
    "1M short": replace(SIZES["1M"], hours_there=0.95),
    "1M weekly": Size(teams=46, queues=100, regions=5, sites=6, uneven=0.15, weekly=True),
}


def plan_book(size: Size) -> bytes:
    """Return a plan workbook: one volume, every month of a year, targets and hours at several levels."""
    rng = np.random.default_rng(size.seed)
    sites = [(f"Region {r}", f"Site {r}-{s}") for r in range(size.regions) for s in range(size.sites)]
    teams = [(site, f"Team {site[5:]}-{t}") for _, site in sites for t in range(size.teams)]
    queues = [(f"Policy {p}", f"Queue {p}-{q}") for p in range(POLICIES) for q in range(size.queues)]
    months = size.periods
    seconds = np.round(np.exp(rng.normal(4.1, 0.5, len(queues))))
    baseline = []
    hours = {}
    for which, (_, team) in enumerate(teams):
        own = np.arange(len(queues))
        if size.apart:
            own = own.reshape(POLICIES, -1)[which % POLICIES]
        if size.by_site:
            own = np.array_split(own, len(sites))[which // size.teams]
        some = rng.choice(own, size=min(size.queues_of_a_team, len(own)), replace=False)
        for at in sorted(some):
            level = np.exp(rng.normal(7, 0.8))
            for _, month in months:
                value = float(round(level * rng.uniform(0.8, 1.2) * (MONTHS / WEEKS if size.weekly else 1.0)))
                baseline.append(("Reviews", team, queues[at][1], month.replace("2026", "2025"), value))
                hours[team, month] = hours.get((team, month), 0.0) + value * seconds[at] / 3600
    targets = _targets(size, baseline, queues)
    there = {team: _there(size, which) for which, (_, team) in enumerate(teams)}
    capacity = [
        (team, month, round(value * GROWTH * there[team] * (1 + size.uneven * rng.uniform(-1, 1)), 1))
        for (team, month), value in hours.items()
    ]
    if size.by_site:
        capacity = _short_by_site(size, capacity)
    tables = {
        "Metrics": (("Metric", "Kind", "Unit"), [("Reviews", "volume", "items")]),
        "Org": (
            ("Node", "Parent", "Level"),
            [(region, None, "Region") for region in dict.fromkeys(region for region, _ in sites)]
            + [(site, region, "Site") for region, site in sites]
            + [(team, site, "Team") for site, team in teams],
        ),
        "Queues": (
            ("Node", "Parent", "Level", "Handle time (s)"),
            [(policy, None, "Policy", None) for policy in dict.fromkeys(policy for policy, _ in queues)]
            + [(queue, policy, "Queue", seconds[at]) for at, (policy, queue) in enumerate(queues)],
        ),
        "Periods": (
            ("Period", "Parent", "Level", "Working days"),
            [("2026", None, "Year", None)]
            + [(quarter, "2026", "Quarter", None) for quarter in dict.fromkeys(quarter for quarter, _ in months)]
            + [(each, quarter, *(("Week", 5) if size.weekly else ("Month", 21))) for quarter, each in months],
        ),
        "Capacity": (("Org", "Period", "Hours"), capacity),
        "Baseline": (("Metric", "Org", "Queue", "Period", "Value"), baseline),
        "Targets": (("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"), targets),
    }
    if size.by_site:
        most = ("Reviews", "Queue, Month", GROWTH, "% of baseline")
        tables["Limits"] = (("Metric", "Each", "Max", "Basis"), [most])
    if size.backlog:
        tables |= _waiting(baseline, months, size.inflow)
    return _book(tables)


def _targets(size: Size, baseline: list[tuple], queues: list[tuple[str, str]]) -> list[tuple]:
    """Return what is asked: of all over the year, and of every policy by quarters, or of the first over the year."""
    by_policy = dict.fromkeys((policy for policy, _ in queues), 0.0)
    policy_of = {queue: policy for policy, queue in queues}
    for row in baseline:
        by_policy[policy_of[row[2]]] += row[4]
    total = ("Reviews", None, None, None, None, round(sum(row[4] for row in baseline) * GROWTH), 1)
    if size.apart:
        policy, value = next(iter(by_policy.items()))
        return [total, ("Reviews", None, policy, "2026", "at least", round(value * GROWTH), 2)]
    return [
        total,
        *(
            ("Reviews", None, policy, quarter, "at least", round(value * GROWTH / QUARTERS * 0.9), 2)
            for policy, value in by_policy.items()
            for quarter in sorted({quarter for quarter, _ in size.periods})
        ),
    ]


def _there(size: Size, team: int) -> float:
    """Return the hours of a team for what is asked of it."""
    if not size.apart:
        return size.hours_there
    return 1 - size.apart if team % POLICIES == 0 else size.hours_there


def _short_by_site(size: Size, capacity: list[tuple]) -> list[tuple]:
    """Return hours, too few for each site in three months, which no other site has the same three of."""
    periods = len(size.periods)
    found = []
    for at, (team, month, hours) in enumerate(capacity):
        site = at // periods // size.teams
        short = {site % periods, (site + 1 + site // periods) % periods, (site + 5) % periods}
        is_short = at % periods in short
        found.append((team, month, round(hours / size.hours_there * (1 - size.by_site), 1) if is_short else hours))
    return found


def _waiting(baseline: list[tuple], periods: list[tuple[str, str]], inflow: float) -> dict:
    """Return the tables Inflow and Opening."""
    there: dict[tuple[str, str], float] = {}
    for _, _, queue, period, value in baseline:
        key = (queue, period.replace("2025", "2026"))
        there[key] = there.get(key, 0.0) + value
    first = periods[0][1]
    return {
        "Inflow": (
            ("Metric", "Queue", "Period", "Value"),
            [("Reviews", queue, period, round(value * inflow)) for (queue, period), value in there.items()],
        ),
        "Opening": (
            ("Metric", "Queue", "Value"),
            [("Reviews", queue, round(value / 10)) for (queue, period), value in there.items() if period == first],
        ),
    }


def _book(tables: dict) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, (headers, rows) in tables.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, headers)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
        sheet.add_table(0, 0, len(rows), len(headers) - 1, {"name": name, "columns": [{"header": h} for h in headers]})
    book.close()
    return target.getvalue()
