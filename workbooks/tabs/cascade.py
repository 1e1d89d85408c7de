"""The Cascade tab: one row per metric, team, queue and leaf period, with its reasons; pivots as it stands.

Owns: its columns. No object per cell but the texts that have to be written.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import CellStatus, Outcome
from engine.plan import Metrics, Plan
from engine.trees import ROOT, Tree
from workbooks.addresses import column_letters
from workbooks.tabs.cascade_records import Records, records_in_order
from workbooks.tabs.headers import unique_headers
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    ITEMS,
    QUIET_TEXT,
    QUIET_WRAPPED,
    SIGNED_ITEMS,
    TEXT,
    TOP,
    bad,
    fitting,
    line_heights,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.metric_looks import difference_format, formats_of, value_format
from workbooks.tabs.model import Column, Formulas, Sheet, Table
from workbooks.tabs.names import CASCADE, table_name
from workbooks.tabs.ranges import records_of
from workbooks.tabs.rolled_up import RolledUp

_FIXED = (
    "Metric", "Org", "Queue", "Period", "Target", "Fair share", "Deviation", "Baseline", "Min", "Max", "Weight",
    "Weighted value", "Status", "Why",
)  # fmt: skip

_WHY = 60  # width, in characters

_MOST_WRAPPED = 150
"""Lines up to which Why is told in full, line below line: of more, a page or screen holds as many records as it can."""

_QUOTE = '"'
_NOT_KEPT = (CellStatus.HOLD_NOT_KEPT, CellStatus.BELOW_MIN, CellStatus.ABOVE_MAX)


def cascade_sheet(outcome: Outcome) -> Sheet:
    """Return the Cascade tab."""
    sentence = "The target of every team, queue and period; Deviation = Target − Fair share, and Why adds up to it."
    return _sheet(cascade_table(outcome.plan, records_in_order(outcome)), sentence)


def rolled_up_sheet(plan: Plan, rolled: RolledUp, leaf_rows: tuple[int, str]) -> Sheet:
    """Return the Cascade tab of a plan whose leaf rows stand in a file beside the workbook.

    Parameters
    ----------
    leaf_rows : how many there are, and the name of the file
    """
    count, name = leaf_rows
    org, queue = rolled.levels
    sentence = (
        f"{count:,} rows of teams, queues and periods stand in the file “{name}” beside this workbook; "
        f"here they are rolled up, org to {org}, queues to {queue}."
    )
    return _sheet(cascade_table(plan, rolled.records), sentence)


def cascade_table(plan: Plan, records: Records) -> Table:
    """Return records of Cascade as its table."""
    why: list[str] = records.why.tolist()
    lines = sum(1 + len(each) // _WHY for each in why)
    style = QUIET_WRAPPED if lines <= _MOST_WRAPPED else QUIET_TEXT
    return Table(
        table_name(CASCADE),
        TOP,
        1,
        (
            *_keys(plan, records),
            *_numbers(plan.metrics, records),
            Column("Status", records.status.tolist(), AFTER_NUMBER, 13),
            Column("Why", why, style, _WHY, "Reasons in the metric's unit; they add up to Deviation"),
            *_levels(plan, records),
        ),
    )


def _sheet(table: Table, sentence: str) -> Sheet:
    status = records_of(table, "Status")
    # the columns behind Why are there for pivots: printed, they would make all others small
    last = column_letters(table.column_of("Why"))
    why = next(column for column in table.columns if column.header == "Why")
    texts = why.values if why.style.wrap and isinstance(why.values, list) else []
    return Sheet(
        CASCADE,
        table,
        title_block("Cascade", sentence),
        freeze=(TOP + 1, 5),
        heights=title_heights() | line_heights([(texts, _WHY)]),
        fits_lines=why.style.wrap,
        colours=(
            bad(status.cells, f"OR({','.join(f'{status.first}={_QUOTE}{each.label}{_QUOTE}' for each in _NOT_KEPT)})"),
            watch(status.cells, f'{status.first}="at capacity"'),
        ),
        print_area=f"$A$1:${last}${TOP + max(table.length, 1)}",
    )


def taken(words: np.ndarray | tuple[str, ...] | list[str], positions: np.ndarray) -> list[str]:
    """Return the words at positions; each text is one object, however often it occurs."""
    found: list[str] = np.array([*words, ""], dtype=object)[positions].tolist()
    return found


def _keys(plan: Plan, records: Records) -> tuple[Column, ...]:
    return (
        Column("Metric", taken(plan.metrics.ids, records.metric), TEXT, fitting(plan.metrics.ids, 14)),
        Column("Org", taken(plan.org.ids, records.org), TEXT, fitting(plan.org.ids, 16)),
        Column("Queue", taken(plan.queues.ids, records.queue), TEXT, fitting(plan.queues.ids, 16)),
        Column("Period", taken(plan.periods.ids, records.period), TEXT, 11),
    )


def _numbers(metrics: Metrics, records: Records) -> tuple[Column, ...]:
    items, length = number(ITEMS), len(records.value)
    values, differences = (
        formats_of(metrics, records.metric, of_metric) for of_metric in (value_format, difference_format)
    )
    # Target and Fair share stand in columns E and F, Weight in K
    rows = range(TOP + 1, TOP + 1 + length)
    deviation = Formulas([f"E{row}-F{row}" for row in rows], records.value - records.fair)
    is_weighed = np.isfinite(records.weight)
    weighted: Formulas | np.ndarray = np.full(length, np.nan)
    if is_weighed.any():
        texts = [f"E{row}*K{row}" if weighed else "" for row, weighed in zip(rows, is_weighed.tolist(), strict=True)]
        weighted = Formulas(texts, records.value * records.weight)
    return (
        Column("Target", records.value, items, 12, "What is asked of this team, queue and period", values),
        Column("Fair share", records.fair, items, 12, _FAIR_NOTE, values),
        Column("Deviation", deviation, number(SIGNED_ITEMS), 11, formats=differences),
        Column("Baseline", records.baseline, items, 12, "History mapped to this period; blank: none", values),
        Column("Min", records.lower, items, _narrow(records.lower, 10, 6), formats=values),
        Column("Max", records.upper, items, _narrow(records.upper, 10, 6), formats=values),
        Column("Weight", records.weight, items, _narrow(records.weight, 10, 8), _WEIGHT_NOTE),
        Column("Weighted value", weighted, items, _narrow(records.weight, 12, 10), _WEIGHTED_NOTE),
    )


def _narrow(values: np.ndarray, filled: float, empty: float) -> float:
    """Return the width of a column: where it holds nothing, that of its header."""
    return filled if np.isfinite(values).any() else empty


_FAIR_NOTE = "History scaled to the targets, before capacity and limits; for rates, where they start from"
_WEIGHT_NOTE = "Rates only: what a rate is averaged by. Volumes add up, so both weight columns are blank."
_WEIGHTED_NOTE = "Rates only: in a pivot, the sum of Weighted value over the sum of Weight is the average rate."


def _levels(plan: Plan, records: Records) -> tuple[Column, ...]:
    found = [
        (kind, level, tree, node)
        for kind, tree, node in (
            ("Org", plan.org, records.org),
            ("Queue", plan.queues, records.queue),
            ("Period", plan.periods, records.period),
        )
        for level in upper_levels(tree)
    ]
    headers = unique_headers(_FIXED, [(kind, level) for kind, level, *_ in found])
    return tuple(
        Column(header, taken(node_labels(tree), _at_level(tree, level, node)), TEXT, fitting(node_labels(tree), 12))
        for header, (_, level, tree, node) in zip(headers, found, strict=True)
    )


def _at_level(tree: Tree, level: str, node: np.ndarray) -> np.ndarray:
    """Return for each node its node of a level, itself or one above; −1 where it has none, and for the root."""
    found = level_nodes(tree, level)[tree.leaf_span[node, 0]]
    is_above = tree.is_leaf[node] | ((found >= 0) & (tree.depth[found] <= tree.depth[node]) & (node != ROOT))
    return np.where(is_above, found, -1)


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
