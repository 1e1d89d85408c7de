"""The nearest point itself, once a search has told what is at its bound: linear equations instead of steps.

How far a search's point may be from the nearest one is a matter of its prices as much as of its rows: where a body is
a thousand millionth thin, prices are large, and rows kept to 1e-10 leave room for cells to move by 1e-4. What is at
its bound there is known much better than where the point is. With that given, prices are the solution of linear
equations; what then has a price of the wrong sign is let go, what is left is taken in, until all is as it should be
(a primal-dual active set: Hintermüller, Ito, Kunisch 2002). Where that ends, the point is the nearest one to the last
digits, and hangs on nothing but rows and bounds.

Owns: that end. Knows nothing of: how a search got there.
"""

from __future__ import annotations

import numpy as np

from solver.chains import NormalRows
from solver.frozen import frozen
from solver.sparse import csr_matrix

_ROUNDS = 12
_PATIENCE = 2  # rounds in which no less changes than before
_TIMES = 3  # solutions of the same equations: each mends what the one before left
_RIDGE = 1e-11
_HOPELESS = 0.5  # part of what a solution left that may be left by the next
_TOLERANCE = 1e-12
"""Part of its size by which a row or column may be off, and part of the largest price by which one may be."""

_CONSISTENT = 1e-11
"""Part of its size to which every row at its bound must be there: where not, there is no such point."""


@frozen
class Rows:
    """``low <= matrix @ x <= high``, ``lower <= x <= upper``, nearest to a centre; rows of about unit length.

    matrix : full where it is small (``solver.matrices.full_if_small``); transposed : of it
    rows : of it, for systems of equations
    size : float64, shape (rows,), what a row's residual is measured against
    """

    centre: np.ndarray
    scale: np.ndarray
    matrix: csr_matrix | np.ndarray
    transposed: csr_matrix | np.ndarray
    rows: NormalRows
    low: np.ndarray
    high: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    size: np.ndarray


@frozen
class AtBound:
    """What is at its bound: int8, −1 = at the lower, 1 = at the upper, 0 = at neither; shapes (rows,), (columns,)."""

    rows: np.ndarray
    columns: np.ndarray


@frozen
class ExactEnd:
    """The nearest point, the prices that prove it, and the largest residual of a row."""

    point: np.ndarray
    price: np.ndarray
    residual: float


def exact_end(body: Rows, at: AtBound) -> ExactEnd | None:
    """Return the nearest point; None where what is at its bound does not come to rest.

    Parameters
    ----------
    at : what is at its bound where a search ended
    """
    fixed = np.where(body.centre <= body.lower, -1, np.where(body.centre >= body.upper, 1, 0))
    at = AtBound(
        np.where(body.low == body.high, -1, at.rows).astype(np.int8),
        np.where(body.scale > 0, at.columns, fixed).astype(np.int8),
    )
    seen: set[bytes] = set()
    fewest, idle = len(at.rows) + len(at.columns) + 1, 0
    for _ in range(_ROUNDS):
        seen.add(at.rows.tobytes() + at.columns.tobytes())
        end, implied = _solved(body, at)
        changed = _changed(body, at, end, implied)
        if changed is None:
            return end if end.residual <= _CONSISTENT else None
        count = int(np.count_nonzero(changed.rows != at.rows) + np.count_nonzero(changed.columns != at.columns))
        idle = 0 if count < fewest else idle + 1
        fewest, at = min(fewest, count), changed
        if idle > _PATIENCE or at.rows.tobytes() + at.columns.tobytes() in seen:
            return None
    return None


def _solved(body: Rows, at: AtBound) -> tuple[ExactEnd, np.ndarray]:
    """Return the point at which all stands where it should, and where prices alone would have columns."""
    rows = np.flatnonzero(at.rows)
    asked = np.where(at.rows < 0, body.low, body.high)[rows]
    held = np.where(at.columns < 0, body.lower, np.where(at.columns > 0, body.upper, 0.0))
    weight = np.where(at.columns == 0, body.scale, 0.0)
    price = np.zeros(len(body.low))
    implied, point = body.centre, np.where(at.columns == 0, body.centre, held)
    solve, missing, off = body.rows.solver(rows, weight, _RIDGE), asked - (body.matrix @ point)[rows], np.inf
    for _ in range(_TIMES):
        price[rows] += solve(missing)
        implied = body.centre + body.scale * (body.transposed @ price)
        point = np.where(at.columns == 0, implied, held)
        missing = asked - (body.matrix @ point)[rows]
        before, off = off, float(np.max(np.abs(missing) / body.size[rows], initial=0.0))
        if off > _HOPELESS * before:
            break  # rows contradict each other, and more of the same mends nothing
    return ExactEnd(np.clip(point, body.lower, body.upper), price, off), implied


def _changed(body: Rows, at: AtBound, end: ExactEnd, implied: np.ndarray) -> AtBound | None:
    """Return what is at its bound instead; None where all is as it should be."""
    room = _TOLERANCE * np.maximum(1.0, np.abs(end.point))
    below, above = implied < body.lower - room, implied > body.upper + room
    inside = (body.scale > 0) & (
        ((at.columns < 0) & (implied > body.lower + room)) | ((at.columns > 0) & (implied < body.upper - room))
    )
    columns = np.where(inside, 0, at.columns)
    is_free = at.columns == 0
    columns = np.where(is_free & below, -1, np.where(is_free & above, 1, columns)).astype(np.int8)
    activity = body.matrix @ np.where(is_free, implied, end.point)
    little = _TOLERANCE * max(1.0, float(np.max(np.abs(end.price), initial=0.0)))
    wrong = (body.low != body.high) & np.where(at.rows < 0, end.price < -little, end.price > little)
    under, over = activity < body.low - _TOLERANCE * body.size, activity > body.high + _TOLERANCE * body.size
    rows = np.where((at.rows != 0) & wrong, 0, at.rows)
    is_open = at.rows == 0
    rows = np.where(is_open & under, -1, np.where(is_open & over, 1, rows)).astype(np.int8)
    is_same = np.array_equal(rows, at.rows) and np.array_equal(columns, at.columns)
    return None if is_same else AtBound(rows, columns)
