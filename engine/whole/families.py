"""Two families of sums, each nested: any two sums of a family are disjoint or one holds the other.

Rounding under two nested families is a flow on a network, so its program has whole corners: every sum of both
families can be kept to the next whole number at once. Under three families it cannot.

Owns: which sums get a place, the important ones first.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.whole.nest import NOWHERE, Nest
from solver.frozen import frozen
from solver.matrices import stack_rows
from solver.sparse import csc_matrix, csr_matrix


@dataclass
class Family:
    """Sums over cells, nested.

    matrix : csr of 0/1, shape (sums, cells); size : cells of each
    most : what each may come to, in units; price : what it costs that it is a unit off where not all can be kept
    """

    matrix: csr_matrix
    size: np.ndarray = field(default_factory=lambda: np.zeros(0))
    most: np.ndarray = field(default_factory=lambda: np.zeros(0))
    price: np.ndarray = field(default_factory=lambda: np.zeros(0))

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

    def add(self, sums: csr_matrix, most: np.ndarray, price: float) -> None:
        """Take in sums that nest."""
        self.price = np.append(self.price, np.full(sums.shape[0], price))
        self.matrix = csr_matrix(stack_rows([self.matrix, sums]))
        self.most = np.concatenate([self.most, most])
        self.size = np.diff(self.matrix.indptr).astype(np.float64)


def nest_of(family: Family) -> Nest:
    """Return a family as a forest."""
    row, cell = _inside_out(family)
    n_sums, n_cells = family.matrix.shape
    is_next = cell[1:] == cell[:-1]
    first = np.flatnonzero(np.append(True, ~is_next)[: len(cell)])
    inside, around = np.full(n_cells, NOWHERE), np.full(n_sums, NOWHERE)
    inside[cell[first]] = row[first]
    around[row[:-1][is_next]] = row[1:][is_next]
    return Nest(inside, around, family.most, family.price)


def _inside_out(family: Family) -> tuple[np.ndarray, np.ndarray]:
    """Return sum and cell of every membership, cell by cell, its smallest sum first."""
    rank = np.empty(len(family.size), dtype=np.int64)
    rank[np.lexsort((np.arange(len(rank)), family.size))] = np.arange(len(rank))
    by_size = csc_matrix(family.matrix[np.argsort(rank)])
    by_size.sort_indices()
    row = np.argsort(rank)[by_size.indices]
    return row, np.repeat(np.arange(family.matrix.shape[1]), np.diff(by_size.indptr))


@frozen
class Placed:
    """Where sums went; int64, shape (sums,): family : 0 or 1, −1 where a sum crosses both; row : in its family."""

    family: np.ndarray
    row: np.ndarray


class Families:
    """The two families while they are filled; ``n_cells`` cells."""

    def __init__(self, n_cells: int) -> None:
        self.both = (Family(csr_matrix((0, n_cells))), Family(csr_matrix((0, n_cells))))

    def offer(self, sums: csr_matrix, first: int, price: float = 1.0, most: np.ndarray | None = None) -> Placed:
        """Offer sums that may overlap, one disjoint batch after the other, and return where each went.

        Parameters
        ----------
        first : the family that is asked first, 0 or 1
        price : what it costs that one of them is a unit off
        most : float64, shape (sums,), units that each may come to
        """
        placed = Placed(np.full(sums.shape[0], -1), np.full(sums.shape[0], -1))
        ends = np.full(sums.shape[0], np.inf) if most is None else most
        for batch in _disjoint_batches(sums):
            left = batch
            for at in (first, 1 - first):
                family = self.both[at]
                fits = family.takes(sums[left])
                taken, left = left[fits], left[~fits]
                placed.family[taken] = at
                placed.row[taken] = family.matrix.shape[0] + np.arange(len(taken))
                family.add(sums[taken], ends[taken], price)
        return placed

    def nests(self) -> tuple[Nest, Nest]:
        """Return both as forests."""
        first, second = self.both
        return nest_of(first), nest_of(second)


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
