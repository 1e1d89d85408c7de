"""How many cases: a sample every day, all of them with ``--all``."""

from __future__ import annotations

_is_all = False


def count_all() -> None:
    """Let every count be the full one; called before tests are collected."""
    global _is_all  # noqa: PLW0603  one switch for the whole run, read while modules are imported
    _is_all = True


def everyday(few: int, every: int) -> int:
    """Return how many cases this run tries.

    Parameters
    ----------
    few : on any day; every : with ``--all``
    """
    return every if _is_all else few
