"""A small plan of two policies with two queues each, with backlogs, turnaround and a rate, split by policy."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.workbooks.books import as_saved, book, opened
from tests.workbooks.packs.plans import MONTHS, OPTIONS, TEAMS
from workbooks.collect_run import CollectRun, collect
from workbooks.run import cascade
from workbooks.split_run import SplitRun, split

POLICIES = {"Safety": ("Hate", "Bullying"), "Integrity": ("Spam", "Fraud")}
ONLY_DUBLIN = "Hate"
_RNG = random.Random(5)
_ALL_TEAMS = [team for teams in TEAMS.values() for team in teams]
_PAIRS = [
    (team, queue)
    for team in _ALL_TEAMS
    for queues in POLICIES.values()
    for queue in queues
    if queue != ONLY_DUBLIN or team in TEAMS["Dublin"]
]

PLAN = {
    "Settings": [("Setting", "Value"), ("Plan name", "Reviews 2026"), ("Version", "2")],
    "Metrics": [
        ("Metric", "Kind", "Unit", "Weight", "Better", "Best", "Balance of"),
        ("Reviews", "volume", "items", None, None, None, None),
        ("Accuracy", "rate", "%", "Reviews", "higher", 0.99, None),
        ("Backlog", "stock", "items", None, "lower", None, "Reviews"),
    ],
    "Org": [("Node", "Parent", "Level")]
    + [(site, None, "Site") for site in TEAMS]
    + [(team, site, "Team") for site, teams in TEAMS.items() for team in teams],
    "Queues": [("Node", "Parent", "Level", "Handle time", "Turnaround")]
    + [(policy, None, "Policy", None, 72.5 if policy == "Safety" else None) for policy in POLICIES]
    + [
        (queue, policy, "Queue", 60 + 7 * at, {"Spam": 48.25, "Fraud": 96.75}.get(queue))
        for policy, queues in POLICIES.items()
        for at, queue in enumerate(queues)
    ],
    "Periods": [("Period", "Parent", "Level", "Start", "End"), ("Q1", None, "Quarter", None, None),
                ("Q2", None, "Quarter", None, None)]
    + [
        (month, "Q1" if at < 2 else "Q2", "Month", datetime(2026, at + 1, 1), datetime(2026, at + 1, 28))
        for at, month in enumerate(MONTHS)
    ],
    "Baseline": [("Metric", "Org", "Queue", "Period", "Value")]
    + [("Reviews", *pair, month, _RNG.randint(1200, 9800)) for pair in _PAIRS for month in MONTHS]
    + [("Accuracy", *pair, month, round(_RNG.uniform(0.8, 0.95), 4)) for pair in _PAIRS for month in MONTHS],
    "Inflow": [("Metric", "Queue", "Period", "Value")]
    + [
        ("Reviews", queue, month, _RNG.randint(11_000, 15_000) * (3 if at else 2))
        for queues in POLICIES.values()
        for at, queue in enumerate(queues)
        for month in MONTHS
    ],
    "Opening": [("Metric", "Queue", "Value")]
    + [("Backlog", queue, _RNG.randint(300, 900)) for queues in POLICIES.values() for queue in queues],
    "Targets": [
        ("Metric", "Org", "Period", "Sense", "Value", "Priority"),
        ("Reviews", None, None, "exactly", 520_000, 1),
        ("Accuracy", None, None, "at least", 0.94, 1),
    ],
    "Capacity": [("Org", "Queue", "Hours", "Cost"), *[(site, None, 12_345 + at, 77_777) for at, site in
                                                      enumerate(TEAMS)], ("Lisbon", "Spam", 4_321, 66_666)],
    "Limits": [
        ("Metric", "Org", "Queue", "Period", "Min", "Max", "Owner", "Reason"),
        ("Reviews", "Clontarf", "Hate", None, 5_171, None, "Aoife Byrne", "because Spam is short"),
        ("Reviews", None, "Spam", None, 5_172, None, "Aoife Byrne", "because Hate is short"),
    ],
    "Actuals": [("Metric", "Org", "Queue", "Period", "Value")]
    + [("Reviews", team, queue, "Jan", _RNG.randint(1200, 9800)) for team, queue in _PAIRS],
}  # fmt: skip

Typed = Mapping[tuple[str, str, str], tuple[object, ...]]
"""(metric, queue, period) → what is typed from Answer on: answer, value, reason, by."""

ACCEPT = ("accept", None, None, "Boss")


@cache
def was_split(by: str = "queue") -> SplitRun:
    """Return the plan, cascaded, and its packs by policy, or by site."""
    run = cascade(book(PLAN), OPTIONS)
    assert run.data is not None, run.issues
    return split(run.data, "Policy" if by == "queue" else "Site", by=by)


@cache
def asked(policy: str) -> dict[tuple[str, str, str], float]:
    """Return what a pack asks, by metric, queue and period."""
    sheet = opened(was_split().packs[policy])["Responses"]
    rows = sheet.iter_rows(min_row=6, values_only=True)
    return {(str(row[0]), str(row[1]), str(row[2] or "")): float(str(row[3])) for row in rows if row[0]}


def answered(policy: str, typed: Typed, other: tuple[object, ...] = ACCEPT) -> bytes:
    """Return a pack with answers typed into it; all that is not named is answered alike."""
    pack = opened(was_split().packs[policy])
    for row in pack["Responses"].iter_rows(min_row=6):
        given = typed.get((row[0].value, row[1].value, row[2].value or ""), other)
        for cell, value in zip(row[4:], given, strict=False):
            cell.value = value
    return as_saved(pack)


def collected(files: Mapping[str, bytes], *, is_reconciled: bool = True, taken: tuple[str, ...] = ()) -> CollectRun:
    """Return what collecting files comes to."""
    listed = [(Path(name), held) for name, held in files.items()]
    return collect(was_split().data or b"", listed, OPTIONS, is_reconciled=is_reconciled, taken=taken)
