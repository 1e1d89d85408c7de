"""How values of a metric look: items whole, shares in per cent, their differences in points.

Owns: number formats by metric, and the steps in which reasons are told.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.plan import BUILT_IN, TURNAROUND, Metrics
from engine.reasons.words import LONGEST_WAIT, LONGEST_WAIT_H
from solver.frozen import frozen
from workbooks.tabs.looks import HOURS, ITEMS, SIGNED_ITEMS, SIGNED_SHARE

_WAITING = f'[>={LONGEST_WAIT_H}]"{LONGEST_WAIT}";{HOURS}'

POINTS = "pt"
"""Unit of differences between shares: percentage points."""


@frozen
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
    if metric == TURNAROUND:
        return _WAITING
    if metric in BUILT_IN:
        return HOURS
    if metrics.kinds[metric] == "formula":
        return _formula_format(metrics, metric)
    if not is_rate(metrics, metric):
        return ITEMS
    places = _places(shown_digits(metrics, metric))
    return f"0{places}%" if _is_share(metrics, metric) else f"#,##0{places}"


def _formula_format(metrics: Metrics, metric: int) -> str:
    """Return the format of a formula metric; shares in per cent."""
    is_share, digits = shape_of(metrics, metric)
    return f"0{_places(digits)}%" if is_share else f"#,##0{_places(digits)}"


def shape_of(metrics: Metrics, metric: int) -> tuple[bool, int]:
    """Return whether values of a metric are shown as shares, and with how many decimals."""
    if metrics.kinds[metric] in ("volume", "stock"):
        return False, 0
    is_share, decimals = _is_share(metrics, metric), metrics.decimals[metric] if metrics.decimals else None
    if metrics.kinds[metric] == "rate":
        return is_share, shown_digits(metrics, metric)
    return is_share, (1 if is_share else 2) if decimals is None else decimals


def variance_format(metrics: Metrics, metric: int) -> str:
    """Return the format of variances and effects: signed, in points and a digit finer where values are shares."""
    is_share, digits = shape_of(metrics, metric)
    if not is_share:
        return SIGNED_ITEMS if digits == 0 else _with_signs(f"#,##0{_places(digits)}", 10.0**-digits)
    return _with_signs(f'0{_places(digits + 1)}% "{POINTS}"', 10.0 ** -(digits + 3))


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
    """Return how amounts of a metric are told in reasons; hours and people with a decimal, as their values are."""
    if metric in BUILT_IN:
        return Wording(0.1, 1.0, 1)
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
    return _with_signs(_body(metrics, metric), wording(metrics, metric).step)


def _with_signs(body: str, step: float) -> str:
    """Return a format with signs; what rounds to nothing has none. step : the last digit that is shown."""
    half = f"{0.5 * step:.10f}".rstrip("0")
    return f"[>={half}]+{body};[<=-{half}]-{body};{body}"
