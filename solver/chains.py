"""Rows that only add to the row before, such as what is handled up to each month: solved by what each of them adds.

Σ over January, Σ over January and February, … cover each other, so that A D Aᵀ is full and links all periods. With
every such row replaced by its difference to the one before, A = L B, nearly all of that falls away, and
A D Aᵀ + r I = L (B D Bᵀ + r L⁻¹ L⁻ᵀ) Lᵀ is as empty as if each row stood for its own month. Nothing is approximated.

Owns: finding such rows, and Newton's systems over some rows of a matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from solver.frozen import frozen
from solver.matrices import scale_columns, unit
from solver.normal import LEAST_ROWS, Factor, factor_normal, span_of_rows
from solver.sparse import csr_matrix

_SAME = 1e-12
"""Part of an entry within which a multiple of the row before takes it away."""

_LEAST_SAVED = 0.1
"""Part of all entries that must fall away; below, rows are left as they are."""

_JOINING = 0.05
"""Part of a system's rows up to which others join it; beyond, a new one takes no longer."""

_MOST_ACROSS = 8_000_000
"""Numbers between a system's rows and those that joined, all kept: more would take more memory than a new system."""


@frozen
class _Chains:
    """What rows add to the row before.

    base : csr, rows less a multiple of the row before, themselves where they start a chain
    start : int64, shape (rows,), the row that starts each row's chain
    grown : float64, shape (rows,); a row is Σ exp(its own less that of each row of its chain up to it) · base
    """

    base: csr_matrix
    start: np.ndarray
    grown: np.ndarray


class NormalRows:
    """Rows of a matrix, for systems (A D Aᵀ + r I) x = b over some of them, one after the other.

    Parameters
    ----------
    matrix : shape (rows, columns); full where it is small (``solver.matrices.full_if_small``)
    part : int64, shape (columns,), as in ``solver.projection.Polyhedron``
    """

    def __init__(self, matrix: csr_matrix | np.ndarray, part: np.ndarray | None) -> None:
        self._matrix = matrix
        self._chains, self._span = None, None
        self._known: _Known | None = None
        if isinstance(matrix, np.ndarray):
            return
        self._chains = _chains_of(matrix) if matrix.shape[0] >= LEAST_ROWS else None
        self._span = span_of_rows(matrix if self._chains is None else self._chains.base, part)

    def solve(self, rows: np.ndarray, weight: np.ndarray, ridge: float, right: np.ndarray) -> np.ndarray:
        """Return the solution.

        Parameters
        ----------
        rows : int64, in rising order; weight : float64, shape (columns,), the diagonal of D
        right : float64, shape (rows that were asked for,)
        """
        if isinstance(self._matrix, np.ndarray):
            return np.linalg.solve(self._products(self._matrix, rows, weight, ridge), right)
        if self._chains is None or len(rows) < LEAST_ROWS:
            return self._solve_with_known(rows, weight, ridge, right)
        less = _Differences.of(self._chains, rows)
        some = csr_matrix(less.of_base @ self._chains.base)
        system = csr_matrix(scale_columns(some, weight) @ some.T + ridge * (less.of_rows @ less.of_rows.T))
        span = None if self._span is None else less.span(self._span)
        return np.asarray(less.of_rows.T @ factor_normal(system, span).solve(less.of_rows @ right))

    def solver(self, rows: np.ndarray, weight: np.ndarray, ridge: float) -> Callable[[np.ndarray], np.ndarray]:
        """Return what solves the same system for one right side after the other. rows, weight : as in ``solve``."""
        if not isinstance(self._matrix, np.ndarray):
            return lambda right: self.solve(rows, weight, ridge, right)
        products = self._products(self._matrix, rows, weight, ridge)
        return lambda right: np.linalg.solve(products, right)

    @staticmethod
    def _products(matrix: np.ndarray, rows: np.ndarray, weight: np.ndarray, ridge: float) -> np.ndarray:
        moving = np.flatnonzero(weight)  # half of all columns are at a bound
        full = matrix[np.ix_(rows, moving)]
        products = (full * weight[moving]) @ full.T
        products[np.diag_indices(len(rows))] += ridge
        return np.asarray(products)

    def _solve_with_known(self, rows: np.ndarray, weight: np.ndarray, ridge: float, right: np.ndarray) -> np.ndarray:
        """Return the solution; where rows only joined those of the system before, that one is made use of."""
        known, matrix = self._known, csr_matrix(self._matrix)
        joined = None if known is None else known.joined_by(rows, weight, ridge)
        if known is None or joined is None:
            self._known = None  # two of them would take twice the memory
            some = matrix[rows]
            weighed = scale_columns(some, weight)
            span = None if self._chains is not None or self._span is None else self._span[rows]
            system = csr_matrix(weighed @ some.T + ridge * unit(len(rows)))
            nothing = np.zeros((len(rows), 0))
            factor = factor_normal(system, span)
            self._known = _Known(rows, weight, ridge, weighed, factor, np.zeros(0, np.int64), nothing, nothing)
            return factor.solve(right)
        alone = right[np.searchsorted(rows, known.rows)]
        across = (known.weighed @ matrix[joined].T).toarray()
        solved = known.factor.solve(np.column_stack([alone, across]))
        self._known = known = replace(
            known,
            joined=np.append(known.joined, joined),
            across=np.hstack([known.across, across]),
            solved=np.hstack([known.solved, solved[:, 1:]]),
        )
        return known.solve(rows, matrix[known.joined], solved[:, 0], right)


