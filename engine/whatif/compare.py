"""Two runs of nearly the same plan, held against each other.

Owns: which targets are missed by more or less, and the words for it.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import Judged, Outcome
from engine.plan import Plan
from engine.reasons.words import amount_words, points_words, target_words

_NAMED = 3
_MET = 1e-6
_SAME = 4
"""Digits of a change by which one comes before another: where both are the same, noise has no say."""

_RATE_SHOWN = 5e-4
"""Difference of a rate that is told: half a tenth of a point; of rates that are no shares, part of the largest."""


def total_miss(run: Outcome | Judged) -> float:
    """Return what all targets that count volumes miss together, in items."""
    return float(np.nansum(_misses(run)[_counts_items(run)]))


def missed_part(run: Outcome | Judged) -> float:
    """Return which part of all that targets ask for in items is missed."""
    asked = float(np.abs(run.plan.targets.value[_counts_items(run)]).sum())
    return total_miss(run) / asked if asked > 0 else 0.0


def _misses(run: Outcome | Judged) -> np.ndarray:
    return np.where(np.isfinite(run.targets.shortfall), run.targets.shortfall, 0.0)


def _more_missed(before: Outcome | Judged, now: Outcome | Judged) -> np.ndarray:
    """Return by how much more each target is missed, 0 where whole units alone moved it: float64, shape (targets,).

    A change counts where what whole units add to it, or take away, is less than what it is without them.
    """
    change = _misses(now) - _misses(before)
    true = now.targets.in_fractions - before.targets.in_fractions
    is_of_units = np.isfinite(true) & (np.abs(change - true) >= np.abs(true))
    return np.where(is_of_units, 0.0, change)


def items_less_missed(before: Outcome | Judged, now: Outcome | Judged) -> float:
    """Return how much less all targets that count volumes miss together, in items, but for what whole units do."""
    return 0.0 - float(np.sum(_more_missed(before, now)[_counts_items(before)]))


def _counts_items(run: Outcome | Judged) -> np.ndarray:
    plan = run.plan
    return np.asarray(plan.metrics.is_kind(plan.targets.scope.metric, "volume"))


def changed_misses(
    before: Outcome | Judged, now: Outcome | Judged, but: frozenset[int] = frozenset(), about: str = ""
) -> str:
    """Return which targets are missed by more or less than before, the largest first; "" where none.

    Parameters
    ----------
    but : rows that are not told
    about : what stands before amounts that whole units move a little
    """
    change = _more_missed(before, now)
    is_rate = before.plan.metrics.is_kind(before.plan.targets.scope.metric, "rate")
    size = _MET * np.maximum(np.where(is_rate, 1e-3, 1.0), np.abs(before.plan.targets.value))
    rows = [row for row in np.flatnonzero(np.abs(change) > size).tolist() if row not in but]
    rows.sort(key=lambda row: (-round(abs(float(change[row])), _SAME), row))
    words = [
        f"{target_words(before.plan, row)}: {about}{_amount(before.plan, row, abs(float(change[row])))} "
        f"{'more' if change[row] > 0 else 'less'} missed"
        for row in rows[:_NAMED]
    ]  # fmt: skip
    more = len(rows) - _NAMED
    return "; ".join([*words, *([f"and {more} more target{'s' if more > 1 else ''}"] if more > 0 else [])])


def changed_rates(before: Outcome, now: Judged) -> str:
    """Return which rates are planned otherwise than before, in how many cells and by how much at most; "" where none.

    Both plans have the same cells.
    """
    plan, found = before.plan, []
    for was, then in zip(before.rates, now.rates, strict=True):
        change = np.abs(then.value - was.value)
        size = 1.0 if plan.metrics.units[was.rate.metric] == "%" else max(float(np.abs(was.value).max(initial=0)), 1e-9)
        if other := int(np.count_nonzero(change > _RATE_SHOWN * size)):
            most = points_words(plan.metrics, was.rate.metric, float(change.max()))
            cells = f"{other} cell{'s' if other > 1 else ''}"
            found.append(f"{plan.metrics.ids[was.rate.metric]} of {cells} would be another, by up to {most}")
    return "; ".join(found)


def _amount(plan: Plan, row: int, amount: float) -> str:
    """Return a change of what is missed; of rates in points, or with their unit."""
    metric = int(plan.targets.scope.metric[row])
    has_unit = metric < 0 or plan.metrics.kinds[metric] == "rate"  # hours and people stand beside items
    return points_words(plan.metrics, metric, amount) if has_unit else amount_words(amount)


def breaks_more(before: Outcome | Judged, now: Outcome | Judged) -> bool:
    """Whether limits are broken that were not, or by more in all."""
    return float(now.limits.breach.sum()) > float(before.limits.breach.sum()) * (1 + _MET) + _MET


def changed_limits(before: Outcome | Judged, now: Outcome | Judged) -> str:
    """Return how many limits are broken, where that are fewer than before; "" where not."""
    broken, were = (int(np.count_nonzero(run.limits.breach > 0)) for run in (now, before))
    return f"{broken or 'no'} broken limit{'s' if broken != 1 else ''} instead of {were}" if broken < were else ""


def effect_words(
    before: Outcome | Judged, now: Outcome | Judged, but: frozenset[int] = frozenset(), about: str = ""
) -> str:
    """Return what a change does to the other targets and to broken limits; "" where nothing."""
    told = (changed_misses(before, now, but, about), changed_limits(before, now))
    return "; ".join(each for each in told if each)
