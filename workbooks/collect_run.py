"""Collecting: answers that came back beside what was proposed, and the plan that moves accepted numbers least.

Owns: bottom-up numbers at every node, what counts as accepted, and the sheet Responses.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from math import nan
from pathlib import Path

import numpy as np

from engine.building.lookup import UnknownNameError, find_place
from engine.cycle.reconcile import Accepted, Reconciled, reconcile
from engine.issues import Issue
from engine.outcome import ExitStatus
from engine.plan import Plan, Scopes
from engine.rates.averages import values_at
from engine.reasons.bridge import Node
from engine.trees import ROOT
from solver.frozen import frozen
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.ownership import read_own_table
from workbooks.packs.family import Family, come_to
from workbooks.packs.judge import Judged, judge
from workbooks.packs.pack import Pack
from workbooks.packs.read import COUNTER, OPEN, Answer, read_returned
from workbooks.packs.registry import sent_packs
from workbooks.packs.take_over import Counter, take_over
from workbooks.run import PlanRead, RunOptions, facts_of, read_plan
from workbooks.tabs.metric_looks import is_rate
from workbooks.tabs.metric_words import shown_change, shown_value
from workbooks.tabs.responses import AVERAGE, SUM, TOGETHER, ResponseRow, responses_sheet
from workbooks.tabs.run_log import RUN_LOG, RunResult, logged

ALL = "all"
"""Takes the counter-proposals of everybody."""


@frozen
class CollectRun:
    """What collecting comes to. state : of each site; reconciled : None where that was not asked for."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    state: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[ResponseRow, ...] = ()
    words: str = ""


def collect(
    data: bytes,
    files: Sequence[tuple[Path, bytes]],
    options: RunOptions,
    *,
    is_reconciled: bool = True,
    taken: Sequence[str] = (),
) -> CollectRun:
    """Return a workbook with the answers of packs in its sheet Responses.

    Parameters
    ----------
    files : name and bytes of each file that came back
    taken : org nodes whose counter-proposals, and those of nodes below, become rows of Limits; ``all`` takes all

    Raises
    ------
    UnknownNameError
        A name in ``taken`` means nothing, or several things.
    """
    started = options.seconds()
    read = read_plan(data)
    if read.plan is None:
        return CollectRun(ExitStatus.INPUT_WRONG, read.issues)
    sent = sent_packs(data)
    judged = judge(
        sent, [read_returned(path, held) for path, held in files], read.plan.org, options.now().date().isoformat()
    )
    latest = {pack.site: pack for pack in sent}
    numbers = _numbers(read, read.plan, latest, judged)
    done = reconcile(read.plan, _accepted(read.plan, numbers)) if is_reconciled and numbers else None
    rows = tuple(_rows(read.plan, numbers, done))
    words = _words(done) if any(each.is_accepted for each in numbers) else ""
    log = read_own_table(data, read.own, RUN_LOG).rows
    facts = facts_of(read, options, (len(log), ExitStatus.DONE, options.seconds() - started))
    how = f"collected {sum(map(len, judged.answers.values())):,} answers of {len(judged.answers):,} packs"
    sheets = (responses_sheet(read.plan.metrics, rows, judged.state, words), logged(RunResult(how=how), facts, log))
    composed = compose(data, sheets, ComposeOptions(read.plan.settings.output_prefix, TypedOver.DISCARD))
    issues = (*judged.issues, *composed.issues)
    if composed.data is None:
        return CollectRun(ExitStatus.INPUT_WRONG, issues, None, judged.state, rows, words)
    counters = _taken(read, read.plan, numbers, taken)
    done_with = take_over(composed.data, read.plan, read.inputs.tables.get("Limits"), counters)
    count = f"{len(counters):,} counter-proposal{'s stand' if len(counters) > 1 else ' stands'}"
    said = f"{count} in Limits: cascade again." if counters else ""
    status = ExitStatus.INPUT_WRONG if done_with.data is None else ExitStatus.DONE
    return CollectRun(
        status, (*issues, *done_with.issues), done_with.data, judged.state, rows, " ".join(filter(None, (words, said)))
    )


@frozen
class _Number:
    """A number that was asked: where in the plan it lies, what is meant bottom up, and whether that is accepted."""

    node: Node
    answer: Answer
    meant: float
    is_accepted: bool


def _numbers(read: PlanRead, plan: Plan, latest: Mapping[str, Pack], judged: Judged) -> list[_Number]:
    numbers: list[_Number] = []
    for site, pack in latest.items():
        given = judged.answers.get(site) or tuple(Answer(line, OPEN, None, "", "", "") for line in pack.lines)
        family = Family(given, plan.org)
        for each in given:
            try:
                node = find_place(read.inputs, each.line.metric, each.line.org, None, each.line.period)
            except UnknownNameError:
                continue  # the node is gone since: its answer has nobody to speak for
            numbers.append(_Number(node, each, family.meant(each), family.is_accepted(each)))
    return numbers


def _taken(read: PlanRead, plan: Plan, numbers: Sequence[_Number], names: Sequence[str]) -> list[Counter]:
    """Return the counter-proposals of some org nodes and those below them."""
    counters = [Counter(each.node, each.answer) for each in numbers if each.answer.answer == COUNTER]
    if ALL in names:
        return counters
    tops = {find_place(read.inputs, plan.metrics.ids[0], name, None, None).org for name in names}
    return [each for each in counters if tops & set(_upwards(plan, each.node.org))]


