"""Numbers typed over results, kept as rows of Limits.

Owns: which typed-over cell becomes which limit, and what stands there already.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place, stops
from engine.plan import Plan
from engine.tables import Inputs, InputTable
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
    standing = Standing(plan)
    for edit in edits:
        record = limit_of(edit, plan)
        if record is None:
            issues.append(issue("TC614", edit.place, f"{edit.header or 'a row'}: {edit.value}"))
        elif (there := standing.row_about(record)) is not None:
            issues.append(issue("TC858", edit.place, f"{edit.header}: {edit.value:,g}; row {there.row} of Limits"))
        else:
            records.append({**record, "Owner": owner, "Reason": REASON})
            issues.append(issue("TC615", edit.place, f"{edit.header}: {edit.value:,g}"))
    if stops(issues):
        return Kept(None, tuple(each for each in issues if each.code != "TC615"))
    appended = with_limits(data, limits, records)
    if isinstance(appended, Issue):
        return Kept(None, (appended,))
    return Kept(appended, tuple(issues))


def with_limits(data: bytes, limits: InputTable, records: Sequence[Record]) -> bytes | Issue:
    """Return a workbook with rows appended to Limits; an issue where they cannot be, or would stop every run."""
    from workbooks.run import read_plan  # which keeps edits itself

    appended = append_rows(data, limits, records)
    if isinstance(appended, Issue):
        return appended
    stopping = [each for each in read_plan(appended).issues if stops([each])]
    return stopping[0] if stopping else appended


class Standing:
    """Which cells rows of Limits are about.

    A second row about the same cells stops a run, so a number cannot be held there by a row of its own.
    """

    def __init__(self, plan: Plan) -> None:
        self._trees = {"Org": plan.org, "Queue": plan.queues, "Period": plan.periods}
        self._metrics = {name.casefold(): at for at, name in enumerate(plan.metrics.ids)}
        scope, last = plan.limits.scope, len(plan.periods.leaves)
        until = [last] * len(scope) if scope.until is None else scope.until.tolist()
        keys = zip(
            *(each.tolist() for each in (scope.metric, scope.org, scope.queue, scope.period)), until, strict=True
        )
        self._places: dict[tuple[int | None, ...], Place] = {
            key[:4]: place for key, place in zip(keys, plan.limits.place, strict=True) if key[4] >= last
        }

    def row_about(self, record: Record) -> Place | None:
        """Return the row of Limits about the same metric and nodes; None where there is none."""
        nodes = [self._node(name, str(record.get(name, ""))) for name in self._trees]
        metric = self._metrics.get(str(record["Metric"]).casefold())
        return self._places.get((metric, *nodes))

    def _node(self, name: str, node: str) -> int | None:
        """Return a node's position; None for a group across the tree, which no number of a single node is about."""
        ids = self._trees[name].ids
        return ids.index(node) if node in ids else None if node else 0


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
