"""Actions: red findings become rows once, and people's cells stay as they typed them.

Owns: which findings are followed up, their stable ids, when a closed one is raised again, and what is overdue.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from engine.building.columns import day_of
from engine.building.texts import text_of
from engine.codes import issue
from engine.issues import NOWHERE, Issue, Place
from engine.tables import InputTable
from engine.variance.attainment import Status
from engine.variance.choosing import side_by_side_nodes
from engine.variance.nodes import TOP, node_name
from engine.variance.table import MetricTable, VarianceTable
from solver.frozen import frozen
from workbooks.load.load_table import with_table
from workbooks.package.append_rows import Record, append_rows
from workbooks.tabs.blocked_words import explained_words
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.review_lists import Action
from workbooks.tabs.review_words import as_of_words
from workbooks.tabs.variance import node_id

_LEAST_PART = 0.10
_MOST_PER_METRIC = 5
_DONE = frozenset({"closed", "done", "cancelled", "canceled", "dropped", "resolved"})
_FIELDS = ("ID", "Raised", "Metric", "Org", "Queue", "Finding", "Owner", "Due", "Status", "Outcome")


@frozen
class Finding:
    """A red node that is worth an action. node : position among the metric's nodes."""

    id: str
    table: MetricTable
    node: int
    words: str


@frozen
class FollowedUp:
    """The workbook with new actions in it, and all actions for the review."""

    data: bytes
    actions: tuple[Action, ...]
    issues: tuple[Issue, ...]


def follow_up(data: bytes, actions: InputTable | None, table: VarianceTable, *, may_add: bool) -> FollowedUp:
    """Return the workbook with a row of Actions for every red finding that has none.

    Parameters
    ----------
    may_add : whether a workbook without the table gets it, on a sheet of its own
    """
    findings = find_red(table)
    issues: tuple[Issue, ...] = ()
    if actions is not None and not {"ID", "Finding"} <= set(actions.columns):
        actions, may_add = None, False  # somebody's own sheet of that name
    if actions is None and findings and may_add:
        data, actions = _with_actions(data)
        issues = () if actions is None else (issue("TC540", actions.whole(), f"{len(findings):,} red finding(s)"),)
    if actions is None:
        told = () if not findings else (issue("TC812", NOWHERE, f"{len(findings):,} red finding(s)"),)
        return FollowedUp(data, (), told)
    present = _rows(actions)
    new = [record for finding in findings if (record := _record(finding, present, table)) is not None]
    if new:
        appended = append_rows(data, actions, new)
        if isinstance(appended, Issue):
            issues, new = (*issues, _set_aside(appended)), []
        else:
            data = appended
    listed = [*present, *({name: str(record.get(name, "")) for name in _FIELDS} for record in new)]
    return FollowedUp(data, tuple(_action(row, table) for row in listed), issues)


def _with_actions(data: bytes) -> tuple[bytes, InputTable | None]:
    """Return the workbook with an empty table Actions; None where a sheet of that name is somebody's own."""
    made = with_table(data, "Actions")
    if made is data:
        return data, None
    columns = {name: column for column, name in enumerate(_FIELDS, start=1)}
    nothing = {name: np.zeros(0, dtype=object) for name in _FIELDS}
    return made, InputTable("Actions", "Actions", 1, np.zeros(0, np.int64), nothing, columns)


def known_actions(actions: InputTable | None, table: VarianceTable) -> tuple[Action, ...]:
    """Return the actions that stand in a workbook."""
    return (
        () if actions is None or "ID" not in actions.columns else tuple(_action(row, table) for row in _rows(actions))
    )


def _set_aside(found: Issue) -> Issue:
    """Return a note instead of a stop: a review goes on where its actions find no room."""
    place = Place("Actions", found.place.sheet, found.place.row, found.place.column)
    return issue("TC801", place, f"no room for new actions: {found.found}", mend=found.mend)


