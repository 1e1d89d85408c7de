"""Counter-proposals that are taken over: rows of Limits that hold them, with who proposed them and why.

Owns: which rows these are. Nothing is taken that nobody asked to take.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.plan import Plan
from engine.reasons.bridge import Node
from engine.tables import Inputs, InputTable
from engine.trees import ROOT
from solver.frozen import frozen
from workbooks.load.load_table import Loaded, LoadOptions, load_table
from workbooks.load.sources import Source
from workbooks.packs.contents import tree_of
from workbooks.packs.pack import BY_QUEUE, HEADERS
from workbooks.packs.read import Answer
from workbooks.packs.take_due import take_due

_TABLE = "Limits"


@frozen
class Counter:
    """A counter-proposal: where it lies, and what was answered."""

    node: Node
    answer: Answer

    @property
    def value(self) -> float:
        """The number that was proposed instead."""
        return self.answer.meant


def take_over(
    data: bytes, plan: Plan, inputs: Inputs, counters: Sequence[Counter], by: str
) -> Loaded:  # fmt: skip
    """Return a workbook that holds some counter-proposals; those that it holds already are left alone.

    Numbers become rows of Limits; one without a column Hold holds by Min and Max; one that is missing is made. Hours
    within which items are due are typed into Queues, where they stand.

    Parameters
    ----------
    inputs : input tables as they stand
    """
    due = [each for each in counters if each.answer.line.is_due]
    rows = [each for each in counters if not each.answer.line.is_due and not _is_held(plan, each)]
    made = take_due(data, plan, inputs, [(each.node.queue, each.value) for each in due])
    if not rows:
        return made
    done = load_table(
        made.data or data, _TABLE, _source(plan, inputs.tables.get(_TABLE), rows, by), LoadOptions(is_added=True)
    )
    return Loaded(done.data, (*made.issues, *done.issues))


def _source(plan: Plan, limits: InputTable | None, new: Sequence[Counter], by: str) -> Source:
    """Return rows of Limits that hold counter-proposals."""
    needed = {"Metric", HEADERS[by], "Period", "Hold"}  # without one of them a row would mean something else
    tree = tree_of(plan, by)
    values: dict[str, list[object]] = {
        "Metric": [plan.metrics.ids[each.node.metric] for each in new],
        HEADERS[by]: [tree.ids[each.node.queue if by == BY_QUEUE else each.node.org] for each in new],
        "Period": [None if each.node.period == ROOT else plan.periods.ids[each.node.period] for each in new],
        **{name: [each.value for each in new] for name in _held_by(limits)},
        "Owner": [each.answer.by or each.answer.line.node for each in new],
        "Reason": [each.answer.reason or "counter-proposal" for each in new],
    }
    told = {name: given for name, given in values.items() if limits is None or name in limits.columns or name in needed}
    columns = []
    for given in told.values():
        column = np.empty(len(new), dtype=object)
        column[:] = given
        columns.append(column)
    return Source("counter-proposals", tuple(told), tuple(columns), np.arange(1, len(new) + 1))


def _held_by(limits: InputTable | None) -> Sequence[str]:
    """Return the columns that hold a number."""
    is_bounded = limits is not None and "Hold" not in limits.columns and {"Min", "Max"} <= set(limits.columns)
    return ("Min", "Max") if is_bounded else ("Hold",)


def _is_held(plan: Plan, each: Counter) -> bool:
    scope, limits = plan.limits.scope, plan.limits
    same = (
        (scope.metric == each.node.metric) & (scope.org == each.node.org)
        & (scope.queue == each.node.queue) & (scope.period == each.node.period)
    )  # fmt: skip
    return bool((same & (limits.lower == each.value) & (limits.upper == each.value)).any())
