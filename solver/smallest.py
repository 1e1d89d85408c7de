"""Prices that say the same with the least of them: of all that hold a point where it is, the smallest.

    minimise Σ_i weight_i (wanted_i − Σ_r a_ri p_r)² + ridge · Σ_r (size_r p_r)²

Rows that nearly say the same can hold a point only by huge prices that pull against each other. With a ridge they are
not told: what only such rows explain is left over, and no more than that.

Owns: this ridge (Tikhonov, 1963, iterated).
"""

from __future__ import annotations

import numpy as np

_RIDGE = 1e-3
"""Part of a row's own pull, squared. Rows whose pulls but for a hundredth cancel each other count for nothing."""

_TIMES = 8
"""Rounds, each from where the one before ended: what the ridge keeps from all others is nothing then."""


def smallest_prices(rows: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the prices.

    Parameters
    ----------
    rows : float64, shape (rows, columns); wanted, weight : float64, shape (columns,), weight ≥ 0

    Returns
    -------
    float64, shape (rows,); 0 of a row that no column of weight has a part in
    """
    root = np.sqrt(weight)
    pulls = (rows * root).T
    size = np.linalg.norm(pulls, axis=0)
    used = np.flatnonzero(size > 0)
    found = np.zeros(len(rows))
    if len(used):
        pulls, asked = pulls[:, used] / size[used], wanted * root
        system = pulls.T @ pulls + _RIDGE * np.eye(len(used))
        price = np.zeros(len(used))
        for _ in range(_TIMES):
            price += np.linalg.solve(system, pulls.T @ (asked - pulls @ price))
        found[used] = price / size[used]
    return found
