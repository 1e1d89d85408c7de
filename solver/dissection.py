"""Sparse systems whose rows each reach over a span of time: halves that few rows link, halved again and again.

What reaches over the middle of a year is kept for last; what is left falls into two halves that know nothing of each
other, each with a middle of its own, down to single parts (periods). Rows of a part are few and see each other nearly
all, so everything is dense arithmetic on small blocks (nested dissection: George, 1973).

Owns: that order, the elimination, and solving with what it left.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.sparse import csr_matrix

_MOST = 3_000
"""Rows of one block, and rows beyond it that it is linked to; above, this is no way to solve a system."""


@frozen
class _Block:
    """Rows eliminated together.

    rows : int64; beyond : int64, rows eliminated later that they or what went before them are linked to
    own : float64, shape (rows, rows), what is left of their equations
    across : float64, shape (rows, beyond), its inverse times the rows beyond
    rest : float64, shape (beyond, beyond), what their elimination takes from the rows beyond
    """

    rows: np.ndarray
    beyond: np.ndarray
    own: np.ndarray
    across: np.ndarray
    rest: np.ndarray


@frozen
class Halves:
    """A system whose blocks are eliminated, for any right side."""

    blocks: list[_Block]

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Return x with ``system @ x = right``: float64, shape (rows,) or (rows, right sides)."""
        found = right.copy()
        for block in self.blocks:
            mine = found[block.rows]
            found[block.beyond] -= block.across.T @ mine
            found[block.rows] = np.linalg.solve(block.own, mine)
        for block in reversed(self.blocks):
            found[block.rows] -= block.across @ found[block.beyond]
        return np.asarray(found)


def halves(system: csr_matrix, span: np.ndarray) -> Halves | None:
    """Return a system ready to be solved; None where too many rows link the parts.

    Parameters
    ----------
    system : symmetric, positive definite
    span : int64, shape (rows, 2), the first and the last part of each row; rows whose spans do not meet are no
        neighbours
    """
    blocks = _Elimination(system, span).blocks()
    return None if blocks is None else Halves(blocks)


class _Elimination:
    def __init__(self, system: csr_matrix, span: np.ndarray) -> None:
        self.system, self.count = system, len(span)
        _, at = np.unique(span, return_inverse=True)
        self.first, self.last = at.reshape(span.shape).T
        self.is_open = np.ones(self.count, dtype=bool)
        self.done: list[_Block] = []

    def blocks(self) -> list[_Block] | None:
        """Return all blocks in the order of their elimination; None where one of them is too large."""
        rows, end = np.arange(self.count), int(self.last.max(initial=0))
        return self.done if self._eliminate(rows, 0, end) is not None else None

    def _eliminate(self, rows: np.ndarray, begin: int, end: int) -> list[_Block] | None:
        """Eliminate rows within a stretch of parts; return the blocks that none of them was linked to before."""
        if not len(rows):
            return []
        inner: list[_Block] = []
        if begin < end:
            middle = (begin + end) // 2
            early, late = self.last[rows] <= middle, self.first[rows] > middle
            for some, start, stop in ((early, begin, middle), (late, middle + 1, end)):
                found = self._eliminate(rows[some], start, stop)
                if found is None:
                    return None
                inner += found
            rows = rows[~early & ~late]
            if not len(rows):
                return inner
        block = self._block(rows, inner)
        if block is None:
            return None
        self.done.append(block)
        return [block]

    def _block(self, rows: np.ndarray, inner: list[_Block]) -> _Block | None:
        if len(rows) > _MOST:
            return None
        self.is_open[rows] = False
        across = csr_matrix(self.system[rows])
        seen = np.concatenate([across.indices, *(block.beyond for block in inner)])
        beyond = np.unique(seen[self.is_open[seen]])
        if len(beyond) > _MOST:
            return None
        count, every = len(rows), np.concatenate([rows, beyond])
        place = np.zeros(self.count, dtype=np.int64)
        place[every] = np.arange(len(every))
        front = np.zeros((len(every), len(every)))
        entry, mine = np.repeat(np.arange(count), np.diff(across.indptr)), np.zeros(self.count, dtype=bool)
        mine[every] = True
        kept = mine[across.indices]  # the others are eliminated
        front[entry[kept], place[across.indices[kept]]] = across.data[kept]
        front[count:, :count] = front[:count, count:].T
        for block in inner:
            at = place[block.beyond]
            front[np.ix_(at, at)] -= block.rest
        own, links = front[:count, :count].copy(), front[:count, count:]
        solved = np.linalg.solve(own, links)
        return _Block(rows, beyond, own, solved, links.T @ solved - front[count:, count:])
