"""The blocks of the Summary: asked and planned, hours, gaps, movers, the mix guard.

Owns: what stands in each line; what is chosen and added up comes from ``summary_numbers``.
"""

from __future__ import annotations

from math import nan

import numpy as np

from engine.plan import Sense, Targets
from engine.rates.effort import effort_words
from engine.reasons.waiting import TOO_MUCH, backlog_words
from engine.reasons.words import target_words
from engine.trees import ROOT
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    HOURS,
    ITEMS,
    LINK,
    NOTE,
    NOTE_AFTER,
    NOTE_RIGHT,
    SHARE,
    SIGNED_ITEMS,
    SIGNED_SHARE,
    clipped,
    number,
)
from workbooks.tabs.metric_looks import difference_format, gap_format, is_rate, value_format
from workbooks.tabs.model import Style
from workbooks.tabs.node_targets import NodeSheet
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.sources import Sources, table_of
from workbooks.tabs.summary_numbers import biggest_gaps, biggest_movers, guarded_queues, plan_hours, top_targets

_SHOWN = 5
_MOST_GUARDED = 10
_LABEL = 60
_LIMITED_BY = 80  # characters: one line that is longer makes all others small in print; Target Check has all of it
_ITEMS, _SIGNED, _PART, _CHANGE, _HOURS = (number(each) for each in (ITEMS, SIGNED_ITEMS, SHARE, SIGNED_SHARE, HOURS))


def add_metrics(page: Page, sources: Sources) -> None:
    """Put what was asked at the top, what is planned for it, and the whole plan against its baseline."""
    plan, results = sources.outcome.plan, sources.outcome.targets
    heading = [
        "Asked and planned",
        "Asked",
        "Planned for it",
        "Gap",
        "Gap, share",
        "Planned in all",
        "Baseline",
        "Change",
    ]
    page.heading(heading, 7)
    for metric, rows in top_targets(sources.outcome).items():
        asked, planned = float(plan.targets.value[rows].sum()), float(results.achieved[rows].sum())
        row = page.row
        unit = f" ({plan.metrics.units[metric]})" if metric >= 0 and plan.metrics.units[metric] else ""
        value, difference = (number(each(plan.metrics, metric)) for each in (value_format, difference_format))
        share = None if is_rate(plan.metrics, metric) else _ratio(planned - asked, asked, f"D{row}/B{row}", _CHANGE)
        entries = [
            Entry(plan.metrics.name(metric) + unit + _sense_words(plan.targets, rows)),
            *(
                [
                    Entry(asked, value, sources.sum_of_records(sources.target_check, "Value", rows)),
                    Entry(planned, value, sources.sum_of_records(sources.target_check, "Achieved", rows)),
                    Entry(planned - asked, difference, f"C{row}-B{row}"),
                    share,
                ]
                if rows
                else [Entry("not asked", NOTE_RIGHT), None, None, None]
            ),
            *(_against_baseline(sources, metric, row) if sources.keeps(metric) else ()),
        ]
        page.line(entries)


def _sense_words(targets: Targets, rows: list[int]) -> str:
    """Return how targets bind where they bind on one side alone: less than "at most" is no gap."""
    senses = {Sense(int(targets.sense[row])) for row in rows if targets.stated[row]}
    if len(senses) != 1 or not all(targets.stated[row] for row in rows):
        return ""
    return {Sense.AT_LEAST: ", at least", Sense.AT_MOST: ", at most"}.get(senses.pop(), "")


def add_efforts(page: Page, sources: Sources) -> None:
    """Say of each rate how far everybody goes on the way to Best, and where too much waits for a share in time."""
    outcome = sources.outcome
    for result in outcome.rates:
        page.line([Entry(effort_words(outcome.plan, result), NOTE)])
    waits = [words for words in backlog_words(outcome.plan, outcome.value) if words.endswith(TOO_MUCH)]
    for words in waits[:_SHOWN]:
        page.line([Entry(words, NOTE)])


def _against_baseline(sources: Sources, metric: int, row: int) -> list[Entry]:
    (nodes, record), metrics = sources.home(metric), sources.outcome.plan.metrics
    total, baseline = float(nodes.totals.planned[record, ROOT]), float(nodes.totals.baseline[record])
    style = number(value_format(metrics, metric))
    if is_rate(metrics, metric):
        change = Entry(total - baseline, number(difference_format(metrics, metric)), f"F{row}-G{row}")
    else:
        total = float(np.nan_to_num(total))
        change = _ratio(total - baseline, baseline, f"F{row}/G{row}-1", _CHANGE)
    return [
        Entry(total, style, sources.node(nodes, record, nodes.total_column)),
        Entry(baseline, style, sources.node(nodes, record, nodes.baseline_column)),
        change,
    ]


def _ratio(part: float, whole: float, formula: str, style: Style) -> Entry:
    return Entry(part / whole, style, formula) if whole > 0 else Entry(nan)


