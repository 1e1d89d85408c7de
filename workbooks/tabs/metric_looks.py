"""How values of a metric look: items whole, shares in per cent, their differences in points.

Owns: number formats by metric, and the steps in which reasons are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.plan import BUILT_IN, Metrics
from workbooks.tabs.looks import HOURS, ITEMS, SIGNED_ITEMS, SIGNED_SHARE

POINTS = "pt"
"""Unit of differences between shares: percentage points."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How amounts are told: in whole multiples of ``step``, written as ``factor`` times the amount with its unit."""

    step: float = 1.0
    factor: float = 1.0
    digits: int = 0
    unit: str = ""


def is_rate(metrics: Metrics, metric: int) -> bool:
    """Whether a metric is a rate; built-in ones are none."""
    return metric >= 0 and metrics.kinds[metric] == "rate"


def shown_digits(metrics: Metrics, metric: int) -> int:
    """Return the decimals at which a rate is shown."""
    decimals = metrics.decimals[metric] if metrics.decimals else None
    return 1 if decimals is None else decimals


def value_format(metrics: Metrics, metric: int) -> str:
    """Return the number format of a metric's values; hours and people have a decimal."""
    if metric in BUILT_IN:
        return HOURS
    if metrics.kinds[metric] == "formula":
        return _formula_format(metrics, metric)
    if not is_rate(metrics, metric):
        return ITEMS
    places = _places(shown_digits(metrics, metric))
    return f"0{places}%" if _is_share(metrics, metric) else f"#,##0{places}"


def _formula_format(metrics: Metrics, metric: int) -> str:
    """Return the format of a formula metric: two decimals where nobody says; shares in per cent."""
    decimals = metrics.decimals[metric] if metrics.decimals else None
    if _is_share(metrics, metric):
        return f"0{_places(1 if decimals is None else decimals)}%"
    return f"#,##0{_places(2 if decimals is None else decimals)}"


def difference_format(metrics: Metrics, metric: int) -> str:
    """Return the format of differences between values: signed, in points where values are shares; never −0."""
    return _signed(metrics, metric, SIGNED_ITEMS)


def change_format(metrics: Metrics, metric: int) -> str:
    """Return the format of changes: as a part of what was, but for rates, whose changes are differences."""
    return _signed(metrics, metric, SIGNED_SHARE)


def gap_format(metrics: Metrics, metric: int) -> str:
    """Return the format of what is missing, without a sign; a digit finer, so that no miss shows as nothing."""
    return _body(metrics, metric, 1) if is_rate(metrics, metric) else value_format(metrics, metric)


def formats_of(metrics: Metrics, metric: np.ndarray, of_metric: Callable[[Metrics, int], str]) -> list[str]:
    """Return the number format of each record of a column whose records are about several metrics.

    Parameters
    ----------
    metric : int64, shape (records,), position of each record's metric
    """
    distinct, which = np.unique(metric, return_inverse=True)
    found = np.array([*(of_metric(metrics, each) for each in distinct.tolist()), ""], dtype=object)
    formats: list[str] = found[which.ravel()].tolist()
    return formats


def wording(metrics: Metrics, metric: int) -> Wording:
    """Return how amounts of a metric are told in reasons."""
    if not is_rate(metrics, metric):
        return Wording()
    digits = shown_digits(metrics, metric)
    if _is_share(metrics, metric):
        return Wording(10.0 ** -(digits + 2), 100.0, digits, f" {POINTS}")
    return Wording(10.0**-digits, 1.0, digits)


def share_names(metrics: Metrics) -> list[str]:
    """Return the names of rates that are shares: their misses are judged in points."""
    return [metrics.ids[at] for at in range(len(metrics)) if is_rate(metrics, at) and _is_share(metrics, at)]


def _is_share(metrics: Metrics, metric: int) -> bool:
    return metrics.units[metric] == "%"


def _places(digits: int) -> str:
    return "." + "0" * digits if digits else ""


def _body(metrics: Metrics, metric: int, finer: int = 0) -> str:
    places = _places(shown_digits(metrics, metric) + finer)
    return f'0{places}% "{POINTS}"' if _is_share(metrics, metric) else f"#,##0{places}"


def _signed(metrics: Metrics, metric: int, usual: str) -> str:
    if not is_rate(metrics, metric):
        return usual
    body = _body(metrics, metric)
    half = f"{0.5 * wording(metrics, metric).step:.10f}".rstrip("0")
    return f"[>={half}]+{body};[<=-{half}]-{body};{body}"
