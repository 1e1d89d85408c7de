"""One effect per driver of a formula, adding up to the change of its result.

    Shapley   φ_k = Σ_S |S|! (n−|S|−1)! / n! · [f(S + k) − f(S)]          any formula, exact to 8 drivers
    LMDI-I    Δ_k = Σ_i L(V1_i, V0_i) ln(x1_ki / x0_ki)                    pure products, L(a, b) = (a − b) / ln(a / b)

Owns: both. Sources: Das Gupta (1993), whose tables are Shapley's values; Ang (2005); for zeros Wood and Lenzen (2006).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np

MOST_DRIVERS = 8
"""Drivers to which Shapley's value is exact: 256 evaluations."""


def shapley(
    formula: Callable[[Sequence[np.ndarray]], np.ndarray], before: Sequence[np.ndarray], after: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Return the effect of each driver, for many rows at once.

    Parameters
    ----------
    formula : drivers → result, each of shape (rows,)
    before, after : the drivers' values, each of shape (rows,)

    Raises
    ------
    ValueError
        More drivers than can be settled exactly.
    """
    count = len(before)
    if count > MOST_DRIVERS:
        raise ValueError(f"{count} drivers, at most {MOST_DRIVERS} can be told apart exactly")
    value = [
        formula([after[at] if chosen >> at & 1 else before[at] for at in range(count)]) for chosen in range(1 << count)
    ]
    effects = []
    for driver in range(count):
        effect = np.zeros_like(np.asarray(value[0], dtype=np.float64))
        for chosen in range(1 << count):
            if not chosen >> driver & 1:
                size = chosen.bit_count()
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                effect = effect + weight * (value[chosen | 1 << driver] - value[chosen])
        effects.append(effect)
    return effects


def logarithmic_mean(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """L(a, b) = (a − b) / ln(a / b); L(a, a) = a; L(a, 0) = 0."""
    first, second = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
    mean = np.where((first > 0) & (second > 0), first, 0.0)
    # close values: the quotient loses digits, the series does not
    ratio = np.divide(first - second, second, out=np.zeros_like(mean), where=second > 0)
    far = (mean > 0) & (np.abs(ratio) > 1e-4)
    mean[far] = (first[far] - second[far]) / np.log(first[far] / second[far])
    near = (mean > 0) & ~far
    mean[near] = second[near] * (1 + ratio[near] / 2 - ratio[near] ** 2 / 12 + ratio[near] ** 3 / 24)
    return mean


def lmdi(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the additive LMDI-I effect of each factor of a product, per row.

    Parameters
    ----------
    before, after : float64, shape (factors, rows), ≥ 0

    Returns
    -------
    float64, shape (factors, rows)
        Adds up over factors to the change of the product.

    Raises
    ------
    ValueError
        A factor is negative: its logarithm says nothing; use Shapley's value.

    Notes
    -----
    Zeros take their analytic limits, no small numbers: where the product is 0 on one side, the change belongs to the
    factors that are 0 there, in equal parts.
    """
    before, after = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if (before < 0).any() or (after < 0).any():
        raise ValueError("a factor is negative")
    value0, value1 = before.prod(axis=0), after.prod(axis=0)
    mean = logarithmic_mean(value1, value0)
    positive = (before > 0) & (after > 0)
    ratio = np.where(positive, after, 1.0) / np.where(positive, before, 1.0)
    effects = mean * np.log(ratio)
    one_sided = (value0 > 0) != (value1 > 0)
    vanishing = np.where(value0 > 0, after == 0, before == 0)
    number = vanishing.sum(axis=0)
    part = np.divide(value1 - value0, number, out=np.zeros_like(value0), where=number > 0)
    return np.where(one_sided, np.where(vanishing, part, 0.0), effects)