def add_hours(page: Page, sources: Sources) -> None:
    """Put the hours needed and there."""
    hours = plan_hours(sources.outcome)
    page.heading(["Hours", "Needed", "Planned", "There", "Used"], 4)
    if hours.rows:
        row = page.row
        there = {source: at for at, source in enumerate(sources.capacity_order)}
        formula = sources.sum_of_records(sources.capacity_use, "Hours", [there[source] for source in hours.rows])
        page.line(
            [
                Entry("Under capacity rows"),
                Entry(hours.needed, _HOURS),
                Entry(hours.planned, _HOURS),
                Entry(hours.there, _HOURS, formula),
                _ratio(hours.planned, hours.there, f"C{row}/D{row}", _PART),
                Entry("Needed: hours of the fair share, before hours, limits and inflow have their say", NOTE_AFTER),
            ]
        )
    if hours.free_needed > 0 or not hours.rows:
        note = Entry("unlimited", NOTE_AFTER)
        free = [Entry(hours.free_needed, _HOURS), Entry(hours.free_planned, _HOURS)]
        page.line([Entry("Under no capacity row"), *free, note])


def add_gaps(page: Page, sources: Sources) -> None:
    """Put the targets that miss most, with what limits them."""
    outcome = sources.outcome
    page.heading(["Biggest gaps", "Asked", "Achieved", "Shortfall", "Share", "Limited by"], 4)
    gaps = biggest_gaps(outcome, _SHOWN)
    if not gaps:
        page.line([Entry("none: every target is met", NOTE)])
    check = sources.target_check
    table = table_of(check)
    for record in gaps:
        row = page.row
        to = sources.at(check.name, table.top + 1 + record, table.column_of("Achieved"))
        asked, missing = float(outcome.plan.targets.value[record]), float(outcome.targets.shortfall[record])
        metrics, metric = outcome.plan.metrics, int(outcome.plan.targets.scope.metric[record])
        value, gap = number(value_format(metrics, metric)), number(gap_format(metrics, metric))
        share = None if is_rate(metrics, metric) else _ratio(missing, asked, f"D{row}/B{row}", _PART)
        page.line(
            [
                Entry(clipped(_sentence(target_words(outcome.plan, record)), _LABEL), LINK, link=to),
                Entry(asked, value, sources.cell(check, "Value", record)),
                Entry(float(outcome.targets.achieved[record]), value, sources.cell(check, "Achieved", record)),
                Entry(missing, gap, sources.cell(check, "Shortfall", record)),
                share,
                Entry(clipped(outcome.targets.limited_by[record], _LIMITED_BY), AFTER_NUMBER),
            ]
        )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def add_movers(page: Page, sources: Sources) -> None:
    """Put the queues and teams that move most against their baseline."""
    for what, nodes in (("queues", sources.queues), ("org nodes", sources.org)):
        page.heading([f"Biggest movers: {what}", "Baseline", "Planned", "Change", "Change, share"], 4)
        movers = biggest_movers(nodes.totals, _SHOWN)
        if not movers:
            page.line([Entry("none", NOTE)])
        for record in movers:
            page.line(_mover(page.row, sources, nodes, record))


def _mover(row: int, sources: Sources, nodes: NodeSheet, record: int) -> list[Entry]:
    before, planned = float(nodes.totals.baseline[record]), float(nodes.totals.planned[record, ROOT])
    move = planned - (0.0 if np.isnan(before) else before)
    return [
        Entry(
            node_label(sources, nodes, record),
            LINK,
            link=sources.node(nodes, record, nodes.total_column),
        ),
        Entry(before, _ITEMS, sources.node(nodes, record, nodes.baseline_column)),
        Entry(planned, _ITEMS, sources.node(nodes, record, nodes.total_column)),
        Entry(move, _SIGNED, f"C{row}-B{row}"),
        _ratio(planned - before, before, f"D{row}/B{row}", _CHANGE) if before > 0 else Entry("new", NOTE_RIGHT),
    ]


def node_label(sources: Sources, nodes: NodeSheet, record: int) -> str:
    """Return the name of a record's node, and its metric where there are several."""
    metrics, rows = sources.outcome.plan.metrics, nodes.totals.nodes
    metric = int(nodes.totals.of_row[record])
    words = rows.names[record % len(rows)] + (f" · {metrics.name(metric)}" if len(metrics) > 1 else "")
    return clipped(words, _LABEL)


def add_guard(page: Page, sources: Sources) -> None:
    """Put the queues that left their fair outcome within the mix guard."""
    plan = sources.outcome.plan
    heading = ["Queues that used the mix guard", "Fair outcome", "Planned", "Change", "Change, share", "Allowed"]
    page.heading([*heading, "Used up in"], 6)
    found = guarded_queues(sources.outcome, _MOST_GUARDED)
    if not found:
        page.line([Entry("none", NOTE)])
    for each in found:
        row = page.row
        metric = f" · {plan.metrics.ids[each.metric]}" if len(plan.metrics) > 1 else ""
        page.line(
            [
                Entry(clipped(plan.queues.names[each.queue] + metric, _LABEL)),
                Entry(each.fair, _ITEMS),
                Entry(each.planned, _ITEMS),
                Entry(each.planned - each.fair, _SIGNED, f"C{row}-B{row}"),
                _ratio(each.planned - each.fair, each.fair, f"D{row}/B{row}", _CHANGE),
                Entry(each.allowed, _PART),
                Entry(
                    f"{each.full} of {each.periods} period" + ("" if each.periods == 1 else "s"), Style(align="right")
                ),
            ]
        )
