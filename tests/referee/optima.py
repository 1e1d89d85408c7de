"""The optima a plan should reach, found by other means: scipy for the programs, Clarabel for the convex step."""

from __future__ import annotations

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, diags, triu

from tests.referee.rows import SLOPES, WIDTHS, Rows, mean_of_row

KAPPA = 10.0


@dataclass(frozen=True)
class Body:
    """Rows ``low <= matrix x <= high`` and bounds of cells, in items and hours."""

    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray

    def also(self, matrix: np.ndarray, low: np.ndarray, high: np.ndarray) -> Body:
        """Return the body with more rows."""
        return Body(
            np.vstack([self.matrix, matrix]),
            np.concatenate([self.low, low]),
            np.concatenate([self.high, high]),
            self.least,
            self.most,
        )

    def around(self, point: np.ndarray, room: float = 1e-8) -> Body:
        """Return the body with its rows loosened as far as a plan that keeps them but for rounding needs it."""
        activity = self.matrix @ point
        slack = room * np.maximum(1.0, np.abs(activity))
        return Body(
            self.matrix,
            np.minimum(self.low, activity - np.where(self.low > activity - slack, slack, 0)),
            np.maximum(self.high, activity + np.where(self.high < activity + slack, slack, 0)),
            np.minimum(self.least, point),
            np.maximum(self.most, point),
        )


def hard_body(rows: Rows, breach: np.ndarray) -> Body:
    """Return capacity, eligibility and limits, each limit loosened by its breach on the side where it is broken."""
    fair, limits = rows.fairness, rows.plan.limits
    open_cells = fair.scale > 0
    # an explicit 0 stays 0, but for limits that ask otherwise
    held = np.zeros(len(fair.value))
    for row, low in zip(rows.limits, limits.lower, strict=True):
        if low > 0 and row.sum() == 1:
            held = np.maximum(held, row * low)
    n_cells = len(fair.value)
    empty = np.zeros((0, n_cells))
    body = Body(
        empty, np.zeros(0), np.zeros(0), np.zeros(n_cells), np.where(open_cells, np.inf, np.maximum(fair.value, held))
    )
    body = body.also(rows.capacity, np.full(len(rows.capacity), -np.inf), rows.plan.capacity.hours)
    return body.also(rows.limits, limits.lower - breach, limits.upper + breach)


def least_breach(rows: Rows) -> float:
    """Return the least total breach of limits in hours, capacity kept."""
    limits = rows.plan.limits
    n_cells, n_limits = len(rows.fairness.value), len(limits)
    price = row_hours(rows, rows.limits)
    eye = np.eye(n_limits)
    below = np.hstack([-rows.limits, -eye, np.zeros_like(eye)])
    above = np.hstack([rows.limits, np.zeros_like(eye), -eye])
    hours = np.hstack([rows.capacity, np.zeros((len(rows.capacity), 2 * n_limits))])
    matrix = np.vstack([below, above, hours])
    right = np.concatenate([-np.maximum(limits.lower, 0), limits.upper, rows.plan.capacity.hours])
    held = rows.limits.sum(axis=1) == 1
    lifted = (rows.limits[held & (limits.lower > 0)].sum(axis=0) > 0) if held.any() else np.zeros(n_cells, dtype=bool)
    most = np.where((rows.fairness.scale > 0) | lifted, np.inf, np.maximum(rows.fairness.value, 0))
    kept = np.isfinite(right)
    found = linprog(
        np.concatenate([np.zeros(n_cells), price, price]),
        matrix[kept],
        right[kept],
        bounds=np.column_stack(
            [np.zeros(n_cells + 2 * n_limits), np.concatenate([most, np.full(2 * n_limits, np.inf)])]
        ),
    )
    assert found.status == 0, found.message
    return float(found.fun)


def row_hours(rows: Rows, matrix: np.ndarray) -> np.ndarray:
    """Return the mean hours per item of each row."""
    return np.array([mean_of_row(row, rows.fairness) for row in matrix])


