"""The Variance tab: every node and leaf pair × every period that has begun, with effects that add up.

Owns: its rows and columns. Differences and the check are formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.plan import Plan
from engine.trees import Tree
from engine.variance.attainment import Status
from engine.variance.blocks import Block
from engine.variance.nodes import ALL
from engine.variance.noise import Signal
from engine.variance.table import MetricTable, VarianceTable
from solver.frozen import frozen
from workbooks.addresses import column_letters
from workbooks.tabs.blocked_words import blocked_words
from workbooks.tabs.cascade import taken
from workbooks.tabs.looks import (
    AFTER_NUMBER,
    QUIET_TEXT,
    SHARE,
    TEXT,
    TOP,
    bad,
    fitting,
    good,
    number,
    title_block,
    title_heights,
    watch,
)
from workbooks.tabs.metric_looks import formats_of, value_format, variance_format
from workbooks.tabs.model import Column, Formulas, Sheet, Style, Table
from workbooks.tabs.names import VARIANCE, table_name
from workbooks.tabs.ranges import records_of

TO_DATE = " to date"
_CHECK = '[<0.0000000015]"ok";0.0E+00'
_FIRST_NUMBER = 5  # column of Agreed


@frozen
class VarianceRows:
    """The rows of the tab, in order: which metric, node and period each is; int64, shape (rows,).

    table : position in the variance table's metrics
    """

    table: np.ndarray
    node: np.ndarray
    period: np.ndarray

    def __len__(self) -> int:
        return len(self.table)


def variance_rows(table: VarianceTable) -> VarianceRows:
    """Return the rows that say something: metric by metric, node by node, period by period."""
    found = []
    for at, each in enumerate(table.metrics):
        node, period = np.nonzero(each.is_there)
        found.append((np.full(len(node), at), node, period))
    if not found:
        nothing = np.zeros(0, np.int64)
        return VarianceRows(nothing, nothing, nothing)
    return VarianceRows(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))


def variance_sheet(table: VarianceTable) -> Sheet:
    """Return Variance."""
    rows = variance_rows(table)
    columns = [*_keys(table, rows), *_Numbers(table, rows).columns(_blocked(table, rows))]
    laid = Table(table_name(VARIANCE), TOP, 1, columns, emphasis=rows.node == 0)
    status, signal = records_of(laid, "Status"), records_of(laid, "Signal")
    return Sheet(
        VARIANCE,
        laid,
        title_block("Variance", _sentence(table)),
        freeze=(TOP + 1, 5),
        heights=title_heights(),
        colours=(
            good(status.cells, f'{status.first}="{Status.GREEN.label}"'),
            watch(status.cells, f'{status.first}="{Status.AMBER.label}"'),
            bad(status.cells, f'{status.first}="{Status.RED.label}"'),
            watch(signal.cells, f'AND({signal.first}<>"",{signal.first}<>"{Signal.NOISE.label}")'),
        ),
    )


def against(table: VarianceTable) -> str:
    """Return what actuals are compared with, in words."""
    if table.agreed.is_sealed:
        return f"Agreed is version {table.agreed.version}, sealed {table.agreed.at}"
    return "Nothing is sealed: Agreed is the cascade before actuals"


def _sentence(table: VarianceTable) -> str:
    worst = max((float(np.nanmax(np.abs(each.residual), initial=0.0)) for each in table.metrics), default=0.0)
    adds = "the effects of every row add up to its variance" if worst < _LARGE else "see Check: effects do not add up"
    return f"Variance = Actual − Compared, which is Agreed − Not reported; {adds}. {against(table)}."


_LARGE = 1e-3


def period_label(plan: Plan, node: int, *, is_to_date: bool) -> str:
    """Return what a period is called: ``2026-Q1``, or ``2026 to date``."""
    return plan.periods.ids[node] + (TO_DATE if is_to_date else "")


def node_id(tree: Tree, node: int) -> str:
    """Return the id of a node; "" for all of a tree, and for a root of our own making."""
    return "" if node == ALL or not tree.given[node] else tree.ids[node]


def _keys(table: VarianceTable, rows: VarianceRows) -> list[Column]:
    plan, periods = table.plan, table.periods
    labels = [
        period_label(plan, node, is_to_date=open_)
        for node, open_ in zip(periods.node.tolist(), periods.is_to_date.tolist(), strict=True)
    ]
    metrics = [plan.metrics.ids[each.metric] for each in table.metrics]

    def ids(tree: Tree, nodes_of: Callable[[MetricTable], np.ndarray]) -> list[str]:
        words = [node_id(tree, node) for node in range(len(tree))]
        at = np.concatenate([nodes_of(each)[rows.node[rows.table == t]] for t, each in enumerate(table.metrics)])
        return taken([*words, ""], np.where(at == ALL, len(words), at))

    orgs, queues = ids(plan.org, lambda each: each.nodes.org), ids(plan.queues, lambda each: each.nodes.queue)
    return [
        Column("Metric", taken(metrics, rows.table), TEXT, fitting(metrics, 14)),
        Column("Org", orgs, TEXT, fitting(plan.org.ids, 14), "Blank: all org"),
        Column("Queue", queues, TEXT, fitting(plan.queues.ids, 14), "Blank: all queues"),
        Column("Period", taken(labels, rows.period), TEXT, fitting(labels, 12), "To date: more of it is to come"),
    ]


def _blocked(table: VarianceTable, rows: VarianceRows) -> list[str]:
    """Return what blocked each red row, "" for others."""
    found = [""] * len(rows)
    for at, each in enumerate(table.metrics):
        own = np.flatnonzero(rows.table == at)
        red = own[each.status[rows.node[own], rows.period[own]] == Status.RED]
        for row in red.tolist():
            found[row] = blocked_words(table, each, int(rows.node[row]), int(rows.period[row]))
    return found


class _Numbers:
    """The columns of numbers, each picked row by row out of its metric's arrays."""

    def __init__(self, table: VarianceTable, rows: VarianceRows) -> None:
        self.table, self.rows = table, rows
        plan = table.plan
        metric = np.array([each.metric for each in table.metrics], dtype=np.int64)[rows.table]
        self.values = formats_of(plan.metrics, metric, value_format)
        self.changes = formats_of(plan.metrics, metric, variance_format)
        self.drivers = list(dict.fromkeys(name for each in table.metrics for name in each.block.drivers))

    def columns(self, blocked: list[str]) -> list[Column]:
        """Return all columns from Agreed on."""
        agreed, latest = self._block(lambda one: one.agreed), self._block(lambda one: one.latest)
        actual, missing = self._block(lambda one: one.actual), self._block(lambda one: one.not_reported)
        missing = np.where(np.isfinite(agreed), missing, 0.0)
        variance = self._block(lambda one: one.variance)
        size = np.maximum(np.abs(np.nan_to_num(agreed)), np.abs(np.nan_to_num(actual)))
        effects = [(name, _without_dust(values, size)) for name, values in self._effects()]
        known = np.isfinite(variance)
        first = _FIRST_NUMBER + 9
        last = first + len(effects) - 1
        return [
            self._value("Agreed", agreed, "What was sealed; without a seal, the cascade before actuals"),
            self._value("Latest", latest, "The cascade as it is now"),
            self._formula("Revision", "F{row}-E{row}", latest - agreed, "Latest − Agreed"),
            self._value("Actual", actual, "What happened; blank: nobody reported"),
            self._change("Not reported", np.where(missing != 0, missing, np.nan),
                         "Part of Agreed that has no actuals, and is left out of the comparison"),
            self._formula("Compared", "E{row}-I{row}", agreed - missing, "Agreed − Not reported", self.values),
            self._formula("Variance", "H{row}-J{row}", variance, "Actual − Compared"),
            Column("Attainment", self._each(lambda one: one.attainment), number(SHARE), 12,
                   "Actual ÷ Agreed; where lower is better, 2 − Actual ÷ Agreed. Shares are judged in points."),
            Column("Status", taken([each.label for each in Status], self._codes(lambda one: one.status)),
                   AFTER_NUMBER, 10, "By Green and Amber of Metrics; amber while a sample may hold the target"),
            *(
                self._change(name, np.where(known, each, np.nan), _NOTES.get(name) or self._method(name))
                for name, each in effects
            ),
            self._check(variance, [values for _, values in effects], (first, last)),
            *(
                self._change(f"of it {name}", np.where(known & (each != 0), each, np.nan), note)
                for name, each, note in self._apart()
            ),
            self._change("To parent", np.where(known, self._block(lambda one: one.contribution), np.nan),
                         "What this row contributes to the variance of the node above"),
            Column("Signal", taken([each.label for each in Signal], self._codes(lambda one: one.signal)),
                   QUIET_TEXT, 22, "Process-behaviour limits (XmR) over the periods: a wiggle is no trend"),
            Column("Attainment on arrived", self._each(lambda one: one.on_arrived), number(SHARE), 12,
                   "Actual ÷ the part of Agreed for which work arrived (InflowActuals)"),
            Column("Estimated", self._estimated(), number(SHARE), 11,
                   "Part of Actual that was split over periods or shared out over nodes"),
            Column("Blocked by", blocked, QUIET_TEXT, 60, _BLOCKED),
        ]  # fmt: skip

    def _effects(self) -> list[tuple[str, np.ndarray]]:
        """Return the columns that add up to the variance, by header."""
        return [
            ("Rate effect", self._block(lambda one: one.rate)),
            ("Mix effect", self._block(lambda one: one.mix)),
            ("Volume effect", self._block(lambda one: one.volume)),
            *((f"{name} effect", self._driver(name)) for name in self.drivers),
            ("New or closed", self._block(lambda one: one.new_or_closed)),
        ]

    def _method(self, header: str) -> str:
        """Return by which method the effect of a driver was made, formula by formula."""
        name, ids = header.removesuffix(" effect"), self.table.plan.metrics.ids
        by = [f"{ids[one.metric]} by {one.block.method}" for one in self.table.metrics if name in one.block.drivers]
        return f"Effect of this driver of {', '.join(by)}"

    def _apart(self) -> list[tuple[str, np.ndarray, str]]:
        """Return what New or closed is made of."""
        return [
            ("new", self._block(lambda one: one.new), "Of New or closed: pairs that were never agreed"),
            ("closed", self._block(lambda one: one.closed), "Of New or closed: agreed pairs that are gone"),
            ("moved", self._block(lambda one: one.moved), "Of New or closed: from one team or queue to another"),
        ]

    def _each(self, pick: Callable[[MetricTable], np.ndarray]) -> np.ndarray:
        rows = self.rows
        found = np.full(len(rows), np.nan)
        for at, each in enumerate(self.table.metrics):
            own = rows.table == at
            found[own] = pick(each)[rows.node[own], rows.period[own]]
        return found

    def _block(self, pick: Callable[[Block], np.ndarray]) -> np.ndarray:
        return self._each(lambda one: pick(one.block))

    def _codes(self, pick: Callable[[MetricTable], np.ndarray]) -> np.ndarray:
        return self._each(pick).astype(np.int64)

    def _driver(self, name: str) -> np.ndarray:
        return self._block(lambda one: one.drivers.get(name, np.full(one.agreed.shape, np.nan)))

    def _estimated(self) -> np.ndarray:
        found = self._block(lambda one: one.estimated)
        return np.where(found > 0, found, np.nan)

    def _value(self, header: str, values: np.ndarray, note: str) -> Column:
        return Column(header, values, Style(), 13, note, self.values)

    def _change(self, header: str, values: np.ndarray, note: str) -> Column:
        return Column(header, values, Style(), 13, note, self.changes)

    def _formula(
        self, header: str, pattern: str, values: np.ndarray, note: str, formats: Sequence[str] | None = None
    ) -> Column:
        return Column(header, self._formulas(pattern, values), Style(), 13, note, formats or self.changes)

    def _formulas(self, pattern: str, values: np.ndarray) -> Formulas:
        known = np.isfinite(values).tolist()
        rows = range(TOP + 1, TOP + 1 + len(values))
        return Formulas(
            [pattern.format(row=row) if there else "" for row, there in zip(rows, known, strict=True)], values
        )

    def _check(self, variance: np.ndarray, effects: Sequence[np.ndarray], at: tuple[int, int]) -> Column:
        left = variance - sum(np.nan_to_num(each) for each in effects)
        agreed, actual = self._block(lambda one: one.agreed), self._block(lambda one: one.actual)
        size = np.maximum(1.0, np.maximum(np.abs(np.nan_to_num(agreed)), np.abs(np.nan_to_num(actual))))
        span = f"{column_letters(at[0])}{{row}}:{column_letters(at[1])}{{row}}"
        pattern = f"ABS(ROUND((K{{row}}-SUM({span}))/MAX(1,ABS(E{{row}}),ABS(H{{row}})),9))"
        cached = np.where(np.isfinite(variance), np.abs(np.round(left / size, 9)), np.nan)
        return Column("Check", self._formulas(pattern, cached), number(_CHECK), 8,
                      "Variance less all its effects, as a part of the row: ok to nine digits")  # fmt: skip


def _without_dust(values: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return effects with what is left of cancelled sums as the nothing that it is."""
    return np.where(np.abs(values) < _DUST * np.maximum(size, 1e-300), 0.0, values)


_DUST = 1e-13

_BLOCKED = "For red rows: what kept them, in items and hours; of rates and formulas, what moved them"
_NOTES = {
    "Rate effect": "Rates: what other rates did at the same mix (Kitagawa, made anew inside each node). "
    "Values: Σ actual quantity × (actual rate − agreed rate)",
    "Mix effect": "What a different split did at the same total; rates: made anew inside each node",
    "Volume effect": "What a different total did at the agreed split; values: quantity × agreed mean rate",
    "New or closed": "Pairs that stand on one side only",
}
