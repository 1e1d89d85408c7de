"""Two families of sums, each nested: any two sums of a family are disjoint or one holds the other.

Rounding under two nested families is a flow on a network, so its program has whole corners: every sum of both
families can be kept to the next whole number at once. Under three families it cannot.

Owns: which sums get a place, the important ones first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from solver.frozen import frozen
from solver.matrices import stack_rows
from solver.sparse import block_diag, csr_matrix


@dataclass
class Family:
    """Sums over cells, nested. matrix : csr of 0/1, shape (sums, cells); most : what each may come to, in units."""

    matrix: csr_matrix
    size: np.ndarray = field(default_factory=lambda: np.zeros(0))
    most: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def takes(self, sums: csr_matrix) -> np.ndarray:
        """bool, shape (sums,): which of some disjoint sums nest with all that are in the family."""
        if not self.matrix.shape[0] or not sums.shape[0]:
            return np.ones(sums.shape[0], dtype=bool)
        shared = (self.matrix @ sums.T).tocoo()
        own, other = np.diff(sums.indptr)[shared.col], self.size[shared.row]
        crosses = shared.col[(shared.data > 0) & (shared.data < np.minimum(own, other))]
        fits = np.ones(sums.shape[0], dtype=bool)
        fits[crosses] = False
        return fits

    def add(self, sums: csr_matrix, most: np.ndarray) -> None:
        """Take in sums that nest."""
        self.matrix = csr_matrix(stack_rows([self.matrix, sums]))
        self.most = np.concatenate([self.most, most])
        self.size = np.diff(self.matrix.indptr).astype(np.float64)


@frozen
class Flow:
    """Sums by what is right inside them: each cell and each sum stands in one sum of a family at most.

    sums : csr of 0/1, shape (sums, cells), all cells of each sum
    cells : csr of 0/1, shape (sums, cells), the cells in no smaller sum; inner : the same, shape (sums, sums)
    most : float64, shape (sums,), units that each may come to, infinite where nothing says
    """

    sums: csr_matrix
    cells: csr_matrix
    inner: csr_matrix
    most: np.ndarray


def _right_inside(family: Family) -> tuple[csr_matrix, csr_matrix]:
    """Return the cells, and the sums, that stand right inside each sum of a family."""
    entries = family.matrix.tocoo()
    order = np.lexsort((entries.row, family.size[entries.row], entries.col))
    row, cell = entries.row[order].astype(np.int64), entries.col[order]
    same = cell[1:] == cell[:-1]
    is_first = np.append(True, ~same)[: len(cell)]
    n_sums, n_cells = family.matrix.shape
    at = np.flatnonzero(is_first)
    cells = csr_matrix((np.ones(len(at)), (row[at], cell[at])), shape=(n_sums, n_cells))
    outer, inside = np.divmod(np.unique(row[1:][same] * n_sums + row[:-1][same]), max(n_sums, 1))
    inner = csr_matrix((np.ones(len(inside)), (outer, inside)), shape=(n_sums, n_sums))
    return cells, inner


class Families:
    """The two families while they are filled; ``n_cells`` cells.

    place : int64 per sum offered so far: 0 or 1 for its family, −1 where it crosses both
    """

    def __init__(self, n_cells: int) -> None:
        self.both = (Family(csr_matrix((0, n_cells))), Family(csr_matrix((0, n_cells))))

    def offer(self, sums: csr_matrix, first: int, most: np.ndarray | None = None) -> np.ndarray:
        """Offer sums that may overlap, one disjoint batch after the other, and return where each went.

        Parameters
        ----------
        first : the family that is asked first, 0 or 1
        most : float64, shape (sums,), units that each may come to

        Returns
        -------
        int64, shape (sums,): 0 or 1; -1 = it crosses both families
        """
        place = np.full(sums.shape[0], -1)
        ends = np.full(sums.shape[0], np.inf) if most is None else most
        for batch in _disjoint_batches(sums):
            left = batch
            for at in (first, 1 - first):
                fits = self.both[at].takes(sums[left])
                self.both[at].add(sums[left[fits]], ends[left[fits]])
                place[left[fits]] = at
                left = left[~fits]
        return place

    def flow(self) -> Flow:
        """Return all sums of both families, each by the sums and cells right inside it."""
        return Flow(
            csr_matrix(stack_rows([family.matrix for family in self.both])),
            csr_matrix(stack_rows([_right_inside(family)[0] for family in self.both])),
            csr_matrix(block_diag([_right_inside(family)[1] for family in self.both], format="csr")),
            np.concatenate([family.most for family in self.both]),
        )


def _disjoint_batches(sums: csr_matrix) -> list[np.ndarray]:
    """Split sums into batches that share no cell, in their order."""
    count = np.bincount(sums.indices, minlength=sums.shape[1])
    if not len(count) or count.max(initial=0) <= 1:
        return [np.arange(sums.shape[0])]
    batches: list[tuple[list[int], np.ndarray]] = []
    for row in range(sums.shape[0]):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        batch = next((each for each in batches if not each[1][cells].any()), None)
        if batch is None:
            batch = ([], np.zeros(sums.shape[1], dtype=bool))
            batches.append(batch)
        batch[0].append(row)
        batch[1][cells] = True
    return [np.array(rows) for rows, _ in batches]
