"""Limits that no whole number of units can be at.

Owns: TC555.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.codes import issue
from engine.issues import Issue
from engine.plan import Plan
from engine.reasons.words import amount_words, limit_words

_CLOSE = 1e-9
_NAMED = 20


def check_units(plan: Plan, max_column: int = 0) -> Iterator[Issue]:
    """Yield limits on volumes whose values lie between two units of their metric.

    Parameters
    ----------
    max_column : sheet column of Max in Limits, 0 where there is none: a limit knows one place, that of its Min first
    """
    limits, decimals = plan.limits, plan.metrics.decimals
    metric = limits.scope.metric
    counted = np.flatnonzero(plan.metrics.is_kind(metric, "volume"))
    found = []
    for row in counted.tolist() if decimals else []:
        places = decimals[int(metric[row])]
        values = {float(limits.lower[row]), float(limits.upper[row])}
        odd = [each for each in values if places is not None and _is_between(each, places)]
        found += [(row, each) for each in sorted(odd)]
    for row, value in found[:_NAMED]:
        place = limits.place[row]
        if value != limits.lower[row] and max_column:
            place = replace(place, column=max_column, field="Max")
        yield issue("TC555", place, f"{limit_words(plan, row)}: {value:,.12g}")
    if len(found) > _NAMED:
        row = found[_NAMED][0]
        words = f"and {len(found) - _NAMED} more, from here on; {amount_words(float(len(found)))} in all"
        yield issue("TC555", limits.place[row], words)


def _is_between(value: float, places: int) -> bool:
    scaled = value * 10.0**places
    return bool(np.isfinite(value) and abs(scaled - round(scaled)) > _CLOSE * max(1.0, abs(scaled)))
