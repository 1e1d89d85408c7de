"""Signal or noise: intervals of shares seen in samples, and the limits within which a series wanders by itself.

    Wilson   (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)
    XmR      mean ± 2.66 · mean moving range

Owns: both. Sources: Wilson (1927) as tabled by Newcombe (1998); Wheeler for the factors of XmR charts.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

Z95 = 1.959963984540054
XMR = 2.66
"""3 / d2 for ranges of two."""

FEWEST = 6
"""Periods below which limits would say more about chance than about the process."""

RUN = 8
"""Periods in a row on one side of the mean that are no accident."""


def wilson(share: np.ndarray, count: np.ndarray, z: float = Z95) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval that holds the true share, 19 times of 20: two float64 arrays; nan where count is not > 0."""
    share, count = np.asarray(share, np.float64), np.asarray(count, np.float64)
    known = count > 0
    size = np.where(known, count, 1.0)
    middle = share + z * z / (2 * size)
    spread = z * np.sqrt(np.maximum(share * (1 - share), 0.0) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return np.where(known, np.maximum(low, 0.0), np.nan), np.where(known, np.minimum(high, 1.0), np.nan)


class Signal(IntEnum):
    """What a point says about its series."""

    UNKNOWN = 0  # too few periods
    NOISE = 1
    ABOVE = 2
    BELOW = 3
    RUN_ABOVE = 4
    RUN_BELOW = 5

    @property
    def label(self) -> str:
        """The word in the Signal column."""
        return _LABELS[self]


_LABELS = {
    Signal.UNKNOWN: "",
    Signal.NOISE: "noise",
    Signal.ABOVE: "above its limits",
    Signal.BELOW: "below its limits",
    Signal.RUN_ABOVE: f"{RUN} in a row above its mean",
    Signal.RUN_BELOW: f"{RUN} in a row below its mean",
}


def xmr_limits(series: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, lower and upper limit of each series.

    Parameters
    ----------
    series : float64, shape (rows, periods), nan = unknown; ranges are made between neighbours that are both known

    Returns
    -------
    three float64, shape (rows,); nan where fewer than ``FEWEST`` periods are known
    """
    known = np.isfinite(series)
    moves = np.abs(np.diff(series, axis=1))
    pairs = np.isfinite(moves)
    enough = (known.sum(axis=1) >= FEWEST) & (pairs.sum(axis=1) > 0)
    mean = np.where(known, series, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    reach = XMR * np.where(pairs, moves, 0.0).sum(axis=1) / np.maximum(pairs.sum(axis=1), 1)
    mean, reach = np.where(enough, mean, np.nan), np.where(enough, reach, np.nan)
    return mean, mean - reach, mean + reach


def signals(series: np.ndarray) -> np.ndarray:
    """Return what each point says: int64, shape (rows, periods), values of Signal."""
    mean, low, high = (each[:, None] for each in xmr_limits(series))
    found = np.full(series.shape, int(Signal.UNKNOWN))
    judged = np.isfinite(series) & np.isfinite(mean)
    found[judged] = Signal.NOISE
    room = 1e-12 * np.maximum(np.abs(mean), 1.0)  # a series that never moves has no limits to cross
    for side, label in ((series > mean + room, Signal.RUN_ABOVE), (series < mean - room, Signal.RUN_BELOW)):
        length = np.zeros(len(series), np.int64)
        for at in range(series.shape[1]):
            length = np.where(side[:, at], length + 1, np.where(judged[:, at], 0, length))
            found[judged[:, at] & side[:, at] & (length >= RUN), at] = label
    found[judged & (series > high + room)] = Signal.ABOVE
    found[judged & (series < low - room)] = Signal.BELOW
    return found
