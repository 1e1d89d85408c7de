"""The Cascade tab: one row per metric, team, queue and leaf period, with its reasons; pivots as it stands.

Owns: its columns. No object per cell but the texts that have to be written.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import CellStatus, Outcome
from engine.plan import Plan
from engine.trees import Tree
from workbooks.tabs.headers import unique_headers
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    ITEMS,
    QUIET_TEXT,
    SIGNED_ITEMS,
    TEXT,
    TOP,
    fitting,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.model import Column, Formulas, Sheet, Table
from workbooks.tabs.names import CASCADE, table_name
from workbooks.tabs.ranges import records_of
from workbooks.tabs.why import Terms, why_texts

_NAMED_REASONS = 5
_FIXED = (
    "Metric", "Org", "Queue", "Period", "Target", "Fair share", "Deviation", "Baseline", "Min", "Max", "Weight",
    "Weighted value", "Status", "Why",
)  # fmt: skip


def cell_order(plan: Plan) -> np.ndarray:
    """Return the cells in the order of the tab: metrics in table order, then org, queue and period in tree order."""
    cells = plan.cells
    return np.lexsort((cells.period, cells.queue, cells.org, cells.metric))


def cascade_sheet(outcome: Outcome) -> Sheet:
    """Return the Cascade tab."""
    order = cell_order(outcome.plan)
    table = Table(
        table_name(CASCADE),
        TOP,
        1,
        (
            *_keys(outcome.plan, order),
            *_numbers(outcome, order),
            *_words(outcome, order),
            *_levels(outcome.plan, order),
        ),
    )
    status = records_of(table, "Status")
    return Sheet(
        CASCADE,
        table,
        title_block(
            "Cascade",
            "The target of every team, queue and period; Deviation = Target − Fair share, and Why adds up to it.",
        ),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
        colours=(watch(status.cells, f'{status.first}="at capacity"'),),
    )


def taken(words: np.ndarray | tuple[str, ...] | list[str], positions: np.ndarray) -> list[str]:
    """Return the words at positions; each text is one object, however often it occurs."""
    found: list[str] = np.array([*words, ""], dtype=object)[positions].tolist()
    return found


def _keys(plan: Plan, order: np.ndarray) -> tuple[Column, ...]:
    cells = plan.cells

    def ids(tree: Tree, leaf: np.ndarray) -> list[str]:
        return taken(tree.ids, tree.leaves[leaf[order]])

    return (
        Column("Metric", taken(plan.metrics.ids, cells.metric[order]), TEXT, 14),
        Column("Org", ids(plan.org, cells.org), TEXT, fitting(plan.org.ids, 16)),
        Column("Queue", ids(plan.queues, cells.queue), TEXT, fitting(plan.queues.ids, 16)),
        Column("Period", ids(plan.periods, cells.period), TEXT, 11),
    )


def _numbers(outcome: Outcome, order: np.ndarray) -> tuple[Column, ...]:
    value, fair = outcome.value[order], outcome.fair[order]
    items = number(ITEMS)
    lower, upper = outcome.lower[order], outcome.upper[order]
    # Target and Fair share stand in columns E and F
    deviation = [f"E{row}-F{row}" for row in range(TOP + 1, TOP + 1 + len(order))]
    nothing = np.full(len(order), np.nan)
    return (
        Column("Target", value, items, 12, "What is asked of this team, queue and period"),
        Column("Fair share", fair, items, 12, "History scaled to the targets, before capacity and limits"),
        Column("Deviation", Formulas(deviation, value - fair), number(SIGNED_ITEMS), 11),
        Column("Baseline", outcome.plan.cells.baseline[order], items, 12, "History mapped to this period; blank: none"),
        Column("Min", np.where(np.isfinite(lower), lower, np.nan), items, 10),
        Column("Max", np.where(np.isfinite(upper), upper, np.nan), items, 10),
        Column(
            "Weight",
            nothing,
            items,
            10,
            "Rates only: what a rate is averaged by. Volumes add up, so both weight columns are blank.",
        ),
        Column(
            "Weighted value",
            nothing,
            items,
            12,
            "Rates only: in a pivot, the sum of Weighted value over the sum of Weight is the average rate.",
        ),
    )


def _words(outcome: Outcome, order: np.ndarray) -> tuple[Column, ...]:
    reasons = outcome.reasons
    terms = Terms(reasons.labels, reasons.cell, reasons.label, reasons.amount)
    texts = why_texts(terms, outcome.value - outcome.fair, _NAMED_REASONS)
    labels = [status.label for status in CellStatus]
    return (
        Column("Status", taken(labels, outcome.status[order]), AFTER_NUMBER, 13),
        Column("Why", taken(texts, order), QUIET_TEXT, 60, "Reasons in items; they add up to Deviation"),
    )


def _levels(plan: Plan, order: np.ndarray) -> tuple[Column, ...]:
    cells = plan.cells
    found = [
        (kind, level, tree, leaf[order])
        for kind, tree, leaf in (
            ("Org", plan.org, cells.org),
            ("Queue", plan.queues, cells.queue),
            ("Period", plan.periods, cells.period),
        )
        for level in upper_levels(tree)
    ]
    headers = unique_headers(_FIXED, [(kind, level) for kind, level, *_ in found])
    return tuple(
        Column(header, taken(node_labels(tree), level_nodes(tree, level)[leaf]), TEXT, fitting(node_labels(tree), 12))
        for header, (_, level, tree, leaf) in zip(headers, found, strict=True)
    )


def upper_levels(tree: Tree) -> tuple[str, ...]:
    """Return the names of the levels above leaves, from the top down."""
    above = {tree.level[node] for node in np.flatnonzero(~tree.is_leaf)}
    return tuple(level for level in tree.levels if level in above)


def level_nodes(tree: Tree, level: str) -> np.ndarray:
    """Return for each leaf its node of a level (itself, where a branch ends early), -1 where it has none."""
    is_level = np.array([name == level for name in tree.level]) & tree.given
    found = np.full(len(tree.leaves), -1, dtype=np.int64)
    for above in tree.ancestors.T:  # from the top down: of two nodes of one level name, the lower one stays
        hit = (above >= 0) & is_level[above]
        found[hit] = above[hit]
    return found


def node_labels(tree: Tree) -> list[str]:
    """Return what people call each node; where two of one level share a name, the path tells them apart."""
    count: dict[tuple[str, str], int] = {}
    for key in zip(tree.level, tree.names, strict=True):
        count[key] = count.get(key, 0) + 1
    return [
        name if count[level, name] == 1 else path
        for level, name, path in zip(tree.level, tree.names, tree.paths, strict=True)
    ]
