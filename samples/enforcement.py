"""The enforcement plan: published removals of 44 markets, cascaded into the next half-year.

Owns: what the director asks for in it. Figures stand in ``samples.figures``, assumptions in ``samples.workload``.
"""

from __future__ import annotations

from samples.figures import BASELINE, PLANNED, QUARTERS, Figures, figures
from samples.plan_tables import METRIC, ground_tables, rounded, targets_table
from samples.workload import Workload
from workbooks.template.contents import BookOptions, FilledTable, Grid, Page, by_rows
from workbooks.template.write import new_workbook

CREW_MARGIN = 0.13
_POLICIES = ("Mental & Behavioral Health", "Safety & Civility")
_SHARE_OF_POLICY = 0.96
_LIMITED = "Nudity & Body Exposure"


def enforcement_workbook() -> bytes:
    """Return the sample as an .xlsx file."""
    return new_workbook(*enforcement_tables())


def enforcement_tables() -> tuple[dict[str, FilledTable], BookOptions]:
    """Return the input tables of the sample, and what stands around them."""
    found = figures()
    markets = found.steady_markets()
    workload = Workload(round(found.share_by_people(BASELINE, markets), 3), CREW_MARGIN)
    tables = ground_tables("Enforcement 2024 H1, 44 markets", found, markets, workload) | {
        "Targets": _targets(found, markets),
        "Limits": _limits(found),
    }
    return tables, _options(found, workload)


def _targets(found: Figures, markets: tuple[str, ...]) -> FilledTable:
    """Return what a director asks for: the totals that came about, and two policy areas that must not give way."""
    totals = [(None, None, quarter, None, rounded(found.total(quarter, markets)), 1) for quarter in PLANNED]
    policies = [
        (
            None,
            area,
            None,
            "at least",
            rounded(_SHARE_OF_POLICY * sum(found.total(quarter, markets, area) for quarter in PLANNED)),
            2,
        )
        for area in _POLICIES
    ]
    return targets_table([*totals, *policies])


def _limits(found: Figures) -> FilledTable:
    """Return two decisions of people, as every plan has some."""
    germany = rounded(1.05 * sum(found.area_volume(BASELINE[-1], "Germany", area) for area in found.areas()), 10_000)
    rows = [
        (METRIC, "Germany", None, "2024Q1", None, germany, "Head of DACH", "New tooling until March"),
        (METRIC, "Brazil", "Safety & Civility", "2024Q2", 750_000, None, "Country lead", "Agreed with the regulator"),
    ]
    return FilledTable(by_rows(("Metric", "Org", "Queue", "Period", "Min", "Max", "Owner", "Reason"), rows))


def _options(found: Figures, workload: Workload) -> BookOptions:
    return BookOptions(
        title="Enforcement 2024 H1",
        purpose="Videos to be reviewed and removed, by market and policy, from what was removed in 2023 H2.",
        status="Volumes are published figures. Handle times, crews and time lost are ASSUMPTIONS, marked as such.",
        assumptions=workload.assumptions(),
        pages=(_notes(found),),
    )


def _notes(found: Figures) -> Page:
    passing = [
        (market, *("listed" if quarter in quarters else "–" for quarter in QUARTERS))
        for market, quarters in found.passing_markets().items()
    ]
    return Page(
        "Notes",
        "Where the figures come from",
        "Sources, what was computed, and what was left out",
        (
            "Source: TikTok Community Guidelines Enforcement Report, 2023 Q3 to 2024 Q2, as curated in the repository "
            "apparebit/diaphanous under CC BY 4.0. Volumes are removals of the market × share of the policy area × "
            "share of the sub-policy; what the sub-policies leave over stands under Other.",
            "2023 Q3 has no sub-policies: it is shared out by those of 2023 Q4. 2024 Q1 takes the mix of 2023 Q4, and "
            "2024 Q2 that of 2023 Q3, in the column Like of Periods; a year earlier is not published in this form.",
            "Misinformation counts under Integrity & Authenticity, Sexual Exploitation & Gender-Based Violence under "
            "Safety & Civility: the report prints them without their area, and with them the shares add up to 100 %. "
            "Youth Safety & Well-Being has no volumes, so it is no queue.",
            "The targets are the totals that came about, rounded, so that a plan made at the end of 2023 can be "
            "compared with what happened. Markets that are not in all four quarters are left out:",
            Grid(("Market", *QUARTERS), passing),
        ),
    )
