"""Scaling a start to targets of all levels: iterative proportional fitting, priority by priority.

Owns: the fair share's meeting of targets; contradictory targets of one priority are reconciled by least squares.
"""

from __future__ import annotations

import numpy as np

from engine.plan import Sense
from solver.frozen import frozen
from solver.polyhedron import Polyhedron
from solver.projection import project
from solver.sparse import csr_matrix, hstack, identity

_CLOSE = 1e-11
_SWEEPS = 300
_PASSES = 12  # in which violated bounds enter; a few are enough, for each pass takes in all of them
_STIFFNESS = 1e-6  # how much cheaper moving cells is than leaving a row unmet, when rows contradict each other


@frozen
class Asked:
    """Target rows in canonical order.

    matrix : csr of 0/1, shape (rows, cells); value, priority : float64; sense : int64
    """

    matrix: csr_matrix
    value: np.ndarray
    sense: np.ndarray
    priority: np.ndarray


@frozen
class Scaled:
    """The scaled start; residual : float64, shape (rows,), items by which a row is left unmet (sense observed)."""

    value: np.ndarray
    residual: np.ndarray


def scale_to_targets(start: np.ndarray, fallback: np.ndarray, hours: np.ndarray, asked: Asked) -> Scaled:
    """Scale a start to meet target rows, ignoring capacity.

    Parameters
    ----------
    start : float64, shape (cells,), items
    fallback : float64, shape (cells,), what stands in for the start where a target covers nothing but zeros
    hours : float64, shape (cells,), pricing hours per item
    asked : the rows

    Notes
    -----
    Iterative proportional fitting (Deming & Stephan, 1940) converges to the point nearest the start in
    Kullback-Leibler divergence. Rows enter by priority; a violated ``at least`` or ``at most`` enters at its bound.
    """
    value = start.astype(np.float64).copy()
    held = np.zeros(len(asked.value), dtype=bool)
    goal = asked.value.copy()
    for priority in np.unique(asked.priority):
        now = asked.priority == priority
        wanted = now & (asked.sense != Sense.AT_MOST) & (asked.value > 0)
        value = _raise_from_zero(value, fallback, asked.matrix, wanted)
        held |= now & (asked.sense == Sense.EXACTLY)
        value, goal = _fit_or_reconcile(value, hours, asked.matrix, goal, held, now)
        # raising some rows to their bounds lowers others below theirs, so that these enter as well
        for _ in range(_PASSES):
            entering = now & ~held & (unmet(asked, asked.matrix @ value) > _CLOSE * np.maximum(1, asked.value))
            if not entering.any():
                break
            held |= entering
            value, goal = _fit_or_reconcile(value, hours, asked.matrix, goal, held, now)
    return Scaled(value, unmet(asked, asked.matrix @ value))


def unmet(asked: Asked, achieved: np.ndarray) -> np.ndarray:
    """Return by how many items each row misses what it asks, in its own sense; 0 where it is met."""
    under, over = np.maximum(asked.value - achieved, 0), np.maximum(achieved - asked.value, 0)
    return np.asarray(
        np.where(asked.sense == Sense.AT_LEAST, under, np.where(asked.sense == Sense.AT_MOST, over, under + over))
    )


def _raise_from_zero(value: np.ndarray, fallback: np.ndarray, matrix: csr_matrix, rows: np.ndarray) -> np.ndarray:
    empty = rows & (matrix @ value <= 0)
    if not empty.any():
        return value
    covered = np.asarray(matrix[empty].sum(axis=0)).ravel() > 0
    return np.where(covered & (value <= 0), np.maximum(fallback, 1e-12), value)


