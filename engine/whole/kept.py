"""What rounding keeps of a plan: both families of sums, what was asked, hours, and the cells between two units.

Owns: putting it together, and its program over the whole plan.
"""

from __future__ import annotations

import numpy as np

from engine.decision.hard import Hard
from engine.formulation.problem import Problem
from engine.whole.families import Placed
from engine.whole.nest import NOWHERE, Nest
from engine.whole.part import SNAP, Part, snapped
from engine.whole.places import Given, find_places
from engine.whole.sums import AskedSums, asked_sums, hour_rows, inflow_sums
from solver.frozen import frozen
from solver.memory import FORGETFUL, Memory
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
    families: tuple[Nest, Nest]
    wanted: csr_matrix
    goal: np.ndarray
    placed: Placed
    hours: csr_matrix
    left: np.ndarray
    fed: np.ndarray
    period: np.ndarray

    def bounds(self, family: Nest) -> tuple[np.ndarray, np.ndarray]:
        """Return between which units above ``base`` each sum of a family stays: as ``Part.low`` and ``Part.high``."""
        return stays_between(family.totals(self.count), family.most, family.totals(self.base))


def stays_between(value: np.ndarray, most: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the whole numbers below and above sums, noise taken off, and as they are: float64, shape (2, sums), each.

    Parameters
    ----------
    value : float64, shape (sums,); most : what each may come to; base : what the results are counted from
    """
    both = np.stack([snapped(value), value])
    high = np.minimum(np.ceil(both), most)
    return np.minimum(np.floor(both), high) - base, high - base


def keep(
    problem: Problem,
    hard: Hard,
    point: np.ndarray,
    unit: np.ndarray,
    count: np.ndarray,
    memory: Memory = FORGETFUL,
    known: tuple[AskedSums, str] | None = None,
) -> Kept:
    """Return what rounding keeps of a plan.

    Parameters
    ----------
    point : float64, shape (cells,), the plan; unit : of each cell, 0 where nothing is rounded; count : it in units
    memory : what earlier runs found out
    known : what was asked, and the plan's structure (as ``Given`` has it), where that is known already
    """
    base = np.floor(count)
    loose = np.flatnonzero((count > base) & (unit > 0))
    arrived, most = inflow_sums(problem, point, unit)
    asked, structure = known or (asked_sums(problem, point), "")
    places = find_places(problem, point, unit, Given(arrived, most, asked, structure), memory)
    hours, left = hour_rows(problem, np.where(unit > 0, base * unit, point), unit)
    lower, upper = _own_bounds(hard, unit[loose], base[loose], loose)
    return Kept(
        count, base, loose, lower, upper, places.families, asked.matrix, _whole_goals(asked, unit, count),
        places.placed, hours, left, np.asarray(arrived.sum(axis=0)).ravel() > 0, problem.plan.cells.period,
    )  # fmt: skip


def _whole_goals(asked: AskedSums, unit: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the whole number nearest to what each sum asks; a sum over several metrics counts units of each."""
    sums, goal = asked.matrix, asked.goal
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
    price, most = (np.concatenate([getattr(each, of) for each in families]) for of in ("price", "most"))
    bounds = [kept.bounds(each) for each in families]
    placed = kept.placed
    return Part(
        (kept.count - kept.base)[loose],
        kept.lower,
        kept.upper,
        *side_by_side([each.inside[loose] for each in families], [each.around for each in families]),
        np.concatenate([low for low, _ in bounds], axis=1),
        np.concatenate([high for _, high in bounds], axis=1),
        np.stack([price, np.where(np.isfinite(most), np.inf, price)]),
        csr_matrix(kept.wanted[:, loose]),
        kept.goal - kept.wanted @ kept.base,
        np.where(placed.family >= 0, placed.row + np.array([0, len(families[0])])[np.maximum(placed.family, 0)], -1),
        csr_matrix(kept.hours[:, loose]),
        kept.left,
    )


def side_by_side(inside: list[np.ndarray], around: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return two families as one numbering of sums, the second behind the first: as in ``Part``."""
    first = len(around[0])
    inner, outer = (np.where(each >= 0, each + first, NOWHERE) for each in (inside[1], around[1]))
    return np.stack([inside[0], inner]), np.append(around[0], outer)
