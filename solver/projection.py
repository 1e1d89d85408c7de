"""The point of a polyhedron that is nearest to a centre, in a diagonal metric: strictly convex, so unique.

Owns: minimise Σ (x − centre)² / (2 scale) under linear rows and bounds, on the dual.
Knows nothing of: why a point is wanted near its centre.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.bounds import Bounds
from solver.chains import NormalRows
from solver.exact_end import Rows
from solver.frozen import frozen
from solver.matrices import full_if_small, scale_rows, squared, turned
from solver.memory import FORGETFUL, Arrays, Memory, fingerprint
from solver.sparse import csr_matrix
from solver.surely import nearest_surely

ACCEPTED = 1e-6
"""Largest row residual, relative to max(1, |bound|), at which a projection is taken."""

GOOD = 1e-8
"""Row residual above which the slower, surer method is asked as well."""

SMALL = 2_000
"""Columns up to which the surer method is asked wherever Newton's does not end exactly: it takes no time there."""

_GOAL = 1e-10  # residual at which the search stops

_STEPS = 200
_HALVINGS = 30
_RIDGE = 1e-11  # relative to the normalised rows: among equal prices the smallest
_PATIENCE = 12  # steps without a better residual before the search is given up
_LITTLE_PATIENCE = 4
_SURE = 1e-11  # residual at which there is nothing left to mend
_NEARLY, _A_FEW = 1e-3, 0.02  # residual of rows, and part of them that may be off by more, where a start is worth it
_TIMES = 2  # systems solved at the same bounds: the first finds prices, the second mends what the ridge took off


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
    is_settled : whether it hangs on nothing but which rows and columns are at their bounds, not on the way there
    """

    point: np.ndarray
    price: np.ndarray
    residual: float
    steps: int
    is_settled: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether every row holds to ``ACCEPTED``."""
        return self.residual <= ACCEPTED


