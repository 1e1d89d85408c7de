"""How values of a metric are shown: volumes in items, shares as percentages, other rates with decimals.

Owns: number formats by metric.
"""

from __future__ import annotations

from engine.plan import Plan
from workbooks.tabs.looks import ITEMS, SHARE, SIGNED_ITEMS

_DECIMAL = "#,##0.00"
_SIGNED_DECIMAL = "+#,##0.00;-#,##0.00;0.00"
SIGNED_SHARE_FINE = "[>=0.00005]+0.00%;[<=-0.00005]-0.00%;0.00%"


def is_percent(plan: Plan, metric: int) -> bool:
    """Whether values of a metric are shares."""
    return plan.metrics.kinds[metric] == "rate" and plan.metrics.units[metric].strip() == "%"


def value_format(plan: Plan, metric: int) -> str:
    """Return the number format of a metric's values."""
    if is_percent(plan, metric):
        return SHARE
    return ITEMS if plan.metrics.kinds[metric] in ("volume", "stock") else _DECIMAL


def change_format(plan: Plan, metric: int) -> str:
    """Return the number format of differences of a metric's values: shares in points of a per cent."""
    if is_percent(plan, metric):
        return SIGNED_SHARE_FINE
    return SIGNED_ITEMS if plan.metrics.kinds[metric] in ("volume", "stock") else _SIGNED_DECIMAL


def shown_value(plan: Plan, metric: int, value: float) -> str:
    """Return a value in words, as its cell shows it."""
    if is_percent(plan, metric):
        return f"{value:.1%}"
    return f"{value:,.0f}" if plan.metrics.kinds[metric] in ("volume", "stock") else f"{value:,.2f}"


def shown_change(plan: Plan, metric: int, value: float) -> str:
    """Return a difference in words, as its cell shows it; a minus is a minus, and nothing is no −0."""
    if is_percent(plan, metric):
        text = f"{value * 100:+.2f} points"
    else:
        text = f"{value:+,.0f}" if plan.metrics.kinds[metric] in ("volume", "stock") else f"{value:+,.2f}"
    bare = text.lstrip("+-")
    if not any(digit in bare for digit in "123456789"):
        return bare
    return text.replace("-", "−")
