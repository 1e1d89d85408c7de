"""How far a result is, and how good that is: attainment, progress, and a status that knows its noise.

    higher is better  actual / target        lower is better  2 − actual / target        target 0: no ratio
    progress          (actual − baseline) / (target − baseline)

Owns: attainment and status. Volumes are judged by attainment, shares in points (93.2 % against 98 % is an attainment of
95 %, and a disaster), amber too while the interval of the sample holds the target.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from engine.variance.noise import wilson
from solver.frozen import frozen

_ROUNDING = 1e-9


class Status(IntEnum):
    """How good a result is."""

    NO_DATA = 0
    RED = 1
    AMBER = 2
    GREEN = 3

    @property
    def label(self) -> str:
        """The word in the Status column."""
        return self.name.lower().replace("_", " ")


@frozen
class Thresholds:
    """From where a metric is green and amber: attainment, or points below target for rates."""

    green: float
    amber: float


OF_AMOUNTS = Thresholds(1.0, 0.95)
OF_RATES = Thresholds(0.0, 0.01)
"""What holds where Metrics gives nothing; the points of a rate that is no share are parts of its target."""


def attainment(agreed: np.ndarray, actual: np.ndarray, *, higher: bool) -> np.ndarray:
    """Return the attainment: float64; nan where nothing was agreed or nothing is known."""
    ratio = np.divide(actual, agreed, out=np.full(np.shape(actual), np.nan), where=np.asarray(agreed) > 0)
    return np.asarray(ratio if higher else 2 - ratio)


def progress(baseline: np.ndarray, agreed: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return which part of the way from the baseline was made; nan where there was no way to go."""
    way = agreed - baseline
    room = _ROUNDING * np.maximum(np.abs(agreed), 1e-300)
    far = np.abs(way) > room
    return np.asarray(np.divide(actual - baseline, way, out=np.full(np.shape(way), np.nan), where=far))


def status_of_amounts(agreed: np.ndarray, actual: np.ndarray, limits: Thresholds, *, higher: bool) -> np.ndarray:
    """Return the status of volumes, stocks and values: int64, values of Status.

    Notes
    -----
    Where nothing was agreed there is no ratio: more than nothing is green where higher is better, red where lower is.
    """
    good = attainment(agreed, actual, higher=higher)
    bare = np.where(higher | (actual <= 0), 1.0, -np.inf)
    judged = np.where(agreed > 0, good, bare)
    found = np.where(judged >= limits.green - _ROUNDING, Status.GREEN, Status.RED)
    found = np.where((found == Status.RED) & (judged >= limits.amber - _ROUNDING), Status.AMBER, found)
    known = np.isfinite(agreed) & np.isfinite(actual)
    return np.where(known, found, Status.NO_DATA).astype(np.int64)


@frozen
class Seen:
    """What a rate was seen in. count : float64, observations, nan where unknown; is_share : lies in 0…1."""

    count: np.ndarray
    is_share: bool


def status_of_rates(
    agreed: np.ndarray, actual: np.ndarray, limits: Thresholds, seen: Seen, *, higher: bool
) -> np.ndarray:
    """Return the status of rates: int64, values of Status; judged in points, or in parts of the target if no share."""
    unit = 1.0 if seen.is_share else np.abs(agreed)
    below = (agreed - actual) if higher else (actual - agreed)
    green = below <= limits.green * unit + _ROUNDING
    amber = below <= (limits.amber) * unit + _ROUNDING
    if seen.is_share:
        low, high = wilson(np.clip(actual, 0, 1), seen.count)
        amber |= (low <= agreed) & (agreed <= high)
    found = np.where(green, Status.GREEN, np.where(amber, Status.AMBER, Status.RED))
    known = np.isfinite(agreed) & np.isfinite(actual)
    return np.where(known, found, Status.NO_DATA).astype(np.int64)


def pooled_count(total_weight: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Return the observations that a weighted mean is worth: (Σ w)² / Σ (w² / n), nan where some n is unknown.

    Parameters
    ----------
    squares : Σ w² / n of the node
    """
    known = np.isfinite(squares) & (squares > 0)
    return np.asarray(np.divide(total_weight**2, squares, out=np.full(np.shape(squares), np.nan), where=known))
