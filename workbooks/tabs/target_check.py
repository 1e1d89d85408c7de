"""The Target Check tab: what was asked, what is planned, what is missing, and what limits it.

Owns: one row per row of Targets, in the order in which people wrote them.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Outcome
from engine.plan import TURNAROUND, Sense, Targets
from engine.rates.handle_time import handle_time_gaps
from engine.reasons.waiting import TOO_MUCH, backlog_words
from engine.trees import ROOT, Tree
from workbooks.addresses import reference
from workbooks.tabs.closing import closing_words
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    HOURS,
    ITEMS,
    MAX_LINKS,
    TEXT,
    TOP,
    WRAPPED,
    bad,
    clipped,
    fitting,
    good,
    line_heights,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.metric_looks import formats_of, gap_format, share_names, value_format
from workbooks.tabs.model import Column, Link, Sheet, Table
from workbooks.tabs.names import TARGET_CHECK, table_name
from workbooks.tabs.ranges import records_of

_LIMITED_BY, _CLOSING = 36, 62  # widths, in characters: so that a page printed across can be read
_EMPTY = 20

NEARLY = 0.05
"""Part of a target that may be missing before its miss turns red."""

NEARLY_POINTS = 0.01
"""The same for shares, which are judged in points: 93 % of an asked 98 % is no near miss."""

_ACHIEVED_NOTE = (
    "What the plan comes to. A miss counts in items and in hours, whichever is worse: an “at least” may be exceeded "
    "where the mix of work is faster than a fair one"
)
_ON_PAPER = "on paper"
_MET_NOTE = (
    f"Within a millionth, and what whole items take. {_ON_PAPER.capitalize()}: a share handled in time that is met by "
    "its numbers, while more waits than it allows; see Backlog needed"
)
_SHORTFALL_NOTE = "What is missing; for “at most”, what is too much; for shares in points"

_MOVED = 1e-6  # part of a target that rounding and searching move, besides a unit

_SIGNED_HOURS = "[>=0.05]+#,##0.0;[<=-0.05]-#,##0.0;0.0"

_SENSES = {Sense.EXACTLY: "exactly", Sense.AT_LEAST: "at least", Sense.AT_MOST: "at most"}


def scope_ids(tree: Tree, nodes: np.ndarray) -> list[str]:
    """Return ids of nodes; a root nobody gave stays blank, as in the input."""
    return ["" if node == ROOT and not tree.given[ROOT] else tree.id_of(node) for node in nodes.tolist()]


def target_check_sheet(outcome: Outcome) -> Sheet:
    """Return Target Check."""
    plan, results = outcome.plan, outcome.targets
    targets, scope = plan.targets, plan.targets.scope
    items = number(ITEMS)
    values, gaps = (formats_of(plan.metrics, scope.metric, each) for each in (value_format, gap_format))
    orgs, queues = scope_ids(plan.org, scope.org), scope_ids(plan.queues, scope.queue)
    metrics = [plan.metrics.name(metric) for metric in scope.metric.tolist()]
    limited_by = [clipped(words) for words in results.limited_by]
    closing = [clipped(words) for words in closing_words(outcome)]
    table = Table(
        table_name(TARGET_CHECK),
        TOP,
        1,
        (
            Column("Metric", metrics, TEXT, fitting(metrics, 9)),
            Column("Org", orgs, TEXT, fitting(orgs, 9), "Blank: all org"),
            Column("Queue", queues, TEXT, fitting(queues, 9), "Blank: all queues"),
            Column("Period", scope_ids(plan.periods, scope.period), TEXT, 10, "Blank: the whole horizon"),
            Column("Sense", _senses(targets), TEXT, 9, "Blank: shared out exactly, judged by Better"),
            Column("Value", targets.value, items, 12, "What was asked; jumps to the input cell", values),
            Column(
                "Priority",
                targets.priority,
                number("General"),
                9,
                "1 comes strictly before 2; Turnaround before its queue",
            ),
            Column("Achieved", results.achieved, items, 12, _ACHIEVED_NOTE, values),
            Column("Shortfall", results.shortfall, items, 12, _SHORTFALL_NOTE, gaps),
            *_handle_times(outcome),
            Column("Met", _met(outcome), AFTER_NUMBER, 8, _MET_NOTE),
            *_words(limited_by, closing),
            Column(
                "Without mix guard",
                _without_guard(outcome),
                items,
                12,
                "Achieved if no queue had left its fair outcome; blank: the same",
            ),
            *_other_guardrails(outcome),
            *_backlogs(outcome),
        ),
    )
    metric, value, missing, met = (records_of(table, header) for header in ("Metric", "Value", "Shortfall", "Met"))
    return Sheet(
        TARGET_CHECK,
        table,
        title_block(*_title(outcome)),
        links=_links(table, outcome),
        freeze=(TOP + 1, 5),
        heights=title_heights() | line_heights([(results.limited_by, _LIMITED_BY), (closing, _CLOSING)]),
        fits_lines=True,
        colours=(
            good(met.cells, f'{met.first}="yes"'),
            watch(met.cells, f'{met.first}="{_ON_PAPER}"'),
            watch(met.cells, f'AND({met.first}="no",{missing.first}<={_nearly(outcome, metric.first, value.first)})'),
            bad(met.cells, f'{met.first}="no"'),
        ),
    )


def _words(limited_by: list[str], closing: list[str]) -> tuple[Column, Column]:
    """Return the columns of what limits a target and of what would close it; narrow where nothing stands in them."""
    note = "Each tried by solving the whole plan again"
    return (
        Column("Limited by", limited_by, WRAPPED, fitting(limited_by, _EMPTY, _LIMITED_BY)),
        Column("What would close it", closing, WRAPPED, fitting(closing, _EMPTY, _CLOSING), note),
    )


def _senses(targets: Targets) -> list[str]:
    return [
        _SENSES[Sense(sense)] if stated else ""
        for sense, stated in zip(targets.sense.tolist(), targets.stated.tolist(), strict=True)
    ]


def _handle_times(outcome: Outcome) -> tuple[Column, ...]:
    """Return the columns that compare targets of handle times with the plan; none where there is no such target."""
    gaps = handle_time_gaps(outcome.plan, outcome.value)
    if not np.isfinite(gaps.planned_s).any():
        return ()
    return (
        Column(
            "Planned seconds", gaps.planned_s, number(HOURS), 11, "What an item takes in the plan: it sets capacity"
        ),
        Column("Hours between", gaps.hours, number(_SIGNED_HOURS), 11, "What the target would take more than planned"),
    )


def _met(outcome: Outcome) -> list[str]:
    """Return whether targets are met; of shares in time, whether they can come true."""
    waits = [words.endswith(TOO_MUCH) for words in backlog_words(outcome.plan, outcome.value)]
    pairs = zip(outcome.targets.met.tolist(), waits, strict=True)
    return ["no" if not met else _ON_PAPER if too_much else "yes" for met, too_much in pairs]


def _backlogs(outcome: Outcome) -> tuple[Column, ...]:
    """Return the column that holds SLA targets against the backlog; none where there is no such target."""
    words = backlog_words(outcome.plan, outcome.value)
    return (Column("Backlog needed", words, WRAPPED, 50, "What is handled within Turnaround"),) if any(words) else ()


def _nearly(outcome: Outcome, metric: str, value: str) -> str:
    """Return what may be missing of a row before it turns red, as a formula: a part, or points of a share."""
    shares = [f'{metric}="{name.replace(chr(34), 2 * chr(34))}"' for name in share_names(outcome.plan.metrics)]
    part = f"{NEARLY}*{value}"
    return f"IF(OR({','.join(shares)}),{NEARLY_POINTS},{part})" if shares else part


def _without_guard(outcome: Outcome) -> np.ndarray:
    """Return what was achieved before queues moved within the mix guard, nan where that is the same as shown."""
    achieved, before = outcome.targets.achieved, outcome.targets.fair_outcome
    moved = np.abs(achieved - before) > _changes(outcome)
    return np.where(moved & outcome.used_guard, before, np.nan)


def _other_guardrails(outcome: Outcome) -> tuple[Column, ...]:
    """Return what would be achieved without limits, and with misses concentrated; no column where that is not known."""
    advice, achieved = outcome.advice, outcome.targets.achieved
    if advice is None:
        return ()
    metric, found = outcome.plan.targets.scope.metric, []
    for header, note, other in (
        ("Without limits", "Achieved if there was no row of Limits", advice.guardrails.no_limits),
        ("Concentrated", "Achieved if misses were concentrated, not spread", advice.guardrails.concentrated),
    ):
        moved = np.abs(achieved - other) > _changes(outcome)
        if moved.any():
            shown = np.where(moved, other, np.nan)
            formats = formats_of(outcome.plan.metrics, metric, value_format)
            column = Column(header, shown, number(ITEMS), 14, f"{note}; blank: the same", formats)
            found.append(column)
    return tuple(found)


def _changes(outcome: Outcome) -> np.ndarray:
    """Return by how much what is achieved must differ to be told: whole units and searches move it as well."""
    is_rate = outcome.plan.metrics.is_kind(outcome.plan.targets.scope.metric, "rate")
    achieved = np.abs(np.nan_to_num(outcome.targets.achieved))
    return np.asarray(np.where(is_rate, _MOVED * np.maximum(achieved, 1e-3), _MOVED * np.maximum(1.0, achieved) + 1.0))


def _title(outcome: Outcome) -> tuple[str, str]:
    met = outcome.targets.met
    points = ", of shares up to a point" if share_names(outcome.plan.metrics) else ""
    sentence = f"Amber: up to {NEARLY:.0%} is missing{points}; red: more. Each value jumps to the cell that asked."
    if due := int(np.count_nonzero(outcome.plan.targets.scope.metric == TURNAROUND)):
        sentence += f" {due:,} rows follow from Turnaround in Queues, one for each queue and period."
    if not len(met):
        return "No target was asked", sentence
    return f"{int(met.sum()):,} of {len(met):,} targets met", sentence


def _links(table: Table, outcome: Outcome) -> tuple[Link, ...]:
    column = table.column_of("Value")
    return tuple(
        Link(TOP + 1 + row, column, reference(place), "The input cell")
        for row, place in enumerate(outcome.plan.targets.place[:MAX_LINKS])
        if place.sheet
    )
