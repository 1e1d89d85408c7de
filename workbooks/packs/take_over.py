"""Counter-proposals that are taken over: rows of Limits that hold them, with who proposed them and why.

Owns: which row that is. Nothing is taken that nobody asked to take.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.plan import Plan
from engine.reasons.bridge import Node
from engine.tables import InputTable
from engine.trees import ROOT
from solver.frozen import frozen
from workbooks.load.load_table import Loaded, LoadOptions, load_table
from workbooks.load.sources import Source
from workbooks.packs.read import Answer

_TABLE = "Limits"
_WHERE = frozenset({"Metric", "Org", "Period", "Hold"})
"""Columns without which a row would mean something else: a table that has none of them is named."""


@frozen
class Counter:
    """A counter-proposal: where it lies, and what was answered."""

    node: Node
    answer: Answer

    @property
    def value(self) -> float:
        """The number that was proposed instead."""
        return self.answer.meant


def take_over(data: bytes, plan: Plan, limits: InputTable | None, counters: Sequence[Counter]) -> Loaded:
    """Return a workbook whose Limits hold some counter-proposals; those that they hold already are left alone.

    Parameters
    ----------
    limits : the table as it stands; one without a column Hold holds by Min and Max; one that is missing is made
    """
    new = [each for each in counters if not _is_held(plan, each)]
    if not new:
        return Loaded(data, ())
    values: dict[str, list[object]] = {
        "Metric": [plan.metrics.ids[each.node.metric] for each in new],
        "Org": [plan.org.ids[each.node.org] for each in new],
        "Period": [None if each.node.period == ROOT else plan.periods.ids[each.node.period] for each in new],
        **{name: [each.value for each in new] for name in _held_by(limits)},
        "Owner": [each.answer.by or each.answer.line.org for each in new],
        "Reason": [each.answer.reason or "counter-proposal" for each in new],
    }
    told = {name: given for name, given in values.items() if limits is None or name in limits.columns or name in _WHERE}
    columns = []
    for given in told.values():
        column = np.empty(len(new), dtype=object)
        column[:] = given
        columns.append(column)
    source = Source("counter-proposals", tuple(told), tuple(columns), np.arange(1, len(new) + 1))
    return load_table(data, _TABLE, source, LoadOptions(is_added=True))


def _held_by(limits: InputTable | None) -> Sequence[str]:
    """Return the columns that hold a number."""
    is_bounded = limits is not None and "Hold" not in limits.columns and {"Min", "Max"} <= set(limits.columns)
    return ("Min", "Max") if is_bounded else ("Hold",)


def _is_held(plan: Plan, each: Counter) -> bool:
    scope, limits = plan.limits.scope, plan.limits
    same = (
        (scope.metric == each.node.metric) & (scope.org == each.node.org)
        & (scope.queue == ROOT) & (scope.period == each.node.period)
    )  # fmt: skip
    return bool((same & (limits.lower == each.value) & (limits.upper == each.value)).any())
