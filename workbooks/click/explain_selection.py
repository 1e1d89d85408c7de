"""Explain selection: the page on one target, as a note on its cell.

Owns: whose target a selected cell is.
"""

from __future__ import annotations

from engine.building.lookup import UnknownNameError
from engine.outcome import ExitStatus
from engine.plan import Plan
from engine.trees import Tree
from workbooks.addresses import cell_name
from workbooks.click.answer import Answer, Note, issues_answer
from workbooks.click.request import Request
from workbooks.click.selection import Selected, selected_records
from workbooks.click.work import By, Clicked
from workbooks.explain import Asked, explain
from workbooks.run import read_plan
from workbooks.tabs.names import CASCADE, ORG_TARGETS, QUEUE_TARGETS, TARGET_CHECK, VARIANCE

_SHEETS = (CASCADE, ORG_TARGETS, QUEUE_TARGETS, TARGET_CHECK, VARIANCE)
_NOTHING = (
    "Select one cell of a row of Cascade, Org Targets, Queue Targets, Target Check or Variance, then click again."
)


def explain_selection(data: bytes, request: Request, by: By) -> Clicked:
    """Explain the first selected target in a note on its cell."""
    read = read_plan(data)
    if read.plan is None:
        return Clicked(data, issues_answer(read.issues, ""))
    selected = [each for each in selected_records(data, request.sheet, request.cells) if each.sheet in _SHEETS]
    if not selected:
        return Clicked(data, Answer(int(ExitStatus.INPUT_WRONG), _NOTHING))
    first = selected[0]
    try:
        found = explain(data, read, _asked(first, read.plan))
    except UnknownNameError as unknown:
        return Clicked(data, Answer(int(ExitStatus.INPUT_WRONG), f"{unknown} Cascade, then click again."))
    cell = cell_name(first.place.row, first.place.column)
    old = "" if found.is_written else " The inputs changed since the last cascade: it explains what they give now."
    said = f"The explanation is the note on {cell}.{old}"
    return Clicked(data, Answer(int(ExitStatus.DONE), said, note=Note(request.sheet, cell, found.text)))


def _asked(selected: Selected, plan: Plan) -> Asked:
    period = _text(selected, "Period")
    if not period and selected.header in plan.periods.ids:
        period = selected.header
    return Asked(
        _text(selected, "Metric"),
        _node(_text(selected, "Org"), plan.org),
        _node(_text(selected, "Queue"), plan.queues),
        _node(period, plan.periods),
    )


def _text(selected: Selected, header: str) -> str | None:
    value = selected.record.get(header)
    if value in (None, ""):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _node(name: str | None, tree: Tree) -> str | None:
    """Return how a node is asked for: not at all for a root of our own making."""
    return None if name == tree.ids[0] and not tree.given[0] else name
