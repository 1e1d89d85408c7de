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
    hours = given_hours(plan)
    known = hours[np.isfinite(hours)]
    usual = known.mean() if len(known) and known.mean() > 0 else 1.0
    return np.where(np.isfinite(hours), hours, usual)


def given_hours(plan: Plan) -> np.ndarray:
    """Return the hours of each team in each period, nan where no capacity row over all queues says.

    Returns
    -------
    float64, shape (leaf orgs, leaf periods), hours
    """
    days = working_days(plan)
    hours = np.full((len(plan.org.leaves), len(days)), np.nan)
    capacity = plan.capacity
    for row in over_all_queues(plan, capacity.hours):
        teams, periods = team_periods(plan, row)
        share = capacity.hours[row] / len(teams) * (days[periods] / days[periods].sum())
        hours[np.ix_(teams, periods)] = share[None, :]
    return hours


def people(plan: Plan) -> np.ndarray:
    """Return the FTE of each team in each period, from the finest capacity row with people that covers it.

    Returns
    -------
    float64, shape (leaf orgs, leaf periods); 0 where there are none; a row over several teams is split evenly
    """
    found = np.zeros((len(plan.org.leaves), len(plan.periods.leaves)))
    capacity = plan.capacity
    if not len(capacity.fte):
        return found
    for row in over_all_queues(plan, capacity.fte):
        if np.isfinite(capacity.fte[row]):
            teams, periods = team_periods(plan, row)
            found[np.ix_(teams, periods)] = capacity.fte[row] / len(teams)
    return found


def hours_per_fte(plan: Plan) -> np.ndarray:
    """Return the productive hours that one FTE of each team has in each period.

    Returns
    -------
    float64, shape (leaf orgs, leaf periods), hours, above 0
        From the finest capacity row with people; where none covers a team, the mean of the others in that period,
        else of all; 1 where nobody has people, and an FTE is an hour.
    """
    found = np.full((len(plan.org.leaves), len(plan.periods.leaves)), np.nan)
    per_fte = plan.capacity.hours_per_fte
    for row in over_all_queues(plan, plan.capacity.hours):
        if np.isfinite(per_fte[row]) and per_fte[row] > 0:
            found[np.ix_(*team_periods(plan, row))] = per_fte[row]
    is_known = np.isfinite(found)
    if not is_known.any():
        return np.ones(found.shape)
    usual = float(found[is_known].mean())
    count = is_known.sum(axis=0)
    mean = np.where(count > 0, np.where(is_known, found, 0).sum(axis=0) / np.maximum(count, 1), usual)
    return np.where(is_known, found, mean[None, :])


def over_all_queues(plan: Plan, amount: np.ndarray) -> list[int]:
    """Return capacity rows over all queues, coarse ones first, so that finer ones overwrite them.

    Of equal scopes the smaller amount comes last. Rows that somebody's share makes do not count.
    """
    capacity, scope = plan.capacity, plan.capacity.scope
    every = len(plan.queues.leaves)
    rows = [
        row
        for row in range(len(capacity))
        if len(plan.queues.leaf_positions(int(scope.queue[row]))) == every
        and not (capacity.note and capacity.note[row])
    ]
    size = {
        row: len(plan.org.leaf_positions(int(scope.org[row])))
        * len(plan.periods.leaf_positions(int(scope.period[row])))
        for row in rows
    }
    return sorted(rows, key=lambda row: (-size[row], -np.nan_to_num(amount[row])))


def team_periods(plan: Plan, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the teams and the leaf periods of a capacity row."""
    scope = plan.capacity.scope
    return plan.org.leaf_positions(int(scope.org[row])), plan.periods.leaf_positions(int(scope.period[row]))
