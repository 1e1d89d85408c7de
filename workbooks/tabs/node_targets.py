"""Org Targets and Queue Targets: every metric and node in tree order, parents as sums of their children.

Owns: the columns and formulas of both tabs; the numbers come from ``node_totals``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.trees import ROOT, Tree
from solver.frozen import frozen
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
from workbooks.tabs.metric_looks import change_format, formats_of, value_format
from workbooks.tabs.model import Column, Formulas, LooseCell, Sheet, Style, Table
from workbooks.tabs.names import ORG_TARGETS, QUEUE_TARGETS, table_name
from workbooks.tabs.node_averages import ALONE, LAST, MEAN, SUM
from workbooks.tabs.node_formulas import COMPUTED, live_formulas, with_formulas
from workbooks.tabs.node_rows import NodeRows
from workbooks.tabs.node_totals import NAMED_REASONS, NodeTotals, node_totals
from workbooks.tabs.sums import product_across, product_down, runs, sum_across, sum_down
from workbooks.tabs.why import why_texts, wordings_of

DEEPEST_OUTLINE = 7
"""Excel has eight outline levels, the outermost one included."""

_FIRST_PERIOD = 9
_LEVEL, _BASELINE = 4, 5
_WORKING_DAYS = TOP - 1
"""Row of the working days, above the period headers."""


@frozen
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
    sentence = f"Targets of every org node over all queues. {_SUMS}"
    totals = with_formulas(plan, node_totals(outcome, plan.org, plan.cells.org))
    return _node_sheet(plan, totals, ORG_TARGETS, "Org", sentence)


def queue_sheet(outcome: Outcome) -> NodeSheet:
    """Return Queue Targets."""
    plan = outcome.plan
    sentence = f"Targets of every queue over all teams. {_SUMS}"
    totals = with_formulas(plan, node_totals(outcome, plan.queues, plan.cells.queue))
    return _node_sheet(plan, totals, QUEUE_TARGETS, "Queue", sentence)


def _node_sheet(plan: Plan, totals: NodeTotals, name: str, kind: str, sentence: str) -> NodeSheet:
    nodes = totals.nodes
    node = np.tile(np.arange(len(nodes)), totals.blocks)
    days = _period_days(plan)
    values, changes = (formats_of(plan.metrics, totals.of_row, each) for each in (value_format, change_format))
    wordings = wordings_of(plan.metrics, totals.of_row)
    metrics = [plan.metrics.name(metric) for metric in totals.of_row.tolist()]
    columns = (
        Column("Metric", metrics, TEXT, fitting(metrics, 14)),
        Column(kind, taken(nodes.ids, node), TEXT, fitting(nodes.ids, 16)),
        Column("Name", taken(nodes.names, node), TEXT, fitting(nodes.names, 16)),
        Column("Level", taken(nodes.levels, node), TEXT, fitting(nodes.levels, 12)),
        Column("Baseline", _baseline(plan, totals), number(ITEMS), 12, _BASELINE_IS, values),
        Column("Change", _change(totals), number(SIGNED_SHARE), 10, _CHANGE_IS, changes),
        Column("Share of parent", _share(totals), number(SHARE), 10, "Part of the row above it in the tree"),
        Column("Per working day", _per_day(totals, days), number(HOURS), 12, "Whole horizon over its working days"),
        *_period_columns(plan, totals, kind),
        Column("Why", why_texts(totals.terms, totals.deviation, NAMED_REASONS, wordings), QUIET_TEXT, 60, _WHY),
    )
    table = Table(
        table_name(name),
        TOP,
        1,
        columns,
        outline=np.minimum(nodes.depth[node], DEEPEST_OUTLINE),
        emphasis=~nodes.is_leaf[node],
    )
    cells = (*title_block(name, sentence), *_working_days(plan, days))
    return NodeSheet(Sheet(name, table, cells, freeze=(TOP + 1, 4), heights=title_heights()), totals)


_SUMS = (
    "Bold rows are sums of what is below them, longer periods of their parts; stocks take the last part, "
    "rates the weighted mean."
)
_WHY = "What moves the whole horizon away from its fair share, in the metric's own unit"
_BASELINE_IS = "History of the periods each month or quarter is like; of a backlog, what was open at the start"
_CHANGE_IS = "Whole horizon against Baseline; of rates the difference, of shares in points"
_TIES = 1e-12  # part by which a mean of parts may differ from the whole's own for rounding


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
    nodes = totals.nodes
    offsets = [runs(parts) for parts in nodes.parts]
    texts = [""] * len(cached)
    for row in np.flatnonzero(np.isfinite(cached) & ~np.tile(nodes.is_leaf, totals.blocks)).tolist():
        block, node = divmod(row, len(nodes))
        top = TOP + 1 + block * len(nodes)
        below = [(top + first, top + last) for first, last in offsets[node]]
        if totals.over_time[block] == MEAN:
            texts[row] = _mean_of_parts(totals, row, below, letters, cached)
        else:
            texts[row] = sum_down(below, letters) or _sum_of_level(nodes, node, top, letters)
    return Formulas(texts, cached)


def _weight_shift(totals: NodeTotals, row: int) -> int:
    """Return how many rows below a rate's row that of its weight stands; negative where it stands above."""
    block = row // len(totals.nodes)
    first = totals.first_row(totals.weight_of[totals.metric[block]])
    return (first or 0) - block * len(totals.nodes)


