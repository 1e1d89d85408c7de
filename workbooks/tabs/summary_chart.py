"""The chart of the Summary: planned against baseline, by the topmost nodes that stand side by side.

Owns: its lines, its message and its size.
"""

from __future__ import annotations

import numpy as np

from engine.trees import ROOT
from workbooks.tabs.looks import BAR, INK, ITEMS, SIGNED_SHARE, axis_step, number
from workbooks.tabs.model import Chart, Series
from workbooks.tabs.names import SUMMARY
from workbooks.tabs.node_targets import NodeSheet
from workbooks.tabs.page import Entry, Page
from workbooks.tabs.ranges import absolute
from workbooks.tabs.sources import Sources
from workbooks.tabs.summary_blocks import node_label
from workbooks.tabs.summary_numbers import chart_nodes

_COLUMN = 6
_WIDTH, _HEIGHT = 560, 300
_LINES = 15
"""Lines of cells as high as the chart."""


def add_chart(page: Page, sources: Sources) -> tuple[Chart, ...]:
    """Put the lines of the chart and return it; nothing where no nodes stand side by side."""
    # volumes can be compared by length; rates cannot
    chosen = sources.outcome.plan.metrics.kinds.index("volume")
    for nodes in (sources.org, sources.queues):
        first = nodes.totals.first_row(chosen) or 0
        found = chart_nodes(nodes.totals.tree, nodes.totals.planned[first : first + len(nodes.totals.tree), ROOT])
        if len(found) > 1:
            return (_add_bars(page, sources, nodes, chosen, found),)
    return ()


def _add_bars(page: Page, sources: Sources, nodes: NodeSheet, chosen: int, below: list[int]) -> Chart:
    what = "org node" if nodes is sources.org else "queue"
    metric = sources.outcome.plan.metrics.ids[chosen]
    found = [(nodes.totals.first_row(chosen) or 0) + node for node in below]
    page.heading([f"{metric} by {what}", "Baseline", "Planned", "Change"], 3)
    first = page.row
    for node in found:
        row, items = page.row, number(ITEMS)
        before, planned = float(nodes.totals.baseline[node]), float(nodes.totals.planned[node, ROOT])
        change = Entry(planned / before - 1, number(SIGNED_SHARE), f"C{row}/B{row}-1") if before > 0 else None
        page.line(
            [
                Entry(node_label(sources, nodes, node)),
                Entry(before, items, sources.node(nodes, node, nodes.baseline_column)),
                Entry(planned, items, sources.node(nodes, node, nodes.total_column)),
                change,
            ]
        )
    last = page.row - 1
    page.row = max(page.row, first + _LINES)
    name = sources.sheet_name(SUMMARY)
    names = absolute(name, 1, first, last)
    series = [Series("Planned", names, absolute(name, 3, first, last), INK, outlined=True)]
    if np.isfinite(nodes.totals.baseline[found]).any():
        series.insert(0, Series("Baseline", names, absolute(name, 2, first, last), BAR))
    longest = max(nodes.totals.planned[found, ROOT].max(), np.nan_to_num(nodes.totals.baseline[found]).max())
    return Chart(
        _message(metric, nodes, found), first - 1, _COLUMN, _WIDTH, _HEIGHT, series, step=axis_step(float(longest))
    )


def _message(metric: str, nodes: NodeSheet, found: list[int]) -> str:
    names = nodes.totals.nodes.names
    planned, before = nodes.totals.planned[found, ROOT], np.nan_to_num(nodes.totals.baseline[found])
    known = np.flatnonzero(before > 0)
    if not len(known):
        top = int(np.argmax(planned))
        return f"{names[found[top] % len(names)]} takes most: {planned[top]:,.0f} {metric}"
    change = planned[known] / before[known] - 1
    most = int(np.argmax(np.abs(change)))
    return f"{names[found[known[most]] % len(names)]} moves most: {metric} {change[most]:+.1%} on baseline"
