"""The Review tab: the page for the meeting, on two landscape pages.

Owns: what stands where. Numbers that stand in Variance are references to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.variance.attainment import Status
from engine.variance.heat import heat_map
from engine.variance.review import TOP, MetricReview, node_name
from engine.variance.table import VarianceTable
from workbooks.addresses import cell_name, column_letters, quoted
from workbooks.tabs.looks import (
    ACCENT,
    AFTER_NUMBER,
    INK,
    LINK,
    NOTE,
    QUIET,
    SHARE,
    TITLE,
    bad,
    clipped,
    good,
    number,
    watch,
)
from workbooks.tabs.looks import (
    TOP as TABLE_TOP,
)
from workbooks.tabs.model import Chart, ColourWhen, Series, Sheet, Style
from workbooks.tabs.names import DIAGNOSTICS, REVIEW, VARIANCE
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.ranges import absolute
from workbooks.tabs.review_words import bridge_title, headline, quality, subtitle, trend_title
from workbooks.tabs.units import change_format, value_format
from workbooks.tabs.variance import VarianceRows, variance_rows

_WIDTHS = {1: 30.0} | dict.fromkeys(range(2, 13), 12.5)
_SENTENCE = Style(size=11)
_SAID = Style(bold=True, size=12)
_MOST_METRICS = 6
_MOST_LINES = 10
_CHART_COLUMN = 8
_CHART_WIDTH, _CHART_HEIGHT = 560, 250
_CHART_LINES = 14
_MAP_ROWS, _MAP_COLUMNS = 12, 10
_GOOD_FILL, _BAD_FILL, _EARLIER = "2E8B57", "C0392B", "CBD2D9"


@dataclass(frozen=True, slots=True)
class Action:
    """A row of Actions for the review. due : as text; is_overdue : before the end of As of, and not done."""

    id: str
    finding: str
    owner: str
    due: str
    status: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ReviewParts:
    """What the review is made of.

    blockers : sentences about what kept red rows, with their amounts
    sheet_name : what one of our sheets is called in this book
    """

    table: VarianceTable
    metrics: Sequence[MetricReview]
    blockers: Sequence[tuple[str, float, str]]
    actions: Sequence[Action]
    sheet_name: Callable[[str], str]


def review_sheet(parts: ReviewParts) -> Sheet:
    """Return Review."""
    page, writer = Page(), _Writer(parts)
    writer.title(page)
    writer.headlines(page)
    writer.standings(page)
    charts: list[Chart] = []
    colours: list[ColourWhen] = []
    if parts.metrics:
        charts += writer.bridge(page, parts.metrics[0])
        charts += writer.trend(page, parts.metrics[0])
        colours += writer.heat_map(page, parts.metrics[0])
    writer.segments(page)
    writer.blockers(page)
    colours += writer.actions(page)
    return Sheet(
        REVIEW,
        cells=tuple(page.cells),
        widths=dict(_WIDTHS),
        heights={1: 24.0},
        colours=(*writer.status_colours, *colours),
        charts=tuple(charts),
        tab_colour=ACCENT,
        pages_high=2,
    )


class _Writer:
    """Puts the blocks of a review on a page."""

    def __init__(self, parts: ReviewParts) -> None:
        self.parts, self.table, self.plan = parts, parts.table, parts.table.plan
        self.at = _Places(parts)
        self.status_colours: list[ColourWhen] = []

    def title(self, page: Page) -> None:
        settings = self.plan.settings
        page.line([Entry(f"Review: {settings.plan_name or 'plan'}", TITLE)])
        page.line([Entry(subtitle(self.table), NOTE)])
        page.line([Entry(quality(self.table), NOTE)])
        names = [self.parts.sheet_name(name) for name in (VARIANCE, DIAGNOSTICS)]
        page.line([Entry("Go to", NOTE), *(Entry(name, LINK, link=f"{quoted(name)}!A1") for name in names)])

    def headlines(self, page: Page) -> None:
        page.row += 1
        for one in self.parts.metrics[:_MOST_METRICS]:
            first, *others = headline(self.table, one)
            page.line([Entry(first, _SAID)])
            for sentence in others:
                page.line([Entry(sentence, _SENTENCE)])
        if not self.parts.metrics:
            page.line([Entry("Nothing was reported.", _SAID)])

    def standings(self, page: Page) -> None:
        """Put a line per metric: to date, and where it will end."""
        page.heading(
            ["To date", "Agreed", "Actual", "Variance", "Attainment", "Status", "Ends at", "80 % from", "80 % to",
             "Target", "Chance", "Per day"], 12,
        )  # fmt: skip
        first = page.row
        for one in self.parts.metrics[:_MOST_METRICS]:
            page.line(self._standing(one))
        cells = f"F{first}:F{max(page.row - 1, first)}"
        self.status_colours += _status_rules(cells, f"$F{first}")

    def _standing(self, one: MetricReview) -> list[Entry | None]:
        metric, block = one.table.metric, one.table.block
        value, change = number(value_format(self.plan, metric)), number(change_format(self.plan, metric))
        status = Status(int(one.table.status[TOP, TOP])).label
        entries: list[Entry | None] = [
            Entry(self.plan.metrics.ids[metric], LINK, link=self.at.link(one, TOP, "Metric")),
            Entry(one.at_top(block.compared), value, self.at.agreed(one)),
            Entry(one.at_top(block.actual), value, self.at.cell(one, TOP, "Actual")),
            Entry(one.at_top(block.variance), change, self.at.cell(one, TOP, "Variance")),
            Entry(one.at_top(one.table.attainment), number(SHARE), self.at.cell(one, TOP, "Attainment")),
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

    def _chart(self, one: MetricReview, title: str, top: int, series: Sequence[Series]) -> Chart:
        shown = value_format(self.plan, one.table.metric)
        place = (top, _CHART_COLUMN, _CHART_WIDTH, _CHART_HEIGHT)
        return Chart(clipped(title, 110), *place, series, "column", shown)

    def bridge(self, page: Page, one: MetricReview) -> list[Chart]:
        """Put the steps from agreed to actual, and their chart."""
        block, metric = one.table.block, one.table.metric
        value, change = number(value_format(self.plan, metric)), number(change_format(self.plan, metric))
        quiet = Style(number_format=value_format(self.plan, metric), colour=QUIET)
        name = self.plan.metrics.ids[metric]
        page.heading([f"{name}: from agreed to actual", "Value", "base", "agreed", "actual", "better", "worse"], 7)
        first = page.row
        level = one.at_top(block.compared)
        lowest = [level]
        page.line([Entry("Agreed"), Entry(level, value, self.at.agreed(one)), None, Entry(level, quiet, f"B{first}")])
        higher = bool(self.plan.metrics.higher_is_better[metric])
        for step in one.steps:
            row = page.row
            base, before = min(level, level + step.change), level
            level += step.change
            lowest.append(min(before, level))
            is_good = (step.change > 0) == higher
            size = Entry(abs(step.change), quiet, f"ABS(B{row})")
            running = f"$B${first}" + "".join(f"+B{each}" for each in range(first + 1, row))
            page.line(
                [
                    Entry(clipped(step.label, 40)),
                    Entry(step.change, change, self.at.step(one, step.label, step.node)),
                    Entry(base, quiet, f"MIN({running},{running}+B{row})"),
                    None,
                    None,
                    size if is_good else None,
                    None if is_good else size,
                ]
            )
        last = page.row
        page.line(
            [Entry("Actual"), Entry(one.at_top(block.actual), value, self.at.cell(one, TOP, "Actual")), None, None,
             Entry(one.at_top(block.actual), quiet, f"B{last}")]
        )  # fmt: skip
        page.row = max(page.row, first + _CHART_LINES)
        sheet = self.parts.sheet_name(REVIEW)
        labels = absolute(sheet, 1, first, last)
        series = [
            Series("base", labels, absolute(sheet, 3, first, last), INK, hidden=True),
            Series("Agreed", labels, absolute(sheet, 4, first, last), INK, outlined=True, labelled=True),
            Series("Actual", labels, absolute(sheet, 5, first, last), INK, labelled=True),
            Series("better", labels, absolute(sheet, 6, first, last), _GOOD_FILL, labelled=True),
            Series("worse", labels, absolute(sheet, 7, first, last), _BAD_FILL, labelled=True),
        ]
        least = _axis_start(min(lowest), max(abs(step.change) for step in one.steps) if one.steps else 0.0)
        cut = " · axis cut" if least > 0 else ""
        chart = self._chart(one, bridge_title(self.table, one) + cut, first - 1, series)
        return [replace(chart, stacked=True, least=least, has_legend=False)]

    def trend(self, page: Page, one: MetricReview) -> list[Chart]:
        """Put the leaf periods, and their chart."""
        metric, trend = one.table.metric, one.trend
        value = number(value_format(self.plan, metric))
        name = self.plan.metrics.ids[metric]
        page.heading([f"{name} by period", "Agreed", "Actual", "Forecast", "Earlier"], 5)
        first = page.row
        leaves = self.plan.periods.leaves.tolist()
        for at, node in enumerate(leaves):
            series_here = (trend.agreed, trend.actual, trend.forecast, trend.earlier)
            page.line([Entry(self.plan.periods.ids[node]), *(Entry(float(each[at]), value) for each in series_here)])
        last = page.row - 1
        page.row = max(page.row, first + _CHART_LINES)
        sheet = self.parts.sheet_name(REVIEW)
        labels = absolute(sheet, 1, first, last)
        series = [
            Series("Actual", labels, absolute(sheet, 3, first, last), INK),
            Series("Forecast", labels, absolute(sheet, 4, first, last), INK, hatched=True),
            Series("Agreed", labels, absolute(sheet, 2, first, last), "1D4ED8", is_line=True),
        ]
        if np.isfinite(trend.earlier).any():
            series.insert(0, Series("Earlier", labels, absolute(sheet, 5, first, last), _EARLIER))
        return [self._chart(one, trend_title(self.table, one), first - 1, series)]

    def heat_map(self, page: Page, one: MetricReview) -> list[ColourWhen]:
        """Put attainment by org × queue, coloured by status."""
        found = heat_map(self.plan, one.table, (_MAP_ROWS, _MAP_COLUMNS))
        names = [clipped(self.plan.queues.names[queue], 16) for queue in found.queues]
        what = "variance in points" if self.plan.metrics.kinds[one.table.metric] == "rate" else "attainment"
        page.heading([f"{self.plan.metrics.ids[one.table.metric]}: {what} to date", *names], len(names) + 1)
        style = number(change_format(self.plan, one.table.metric) if what != "attainment" else "0%")
        rules: list[ColourWhen] = []
        for row, org in enumerate(found.orgs):
            numbers = [Entry(float(each), style) for each in found.value[row]]
            page.line([Entry(clipped(self.plan.org.names[org], 28)), *numbers])
            for column, status in enumerate(found.status[row].tolist(), start=2):
                rules += _fill(cell_name(page.row - 1, column), status)
        return rules

    def segments(self, page: Page) -> None:
        """Put the few that explain most, metric by metric."""
        page.heading(["What explains it", "Variance", "Part of it"], 3)
        told = False
        for one in self.parts.metrics[:_MOST_METRICS]:
            change = number(change_format(self.plan, one.table.metric))
            for each in one.segments[:_MOST_LINES]:
                told = True
                label = f"{self.plan.metrics.ids[one.table.metric]} · {node_name(self.plan, one.table, each.node)}"
                page.line(
                    [
                        Entry(clipped(label, 44), LINK, link=self.at.link(one, each.node, "Metric")),
                        Entry(each.variance, change, self.at.cell(one, each.node, "To parent")),
                        Entry(each.power, number("0%")),
                    ]
                )
            if np.isfinite(one.offset):
                told = True
                words = f"{self.plan.metrics.ids[one.table.metric]} · gains that hide losses (offset ratio)"
                page.line([Entry(clipped(words, 60)), None, Entry(one.offset, number("0%"))])
        if not told:
            page.line([Entry("nothing stands out", NOTE)])

    def blockers(self, page: Page) -> None:
        """Put what kept red rows."""
        page.heading(["What blocked it", "Items", "How"], 2)
        for words, items, how in self.parts.blockers[:_MOST_LINES]:
            page.line([Entry(clipped(words, 44)), Entry(items, number("#,##0")), Entry(how, AFTER_NUMBER)])
        if not self.parts.blockers:
            page.line([Entry("nothing is red, or nothing tells why", NOTE)])

    def actions(self, page: Page) -> list[ColourWhen]:
        """Put actions, the overdue ones first."""
        overdue = sum(action.is_overdue for action in self.parts.actions)
        page.heading([f"Actions: {overdue} overdue", "Owner", "Due", "Status", "Finding"], 0)
        first = page.row
        ordered = sorted(self.parts.actions, key=lambda each: (not each.is_overdue, each.due, each.id))
        for action in ordered[:_MOST_LINES]:
            late = "overdue" if action.is_overdue else action.status
            words = (action.id, action.owner, action.due, late, clipped(action.finding, 120))
            page.line([Entry(each) for each in words])
        if not self.parts.actions:
            page.line([Entry("none", NOTE)])
        return [bad(f"D{first}:D{max(page.row - 1, first)}", f'$D{first}="overdue"')]


class _Places:
    """Where the numbers of a review stand in Variance."""

    def __init__(self, parts: ReviewParts) -> None:
        rows: VarianceRows = variance_rows(parts.table)
        self._sheet = quoted(parts.sheet_name(VARIANCE))
        self._row = {
            key: TABLE_TOP + 1 + at
            for at, key in enumerate(zip(rows.table.tolist(), rows.node.tolist(), rows.period.tolist(), strict=True))
        }
        self._metric = {each.metric: at for at, each in enumerate(parts.table.metrics)}
        drivers = list(dict.fromkeys(name for each in parts.table.metrics for name in each.block.drivers))
        headers = [
            "Metric", "Org", "Queue", "Period", "Agreed", "Latest", "Revision", "Actual", "Not reported", "Variance",
            "Attainment", "Status", "Rate effect", "Mix effect", "Volume effect",
            *(f"{name} effect" for name in drivers), "New or closed", "Check", "To parent",
        ]  # fmt: skip
        self._column = {header: column_letters(at) for at, header in enumerate(headers, start=1)}

    def cell(self, one: MetricReview, node: int, header: str) -> str:
        """Return the reference of a number of a node to date."""
        row = self._row[self._metric[one.table.metric], node, TOP]
        return f"{self._sheet}!{self._column[header]}{row}"

    def link(self, one: MetricReview, node: int, header: str) -> str:
        """Return the same for a hyperlink."""
        return self.cell(one, node, header)

    def agreed(self, one: MetricReview) -> str:
        """Return what actuals are compared with, as a formula."""
        return f"{self.cell(one, TOP, 'Agreed')}-{self.cell(one, TOP, 'Not reported')}"

    def step(self, one: MetricReview, label: str, node: int) -> str:
        """Return the reference of a step of the bridge; "" for a rest."""
        if node >= 0:
            return self.cell(one, node, "To parent")
        header = label if label == "New or closed" else f"{label} effect"
        return self.cell(one, TOP, header) if header in self._column else ""


def _axis_start(lowest: float, largest: float) -> float:
    """Return where the axis starts: 0, unless the steps would vanish beside the totals."""
    if lowest <= 0 or largest > 0.08 * lowest:
        return 0.0
    room = max(largest * 4, lowest * 0.02)
    scale = 10 ** np.floor(np.log10(room))
    return float(max(0.0, np.floor((lowest - room) / scale) * scale))


def _status_rules(cells: str, first: str) -> list[ColourWhen]:
    return [
        good(cells, f'{first}="{Status.GREEN.label}"'),
        watch(cells, f'{first}="{Status.AMBER.label}"'),
        bad(cells, f'{first}="{Status.RED.label}"'),
    ]


def _fill(cell: str, status: int) -> list[ColourWhen]:
    rule = {Status.GREEN: good, Status.AMBER: watch, Status.RED: bad}.get(Status(status))
    return [rule(cell, "TRUE")] if rule is not None else []
