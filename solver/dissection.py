"""Sparse systems whose rows each reach over a span of time: halves that few rows link, halved again and again.

What reaches over the middle of a year is kept for last; what is left falls into two halves that know nothing of each
other, each with a middle of its own, down to single parts (periods). Rows of a part are few and see each other nearly
all, so everything is dense arithmetic on small blocks (nested dissection: George, 1973).

Owns: that order, and the elimination.
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
    solved : float64, shape (rows, beyond and right side), their inverse times the rows beyond and the right side
    rest : float64, shape (beyond, beyond and right side), what their elimination takes from the rows beyond
    """

    rows: np.ndarray
    beyond: np.ndarray
    solved: np.ndarray
    rest: np.ndarray


def solve_by_halves(system: csr_matrix, right: np.ndarray, span: np.ndarray) -> np.ndarray | None:
    """Return x with ``system @ x = right``; None where too many rows link the parts.

    Parameters
    ----------
    system : symmetric, positive definite
    span : int64, shape (rows, 2), the first and the last part of each row; rows whose spans do not meet are no
        neighbours
    """
    blocks = _Elimination(system, right, span).blocks()
    if blocks is None:
        return None
    found = np.empty(len(right))
    for block in reversed(blocks):
        found[block.rows] = block.solved[:, -1] - block.solved[:, :-1] @ found[block.beyond]
    return found


class _Elimination:
    def __init__(self, system: csr_matrix, right: np.ndarray, span: np.ndarray) -> None:
        self.system, self.right = system, right
        _, at = np.unique(span, return_inverse=True)
        self.first, self.last = at.reshape(span.shape).T
        self.is_open = np.ones(len(right), dtype=bool)
        self.done: list[_Block] = []

    def blocks(self) -> list[_Block] | None:
        """Return all blocks in the order of their elimination; None where one of them is too large."""
        rows, end = np.arange(len(self.right)), int(self.last.max(initial=0))
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
        place = np.zeros(len(self.right), dtype=np.int64)
        place[every] = np.arange(len(every))
        front = np.zeros((len(every), len(every) + 1))
        entry, mine = np.repeat(np.arange(count), np.diff(across.indptr)), np.zeros(len(self.right), dtype=bool)
        mine[every] = True
        kept = mine[across.indices]  # the others are eliminated
        front[entry[kept], place[across.indices[kept]]] = across.data[kept]
        front[count:, :count] = front[:count, count:-1].T
        front[:count, -1] = self.right[rows]
        for block in inner:
            at = place[block.beyond]
            front[np.ix_(at, np.append(at, len(every)))] -= block.rest
        solved = np.linalg.solve(front[:count, :count], front[:count, count:])
        return _Block(rows, beyond, solved, front[count:, :count] @ solved - front[count:, count:])
