"""Cells that are rounded together: which of them go up, so that the sums over them stay where they should be.

Owns: the program, what gives way in which order where no whole numbers keep it all, and what is asked of hours.
A part is arrays and nothing else: the same arrays are rounded in the same way, wherever and whenever that is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.whole.nest import NOWHERE
from solver.frozen import frozen
from solver.matrices import no_entries, stack_blocks, stack_rows
from solver.matrices import unit as unit_matrix
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix
from solver.units import MOST_SEARCHED, round_to_units

SNAP, SNAP_PART = 1e-6, 1e-9
"""Units, and part of a number, within which it counts as whole: what lies closer is the solver's noise."""

_AGAIN = 3
"""How often rows of hours that came out over may join."""

ASKED, HOURS, PIECE, USUAL = 100.0, 200.0, 50.0, 10.0
"""How much dearer it is that a sum is a unit off than that a cell goes to the unit further away: what was asked; hours;
what a longer sum gives to a period; totals that people look at."""


def snapped(count: np.ndarray) -> np.ndarray:
    """Return counts without the solver's noise around whole numbers."""
    nearest = np.rint(count)
    return np.where(np.abs(count - nearest) <= np.maximum(SNAP, SNAP_PART * np.abs(count)), nearest, count)


@frozen
class Part:
    """Cells between two units and the sums over them, all in units above each cell's next lower one.

    share : float64, shape (cells,), how far each cell is above the lower unit
    lower, upper : float64, shape (cells,), 0 or 1: a cell may be held to one side
    inside : int64, shape (2, cells), the smallest sum of each of two nested families that a cell stands in, −1 = none
    around : int64, shape (sums,), sums of both families: the smallest right around each, −1 = none
    low, high : float64, shape (2, sums), between which whole numbers a sum stays: noise taken off, and as it is
    price : float64, shape (2, sums), of a unit below and above that where not all can be kept, infinite = never
    asked : csr of 0/1, shape (asked, cells); goal : float64, shape (asked,), what these sums should come to
    sum_of : int64, shape (asked,), which sum of the flow each is, −1 = it crosses both families
    hours : csr, shape (rows, cells), hours of one more unit; left : float64, shape (rows,), hours that there are
    """

    share: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    inside: np.ndarray
    around: np.ndarray
    low: np.ndarray
    high: np.ndarray
    price: np.ndarray
    asked: csr_matrix
    goal: np.ndarray
    sum_of: np.ndarray
    hours: csr_matrix
    left: np.ndarray


@frozen
class Chosen:
    """up : float64, shape (cells,), 1 for cells that go up, else 0; keeps_all : whether every sum is kept."""

    up: np.ndarray
    keeps_all: bool


def round_part(part: Part) -> Chosen | None:
    """Return which cells go up; None where no whole numbers keep what can never give way.

    Notes
    -----
    Minimise Σ (1 − 2 share_i) y_i, y_i ∈ {0, 1}: the least Σ |rounded − plan| (Cox, 1987, controlled rounding).
    Hours whose sums found no place may go over by more than an item: they join the program as rows of their own.
    """
    held = np.zeros(len(part.left), dtype=bool)
    found = _choose(part, held)
    if found is None:
        return None
    # that is a search, which a large part is not given
    for _ in range(_AGAIN if len(part.share) <= MOST_SEARCHED else 0):
        over = part.hours @ found.up > part.left + SNAP
        if not (over & ~held).any():
            break
        held |= over
        again = _choose(part, held)
        if again is not None and (part.hours @ again.up > part.left + SNAP).sum() < over.sum():
            found = again
    return found


def _choose(part: Part, held: np.ndarray) -> Chosen | None:
    """Return the same, some rows of hours kept. held : bool, shape (rows of hours,)."""
    with_crossing = bool((part.sum_of < 0).any())
    # a plan that keeps its rows to a millionth may have sums that no whole numbers match to the unit
    for crossing, bounds, gives in _TRIES:
        if crossing and not with_crossing:
            continue
        program = _program(part, bounds, with_crossing=crossing)
        if gives:
            program = _giving(program, part)
        if held.any():
            program = _with_most(program, part.hours[held], part.left[held])
        sums = None if crossing or held.any() else len(part.share) + np.arange(len(part.around))
        found = round_to_units(program, len(part.share), sums)
        if found is not None:
            up = found[: len(part.share)]
            return Chosen(up, not gives and bool((np.abs(part.asked @ up - part.goal) < 0.5).all()))
    return None


