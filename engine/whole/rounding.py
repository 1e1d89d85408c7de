"""A plan in whole units: each cell goes to the next unit below or above, and the sums of two families stay put.

Owns: which way is taken: period by period, all at once where sums cross, or to the nearer unit.
"""

from __future__ import annotations

import numpy as np

from engine.decision.hard import Hard
from engine.fair.scaling import fit_rows
from engine.formulation.problem import Problem
from engine.formulation.whole_units import units_of
from engine.whole.by_period import round_by_period
from engine.whole.choose import round_part
from engine.whole.kept import Kept, keep, whole_part
from engine.whole.part import SNAP, snapped
from engine.whole.question import question_of, structure_of
from engine.whole.sums import AskedSums, asked_sums
from engine.workers import ALONE, Workers
from solver.frozen import frozen
from solver.memory import FORGETFUL, Arrays, Memory, recalled
from solver.units import MOST_SEARCHED


@frozen
class Rounded:
    """point : float64, shape (cells,), whole multiples of each cell's unit; is_exact : all that was asked ties."""

    point: np.ndarray
    is_exact: bool


def units(problem: Problem) -> np.ndarray:
    """Return the unit of each cell: 1 for whole items, 0.01 for two decimals, 0 where nothing is rounded."""
    return units_of(problem.plan)


def round_plan(
    problem: Problem, hard: Hard, point: np.ndarray, workers: Workers = ALONE, memory: Memory = FORGETFUL
) -> Rounded:
    """Return a plan in whole units.

    Parameters
    ----------
    workers : who rounds the periods
    memory : plans and periods that earlier runs rounded

    Notes
    -----
    Every sum of the two families is kept between its floor and its ceiling; those that were asked go to the nearest
    whole number. Sums that cross both families join an integer program, bounded in its search; where that finds
    nothing they stay as close as they happen to be.
    """
    unit = units(problem)
    if not (unit > 0).any():
        return Rounded(point, True)

    structure = structure_of(problem) if memory.is_kept else ""

    def work_out() -> Arrays:
        found = _round(problem, hard, (point, unit, structure), (workers, memory))
        return {"point": found.point, "is_exact": np.array([found.is_exact])}

    kept = recalled(memory, lambda: question_of(problem, hard, point, unit, structure), work_out)
    return Rounded(kept["point"], bool(kept["is_exact"][0]))


def _round(
    problem: Problem, hard: Hard, given: tuple[np.ndarray, np.ndarray, str], outside: tuple[Workers, Memory]
) -> Rounded:
    """Return a plan in whole units.

    Parameters
    ----------
    given : the plan; the unit of each cell, 0 where nothing is rounded; the plan's structure
    outside : what is handed in
    """
    point, unit, structure = given
    safe, asked = np.where(unit > 0, unit, 1.0), asked_sums(problem, point)
    count = snapped(np.where(unit > 0, _met_exactly(asked, hard, point) / safe, 0.0))
    whole = np.floor(count)
    if not ((count > whole) & (unit > 0)).any():
        return Rounded(np.where(unit > 0, whole * unit, point), True)
    kept = keep(problem, hard, point, unit, count, outside[1], (asked, structure))
    up = _settle(kept, *outside)
    whole[kept.loose] += up
    return Rounded(np.where(unit > 0, whole * unit, point), bool(_ties(kept, up).all()))


_MOST_AT_ONCE = 200_000
"""Cells between two units above which the whole plan is not rounded at once: that grows faster than its cells."""


_FEW = 2_000
"""Cells between two units up to which one program takes less than one for every period, and comes closer."""


def _settle(kept: Kept, workers: Workers, memory: Memory) -> np.ndarray:
    """Return which loose cells go up: period by period where there are many and that keeps all, else all at once."""
    n_loose, found = len(kept.loose), None
    if n_loose > MOST_SEARCHED or (n_loose > _FEW and (kept.placed.family >= 0).all()):
        found = round_by_period(kept, workers if n_loose > MOST_SEARCHED else ALONE, memory)
        if found is not None and (n_loose > _MOST_AT_ONCE or (found.keeps_all and not _over(kept, found.up))):
            return found.up
    whole = round_part(whole_part(kept))
    best = found if whole is None else whole
    if best is not None:
        return best.up
    nearest = kept.count - kept.base >= 0.5
    return np.asarray((nearest & ~kept.fed)[kept.loose], dtype=np.float64)


def _ties(kept: Kept, up: np.ndarray) -> np.ndarray:
    """Return which sums come to what they ask: bool, shape (asked,)."""
    whole = kept.base.copy()
    whole[kept.loose] += up
    return np.asarray(np.abs(kept.wanted @ whole - kept.goal) < 0.5)


def _over(kept: Kept, up: np.ndarray) -> bool:
    """Whether any hours are over by more than an item."""
    return bool((kept.hours[:, kept.loose] @ up > kept.left + SNAP).any())


def _met_exactly(asked: AskedSums, hard: Hard, point: np.ndarray) -> np.ndarray:
    """Return the plan with asked sums at what they ask: programs reach large ones to a ten-millionth, that is items."""
    wanted, goal = asked.matrix, asked.goal
    moves = (hard.upper > hard.lower) & (point > 0)
    off = goal - wanted @ point
    if not (np.abs(off) > SNAP).any() or not moves.any():
        return point
    moved = fit_rows(np.where(moves, point, 0.0), wanted, goal - wanted @ np.where(moves, 0.0, point))
    return np.where(moves, moved, point)
