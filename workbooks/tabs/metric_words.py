"""How values of a metric are told in sentences: as their cells show them.

Owns: the words of a value and of a difference; their formats stand in ``metric_looks``.
"""

from __future__ import annotations

from engine.plan import Plan
from workbooks.tabs.metric_looks import shape_of


def shown_value(plan: Plan, metric: int, value: float) -> str:
    """Return a value in words, as its cell shows it."""
    is_share, digits = shape_of(plan.metrics, metric)
    return f"{value:.{digits}%}" if is_share else f"{value:,.{digits}f}"


def shown_change(plan: Plan, metric: int, value: float) -> str:
    """Return a difference in words, as its cell shows it; a minus is a minus, and nothing is no −0."""
    is_share, digits = shape_of(plan.metrics, metric)
    text = f"{value * 100:+.{digits + 1}f} points" if is_share else f"{value:+,.{digits}f}"
    bare = text.lstrip("+-")
    if not any(digit in bare for digit in "123456789"):
        return bare
    return text.replace("-", "−")


def shown_short(plan: Plan, metric: int, value: float, *, signed: bool = False) -> str:
    """Return an amount in thousands or millions, for places where a long number cannot be read."""
    if shape_of(plan.metrics, metric)[0] or abs(value) < 10_000:
        return shown_change(plan, metric, value) if signed else shown_value(plan, metric, value)
    scale, unit = (1e9, "bn") if abs(value) >= 1e9 else (1e6, "M") if abs(value) >= 1e6 else (1e3, "k")
    size = abs(value) / scale
    sign = "−" if value < 0 else "+" if signed else ""
    return f"{sign}{size:,.1f}{unit}" if unit != "k" else f"{sign}{size:,.0f}{unit}"
