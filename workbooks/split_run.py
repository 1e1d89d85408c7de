"""Splitting: one new workbook per node of a level, to be answered by whoever owns that node.

Owns: what may be split, and that the workbook remembers what was sent.
Knows nothing of: files, terminals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from engine.building.texts import key_of, shown_list
from engine.codes import issue
from engine.issues import NOWHERE, Issue
from engine.outcome import ExitStatus
from solver.frozen import frozen
from workbooks.fingerprint import fingerprint_of
from workbooks.packs.contents import To, answer_periods, contents_of, tree_of
from workbooks.packs.judge import latest_packs
from workbooks.packs.pack import BY_ORG, TABLES, Pack, new_pack
from workbooks.packs.registry import sent_packs, with_sent
from workbooks.packs.told import names_others
from workbooks.packs.write import pack_workbook
from workbooks.result_rows import read_cascade
from workbooks.run import read_plan
from workbooks.seal_run import stale_cascade


@frozen
class SplitRun:
    """What splitting comes to. data : the workbook, which now knows what was sent; packs : site → workbook."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    data: bytes | None = None
    packs: Mapping[str, bytes] = field(default_factory=dict)


def split(data: bytes, level: str, due: str = "", version: str = "", by: str = BY_ORG) -> SplitRun:
    """Return a workbook per node of a level of a tree.

    Parameters
    ----------
    level : "Site"; due : day by which to answer, ISO; version : what the proposal is called
    by : the tree, org or queue
    """
    read = read_plan(data)
    if read.plan is None:
        return SplitRun(ExitStatus.INPUT_WRONG, read.issues)
    plan, cascade = read.plan, read_cascade(data, read.own)
    stopped = stale_cascade(data, read, cascade)
    if stopped or cascade is None:
        return SplitRun(ExitStatus.INPUT_WRONG, stopped)
    tree = tree_of(plan, by)
    sites = [node for node in range(len(tree)) if key_of(tree.level[node]) == key_of(level)]
    if not sites:
        words = f"{level!r} in {TABLES[by]}; there are {shown_list(tree.levels)}"
        return SplitRun(ExitStatus.INPUT_WRONG, (issue("TC946", NOWHERE, words),))
    packs, books = [], {}
    periods, fingerprint = answer_periods(plan.periods), fingerprint_of(read.inputs)
    named, title = version or plan.settings.version or "1", plan.settings.plan_name
    left_out: dict[str, list[str]] = {}
    for site in sites:
        contents = contents_of(plan, read.inputs, cascade, To(by, site), periods)
        if not contents.lines:
            continue
        others = [text for text in (title, named) if names_others(text, tree, site)]
        for text in others:
            left_out.setdefault(text, []).append(contents.site)
        pack = new_pack(contents.site, "1" if named in others else named, fingerprint, due, contents.lines, by)
        packs.append(pack)
        books[pack.site] = pack_workbook(pack, contents, "" if title in others else title)
    told = [issue("TC995", NOWHERE, f"“{text}”: not told to {shown_list(to)}") for text, to in left_out.items()]
    return SplitRun(ExitStatus.DONE, (*_given_up(sent_packs(data), by), *told), with_sent(data, packs), books)


def _given_up(sent: Sequence[Pack], by: str) -> tuple[Issue, ...]:
    """Name the packs that a split by the other tree puts out of use."""
    if not sent or sent[-1].by == by:
        return ()
    sites = list(latest_packs(sent))
    return (issue("TC949", NOWHERE, f"{len(sites):,} sent by {sent[-1].by}: {shown_list(sites)}"),)
