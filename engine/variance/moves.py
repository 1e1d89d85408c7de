"""Pairs on one side only, told apart: what is new, what was closed, and what moved from one pair to another.

    moved = closed, and new again in the same queue with another team, else with the same team in another queue

Owns: that matching. It adds up to nothing over any node that holds both ends.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen


@frozen
class Moves:
    """float64, shape (pairs, leaf periods); new ≥ 0, closed ≤ 0; new + closed + moved is all of it."""

    new: np.ndarray
    closed: np.ndarray
    moved: np.ndarray


def tell_apart(new: np.ndarray, closed: np.ndarray, org: np.ndarray, queue: np.ndarray) -> Moves:
    """Return what is new and what was closed without what only moved.

    Parameters
    ----------
    new, closed : float64, shape (pairs, leaf periods), amounts ≥ 0 of pairs on one side only
    org, queue : int64, shape (pairs,), whose pairs they are
    """
    arrived, left = new.copy(), closed.copy()
    if new.any() and closed.any():
        for group in (queue, org):
            _match(arrived, left, np.unique(group, return_inverse=True)[1].ravel())
    return Moves(arrived, -left, (new - arrived) - (closed - left))


def _match(arrived: np.ndarray, left: np.ndarray, group: np.ndarray) -> None:
    """Take out of both what each group has on either side, in equal parts of its pairs."""
    shape = (int(group.max()) + 1, arrived.shape[1])
    inward, outward = np.zeros(shape), np.zeros(shape)
    np.add.at(inward, group, arrived)
    np.add.at(outward, group, left)
    both = np.minimum(inward, outward)
    for side, total in ((arrived, inward), (left, outward)):
        part = np.divide(both, total, out=np.zeros(shape), where=total > 0)
        np.multiply(side, 1 - part[group], out=side)
