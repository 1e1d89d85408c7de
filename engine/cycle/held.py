"""Numbers that stay where they were agreed: all of them nearly, some of them exactly.

Owns: what fair shares start from then, and the holds of what may not move. A backlog has none of its own for that: it
moves with what is handled, and where nobody who works on it may move, it stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulation.cover import cover
from engine.issues import Place
from engine.plan import EVERY_METRIC, Limits, Plan, Rate, Scopes
from engine.trees import ROOT

STAYS = Place("Agreed")
"""Stands for the row of a limit that keeps a number where it was agreed."""

HAPPENED_IN = Place("Actuals")
"""Stands for the row of a limit that keeps what happened."""

NOBODY_S = {STAYS: "stays as agreed", HAPPENED_IN: "has happened"}
"""Limits that nobody typed, and why they are there, in words."""


def start_near(plan: Plan, agreed: np.ndarray) -> np.ndarray:
    """Return what fair shares start from to stay near what was agreed: float64, shape (cells,), nan = history.

    Notes
    -----
    A team that may take on a queue without having done so may go on to: a 0 that was agreed is no 0 that was asked for.
    """
    is_unused = (agreed == 0) & ~np.isfinite(plan.cells.baseline)
    return np.where(is_unused, np.nan, agreed)


def cells_below(plan: Plan, nodes: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return the cells below any of some nodes: bool, shape (cells,). nodes : org and queue of each."""
    rows = [(EVERY_METRIC, org, queue, ROOT) for org, queue in nodes]
    inside = cover(plan, Scopes(*np.array(rows, dtype=np.int64).reshape(-1, 4).T))
    return np.asarray(inside.sum(axis=0)).ravel() > 0


def with_fixed(
    limits: Limits, plan: Plan, fixed: np.ndarray, place: Place, metric_of_rate: int | None = None
) -> Limits:
    """Return limits with one hold more per fixed cell.

    Parameters
    ----------
    fixed : float64, shape (cells,), nan = free
    metric_of_rate : the rate over the cells that is held; None = the cells themselves
    """
    at = np.flatnonzero(np.isfinite(fixed))
    cells = plan.cells
    where = Scopes(
        cells.metric[at] if metric_of_rate is None else np.full(len(at), metric_of_rate),
        plan.org.leaves[cells.org[at]],
        plan.queues.leaves[cells.queue[at]],
        plan.periods.leaves[cells.period[at]],
    )
    return with_holds(limits, plan, where, fixed[at], place)


def with_fixed_backlogs(limits: Limits, plan: Plan, stock: int, fixed: np.ndarray, place: Place) -> Limits:
    """Return limits with one hold more per backlog that stays. fixed : float64, shape (leaf queues, leaf periods)."""
    queue, period = np.nonzero(np.isfinite(fixed))
    root, metric = np.full(len(queue), ROOT), np.full(len(queue), stock)
    where = Scopes(metric, root, plan.queues.leaves[queue], plan.periods.leaves[period])
    return with_holds(limits, plan, where, fixed[queue, period], place)


def with_holds(limits: Limits, plan: Plan, where: Scopes, value: np.ndarray, place: Place) -> Limits:
    """Return limits with more holds. value : float64, shape (rows,)."""
    both = limits.scope
    endless = np.full(len(value), len(plan.periods.leaves))
    until = None if both.until is None else np.concatenate([both.until, endless])
    columns = ("metric", "org", "queue", "period")
    metric, org, queue, period = (np.concatenate([getattr(both, each), getattr(where, each)]) for each in columns)
    blank = ("",) * len(value)
    return Limits(
        Scopes(metric, org, queue, period, until),
        np.concatenate([limits.lower, value]),
        np.concatenate([limits.upper, value]),
        np.concatenate([limits.is_hold, np.ones(len(value), dtype=bool)]),
        (*limits.owner, *blank),
        (*limits.reason, *blank),
        (*limits.place, *(place for _ in blank)),
    )


def of_rate(plan: Plan, rate: Rate, values: np.ndarray | None, stays: np.ndarray) -> np.ndarray:
    """Return values of a rate where it stays, as cells: float64, shape (cells,), nan elsewhere.

    Parameters
    ----------
    values : float64, over the cells of the rate, nan where nothing is known; None = nowhere
    stays : bool, shape (cells,)
    """
    found = np.full(len(plan.cells), np.nan)
    if values is not None:
        found[rate.cells] = np.where(stays[rate.cells], values, np.nan)
    return found


def without_stays(limits: Limits) -> Limits:
    """Return limits without those that keep numbers where they were agreed."""
    return limits.take(np.array([row for row, place in enumerate(limits.place) if place != STAYS], dtype=np.int64))
