"""Which rows and columns of a search are at their bound.

Owns: what that is, and when it is the same.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen


@frozen
class Bounds:
    """What is at its bound.

    rows : int64; at_low : bool, of each of them, at which; at_side : int8, shape (columns,), −1, 1, or 0 = at neither
    """

    rows: np.ndarray
    at_low: np.ndarray
    at_side: np.ndarray

    def same(self, other: Bounds) -> bool:
        """Whether all is where it is in the other."""
        return (
            np.array_equal(self.rows, other.rows)
            and np.array_equal(self.at_low, other.at_low)
            and np.array_equal(self.at_side, other.at_side)
        )
