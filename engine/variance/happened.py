"""What happened and what was agreed, per leaf pair and leaf period.

Owns: the shape in which both are compared.
"""

from __future__ import annotations

import datetime

import numpy as np

from solver.frozen import frozen


@frozen
class LeafValues:
    """Values of metric × leaf org × leaf queue (one key) in each leaf period.

    key : int64, shape (pairs,), ascending, (metric × leaf orgs + org) × leaf queues + queue
    value : float64, shape (pairs, leaf periods), nan = not there
    """

    key: np.ndarray
    value: np.ndarray

    def at(self, keys: np.ndarray) -> np.ndarray:
        """Return the values of some keys: float64, shape (keys, leaf periods); nan where there are none."""
        return aligned(self.key, self.value, keys, np.nan)


def aligned(key: np.ndarray, rows: np.ndarray, wanted: np.ndarray, missing: float) -> np.ndarray:
    """Return the rows of wanted keys; ``key`` is ascending."""
    found = np.full((len(wanted), rows.shape[1]), missing, dtype=rows.dtype)
    if len(key):
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        hit = key[at] == wanted
        found[hit] = rows[at[hit]]
    return found


@frozen
class Agreed:
    """What was agreed.

    version, at, fingerprint : of the seal; "" where nothing was sealed and the cascade stands in
    outside : rows that no longer are in the plan, and their amount
    """

    values: LeafValues
    version: str = ""
    at: str = ""
    fingerprint: str = ""
    is_sealed: bool = False


@frozen
class Happened:
    """What happened, up to As of.

    values : amounts and rates; nan = not reported
    covered : float64, shape of values, part of the period's days that the value covers, 0…1
    estimated : bool, shape of values, split or shared out
    count : float64, shape of values, observations behind a rate, nan = unknown
    as_of : leaf periods that have ended; ends : the last of their days, None where nobody tells
    given, set_aside : values in Actuals, and how many of them could not be used
    set_aside_beside : rows of CapacityActuals and InflowActuals that could not be used
    """

    values: LeafValues
    covered: np.ndarray
    estimated: np.ndarray
    count: np.ndarray
    as_of: int
    given: int
    set_aside: int
    ends: datetime.date | None = None
    set_aside_beside: int = 0
