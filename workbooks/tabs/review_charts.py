"""The charts of a review: a bridge from agreed to actual, and the periods beside what was agreed, metric by metric.

Owns: both charts in IBCS notation, and the numbers behind them, to the right of what is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.variance.nodes import TOP
from engine.variance.review import MetricReview
from engine.variance.table import VarianceTable
from workbooks.addresses import column_letters
from workbooks.tabs.looks import INK, ITEMS, NOTE, QUIET, clipped, number
from workbooks.tabs.metric_looks import value_format, variance_format
from workbooks.tabs.metric_words import shown_short
from workbooks.tabs.model import SHORT, Chart, Series, Style
from workbooks.tabs.names import REVIEW
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.ranges import absolute
from workbooks.tabs.review_places import Places
from workbooks.tabs.review_scales import Scale, bridge_scales, trend_scales
from workbooks.tabs.review_words import bridge_title, trend_title

NUMBERS = 14
"""Column from which the numbers stand."""

_COLUMNS = ((1, 580), (6, 640))
"""Where charts stand side by side: their first column, and their width in pixels."""

_TALL, _LOW = (13, 245), (10, 185)
_MANY = 3
"""Metrics above which charts are lower."""

_GOOD_FILL, _BAD_FILL, _EARLIER, _TARGET = "2E8B57", "C0392B", "CBD2D9", "1D4ED8"
_LONGEST_TITLE = 96


_Place = tuple[int, int, int, int]
"""Column and width, row and height."""


class Charts:
    """Puts two charts per metric on a page, and their numbers on another beside it."""

    def __init__(self, table: VarianceTable, places: Places, sheet_name: Callable[[str], str]) -> None:
        self.table, self.plan, self.at = table, table.plan, places
        self._sheet = sheet_name(REVIEW)

    def put(self, page: Page, numbers: Page, metrics: Sequence[MetricReview]) -> list[Chart]:
        """Put all charts."""
        lines, height = _LOW if len(metrics) > _MANY else _TALL
        found: list[Chart] = []
        if metrics:
            numbers.line([Entry("Numbers behind the charts", NOTE)], NUMBERS)
        column = 0
        bridges, trends = bridge_scales(self.plan, metrics), trend_scales(self.plan, metrics)
        for one in metrics:
            makers = []
            if one.table.metric in bridges:
                makers.append((self._bridge, bridges))
            if len(one.trend.agreed) > 1 and one.table.metric in trends:
                makers.append((self._trend, trends))
            if column + len(makers) > len(_COLUMNS):  # charts of one metric stand side by side
                page.row, column = page.row + lines, 0
            for make, scales in makers:
                left, width = _COLUMNS[column]
                found.append(make(numbers, one, (left, width, page.row + 1, height), scales[one.table.metric]))
                column += 1
        page.row += lines if column else 0
        return found

    def _heading(self, page: Page, words: Sequence[str]) -> None:
        page.row += 1
        quiet = Style(bold=True, colour=QUIET)
        right = replace(quiet, align="right")
        page.line([Entry(words[0], quiet), *(Entry(word, right) for word in words[1:])], NUMBERS)

    def _bridge(self, page: Page, one: MetricReview, place: _Place, scale: Scale) -> Chart:
        block, metrics, metric = one.table.block, self.plan.metrics, one.table.metric
        value, change = number(value_format(metrics, metric)), number(variance_format(metrics, metric))
        self._heading(page, [f"{metrics.ids[metric]}: bridge", "Change", "base", "agreed", "actual", "better", "worse"])
        letters = [column_letters(NUMBERS + at) for at in range(7)]
        size = letters[1]
        first = page.row
        level = one.at_top(block.compared)
        words = self._label(metric, "Agreed", level, signed=False)
        start = Entry(level, value, f"{size}{first}")
        page.line([Entry(words), Entry(level, value, self.at.agreed(one)), None, start], NUMBERS)
        higher = bool(metrics.higher_is_better[metric])
        for step in one.steps:
            row = page.row
            base = min(level, level + step.change)
            level += step.change
            is_good = (step.change > 0) == higher
            bar = Entry(abs(step.change), value, f"ABS({size}{row})")
            running = f"${size}${first}" + "".join(f"+{size}{each}" for each in range(first + 1, row))
            page.line(
                [
                    Entry(self._label(metric, step.label, step.change, signed=True)),
                    Entry(step.change, change, self.at.step(one, step.label, step.node)),
                    Entry(base, value, f"MIN({running},{running}+{size}{row})"),
                    None,
                    None,
                    bar if is_good else None,
                    None if is_good else bar,
                ],
                NUMBERS,
            )
        last, end = page.row, one.at_top(block.actual)
        words = self._label(metric, "Actual", end, signed=False)
        there = Entry(end, value, self.at.cell(one, TOP, "Actual"))
        page.line([Entry(words), there, None, None, Entry(end, value, f"{size}{last}")], NUMBERS)
        fills = {"base": INK, "Agreed": INK, "Actual": INK, "better": _GOOD_FILL, "worse": _BAD_FILL}
        labels = absolute(self._sheet, NUMBERS, first, last)
        series = [
            Series(
                name, labels, absolute(self._sheet, NUMBERS + at, first, last), fill,
                outlined=name == "Agreed", hidden=name == "base",
            )
            for at, (name, fill) in enumerate(fills.items(), start=2)
        ]  # fmt: skip
        chart = self._chart(one, bridge_title(self.table, one), place, (series, scale))
        return replace(chart, stacked=True, has_legend=False)

    def _label(self, metric: int, words: str, amount: float, *, signed: bool) -> str:
        """Return what stands below a bar: a long number beside it could not be read."""
        return f"{clipped(words, 28)} {shown_short(self.plan, metric, amount, signed=signed)}"

    def _trend(self, page: Page, one: MetricReview, place: _Place, scale: Scale) -> Chart:
        metric, trend = one.table.metric, one.trend
        value = number(value_format(self.plan.metrics, metric))
        name = self.plan.metrics.ids[metric]
        self._heading(page, [f"{name}: periods", "Agreed", "Actual", "Forecast", "Earlier"])
        first = page.row
        every = (trend.agreed, trend.actual, trend.forecast, trend.earlier)
        for at, node in enumerate(self.plan.periods.leaves.tolist()):
            page.line([Entry(self.plan.periods.ids[node]), *(Entry(float(each[at]), value) for each in every)], NUMBERS)
        last = page.row - 1
        labels = absolute(self._sheet, NUMBERS, first, last)

        def series(name: str, at: int, fill: str) -> Series:
            return Series(name, labels, absolute(self._sheet, NUMBERS + at, first, last), fill)

        listed = [series("Actual", 2, INK)]
        if np.isfinite(trend.forecast).any():
            listed.append(replace(series("Forecast", 3, INK), hatched=True))
        if np.isfinite(trend.earlier).any():
            listed.insert(0, series("Earlier", 4, _EARLIER))
        listed.append(replace(series("Agreed", 1, _TARGET), is_line=True))
        return self._chart(one, trend_title(self.table, one), place, (listed, scale))

    def _chart(self, one: MetricReview, title: str, place: _Place, drawn: tuple[Sequence[Series], Scale]) -> Chart:
        (column, width, row, height), (series, scale) = place, drawn
        short = shown_format(value_format(self.plan.metrics, one.table.metric))
        words = clipped(title, _LONGEST_TITLE) + scale.words
        chart = Chart(words, row, column, width, height, series, "column", short)
        return replace(chart, least=scale.least, most=scale.most)


def shown_format(usual: str) -> str:
    """Return the format of an axis: long numbers in thousands and millions; shares and decimals as they are."""
    return SHORT if usual == ITEMS else usual