@frozen
class _Known:
    """A system over some rows, ready to be solved, and rows that joined it.

    rows, weight, ridge : as in ``NormalRows.solve``; weighed : csr, its rows, weighed
    joined : int64, rows in the order in which they came
    across, solved : float64, shapes (rows, joined), the system's entries of these; its inverse times them
    """

    rows: np.ndarray
    weight: np.ndarray
    ridge: float
    weighed: csr_matrix
    factor: Factor
    joined: np.ndarray
    across: np.ndarray
    solved: np.ndarray

    def joined_by(self, rows: np.ndarray, weight: np.ndarray, ridge: float) -> np.ndarray | None:
        """Return which rows join besides; None where another system is asked for, or too many have joined."""
        mine = np.append(self.rows, self.joined)
        joined = np.setdiff1d(rows, mine, assume_unique=True)
        is_same = ridge == self.ridge and np.array_equal(weight, self.weight)
        has_all = len(joined) == len(rows) - len(mine)
        more, own = len(rows) - len(self.rows), len(self.rows)
        is_few = more <= _JOINING * own and more * own <= _MOST_ACROSS
        return joined if is_same and has_all and is_few else None

    def solve(self, rows: np.ndarray, more: csr_matrix, alone: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Return the solution over all rows.

        Parameters
        ----------
        rows : int64, all of them, rising; more : csr, those that joined
        alone : float64, the solution of the system without these; right : float64, shape (rows,)
        """
        found = np.empty(len(rows))
        own = (scale_columns(more, self.weight) @ more.T).toarray() + self.ridge * np.eye(len(self.joined))
        left = right[np.searchsorted(rows, self.joined)] - self.across.T @ alone
        price = np.linalg.solve(own - self.across.T @ self.solved, left)
        found[np.searchsorted(rows, self.joined)] = price
        found[np.searchsorted(rows, self.rows)] = alone - self.solved @ price
        return found


@frozen
class _Differences:
    """Some rows, each less a multiple of the one before it in its chain.

    of_rows, of_base : csr, shapes (some, some), (some, rows), these differences from the rows, and from base rows
    first, last : int64, shape (some,), the base rows that each is a sum over
    goes_on : bool, shape (some,), whether it is a difference at all
    """

    of_rows: csr_matrix
    of_base: csr_matrix
    first: np.ndarray
    last: np.ndarray
    goes_on: np.ndarray

    @classmethod
    def of(cls, chains: _Chains, rows: np.ndarray) -> _Differences:
        """Return the differences of some rows."""
        count, start, grown = len(rows), chains.start, chains.grown
        goes_on = np.append(False, start[rows[1:]] == start[rows[:-1]])
        first = np.where(goes_on, np.append(0, rows[:-1] + 1), start[rows])
        later = np.flatnonzero(goes_on)
        times = -np.exp(grown[rows[later]] - grown[rows[later - 1]])
        place = np.arange(count)
        of_rows = csr_matrix(
            (np.append(np.ones(count), times), (np.append(place, later), np.append(place, later - 1))),
            shape=(count, count),
        )
        length = rows - first + 1
        ends = np.cumsum(length)
        base = np.arange(ends[-1]) - np.repeat(ends - length, length) + np.repeat(first, length)
        weight = np.exp(np.repeat(grown[rows], length) - grown[base])
        of_base = csr_matrix((weight, base, np.append(0, ends)), shape=(count, len(start)))
        return cls(of_rows, of_base, first, rows, goes_on)

    def span(self, of_base: np.ndarray) -> np.ndarray:
        """Return the first and last part of each difference; neighbours in a chain are linked by the ridge."""
        ends = np.column_stack([self.first, self.last + 1]).ravel()
        padded = np.append(of_base, of_base[-1:], axis=0)
        least = np.minimum.reduceat(padded[:, 0], ends)[::2]
        most = np.maximum.reduceat(padded[:, 1], ends)[::2]
        before = np.append(0, most[:-1])
        return np.column_stack([np.where(self.goes_on, np.minimum(least, before), least), most])


def _chains_of(matrix: csr_matrix) -> _Chains | None:
    """Return what rows add to the row before; None where that is hardly less than they are."""
    if not matrix.has_sorted_indices or not matrix.data.all():
        matrix = csr_matrix(matrix, copy=True)
        matrix.eliminate_zeros()
        matrix.sort_indices()
    later = _going_on(matrix)
    entries = np.diff(matrix.indptr)
    if int(np.minimum(entries[later], entries[later - 1]).sum()) <= _LEAST_SAVED * matrix.nnz:
        return None
    now, before = matrix[later], matrix[later - 1]
    shared, others = now.multiply(_once(before)).tocsr(), before.multiply(_once(now)).tocsr()
    count = np.diff(shared.indptr)
    factor = np.zeros(len(later))
    # where a month counts more in its own row (what waits no longer than so much of it), the months before agree
    factor[count > 0] = np.maximum.reduceat(shared.data / others.data, shared.indptr[:-1][count > 0])
    gone = np.abs(shared.data - np.repeat(factor, count) * others.data) <= _SAME * np.abs(shared.data)
    n_gone = np.bincount(np.repeat(np.arange(len(later)), count), gone, len(later))
    saved = count + n_gone - np.diff(before.indptr)
    pays = (saved > 0) & (factor > 0)
    if float(saved[pays].sum()) <= _LEAST_SAVED * matrix.nnz:
        return None
    later, factor, count_rows = later[pays], factor[pays], matrix.shape[0]
    start, log_factor, goes_on = np.arange(count_rows), np.zeros(count_rows), np.zeros(count_rows, dtype=bool)
    start[later], log_factor[later], goes_on[later] = 0, np.log(factor), True
    times = csr_matrix((factor, (later, later - 1)), shape=(count_rows, count_rows))
    base = csr_matrix(matrix - times @ matrix)
    row = np.repeat(np.arange(count_rows), np.diff(base.indptr))
    size = np.asarray(abs(matrix).max(axis=1).todense()).ravel()
    # what rounding leaves of an entry that falls away
    base.data[(np.abs(base.data) <= _SAME * size[row]) & goes_on[row]] = 0.0
    base.eliminate_zeros()
    return _Chains(base, np.maximum.accumulate(start), np.cumsum(log_factor))


def _going_on(matrix: csr_matrix) -> np.ndarray:
    """Return rows with an entry where the row before has its middle one, as all have that go on from it: int64."""
    count = np.diff(matrix.indptr)
    both = np.flatnonzero((count[1:] > 0) & (count[:-1] > 0)) + 1
    if not len(both):
        return both
    wanted = matrix.indices[matrix.indptr[both - 1] + count[both - 1] // 2]
    low, high = matrix.indptr[both], matrix.indptr[both + 1] - 1
    while (low < high).any():  # all rows halved at once
        middle = (low + high) // 2
        is_before = matrix.indices[middle] < wanted
        low, high = np.where(is_before, np.minimum(middle + 1, high), low), np.where(is_before, high, middle)
    return np.asarray(both[matrix.indices[low] == wanted])


def _once(matrix: csr_matrix) -> csr_matrix:
    once = matrix.copy()
    once.data = np.ones(len(once.data))
    return once