def _fit_or_reconcile(
    value: np.ndarray, hours: np.ndarray, matrix: csr_matrix, goal: np.ndarray, held: np.ndarray, now: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the held rows; where they contradict each other, those of this priority give way in least squares."""
    rows = np.flatnonzero(held)
    if not len(rows):
        return value, goal
    fitted = fit_rows(value, matrix[rows], goal[rows])
    if _worst(fitted, matrix[rows], goal[rows]) <= 1e-9:
        return fitted, goal
    goal = goal.copy()
    goal[rows] = _reconcile(value, hours, matrix[rows], goal[rows], now[rows])
    return fit_rows(value, matrix[rows], goal[rows]), goal


def _worst(value: np.ndarray, matrix: csr_matrix, goal: np.ndarray) -> float:
    return float(np.max(np.abs(matrix @ value - goal) / np.maximum(1, goal), initial=0))


def fit_rows(value: np.ndarray, matrix: csr_matrix, goal: np.ndarray) -> np.ndarray:
    """Return the value scaled row family by row family until all rows hold or the sweeps are used up. matrix : ≥ 0."""
    count, size = matrix.shape[0], np.maximum(1, goal)
    families = [(goal[each.rows], each, np.ones(len(each.rows) + 1)) for each in _disjoint_families(matrix)]
    fitted = value
    for _ in range(_SWEEPS):
        for asked, family, factor in families:  # the last factor is that of all cells that no row holds
            sums = np.bincount(family.row_of_cell, family.weight * fitted, len(factor))[:-1]
            factor[:-1] = 1.0
            np.divide(asked, sums, out=factor[:-1], where=sums > 0)
            fitted = fitted * factor[family.row_of_cell]
        if not count or float((np.abs(matrix @ fitted - goal) / size).max()) <= _CLOSE:
            break
    return fitted


@frozen
class _Family:
    """Rows that share no cell.

    rows : int64; row_of_cell : int64, shape (cells,), the place of its row among these, their number where it has none
    weight : float64, shape (cells,), how often the cell counts there
    """

    rows: np.ndarray
    row_of_cell: np.ndarray
    weight: np.ndarray


def _disjoint_families(matrix: csr_matrix) -> list[_Family]:
    """Return rows as families that share no cell: each goes into the first that has room for it."""
    families: list[tuple[list[int], np.ndarray, np.ndarray]] = []
    for row in range(matrix.shape[0]):
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        cells = matrix.indices[entries]
        free = next((family for family in families if (family[1][cells] < 0).all()), None)
        if free is None:
            free = ([], np.full(matrix.shape[1], -1), np.zeros(matrix.shape[1]))
            families.append(free)
        free[1][cells] = len(free[0])
        free[2][cells] = matrix.data[entries]
        free[0].append(row)
    return [
        _Family(np.array(rows), np.where(row_of_cell < 0, len(rows), row_of_cell), weight)
        for rows, row_of_cell, weight in families
    ]


def _reconcile(
    value: np.ndarray, hours: np.ndarray, matrix: csr_matrix, goal: np.ndarray, soft: np.ndarray
) -> np.ndarray:
    """Return the nearest goals that can hold together: soft rows give way by least squares in hours.

    One slack column per soft row, much stiffer than the cells, turns the projection into that least squares.
    """
    weight = np.asarray(matrix @ (hours * value)).ravel()
    items = np.asarray(matrix @ value).ravel()
    mean_hours = np.divide(weight, items, out=np.ones(len(items)), where=items > 0)
    total = max(float(np.max(np.abs(goal) * mean_hours, initial=0)), 1e-9)
    slack_scale = _STIFFNESS * total / mean_hours[soft] ** 2
    wide = csr_matrix(hstack([matrix, identity(len(goal), format="csr")[:, np.flatnonzero(soft)]]))
    n_soft = int(soft.sum())
    scale = np.concatenate([np.divide(value, hours), slack_scale])
    body = Polyhedron(
        wide,
        goal,
        goal,
        np.concatenate([np.zeros(len(value)), np.full(n_soft, -np.inf)]),
        np.full(wide.shape[1], np.inf),
    )
    found = project(np.concatenate([value, np.zeros(n_soft)]), scale, body)
    return np.asarray(matrix @ found.point[: len(value)])
