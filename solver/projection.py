"""The point of a polyhedron that is nearest to a centre, in a diagonal metric: strictly convex, so unique.

Owns: minimise Σ (x − centre)² / (2 scale) under linear rows and bounds, on the dual.
Knows nothing of: why a point is wanted near its centre.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.chains import NormalRows
from solver.frozen import frozen
from solver.matrices import scale_columns, scale_rows
from solver.memory import FORGETFUL, Arrays, Memory, fingerprint, recalled
from solver.multipliers import Ball, nearest_to_origin
from solver.sparse import csr_matrix

ACCEPTED = 1e-6
"""Largest row residual, relative to max(1, |bound|), at which a projection is taken."""

GOOD = 1e-8
"""Row residual above which the slower, surer method is asked as well."""

_GOAL = 1e-10  # residual at which the search stops

_STEPS = 200
_HALVINGS = 30
_RIDGE = 1e-11  # relative to the normalised rows: among equal prices the smallest
_PATIENCE = 12  # steps without a better residual before the search is given up
_LITTLE_PATIENCE = 4


@frozen
class Polyhedron:
    """``row_lower <= matrix @ x <= row_upper``, ``lower <= x <= upper``.

    part : int64, shape (columns,), parts that only few rows link, below 0 for columns of none: a hint that makes large
        searches quicker, and changes no answer
    """

    matrix: csr_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    part: np.ndarray | None = None


@frozen
class Projection:
    """The nearest point found.

    point : shape (columns,); price : shape (rows,), ``point = clip(centre + scale · matrixᵀ price)``
    residual : largest distance of a row from where it should be (kept; tight if priced), relative to max(1, |bound|)
    steps : Newton steps taken
    """

    point: np.ndarray
    price: np.ndarray
    residual: float
    steps: int

    @property
    def is_accepted(self) -> bool:
        """Whether every row holds to ``ACCEPTED``."""
        return self.residual <= ACCEPTED


def project(
    centre: np.ndarray, scale: np.ndarray, body: Polyhedron, goal: float = _GOAL, memory: Memory = FORGETFUL
) -> Projection:
    """Minimise Σ (x − centre)² / (2 scale) over a polyhedron, by semismooth Newton on the row prices.

    Parameters
    ----------
    centre, scale : float64, shape (columns,); a column of scale 0 stays at its centre, clipped to its bounds
    goal : row residual, relative to max(1, |bound|), at which to stop
    memory : what was found in earlier runs

    Returns
    -------
    Projection
        Check ``is_accepted``: an empty polyhedron has no projection, and the search is bounded in steps.

    Notes
    -----
    With prices p the minimiser is x(p) = clip(centre + scale · Aᵀp, lower, upper), and the dual
    ½ Σ (x − centre)²/scale − pᵀA x + p⁺·row_lower − p⁻·row_upper is concave and once differentiable
    (semismooth Newton on it: Qi & Sun, 1993). Rows are normalised to Σ a² scale = 1 first.
    """

    def search() -> Projection:
        searching = _Search(centre, scale, body)
        found = searching.run(goal)
        return found if found.residual <= GOOD else searching.run_surely(goal, found)

    inside = _centre_inside(centre, body, goal)
    return inside if inside is not None else _recalled("nearest", (centre, scale, body, goal), memory, search)


def try_project(
    centre: np.ndarray, scale: np.ndarray, body: Polyhedron, goal: float = _GOAL, memory: Memory = FORGETFUL
) -> Projection:
    """Do the same by Newton's method alone: quick to give up where the polyhedron is empty or has no interior."""

    def search() -> Projection:
        return _Search(centre, scale, body).run(goal, _LITTLE_PATIENCE)

    inside = _centre_inside(centre, body, goal)
    return inside if inside is not None else _recalled("tried", (centre, scale, body, goal), memory, search)


def _centre_inside(centre: np.ndarray, body: Polyhedron, goal: float) -> Projection | None:
    """Return the centre within its bounds where that keeps every row: there is nothing to search for then."""
    point = np.clip(centre, body.lower, body.upper)
    activity = body.matrix @ point
    off = np.maximum(np.maximum(body.row_lower - activity, activity - body.row_upper), 0.0)
    bound = np.where(np.isfinite(body.row_lower), body.row_lower, body.row_upper)
    size = np.maximum(np.abs(np.where(np.isfinite(bound), bound, 0)), 1.0)
    residual = float(np.max(off / size, initial=0.0))
    return Projection(point, np.zeros(len(off)), residual, 0) if residual <= goal else None


def _recalled(
    question: str,
    asked: tuple[np.ndarray, np.ndarray, Polyhedron, float],
    memory: Memory,
    search: Callable[[], Projection],
) -> Projection:
    """Return what a search finds, or found in an earlier run."""
    centre, scale, body, goal = asked

    def key() -> str:
        bounds = (body.row_lower, body.row_upper, body.lower, body.upper, body.part)
        return fingerprint(question, centre, scale, body.matrix, *bounds, np.array([goal]))

    def work_out() -> Arrays:
        found = search()
        about = np.array([found.residual, found.steps])
        return {"point": found.point, "price": found.price, "about": about}

    kept = recalled(memory, key, work_out)
    residual, steps = kept["about"].tolist()
    return Projection(kept["point"], kept["price"], residual, int(steps))


