"""Targets of handle times against the seconds a plan counts with: they do not feed capacity, so the gap is shown.

    hours between = Σ w (target − planned seconds) / 3600

Owns: that comparison.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan
from engine.rates.averages import averages, rate_cover
from solver.frozen import frozen

SECONDS_PER_HOUR = 3600


@frozen
class HandleTimeGaps:
    """One entry per row of Targets; nan for rows that are about no handle time, or over work without any.

    planned_s : float64, seconds an item takes in the plan; hours : what the target would take more (below 0: less)
    """

    planned_s: np.ndarray
    hours: np.ndarray


def handle_time_gaps(plan: Plan, value: np.ndarray) -> HandleTimeGaps:
    """Return how far each target of a handle time is from the plan.

    Parameters
    ----------
    value : float64, shape (cells,), the planned volumes
    """
    targets = plan.targets
    planned, hours = np.full(len(targets), np.nan), np.full(len(targets), np.nan)
    for rate in plan.rates:
        if not rate.is_handle_time:
            continue
        rows = np.flatnonzero(targets.scope.metric == rate.metric)
        member = rate_cover(plan, rate, targets.scope.take(rows))
        seconds = plan.cells.hours[rate.cells] * SECONDS_PER_HOUR
        weight = np.where(seconds > 0, value[rate.cells], 0.0)
        planned[rows] = averages(member, weight, seconds)
        hours[rows] = (targets.value[rows] - planned[rows]) * (member @ weight) / SECONDS_PER_HOUR
    return HandleTimeGaps(planned, hours)
