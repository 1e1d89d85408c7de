"""A large part rounded by way of a small one: most cells lie clearly on one side, and that they do is proven after.

At prices of the sums that they stand in, most cells are far from where it is all the same whether they go up or down.
Those are held to their side, and the flow is found over the others. Its prices then say of every cell that was held
whether its side was right; those where it was not are searched, too, until none is left. What is found so is what the
flow over all cells comes to: of two plans no other is as near.

Sums that the searched cells could not break take no part.

Owns: prices to begin with, and which cells are searched.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.whole.flow import part_program
from engine.whole.nest import NOWHERE, Nest
from engine.whole.part import HOURS, Part
from solver.matrices import no_entries
from solver.units import round_flow

LEAST = 2_000
"""Cells from which a part is sifted."""

_WITHIN = (0.17, 0.4)
"""Prices around none within which cells are searched; the second where no whole numbers keep all sums by the first."""

_IN_HOURS = 3.0  # times as far for cells in sums of hours, whose prices are not among those to begin with
_AGAIN = 3
_NONE = 1e-12  # price below which it is all the same where a cell goes

_SPREAD = 0.15  # price within which a cell goes up in part, while prices are looked for
_STEP, _ROUNDS = 0.6, 2


def sift(part: Part, cost: np.ndarray) -> np.ndarray | None:
    """Return which cells go up so that sums are kept and no plan is nearer; None where that is left to a whole search.

    Parameters
    ----------
    cost : float64, shape (cells,), of going up

    Returns
    -------
    float64, shape (cells,), 0 or 1
    """
    nest = _as_nest(part)
    in_hours = np.append(part.price[0] == HOURS, False)[part.inside].any(axis=0)
    about = _reduced(part, cost, nest)
    up = np.where(about < 0, part.upper, part.lower)
    movable, n_cells = part.lower < part.upper, len(cost)
    for within in _WITHIN:
        searched = movable & (np.abs(about) <= np.where(in_hours, _IN_HOURS, 1.0) * within)
        first = np.arange(n_cells + len(nest)) >= n_cells
        for _ in range(_AGAIN):
            rest, small = np.where(searched, 0.0, up), np.flatnonzero(searched)
            only, sums = _only(part, small, nest.totals(np.tile(rest, 2)))
            column = np.append(small, n_cells + sums)
            basic = np.flatnonzero(first[column])
            if len(basic) != len(sums):  # two columns had no price where one should
                basic = len(small) + np.arange(len(sums))
            found = round_flow(part_program(only, cost[small]), basic)
            if found is None:
                break
            is_kept = np.zeros(len(nest), dtype=bool)
            is_kept[sums] = True
            price = np.append(found.price, 0.0)[np.append(np.cumsum(is_kept) - 1, NOWHERE)[nest.nearest(is_kept)]]
            proven = cost - np.append(price, 0.0)[part.inside].sum(axis=0)
            is_wrong = movable & ~searched & (np.where(up > 0, proven, -proven) > _NONE)
            if not is_wrong.any():
                rest[small] = found.value[: len(small)]
                return rest
            searched |= is_wrong
            first[column] = False
            first[column[found.basic]] = True
    return None


def _as_nest(part: Part) -> Nest:
    """Return both families as one forest, in which every cell stands twice."""
    nothing = np.zeros(len(part.around))
    return Nest(part.inside.ravel(), part.around, nothing, nothing)


def _reduced(part: Part, cost: np.ndarray, nest: Nest) -> np.ndarray:
    """Return about what it costs that a cell goes up, less the prices of sums around it: float64, shape (cells,).

    Notes
    -----
    Prices are those at which about as many cells go up in each sum as should, one family after the other, of the
    smallest sums alone but for hours: larger ones hardly have any.
    """
    counted = part.price[0] != HOURS
    near = nest.nearest(counted)
    holds = np.zeros(len(nest), dtype=bool)
    outer = np.append(near, NOWHERE)[part.around[counted]]
    holds[outer[outer >= 0]] = True
    inside = np.append(np.where(np.append(holds, True)[near], NOWHERE, near), NOWHERE)[part.inside]
    price, reduced = np.zeros(len(nest) + 1), cost.copy()
    low, high = part.low[0], part.high[0]
    for at in (*inside[::-1],) * _ROUNDS:
        risen = np.clip(0.5 - reduced / (2 * _SPREAD), 0.0, 1.0)
        moves = np.maximum(_by_sum(at, np.abs(reduced) < _SPREAD, len(nest)), 1.0) / (2 * _SPREAD)
        unpriced = _by_sum(at, risen, len(nest)) - price[:-1] * moves
        step = _STEP * ((np.clip(unpriced, low, high) - unpriced) / moves - price[:-1])
        mine = np.bincount(at + 1, minlength=len(nest) + 1)[1:] > 0
        step = np.append(np.where(mine, step, 0.0), 0.0)
        price += step
        reduced -= step[at]
    return reduced


def _by_sum(at: np.ndarray, value: np.ndarray, count: int) -> np.ndarray:
    """Return what cells right inside each sum come to. at : int64, shape (cells,), −1 = in none."""
    return np.asarray(np.bincount(at + 1, value, count + 1)[1:])


def _only(part: Part, cells: np.ndarray, taken: np.ndarray) -> tuple[Part, np.ndarray]:
    """Return the part of some cells, with sums that they could break, and which sums these are.

    Parameters
    ----------
    taken : float64, shape (sums,), what the others come to
    """
    low, high, inside = part.low - taken, part.high - taken, part.inside[:, cells]
    whole = Nest(inside.ravel(), part.around, high[0], part.price[0])
    needed = whole.may_break(low[0], high[0])
    needed[part.sum_of] = True
    nest = whole.only(needed)
    nothing = no_entries(0, len(cells))
    only = replace(
        part,
        share=part.share[cells],
        lower=part.lower[cells],
        upper=part.upper[cells],
        inside=nest.inside.reshape(inside.shape),
        around=nest.around,
        low=low[:, needed],
        high=high[:, needed],
        price=part.price[:, needed],
        asked=nothing,
        goal=part.goal - taken[part.sum_of],
        sum_of=(np.cumsum(needed) - 1)[part.sum_of],
        hours=nothing,
    )
    return only, np.flatnonzero(needed)