_TRIES = ((True, 0, False), (False, 0, False), (False, 1, False), (True, 0, True), (False, 0, True))
"""With crossing sums or without; sums without noise or as they are; whether sums may give way."""


def _program(part: Part, bounds: int, *, with_crossing: bool) -> LinearProgram:
    """Return the program. Columns: cells, sums of both families, units by which sums that cross them are off.

    Rows: each sum is what stands right inside it; each crossing sum, less what it is off, is the whole number asked.
    A sum of a family is off to one side only, so that its own column carries the cost.

    Parameters
    ----------
    bounds : 0 = of sums without noise, 1 = as they are
    """
    n_sums, low, high = len(part.around), part.low[bounds], part.high[bounds]
    crossing = np.flatnonzero(part.sum_of < 0) if with_crossing else np.zeros(0, np.int64)
    off, nothing = unit_matrix(len(crossing)), np.zeros(2 * len(crossing))
    matrix = _flow(part)
    if len(crossing):
        wide = [part.asked[crossing], no_entries(len(crossing), n_sums)]
        matrix = csc_matrix(stack_blocks([[csr_matrix(matrix), None, None], [stack_blocks([wide]), off, -off]]))
    right = np.concatenate([np.zeros(n_sums), part.goal[crossing]])
    placed = np.flatnonzero(part.sum_of >= 0)
    of_sum = np.zeros(n_sums)
    at, goal = part.sum_of[placed], part.goal[placed]
    np.add.at(of_sum, at, np.where(low[at] < high[at], np.where(goal <= low[at], ASKED, -ASKED), 0.0))
    return LinearProgram(
        np.concatenate([1 - 2 * part.share, of_sum, nothing + ASKED]),
        matrix,
        right,
        right,
        np.concatenate([part.lower, low, nothing]),
        np.concatenate([part.upper, high, nothing + np.inf]),
    )


def _flow(part: Part) -> csc_matrix:
    """Return what is right inside each sum, less the sum: shape (sums, cells and sums)."""
    n_sums, n_cells = len(part.around), len(part.share)
    of_cells, of_sums = part.inside.T.ravel(), np.column_stack([part.around, np.arange(n_sums)]).ravel()
    value = np.append(np.ones(2 * n_cells), np.tile([1.0, -1.0], n_sums))
    row = np.append(of_cells, of_sums)
    is_there = row != NOWHERE
    ends = np.cumsum(is_there)[1::2]
    return csc_matrix((value[is_there], row[is_there], np.append(0, ends)), shape=(n_sums, n_cells + n_sums))


def _giving(program: LinearProgram, part: Part) -> LinearProgram:
    """Return a program whose sums may leave their bounds at a price: their columns once more, down and up.

    Columns that repeat others, or their negatives, leave a flow's corners whole.
    """
    first = len(part.share)
    down, up = (np.flatnonzero(np.isfinite(price)) for price in part.price)
    matrix, sums = csr_matrix(program.matrix), csc_matrix(program.matrix)
    lower, higher = (csr_matrix(sums[:, first + which]) for which in (down, up))
    more = len(down) + len(up)
    return replace(
        program,
        cost=np.concatenate([program.cost, part.price[0][down], part.price[1][up]]),
        matrix=csc_matrix(stack_blocks([[matrix, -lower, higher]])),
        lower=np.append(program.lower, np.zeros(more)),
        upper=np.append(program.upper, np.full(more, np.inf)),
    )


def _with_most(program: LinearProgram, matrix: csr_matrix, most: np.ndarray) -> LinearProgram:
    """Return a program with rows that may come to no more than something. matrix : over the first columns."""
    wide = stack_blocks([[matrix, no_entries(matrix.shape[0], len(program.cost) - matrix.shape[1])]])
    return replace(
        program,
        matrix=csc_matrix(stack_rows([csr_matrix(program.matrix), csr_matrix(wide)])),
        row_lower=np.append(program.row_lower, np.full(len(most), -np.inf)),
        row_upper=np.append(program.row_upper, most),
    )