def find_red(table: VarianceTable) -> list[Finding]:
    """Return the red nodes to date that carry most of what went wrong, metric by metric."""
    found: list[Finding] = []
    for each in table.metrics:
        higher = bool(table.plan.metrics.higher_is_better[each.metric])
        wrong = np.maximum(-each.block.contribution[:, TOP] if higher else each.block.contribution[:, TOP], 0.0)
        wrong = np.nan_to_num(wrong)
        chosen: dict[int, float] = {}
        for nodes in side_by_side_nodes(table.plan, each):
            total = float(wrong[nodes].sum())
            for node in nodes.tolist():
                if each.status[node, TOP] == Status.RED and total > 0 and wrong[node] >= _LEAST_PART * total:
                    chosen[node] = float(wrong[node])
        worst = sorted(chosen, key=lambda one: (-chosen[one], one))[:_MOST_PER_METRIC]
        found += [Finding(finding_id(table, each, node), each, node, _words(table, each, node)) for node in worst]
    return found


def finding_id(table: VarianceTable, each: MetricTable, node: int) -> str:
    """Return the id of a finding: the same metric, team and queue have the same one for ever."""
    plan = table.plan
    key = "\x1f".join(
        (
            plan.metrics.ids[each.metric],
            node_id(plan.org, int(each.nodes.org[node])),
            node_id(plan.queues, int(each.nodes.queue[node])),
        )
    )
    return "R" + blake2b(key.casefold().encode(), digest_size=3).hexdigest().upper()


def _words(table: VarianceTable, each: MetricTable, node: int) -> str:
    plan, metric, block = table.plan, each.metric, each.block
    actual, agreed = float(block.actual[node, TOP]), float(block.compared[node, TOP])
    change = shown_change(plan, metric, float(block.variance[node, TOP]))
    words = (
        f"{node_name(plan, each.nodes, node)}: {shown_value(plan, metric, actual)} against "
        f"{shown_value(plan, metric, agreed)} agreed, {change}"
    )
    why = explained_words(table, each, node, TOP)
    return f"{words}; blocked by {why}" if why else words


def _rows(actions: InputTable) -> list[dict[str, str]]:
    listed = []
    for record in range(len(actions)):
        values = {name: actions.values[name][record] if name in actions.values else None for name in _FIELDS}
        listed.append({name: text_of(value) for name, value in values.items()})
    return listed


def _record(finding: Finding, present: Sequence[dict[str, str]], table: VarianceTable) -> Record | None:
    """Return the row of a finding that has none, or whose last one was closed and that has come back since."""
    plan, each = table.plan, finding.table
    own = [row for row in present if row["ID"].partition("-")[0] == finding.id]
    name = finding.id
    if own:
        last = own[-1]
        if last["Status"].casefold() not in _DONE or not _is_back(finding, last["Raised"], table):
            return None
        name = f"{finding.id}-{len(own) + 1}"
    return {
        "ID": name,
        "Raised": as_of_words(table),
        "Metric": plan.metrics.ids[each.metric],
        "Org": node_id(plan.org, int(each.nodes.org[finding.node])),
        "Queue": node_id(plan.queues, int(each.nodes.queue[finding.node])),
        "Finding": finding.words,
        "Status": "open",
    }


def _is_back(finding: Finding, raised: str, table: VarianceTable) -> bool:
    """Whether a finding was better in some period since it was raised, and is red in the last one again."""
    plan, periods = table.plan, table.periods
    leaves = np.flatnonzero(periods.is_leaf & ~periods.is_to_date)
    names = [plan.periods.names[int(node)] for node in periods.node[leaves].tolist()]
    since = names.index(raised) + 1 if raised in names else 0
    status = finding.table.status[finding.node, leaves[since:]]
    return len(status) > 0 and bool((status > Status.RED).any()) and int(status[-1]) == Status.RED


def _action(row: dict[str, str], table: VarianceTable) -> Action:
    due, ends = day_of(row["Due"]), _as_of_day(table)
    late = due is not None and ends is not None and due < ends and row["Status"].casefold() not in _DONE
    return Action(row["ID"], row["Finding"], row["Owner"], row["Due"], row["Status"] or "open", late)


def _as_of_day(table: VarianceTable) -> datetime.date | None:
    """Return the last day of As of; None where the periods have no dates."""
    last = table.happened.as_of - 1
    ends = table.plan.calendar.end
    if last < 0 or np.isnat(ends[last]):
        return table.happened.ends
    found = ends[last].item()
    return found if isinstance(found, datetime.date) else None
