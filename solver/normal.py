"""Systems A D Aᵀ x = b of Newton's steps: sparse, symmetric, positive definite.

Two shapes are made use of. Rows that share no column with each other make a diagonal block, however many they are:
teams of one month, say, while every queue goes across. They are eliminated first; what is left is small and nearly
full, where dense arithmetic is twenty times as fast as sparse. And where columns fall into parts (periods) that only
few rows link, each part is eliminated by itself.

Owns: which of these is taken. Knows nothing of: what rows and parts are.
"""

from __future__ import annotations

import numpy as np

from solver.matrices import solve_symmetric
from solver.sparse import csr_matrix

_WORTH_IT = 400
"""Rows from which elimination is considered; below, all is factored at once."""

_MOST_DENSE, _LEAST_FULL = 3_000, 0.15
"""Rows, and part of entries filled, at which what is left is solved as a dense system."""

_MOST_LINKS = 1_500
_HEAVY = 8.0  # times the usual number of neighbours: such a row would keep all others out of the block
_ROUNDS = 60


def solve_normal(system: csr_matrix, right: np.ndarray, part: np.ndarray | None = None) -> np.ndarray:
    """Return x with ``system @ x = right``.

    Parameters
    ----------
    system : symmetric, positive definite, its diagonal stored
    part : int64, shape (rows,), to which part a row belongs, below 0 where it links several; rows of different parts
        are no neighbours
    """
    if system.shape[0] >= _WORTH_IT:
        found = None if part is None else _by_parts(system, right, part)
        if found is None and (whole := _eliminated(system, right[:, None], _LEAST_FULL)) is not None:
            found = whole[:, 0]
        if found is not None:
            return found
    return solve_symmetric(system, right)


def _by_parts(system: csr_matrix, right: np.ndarray, part: np.ndarray) -> np.ndarray | None:
    """Return the solution, each part eliminated by itself; None where that does not pay."""
    order = np.argsort(part, kind="stable")
    of_part, start = np.unique(part[order], return_index=True)
    n_links = int((part < 0).sum())
    if n_links > _MOST_LINKS or int((of_part >= 0).sum()) < 2:
        return None
    ordered = csr_matrix(system[order][:, order])
    ends = [*start[1:].tolist(), len(order)]
    links = csr_matrix(ordered[:n_links])
    left, rest = links[:, :n_links].toarray(), right[order[:n_links]].copy()
    kept = []
    for first, last in zip(start.tolist(), ends, strict=True):
        if first < n_links:
            continue
        across = csr_matrix(links[:, first:last])
        touched = np.flatnonzero(np.diff(across.indptr))
        beside = across[touched].toarray()
        wanted = np.column_stack([beside.T, right[order[first:last]]])
        solved = _eliminated(csr_matrix(ordered[first:last][:, first:last]), wanted, 0.0)
        if solved is None:
            return None
        left[np.ix_(touched, touched)] -= beside @ solved[:, :-1]
        rest[touched] -= beside @ solved[:, -1]
        kept.append((first, last, touched, solved))
    found = np.empty(len(right))
    linked = np.linalg.solve(left, rest) if n_links else rest
    found[order[:n_links]] = linked
    for first, last, touched, solved in kept:
        found[order[first:last]] = solved[:, -1] - solved[:, :-1] @ linked[touched]
    return found


def _eliminated(system: csr_matrix, right: np.ndarray, least_full: float) -> np.ndarray | None:
    """Return the solution for several right sides, rows that are no neighbours eliminated first.

    Parameters
    ----------
    right : float64, shape (rows, right sides)
    least_full : part of entries filled below which dense arithmetic does not pay

    Returns
    -------
    The solution; None where what is left is too large, or too empty.
    """
    if system.shape[0] < _WORTH_IT:
        return np.asarray(np.linalg.solve(system.toarray(), right))
    apart = _apart(system)
    first, rest = np.flatnonzero(apart), np.flatnonzero(~apart)
    if len(rest) > _MOST_DENSE:
        return None
    diagonal = system.diagonal()[first]
    across = csr_matrix(system[first][:, rest])
    weighed = across.copy()
    weighed.data = weighed.data / np.repeat(diagonal, np.diff(across.indptr))
    left = csr_matrix(system[rest][:, rest] - across.T @ weighed)
    if left.nnz < least_full * len(rest) ** 2:
        return None
    found = np.empty(right.shape)
    found[rest] = np.linalg.solve(left.toarray(), right[rest] - weighed.T @ right[first])
    found[first] = right[first] / diagonal[:, None] - weighed @ found[rest]
    return found


def _apart(system: csr_matrix) -> np.ndarray:
    """Return rows of which no two are neighbours, as many as come one after the other: bool, shape (rows,).

    Notes
    -----
    The greedy choice in row order, light rows first, all rows at once: whoever comes before all its open neighbours is
    taken, and they are closed.
    """
    count = system.shape[0]
    neighbours = np.diff(system.indptr)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(neighbours > _HEAVY * np.median(neighbours), kind="stable")] = np.arange(count)
    taken, is_open = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
    for _ in range(_ROUNDS):
        first = np.minimum.reduceat(np.where(is_open, rank, count)[system.indices], system.indptr[:-1])
        new = np.flatnonzero(is_open & (first == rank))
        if not len(new):
            break
        taken[new] = True
        is_open[system[new].indices] = False
    return taken


def part_of_rows(matrix: csr_matrix, part: np.ndarray | None) -> np.ndarray | None:
    """Return to which part each row belongs, −1 where it links several; None where columns have none.

    Parameters
    ----------
    part : int64, shape (columns,), below 0 for columns that link nothing of themselves
    """
    if part is None or matrix.shape[0] == 0:
        return None
    counted = part[matrix.indices] >= 0
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[counted]
    label = part[matrix.indices][counted]
    least = np.full(matrix.shape[0], np.iinfo(np.int64).max)
    most = np.full(matrix.shape[0], -1)
    np.minimum.at(least, row, label)
    np.maximum.at(most, row, label)
    return np.where(least == most, most, -1)