def project(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float = _GOAL,
    memory: Memory = FORGETFUL,
    near: str = "",
) -> Projection:
    """Minimise Σ (x − centre)² / (2 scale) over a polyhedron, by semismooth Newton on the row prices.

    Parameters
    ----------
    centre, scale : float64, shape (columns,); a column of scale 0 stays at its centre, clipped to its bounds
    goal : row residual, relative to max(1, |bound|), at which to stop
    memory : what was found in earlier runs
    near : as in ``try_project``; where many rows are off there, the search starts from nothing

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

    def search(start: np.ndarray | None) -> Projection:
        searching = _Search(centre, scale, body)
        if start is not None and searching.is_near(start):
            found = searching.run(goal, _LITTLE_PATIENCE, start)
            if found.is_settled and found.residual <= goal:
                return found
        found = searching.run(goal)
        is_enough = found.residual <= GOOD if len(centre) > SMALL else found.is_settled
        return found if is_enough else searching.run_surely(goal, found)

    inside = centre_inside(centre, body, goal)
    asked = (centre, scale, body, goal)
    return inside if inside is not None else _recalled("nearest-point", asked, memory, search, near)


def project_surely(
    centre: np.ndarray, scale: np.ndarray, body: Polyhedron, goal: float = _GOAL, memory: Memory = FORGETFUL
) -> Projection:
    """Do the same by the surer method alone: where Newton's has been tried, up to ``SMALL`` columns or so.

    Where the polyhedron is empty, it ends at a point that is hardly outside, if there is any such.
    """

    def search(_: np.ndarray | None) -> Projection:
        return _Search(centre, scale, body).run_surely(goal)

    inside = centre_inside(centre, body, goal)
    return inside if inside is not None else _recalled("surely-nearest", (centre, scale, body, goal), memory, search)


def try_project(
    centre: np.ndarray,
    scale: np.ndarray,
    body: Polyhedron,
    goal: float = _GOAL,
    memory: Memory = FORGETFUL,
    near: str = "",
    *,
    is_far_worth: bool = True,
) -> Projection:
    """Do the same by Newton's method alone: quick to give up where the polyhedron is empty or has no interior.

    Parameters
    ----------
    near : a word for what is searched, where the search may start at the prices of an earlier run's; what it finds is
        the same, but it may find where it would have given up, so nothing may hang on that
    is_far_worth : whether to start there where many rows are off as well
    """

    def search(start: np.ndarray | None) -> Projection:
        searching = _Search(centre, scale, body)
        if start is not None and (is_far_worth or searching.is_near(start)):
            found = searching.run(goal, _LITTLE_PATIENCE, start)
            if found.is_settled and found.residual <= goal:
                return found
        return searching.run(goal, _LITTLE_PATIENCE)

    inside = centre_inside(centre, body, goal)
    return (
        inside if inside is not None else _recalled("tried-nearest", (centre, scale, body, goal), memory, search, near)
    )


def centre_inside(centre: np.ndarray, body: Polyhedron, goal: float = _GOAL) -> Projection | None:
    """Return the centre within its bounds where that keeps every row: there is nothing to search for then."""
    point = np.clip(centre, body.lower, body.upper)
    residual = _violation(body, point)
    return Projection(point, np.zeros(len(body.row_lower)), residual, 0, True) if residual <= goal else None


def _violation(body: Polyhedron, point: np.ndarray) -> float:
    """Return by how much a point leaves a row, relative to max(1, |bound|): the most of all rows."""
    activity = body.matrix @ point
    off = np.maximum(np.maximum(body.row_lower - activity, activity - body.row_upper), 0.0)
    bound = np.where(np.isfinite(body.row_lower), body.row_lower, body.row_upper)
    size = np.maximum(np.abs(np.where(np.isfinite(bound), bound, 0)), 1.0)
    return float(np.max(off / size, initial=0.0))


def _recalled(
    question: str,
    asked: tuple[np.ndarray, np.ndarray, Polyhedron, float],
    memory: Memory,
    search: Callable[[np.ndarray | None], Projection],
    near: str = "",
) -> Projection:
    """Return what a search finds, or found in an earlier run.

    Parameters
    ----------
    search : from prices to start with, None = from nothing; what it finds does not hang on them
    near : as in ``try_project``
    """
    if not memory.is_kept:
        return search(None)
    centre, scale, body, goal = asked
    columns = fingerprint("columns", centre, scale, body.lower, body.upper, body.part)
    key = fingerprint(question, columns, body.matrix, body.row_lower, body.row_upper, np.array([goal]))
    kept, at = memory.get(key), f"from-{near}-{len(body.row_lower)}-{len(centre)}"
    if kept is not None and near and memory.hint(at) is None:
        binds = np.frombuffer(_what_binds(kept["price"], columns, body).encode(), np.uint8)
        memory.put(at, {**kept, "binds": binds})
    if kept is None:
        before = memory.hint(at) if near else None
        if before is not None and len(before["price"]) != len(body.row_lower):
            before = None
        if before is not None and _is_still_nearest(before, columns, body, goal):
            kept = before
        else:
            found = search(None if before is None else before["price"])
            numbers = np.array([found.residual, found.steps, found.is_settled])
            kept = {"point": found.point, "price": found.price, "found": numbers}
            if near and found.is_settled and memory.wants_hint(at):
                binds = np.frombuffer(_what_binds(found.price, columns, body).encode(), np.uint8)
                memory.put(at, {**kept, "binds": binds})
        memory.put(key, {name: kept[name] for name in ("point", "price", "found")})
    residual, steps, is_settled = kept["found"].tolist()
    return Projection(kept["point"], kept["price"], residual, int(steps), bool(is_settled))


def _is_still_nearest(before: Arrays, columns: str, body: Polyhedron, goal: float) -> bool:
    """Whether an earlier nearest point is that of another body, too: all that binds it is the same, it keeps the rest.

    Its prices then say the same of it.
    """
    if _violation(body, before["point"]) > goal:
        return False
    return before["binds"].tobytes().decode() == _what_binds(before["price"], columns, body)


def _what_binds(price: np.ndarray, columns: str, body: Polyhedron) -> str:
    """Return the fingerprint of a search but for rows without a price, unless they ask for one number.

    columns : the fingerprint of all that is known of columns
    """
    rows = np.flatnonzero((price != 0) | (body.row_lower == body.row_upper))
    return fingerprint(
        "binds", columns, rows, csr_matrix(body.matrix[rows]), body.row_lower[rows], body.row_upper[rows]
    )


class _Search:
    """State of one search: rows normalised, prices, the point they imply."""

    def __init__(self, centre: np.ndarray, scale: np.ndarray, body: Polyhedron) -> None:
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
        bound = np.where(np.isfinite(body.row_lower), body.row_lower, body.row_upper)
        self.size = np.maximum(np.abs(np.where(np.isfinite(bound), bound, 0)), 1.0) * self.norm
        self.inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)

    def is_near(self, price: np.ndarray) -> bool:
        """Whether all but a few rows are nearly kept at prices: else a search that starts there takes longer."""
        own = self._signed(price / self.norm)
        off = np.abs(self._gradient(own, self._point(own))) > _NEARLY * self.size
        return bool(np.count_nonzero(off) <= _A_FEW * len(off))

    def run(self, goal: float, patience: int = _PATIENCE, start: np.ndarray | None = None) -> Projection:
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
                price, point, value = self._step(price, gradient, goes, value)
            is_whole = (is_whole or not again) and np.array_equal(price, goes)
            before, steps = bounds, steps + 1
        # the gradient counts unkept rows and priced rows that are not tight: both must vanish at the optimum
        residual, price, point, is_settled = best
        return Projection(point, price * self.norm, residual, steps, is_settled)

    def run_surely(self, goal: float, before: Projection | None = None) -> Projection:
        """Return the exact end of the method of multipliers; where it has none, the better of its own and an earlier.

        before : what was found so far
        """
        rows = Rows(
            self.centre, self.scale, self.matrix, self.transposed, self.rows,
            self.low, self.high, self.body.lower, self.body.upper, self.size,
        )  # fmt: skip
        found = nearest_surely(rows, self.body.part, goal)
        residual, steps = self._violation(found.point), found.steps + (0 if before is None else before.steps)
        if found.is_exact or before is None or residual < before.residual:
            return Projection(found.point, found.price * self.norm, residual, steps, found.is_exact)
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
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Take the longest of the halved steps that does not lower the dual; signs change only by way of 0."""
        length = 1.0
        for _ in range(_HALVINGS):
            trial = goal if length == 1.0 else price + length * (goal - price)
            trial = self._kept_signs(price, trial, gradient)
            point = self._point(trial)
            found = self._dual(trial, point)
            if found >= value + 1e-4 * float(gradient @ (trial - price)) - 1e-13 * abs(value):
                break
            length *= 0.5
        return trial, point, found
