"""Numbers that stay where they were agreed: all of them nearly, some of them exactly.

Owns: what fair shares start from then, holds for cells that may not move, and holds for moves that are too small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.cycle.as_good import as_good
from engine.formulation.cover import cover
from engine.issues import Place
from engine.outcome import Outcome
from engine.plan import EVERY_METRIC, Limits, Plan, Scopes
from engine.trees import ROOT

STAYS = Place("Agreed")
"""Stands for the row of a limit that keeps a number where it was agreed."""


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
    cells, both = plan.cells, limits.scope
    more = (
        cells.metric[at] if metric_of_rate is None else np.full(len(at), metric_of_rate),
        plan.org.leaves[cells.org[at]],
        plan.queues.leaves[cells.queue[at]],
        plan.periods.leaves[cells.period[at]],
    )
    old = (both.metric, both.org, both.queue, both.period)
    endless = np.full(len(at), len(plan.periods.leaves))
    until = None if both.until is None else np.concatenate([both.until, endless])
    metric, org, queue, period = (np.concatenate(pair) for pair in zip(old, more, strict=True))
    scope = Scopes(metric, org, queue, period, until)
    blank = ("",) * len(at)
    return Limits(
        scope,
        np.concatenate([limits.lower, fixed[at]]),
        np.concatenate([limits.upper, fixed[at]]),
        np.concatenate([limits.is_hold, np.ones(len(at), dtype=bool)]),
        (*limits.owner, *blank),
        (*limits.reason, *blank),
        (*limits.place, *(place for _ in blank)),
    )


def without_stays(limits: Limits) -> Limits:
    """Return limits without those that keep numbers where they were agreed."""
    return limits.take(np.array([row for row, place in enumerate(limits.place) if place != STAYS], dtype=np.int64))


def without_small_moves(
    first: Outcome, was: np.ndarray, smallest: float, solve: Callable[[Plan], Outcome]
) -> tuple[Outcome, np.ndarray]:
    """Return the outcome in which small moves are not made, and which cells stay for that: int64.

    Parameters
    ----------
    first : the outcome with all moves
    was : float64, shape (cells,), nan = was nowhere, or stands fixed
    smallest : items below which a move is small

    Notes
    -----
    The smallest moves are undone first, as many as leave no target missed by more than before.
    """
    plan, moved = first.plan, np.abs(np.nan_to_num(first.value - was))
    small = np.flatnonzero((moved > 0) & (moved < smallest))
    small = small[np.argsort(moved[small], kind="stable")]
    while len(small):
        held = np.full(len(was), np.nan)
        held[small] = was[small]
        again = solve(replace(plan, limits=with_fixed(plan.limits, plan, held, STAYS)))
        if as_good(again, first):
            return again, small
        small = small[: len(small) // 2]  # the targets need some of them: let the larger ones go
    return first, small
