"""The lists of a review: heat maps, what explains and what blocked the variances, actions.

Owns: their lines. Numbers that stand in Variance are references to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.variance.attainment import Status
from engine.variance.heat import heat_map
from engine.variance.nodes import node_name
from engine.variance.review import MetricReview
from engine.variance.table import VarianceTable
from solver.frozen import frozen
from workbooks.tabs.blocked_words import Blocker
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    AMBER,
    AMBER_INK,
    GREEN,
    GREEN_INK,
    HEADING,
    HEADING_NUMBER,
    HOURS,
    ITEMS,
    LINK,
    NOTE,
    RED,
    RED_INK,
    bad,
    clipped,
    number,
    shortened,
)
from workbooks.tabs.metric_looks import variance_format
from workbooks.tabs.model import ColourWhen
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.review_places import Places

MOST_LINES = 10
_MAP_ROWS, _MAP_COLUMNS = 12, 11
_LINE, _LETTERS, _MOST_LINES_HIGH = 15.0, 11, 4
"""Height of a line in points, letters that fit into a column, and lines of a header."""

_HIDES = 0.25
"""Offset ratio from which it is worth a line."""

_RATIO = '[>=9.995]">999%";0%'
_FILLS = {Status.GREEN: (GREEN, GREEN_INK), Status.AMBER: (AMBER, AMBER_INK), Status.RED: (RED, RED_INK)}


@frozen
class Action:
    """A row of Actions for the review. due : as text; is_overdue : before the end of As of, and not done."""

    id: str
    finding: str
    owner: str
    due: str
    status: str
    is_overdue: bool


class Lists:
    """Puts the lists on a page. heights : of rows that need another than the book's own."""

    def __init__(self, table: VarianceTable, places: Places) -> None:
        self.table, self.plan, self.at = table, table.plan, places
        self.heights: dict[int, float] = {}

    def heat_map(self, page: Page, one: MetricReview) -> None:
        """Put attainment by org × queue, coloured by status; nothing where there is but one of each."""
        found = heat_map(self.plan, one.table, (_MAP_ROWS, _MAP_COLUMNS))
        if len(found.orgs) * len(found.queues) < 2:
            return
        is_rate = self.plan.metrics.kinds[one.table.metric] == "rate"
        what = "variance in points" if is_rate else "attainment"
        names = [clipped(self.plan.queues.names[queue], 36) for queue in found.queues]
        title = f"{self.plan.metrics.ids[one.table.metric]}: {what} to date"
        page.row += 1
        page.line(
            [
                Entry(clipped(title, 54), replace(HEADING, wrap=True)),
                *(Entry(name, replace(HEADING_NUMBER, wrap=True)) for name in names),
            ]
        )
        longest = max(len(name) for name in names)
        self.heights[page.row - 1] = _LINE * min(max(-(-longest // _LETTERS), 2), _MOST_LINES_HIGH)
        style = number(variance_format(self.plan.metrics, one.table.metric) if is_rate else _RATIO)
        for row, org in enumerate(found.orgs):
            entries: list[Entry | None] = [Entry(clipped(self.plan.org.names[org], 30))]
            for value, status in zip(found.value[row].tolist(), found.status[row].tolist(), strict=True):
                fill, ink = _FILLS.get(Status(status), ("", ""))
                entries.append(Entry(value, replace(style, fill=fill, colour=ink)))
            page.line(entries)

    def segments(self, page: Page, metrics: Sequence[MetricReview]) -> None:
        """Put the few that explain most, metric by metric."""
        page.heading(["What explains it", "Variance", "Part of it"], 2)
        told = False
        for one in metrics:
            change = number(variance_format(self.plan.metrics, one.table.metric))
            name = self.plan.metrics.ids[one.table.metric]
            for each in one.segments[:MOST_LINES]:
                told = True
                label = f"{name} · {node_name(self.plan, one.table.nodes, each.node)}"
                page.line(
                    [
                        Entry(clipped(label, 44), LINK, link=self.at.cell(one, each.node, "Metric")),
                        Entry(each.variance, change, self.at.cell(one, each.node, "To parent")),
                        Entry(each.power, number("0%")),
                    ]
                )
            if np.isfinite(one.offset) and one.offset >= _HIDES:
                told = True
                words = f"{name} · gains that hide losses"
                note = Entry("offset ratio: part of all differences between pairs that cancels out", NOTE)
                page.line([Entry(clipped(words, 44)), None, Entry(one.offset, number("0%")), note])
        if not told:
            page.line([Entry("nothing stands out", NOTE)])

    def blockers(self, page: Page, blockers: Sequence[Blocker]) -> None:
        """Put what kept red rows."""
        page.heading(["What blocked it", "Amount", "Hours", "Most of it", "How"], 3)
        for one in blockers[:MOST_LINES]:
            label = f"{self.plan.metrics.ids[one.table.metric]} · {one.cause}"
            formats = ((one.amount, ITEMS), (one.hours, HOURS), (one.most, ITEMS))
            numbers = [Entry(amount, number(form)) for amount, form in formats]
            page.line([Entry(clipped(label, 44)), *numbers, Entry(shortened(one.how, 110), AFTER_NUMBER)])
        if not blockers:
            page.line([Entry("nothing is short, or nothing tells why", NOTE)])

    def actions(self, page: Page, actions: Sequence[Action]) -> list[ColourWhen]:
        """Put actions, the overdue ones first."""
        overdue = sum(action.is_overdue for action in actions)
        more = f", the first {MOST_LINES} of {len(actions)}" if len(actions) > MOST_LINES else ""
        page.heading([f"Actions: {overdue} overdue{more}", "ID", "Owner", "Due", "Finding"], 0)
        first = page.row
        ordered = sorted(actions, key=lambda each: (not each.is_overdue, each.due, each.id))
        for action in ordered[:MOST_LINES]:
            late = "overdue" if action.is_overdue else action.status
            words = (late, action.id, action.owner, action.due, shortened(action.finding, 110))
            page.line([Entry(each) for each in words])
        if not actions:
            page.line([Entry("none", NOTE)])
        return [bad(f"A{first}:A{max(page.row - 1, first)}", f'$A{first}="overdue"')]
