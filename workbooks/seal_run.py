"""Sealing: the targets as they stand in Cascade become what is agreed, with a version and a fingerprint.

Owns: what may be sealed, and what a version is called.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

import numpy as np

from engine.codes import issue
from engine.issues import Issue, Place
from engine.outcome import ExitStatus
from engine.tables import ResultRows
from solver.frozen import frozen
from workbooks.fingerprint import fingerprint_of
from workbooks.package.compose import ComposeOptions, TypedOver, compose, typed_over
from workbooks.package.ownership import find_own, read_own_table
from workbooks.result_rows import missing_leaf_rows, read_cascade
from workbooks.run import PlanRead, RunOptions, facts_of, read_plan
from workbooks.sign_run import with_status
from workbooks.tabs.agreed import Seal, agreed_sheet
from workbooks.tabs.names import CASCADE
from workbooks.tabs.run_log import RUN_LOG, RunResult, cascaded_fingerprint, logged
from workbooks.told_already import met_words, not_told_yet
from workbooks.versions.naming import wrong_name
from workbooks.versions.start import start_key
from workbooks.versions.store import read_versions, with_versions
from workbooks.versions.take import Facts, take


@frozen
class SealRun:
    """What sealing comes to. data : the workbook to be saved, None where an issue stops it; met : targets, in words."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    seal: Seal | None = None
    met: str = ""


def seal(data: bytes, version: str = "", options: RunOptions | None = None) -> SealRun:
    """Return the workbook with its cascade as the sheet Agreed.

    Parameters
    ----------
    version : what the version is called; "" = by Settings, else counted on

    Notes
    -----
    Sealing the same numbers again under the same name changes nothing but the Run Log.
    """
    options = options or RunOptions()
    started = options.seconds()
    options.on_step("reading the workbook")
    read = read_plan(data)
    if read.plan is None:
        return SealRun(ExitStatus.INPUT_WRONG, read.issues)
    log = read_own_table(data, read.own, RUN_LOG).rows
    rows = read_cascade(data, read.own)
    stopped = stale_cascade(data, read, rows)
    if stopped or rows is None:
        return SealRun(ExitStatus.INPUT_WRONG, (*read.issues, *stopped))
    made = _seal(read, rows, " ".join(version.split()), options.now().strftime("%Y-%m-%d %H:%M UTC"))
    if wrong := wrong_name(made.version):
        return SealRun(ExitStatus.INPUT_WRONG, (*read.issues, *wrong))
    facts = facts_of(read, options, (len(log), ExitStatus.DONE, options.seconds() - started))
    how = f"sealed version {made.version}"
    sheets = (agreed_sheet(rows, made), logged(RunResult(how=how), facts, log))
    composed = compose(data, sheets, ComposeOptions(read.plan.settings.output_prefix, TypedOver.DISCARD))
    issues = (*read.issues, *composed.issues)
    if composed.data is None:
        return SealRun(ExitStatus.INPUT_WRONG, issues)
    done = with_status(_kept(composed.data, made, options.by, start_key(data, read.inputs)))
    anew = not_told_yet(data, read.own, issues)  # it is the plan that was cascaded
    others = tuple(each for each in anew if each.place.table != "SignOff")  # what is said of it, is said anew
    return SealRun(done.status, (*others, *done.issues), done.data, made, met_words(data, read.own))


def _kept(data: bytes, made: Seal, by: str, start: str) -> bytes:
    """Return the workbook with the seal among its versions, unless it is there already.

    Notes
    -----
    What was kept under that name before stays: it tells which numbers people had seen when they agreed.
    """
    kept = read_versions(data)
    there = [each for each in kept.versions if each.status == "sealed"]
    if any(each.name == made.version and each.at == made.at for each in there):
        return data
    version = take(data, find_own(data), Facts(made.version, "sealed", made.at, by, start))
    return with_versions(data, [*kept.versions, version])


def stale_cascade(data: bytes, read: PlanRead, rows: ResultRows | None) -> tuple[Issue, ...]:
    """Return what keeps the targets in Cascade from being passed on: they are not those of the inputs, or typed over.

    Parameters
    ----------
    rows : of Cascade, None where there is none
    """
    cascaded = cascaded_fingerprint(read_own_table(data, read.own, RUN_LOG).rows)
    if rows is None or cascaded != fingerprint_of(read.inputs):
        if rows is None and (missing := missing_leaf_rows(data, read.own)):
            return missing
        what = "there is no sheet Cascade" if rows is None else "inputs have changed since the last cascade"
        return (issue("TC808", Place(sheet=read.own.sheets.get(CASCADE, "")), what),)
    edits = [edit for edit in typed_over(data) if edit.sheet == CASCADE]
    if edits:
        words = f"{len(edits):,} number(s) of Cascade were typed over; the first is now {edits[0].value}"
        return (issue("TC606", edits[0].place, words),)
    return ()


def _seal(read: PlanRead, rows: ResultRows, version: str, now: str) -> Seal:
    fingerprint, before = fingerprint_of(read.inputs), read.inputs.agreed
    named = version or (read.plan.settings.version if read.plan is not None else "")
    if before is not None and named in ("", before.version) and _same(before, rows):
        return Seal(before.version, before.at, before.fingerprint)
    return Seal(named or _next(before.version if before is not None else ""), now, fingerprint)


def _next(version: str) -> str:
    return str(int(version) + 1) if version.isdecimal() else "1"


def _same(before: ResultRows, rows: ResultRows) -> bool:
    """Whether the same numbers stand for the same keys, in whatever order."""

    def listed(each: ResultRows) -> list[tuple[str, str, str, str, float]]:
        values = np.nan_to_num(each.value, nan=-1.0).tolist()
        return sorted(zip(each.metric, each.org, each.queue, each.period, values, strict=True))

    return listed(before) == listed(rows)
