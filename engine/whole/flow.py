"""The program by which cells of a part are rounded: a flow from the sums of one family to those of the other.

Owns: its rows, columns and costs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.whole.nest import NOWHERE, Nest
from engine.whole.part import ASKED, SNAP, Part
from solver.flows import Network
from solver.matrices import no_entries, stack_blocks, stack_rows
from solver.matrices import unit as unit_matrix
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix

_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
"""Odd numbers that spread what they multiply over all bits (Steele, Lea & Flood, 2014, SplitMix)."""


def nearness(part: Part) -> np.ndarray:
    """Return how much further from the plan each cell is when it goes up than when not: float64, shape (cells,).

    Notes
    -----
    Cells that are as far from both units as others make plans that are equally near. So that there is one answer,
    whoever searches for it, cells differ by up to a millionth of a unit more, which hangs on their place alone: less
    than is known of any cell.
    """
    place = np.arange(1, len(part.share) + 1, dtype=np.uint64) * _FIRST
    place = (place ^ (place >> np.uint64(31))) * _SECOND
    return np.asarray(1 - 2 * part.share + SNAP * ((place >> np.uint64(11)) / 2.0**53))


def part_program(part: Part, cost: np.ndarray, bounds: int = 0, *, with_crossing: bool = False) -> LinearProgram:
    """Return the program. Columns: cells, sums of both families, units by which sums that cross them are off.

    Rows: each sum is what stands right inside it; each crossing sum, less what it is off, is the whole number asked.
    A sum of a family is off to one side only, so that its own column carries the cost.

    Parameters
    ----------
    cost : float64, shape (cells,), of going up; bounds : 0 = of sums without noise, 1 = as they are
    """
    n_sums, low, high = len(part.around), part.low[bounds], part.high[bounds]
    of_sum = _of_sums(part, low, high)
    crossing = np.flatnonzero(part.sum_of < 0) if with_crossing else np.zeros(0, np.int64)
    off, nothing = unit_matrix(len(crossing)), np.zeros(2 * len(crossing))
    matrix = _flow(part)
    if len(crossing):
        wide = [part.asked[crossing], no_entries(len(crossing), n_sums)]
        matrix = csc_matrix(stack_blocks([[csr_matrix(matrix), None, None], [stack_blocks([wide]), off, -off]]))
    right = np.concatenate([np.zeros(n_sums), part.goal[crossing]])
    return LinearProgram(
        np.concatenate([cost, of_sum, nothing + ASKED]),
        matrix,
        right,
        right,
        np.concatenate([part.lower, low, nothing]),
        np.concatenate([part.upper, high, nothing + np.inf]),
    )


def part_network(part: Part, cost: np.ndarray) -> Network:
    """Return the same as a network: units come from sums of the second family, through cells, to those of the first.

    Parameters
    ----------
    cost : float64, shape (cells,), of going up
    """
    low, high, own = part.low[0], part.high[0], np.arange(len(part.around))
    is_second = _is_second(part)
    return Network(
        np.append(part.inside[1], np.where(is_second, part.around, own)),
        np.append(part.inside[0], np.where(is_second, own, part.around)),
        np.append(part.lower, low),
        np.append(part.upper, high),
        np.append(cost, _of_sums(part, low, high)),
        len(part.around),
    )


def _is_second(part: Part) -> np.ndarray:
    """Return which sums are of the second family, as all are that stand in one tree: bool, shape (sums,)."""
    nothing = np.zeros(len(part.around))
    trees = Nest(part.inside[1], part.around, nothing, nothing)
    root = trees.nearest(part.around < 0)
    found = np.zeros(len(root), dtype=bool)
    found[root[part.inside[1][part.inside[1] >= 0]]] = True
    return np.asarray(found[root])


def _of_sums(part: Part, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return what a unit more in each sum costs: float64, shape (sums,)."""
    placed = np.flatnonzero(part.sum_of >= 0)
    found = np.zeros(len(part.around))
    at, goal = part.sum_of[placed], part.goal[placed]
    np.add.at(found, at, np.where(low[at] < high[at], np.where(goal <= low[at], ASKED, -ASKED), 0.0))
    return found


def _flow(part: Part) -> csc_matrix:
    """Return what is right inside each sum, less the sum: shape (sums, cells and sums)."""
    n_sums, n_cells = len(part.around), len(part.share)
    of_cells, of_sums = part.inside.T.ravel(), np.column_stack([part.around, np.arange(n_sums)]).ravel()
    value = np.append(np.ones(2 * n_cells), np.tile([1.0, -1.0], n_sums))
    row = np.append(of_cells, of_sums)
    is_there = row != NOWHERE
    ends = np.cumsum(is_there)[1::2]
    return csc_matrix((value[is_there], row[is_there], np.append(0, ends)), shape=(n_sums, n_cells + n_sums))


def giving(program: LinearProgram, part: Part) -> LinearProgram:
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


def with_most(program: LinearProgram, matrix: csr_matrix, most: np.ndarray) -> LinearProgram:
    """Return a program with rows that may come to no more than something. matrix : over the first columns."""
    wide = stack_blocks([[matrix, no_entries(matrix.shape[0], len(program.cost) - matrix.shape[1])]])
    return replace(
        program,
        matrix=csc_matrix(stack_rows([csr_matrix(program.matrix), csr_matrix(wide)])),
        row_lower=np.append(program.row_lower, np.full(len(most), -np.inf)),
        row_upper=np.append(program.row_upper, most),
    )
