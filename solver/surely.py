"""The nearest point by the method of multipliers, and its exact end: slower than Newton's method, and surer.

Owns: what goes into that method, and which of its two ends is taken.
"""

from __future__ import annotations

import numpy as np

from solver.exact_end import AtBound, Rows, exact_end
from solver.frozen import frozen
from solver.matrices import weigh_columns
from solver.multipliers import Ball, nearest_to_origin


@frozen
class Surely:
    """The point found and its prices of rows, the steps taken; is_exact : whether it is the nearest to the last digits.

    Where the body is empty, the point is one that is hardly outside, if there is any such.
    """

    point: np.ndarray
    price: np.ndarray
    steps: int
    is_exact: bool


def nearest_surely(body: Rows, part: np.ndarray | None, goal: float) -> Surely:
    """Return the nearest point of a body.

    Parameters
    ----------
    part : as in ``solver.projection.Polyhedron``
    goal : row residual, relative to ``body.size``, at which to stop
    """
    root = np.sqrt(body.scale)
    matrix, offset = weigh_columns(body.matrix, root), body.matrix @ body.centre
    least, most = (
        np.where(root > 0, (bound - body.centre) / np.where(root > 0, root, 1), 0.0)
        for bound in (body.lower, body.upper)
    )
    fixed = np.clip(body.centre, body.lower, body.upper) - body.centre
    offset = offset + body.matrix @ np.where(root > 0, 0.0, fixed)
    found = nearest_to_origin(Ball(matrix, body.low - offset, body.high - offset, least, most, body.size, part), goal)
    at = AtBound(-np.sign(found.price).astype(np.int8), -np.sign(found.bound_price).astype(np.int8))
    end = exact_end(body, at)
    if end is not None:
        return Surely(end.point, end.price, found.steps, is_exact=True)
    moved = body.centre + np.where(root > 0, root * found.u, fixed)
    return Surely(np.clip(moved, body.lower, body.upper), found.price, found.steps, is_exact=False)