def least_cost(rows: Rows, body: Body, now: np.ndarray, parts: tuple[np.ndarray, ...], *, upper: bool) -> float:
    """Return the least price, in hours, of the misses of some targets.

    Parameters
    ----------
    now : bool, shape (targets,); parts : the matrices each miss has to cover (items, and fair-mix hours)
    upper : misses are what is too much, otherwise what is too little
    """
    at = np.flatnonzero(now)
    n_cells, n_segments = len(rows.fairness.value), len(WIDTHS)
    adds = np.kron(np.eye(len(at)), np.ones(n_segments))
    sign = 1.0 if upper else -1.0
    blocks = [np.hstack([sign * part[at] / rows.size[at, None], -adds]) for part in parts]
    right = [sign * rows.asked[at] / rows.size[at]] * len(parts)
    wide = np.hstack([body.matrix, np.zeros((len(body.matrix), adds.shape[1]))])
    unit = np.array(
        [
            max(1.0, abs(low if np.isfinite(low) else (high if np.isfinite(high) else 1)))
            for low, high in zip(body.low, body.high, strict=True)
        ]
    )
    matrix = np.vstack([*blocks, wide / unit[:, None], -wide / unit[:, None]])
    limit = np.concatenate([*right, body.high / unit, -body.low / unit])
    kept = np.isfinite(limit)
    price = np.repeat(rows.mean_hours[at] * rows.size[at], n_segments)
    cost = np.concatenate([np.zeros(n_cells), price * np.tile(SLOPES[rows.plan.settings.misses], len(at))])
    scale = float(cost.max())
    bounds = np.column_stack(
        [
            np.concatenate([body.least, np.zeros(adds.shape[1])]),
            np.concatenate([body.most, np.tile(WIDTHS, len(at))]),
        ]
    )
    found = linprog(
        cost / scale,
        csc_matrix(matrix[kept]),
        limit[kept],
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
    )
    assert found.status == 0, found.message
    return float(found.fun) * scale


def fairest(rows: Rows, body: Body) -> np.ndarray:
    """Return the plan of least Φ over a body, by an interior-point method.

    Cells are counted in units of √(scale / hours) from their fair share, so that Φ is a sum of squares; cells that
    do not move are left out.
    """
    fair = rows.fairness
    moves = np.flatnonzero((fair.scale > 0) & (body.most > body.least))
    start = np.clip(fair.value, body.least, body.most)
    start[moves] = fair.value[moves]
    # in units in which hours are about 1
    overall = float(np.max(fair.hours * np.maximum(fair.value, fair.scale)))
    unit = np.sqrt(overall * fair.scale[moves] / fair.hours[moves])
    quadratic = diags(np.ones(len(moves)))
    queue_scale = rows.queues @ fair.scale
    weight = np.divide(
        KAPPA * rows.queue_hours, queue_scale * overall, out=np.zeros(len(queue_scale)), where=queue_scale > 0
    )
    parts = csc_matrix(np.sqrt(weight)[:, None] * rows.queues[:, moves] * unit)
    shift = np.sqrt(weight) * (rows.queues @ (start - fair.value))
    matrix, right, equal = _cone_rows(body, moves, start, unit)
    order = np.concatenate([np.flatnonzero(equal), np.flatnonzero(~equal)])
    cones = [clarabel.ZeroConeT(int(equal.sum())), clarabel.NonnegativeConeT(int((~equal).sum()))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    settings.max_iter = 500
    solver = clarabel.DefaultSolver(
        csc_matrix(triu(quadratic + parts.T @ parts)),
        parts.T @ shift,
        csc_matrix(matrix[order]),
        right[order],
        cones,
        settings,
    )
    found = solver.solve()
    assert "Solved" in str(found.status), str(found.status)
    point = start.copy()
    point[moves] = start[moves] + unit * np.array(found.x)
    return point


def _cone_rows(
    body: Body, moves: np.ndarray, start: np.ndarray, unit: np.ndarray
) -> tuple[csc_matrix, np.ndarray, np.ndarray]:
    """Return ``matrix u <= right`` (== where equal), rows of unit length."""
    activity = body.matrix @ start
    scaled = body.matrix[:, moves] * unit
    equal = np.isfinite(body.high) & np.isclose(body.low, body.high, rtol=1e-12, atol=1e-12)
    blocks = [
        (scaled[equal], (body.high - activity)[equal], True),
        (scaled[~equal], (body.high - activity)[~equal], False),
        (-scaled[~equal], (activity - body.low)[~equal], False),
        (np.diag(unit), body.most[moves] - start[moves], False),
        (-np.diag(unit), start[moves] - body.least[moves], False),
    ]
    matrix = np.vstack([block for block, _, _ in blocks])
    right = np.concatenate([side for _, side, _ in blocks])
    is_equal = np.concatenate([np.full(len(side), flag) for _, side, flag in blocks])
    length = np.sqrt((matrix**2).sum(axis=1))
    kept = np.isfinite(right) & (length > 0)
    return csc_matrix(matrix[kept] / length[kept, None]), right[kept] / length[kept], is_equal[kept]
