"""The fair share of every cell, its scale of movement, and the pricing hours that go with it.

Owns: joining start, scaling, overflow and prices.
"""

from __future__ import annotations

import numpy as np

from engine.fair.scaling import Asked, scale_to_targets
from engine.fair.seed import Seed, sow
from engine.plan import Plan
from solver.frozen import frozen

OVERFLOW_SHARE = 1 / 20
"""How far an overflow cell may move, as a part of its hours share of the queue."""


@frozen
class FairShare:
    """What fairness means for a plan; arrays of shape (cells,).

    value : items; scale : items by which a cell moves at a price of 1, 0 = it does not move
    hours : pricing hours per item (capacity hours, or a stand-in for metrics without)
    hours_share : the part of its queue and period that a cell's hours stand for, 0…1
    no_history : bool
    residual : items by which each target row (canonical order) contradicts the others
    """

    value: np.ndarray
    scale: np.ndarray
    hours: np.ndarray
    hours_share: np.ndarray
    no_history: np.ndarray
    residual: np.ndarray


def find_fair_share(plan: Plan, asked: Asked, seed: Seed | None = None) -> FairShare:
    """Return the fair share: history scaled to the targets of all levels, ignoring capacity.

    Parameters
    ----------
    seed : where that is known already; it does not hang on what is asked
    """
    seed = sow(plan) if seed is None else seed
    fallback = np.where(seed.hours_share > 0, seed.hours_share, 0.0)
    scaled = scale_to_targets(seed.value, fallback, pricing_hours(plan, seed.value), asked)
    hours = pricing_hours(plan, scaled.value)
    empty, scale = seed.is_overflow & (scaled.value <= 0), scaled.value
    if empty.any():
        scale = np.where(empty, _overflow_scale(plan, seed, scaled.value), scaled.value)
    return FairShare(scaled.value, scale, hours, seed.hours_share, seed.no_history, scaled.residual)


def pricing_hours(plan: Plan, value: np.ndarray) -> np.ndarray:
    """Return the hours by which an item weighs in misses and fairness, all above 0.

    A cell that takes capacity weighs its hours. Items without hours weigh so that their metric as a whole
    weighs as much as the plan's hours; 1 where there is nothing to compare with.
    """
    cells = plan.cells
    hours = cells.hours.copy()
    total = float(hours @ value)
    for metric in range(len(plan.metrics)):
        without = (cells.metric == metric) & (cells.hours <= 0)
        items = float(value[without].sum())
        hours[without] = total / items if total > 0 and items > 0 else 1.0
    return hours


def _overflow_scale(plan: Plan, seed: Seed, value: np.ndarray) -> np.ndarray:
    cells = plan.cells
    key = (cells.metric * len(plan.queues.leaves) + cells.queue) * len(plan.periods.leaves) + cells.period
    _, which = np.unique(key, return_inverse=True)
    return np.asarray(OVERFLOW_SHARE * seed.hours_share * np.bincount(which, value)[which])
