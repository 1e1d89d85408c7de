"""Numbers typed over results, kept as rows of Limits.

Owns: which typed-over cell becomes which limit.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from engine.plan import Plan
from engine.tables import Inputs
from engine.trees import Tree
from solver.frozen import frozen
from workbooks.package.append_rows import Record, append_rows
from workbooks.package.edits import Edit
from workbooks.tabs.names import CASCADE, ORG_TARGETS, QUEUE_TARGETS

REASON = "typed over the result"


@frozen
class Kept:
    """The workbook with the limits in it; data : None where an issue stops that."""

    data: bytes | None
    issues: tuple[Issue, ...]


def keep_edits(data: bytes, inputs: Inputs, plan: Plan, edits: Sequence[Edit], owner: str) -> Kept:
    """Return a workbook in which typed-over numbers stand as rows of Limits, with owner and reason."""
    limits = inputs.tables.get("Limits")
    if limits is None or not {"Metric", "Hold"} <= set(limits.columns):
        return Kept(None, (issue("TC613", NOWHERE, f"{len(edits):,} typed-over cells"),))
    issues: list[Issue] = []
    records: list[Record] = []
    for edit in edits:
        record = limit_of(edit, plan)
        if record is None:
            issues.append(issue("TC614", edit.place, f"{edit.header or 'a row'}: {edit.value}"))
        else:
            records.append({**record, "Owner": owner, "Reason": REASON})
            issues.append(issue("TC615", edit.place, f"{edit.header}: {edit.value:,g}"))
    if stops(issues):
        return Kept(None, tuple(each for each in issues if each.code == "TC614"))
    appended = append_rows(data, limits, records)
    if isinstance(appended, Issue):
        return Kept(None, (appended,))
    return Kept(appended, tuple(issues))


def limit_of(edit: Edit, plan: Plan) -> dict[str, str | float] | None:
    """Return the limit that holds a typed-over number; None where it is none that a limit can hold."""
    if not isinstance(edit.value, float):
        return None
    record: dict[str, str | float] = {"Metric": _text(edit, "Metric"), "Hold": edit.value}
    if edit.sheet == CASCADE and edit.header == "Target":
        trees = {"Org": plan.org, "Queue": plan.queues, "Period": plan.periods}
        return record | {name: _known(_text(edit, name), tree) for name, tree in trees.items()}
    if edit.sheet in (ORG_TARGETS, QUEUE_TARGETS) and edit.header in plan.periods.ids:
        kind, tree = ("Org", plan.org) if edit.sheet == ORG_TARGETS else ("Queue", plan.queues)
        return record | {kind: _known(_text(edit, kind), tree), "Period": _known(edit.header, plan.periods)}
    return None


def _text(edit: Edit, header: str) -> str:
    value = edit.key.get(header)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "")


def _known(node: str, tree: Tree) -> str:
    """Return how the input names a node: nothing for a root of our own making."""
    return "" if node == tree.ids[0] and not tree.given[0] else node
