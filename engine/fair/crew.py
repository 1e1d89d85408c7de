"""How many productive hours each team has in each period: the measure by which work without history is shared.

Owns: reading hours per team out of capacity rows of any level.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Plan


def working_days(plan: Plan) -> np.ndarray:
    """Return working days per leaf period; where unknown, the mean of the known ones, else 1.

    Returns
    -------
    float64, shape (leaf periods,)
    """
    days = plan.calendar.working_days
    known = days[np.isfinite(days) & (days > 0)]
    return np.where(np.isfinite(days) & (days > 0), days, known.mean() if len(known) else 1.0)


def team_hours(plan: Plan) -> np.ndarray:
    """Return the hours of each team in each period, from the finest capacity row over all queues that covers it.

    Returns
    -------
    float64, shape (leaf orgs, leaf periods), hours
        A row over several teams or periods is split evenly over teams and by working days over time.
        A team under no row gets the mean of the others; 1 where there is no capacity at all.
    """
    shape = (len(plan.org.leaves), len(plan.periods.leaves))
    hours = np.full(shape, np.nan)
    days = working_days(plan)
    scope = plan.capacity.scope
    org_span, period_span = plan.org.leaf_span[scope.org], plan.periods.leaf_span[scope.period]
    over_all_queues = np.flatnonzero(
        plan.queues.leaf_span[scope.queue, 1] - plan.queues.leaf_span[scope.queue, 0] == len(plan.queues.leaves)
    )
    size = (org_span[:, 1] - org_span[:, 0]) * (period_span[:, 1] - period_span[:, 0])
    # coarse rows first, so that finer ones overwrite them; equal ones leave the smaller hours
    for row in sorted(over_all_queues, key=lambda at: (-size[at], -plan.capacity.hours[at])):
        teams, periods = slice(*org_span[row]), slice(*period_span[row])
        n_teams = org_span[row, 1] - org_span[row, 0]
        hours[teams, periods] = plan.capacity.hours[row] / n_teams * days[periods] / days[periods].sum()
    known = hours[np.isfinite(hours)]
    usual = known.mean() if len(known) and known.mean() > 0 else 1.0
    return np.where(np.isfinite(hours), hours, usual)
