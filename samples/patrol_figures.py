"""Daily logs of new page patrol on the English Wikipedia, added up to months.

Owns: reading the committed tables (see data/SOURCES.md), and the share of pages that leave without a patrol.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from samples.records import records

HISTORY = tuple(f"2016-{month:02}" for month in range(7, 13))
PLANNED = tuple(f"2017-{month:02}" for month in range(1, 7))
_FROM, _TO = "2016-07-13", "2016-12-31"
"""Two readings of the backlog, between which the balance is closed."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the queue, in pages. by_first : patrols by the most active patroller of each day."""

    inflow: float
    patrols: float
    by_first: float


@dataclass(frozen=True, slots=True)
class _Day:
    date: str
    inflow: float
    patrols: float
    by_first: float


@cache
def _days() -> tuple[_Day, ...]:
    days = []
    for row in records("npp_daily.csv"):
        inflow = sum(float(row[name]) for name in ("article_creations", "moves_from_user", "moves_from_draft"))
        patrols = float(row["patrol_actions"])
        days.append(_Day(row["date"], inflow, patrols, patrols * float(row["top1_share"])))
    return tuple(days)


def months() -> dict[str, Month]:
    """Return the months of history and plan."""
    found = {}
    for name in (*HISTORY, *PLANNED):
        days = [day for day in _days() if day.date.startswith(name)]
        found[name] = Month(
            sum(day.inflow for day in days),
            sum(day.patrols for day in days),
            float(round(sum(day.by_first for day in days))),
        )
    return found


def backlog(date: str) -> float:
    """Return a reading of the backlog."""
    return next(float(row["backlog_articles"]) for row in records("npp_backlog.csv") if row["date"] == date)


def opening() -> float:
    """Return the backlog at the start of the plan."""
    return backlog(_TO)


def exit_share() -> float:
    """Return the part of inflow that left without a patrol: what closes the balance between two readings."""
    days = [day for day in _days() if _FROM < day.date <= _TO]
    came, went = sum(day.inflow for day in days), sum(day.patrols for day in days)
    return (came - went - (backlog(_TO) - backlog(_FROM))) / came