class _Search:
    """State of one search: rows normalised, prices, the point they imply."""

    def __init__(self, centre: np.ndarray, scale: np.ndarray, body: Polyhedron) -> None:
        self.centre, self.scale, self.body = centre, scale, body
        weight = np.sqrt(np.asarray(body.matrix.multiply(body.matrix) @ scale).ravel())
        self.norm = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), 1.0)
        self.matrix = scale_rows(body.matrix, self.norm)
        self.transposed = csr_matrix(self.matrix.T)
        self.rows = NormalRows(self.matrix, body.part)
        self.low, self.high = body.row_lower * self.norm, body.row_upper * self.norm
        self.is_equal = self.low == self.high
        self.finite_low = np.where(np.isfinite(self.low), self.low, 0)
        self.finite_high = np.where(np.isfinite(self.high), self.high, 0)
        bound = np.where(np.isfinite(body.row_lower), body.row_lower, body.row_upper)
        self.size = np.maximum(np.abs(np.where(np.isfinite(bound), bound, 0)), 1.0) * self.norm
        self.inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)

    def run(self, goal: float, patience: int = _PATIENCE) -> Projection:
        price = np.zeros(len(self.low))
        point = self._point(price)
        value = self._dual(price, point)
        best = (np.inf, price, point)
        least, stalled, steps = np.inf, 0, 0
        while steps < _STEPS:
            gradient = self._gradient(price, point)
            residual = self._residual(point, gradient)
            if residual < best[0]:
                best = (residual, price, point)
            # prices only start to say something with the first step: before it, the residual may be small by luck
            if steps > 0:
                stalled = 0 if residual < 0.9 * least else stalled + 1
                least = min(least, residual)
            if residual <= goal or stalled > patience:
                break
            direction = self._direction(price, point, gradient)
            price, point, value = self._step(price, gradient, direction, value)
            steps += 1
        # the gradient counts unkept rows and priced rows that are not tight: both must vanish at the optimum
        residual, price, point = best
        return Projection(point, price * self.norm, residual, steps)

    def run_surely(self, goal: float, before: Projection) -> Projection:
        """Return the better of an earlier answer and that of the method of multipliers."""
        root = np.sqrt(self.scale)
        matrix, offset = scale_columns(self.matrix, root), self.matrix @ self.centre
        least, most = (
            np.where(root > 0, (bound - self.centre) / np.where(root > 0, root, 1), 0.0)
            for bound in (self.body.lower, self.body.upper)
        )
        fixed = np.clip(self.centre, self.body.lower, self.body.upper) - self.centre
        offset = offset + self.matrix @ np.where(root > 0, 0.0, fixed)
        ball = Ball(matrix, self.low - offset, self.high - offset, least, most, self.size, self.body.part)
        found = nearest_to_origin(ball, goal)
        moved = self.centre + np.where(root > 0, root * found.u, fixed)
        point = np.clip(moved, self.body.lower, self.body.upper)
        residual = self._violation(point)
        steps = before.steps + found.steps
        if residual < before.residual:
            return Projection(point, found.price * self.norm, residual, steps)
        return Projection(before.point, before.price, before.residual, steps)

    def _point(self, price: np.ndarray) -> np.ndarray:
        moved = self.centre + self.scale * (self.transposed @ price)
        return np.asarray(np.clip(moved, self.body.lower, self.body.upper))

    def _dual(self, price: np.ndarray, point: np.ndarray) -> float:
        off = point - self.centre
        rows = np.maximum(price, 0) @ self.finite_low - np.maximum(-price, 0) @ self.finite_high
        return float(0.5 * np.sum(off * off * self.inverse) - price @ (self.matrix @ point) + rows)

    def _gradient(self, price: np.ndarray, point: np.ndarray) -> np.ndarray:
        activity = self.matrix @ point
        under, over = self.low - activity, self.high - activity
        at_zero = np.where(under > 0, under, np.where(over < 0, over, 0))
        gradient = np.where(self.is_equal, under, np.where(price > 0, under, np.where(price < 0, over, at_zero)))
        return np.where(np.isfinite(gradient), gradient, 0)

    def _residual(self, point: np.ndarray, gradient: np.ndarray) -> float:
        return float(np.max(np.abs(gradient) / self.size, initial=0.0))

    def _violation(self, point: np.ndarray) -> float:
        activity = self.matrix @ point
        over = np.maximum(self.low - activity, activity - self.high)
        return float(np.max(over / self.size, initial=0.0))

    def _direction(self, price: np.ndarray, point: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        rows = np.flatnonzero((gradient != 0) | (price != 0))
        inside = self.scale * ((point > self.body.lower) & (point < self.body.upper))
        direction = np.zeros(len(price))
        direction[rows] = self.rows.solve(rows, inside, _RIDGE, gradient[rows])
        return direction

    def _step(
        self, price: np.ndarray, gradient: np.ndarray, direction: np.ndarray, value: float
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Take the longest of the halved steps that does not lower the dual; signs change only by way of 0."""
        length = 1.0
        ranged = ~self.is_equal
        for _ in range(_HALVINGS):
            trial = price + length * direction
            trial = np.where(ranged & (price * trial < 0), 0.0, trial)
            trial = np.where(ranged & (price == 0) & (trial * gradient <= 0), 0.0, trial)
            point = self._point(trial)
            found = self._dual(trial, point)
            if found >= value + 1e-4 * float(gradient @ (trial - price)) - 1e-13 * abs(value):
                break
            length *= 0.5
        return trial, point, found
