"""Columns of Capacity at any org node and period, for formulas.

    people and hours add up over teams; people are averaged over time, hours added;
    what one FTE has (Paid hours, Working days) is averaged over teams by people, and added up over time;
    shares (Shrinkage, Occupancy, Ramp) and Hours per day are averaged by people.

Owns: these rules, and which row of Capacity says what a team has.
"""

from __future__ import annotations

import numpy as np

from engine.fair.crew import given_hours, lay_over, people
from engine.plan import Plan
from solver.sparse import csr_matrix

COLUMNS = (
    "Hours", "FTE", "Paid hours", "Hours per day", "Working days", "Shrinkage", "Occupancy", "Ramp", "Overtime hours",
)  # fmt: skip
"""Columns of Capacity that a formula may name."""

_ADDED_UP = frozenset({"Paid hours", "Working days"})


def crew_column(plan: Plan, column: str, holds: csr_matrix) -> np.ndarray:
    """Return a column of Capacity at each node and period: float64, shape (nodes, periods), nan where nobody says.

    Parameters
    ----------
    holds : 0/1, shape (nodes, leaf orgs), which teams lie below each node
    """
    teams = _of_teams(plan, column)
    weight = people(plan)
    found = np.full((holds.shape[0], len(plan.periods)), np.nan)
    for node in range(len(plan.periods)):
        times = plan.periods.leaf_positions(node)
        found[:, node] = at_period(column, teams[:, times], weight[:, times], holds)
    return found


def at_period(column: str, values: np.ndarray, weight: np.ndarray, holds: csr_matrix) -> np.ndarray:
    """Return a column at each node over some leaf periods. values, weight : float64, shape (teams, leaf periods)."""
    if column in ("Hours", "Overtime hours"):
        return _sums(values.sum(axis=1), holds)
    if column == "FTE":
        return _sums(values.mean(axis=1), holds)
    if column in _ADDED_UP:
        by_time = [_means(values[:, [at]], weight[:, [at]], holds) for at in range(values.shape[1])]
        return np.asarray(np.sum(by_time, axis=0))
    return _means(values, weight, holds)


def _sums(values: np.ndarray, holds: csr_matrix) -> np.ndarray:
    known = np.isfinite(values)
    total = holds @ np.where(known, values, 0.0)
    return np.where(holds @ known.astype(np.float64) > 0, total, np.nan)


def _means(values: np.ndarray, weight: np.ndarray, holds: csr_matrix) -> np.ndarray:
    counted = np.where(np.isfinite(values), weight, 0.0)
    total, by = holds @ (counted * np.nan_to_num(values)).sum(axis=1), holds @ counted.sum(axis=1)
    return np.where(by > 0, np.divide(total, by, out=np.zeros(len(by)), where=by > 0), np.nan)


def _of_teams(plan: Plan, column: str) -> np.ndarray:
    """Return what each team has in each period, from the finest row that says: shape (leaf orgs, leaf periods)."""
    if column == "Hours":
        return given_hours(plan)
    found = np.full((len(plan.org.leaves), len(plan.periods.leaves)), np.nan)
    values = plan.capacity.columns.get(column)
    if values is None:
        return found
    is_split = column in ("FTE", "Overtime hours")
    lay_over(plan, found, values, lambda row, teams, periods: values[row] / (len(teams) if is_split else 1))
    return found
