"""How far everybody goes on the way to Best, in a sentence: what equal effort comes to.

    effort = (rate − history) / (Best − history); where the target is easier than today, the same toward Floor
    where cells start from what was agreed: (rate − agreed) / (Best − history), what they go on by

Owns: these parts, and their sentence.
"""

from __future__ import annotations

import numpy as np

from engine.outcome import RateResult
from engine.plan import Plan
from engine.rates.rows import LIGHTEST, effort_of

_NEAR = 1e-7
_SAME = 0.005  # parts of the way that are told as one
_WORTH_SAYING = 0.005  # part of the volume


def effort_words(plan: Plan, result: RateResult) -> str:
    """Return what a rate asks of everybody: ``everybody closes 62 % of the way from history to Best``."""
    name, far = plan.metrics.ids[result.rate.metric], _far_end(plan, result)
    begin, more = ("history", "") if result.rate.near is None else ("what was agreed", " more")
    parts, weight, stays, stops = _parts(plan, result)
    if len(parts) == 0:
        said = "everybody is at Best already" if stays > 1 - _WORTH_SAYING else "nobody can move freely"
        return f"{name}: {said}"
    low, high, mean = float(parts.min()), float(parts.max()), float(weight @ parts / weight.sum())
    if max(abs(low), abs(high)) < _NEAR:
        said = f"nobody has to move, {begin} meets what is asked"
    elif high - low <= _SAME:
        said = f"everybody {_way(mean, begin, far, more)}"
    elif low < -_SAME < _SAME < high:
        said = (
            f"some come back by {-low:.0%} of the way to {far}, others close up to {high:.0%}{more} of the way to Best"
        )
    elif high <= _SAME:
        said = f"everybody comes back by {max(-high, 0):.0%} to {-low:.0%} of the way to {far}, {-mean:.0%} on average"
    else:
        said = (
            f"everybody closes {max(low, 0):.0%} to {high:.0%}{more} of the way from history to Best, "
            f"{mean:.0%} on average"
        )
    found = [said.replace("%", " %")]
    if stays > _WORTH_SAYING:
        found.append(f"{stays:.0%} of the volume stays, at Best already".replace("%", " %", 1))
    if stops > _WORTH_SAYING:
        found.append(f"{stops:.0%} of the volume stops at a bound or a limit of its own".replace("%", " %", 1))
    return f"{name}: " + "; ".join(found)


def _way(part: float, begin: str, far: str, more: str) -> str:
    if part > 1 + _SAME:
        return f"goes beyond Best, {part:.1f} times the way there from history"
    if part >= 0:
        return f"closes {part:.0%}{more} of the way from history to Best"
    return f"comes back by {-part:.0%} of the way from {begin} to {far}"


def _far_end(plan: Plan, result: RateResult) -> str:
    if plan.metrics.higher_is_better[result.rate.metric]:
        return "Floor"
    return "Ceiling" if np.isfinite(result.rate.ceiling).all() else "twice as much"


def _parts(plan: Plan, result: RateResult) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return the part of the way of every cell that nothing stops, its weight, and the volume that stays and stops.

    Returns
    -------
    float64, shape (free cells,), below 0 on the way back; the same, items; parts of the volume: no way to go, stopped
    """
    rate, value, start = result.rate, result.value, result.start
    total = float(result.weight.sum())
    effort = effort_of(plan, rate, result.weight)
    is_higher = bool(plan.metrics.higher_is_better[rate.metric])
    good, back = (effort.up, effort.down) if is_higher else (effort.down, effort.up)
    move = (value - start) * (1 if is_higher else -1)
    near = _NEAR * np.maximum(np.abs(value), 1e-3)
    heavy = result.weight > LIGHTEST * max(float(result.weight.mean()) if len(result.weight) else 0.0, 0.0)
    lowest, highest = np.maximum(rate.floor, result.lower), np.minimum(rate.ceiling, result.upper)
    stopped = heavy & (np.abs(move) > near) & ((value <= lowest + near) | (value >= highest - near))
    stays = heavy & (good <= 0) & (np.abs(move) <= near)
    free = np.flatnonzero(heavy & ~stopped & ~stays)
    way = np.where(move[free] >= 0, good[free], back[free])
    parts = np.divide(move[free], way, out=np.zeros(len(free)), where=way > 0)
    if total <= 0:
        return parts, result.weight[free], 0.0, 0.0
    staying, stopping = (float(result.weight[which].sum()) / total for which in (stays, stopped))
    return parts, result.weight[free], staying, stopping
