"""Misses in rising segments: the next per cent of a miss costs more than the last, so that a shortage is spread.

Owns: widths and slopes, and the columns that stand for them.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.sparse import csr_matrix

WIDTHS = (0.02, 0.03, 0.05, np.inf)
"""Width of each segment, as a part of the target's size."""

SLOPES = {"spread": (1.0, 1.5, 2.0, 3.0), "concentrate": (1.0, 1.0, 1.0, 1.0)}
"""Price of each segment, by the setting Misses."""

FROZEN = 1e-7
"""Part of a target's size by which a frozen miss may still grow: room for the next program to start from."""

_ROOMS = (1e-10, 1e-9, FROZEN, 1e-6, 1e-5)
"""Such parts in rising order: misses made even keep their rows less exactly than ``FROZEN`` at times, and need more.

Whoever comes next uses what room there is, and may move who of equals misses what by two thousand times as much. Below
the first, the last digits of a point leave no corner near it.
"""


@frozen
class SegmentColumns:
    """One column per target and segment, target by target; values are parts of the target's size.

    n_targets : number of targets
    """

    n_targets: int

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.n_targets * len(WIDTHS)

    def matrix(self) -> csr_matrix:
        """Return the 0/1 matrix that adds the segments of each target: shape (targets, columns)."""
        column = np.arange(self.width)
        return csr_matrix((np.ones(self.width), (column // len(WIDTHS), column)), shape=(self.n_targets, self.width))

    def costs(self, price: np.ndarray, misses: str) -> np.ndarray:
        """Return the cost of each column. price : float64, shape (targets,), 0 = not minimised now."""
        return np.outer(price, SLOPES[misses]).ravel()

    def open(self) -> np.ndarray:
        """Return upper bounds that let every target miss: shape (targets, segments)."""
        return np.tile(WIDTHS, (self.n_targets, 1))

    def frozen(self, miss: np.ndarray, room: float = FROZEN) -> np.ndarray:
        """Return upper bounds that keep each target to a miss, cheapest segments first: shape (targets, segments)."""
        widths = np.array(WIDTHS)
        start = np.concatenate([[0.0], np.cumsum(widths[:-1])])
        return np.asarray(np.clip((miss + room)[:, None] - start[None, :], 0.0, widths[None, :]))

    def miss_of(self, cost: float, misses: str) -> float:
        """Return the miss of one target that costs so much, in what its whole size costs beyond the last segment."""
        widths, slopes = np.array(WIDTHS), np.array(SLOPES[misses]) / SLOPES[misses][-1]
        before = np.concatenate([[0.0], np.cumsum(widths[:-1] * slopes[:-1])])
        return float(np.sum(np.clip((cost - before) / slopes, 0.0, widths)))

    def total(self, value: np.ndarray) -> np.ndarray:
        """Return the miss of each target from the values of the columns."""
        return np.asarray(value.reshape(self.n_targets, len(WIDTHS)).sum(axis=1))


class Settled:
    """Misses of a first and of a second kind, settled target by target, and the bounds that keep them.

    exactly : whether they are kept as exactly as a solver can, and not to ``FROZEN``
    """

    def __init__(self, columns: SegmentColumns, *, exactly: bool = False) -> None:
        self._columns, self._room = columns, _ROOMS[0] if exactly else FROZEN
        self._miss = np.full((2, columns.n_targets), np.inf)

    @property
    def which(self) -> np.ndarray:
        """bool, shape (2, targets): whose misses of each kind are settled."""
        return np.asarray(np.isfinite(self._miss))

    @property
    def is_exact(self) -> bool:
        """Whether something is settled, and kept more exactly than ``FROZEN``."""
        return self._room < FROZEN and bool(self.which.any())

    def keep(self, kind: int, now: np.ndarray, miss: np.ndarray) -> None:
        """Let some targets miss no more than that from now on. kind : 0 or 1."""
        self._miss[kind][now] = miss[now]

    def upper(self) -> np.ndarray:
        """Return upper bounds of the segments of both kinds: float64, shape (columns of both,)."""
        open_ones = self._columns.open()
        bounds = [
            np.where(which[:, None], self._columns.frozen(np.where(which, miss, 0.0), self._room), open_ones)
            for which, miss in zip(self.which, self._miss, strict=True)
        ]
        return np.asarray(np.concatenate(bounds).ravel())

    def beyond(self, miss: tuple[np.ndarray, np.ndarray]) -> float:
        """Return how far misses of both kinds use the room: the most of those that are settled, 0 where none does."""
        over = np.where(self.which, np.stack(miss) - np.where(self.which, self._miss, 0.0), 0.0)
        return float(np.max(over, initial=0.0))

    def set_room(self, room: float) -> float:
        """Let settled misses grow by that much, and return by how much they could so far."""
        before, self._room = self._room, room
        return before

    def loosen(self) -> bool:
        """Give all that is settled more room; False where that is more than can be given."""
        more = next((room for room in _ROOMS if room > self._room), None)
        if more is None or not self.which.any():
            return False
        self._room = more
        return True
