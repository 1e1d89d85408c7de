"""Sparse matrices put together: the few operations that formulations need, with one type in and out.

Owns: stacking and scaling csr matrices; which are so small that searches take them in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.sparse import bmat, csr_matrix, identity, vstack

_MOST_ROWS, _MOST_PRODUCTS = 400, 20_000_000
"""Rows, and products in A D Aᵀ, up to which full arithmetic takes less than what scipy spends around sparse one."""


def full_if_small(matrix: csr_matrix) -> csr_matrix | np.ndarray:
    """Return the matrix as a search takes it: an array where it is so small that its zeros cost nothing."""
    rows, columns = matrix.shape
    is_small = rows < _MOST_ROWS and rows * rows * columns <= _MOST_PRODUCTS
    return np.asarray(matrix.toarray()) if is_small else matrix


def turned(matrix: csr_matrix | np.ndarray) -> csr_matrix | np.ndarray:
    """Return rows as columns."""
    return matrix.T if isinstance(matrix, np.ndarray) else csr_matrix(matrix.T)


def stack_blocks(blocks: Sequence[Sequence[csr_matrix | None]]) -> csr_matrix:
    """Return one matrix of blocks; None stands for zeros."""
    parts: Any = blocks
    stacked: Any = bmat(parts, format="csr")
    return csr_matrix(stacked)


def over_own_columns(upper: csr_matrix, lower: csr_matrix, value: np.ndarray) -> csr_matrix:
    """Return rows on top of others, of which each has one more column to itself.

    Parameters
    ----------
    upper, lower : of equal width; value : float64, shape (rows of ``lower``,), what stands in a row's own column
    """
    more, ends = np.arange(lower.shape[0]), lower.indptr[1:]
    data = np.concatenate([upper.data, np.insert(lower.data, ends, value)])
    indices = np.concatenate([upper.indices, np.insert(lower.indices, ends, upper.shape[1] + more)])
    indptr = np.concatenate([upper.indptr, upper.nnz + ends + 1 + more])
    return csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, upper.shape[1] + len(more)))


def stack_rows(parts: Sequence[csr_matrix]) -> csr_matrix:
    """Return matrices of equal width on top of each other."""
    return csr_matrix(vstack(parts, format="csr"))


def unit(size: int) -> csr_matrix:
    """Return the identity."""
    return csr_matrix(identity(size, format="csr"))


def no_entries(rows: int, columns: int) -> csr_matrix:
    """Return a matrix of zeros."""
    return csr_matrix((rows, columns))


def scale_rows(matrix: csr_matrix, factor: np.ndarray) -> csr_matrix:
    """Return the matrix with row r times factor r."""
    return _with_numbers(matrix, matrix.data * np.repeat(factor, np.diff(matrix.indptr)))


def squared(matrix: csr_matrix) -> csr_matrix:
    """Return the matrix with every entry squared."""
    return _with_numbers(matrix, matrix.data * matrix.data)


def _with_numbers(matrix: csr_matrix, numbers: np.ndarray) -> csr_matrix:
    """Return the matrix with other numbers; places are copied, for some of scipy's methods sort them where they lie."""
    return csr_matrix((numbers, matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape)


def weigh_columns(matrix: csr_matrix | np.ndarray, factor: np.ndarray) -> csr_matrix | np.ndarray:
    """Do the same as ``scale_columns`` with what may be full."""
    return matrix * factor if isinstance(matrix, np.ndarray) else scale_columns(matrix, factor)


def scale_columns(matrix: csr_matrix, factor: np.ndarray) -> csr_matrix:
    """Return the matrix with column c times factor c."""
    return _with_numbers(matrix, matrix.data * factor[matrix.indices])
