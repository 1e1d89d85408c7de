"""One review: a workbook's bytes in, the same workbook with Variance and Review out.

Owns: what is compared with what, and the joining of actuals, variances and sheets.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.building.actuals import read_happened
from engine.building.agreed import from_outcome, leaf_values, stand_in
from engine.building.causes import read_sides
from engine.building.set_aside import HAPPENED, without_stops
from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import ExitStatus
from engine.plan import Plan
from engine.recompute import recompute
from engine.tables import ResultRows
from engine.variance.happened import Agreed, LeafValues
from engine.variance.review import make_reviews
from engine.variance.table import Compared, VarianceTable, make_table
from solver.frozen import frozen
from workbooks.actions import follow_up, known_actions
from workbooks.fingerprint import fingerprint_of
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.ownership import read_own_table
from workbooks.result_rows import read_cascade
from workbooks.run import PlanRead, RunOptions, facts_of, names_taken, read_plan
from workbooks.tabs.blocked_words import blockers
from workbooks.tabs.diagnostics import diagnostics_sheet, earlier_findings
from workbooks.tabs.model import Sheet
from workbooks.tabs.names import DIAGNOSTICS, prefixed
from workbooks.tabs.review import ReviewParts, review_sheet
from workbooks.tabs.review_lists import Action
from workbooks.tabs.run_log import RUN_LOG, RunResult, cascaded_fingerprint, logged
from workbooks.tabs.variance import variance_sheet
from workbooks.told_already import not_told_yet


@frozen
class Reviewed:
    """A workbook's variances; table : None where an issue stops them."""

    table: VarianceTable | None
    read: PlanRead
    issues: tuple[Issue, ...]


