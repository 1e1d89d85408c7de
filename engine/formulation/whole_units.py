"""Whole units: the unit of each cell, and the hours that held whole numbers may need beyond what is there.

Owns: what a unit is, and that whole numbers of one run can be held in the next.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from solver.matrices import scale_columns

if TYPE_CHECKING:
    from engine.formulation.problem import CapacityRows, LimitRows


def units_of(plan: Plan) -> np.ndarray:
    """Return the unit of each cell: 1 for whole items, 0.01 for two decimals, 0 where nothing is rounded."""
    decimals = plan.metrics.decimals
    if not decimals:
        return np.zeros(len(plan.cells))
    of_metric = np.array([0.0 if each is None else 10.0**-each for each in decimals])
    return np.asarray(of_metric[plan.cells.metric])


def with_room_for_held(plan: Plan, capacity: CapacityRows, limits: LimitRows, n_hours: int) -> CapacityRows:
    """Return capacity with as much of rounding's room as the cells' own minimums need.

    A plan in whole units may use up to one item's handle time more than a row's hours. Who holds its numbers asks for
    those hours again; without the room, holds would give way.

    Parameters
    ----------
    n_hours : how many rows, the first, are hours
    """
    single = limits.covers_one_cell & (limits.lower > 0)
    if not single.any():
        return capacity
    unit, least = units_of(plan), np.zeros(len(plan.cells))
    np.maximum.at(least, limits.matrix[single].indices, limits.lower[single])
    matrix, there = capacity.matrix[:n_hours], capacity.there[:n_hours]
    room = np.asarray(scale_columns(matrix, unit).max(axis=1).todense()).ravel() if n_hours else np.zeros(0)
    needed = matrix @ least
    raised = np.where((needed > there) & (needed <= there + room), needed, there)
    return replace(capacity, there=np.concatenate([raised, capacity.there[n_hours:]]))
