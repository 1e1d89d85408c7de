"""Shares: values that are parts of one, 95 % or 0.95, and where they may stand.

Owns: values of a metric in % that are no share, and percentages where an amount is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.building.journal import Journal, Problem
from engine.building.texts import quoted
from engine.issues import Place
from engine.plan import Metrics

RATE = "rate"


def report_share(journal: Journal, metrics: Metrics, metric: int, value: float, place: Place) -> None:
    """Name a value that cannot be a share, where the metric's unit is %."""
    problem = share_problem(metrics, metric, value, place)
    if problem is not None:
        journal.add("TC241", problem.place, problem.found, mend=problem.mend)


def share_problem(metrics: Metrics, metric: int, value: float, place: Place) -> Problem | None:
    """Return what is wrong with a value of a metric; None where it may be a share, or the metric is none."""
    if metrics.units[metric] != "%" or not np.isfinite(value) or 0 <= value <= 1:
        return None
    slip = 1 < value <= 100
    mend = f"Type {value:g} % (or {value / 100:g})." if slip else ""
    return Problem(place, f"{value:g} for “{metrics.ids[metric]}”, whose unit is %", mend=mend)


def report_percents(
    journal: Journal, raw: Sequence[object], is_share: np.ndarray, place: Callable[[int], Place]
) -> None:
    """Name texts such as "95 %" where an amount is asked.

    Parameters
    ----------
    raw : cell values; is_share : bool, shape (values,), which of them may be a percentage
    """
    found = [
        Problem(place(row), f"the text {quoted(value)}")
        for row, value in enumerate(raw)
        if isinstance(value, str) and value.strip().endswith("%") and not is_share[row]
    ]
    journal.add_each("TC202", found)
