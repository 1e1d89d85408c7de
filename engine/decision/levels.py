"""What has been achieved and must be kept: each target's items, fair-mix hours and excess, each queue's band.

Owns: turning achieved levels into rows for the steps that come after.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.hard import Hard
from engine.decision.segments import FROZEN
from engine.formulation.problem import Problem
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_rows
from solver.sparse import csr_matrix

ROOM = 1e-9
"""Part of a row's size by which frozen levels are loosened, so that the point that reached them lies inside."""


NOISE = 1e-10
"""Part of a row's size within which a plan keeps it: what lies closer is the solver's noise."""


@frozen
class Levels:
    """Frozen levels of every target, in items; −inf / inf where a side is open; float64, shape (targets,).

    items_lower, items_upper : of Σ x; mix_lower : of Σ (h/h̄) x
    band_lower, band_upper : of queue totals, shape (totals,)
    """

    items_lower: np.ndarray
    items_upper: np.ndarray
    mix_lower: np.ndarray
    band_lower: np.ndarray
    band_upper: np.ndarray


@frozen
class KeptRows:
    """Rows over cells that keep hard rows and levels, each scaled to a size of 1.

    family : int64, shape (rows,): 0 capacity, 1 limit, 2 target items, 3 target fair-mix, 4 target excess, 5 band
    index : int64, position within CapacityRows, LimitRows, TargetRows or QueueTotals
    """

    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    family: np.ndarray
    index: np.ndarray


CAPACITY, LIMIT, ITEMS, MIX, EXCESS, BAND = range(6)


def levels_of(problem: Problem, short: np.ndarray, over: np.ndarray) -> Levels:
    """Return the levels that misses (parts of size) stand for."""
    targets = problem.targets
    floor = np.where(targets.has_shortfall, targets.asked - short * targets.size, -np.inf)
    ceiling = np.where(targets.has_excess, targets.asked + over * targets.size, np.inf)
    n_totals = problem.queues.matrix.shape[0]
    return Levels(floor, ceiling, floor, np.full(n_totals, -np.inf), np.full(n_totals, np.inf))


def with_room(levels: Levels, size: np.ndarray) -> Levels:
    """Return levels with the room that programs leave each other. size : float64, shape (targets,)."""
    room = FROZEN * size
    return replace(
        levels,
        items_lower=levels.items_lower - room,
        items_upper=levels.items_upper + room,
        mix_lower=levels.mix_lower - room,
    )


def within_reach(problem: Problem, levels: Levels, point: np.ndarray) -> Levels:
    """Return levels that are never above what a point achieves. point : float64, shape (cells,)."""
    items, mix = problem.targets.items @ point, problem.targets.fair_mix @ point
    return replace(
        levels,
        items_lower=np.minimum(levels.items_lower, items),
        items_upper=np.maximum(levels.items_upper, items),
        mix_lower=np.minimum(levels.mix_lower, mix),
    )


def levels_at(problem: Problem, short: np.ndarray, over: np.ndarray, point: np.ndarray) -> Levels:
    """Return the levels that misses (parts of size) stand for, never above what a point achieves.

    point : float64, shape (cells,), a plan within those misses
    """
    return within_reach(problem, levels_of(problem, short, over), point)


def all_met(problem: Problem) -> Levels:
    """Return the levels of a plan that meets every target in both counts."""
    targets = problem.targets
    floor = np.where(targets.has_shortfall, targets.asked, -np.inf)
    ceiling = np.where(targets.has_excess, targets.asked, np.inf)
    n_totals = problem.queues.matrix.shape[0]
    return Levels(floor, ceiling, floor, np.full(n_totals, -np.inf), np.full(n_totals, np.inf))


def no_targets(problem: Problem) -> Levels:
    """Return levels that ask for nothing: only the hard rows remain."""
    n_targets, n_totals = len(problem.targets), problem.queues.matrix.shape[0]
    return Levels(
        np.full(n_targets, -np.inf),
        np.full(n_targets, np.inf),
        np.full(n_targets, -np.inf),
        np.full(n_totals, -np.inf),
        np.full(n_totals, np.inf),
    )


def kept_rows(
    problem: Problem, hard: Hard, levels: Levels, inside: np.ndarray | None = None, start: np.ndarray | None = None
) -> KeptRows:
    """Return hard rows and levels as one family of rows, without the rows that are open on both sides.

    Parameters
    ----------
    inside : float64, shape (cells,), a solver's plan that keeps the rows to its tolerance; rows are loosened by what
        is missing to that, so that there is a plan that keeps them all
    start : float64, shape (cells,), the plan that programs started from; they loosened hard rows and bands so that it
        keeps them
    """
    targets, queues = problem.targets, problem.queues
    size = targets.size
    queue_size = np.maximum(queues.matrix @ problem.fair.value, 1.0)
    hard_family = np.where(np.arange(hard.matrix.shape[0]) < hard.n_capacity, CAPACITY, LIMIT)
    parts = [
        _Part(
            hard.matrix, hard.row_lower, hard.row_upper, hard_family,
            np.concatenate([np.arange(hard.n_capacity), hard.limit_of_row]),
        ),
        _scaled_part(targets.items, levels.items_lower, levels.items_upper, size, ITEMS),
        _scaled_part(targets.fair_mix, levels.mix_lower, np.full(len(size), np.inf), size, MIX),
        _scaled_part(queues.matrix, levels.band_lower, levels.band_upper, queue_size, BAND),
    ]  # fmt: skip
    matrix = stack_rows([part.matrix for part in parts])
    lower = np.concatenate([part.lower for part in parts])
    upper = np.concatenate([part.upper for part in parts])
    if start is not None:
        activity = matrix @ np.clip(start, hard.lower, hard.upper)
        rigid = ~np.isin(np.concatenate([part.family for part in parts]), (ITEMS, MIX))
        lower = np.where(rigid & (activity < lower - NOISE), activity, lower)
        upper = np.where(rigid & (activity > upper + NOISE), activity, upper)
    if inside is not None:
        activity = matrix @ np.clip(inside, hard.lower, hard.upper)
        lower, upper = np.minimum(lower, activity), np.maximum(upper, activity)
    is_equal = lower == upper
    # one-sided rows get room; equalities stay, for they are what adds up
    lower = np.where(is_equal, lower, lower - ROOM)
    upper = np.where(is_equal, upper, upper + ROOM)
    return KeptRows(
        matrix, lower, upper,
        np.concatenate([part.family for part in parts]), np.concatenate([part.index for part in parts]),
    )  # fmt: skip


@frozen
class _Part:
    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    family: np.ndarray
    index: np.ndarray


def _scaled_part(matrix: csr_matrix, lower: np.ndarray, upper: np.ndarray, size: np.ndarray, family: int) -> _Part:
    rows = np.flatnonzero(np.isfinite(lower) | np.isfinite(upper))
    scaled = scale_rows(matrix[rows], 1 / size[rows])
    return _Part(scaled, lower[rows] / size[rows], upper[rows] / size[rows], np.full(len(rows), family), rows)
