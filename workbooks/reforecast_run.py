"""Re-forecasting: a workbook with actuals up to As of, planned again over what remains.

Owns: what is kept near, who may move, and which sheets say so.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

import numpy as np

from engine.building.actuals import read_happened
from engine.building.agreed import leaf_values, of_cells, of_others
from engine.building.build import known_names
from engine.building.lookup import UnknownNameError
from engine.building.near import find_movers
from engine.checks.hours import hours_after
from engine.codes import issue
from engine.cycle.held import cells_below
from engine.cycle.reforecast import Asked, Reforecast, reforecast
from engine.cycle.run_rate import run_rates
from engine.cycle.small import Least
from engine.issues import NOWHERE, Issue
from engine.outcome import ExitStatus
from engine.plan import Plan
from engine.variance.happened import LeafValues
from solver.frozen import frozen
from workbooks.beside.place import Beside
from workbooks.package.compose import ComposeOptions, compose
from workbooks.result_rows import missing_leaf_rows, read_cascade
from workbooks.run import PlanRead, RunOptions, lay_out_parted, read_to_write
from workbooks.tabs.changes import changes_sheet, changes_words
from workbooks.tabs.names import CHANGES, OWN_SHEETS
from workbooks.tabs.run_rate import run_rate_sheet, run_rate_words


@frozen
class Wanted:
    """How to plan again; what is None or empty is as Settings have it.

    move_only : names of org nodes or queues, none = all
    smallest : in items; smallest_rate : in points of shares, of other rates in their unit
    """

    is_near_agreed: bool | None = None
    move_only: tuple[str, ...] = ()
    smallest: float | None = None
    smallest_rate: float | None = None


@frozen
class ReforecastRun:
    """What a re-forecast comes to. words : how much changed; beside : leaf rows that belong beside the workbook."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    words: str = ""
    done: Reforecast | None = None
    beside: Beside | None = None


def reforecast_book(data: bytes, wanted: Wanted, options: RunOptions | None = None) -> ReforecastRun:
    """Return the workbook with its plan made again over what remains, and the sheet Changes.

    Raises
    ------
    UnknownNameError
        A name in ``move_only`` means nothing, or several things.
    """
    options = options or RunOptions()
    started = options.seconds()
    options.on_step("reading the workbook")
    read = read_to_write(data, (*OWN_SHEETS, CHANGES))
    missing = missing_leaf_rows(data, read.own) if read.inputs.agreed is None else ()
    if read.plan is None or missing:
        return ReforecastRun(ExitStatus.INPUT_WRONG, (*read.issues, *missing))
    plan = read.plan
    agreed, version = _agreed(data, read, plan)
    happened, found = read_happened(read.inputs, plan, agreed)
    if happened is None:
        return ReforecastRun(ExitStatus.INPUT_WRONG, (*read.issues, *found))
    asked = Asked(
        happened.as_of,
        of_cells(plan, happened.values),
        of_cells(plan, agreed),
        *_wanted(read, plan, wanted),
        rates=_rates(plan, happened.values, agreed),
        others=of_others(plan, agreed),
    )
    options.on_step("planning the rest again")
    done = reforecast(plan, asked)
    checked = hours_after(read.issues, done.outcome)
    issues = (*checked, *found, *_told(plan, asked, done, happened.values), *done.outcome.findings)
    laid = lay_out_parted(data, read, done.outcome, issues, (options, started))
    rates = run_rates(done)
    sheets = (
        *laid.sheets,
        changes_sheet(done, version),
        run_rate_sheet(plan, rates),
    )
    composed = compose(data, sheets, ComposeOptions(plan.settings.output_prefix, options.typed_over))
    issues = (*laid.issues, *composed.issues)
    if composed.data is None:
        return ReforecastRun(ExitStatus.INPUT_WRONG, issues)
    said = (changes_words(done, version), run_rate_words(plan, rates) if rates.days_left > 0 else "")
    words = "\n".join(filter(None, said))
    return ReforecastRun(done.outcome.exit_status, issues, composed.data, words, done, laid.beside)


def _agreed(data: bytes, read: PlanRead, plan: Plan) -> tuple[LeafValues, str]:
    """Return what was agreed: what was sealed, else the cascade as it is written, else history."""
    sealed = read.inputs.agreed
    if sealed is not None:
        return leaf_values(sealed, plan)[0], sealed.version
    rows = read_cascade(data, read.own)
    nothing = LeafValues(np.zeros(0, np.int64), np.zeros((0, len(plan.periods.leaves))))
    return (leaf_values(rows, plan)[0] if rows is not None else nothing), ""


def _rates(plan: Plan, happened: LeafValues, agreed: LeafValues) -> dict[int, np.ndarray]:
    """Return what each rate was over its cells, what was agreed where nobody knows."""
    was, meant = of_others(plan, happened), of_others(plan, agreed)
    return {
        rate.metric: np.where(np.isfinite(was[rate.metric]), was[rate.metric], meant[rate.metric])
        for rate in plan.rates
    }


def _wanted(read: PlanRead, plan: Plan, wanted: Wanted) -> tuple[bool, np.ndarray, Least]:
    """Return whether numbers stay near what was agreed, which cells may move, below what they do not.

    Raises
    ------
    UnknownNameError
        A name in ``move_only`` means nothing, or several things.
    """
    settings, known = plan.settings, known_names(read.inputs)
    is_near = settings.keep_near != "fair share" if wanted.is_near_agreed is None else wanted.is_near_agreed
    items = settings.smallest_move if wanted.smallest is None else wanted.smallest
    points = settings.smallest_rate_move if wanted.smallest_rate is None else wanted.smallest_rate
    nodes: list[tuple[int, int]] = []
    for text in wanted.move_only or (settings.move_only,):
        found, wrong = find_movers(known, text)
        if wrong:
            raise UnknownNameError("Move-only", f"unknown: {wrong[0].words}{wrong[0].hint()}")
        nodes += found
    may_move = cells_below(plan, nodes) if nodes else np.ones(len(plan.cells), dtype=bool)
    return is_near, may_move, Least(items, points)


def _metric_of(plan: Plan, key: np.ndarray) -> np.ndarray:
    """Return the position of each key's metric."""
    return np.asarray(key // (len(plan.org.leaves) * len(plan.queues.leaves)))


def _told(plan: Plan, asked: Asked, done: Reforecast, happened: LeafValues) -> list[Issue]:
    """Return what was assumed: ended cells without actuals, and actuals that belong to no cell."""
    told = []
    if done.assumed.any():
        first = int(np.flatnonzero(done.assumed)[0])
        where = ", ".join(
            tree.ids[tree.leaves[leaf]]
            for tree, leaf in (
                (plan.org, plan.cells.org[first]), (plan.queues, plan.cells.queue[first]),
                (plan.periods, plan.cells.period[first]),
            )
        )  # fmt: skip
        told.append(issue("TC935", NOWHERE, f"{int(done.assumed.sum()):,} of them; the first {where}"))
    ended = plan.cells.period < asked.ended
    # rates are no amounts: of what is not planned, only what adds up is told
    reported = float(np.nansum(happened.value[plan.metrics.is_kind(_metric_of(plan, happened.key), "volume")]))
    lost = reported - float(np.nansum(asked.happened[ended & plan.metrics.is_kind(plan.cells.metric, "volume")]))
    if abs(lost) > 1e-6 * max(1.0, reported):
        told.append(issue("TC936", NOWHERE, f"{lost:,.6g} in all", amount=lost, unit="items"))
    return told
