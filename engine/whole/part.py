"""Cells that are rounded together, and the sums over them that stay where they should be.

Owns: what a part is, and what it costs that a sum gives way.
A part is arrays and nothing else: the same arrays are rounded in the same way, wherever and whenever that is.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.sparse import csr_matrix

SNAP, SNAP_PART = 1e-6, 1e-9
"""Units, and part of a number, within which it counts as whole: what lies closer is the solver's noise."""

ASKED, HOURS, PIECE, USUAL = 100.0, 200.0, 50.0, 10.0
"""How much dearer it is that a sum is a unit off than that a cell goes to the unit further away: what was asked; hours;
what a longer sum gives to a period; totals that people look at."""


def snapped(count: np.ndarray) -> np.ndarray:
    """Return counts without the solver's noise around whole numbers."""
    nearest = np.rint(count)
    return np.where(np.abs(count - nearest) <= np.maximum(SNAP, SNAP_PART * np.abs(count)), nearest, count)


@frozen
class Part:
    """Cells between two units and the sums over them, all in units above each cell's next lower one.

    share : float64, shape (cells,), how far each cell is above the lower unit
    lower, upper : float64, shape (cells,), 0 or 1: a cell may be held to one side
    inside : int64, shape (2, cells), the smallest sum of each of two nested families that a cell stands in, −1 = none
    around : int64, shape (sums,), sums of both families: the smallest right around each, −1 = none
    low, high : float64, shape (2, sums), between which whole numbers a sum stays: noise taken off, and as it is
    price : float64, shape (2, sums), of a unit below and above that where not all can be kept, infinite = never
    asked : csr of 0/1, shape (asked, cells); goal : float64, shape (asked,), what these sums should come to
    sum_of : int64, shape (asked,), which sum of the flow each is, −1 = it crosses both families
    hours : csr, shape (rows, cells), hours of one more unit; left : float64, shape (rows,), hours that there are
    """

    share: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    inside: np.ndarray
    around: np.ndarray
    low: np.ndarray
    high: np.ndarray
    price: np.ndarray
    asked: csr_matrix
    goal: np.ndarray
    sum_of: np.ndarray
    hours: csr_matrix
    left: np.ndarray


@frozen
class Chosen:
    """up : float64, shape (cells,), 1 for cells that go up, else 0; keeps_all : whether every sum is kept."""

    up: np.ndarray
    keeps_all: bool
