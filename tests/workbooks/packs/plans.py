"""A small plan of two sites with two teams each, cascaded and split."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.workbooks.books import as_saved, book, opened
from workbooks.collect_run import CollectRun, collect
from workbooks.run import RunOptions, cascade
from workbooks.split_run import SplitRun, split

MONTHS = ("Jan", "Feb", "Mar", "Apr")
TEAMS = {"Lisbon": ("Alfama", "Belem"), "Dublin": ("Clontarf", "Drimnagh")}
_RNG = random.Random(3)

PLAN = {
    "Settings": [("Setting", "Value"), ("Plan name", "Reviews 2026"), ("Version", "2")],
    "Metrics": [("Metric", "Kind", "Unit"), ("Reviews", "volume", "items")],
    "Org": [("Node", "Parent", "Level", "Name")]
    + [(site, None, "Site", f"The {site} site") for site in TEAMS]
    + [(team, site, "Team", f"Team of {team}") for site, teams in TEAMS.items() for team in teams],
    "Queues": [("Node", "Handle time"), ("Spam", 60), ("Fraud", 300)],
    "Periods": [("Period", "Parent", "Level"), ("Q1", None, "Quarter"), ("Q2", None, "Quarter")]
    + [(month, "Q1" if at < 2 else "Q2", "Month") for at, month in enumerate(MONTHS)],
    "Baseline": [("Metric", "Org", "Queue", "Period", "Value")]
    + [
        ("Reviews", team, queue, month, _RNG.randint(1200, 9800))
        for teams in TEAMS.values()
        for team in teams
        for queue in ("Spam", "Fraud")
        for month in MONTHS
    ],
    "Targets": [("Metric", "Org", "Period", "Sense", "Value"), ("Reviews", None, None, "exactly", 200_000)],
    "Capacity": [("Org", "Hours", "Cost"), *[(site, 12_345 + at, 77_777) for at, site in enumerate(TEAMS)]],
    "Limits": [
        ("Metric", "Org", "Period", "Min", "Max", "Owner", "Reason"),
        ("Reviews", "Alfama", None, 5_171, None, "Aoife Byrne", "because Dublin is short"),
        ("Reviews", "Clontarf", None, 5_172, None, "Aoife Byrne", "because Lisbon is short"),
    ],
}

OPTIONS = RunOptions(by="Aoife", command="targets collect", now=lambda: datetime(2026, 2, 10, 9, 0, tzinfo=UTC))
Typed = Mapping[tuple[str, str], tuple[object, ...]]
"""(node, quarter) → what is typed from Answer on: answer, value, reason."""


@cache
def was_split() -> SplitRun:
    """Return the plan, cascaded, and its packs."""
    run = cascade(book(PLAN), OPTIONS)
    assert run.data is not None, run.issues
    return split(run.data, "Site", "2026-02-15")


def proposed(site: str) -> dict[tuple[str, str], float]:
    """Return what a pack proposes, by node and quarter."""
    sheet = opened(was_split().packs[site])["Responses"]
    return {(row[1], row[2]): row[3] for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]}


def answered(site: str, typed: Typed) -> bytes:
    """Return a pack with answers typed into it."""
    pack = opened(was_split().packs[site])
    for row in pack["Responses"].iter_rows(min_row=6):
        given = typed.get((row[1].value, row[2].value), typed.get(("*", "*"), ()))
        for cell, value in zip(row[4:], given, strict=False):
            cell.value = value
    return as_saved(pack)


def accepted(site: str) -> bytes:
    """Return a pack in which everything is accepted."""
    return answered(site, {("*", "*"): ("accept", None, None, "Boss", datetime(2026, 2, 3))})


def collected(
    files: Mapping[str, bytes], data: bytes | None = None, *, is_reconciled: bool = False, taken: Sequence[str] = ()
) -> CollectRun:
    """Return what collecting files comes to."""
    listed = [(Path(name), held) for name, held in files.items()]
    return collect(data or was_split().data or b"", listed, OPTIONS, is_reconciled=is_reconciled, taken=taken)


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
