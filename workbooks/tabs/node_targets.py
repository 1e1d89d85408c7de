"""Org Targets and Queue Targets: every metric and node in tree order, parents as sums of their children.

Owns: the columns and formulas of both tabs; the numbers come from ``node_totals``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.trees import ROOT, Tree
from workbooks.addresses import column_letters
from workbooks.tabs.cascade import taken
from workbooks.tabs.headers import unique_headers
from workbooks.tabs.looks import (
    HOURS,
    ITEMS,
    NOTE,
    QUIET_TEXT,
    SHARE,
    SIGNED_SHARE,
    TEXT,
    TOP,
    fitting,
    number,
    title_block,
    title_heights,
)
from workbooks.tabs.model import Column, Formulas, LooseCell, Sheet, Style, Table
from workbooks.tabs.names import ORG_TARGETS, QUEUE_TARGETS, table_name
from workbooks.tabs.node_totals import NAMED_REASONS, NodeTotals, node_totals
from workbooks.tabs.sums import runs, sum_across, sum_down
from workbooks.tabs.why import why_texts

DEEPEST_OUTLINE = 7
"""Excel has eight outline levels, the outermost one included."""

_FIRST_PERIOD = 9
_LEVEL, _BASELINE = 4, 5
_WORKING_DAYS = TOP - 1
"""Row of the working days, above the period headers."""


@dataclass(frozen=True, slots=True)
class NodeSheet:
    """A tab of nodes, and its numbers for whoever refers to them.

    total_column, baseline_column : sheet columns of the whole horizon and its history
    first_row : sheet row of the first record
    """

    sheet: Sheet
    totals: NodeTotals
    total_column: int = _FIRST_PERIOD
    baseline_column: int = _BASELINE
    first_row: int = TOP + 1


def org_sheet(outcome: Outcome) -> NodeSheet:
    """Return Org Targets."""
    plan = outcome.plan
    sentence = "Targets of every org node over all queues. Bold rows and longer periods are sums of what is below them."
    totals = node_totals(outcome, plan.org, plan.cells.org)
    return _node_sheet(plan, totals, ORG_TARGETS, "Org", sentence)


def queue_sheet(outcome: Outcome) -> NodeSheet:
    """Return Queue Targets."""
    plan = outcome.plan
    sentence = "Targets of every queue over all teams. Bold rows and longer periods are sums of what is below them."
    totals = node_totals(outcome, plan.queues, plan.cells.queue)
    return _node_sheet(plan, totals, QUEUE_TARGETS, "Queue", sentence)


def _node_sheet(plan: Plan, totals: NodeTotals, name: str, kind: str, sentence: str) -> NodeSheet:
    tree, blocks = totals.tree, totals.metrics
    node = np.tile(np.arange(len(tree)), blocks)
    days = _period_days(plan)
    columns = (
        Column("Metric", taken(plan.metrics.ids, np.repeat(np.arange(blocks), len(tree))), TEXT, 14),
        Column(kind, taken(tree.ids, node), TEXT, fitting(tree.ids, 16)),
        Column("Name", taken(tree.names, node), TEXT, fitting(tree.names, 16)),
        Column("Level", taken(tree.level, node), TEXT, 12),
        Column(
            "Baseline", _baseline(totals), number(ITEMS), 12, "History of the periods each month or quarter is like"
        ),
        Column("Change", _change(totals), number(SIGNED_SHARE), 10, "Whole horizon against Baseline"),
        Column("Share of parent", _share(totals), number(SHARE), 10, "Part of the row above it in the tree"),
        Column("Per working day", _per_day(totals, days), number(HOURS), 12, "Whole horizon over its working days"),
        *_period_columns(plan, totals, kind),
        Column("Why", why_texts(totals.terms, totals.deviation, NAMED_REASONS), QUIET_TEXT, 60, _WHY),
    )
    table = Table(
        table_name(name),
        TOP,
        1,
        columns,
        outline=np.minimum(tree.depth[node], DEEPEST_OUTLINE),
        emphasis=~tree.is_leaf[node],
    )
    cells = (*title_block(name, sentence), *_working_days(plan, days))
    return NodeSheet(Sheet(name, table, cells, freeze=(TOP + 1, 4), heights=title_heights()), totals)


_WHY = "What moves the whole horizon away from its fair share, in items"


def _rows(totals: NodeTotals) -> np.ndarray:
    return TOP + 1 + np.arange(len(totals.planned))


def _total(totals: NodeTotals) -> np.ndarray:
    """Return the whole horizon: the first period column."""
    return np.asarray(totals.planned[:, ROOT])


def _formulas(where: np.ndarray, cached: np.ndarray, write: Callable[[int], str]) -> Formulas:
    """Return formulas where a condition holds, empty cells or plain values elsewhere."""
    return Formulas([write(at) if here else "" for at, here in enumerate(where.tolist())], cached)


def _parent_sums(totals: NodeTotals, letters: str, cached: np.ndarray) -> Formulas:
    """Return a column whose parents are sums over the rows of their children."""
    tree = totals.tree
    offsets = [runs(children) for children in tree.children]
    texts = [""] * len(cached)
    for row in np.flatnonzero(np.isfinite(cached) & ~np.tile(tree.is_leaf, totals.metrics)).tolist():
        block, node = divmod(row, len(tree))
        top = TOP + 1 + block * len(tree)
        found = sum_down([(top + first, top + last) for first, last in offsets[node]], letters)
        texts[row] = found or _sum_of_level(tree, node, top, letters)
    return Formulas(texts, cached)


def _sum_of_level(tree: Tree, node: int, top: int, letters: str) -> str:
    """Return the sum over a node's children by their level's name, where there are too many to list.

    Where the level does not tell children from other nodes, "": the parent is then written as a value.
    """
    children = tree.children[node]
    below = range(node + 1, int(tree.leaves[tree.leaf_span[node][1] - 1]) + 1)
    level = tree.level[children[0]].casefold()
    if [other for other in below if tree.level[other].casefold() == level] != list(children):
        return ""
    first, last = top + below[0], top + below[-1]
    level_of, own = column_letters(_LEVEL), f"${column_letters(_LEVEL)}${top + children[0]}"
    return f"SUMPRODUCT(--(${level_of}${first}:${level_of}${last}={own}),{letters}{first}:{letters}{last})"


def _baseline(totals: NodeTotals) -> Formulas:
    return _parent_sums(totals, column_letters(_BASELINE), totals.baseline)


def _change(totals: NodeTotals) -> Formulas:
    total, baseline = _total(totals), totals.baseline
    where = np.isfinite(total) & (np.nan_to_num(baseline) > 0)
    cached = np.full(len(total), np.nan)
    cached[where] = total[where] / baseline[where] - 1
    planned, before = column_letters(_FIRST_PERIOD), column_letters(_BASELINE)
    return _formulas(where, cached, lambda at: f"{planned}{TOP + 1 + at}/{before}{TOP + 1 + at}-1")


def _share(totals: NodeTotals) -> Formulas:
    total, tree = _total(totals), totals.tree
    row = np.arange(len(total))
    above = row - row % len(tree) + np.tile(tree.parent, totals.metrics)
    where = np.isfinite(total) & (np.tile(tree.parent, totals.metrics) >= 0)
    where[where] &= total[above[where]] > 0
    cached = np.full(len(total), np.nan)
    cached[where] = total[where] / total[above[where]]
    letters = column_letters(_FIRST_PERIOD)
    return _formulas(where, cached, lambda at: f"{letters}{TOP + 1 + at}/{letters}{TOP + 1 + above[at]}")


def _per_day(totals: NodeTotals, days: np.ndarray) -> Formulas:
    total = _total(totals)
    where = np.isfinite(total) & bool(days[ROOT] > 0)
    cached = np.where(where, total / np.where(days[ROOT] > 0, days[ROOT], 1.0), np.nan)
    letters = column_letters(_FIRST_PERIOD)
    return _formulas(where, cached, lambda at: f"{letters}{TOP + 1 + at}/${letters}${_WORKING_DAYS}")


def period_label(tree: Tree, node: int) -> str:
    """Return the header of a period; a horizon nobody named is "All periods"."""
    return tree.ids[node] if tree.given[node] else "All periods"


def _period_columns(plan: Plan, totals: NodeTotals, kind: str) -> list[Column]:
    periods = plan.periods
    fixed = ("Metric", kind, "Name", "Level", "Baseline", "Change", "Share of parent", "Per working day", "Why")
    headers = unique_headers(fixed, [("Period", period_label(periods, node)) for node in range(len(periods))])
    columns = []
    for node, header in enumerate(headers):
        planned = totals.planned[:, node]
        letters = column_letters(_FIRST_PERIOD + node)
        if periods.is_leaf[node]:
            values = _parent_sums(totals, letters, planned)
        else:
            values = _period_sums(planned, periods.children[node])
        style = Style(number_format=ITEMS, bold=not periods.is_leaf[node])
        columns.append(Column(header, values, style, 12))
    return columns


def _period_sums(planned: np.ndarray, children: Sequence[int]) -> Formulas:
    """Return a longer period as the sum of its shorter ones, row by row."""
    across = runs([_FIRST_PERIOD + child for child in children])
    return _formulas(np.isfinite(planned), planned, lambda at: sum_across(across, TOP + 1 + at))


def _period_days(plan: Plan) -> np.ndarray:
    """Return the working days of every period; nan where any leaf below does not say."""
    periods = plan.periods
    days = np.zeros(len(periods))
    days[periods.leaves] = plan.calendar.working_days
    for node in range(len(periods) - 1, 0, -1):
        days[periods.parent[node]] += days[node]
    return days


def _working_days(plan: Plan, days: np.ndarray) -> tuple[LooseCell, ...]:
    """Return the working days above the periods, so that no formula holds a number of its own."""
    if not np.isfinite(days).any():
        return ()
    cells = [LooseCell(_WORKING_DAYS, _FIRST_PERIOD - 1, "Working days", NOTE)]
    for node in np.flatnonzero(np.isfinite(days)).tolist():
        children = runs([_FIRST_PERIOD + child for child in plan.periods.children[node]])
        formula = sum_across(children, _WORKING_DAYS) if children else ""
        style = Style(number_format="General", colour=NOTE.colour, italic=True)
        cells.append(LooseCell(_WORKING_DAYS, _FIRST_PERIOD + node, float(days[node]), style, formula))
    return tuple(cells)
