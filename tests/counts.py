"""How many cases: a sample every day, all of them with ``--all``."""

from __future__ import annotations

_ASKED: set[str] = set()


def count_all() -> None:
    """Let every count be the full one; called before tests are collected."""
    _ASKED.add("all")


def everyday(few: int, every: int) -> int:
    """Return how many cases this run tries.

    Parameters
    ----------
    few : on any day; every : with ``--all``
    """
    return every if _ASKED else few
