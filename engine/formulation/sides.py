"""The two sides of a target: what can be missed below, and what above.

Owns: which rows have which side, for amounts and for rates.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Sense


class Sides:
    """Rows of Targets with a sense each. sense : int64, values of Sense; asked : float64, both of shape (rows,)."""

    __slots__ = ()
    asked: np.ndarray
    sense: np.ndarray

    def __len__(self) -> int:
        return len(self.asked)

    @property
    def has_shortfall(self) -> np.ndarray:
        """bool: rows that can fall short."""
        return np.asarray(self.sense != Sense.AT_MOST)

    @property
    def has_excess(self) -> np.ndarray:
        """bool: rows that can be overshot."""
        return np.asarray(self.sense != Sense.AT_LEAST)
