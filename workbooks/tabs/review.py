"""The Review tab: the page for the meeting, on two landscape pages.

Owns: what stands where, the headlines, and where each metric stands. Numbers that stand in Variance refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.variance.attainment import Status
from engine.variance.nodes import TOP
from engine.variance.review import MetricReview
from engine.variance.table import VarianceTable
from solver.frozen import frozen
from workbooks.addresses import column_letters, quoted
from workbooks.tabs.blocked_words import Blocker
from workbooks.tabs.looks import ACCENT, LINK, NOTE, SHARE, TITLE, bad, good, number, watch
from workbooks.tabs.metric_looks import value_format, variance_format
from workbooks.tabs.model import ColourWhen, Sheet, Style
from workbooks.tabs.names import DIAGNOSTICS, REVIEW, VARIANCE
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.review_charts import NUMBERS, Charts
from workbooks.tabs.review_lists import Action, Lists
from workbooks.tabs.review_places import Places
from workbooks.tabs.review_words import headline, quality, subtitle

_WIDTHS = {1: 30.0} | dict.fromkeys(range(2, 13), 12.5) | {13: 3.0, NUMBERS: 34.0}
_WIDTHS |= dict.fromkeys(range(NUMBERS + 1, NUMBERS + 7), 13.0)
_PRINTED = "$A$1:$L$"
_SENTENCE = Style(size=11)
_SAID = Style(bold=True, size=12)
_MOST_METRICS = 6
_MOST_MAPS = 3


@frozen
class ReviewParts:
    """What the review is made of.

    variance : the sheet it refers to; blockers : what kept red rows, with their amounts
    sheet_name : what one of our sheets is called in this book
    """

    table: VarianceTable
    variance: Sheet
    metrics: Sequence[MetricReview]
    blockers: Sequence[Blocker]
    actions: Sequence[Action]
    sheet_name: Callable[[str], str]


def review_sheet(parts: ReviewParts) -> Sheet:
    """Return Review."""
    page, numbers = Page(), Page()
    places = Places(parts.table, parts.variance, parts.sheet_name)
    metrics = parts.metrics[:_MOST_METRICS]
    head, lists = _Head(parts, places), Lists(parts.table, places)
    head.title(page)
    head.headlines(page, metrics)
    colours = head.standings(page, metrics)
    charts = Charts(parts.table, places, parts.sheet_name).put(page, numbers, metrics)
    for one in metrics[:_MOST_MAPS]:
        lists.heat_map(page, one)
    lists.segments(page, metrics)
    lists.blockers(page, parts.blockers)
    colours += lists.actions(page, parts.actions)
    return Sheet(
        REVIEW,
        cells=(*page.cells, *numbers.cells),
        widths=dict(_WIDTHS),
        heights={1: 24.0, **lists.heights},
        colours=tuple(colours),
        charts=tuple(charts),
        tab_colour=ACCENT,
        pages_high=2,
        print_area=f"{_PRINTED}{page.row}",
    )


class _Head:
    """Puts what comes first: what is reviewed, what is said of it, and where each metric stands."""

    def __init__(self, parts: ReviewParts, places: Places) -> None:
        self.parts, self.table, self.plan, self.at = parts, parts.table, parts.table.plan, places

    def title(self, page: Page) -> None:
        """Put the title, how good the actuals are, and where more stands."""
        settings = self.plan.settings
        page.line([Entry(f"Review: {settings.plan_name or 'plan'}", TITLE)])
        page.line([Entry(subtitle(self.table), NOTE)])
        page.line([Entry(quality(self.table), NOTE)])
        names = [self.parts.sheet_name(name) for name in (VARIANCE, DIAGNOSTICS)]
        links = [Entry(name, LINK, link=f"{quoted(name)}!A1") for name in names]
        charts = Entry(
            "Numbers behind the charts",
            LINK,
            link=f"{quoted(self.parts.sheet_name(REVIEW))}!{column_letters(NUMBERS)}1",
        )
        page.line([Entry("Go to", NOTE), *links, charts])

    def headlines(self, page: Page, metrics: Sequence[MetricReview]) -> None:
        """Put the sentences of each metric."""
        page.row += 1
        for at, one in enumerate(metrics):
            page.row += at > 0
            first, *others = headline(self.table, one)
            page.line([Entry(first, _SAID)])
            for sentence in others:
                page.line([Entry(sentence, _SENTENCE)])
        if not metrics:
            page.line([Entry("Nothing was reported.", _SAID)])
        left_out = len(self.parts.metrics) - len(metrics)
        if left_out > 0:
            page.line([Entry(f"{left_out} more metrics stand in Variance.", NOTE)])

    def standings(self, page: Page, metrics: Sequence[MetricReview]) -> list[ColourWhen]:
        """Put a line per metric: to date, and where it will end."""
        words = ["To date", "Agreed", "Actual", "Variance", "Attainment", "Status"]
        if any(one.endings for one in metrics):
            words += ["Ends at", "80 % from", "80 % to", "Target", "Chance", "Needed/day"]
        page.heading(words, len(words) - 1)
        first = page.row
        for one in metrics:
            page.line(self._standing(one))
        cells = f"F{first}:F{max(page.row - 1, first)}"
        rules = {Status.GREEN: good, Status.AMBER: watch, Status.RED: bad}
        return [rule(cells, f'$F{first}="{status.label}"') for status, rule in rules.items()]

    def _standing(self, one: MetricReview) -> list[Entry | None]:
        metrics, metric, block = self.plan.metrics, one.table.metric, one.table.block
        value, change = number(value_format(metrics, metric)), number(variance_format(metrics, metric))
        status = Status(int(one.table.status[TOP, TOP])).label
        is_rate = metrics.kinds[metric] == "rate"
        entries: list[Entry | None] = [
            Entry(metrics.ids[metric], LINK, link=self.at.cell(one, TOP, "Metric")),
            Entry(one.at_top(block.compared), value, self.at.agreed(one)),
            Entry(one.at_top(block.actual), value, self.at.cell(one, TOP, "Actual")),
            Entry(one.at_top(block.variance), change, self.at.cell(one, TOP, "Variance")),
            # shares are judged in points: a ratio of ratios would flatter them
            None if is_rate else Entry(
                one.at_top(one.table.attainment), number(SHARE), self.at.cell(one, TOP, "Attainment")
            ),
            Entry(status, Style(align="right"), self.at.cell(one, TOP, "Status")),
        ]  # fmt: skip
        if not one.endings:
            return entries
        ending = one.endings[0]
        return [
            *entries,
            Entry(ending.expected, value),
            Entry(ending.low, value),
            Entry(ending.high, value),
            Entry(ending.target, value),
            Entry(ending.chance, number("0%")),
            Entry(max(ending.pace, 0.0) if np.isfinite(ending.pace) else ending.pace, value),
        ]
