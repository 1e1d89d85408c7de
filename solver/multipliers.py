"""The same projection by the method of multipliers: slower, and sure where rows leave no room between them.

Frozen levels leave a body without an interior; prices then have no finite best, and Newton's method on them
wanders. Here prices move a bounded way at a time, and every inner problem is smooth and strongly convex.

Owns: the fallback of ``solver.projection``.
"""

from __future__ import annotations

import numpy as np

from solver.chains import NormalRows
from solver.frozen import frozen
from solver.matrices import turned
from solver.sparse import csr_matrix

_FIRST_RIDGE = 1e-2
_LAST_RIDGE = 1e-10
_SHRINK = 0.1
_PATIENCE = 15  # rounds without a better residual at the smallest ridge before giving up
_STEPS = 600
_HALVINGS = 40


@frozen
class Ball:
    """Minimise ½ |u|² under ``low <= matrix u <= high``, ``least <= u <= most``; rows of about unit length.

    size : float64, shape (rows,), what a row's residual is measured against
    part : int64, shape (columns,), as in ``solver.projection.Polyhedron``
    """

    matrix: csr_matrix | np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    size: np.ndarray
    part: np.ndarray | None = None


@frozen
class Nearest:
    """The point found.

    price : of rows, u = matrixᵀ price where u is inside its bounds; bound_price : of bounds, above 0 at the lower one
    steps : taken
    """

    u: np.ndarray
    price: np.ndarray
    bound_price: np.ndarray
    steps: int


def nearest_to_origin(ball: Ball, goal: float) -> Nearest:
    """Return the point of the body nearest to the origin.

    Parameters
    ----------
    goal : row residual relative to ``size`` at which to stop

    Notes
    -----
    Augmented Lagrangian (Hestenes, Powell 1969; for polyhedra it ends in linear to finite time: Rockafellar 1976)
    with a semismooth Newton step inside; the ridge shrinks from round to round.
    """
    return _Rounds(ball).run(goal)


class _Rounds:
    def __init__(self, ball: Ball) -> None:
        self.ball = ball
        self.transposed = turned(ball.matrix)
        self.rows = NormalRows(ball.matrix, ball.part)
        self.u = np.clip(np.zeros(ball.matrix.shape[1]), ball.least, ball.most)
        self.price = np.zeros(ball.matrix.shape[0])
        self.bound_price = np.zeros(ball.matrix.shape[1])
        self.ridge = _FIRST_RIDGE
        self.steps = 0

    def run(self, goal: float) -> Nearest:
        best = (np.inf, self.u, self.price, self.bound_price)
        idle = 0
        while idle < _PATIENCE and self.steps < _STEPS:
            self._minimise()
            moved = self._move_prices()
            residual = max(self._row_residual(), moved)
            idle = 0 if residual < 0.9 * best[0] else idle + 1
            if residual < best[0]:
                best = (residual, self.u, self.price, self.bound_price)
            if residual <= goal:
                break
            self.ridge = max(self.ridge * _SHRINK, _LAST_RIDGE)
        return Nearest(*best[1:], self.steps)

    def _row_residual(self) -> float:
        activity = self.ball.matrix @ self.u
        off = np.maximum(self.ball.low - activity, activity - self.ball.high)
        return float(np.max(off / self.ball.size, initial=0.0))

    def _move_prices(self) -> float:
        """Take the inner solution's prices; return how far bounds are off, in the scale of the largest value."""
        rows, bounds = self._off(self.u)
        self.price, self.bound_price = -rows / self.ridge, -bounds / self.ridge
        over = np.maximum(self.ball.least - self.u, self.u - self.ball.most)
        return float(np.max(over, initial=0.0)) / max(1.0, float(np.max(np.abs(self.u), initial=0.0)))

    def _off(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far rows and bounds, shifted by their prices, are outside."""
        row = self.ball.matrix @ u - self.ridge * self.price
        bound = u - self.ridge * self.bound_price
        return (
            row - np.clip(row, self.ball.low, self.ball.high),
            bound - np.clip(bound, self.ball.least, self.ball.most),
        )

    def _value(self, u: np.ndarray, rows: np.ndarray, bounds: np.ndarray) -> float:
        return float(0.5 * u @ u + (rows @ rows + bounds @ bounds) / (2 * self.ridge))

    def _minimise(self) -> None:
        rows, bounds = self._off(self.u)
        value = self._value(self.u, rows, bounds)
        for _ in range(_STEPS):
            gradient = self.u + (self.transposed @ rows + bounds) / self.ridge
            # what rounding of the rows leaves of the gradient, divided by the ridge
            settled = 1e-15 * self._scale() / self.ridge + 1e-13 * self._scale()
            if self.steps >= _STEPS or np.max(np.abs(gradient), initial=0.0) <= settled:
                return
            direction = self._direction(gradient, rows, bounds)
            slope = float(gradient @ direction)
            length = 1.0
            for _ in range(_HALVINGS):
                trial = self.u + length * direction
                rows, bounds = self._off(trial)
                found = self._value(trial, rows, bounds)
                if found <= value + 1e-4 * length * slope + 1e-14 * abs(value):
                    break
                length *= 0.5
            self.steps += 1
            stalled = np.max(np.abs(trial - self.u), initial=0.0) <= 1e-15 * self._scale()
            self.u, value = trial, found
            if stalled:
                return

    def _scale(self) -> float:
        return max(1.0, float(np.max(np.abs(self.u), initial=0.0)))

    def _direction(self, gradient: np.ndarray, rows: np.ndarray, bounds: np.ndarray) -> np.ndarray:
        """Newton step of the smooth inner problem, its inverse taken over the rows that are off (Woodbury)."""
        inverse = 1 / (1 + (bounds != 0) / self.ridge)
        active = np.flatnonzero(rows)
        plain = inverse * gradient
        if not len(active):
            return np.asarray(-plain)
        part = self.ball.matrix[active]
        price = self.rows.solve(active, inverse, self.ridge, part @ plain)
        return np.asarray(inverse * (part.T @ price) - plain)
