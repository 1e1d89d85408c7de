"""Signing: a row of SignOff for each part of the plan on which somebody has their word.

Owns: which row that is, and that the sheet Sign Off Status follows.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from engine.codes import issue
from engine.cycle.sign_off import KeptVersion, version_meant
from engine.fields import TABLE
from engine.issues import NOWHERE, Issue, stops
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source
from workbooks.package.compose import ComposeOptions, TypedOver, compose
from workbooks.package.own_cells import with_status_cells
from workbooks.run import RunOptions, read_plan
from workbooks.sign_off import kept_versions, sign_off_sheets, standings_now
from workbooks.tabs.names import SUMMARY
from workbooks.tabs.sign_off import sign_off_words
from workbooks.tabs.summary_status import status_texts

_TABLE = "SignOff"


@frozen
class Word:
    """What somebody says. nodes : names of org nodes or queues, none = the whole plan; version : "" = the last."""

    nodes: Sequence[str]
    status: str
    version: str = ""
    by: str = ""
    comment: str = ""
    at: datetime | None = None


@frozen
class SignRun:
    """What signing comes to. words : how far the version is now, in a sentence."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    words: str = ""


def sign(data: bytes, words: Sequence[Word], options: RunOptions) -> SignRun:
    """Return a workbook with a row of SignOff for each node somebody has their word on."""
    read = read_plan(data)
    if read.plan is None:
        return SignRun(ExitStatus.INPUT_WRONG, read.issues)
    plan, kept = read.plan, kept_versions(data)
    if unknown := _unknown(words, kept):
        return SignRun(ExitStatus.INPUT_WRONG, unknown)
    rows = [
        {
            "Node": node or None,
            "Version": version_meant(word.version, plan, kept) or None,
            "Status": word.status,
            "By": word.by or options.by,
            "At": (word.at or options.now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None),
            "Comment": word.comment or None,
        }
        for word in words
        for node in word.nodes or ("",)
    ]
    loaded = load_table(data, _TABLE, _source(rows), LoadOptions(is_added=True))
    if loaded.data is None:
        return SignRun(ExitStatus.INPUT_WRONG, loaded.issues)
    done = with_status(loaded.data, str(rows[-1]["Version"] or "") if rows else "")
    status = ExitStatus.INPUT_WRONG if done.data is None else ExitStatus.DONE
    return SignRun(status, (*loaded.issues, *done.issues), done.data, done.words)


def _unknown(words: Sequence[Word], kept: Sequence[KeptVersion]) -> tuple[Issue, ...]:
    """Return what is said of versions that a word names and the workbook does not keep: nobody can have seen them."""
    names = {each.name.casefold() for each in kept}
    told = ", ".join(dict.fromkeys(each.name for each in kept)) or "none are kept"
    asked = dict.fromkeys(word.version for word in words if word.version and word.version.casefold() not in names)
    return tuple(issue("TC930", NOWHERE, f"{version}; there are: {told}") for version in asked)


def with_status(data: bytes, about: str = "") -> SignRun:
    """Return a workbook whose Summary and sheet Sign Off Status follow its versions and its rows of SignOff.

    Parameters
    ----------
    about : the version that the sentence is about, "" = the newest
    """
    read = read_plan(data)
    if read.plan is None:
        return SignRun(ExitStatus.INPUT_WRONG, read.issues)
    signed = standings_now(data, read.plan)
    data = with_status_cells(data, SUMMARY, status_texts(read.plan, signed))
    sheets = sign_off_sheets(read.plan, read.own, signed)
    told = tuple(each for each in read.issues if each.place.table == _TABLE)
    if not sheets:
        return SignRun(ExitStatus.DONE, told, data)
    composed = compose(data, sheets, ComposeOptions(read.plan.settings.output_prefix, TypedOver.DISCARD))
    said = sign_off_words(read.plan, [each for each in signed if each.version.casefold() == about.casefold()] or signed)
    status = ExitStatus.INPUT_WRONG if stops(composed.issues) else ExitStatus.DONE
    return SignRun(status, (*told, *composed.issues), composed.data, said)


def _source(rows: Sequence[Mapping[str, object]]) -> Source:
    headers = tuple(field.name for field in TABLE[_TABLE].fields)
    columns = []
    for name in headers:
        column = np.empty(len(rows), dtype=object)
        column[:] = [row[name] for row in rows]
        columns.append(column)
    return Source("SignOff", headers, tuple(columns), np.arange(1, len(rows) + 1))
