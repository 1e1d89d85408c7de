"""The Summary tab: is it right, is it enough, what moves, who has signed, and where to look.

Owns: the order of its blocks. Numbers that stand on another of our tabs are references to it.
"""

from __future__ import annotations

from workbooks.addresses import quoted
from workbooks.tabs.looks import ACCENT, LINK, NOTE, TITLE
from workbooks.tabs.model import Sheet, Style
from workbooks.tabs.names import CASCADE, OWN_SHEETS, SUMMARY
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.sources import Sources
from workbooks.tabs.summary_blocks import add_efforts, add_gaps, add_guard, add_hours, add_metrics, add_movers
from workbooks.tabs.summary_chart import add_chart
from workbooks.tabs.summary_checks import add_checks
from workbooks.tabs.summary_status import add_status, status_texts

_WIDTHS = {1: 46.0, 2: 15.0, 3: 17.0, 4: 15.0, 5: 15.0, 6: 15.0, 7: 15.0, 8: 15.0}
_MESSAGE = Style(bold=True, size=12)


def summary_sheet(sources: Sources) -> Sheet:
    """Return Summary."""
    page = Page()
    _add_title(page, sources)
    overall = page.row
    page.row += 1
    add_metrics(page, sources)
    add_efforts(page, sources)
    add_hours(page, sources)
    charts = add_chart(page, sources)
    add_gaps(page, sources)
    add_movers(page, sources)
    add_guard(page, sources)
    colours = add_status(page, status_texts(sources.outcome.plan, sources.standings))
    colours += add_checks(page, sources, overall)
    cells = tuple(page.cells)
    return Sheet(
        SUMMARY,
        cells=cells,
        widths=dict(_WIDTHS),
        heights={1: 24.0, overall: 21.0},
        colours=colours,
        charts=charts,
        tab_colour=ACCENT,
        landscape=False,
        pages_high=1,
    )


def _add_title(page: Page, sources: Sources) -> None:
    settings = sources.outcome.plan.settings
    page.line([Entry(settings.plan_name or "Plan", TITLE)])
    named = (("Cycle", settings.cycle), ("Version", settings.version), ("Scenario", settings.scenario))
    page.line([Entry(" · ".join(f"{name} {value}" for name, value in named if value) or "Target cascade", NOTE)])
    page.line([Entry(_message(sources), _MESSAGE)])
    others = [sheet for sheet in OWN_SHEETS if sheet != SUMMARY]
    names = [sources.sheet_name(sheet) for sheet in others]
    if sources.leaf_rows:
        beside = f"Leaf rows of {sources.sheet_name(CASCADE)} stand beside this workbook, in {sources.leaf_rows}"
        page.line([Entry(beside, NOTE)])
    page.line([Entry("Go to", NOTE), *(Entry(name, LINK, link=f"{quoted(name)}!A1") for name in names)])


def _message(sources: Sources) -> str:
    met = sources.outcome.targets.met
    if not len(met):
        return "No target was asked"
    if met.all():
        return "Every target is met" if len(met) > 1 else "The target is met"
    missed = len(met) - int(met.sum())
    return f"{missed:,} of {len(met):,} targets {'is' if missed == 1 else 'are'} not met"
