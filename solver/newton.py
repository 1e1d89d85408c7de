"""The search for the nearest point of a polyhedron: semismooth Newton on the prices of rows.

Owns: one search, its steps, and the exact end from what another one found at its bound.
"""

from __future__ import annotations

import numpy as np

from solver.bounds import Bounds
from solver.chains import NormalRows
from solver.exact_end import AtBound, Rows, exact_end
from solver.matrices import full_if_small, scale_rows, squared, turned
from solver.polyhedron import Polyhedron, Projection, row_sizes
from solver.surely import nearest_surely

SMALL = 2_000
"""Columns up to which the surer method is asked wherever Newton's does not end exactly: it takes no time there."""

PATIENCE, LITTLE_PATIENCE = 12, 4
"""Steps without a better residual before a search is given up."""

_STEPS = 200
_HALVINGS = 30
_RIDGE = 1e-11  # relative to the normalised rows: among equal prices the smallest
_SURE = 1e-11  # residual at which there is nothing left to mend
_NEARLY, _A_FEW = 1e-3, 0.02  # residual of rows, and part of them that may be off by more, where a start is worth it
_TIMES = 2  # systems solved at the same bounds: the first finds prices, the second mends what the ridge took off


class Search:
    """State of one search: rows normalised, prices, the point they imply.

    Parameters
    ----------
    centre, scale : float64, shape (columns,)
    size : float64, shape (rows,), what a row's residual is measured against, where that is not of its own bounds
    """

    def __init__(self, centre: np.ndarray, scale: np.ndarray, body: Polyhedron, size: np.ndarray | None = None) -> None:
        self.centre, self.scale, self.body = centre, scale, body
        weight = np.sqrt(squared(body.matrix) @ scale)
        self.norm = np.where(weight > 0, 1 / np.where(weight > 0, weight, 1), 1.0)
        self.matrix = full_if_small(scale_rows(body.matrix, self.norm))
        self.transposed = turned(self.matrix)
        self.rows = NormalRows(self.matrix, body.part)
        self.low, self.high = body.row_lower * self.norm, body.row_upper * self.norm
        self.is_equal = self.low == self.high
        self.finite_low = np.where(np.isfinite(self.low), self.low, 0)
        self.finite_high = np.where(np.isfinite(self.high), self.high, 0)
        self.size = (row_sizes(body) if size is None else size) * self.norm
        self.inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)
        self.is_small = len(centre) <= SMALL

    def is_near(self, price: np.ndarray) -> bool:
        """Whether all but a few rows are nearly kept at prices: else a search that starts there takes longer."""
        own = self._signed(price / self.norm)
        off = np.abs(self._gradient(own, self._point(own))) > _NEARLY * self.size
        return bool(np.count_nonzero(off) <= _A_FEW * len(off))

    def run(self, goal: float, patience: int = PATIENCE, start: np.ndarray | None = None) -> Projection:
        """Search. start : prices to start with, as a projection has them; None = none."""
        price = np.zeros(len(self.low)) if start is None else self._signed(start / self.norm)
        point = self._point(price)
        value = self._dual(price, point)
        best = (np.inf, price, point, False)
        least, stalled, steps = np.inf, 0, 0
        before: Bounds | None = None
        times = n_good = 0
        is_whole = False
        while steps < _STEPS:
            gradient = self._gradient(price, point)
            residual = self._residual(point, gradient)
            bounds = self._bounds(price, point, gradient)
            again = before is not None and bounds.same(before)
            is_good = residual <= goal and (steps > 0 or start is None)
            is_settled = is_good and again and is_whole and (residual <= _SURE or times >= _TIMES)
            if residual < best[0] or is_settled:
                best = (residual, price, point, is_settled)
            # prices only start to say something with the first step: before it, the residual may be small by luck
            if steps > 0:
                stalled = 0 if residual < 0.9 * least else stalled + 1
                least = min(least, residual)
            n_good += is_good
            if is_settled or n_good > _TIMES or (is_good and steps == 0) or stalled > patience:
                break
            # where all is at its bound as before, a step mends what solving left; else prices are found anew, so that
            # those of the last step hang on nothing but what is at its bound
            goes = price + self._solved(bounds, gradient[bounds.rows]) if again else self._priced(bounds)
            times = times + 1 if again else 1
            if is_good and again:  # what is left to mend is too little for the dual to show
                price = self._kept_signs(price, goes, gradient)
                point = self._point(price)
            else:
                price, point, value, has_risen = self._step(price, gradient, goes, value)
                if not has_risen and self.is_small:
                    break  # it would wander from here on, and the surer method takes less
            is_whole = (is_whole or not again) and np.array_equal(price, goes)
            before, steps = bounds, steps + 1
        # the gradient counts unkept rows and priced rows that are not tight: both must vanish at the optimum
        residual, price, point, is_settled = best
        return Projection(point, price * self.norm, residual, steps, is_settled)

    def run_surely(self, goal: float, before: Projection | None = None) -> Projection:
        """Return the exact end of the method of multipliers; where it has none, the better of its own and an earlier.

        before : what was found so far
        """
        found = nearest_surely(self._as_rows(), self.body.part, goal)
        residual, steps = self._violation(found.point), found.steps + (0 if before is None else before.steps)
        if found.is_exact or before is None or residual < before.residual:
            return Projection(found.point, found.price * self.norm, residual, steps, found.is_exact)
        return Projection(before.point, before.price, before.residual, steps)

    def end_from(self, point: np.ndarray, price: np.ndarray) -> Projection | None:
        """Return the exact end from what is at its bound in another search's answer; None where it is far from there.

        Where there is one, it is the nearest point whatever it began with: nothing else satisfies its conditions.
        """
        at_low, at_high = point <= self.body.lower, point >= self.body.upper
        columns = np.where(at_low, -1, np.where(at_high, 1, 0)).astype(np.int8)
        rows, at = self._as_rows(), AtBound(-np.sign(self._signed(price)).astype(np.int8), columns)
        end = exact_end(rows, at)
        if end is None:
            return None
        return Projection(end.point, end.price * self.norm, self._violation(end.point), 1, is_settled=True)

    def _as_rows(self) -> Rows:
        return Rows(
            self.centre, self.scale, self.matrix, self.transposed, self.rows,
            self.low, self.high, self.body.lower, self.body.upper, self.size,
        )  # fmt: skip

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

    def _signed(self, price: np.ndarray) -> np.ndarray:
        """Return prices without those on a side that is open."""
        wrong = ((price > 0) & ~np.isfinite(self.low)) | ((price < 0) & ~np.isfinite(self.high))
        return np.where(wrong, 0.0, price)

    def _bounds(self, price: np.ndarray, point: np.ndarray, gradient: np.ndarray) -> Bounds:
        """Return what is at its bound, so to speak: rows with a price or off their bound, columns at one of theirs."""
        rows = np.flatnonzero((gradient != 0) | (price != 0))
        at_low = (price[rows] > 0) | ((price[rows] == 0) & (gradient[rows] > 0)) | self.is_equal[rows]
        at_side = np.where(point <= self.body.lower, -1, np.where(point >= self.body.upper, 1, 0)).astype(np.int8)
        return Bounds(rows, at_low, at_side)

    def _priced(self, bounds: Bounds) -> np.ndarray:
        """Return the prices that make rows come to what they ask while all stays at its bound."""
        side, body, rows = bounds.at_side, self.body, bounds.rows
        without = np.where(side < 0, body.lower, np.where(side > 0, body.upper, self.centre))
        asked = np.where(bounds.at_low, self.low[rows], self.high[rows])
        return self._solved(bounds, asked - (self.matrix @ without)[rows])

    def _solved(self, bounds: Bounds, right: np.ndarray) -> np.ndarray:
        """Return the prices that move rows so far while all stays at its bound. right : float64, one per row of it."""
        inside = np.where(bounds.at_side == 0, self.scale, 0.0)
        price = np.zeros(len(self.low))
        price[bounds.rows] = self.rows.solve(bounds.rows, inside, _RIDGE, right)
        return price

    def _kept_signs(self, price: np.ndarray, trial: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """Return new prices whose signs change only by way of 0, and which begin only where a row is off its bound."""
        turned = (price * trial < 0) | ((price == 0) & (trial * gradient <= 0))
        return np.where(~self.is_equal & turned, 0.0, trial)

    def _step(
        self, price: np.ndarray, gradient: np.ndarray, goal: np.ndarray, value: float
    ) -> tuple[np.ndarray, np.ndarray, float, bool]:
        """Take the longest of the halved steps that does not lower the dual; signs change only by way of 0.

        Returns
        -------
        Prices, the point, the dual's value, and whether there was such a step.
        """
        length = 1.0
        for _ in range(_HALVINGS):
            trial = goal if length == 1.0 else price + length * (goal - price)
            trial = self._kept_signs(price, trial, gradient)
            point = self._point(trial)
            found = self._dual(trial, point)
            if found >= value + 1e-4 * float(gradient @ (trial - price)) - 1e-13 * abs(value):
                return trial, point, found, True
            length *= 0.5
        return trial, point, found, False