@frozen
class VarianceRun:
    """What a review comes to. data : the workbook to be saved; None where an issue stops the run."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    table: VarianceTable | None = None
    numbers_changed: int = 0


def review(data: bytes, options: RunOptions) -> Reviewed:
    """Return the variances of a workbook: actuals up to As of against what was agreed."""
    options.on_step("reading the workbook")
    read = read_plan(data)
    if read.plan is None:
        return Reviewed(None, read, read.issues)
    latest = _latest(data, read, read.plan, options)
    agreed, told = _agreed(read, read.plan, latest)
    options.on_step("comparing actuals with targets")
    happened, found = read_happened(read.inputs, read.plan, agreed.values)
    causes, aside = read_sides(read.inputs, read.plan)
    issues = (*read.issues, *told, *found, *aside)
    if happened is None:
        return Reviewed(None, read, issues)
    happened = replace(happened, set_aside_beside=causes.set_aside)
    return Reviewed(make_table(read.plan, Compared(agreed, latest, happened, causes)), read, issues)


def variance(data: bytes, options: RunOptions | None = None, *, adds_actions: bool = True) -> VarianceRun:
    """Return the workbook with Variance and Review in it; the cascade stays as it is.

    Parameters
    ----------
    adds_actions : whether a workbook without the table Actions gets it where something is red
    """
    options = options or RunOptions()
    started = options.seconds()
    found = review(data, options)
    table = found.table
    if table is None:
        return VarianceRun(ExitStatus.INPUT_WRONG, found.issues)
    prefix = table.plan.settings.output_prefix
    options.on_step("laying out the sheets")
    followed = follow_up(data, found.read.inputs.tables.get("Actions"), table, may_add=adds_actions)
    data, found = followed.data, replace(found, issues=(*found.issues, *followed.issues))
    sheets = _sheets(data, found, table, followed.actions, (options, started))
    options.on_step("writing the sheets into the workbook")
    composed = compose(data, sheets, ComposeOptions(prefix, _typed_over(options)))
    issues = (*found.issues, *composed.issues)
    if composed.data is None:
        return VarianceRun(ExitStatus.INPUT_WRONG, issues, table=table)
    told = not_told_yet(data, found.read.own, issues)
    return VarianceRun(ExitStatus.DONE, told, composed.data, table, composed.numbers_changed)


@frozen
class PageRun:
    """A review as a page. html : None where an issue stops it."""

    html: str | None
    issues: tuple[Issue, ...]


def page(data: bytes, options: RunOptions | None = None) -> PageRun:
    """Return the review of a workbook as one self-contained page; the workbook stays as it is."""
    from workbooks.page.review_page import review_page

    found = review(data, options or RunOptions())
    if found.table is None:
        return PageRun(None, found.issues)
    actions = known_actions(found.read.inputs.tables.get("Actions"), found.table)
    made = review_page(found.table, make_reviews(found.table), blockers(found.table), actions)
    return PageRun(made, not_told_yet(data, found.read.own, found.issues))


def check_book(data: bytes) -> PlanRead:
    """Return the plan in a workbook with everything that is wrong or surprising in it, and in what happened so far."""
    read = read_plan(data)
    issues = (*names_taken(data, read), *read.issues, *_contradictions(read), *_what_happened(data, read))
    return replace(read, issues=issues)


def _contradictions(read: PlanRead) -> tuple[Issue, ...]:
    """Return limits that cannot all hold, as the cascade would tell them."""
    if read.problem is None or not len(read.problem.plan.limits):
        return ()
    from engine.checks.limits import check_limits  # half of what there is to import: plans without limits need none

    return check_limits(read.problem)


def _what_happened(data: bytes, read: PlanRead) -> tuple[Issue, ...]:
    """Return what a review would set aside or assume, before there is one."""
    plan, filled = (
        read.plan,
        {name for name in HAPPENED if (table := read.inputs.tables.get(name)) is not None and len(table)},
    )
    if plan is None or not filled:
        return ()
    issues = read_sides(read.inputs, plan)[1]
    if "Actuals" in filled:
        rows = read.inputs.agreed or _current_cascade(data, read)
        sizes = stand_in(plan) if rows is None else leaf_values(rows, plan)[0]
        issues = (*read_happened(read.inputs, plan, sizes)[1], *issues)
    return without_stops(issues)


def _typed_over(options: RunOptions) -> TypedOver:
    """Return what happens to numbers typed over Variance: they are no targets, so none can be kept as a limit."""
    return TypedOver.REFUSE if options.typed_over is TypedOver.KEEP else options.typed_over


def _latest(data: bytes, read: PlanRead, plan: Plan, options: RunOptions) -> LeafValues:
    """Return the cascade of the inputs as they are: out of the workbook where it is current, else made anew."""
    rows = _current_cascade(data, read)
    if rows is not None:
        return leaf_values(rows, plan)[0]
    options.on_step("cascading the targets")
    return from_outcome(recompute(plan))


def _current_cascade(data: bytes, read: PlanRead) -> ResultRows | None:
    """Return the rows of Cascade; None where it is not that of the inputs as they are."""
    log = read_own_table(data, read.own, RUN_LOG).rows
    return read_cascade(data, read.own) if cascaded_fingerprint(log) == fingerprint_of(read.inputs) else None


def _agreed(read: PlanRead, plan: Plan, latest: LeafValues) -> tuple[Agreed, tuple[Issue, ...]]:
    rows = read.inputs.agreed
    if rows is None:
        return Agreed(latest), (issue("TC807", NOWHERE, "no sheet Agreed"),)
    values, _ = leaf_values(rows, plan)  # what is gone was named when the plan was built
    return Agreed(values, rows.version, rows.at, rows.fingerprint, is_sealed=True), ()


def _sheets(
    data: bytes,
    found: Reviewed,
    table: VarianceTable,
    actions: Sequence[Action],
    run: tuple[RunOptions, float],
) -> tuple[Sheet, ...]:
    options, started = run
    log = read_own_table(data, found.read.own, RUN_LOG).rows
    earlier = earlier_findings(read_own_table(data, found.read.own, DIAGNOSTICS))
    facts = facts_of(found.read, options, (len(log), ExitStatus.DONE, options.seconds() - started))
    prefix = table.plan.settings.output_prefix
    laid = variance_sheet(table)
    parts = ReviewParts(
        table,
        laid,
        make_reviews(table),
        blockers(table),
        actions,
        lambda name: found.read.own.sheets.get(name, prefixed(prefix, name)),
    )
    return (
        review_sheet(parts),
        laid,
        diagnostics_sheet((*found.issues, *earlier)),
        logged(RunResult(), facts, log),
    )
