"""One run: a workbook's bytes in, the same workbook with its targets cascaded out.

Owns: the joining of the two ends with the middle. The command line, macros and batch all call this.
Knows nothing of: files, locks, terminals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from engine.building import build_plan
from engine.building.journal import Journal
from engine.building.set_aside import without_stops
from engine.building.settings import read_settings
from engine.checks import check_plan
from engine.checks.hours import hours_after
from engine.decision.clock import Watch
from engine.decision.decide import FAST_PATH_CELLS
from engine.formulation.problem import Problem, formulate
from engine.issues import Issue, Severity, stops
from engine.outcome import ExitStatus, Outcome
from engine.plan import Plan
from engine.recompute import recompute
from engine.tables import Inputs
from engine.whatif.asking import Asking
from engine.workers import Workers
from solver.frozen import frozen
from solver.memory import FORGETFUL, Memory, Remembering
from solver.program import SolverUnusableError
from workbooks.beside.place import Beside, goes_beside
from workbooks.fingerprint import fingerprint_of
from workbooks.package.compose import ComposeOptions, TypedOver, compose, typed_over
from workbooks.package.edits import Edit
from workbooks.package.own_book import uncalculated
from workbooks.package.ownership import Own, find_own, read_own_table
from workbooks.package.refusals import package_refusals, taken_names
from workbooks.read.door import refuse
from workbooks.read.inputs import nothing_read, read_admitted
from workbooks.recall import LEAST_CELLS
from workbooks.result_rows import asks_for_now, missing_leaf_rows, read_agreed, read_earlier
from workbooks.sign_off import sign_off_issues, sign_off_sheets, standings_now
from workbooks.solver_there import solver_failed, solver_issues
from workbooks.tabs.layout import lay_out
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import OWN_SHEETS, prefixed
from workbooks.tabs.run_log import RUN_LOG, RunFacts
from workbooks.version import __version__
from workbooks.workers import CORES

if TYPE_CHECKING:
    from workbooks.beside.leaf_rows import Parted


@frozen
class PlanRead:
    """What a workbook holds, read and checked.

    plan : None where an issue stops the run
    problem : the plan as rows, None where there is no plan
    """

    plan: Plan | None
    inputs: Inputs
    own: Own
    issues: tuple[Issue, ...]
    problem: Problem | None = None


@frozen
class RunOptions:
    """How a run is made.

    typed_over : what happens to numbers that somebody typed over the engine's
    command, by : who asked for what, for the Run Log
    time_limit_s : a time limit besides the plan's own; the tighter one holds
    asking : how much second runs are to find out about misses
    book : name of the workbook file without its end: leaf rows that a sheet does not hold go beside it; "" = nowhere
    on_step : told what is being done, in words; on_expected : told how many seconds it may take in all
    now, seconds : the clock
    workers : who does what can be done side by side; the answer is the same whoever does
    memory : what earlier runs on a large plan found out
    """

    typed_over: TypedOver = TypedOver.REFUSE
    command: str = ""
    by: str = ""
    time_limit_s: float | None = None
    asking: Asking = Asking.USUAL
    book: str = ""
    on_step: Callable[[str], None] = field(default=lambda step: None)
    on_expected: Callable[[float], None] = field(default=lambda seconds: None)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    seconds: Callable[[], float] = time.monotonic
    workers: Workers = CORES
    memory: Memory = FORGETFUL


@frozen
class Run:
    """What a run comes to.

    data : the workbook to be saved; None where an issue stops the run
    edits : engine cells that somebody typed over
    numbers_changed : result numbers that differ from those in the workbook so far
    beside : the leaf rows, where they belong into a file beside the workbook
    """

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    outcome: Outcome | None = None
    edits: tuple[Edit, ...] = ()
    numbers_changed: int = 0
    beside: Beside | None = None


def read_plan(data: bytes) -> PlanRead:
    """Return the plan in a workbook, with everything that is wrong or surprising in it.

    Parameters
    ----------
    data : the bytes of a workbook; anything else is an issue, too
    """
    refused = refuse(data)
    if refused is not None:
        return PlanRead(None, nothing_read(refused).inputs, Own(), (refused,))
    own = find_own(data)
    stale = cache(lambda: uncalculated(data) if own.sheets else frozenset())  # one sheet asks after the other
    read = read_admitted(data, frozenset(own.sheets.values()), stale)
    if stops(read.issues) and not read.inputs.tables:
        return PlanRead(None, read.inputs, own, read.issues)
    missing: tuple[Issue, ...] = ()
    earlier = None
    if asks_for_now(read.inputs):
        earlier, missing = read_earlier(data, own), missing_leaf_rows(data, own)
    inputs = replace(read.inputs, agreed=read_agreed(data, own), earlier=earlier)
    if inputs.agreed is not None:
        from workbooks.versions.start import start_of  # only what was sealed has versions

        inputs = replace(inputs, start=start_of(data, inputs))
    plan, built = build_plan(inputs)
    # what forbids a write is said at once, with all else, and not after the solving
    empty = {each.place.table for each in built if each.code == "TC210"}  # said once: the reader sees it, too
    told = [each for each in read.issues if each.code != "TC108" or each.place.table not in empty]
    issues = (*package_refusals(data), *missing, *without_stops(told), *_not_told_yet(built, read.issues))
    if plan is None or stops(issues):
        return PlanRead(None, inputs, own, issues)
    problem = formulate(plan)
    checked = (*check_plan(plan, problem, inputs), *solver_issues(inputs, plan.settings), *sign_off_issues(data, plan))
    issues = (*issues, *checked)
    if stops(issues):
        return PlanRead(None, inputs, own, issues)
    return PlanRead(plan, inputs, own, issues, problem)


def _not_told_yet(built: Sequence[Issue], told: Sequence[Issue]) -> list[Issue]:
    """Return what is wrong with a plan, but for cells that could not be read: what is missing there is their fault."""
    unread = {_cell(each) for each in told if each.severity is Severity.STOP and each.place.column}
    return [each for each in built if _cell(each) not in unread]


def _cell(of: Issue) -> tuple[str, int, int]:
    return of.place.sheet, of.place.row, of.place.column


def read_to_write(data: bytes, sheets: Sequence[str] = OWN_SHEETS) -> PlanRead:
    """Return the plan in a workbook, and what would stop the write of result sheets: names that are taken, too.

    Parameters
    ----------
    sheets : logical names; those of a cascade
    """
    read = read_plan(data)
    refused = names_taken(data, read, sheets)
    return replace(read, plan=None, issues=(*refused, *read.issues)) if refused else read


def names_taken(data: bytes, read: PlanRead, sheets: Sequence[str] = OWN_SHEETS) -> list[Issue]:
    """Return names that new result sheets would need and cannot get; none where nothing of the book could be read."""
    if not read.inputs.tables:
        return []  # our own sheets were not looked for: their names would be taken by themselves
    return taken_names(data, [sheet for sheet in sheets if sheet not in read.own.sheets], prefix_of(read.inputs))


def prefix_of(inputs: Inputs) -> str:
    """Return the setting Output prefix, whether or not the inputs make a plan."""
    return read_settings(inputs.tables.get("Settings"), Journal()).output_prefix


@frozen
class LaidOut:
    """A solved plan and its sheets, ready to be put into a workbook. beside : leaf rows that no sheet holds."""

    outcome: Outcome
    issues: tuple[Issue, ...]
    sheets: tuple[Sheet, ...]
    beside: Beside | None = None


def cascade(data: bytes, options: RunOptions | None = None) -> Run:
    """Return the workbook with its targets cascaded and every number explained.

    Parameters
    ----------
    data : the bytes of a workbook

    Returns
    -------
    Run
        With status 1 and no data where an issue stops the run.
    """
    options = options or RunOptions()
    started = options.seconds()
    options.on_step("reading the workbook")
    read = read_to_write(data)
    if read.plan is None:
        return Run(ExitStatus.INPUT_WRONG, read.issues)
    if options.typed_over is TypedOver.KEEP and (edits := typed_over(data)):
        from workbooks.keep_edits import keep_edits

        kept = keep_edits(data, read.inputs, read.plan, edits, options.by)
        if kept.data is None:
            return Run(ExitStatus.INPUT_WRONG, (*read.issues, *kept.issues), edits=edits)
        run = cascade(kept.data, replace(options, typed_over=TypedOver.DISCARD))
        told = tuple(each for each in run.issues if each.code != "TC611")
        return replace(run, issues=(*kept.issues, *told), edits=edits)
    options.on_expected(_expected_s(data, read, len(read.plan.cells)))
    try:
        laid = solve_and_lay_out(data, read, read.plan, options, started)
    except SolverUnusableError as failed:
        return Run(ExitStatus.INPUT_WRONG, (*read.issues, solver_failed(read.inputs, failed)))
    options.on_step("writing the sheets into the workbook")
    memory = options.memory if len(read.plan.cells) >= LEAST_CELLS else FORGETFUL
    how = ComposeOptions(read.plan.settings.output_prefix, options.typed_over, read.plan.held_now, memory=memory)
    composed = compose(data, laid.sheets, how)
    issues = (*laid.issues, *composed.issues)
    if composed.data is None:
        return Run(ExitStatus.INPUT_WRONG, issues, outcome=laid.outcome, edits=composed.edits)
    status = laid.outcome.exit_status
    return Run(status, issues, composed.data, laid.outcome, composed.edits, composed.numbers_changed, laid.beside)


def solve_and_lay_out(data: bytes, read: PlanRead, plan: Plan, options: RunOptions, started: float) -> LaidOut:
    """Return the outcome of a plan as sheets.

    Parameters
    ----------
    data, read, plan : the workbook, what was read of it, and the plan in it
    started : when the run began, on ``options.seconds``
    """
    problem = read.problem if plan is read.plan else None
    watch = _watch(plan, options)
    is_small = len(plan.cells) <= FAST_PATH_CELLS  # of larger plans, programs say where other runs start
    first = watch.before_others() if is_small and watch.memory.is_kept else watch
    outcome = _advised(read.inputs, recompute(plan, first, problem), options, watch)
    issues = (*hours_after(read.issues, outcome), *outcome.findings)
    return lay_out_parted(data, read, outcome, issues, (options, started))


def lay_out_parted(
    data: bytes,
    read: PlanRead,
    outcome: Outcome,
    issues: tuple[Issue, ...],
    run: tuple[RunOptions, float],
) -> LaidOut:
    """Return an outcome as the sheets of a cascade, its leaf rows in a file beside the book where they belong there.

    Parameters
    ----------
    issues : everything that Diagnostics lists; run : how the run is made, and when it began
    """
    options, plan = run[0], outcome.plan
    count = len(outcome.value) + sum(len(each.value) for each in outcome.rates)
    if not goes_beside(plan.settings, count, options.book):
        return LaidOut(outcome, issues, lay_out_outcome(data, read, outcome, issues, run))
    from workbooks.beside.leaf_rows import part_leaf_rows

    options.on_step("writing the leaf rows beside the workbook")
    parted = part_leaf_rows(outcome, options.book)
    issues = (*issues, *parted.issues)
    sheets = lay_out_outcome(data, read, outcome, issues, run, parted)
    return LaidOut(outcome, issues, sheets, parted.beside)


def lay_out_outcome(
    data: bytes,
    read: PlanRead,
    outcome: Outcome,
    issues: tuple[Issue, ...],
    run: tuple[RunOptions, float],
    parted: Parted | None = None,
) -> tuple[Sheet, ...]:
    """Return an outcome as the sheets of a cascade.

    Parameters
    ----------
    issues : everything that Diagnostics lists
    run : how the run is made, and when it began
    parted : Cascade rolled up, where its leaf rows stand beside the book
    """
    options, started = run
    options.on_step("laying out the sheets")
    log = read_own_table(data, read.own, RUN_LOG).rows if RUN_LOG in read.own.sheets else ()
    facts = facts_of(read, options, (len(log), outcome.exit_status, options.seconds() - started))
    if parted is not None:
        facts = replace(facts, leaf_rows=parted.beside.name)
    prefix, signed = outcome.plan.settings.output_prefix, standings_now(data, outcome.plan)
    sheets = lay_out(
        outcome, issues, facts, log, lambda name: read.own.sheets.get(name, prefixed(prefix, name)),
        parted.sheet if parted is not None else None, signed,
    )  # fmt: skip
    return (*sheets, *sign_off_sheets(outcome.plan, read.own, signed))


_S_PER_CELL, _S_AT_LEAST = 80e-6, 1.0
"""Seconds that a cell takes where all targets are met, and any run (tests/bench)."""

_LOGGED = 0.6
"""Part of a run after which its seconds are written into Run Log: the writing comes after."""


def _expected_s(data: bytes, read: PlanRead, cells: int) -> float:
    """Return how long a run may take: as long as the last one, else as others of its size."""
    table = read_own_table(data, read.own, RUN_LOG) if RUN_LOG in read.own.sheets else None
    if table is not None and table.rows and "Seconds" in table.headers:
        last = table.rows[0][table.headers.index("Seconds")]  # newest first
        if isinstance(last, int | float):
            return max(float(last) / _LOGGED, _S_AT_LEAST)
    return _S_AT_LEAST + cells * _S_PER_CELL


def _advised(inputs: Inputs, outcome: Outcome, options: RunOptions, watch: Watch) -> Outcome:
    """Return the outcome with what second runs find out; nothing where time is limited, or cut the answer short."""
    if outcome.exit_status is ExitStatus.DONE and options.asking not in (Asking.TOP, Asking.ALL):
        return outcome  # nothing is missed: what limits cost then is told where somebody asks
    from engine.whatif.advise import advise  # half of what there is to import: a plan that is met needs none of it
    from engine.whatif.findings import advice_findings, marked_as_free

    is_timed = outcome.plan.settings.time_limit_s is not None or options.time_limit_s is not None
    asking = Asking.NONE if is_timed and options.asking is Asking.USUAL else options.asking
    advice = advise(inputs, outcome, asking, watch)
    outcome = marked_as_free(outcome, advice)
    return replace(outcome, advice=advice, findings=(*outcome.findings, *advice_findings(outcome, advice)))


def _watch(plan: Plan, options: RunOptions) -> Watch:
    limits = [limit for limit in (plan.settings.time_limit_s, options.time_limit_s) if limit is not None]
    memory = options.memory if len(plan.cells) >= LEAST_CELLS else FORGETFUL
    if not memory.is_kept and options.asking is not Asking.NONE:
        memory = Remembering()  # for as long as this run takes: second runs start where the first one ended
    if not limits:
        return Watch(on_step=options.on_step, workers=options.workers, memory=memory)
    ends = options.seconds() + min(limits)
    return Watch(lambda: ends - options.seconds(), options.on_step, options.workers, memory)


def facts_of(read: PlanRead, options: RunOptions, run: tuple[int, ExitStatus, float]) -> RunFacts:
    """Return the facts of a run for the Run Log.

    Parameters
    ----------
    run : how many runs the log holds, how this one ends, how many seconds it took
    """
    runs, status, seconds = run
    return RunFacts(
        run=runs + 1,
        at=options.now().strftime("%Y-%m-%d %H:%M:%S UTC"),
        by=options.by,
        command=options.command,
        version=__version__,
        fingerprint=fingerprint_of(read.inputs),
        status=int(status),
        seconds=seconds,
    )
