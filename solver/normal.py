"""Systems A D Aᵀ x = b of Newton's steps: sparse, symmetric, positive definite.

Two shapes are made use of. Rows that share no column with each other make a diagonal block, however many they are:
teams of one month, say, while every queue goes across. They are eliminated first; what is left is small and nearly
full, where dense arithmetic is twenty times as fast as sparse. And where columns fall into parts (periods) that only
few rows link, each part is eliminated by itself (``solver.dissection``).

Owns: which of these is taken. Knows nothing of: what rows and parts are.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from solver.dissection import halves
from solver.frozen import frozen
from solver.sparse import csr_matrix

LEAST_ROWS = 400
"""Rows from which elimination is considered; below, all is factored at once."""

_MOST_DENSE, _LEAST_FULL = 3_000, 0.15
"""Rows, and part of entries filled, at which what is left is solved as a dense system."""

_HEAVY = 8.0  # times the usual number of neighbours: such a row would keep all others out of the block
_ROUNDS = 60


class Factor(Protocol):
    """A symmetric system ready to be solved."""

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Return x with ``system @ x = right``: float64, shape (rows,) or (rows, right sides)."""
        ...


def factor_normal(system: csr_matrix, span: np.ndarray | None = None) -> Factor:
    """Return a system ready to be solved.

    Parameters
    ----------
    system : symmetric, positive definite, its diagonal stored
    span : int64, shape (rows, 2), the first and the last part that a row reaches over; rows whose spans do not meet
        are no neighbours
    """
    if system.shape[0] >= LEAST_ROWS:
        if span is not None and span.min() < span.max() and (found := _eliminated(system, span)) is not None:
            return found
        if (found := _eliminated(system, None)) is not None:
            return found
    from scipy.sparse.linalg import splu  # noqa: TID251 - costs a tenth of a small run, and only a search needs it

    options = {"SymmetricMode": True}
    whole: Factor = splu(system.tocsc(), permc_spec="MMD_AT_PLUS_A", options=options, diag_pivot_thresh=0.0)
    return whole


@frozen
class _Full:
    """A system that is nearly full."""

    matrix: np.ndarray

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Return the solution."""
        return np.linalg.solve(self.matrix, right)


@frozen
class _Eliminated:
    """Rows that are no neighbours, eliminated first, and what is left.

    first, rest : int64; diagonal : float64, of the first
    weighed : csr, shape (first, rest), what links them, divided by the diagonal
    left : the rest without the first
    """

    first: np.ndarray
    rest: np.ndarray
    diagonal: np.ndarray
    weighed: csr_matrix
    left: Factor

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Return the solution."""
        mine, found = right[self.first], np.empty(right.shape)
        solved = self.left.solve(right[self.rest] - self.weighed.T @ mine)
        found[self.rest] = solved
        found[self.first] = (mine.T / self.diagonal).T - self.weighed @ solved
        return found


def _eliminated(system: csr_matrix, span: np.ndarray | None) -> Factor | None:
    """Return the system, rows that are no neighbours eliminated first; None where what is left is no small matter."""
    # a row over several parts, eliminated first, would make neighbours of rows in different parts
    alone = np.ones(system.shape[0], dtype=bool) if span is None else span[:, 0] == span[:, 1]
    apart = _apart(system, alone)
    first, rest = np.flatnonzero(apart), np.flatnonzero(~apart)
    if span is None and len(rest) > _MOST_DENSE:
        return None
    diagonal = system.diagonal()[first]
    across = csr_matrix(system[first][:, rest])
    weighed = across.copy()
    weighed.data = weighed.data / np.repeat(diagonal, np.diff(across.indptr))
    left = csr_matrix(system[rest][:, rest] - across.T @ weighed)
    if span is not None:
        solver: Factor | None = halves(left, span[rest])
    else:
        is_full = left.nnz >= _LEAST_FULL * len(rest) ** 2
        solver = _Full(left.toarray()) if is_full else None
    return None if solver is None else _Eliminated(first, rest, diagonal, weighed, solver)


def _apart(system: csr_matrix, allowed: np.ndarray) -> np.ndarray:
    """Return rows of which no two are neighbours, as many as come one after the other: bool, shape (rows,).

    Parameters
    ----------
    allowed : bool, shape (rows,), rows that may be among them

    Notes
    -----
    The greedy choice in row order, light rows first, all rows at once: whoever comes before all its open neighbours is
    taken, and they are closed.
    """
    count = system.shape[0]
    neighbours = np.diff(system.indptr)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(neighbours > _HEAVY * np.median(neighbours), kind="stable")] = np.arange(count)
    taken, is_open = np.zeros(count, dtype=bool), allowed.copy()
    for _ in range(_ROUNDS):
        first = np.minimum.reduceat(np.where(is_open, rank, count)[system.indices], system.indptr[:-1])
        new = np.flatnonzero(is_open & (first == rank))
        if not len(new):
            break
        taken[new] = True
        is_open[system[new].indices] = False
    return taken


def span_of_rows(matrix: csr_matrix, part: np.ndarray | None) -> np.ndarray | None:
    """Return the first and the last part that each row reaches over; None where columns have none.

    Parameters
    ----------
    part : int64, shape (columns,), below 0 for columns that link nothing of themselves

    Returns
    -------
    int64, shape (rows, 2); a row of columns without a part reaches over all of them.
    """
    if part is None or matrix.shape[0] == 0 or not (part >= 0).any():
        return None
    label = part[matrix.indices]
    lowest, highest = int(part[part >= 0].min()), int(part.max())
    span = np.tile([lowest, highest], (matrix.shape[0], 1))
    filled = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[filled]
    last = np.maximum.reduceat(label, starts) if len(filled) else label
    first = np.minimum.reduceat(np.where(label >= 0, label, highest + 1), starts) if len(filled) else label
    has_part = last >= 0
    span[filled[has_part]] = np.column_stack([first, last])[has_part]
    return span
