"""Rows of capacity as people of each team and leaf period, agreed and actual by one rule.

    the finest row of a queue node counts; a row over several teams is split evenly over them, hours by working days

Owns: that rule, and adding up rows for single queues where a team has no row over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from engine.fair.crew import working_days
from engine.plan import Capacity, Plan
from engine.trees import ROOT
from engine.variance.causes import Crew, Crews

_SHARES = {"paid": "Paid hours", "shrinkage": "Shrinkage", "occupancy": "Occupancy", "ramp": "Ramp"}


def agreed_and_actual(plan: Plan, happened: Capacity) -> tuple[Crews, tuple[Crews, ...]]:
    """Return both sides over all queues, and of each queue node that has rows on both, the finest first."""
    before, after = _by_node(plan, plan.capacity), _by_node(plan, happened)
    whole = Crews(ROOT, _over_all(plan, before), _over_all(plan, after))
    both = sorted(set(before) & set(after) - {ROOT}, key=lambda node: (-int(plan.queues.depth[node]), node))
    return whole, tuple(Crews(node, before[node], after[node]) for node in both)


def _by_node(plan: Plan, capacity: Capacity) -> dict[int, Crew]:
    """Return the crews of each queue node that has rows; rows that somebody's share makes do not count."""
    every = len(plan.queues.leaves)
    rows_of: dict[int, list[int]] = {}
    for row in range(len(capacity)):
        if capacity.note and capacity.note[row]:
            continue
        node = int(capacity.scope.queue[row])
        covers_all = len(plan.queues.leaf_positions(node)) == every
        rows_of.setdefault(ROOT if covers_all else node, []).append(row)
    # groups of queues cut across the tree: what they share with others is not known
    return {node: _crew(plan, capacity, rows) for node, rows in rows_of.items() if node < len(plan.queues)}


def _crew(plan: Plan, capacity: Capacity, rows: list[int]) -> Crew:
    shape = (len(plan.org.leaves), len(plan.periods.leaves))
    found = Crew(*(np.full(shape, np.nan) for _ in fields(Crew)))
    days, scope = working_days(plan), capacity.scope
    boxes = {
        row: (plan.org.leaf_positions(int(scope.org[row])), plan.periods.leaf_positions(int(scope.period[row])))
        for row in rows
    }
    # of rows about the same the first one counts: it comes last
    for row in sorted(rows, key=lambda row: (-len(boxes[row][0]) * len(boxes[row][1]), -row)):
        teams, leaves = boxes[row]
        at = np.ix_(teams, leaves)
        part = days[leaves] / days[leaves].sum()
        found.hours[at] = (capacity.hours[row] / len(teams) * part)[None, :]
        found.fte[at] = capacity.fte[row] / len(teams)
        for name, column in _SHARES.items():
            getattr(found, name)[at] = capacity.columns[column][row]
    return found


def _over_all(plan: Plan, by_node: Mapping[int, Crew]) -> Crew:
    """Return what each team has in all: its row over all queues, else its rows for queues that do not overlap."""
    shape = (len(plan.org.leaves), len(plan.periods.leaves))
    empty = Crew(*(np.full(shape, np.nan) for _ in fields(Crew)))
    whole = by_node.get(ROOT, empty)
    total = {name: np.zeros(shape) for name in ("hours", "fte", *_SHARES)}
    taken = np.zeros((len(plan.queues.leaves), *shape), dtype=bool)
    for node in sorted(set(by_node) - {ROOT}, key=lambda node: (int(plan.queues.depth[node]), node)):
        crew, below = by_node[node], plan.queues.leaf_positions(node)
        free = np.isfinite(crew.hours) & ~taken[below].any(axis=0)
        taken[below] |= free[None]
        total["hours"] += np.where(free, crew.hours, 0.0)
        total["fte"] += np.where(free, crew.fte, 0.0)  # unknown where some of it is given in hours
        for name in _SHARES:
            total[name] += np.where(free, crew.fte * getattr(crew, name), 0.0)
    told = taken.any(axis=0) & np.isnan(whole.hours)
    fte = total["fte"]
    means = {
        name: np.divide(total[name], fte, out=np.full(shape, np.nan), where=np.nan_to_num(fte) > 0) for name in _SHARES
    }
    added = {"hours": total["hours"], "fte": fte, **means}
    return Crew(**{each.name: np.where(told, added[each.name], getattr(whole, each.name)) for each in fields(Crew)})
