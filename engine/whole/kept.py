"""What rounding keeps of a plan: both families of sums, what was asked, hours, and the cells between two units.

Owns: putting it together, and its program over the whole plan.
"""

from __future__ import annotations

import numpy as np

from engine.decision.hard import Hard
from engine.formulation.problem import Problem
from engine.whole.families import Families, Family, Placed, flow_of
from engine.whole.part import ASKED, HOURS, SNAP, USUAL, Part, snapped
from engine.whole.sums import QUEUES_FIRST, TEAMS_FIRST, asked_sums, hour_rows, hour_sums, inflow_sums, usual_sums
from solver.frozen import frozen
from solver.sparse import csr_matrix


@frozen
class Kept:
    """Everything in units; arrays over all cells but for those of ``loose``.

    count : float64, shape (cells,), the plan; base : each cell's next lower unit
    loose : int64, the cells between two units; lower, upper : float64, 0 or 1, loose cells held to one side
    families : both families of sums
    wanted : csr of 0/1, shape (asked, cells); goal : float64, the whole number nearest to what each asks
    placed : where the sums asked stand in the families
    hours : csr, shape (rows, cells), hours of one more unit; left : float64, shape (rows,), hours above ``base``
    fed : bool, cells of which no more can be done than came in
    period : int64, leaf period of each cell
    """

    count: np.ndarray
    base: np.ndarray
    loose: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    families: tuple[Family, Family]
    wanted: csr_matrix
    goal: np.ndarray
    placed: Placed
    hours: csr_matrix
    left: np.ndarray
    fed: np.ndarray
    period: np.ndarray

    def bounds(self, family: Family) -> tuple[np.ndarray, np.ndarray]:
        """Return between which units above ``base`` each sum of a family stays: as ``Part.low`` and ``Part.high``."""
        value = np.asarray(family.matrix @ self.count)
        return stays_between(value, family.most, np.asarray(family.matrix @ self.base))


def stays_between(value: np.ndarray, most: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers below and above sums, noise taken off, and as they are: float64, shape (2, sums), each.

    Parameters
    ----------
    value : float64, shape (sums,); most : what each may come to; base : what the results are counted from
    """
    both = np.stack([snapped(value), value])
    high = np.minimum(np.ceil(both), most)
    return np.minimum(np.floor(both), high) - base, high - base


def keep(problem: Problem, hard: Hard, point: np.ndarray, unit: np.ndarray, count: np.ndarray) -> Kept:
    """Return what rounding keeps of a plan.

    Parameters
    ----------
    point : float64, shape (cells,), the plan; unit : of each cell, 0 where nothing is rounded; count : it in units
    """
    base = np.floor(count)
    loose = np.flatnonzero((count > base) & (unit > 0))
    families = Families(len(point))
    # what never came cannot be handled, whatever was asked
    arrived, most = inflow_sums(problem, point, unit)
    families.offer(arrived, QUEUES_FIRST, USUAL, most)
    wanted, goal, first = asked_sums(problem, point)
    placed = Placed(np.full(wanted.shape[0], -1), np.full(wanted.shape[0], -1))
    for family in (QUEUES_FIRST, TEAMS_FIRST):
        mine = np.flatnonzero(first == family)
        found = families.offer(wanted[mine], family, ASKED)
        placed.family[mine], placed.row[mine] = found.family, found.row
    for sums in hour_sums(problem, point, unit):
        families.offer(sums, TEAMS_FIRST, HOURS)
    for sums, family in usual_sums(problem):
        families.offer(sums, family, USUAL)
    hours, left = hour_rows(problem, np.where(unit > 0, base * unit, point), unit)
    lower, upper = _own_bounds(hard, unit[loose], base[loose], loose)
    return Kept(
        count, base, loose, lower, upper, families.both, wanted, _whole_goals(wanted, goal, unit, count), placed,
        hours, left, np.asarray(arrived.sum(axis=0)).ravel() > 0, problem.plan.cells.period,
    )  # fmt: skip


def _whole_goals(sums: csr_matrix, goal: np.ndarray, unit: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the whole number nearest to what each sum asks; a sum over several metrics counts units of each."""
    first = sums.indices[sums.indptr[:-1]] if sums.shape[0] else np.zeros(0, np.int64)
    size = unit[first]
    whole = np.floor(goal / np.where(size > 0, size, 1.0) + 0.5)
    return np.asarray(np.where(size > 0, whole, snapped(np.asarray(sums @ count))))


def _own_bounds(hard: Hard, unit: np.ndarray, base: np.ndarray, loose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return bounds of the loose cells: those with a limit of their own between two units stay on its good side."""
    below = base * unit < hard.lower[loose] - SNAP * np.maximum(1.0, hard.lower[loose])
    above = (base + 1) * unit > hard.upper[loose] * (1 + SNAP) + SNAP
    held = below & above
    return np.where(below & ~held, 1.0, 0.0), np.where(above & ~held, 0.0, 1.0)


def whole_part(kept: Kept) -> Part:
    """Return the whole plan as one part."""
    loose, families = kept.loose, kept.families
    narrow = [Family(csr_matrix(each.matrix[:, loose]), each.size) for each in families]
    price, most = (np.concatenate([getattr(each, of) for each in families]) for of in ("price", "most"))
    bounds = [kept.bounds(each) for each in families]
    offset = np.array([0, families[0].matrix.shape[0]])
    placed = kept.placed
    return Part(
        (kept.count - kept.base)[loose],
        kept.lower,
        kept.upper,
        flow_of(narrow),
        np.concatenate([low for low, _ in bounds], axis=1),
        np.concatenate([high for _, high in bounds], axis=1),
        np.stack([price, np.where(np.isfinite(most), np.inf, price)]),
        csr_matrix(kept.wanted[:, loose]),
        kept.goal - kept.wanted @ kept.base,
        np.where(placed.family >= 0, placed.row + offset[np.maximum(placed.family, 0)], -1),
        csr_matrix(kept.hours[:, loose]),
        kept.left,
    )
