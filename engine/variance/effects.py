"""Effects that add up to a variance, for many nodes at once.

    volume metric   mix_i = q1_i − Q1 w0_i            volume_i = Q1 w0_i − q0_i           w0 = q0 / Q0
    rate            rate = Σ (r1−r0)(s0+s1)/2         mix = Σ (s1−s0)((r0+r1)/2 − R̄)      s = w / Σ w inside the node
    value = q × r   rate = Σ q1 (r1−r0)               quantity = (Q1−Q0) R0               mix = Σ (q1 − Q1 w0) r0

Volume and value effects are made at the leaves and summed; rate effects are made anew inside each node, for they do
not add up a tree.

Owns: these formulas. Sources: Drury and Horngren for quantity and mix, Kitagawa (1955) for rates.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.sparse import csr_matrix


@frozen
class VolumeEffects:
    """Per cell or node: float64, in items; volume + mix = actual − agreed."""

    volume: np.ndarray
    mix: np.ndarray


def volume_effects(agreed: np.ndarray, actual: np.ndarray) -> VolumeEffects:
    """Return the effects of each cell of one total.

    Parameters
    ----------
    agreed, actual : float64, shape (cells,), ≥ 0, both known

    Notes
    -----
    With nothing agreed there is no mix to keep: everything is volume.
    """
    total0, total1 = float(agreed.sum()), float(actual.sum())
    kept = total1 * agreed / total0 if total0 > 0 else actual
    return VolumeEffects(kept - agreed, actual - kept)


@frozen
class RateEffects:
    """Per node: float64, shape (nodes,), in the unit of the rate; rate + mix + new_or_closed = actual − agreed.

    agreed, actual : Σ w r / Σ w of the node; nan where nothing weighs
    """

    agreed: np.ndarray
    actual: np.ndarray
    rate: np.ndarray
    mix: np.ndarray
    new_or_closed: np.ndarray


@frozen
class Weighted:
    """A rate and what it is weighted by, per cell: float64, shape (cells,)."""

    rate: np.ndarray
    weight: np.ndarray


def rate_effects(member: csr_matrix, agreed: Weighted, actual: Weighted) -> RateEffects:
    """Return the effects of each node, with shares and mean made inside it.

    Parameters
    ----------
    member : csr of 0/1, shape (nodes, cells)

    Notes
    -----
    A cell that weighs nothing on one side cannot be compared: what it does to the mean is "new or closed".
    """
    common = (agreed.weight > 0) & (actual.weight > 0)
    mean0, mean1 = _mean(member, agreed), _mean(member, actual)
    both0, both1 = (Weighted(each.rate, np.where(common, each.weight, 0.0)) for each in (agreed, actual))
    inner0, inner1 = _mean(member, both0), _mean(member, both1)
    change = np.where(common, actual.rate - agreed.rate, 0.0)
    middle = np.where(common, (actual.rate + agreed.rate) / 2, 0.0)
    rate = (_mean(member, Weighted(change, both0.weight)) + _mean(member, Weighted(change, both1.weight))) / 2
    # Σ (s1 − s0) R̄ is nothing: shares add up to one on both sides
    mix = _mean(member, Weighted(middle, both1.weight)) - _mean(member, Weighted(middle, both0.weight))
    comparable = np.isfinite(inner0) & np.isfinite(inner1)
    rate, mix = np.where(comparable, rate, 0.0), np.where(comparable, mix, 0.0)
    return RateEffects(mean0, mean1, rate, mix, (mean1 - mean0) - np.where(comparable, inner1 - inner0, 0.0))


def _mean(member: csr_matrix, each: Weighted) -> np.ndarray:
    total = np.asarray(member @ each.weight)
    found = np.asarray(member @ (each.weight * np.where(each.weight > 0, each.rate, 0.0)))
    return np.asarray(np.divide(found, total, out=np.full(len(total), np.nan), where=total > 0))


def rate_effects_by_cell(agreed: Weighted, actual: Weighted) -> tuple[np.ndarray, np.ndarray]:
    """Return rate and mix effect of each cell within one node, as centred by Kitagawa; all cells weigh on both sides.

    Notes
    -----
    Their sum is what a cell, or a child, contributes to the change of its parent.
    """
    share0, share1 = agreed.weight / agreed.weight.sum(), actual.weight / actual.weight.sum()
    centre = (share0 @ agreed.rate + share1 @ actual.rate) / 2
    rate = (actual.rate - agreed.rate) * (share0 + share1) / 2
    return rate, (share1 - share0) * ((agreed.rate + actual.rate) / 2 - centre)


@frozen
class ValueEffects:
    """Per cell: float64, in the unit of the value; rate + quantity + mix = q1 r1 − q0 r0."""

    rate: np.ndarray
    quantity: np.ndarray
    mix: np.ndarray


def value_effects(agreed: Weighted, actual: Weighted) -> ValueEffects:
    """Return the effects of each cell of one total of quantity × rate; ``weight`` is the quantity."""
    total0, total1 = float(agreed.weight.sum()), float(actual.weight.sum())
    kept = total1 * agreed.weight / total0 if total0 > 0 else actual.weight
    return ValueEffects(
        rate=actual.weight * (actual.rate - agreed.rate),
        quantity=(kept - agreed.weight) * agreed.rate,
        mix=(actual.weight - kept) * agreed.rate,
    )


def is_reversed(total: np.ndarray, rate: np.ndarray, least: float = 1e-9) -> np.ndarray:
    """bool: where a total moves against its own rate effect (Simpson's paradox): the mix tells the story."""
    return np.asarray((np.sign(total) * np.sign(rate) < 0) & (np.abs(total) > least) & (np.abs(rate) > least))
