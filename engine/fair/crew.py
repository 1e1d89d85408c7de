"""How many productive hours each team has in each period: the measure by which work without history is shared.

Owns: reading hours per team out of capacity rows of any level.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.plan import Plan
from engine.trees import Tree


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
    given = plan.capacity.hours
    lay_over(
        plan, hours, given, lambda row, teams, periods: given[row] / len(teams) * (days[periods] / days[periods].sum())
    )
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
    lay_over(plan, found, capacity.fte, lambda row, teams, periods: capacity.fte[row] / len(teams))
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
    per_fte = np.where(per_fte > 0, per_fte, np.nan)
    lay_over(plan, found, per_fte, lambda row, teams, periods: per_fte[row], order=plan.capacity.hours)
    is_known = np.isfinite(found)
    if not is_known.any():
        return np.ones(found.shape)
    usual = float(found[is_known].mean())
    count = is_known.sum(axis=0)
    mean = np.where(count > 0, np.where(is_known, found, 0).sum(axis=0) / np.maximum(count, 1), usual)
    return np.where(is_known, found, mean[None, :])


def over_all_queues(plan: Plan, amount: np.ndarray) -> np.ndarray:
    """Return capacity rows over all queues, coarse ones first, so that finer ones overwrite them.

    Of equal scopes the smaller amount comes last. Rows that somebody's share makes do not count.
    """
    scope = plan.capacity.scope
    is_whole = plan.queues.leaf_counts[scope.queue] == len(plan.queues.leaves)
    if plan.capacity.note:
        is_whole &= np.array([not note for note in plan.capacity.note])
    rows = np.flatnonzero(is_whole)
    return rows[np.lexsort((-np.nan_to_num(amount[rows]), -_sizes(plan)[rows]))]


def _sizes(plan: Plan) -> np.ndarray:
    """Return how many teams × periods each capacity row stands over."""
    scope = plan.capacity.scope
    return np.asarray(plan.org.leaf_counts[scope.org] * plan.periods.leaf_counts[scope.period])


def lay_over(
    plan: Plan,
    found: np.ndarray,
    amount: np.ndarray,
    part: Callable[[int, np.ndarray, np.ndarray], np.ndarray | float],
    order: np.ndarray | None = None,
) -> None:
    """Write what capacity rows over all queues give to each team and period, finer rows over coarser ones.

    Parameters
    ----------
    found : changed; shape (leaf orgs, leaf periods)
    amount : of each row; a row without one writes nothing
    part : row, its teams and its periods → what each of them gets; a row of one team and period gives it all
    order : by what rows of equal scopes stand behind each other; the amount where left out
    """
    rows = over_all_queues(plan, amount if order is None else order)
    rows = rows[np.isfinite(amount[rows])]
    is_single = _sizes(plan)[rows] == 1
    for row in rows[~is_single].tolist():
        teams, periods = team_periods(plan, row)
        found[np.ix_(teams, periods)] = part(row, teams, periods)
    single, scope = rows[is_single], plan.capacity.scope
    found[_first_leaf(plan.org, scope.org[single]), _first_leaf(plan.periods, scope.period[single])] = amount[single]


def _first_leaf(tree: Tree, nodes: np.ndarray) -> np.ndarray:
    """Return the position of the first leaf of each node or group."""
    of_groups = [int(group.leaves[0]) if len(group.leaves) else 0 for group in tree.groups]
    return np.asarray(np.concatenate([tree.leaf_span[:, 0], of_groups]).astype(np.int64)[nodes])


def team_periods(plan: Plan, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the teams and the leaf periods of a capacity row."""
    scope = plan.capacity.scope
    return plan.org.leaf_positions(int(scope.org[row])), plan.periods.leaf_positions(int(scope.period[row]))
