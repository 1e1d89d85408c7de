"""Collecting: answers that came back beside what was proposed, and the plan that moves accepted numbers least.

Owns: the order of these steps, and what reconciling came to, in a sentence.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from engine.cycle.reconcile import Reconciled, reconcile
from engine.issues import Issue
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.ownership import read_own_table
from workbooks.packs.bottom_up import BottomUp, largest_move
from workbooks.packs.contents import tree_of
from workbooks.packs.earlier import left_out
from workbooks.packs.judge import judge, latest_packs
from workbooks.packs.numbers import Number, accepted_of, numbers_of, taken_counters
from workbooks.packs.pack import BY_ORG, HEADERS
from workbooks.packs.read import read_returned
from workbooks.packs.registry import sent_packs
from workbooks.packs.take_over import Counter, take_over
from workbooks.run import RunOptions, facts_of, read_plan
from workbooks.tabs.names import RESPONSES
from workbooks.tabs.responses import ResponseRow, responses_sheet
from workbooks.tabs.run_log import RUN_LOG, RunResult, logged
from workbooks.told_already import how_many_met

_POINT_SHOWN, _ITEM_SHOWN = 0.00005, 0.5
"""From where moves of rates and of backlogs are told."""


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
    plan, sent = read.plan, sent_packs(data)
    by = sent[-1].by if sent else BY_ORG
    returned = [read_returned(path, held) for path, held in files]
    judged = judge(sent, returned, tree_of(plan, by), options.now().date().isoformat())
    numbers = numbers_of(read, plan, latest_packs(sent), judged)
    done = reconcile(plan, accepted_of(plan, numbers, by)) if is_reconciled and numbers else None
    rows = tuple(BottomUp(plan, by).rows(numbers, done.outcome if done is not None else None))
    met = how_many_met(data, read.own)
    words = _words(done, numbers, met) if done is not None and any(each.is_accepted for each in numbers) else ""
    log = read_own_table(data, read.own, RUN_LOG).rows
    facts = facts_of(read, options, (len(log), ExitStatus.DONE, options.seconds() - started))
    how = f"collected {sum(map(len, judged.answers.values())):,} answers of {len(judged.answers):,} packs"
    responses = responses_sheet(plan.metrics, (HEADERS[by], rows), judged.state, words)
    sheets = (responses, logged(RunResult(how=how), facts, log))
    composed = compose(data, sheets, ComposeOptions(plan.settings.output_prefix, TypedOver.DISCARD))
    back = {each.pack.site for each in returned if each.pack is not None}
    lost = left_out(read_own_table(data, read.own, RESPONSES), latest_packs(sent), back)
    issues = (*judged.issues, *lost, *composed.issues)
    if composed.data is None:
        return CollectRun(ExitStatus.INPUT_WRONG, issues, None, judged.state, rows, words)
    counters = taken_counters(read, plan, numbers, taken, by)
    done_with = take_over(composed.data, plan, read.inputs, counters, by)
    said = _taken_words(counters, done_with.issues)
    status = ExitStatus.INPUT_WRONG if done_with.data is None else ExitStatus.DONE
    return CollectRun(
        status, (*issues, *done_with.issues), done_with.data, judged.state, rows, " ".join(filter(None, (words, said)))
    )


def _taken_words(counters: Sequence[Counter], issues: Sequence[Issue]) -> str:
    count = len(counters) - sum(each.code == "TC938" for each in issues)
    if count <= 0:
        return ""
    kinds = {each.answer.line.is_due for each in counters}
    where = " and ".join(name for name, is_due in (("Limits", False), ("Queues", True)) if is_due in kinds)
    return f"{count:,} counter-proposal{'s stand' if count > 1 else ' stands'} in {where}: cascade again."


def _words(done: Reconciled, numbers: Sequence[Number], met: tuple[int, int] | None) -> str:
    """Return what reconciling came to, in a sentence.

    Parameters
    ----------
    met : how many targets the cascade in the workbook meets, of how many; None where it has none
    """
    moved = "stay as they are" if done.share == 0 else f"move by at most {_moved_words(done, numbers)}"
    if done.meets:
        return f"Reconciled: all targets are met, and accepted numbers {moved}."
    missed = int((~done.outcome.targets.met).sum())
    before = None if met is None else met[1] - met[0]
    as_before = "as in the proposal" if missed == before else f"in the proposal {before:,}" if before else ""
    words = f"{missed:,} target{'s are' if missed > 1 else ' is'} not met{f' ({as_before})' if as_before else ''}"
    return f"Reconciled: accepted numbers {moved}; {words}."


def _moved_words(done: Reconciled, numbers: Sequence[Number]) -> str:
    """Return by how much what was accepted moves: volumes in per cent, shares in points, backlogs in items."""
    metrics = done.outcome.plan.metrics
    accepted = {each.node.metric for each in numbers if each.is_accepted and not each.answer.line.is_due}
    kinds = {metric: metrics.kinds[metric] for metric in sorted(accepted)}
    shares = [metric for metric, kind in kinds.items() if kind == "rate" and metrics.units[metric] == "%"]
    stocks = [metric for metric, kind in kinds.items() if kind == "stock"]
    words = [f"{done.share:.1%}"] if len(kinds) > len(shares) + len(stocks) else []
    points, items = (largest_move(done.outcome, numbers, some) for some in (shares, stocks))
    words += [f"{100 * points:.2f} points (rates)"] if points >= _POINT_SHOWN else []
    words += [f"{items:,.0f} items (backlogs)"] if items >= _ITEM_SHOWN else []
    return ", ".join(words) or f"{done.share:.1%}"
