"""A polyhedron, and its point nearest to a centre: the question and the answer of ``solver.projection``.

Owns: what both are.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.sparse import csr_matrix

ACCEPTED = 1e-6
"""Largest row residual, relative to max(1, |bound|), at which a projection is taken."""


@frozen
class Polyhedron:
    """``row_lower <= matrix @ x <= row_upper``, ``lower <= x <= upper``.

    part : int64, shape (columns,), parts that only few rows link, below 0 for columns of none: a hint that makes large
        searches quicker, and changes no answer
    """

    matrix: csr_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    part: np.ndarray | None = None


@frozen
class Projection:
    """The nearest point found.

    point : shape (columns,); price : shape (rows,), ``point = clip(centre + scale · matrixᵀ price)``
    residual : largest distance of a row from where it should be (kept; tight if priced), relative to max(1, |bound|)
    steps : Newton steps taken
    is_settled : whether it hangs on nothing but which rows and columns are at their bounds, not on the way there
    """

    point: np.ndarray
    price: np.ndarray
    residual: float
    steps: int
    is_settled: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether every row holds to ``ACCEPTED``."""
        return self.residual <= ACCEPTED


def row_sizes(body: Polyhedron) -> np.ndarray:
    """Return what a row's residual is measured against: float64, shape (rows,)."""
    bound = np.where(np.isfinite(body.row_lower), body.row_lower, body.row_upper)
    return np.asarray(np.maximum(np.abs(np.where(np.isfinite(bound), bound, 0)), 1.0))
