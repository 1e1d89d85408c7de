"""Spreading by hand: one number over the parts of a node, as rows of Targets.

Owns: what stands at the parts so far, and which rows of Targets are changed or added.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.building.agreed import leaf_values, of_cells
from engine.building.lookup import UnknownNameError, find_place
from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from engine.outcome import ExitStatus
from engine.plan import Plan, Scopes
from engine.reasons.bridge import Node
from engine.spreading.methods import Asked, Parts, SpreadError, spread
from engine.spreading.over import TREES, Over, find_over, held_at, shaped_like, sums
from engine.tables import InputTable
from engine.trees import Tree
from solver.frozen import frozen
from workbooks.package.append_rows import Record
from workbooks.package.edit_table import edit_table
from workbooks.result_rows import missing_leaf_rows, read_cascade
from workbooks.run import PlanRead, read_plan

_NEEDED = ("Metric", "Value")


@frozen
class Wanted:
    """A spread as somebody asks for it: names of nodes, None = all.

    level : name of the level that is spread over; like : a node whose shape is followed
    """

    asked: Asked
    level: str
    metric: str | None = None
    org: str | None = None
    queue: str | None = None
    period: str | None = None
    like: str | None = None
    priority: float | None = None


@frozen
class Row:
    """One part: its name, what stood there, what is asked now, and whether it was held."""

    name: str
    before: float
    after: float
    is_held: bool


@frozen
class SpreadRun:
    """What a spread comes to. rows : part by part; before_is : what the numbers before are, in words."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    rows: tuple[Row, ...] = ()
    before_is: str = ""


def spread_targets(data: bytes, wanted: Wanted) -> SpreadRun:
    """Return a workbook in which a number stands spread over the parts of a node, one row of Targets each.

    Raises
    ------
    UnknownNameError
        A name that was asked for means nothing, or several things.
    """
    read = read_plan(data)
    missing = missing_leaf_rows(data, read.own)
    if read.plan is None or missing:
        return SpreadRun(ExitStatus.INPUT_WRONG, (*read.issues, *missing))
    node = find_place(read.inputs, wanted.metric, wanted.org, wanted.queue, wanted.period)
    try:
        return _spread(data, read, read.plan, node, wanted)
    except SpreadError as refused:
        return SpreadRun(ExitStatus.INPUT_WRONG, (issue("TC920", NOWHERE, str(refused)),))


def _spread(data: bytes, read: PlanRead, plan: Plan, node: Node, wanted: Wanted) -> SpreadRun:
    if node.metric < 0 or plan.metrics.kinds[node.metric] != "volume":
        raise SpreadError(f"{plan.metrics.name(node.metric)} does not add up over its parts; only volumes do")
    over = find_over(plan, node, wanted.level)
    whole = Scopes(*(np.array([getattr(node, name)]) for name in ("metric", *TREES)))
    now, before_is = _standing(data, read, plan)
    like = _like(read, plan, node, over, wanted.like)
    held = held_at(plan, over.scopes)
    asked = _with_total(replace(wanted.asked, decimals=_decimals(plan, node.metric)), plan, whole)
    at_parts = sums(plan, over.scopes, now)
    shape = sums(plan, like, now) if like is not None else np.zeros(len(at_parts))
    done = spread(asked, Parts(at_parts, held, shape))
    made = _written(data, read, plan, _Rows(over.scopes, done.value, whole, wanted.priority))
    if isinstance(made, Issue):
        return SpreadRun(ExitStatus.INPUT_WRONG, (made,))
    tree = {"org": plan.org, "queue": plan.queues, "period": plan.periods}[over.tree]
    names = [_name(tree, each) for each in getattr(over.scopes, over.tree).tolist()]
    rows = tuple(map(Row, names, at_parts.tolist(), done.value.tolist(), np.isfinite(held).tolist()))
    issues = (issue("TC921", NOWHERE, f"{before_is} holds nothing there"),) if done.is_even else ()
    return SpreadRun(ExitStatus.DONE, issues, made, rows, before_is)


def _standing(data: bytes, read: PlanRead, plan: Plan) -> tuple[np.ndarray, str]:
    """Return what stands at each cell: the last cascade, where there is one, else history."""
    rows = read_cascade(data, read.own)
    if rows is not None:
        return of_cells(plan, leaf_values(rows, plan)[0]), "Cascade"
    return plan.cells.baseline, "Baseline"