def _mean_of_parts(totals: NodeTotals, row: int, below: list[tuple[int, int]], letters: str, cached: np.ndarray) -> str:
    """Return a parent's rate as the mean of its children's, weighted by the volume in the same column.

    Where that is not what the parent is (history that only some children have), "": it is then written as a value.
    """
    nodes, shift = totals.nodes, _weight_shift(totals, row)
    block, node = divmod(row, len(nodes))
    parts = block * len(nodes) + np.array(nodes.parts[node])
    found = float(np.nansum(cached[parts] * cached[parts + shift]))
    if not abs(found - cached[row] * cached[row + shift]) <= _TIES * abs(found):
        return ""
    top = TOP + 1 + block * len(nodes)
    product = product_down(below, shift, letters) or _sum_of_level(nodes, node, top, letters, shift)
    return f"{product}/{letters}{top + node + shift}" if product else ""


def _sum_of_level(nodes: NodeRows, node: int, top: int, letters: str, shift: int | None = None) -> str:
    """Return the sum over a node's children by their level's name, where there are too many to list.

    Where the level does not tell children from other nodes, "": the parent is then written as a value.

    Parameters
    ----------
    shift : how many rows below each value its weight stands; unweighted where left out
    """
    tree = nodes.tree
    if node >= len(tree):
        return ""
    children = tree.children[node]
    below = range(node + 1, int(tree.leaves[tree.leaf_span[node][1] - 1]) + 1)
    level = tree.level[children[0]].casefold()
    if [other for other in below if tree.level[other].casefold() == level] != list(children):
        return ""
    first, last = top + below[0], top + below[-1]
    level_of, own = column_letters(_LEVEL), f"${column_letters(_LEVEL)}${top + children[0]}"
    weights = "" if shift is None else f",{letters}{first + shift}:{letters}{last + shift}"
    return f"SUMPRODUCT(--(${level_of}${first}:${level_of}${last}={own}),{letters}{first}:{letters}{last}{weights})"


def _baseline(plan: Plan, totals: NodeTotals) -> Formulas:
    letters = column_letters(_BASELINE)
    return live_formulas(plan, totals, letters, _parent_sums(totals, letters, totals.baseline), TOP + 1)


def _change(totals: NodeTotals) -> Formulas:
    total, baseline, is_mean = _total(totals), totals.baseline, _is(totals, MEAN)
    where = np.isfinite(total) & np.isfinite(baseline) & (is_mean | (np.nan_to_num(baseline) > 0))
    cached = np.full(len(total), np.nan)
    cached[where] = np.where(is_mean, total - baseline, total / np.where(is_mean | ~where, 1.0, baseline) - 1)[where]
    planned, before = column_letters(_FIRST_PERIOD), column_letters(_BASELINE)

    def write(at: int) -> str:
        here, there = f"{planned}{TOP + 1 + at}", f"{before}{TOP + 1 + at}"
        return f"{here}-{there}" if is_mean[at] else f"{here}/{there}-1"

    return _formulas(where, cached, write)


def _share(totals: NodeTotals) -> Formulas:
    total, nodes = _total(totals), totals.nodes
    row = np.arange(len(total))
    above = row - row % len(nodes) + np.tile(nodes.parent, totals.blocks)
    where = (
        np.isfinite(total) & (np.tile(nodes.parent, totals.blocks) >= 0) & ~(_is(totals, MEAN) | _is(totals, COMPUTED))
    )
    where[where] &= total[above[where]] > 0
    cached = np.full(len(total), np.nan)
    cached[where] = total[where] / total[above[where]]
    letters = column_letters(_FIRST_PERIOD)
    return _formulas(where, cached, lambda at: f"{letters}{TOP + 1 + at}/{letters}{TOP + 1 + above[at]}")


def _per_day(totals: NodeTotals, days: np.ndarray) -> Formulas:
    total = _total(totals)
    where = np.isfinite(total) & bool(days[ROOT] > 0) & _is(totals, SUM)
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
    columns, formats = [], formats_of(plan.metrics, totals.of_row, value_format)
    for node, header in enumerate(headers):
        planned = totals.planned[:, node]
        letters = column_letters(_FIRST_PERIOD + node)
        values = _parent_sums(totals, letters, planned)
        if not periods.is_leaf[node]:
            values = _longer(totals, values, letters, periods.children[node])
        values = live_formulas(plan, totals, letters, values, TOP + 1)
        style = Style(number_format=ITEMS, bold=not periods.is_leaf[node])
        columns.append(Column(header, values, style, 12, formats=formats))
    return columns


def _longer(totals: NodeTotals, down: Formulas, letters: str, parts: Sequence[int]) -> Formulas:
    """Return a longer period row by row: sum, last or mean of its parts, or, for people, sums of nodes."""
    across = runs([_FIRST_PERIOD + part for part in parts])
    last = column_letters(_FIRST_PERIOD + parts[-1])
    texts = list(down.text)
    known = np.isfinite(down.cached)
    for at in np.flatnonzero(known & ~_is(totals, ALONE)).tolist():
        texts[at] = sum_across(across, TOP + 1 + at)
    for at in np.flatnonzero(known & _is(totals, LAST)).tolist():
        texts[at] = f"{last}{TOP + 1 + at}"
    for at in np.flatnonzero(known & _is(totals, MEAN)).tolist():
        weight_row = TOP + 1 + at + _weight_shift(totals, at)
        product = product_across(across, TOP + 1 + at, weight_row)
        texts[at] = f"{product}/{letters}{weight_row}" if product else ""
    return Formulas(texts, down.cached)


def _is(totals: NodeTotals, how: str) -> np.ndarray:
    """bool, shape (rows,): rows whose longer periods come about in that way."""
    return np.repeat([each == how for each in totals.over_time], len(totals.nodes))


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