def _upwards(plan: Plan, node: int) -> Iterator[int]:
    """Yield an org node and all above it."""
    while node >= 0:
        yield node
        node = int(plan.org.parent[node])


def _accepted(plan: Plan, numbers: Sequence[_Number]) -> Accepted:
    taken = [each for each in numbers if each.is_accepted]
    asked, held = ({_key(each.node) for each in some} for some in (numbers, taken))
    # a rate that is held at every part of a node need not be held there, and could not be once volumes move
    taken = [each for each in taken if not (each.answer.line.weight and _is_held_below(plan, asked, held, each.node))]
    return Accepted(
        _scopes([each.node for each in taken]),
        np.array([each.meant for each in taken]),
        tuple(each.answer.by or each.answer.line.org for each in taken),
    )


def _key(node: Node) -> tuple[int, int, int]:
    return node.metric, node.org, node.period


def _is_held_below(plan: Plan, asked: Set[tuple[int, int, int]], held: Set[tuple[int, int, int]], node: Node) -> bool:
    """Whether all parts of a node that were asked are held."""
    below = {(node.metric, child, node.period) for child in plan.org.children[node.org]} & asked
    return bool(below) and below <= held


def _scopes(nodes: Sequence[Node]) -> Scopes:
    columns = [[getattr(node, name) for node in nodes] for name in ("metric", "org", "queue", "period")]
    return Scopes(*(np.array(column, dtype=np.int64) for column in columns))


def _words(done: Reconciled | None) -> str:
    if done is None:
        return ""
    moved = "stay as they are" if done.share == 0 else f"move by at most {done.share:.1%}"
    if done.meets:
        return f"Reconciled: all targets are met, and accepted numbers {moved}."
    missed = int((~done.outcome.targets.met).sum())
    return f"Reconciled: accepted numbers {moved}; {missed:,} target(s) cannot be met that way."


def _rows(plan: Plan, numbers: Sequence[_Number], done: Reconciled | None) -> list[ResponseRow]:
    """Return the rows of Responses: every node that was asked, and the sums above, in tree order."""
    tops = {each.node.org for each in numbers if not any(_is_above(plan, other.node, each.node) for other in numbers)}
    found: dict[tuple[int, int, int], ResponseRow] = {}
    above: dict[tuple[int, int, int], list[_Number]] = {}
    for each in numbers:
        key = (each.node.metric, each.node.org, each.node.period)
        found[key] = _row(plan, each.node, each.answer, each.meant)
        node = int(plan.org.parent[each.node.org]) if each.node.org in tops else -1
        while node >= 0:
            above.setdefault((each.node.metric, node, each.node.period), []).append(each)
            node = int(plan.org.parent[node])
    for (metric, org, period), parts in above.items():
        proposed = come_to([(each.answer.line, each.answer.line.proposed) for each in parts])
        meant = come_to([(each.answer.line, each.meant) for each in parts])
        names = plan.metrics.ids[metric], plan.org.ids[org], plan.periods.ids[period]
        found[metric, org, period] = ResponseRow(
            *names, proposed, AVERAGE if parts[0].answer.line.weight else SUM, meant, "", "", "", nan
        )
    keys = sorted(found)
    several = len({metric for metric, _, _ in keys}) > 1
    for key in keys:
        found[key] = replace(found[key], told=_told(plan, found[key], key[0], is_named=several))
    if done is None or not keys:
        return [found[key] for key in keys]
    values = values_at(done.outcome, _scopes([Node(metric, org, ROOT, period) for metric, org, period in keys]))
    return [replace(found[key], reconciled=value) for key, value in zip(keys, values.tolist(), strict=True)]


def _told(plan: Plan, row: ResponseRow, metric: int, *, is_named: bool) -> str:
    """Return what was answered instead of what was proposed, in a sentence that may name the metric."""
    gap = row.value - row.proposed
    if is_rate(plan.metrics, metric):
        change = shown_change(plan, metric, gap)
        told = f"proposed {shown_value(plan, metric, row.proposed)}, answered {shown_value(plan, metric, row.value)}"
        is_same = not any(digit in change for digit in "123456789")
    else:
        change, is_same = f"{gap:+,.10g}", gap == 0
        told = f"proposed {row.proposed:,.10g}, answered {row.value:,.10g}"
    if is_same or row.answer not in (*TOGETHER, COUNTER):
        return ""
    return f"{row.metric + ', ' if is_named else ''}{row.org}, {row.period}: {told} ({change})"


def _is_above(plan: Plan, one: Node, other: Node) -> bool:
    if (one.metric, one.period) != (other.metric, other.period):
        return False
    return one.org in _upwards(plan, int(plan.org.parent[other.org]))


def _row(plan: Plan, node: Node, answer: Answer, meant: float) -> ResponseRow:
    names = plan.metrics.ids[node.metric], plan.org.ids[node.org], plan.periods.ids[node.period]
    return ResponseRow(
        *names, answer.line.proposed, answer.answer, meant, answer.reason, answer.by, answer.at, nan
    )  # fmt: skip