def _decimals(plan: Plan, metric: int) -> int | None:
    return plan.metrics.decimals[metric] if plan.metrics.decimals else None


def _with_total(asked: Asked, plan: Plan, whole: Scopes) -> Asked:
    """Return what is asked with the total that Targets ask of the node, where none was given but one is needed."""
    own_course = asked.number is not None or asked.rate is not None
    row = _row_of(plan, whole, 0)
    if asked.total is not None or own_course or row is None:
        return asked
    return replace(asked, total=float(plan.targets.value[row]))


def _row_of(plan: Plan, scopes: Scopes, at: int) -> int | None:
    """Return the row of Targets that asks for exactly a scope, as a total; None where there is none."""
    targets = plan.targets
    same = np.ones(len(targets), dtype=bool)
    for name in ("metric", *TREES):
        same &= getattr(targets.scope, name) == getattr(scopes, name)[at]
    found = [row for row in np.flatnonzero(same).tolist() if not (targets.basis[row] if targets.basis else "")]
    return found[0] if found else None


def _like(read: PlanRead, plan: Plan, node: Node, over: Over, name: str | None) -> Scopes | None:
    if name is None:
        return None
    for tree in (over.tree, *(each for each in TREES if each != over.tree)):
        try:
            names = {each: name if each == tree else None for each in TREES}
            found = find_place(
                read.inputs, plan.metrics.ids[node.metric], names["org"], names["queue"], names["period"]
            )
        except UnknownNameError:
            continue
        return shaped_like(plan, node, over, getattr(found, tree), tree)
    raise UnknownNameError("Like", f"unknown: {name!r}")


@frozen
class _Rows:
    """Rows of Targets to be there: parts and their values; the row of the whole is set to their sum."""

    scopes: Scopes
    value: np.ndarray
    whole: Scopes
    priority: float | None


def _written(data: bytes, read: PlanRead, plan: Plan, rows: _Rows) -> bytes | Issue:
    table = read.inputs.tables["Targets"]
    if not set(_NEEDED) <= set(table.columns):
        return issue("TC922", table.whole(), "Targets with periods or metrics as columns")
    whole = _row_of(plan, rows.whole, 0)
    values: dict[tuple[int, int], object] = {}
    if whole is not None:
        values[_cell(plan.targets.place[whole])] = float(rows.value.sum())
    priority = rows.priority or (float(plan.targets.priority[whole]) if whole is not None else None)
    records: list[Record] = []
    for at, value in enumerate(rows.value.tolist()):
        row = _row_of(plan, rows.scopes, at)
        if row is None:
            records.append(_record(plan, rows.scopes, at, value, priority))
        else:
            values[_cell(plan.targets.place[row])] = value
    if missing := _missing(table, records):
        return issue("TC922", table.whole(), f"Targets without {missing}")
    return edit_table(data, table, values, records)


def _cell(place: Place) -> tuple[int, int]:
    return place.row, place.column


def _record(plan: Plan, scopes: Scopes, at: int, value: float, priority: float | None) -> Record:
    record: dict[str, str | float] = {"Metric": plan.metrics.ids[int(scopes.metric[at])], "Sense": "exactly"}
    for field, tree, nodes in (
        ("Org", plan.org, scopes.org), ("Queue", plan.queues, scopes.queue), ("Period", plan.periods, scopes.period),
    ):  # fmt: skip
        record[field] = _name(tree, int(nodes[at]))
    record["Value"] = value
    if priority is not None:
        record["Priority"] = priority
    return record


def _name(tree: Tree, node: int) -> str:
    """Return how an input names a node: nothing for the root, a path where the id alone could be several."""
    if node >= len(tree):
        return tree.groups[node - len(tree)].id
    if node == 0:
        return ""
    keys = [each.casefold() for each in tree.ids]
    return tree.ids[node] if keys.count(keys[node]) == 1 else tree.paths[node]


def _missing(table: InputTable, records: list[Record]) -> str:
    """Return the first column that a new row needs and the table has not."""
    needed = {name for record in records for name in ("Org", "Queue", "Period") if record.get(name)}
    return next((name for name in sorted(needed) if name not in table.columns), "")
