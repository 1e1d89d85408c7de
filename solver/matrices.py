"""Sparse matrices put together: the few operations that formulations need, with one type in and out.

Owns: stacking and scaling csr matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.sparse import bmat, csr_matrix, identity, vstack


def stack_blocks(blocks: Sequence[Sequence[csr_matrix | None]]) -> csr_matrix:
    """Return one matrix of blocks; None stands for zeros."""
    parts: Any = blocks
    stacked: Any = bmat(parts, format="csr")
    return csr_matrix(stacked)


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
    scaled = matrix.copy()
    scaled.data = scaled.data * np.repeat(factor, np.diff(matrix.indptr))
    return scaled


def scale_columns(matrix: csr_matrix, factor: np.ndarray) -> csr_matrix:
    """Return the matrix with column c times factor c."""
    scaled = matrix.copy()
    scaled.data = scaled.data * factor[matrix.indices]
    return scaled


def solve_symmetric(system: csr_matrix, right: np.ndarray) -> np.ndarray:
    """Return the solution of symmetric positive definite equations.

    Parameters
    ----------
    system : shape (n, n); right : float64, shape (n,)
    """
    from scipy.sparse.linalg import splu  # noqa: TID251 - costs a tenth of a small run, and only a search needs it

    factor = splu(system.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}, diag_pivot_thresh=0.0)
    return np.asarray(factor.solve(right))
