"""Answers beside proposals, node by node: what was asked, and what it comes to above.

Owns: which nodes are added up, and the sentence on each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan

import numpy as np

from engine.outcome import Outcome
from engine.plan import Plan
from engine.rates.averages import values_at
from engine.reasons.bridge import Node
from solver.frozen import frozen
from workbooks.packs.contents import tree_of
from workbooks.packs.family import come_to
from workbooks.packs.numbers import Number, at_node, own_node, scopes_of, upwards
from workbooks.packs.read import COUNTER
from workbooks.tabs.metric_looks import is_rate
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.responses import AVERAGE, BY_PARTS, SUM, TOGETHER, ResponseRow

_Key = tuple[int, int, int]
"""Metric, node of the tree that the plan was split by, period."""


@frozen
class BottomUp:
    """Rows of Responses, by the tree that the plan was split by."""

    plan: Plan
    by: str

    def rows(self, numbers: Sequence[Number], outcome: Outcome | None) -> list[ResponseRow]:
        """Return a row for every node that was asked, and for those above, in tree order.

        Parameters
        ----------
        outcome : the reconciled plan, None where none was made
        """
        found = {self._key(each): self._row(each) for each in numbers}
        for (metric, node, period), parts in self._above(numbers).items():
            proposed = come_to([(each.answer.line, each.answer.line.proposed) for each in parts])
            meant = come_to([(each.answer.line, each.meant) for each in parts])
            together = AVERAGE if parts[0].answer.line.weight else SUM
            names = self._names(metric, node, period)
            found[metric, node, period] = ResponseRow(*names, proposed, together, meant, "", "", "", nan)
        keys = sorted(found, key=lambda key: (key[0] < 0, key))  # built-in metrics last
        several = len({metric for metric, _, _ in keys}) > 1
        rows = [replace(found[key], told=self._told(found[key], key[0], is_named=several)) for key in keys]
        return rows if outcome is None else self._reconciled(rows, keys, outcome)

    def _reconciled(self, rows: list[ResponseRow], keys: list[_Key], outcome: Outcome) -> list[ResponseRow]:
        decided = [at for at, key in enumerate(keys) if key[0] >= 0]
        values = values_at(outcome, scopes_of([at_node(*keys[at], self.by) for at in decided]))
        for at, value in zip(decided, values.tolist(), strict=True):
            rows[at] = replace(rows[at], reconciled=value)
        return rows

    def _above(self, numbers: Sequence[Number]) -> dict[_Key, list[Number]]:
        """Return which numbers make up each node above those that were asked."""
        tree, asked = tree_of(self.plan, self.by), {self._key(each) for each in numbers}
        above: dict[_Key, list[Number]] = {}
        for each in numbers:
            metric, node, period = self._key(each)
            higher = list(upwards(tree.parent, int(tree.parent[node])))
            if each.answer.line.is_due or any((metric, one, period) in asked for one in higher):
                continue
            for one in higher:
                above.setdefault((metric, one, period), []).append(each)
        return above

    def _row(self, each: Number) -> ResponseRow:
        answer = each.answer
        said = BY_PARTS if each.is_by_parts else answer.answer
        return ResponseRow(
            *self._names(*self._key(each)), answer.line.proposed, said, each.meant, answer.reason, answer.by, answer.at,
            nan,
        )  # fmt: skip

    def _key(self, each: Number) -> _Key:
        return each.node.metric, own_node(each.node, self.by), each.node.period

    def _names(self, metric: int, node: int, period: int) -> tuple[str, str, str]:
        plan = self.plan
        return plan.metrics.name(metric), tree_of(plan, self.by).ids[node], plan.periods.ids[period]

    def _told(self, row: ResponseRow, metric: int, *, is_named: bool) -> str:
        """Return what was answered instead of what was proposed, in a sentence that may name the metric."""
        plan, gap = self.plan, row.value - row.proposed
        if is_rate(plan.metrics, metric):
            change, both = shown_change(plan, metric, gap), (row.proposed, row.value)
            proposed, answered = (shown_value(plan, metric, each) for each in both)
            is_same = not any(digit in change for digit in "123456789")
        else:
            unit = f" {plan.metrics.unit(metric)}" if metric < 0 else ""
            change, is_same = f"{gap:+,.10g}{unit}", gap == 0
            proposed, answered = f"{row.proposed:,.10g}{unit}", f"{row.value:,.10g}{unit}"
        if is_same or row.answer not in (*TOGETHER, COUNTER):
            return ""
        where = f"{row.metric + ', ' if is_named else ''}{row.node}, {row.period}"
        return f"{where}: proposed {proposed}, answered {answered} ({change})"


def largest_move(outcome: Outcome, numbers: Sequence[Number], metrics: Sequence[int]) -> float:
    """Return by how much the accepted numbers of some metrics move at most, in their own unit; 0 without any."""
    held = [each for each in numbers if each.is_accepted and each.node.metric in metrics]
    nodes: list[Node] = [each.node for each in held]
    moved = np.abs(values_at(outcome, scopes_of(nodes)) - [each.meant for each in held]) if held else np.zeros(1)
    return float(np.nanmax(moved))
