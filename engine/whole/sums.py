"""The sums that rounding keeps, the important ones first: what was asked, full hours, inflow, queues, teams.

Owns: their order, and the nested sums by which hours stay within one item's handle time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.formulation.problem import OF_CAPACITY, OF_INFLOW, Problem
from engine.trees import Tree
from solver.frozen import frozen
from solver.matrices import scale_columns, stack_rows
from solver.sparse import csr_matrix

QUEUES_FIRST, TEAMS_FIRST = 0, 1
"""Which family is asked first."""

_ROUNDING = 1e-9
_NEARLY_FULL = 1e-3  # part of a row's hours from which rounding could break it


@frozen
class AskedSums:
    """Sums that should come to something.

    matrix : csr of 0/1, shape (asked, cells); goal : float64, what each asks; first : int64, the family it asks first
    limits, targets : int64, which rows of the plan they are, in this order
    """

    matrix: csr_matrix
    goal: np.ndarray
    first: np.ndarray
    limits: np.ndarray
    targets: np.ndarray


def asked_sums(problem: Problem, point: np.ndarray) -> AskedSums:
    """Return rows of Targets that ask for volumes and are at what they ask, and limits that bind, by priority."""
    targets, limits = problem.targets, problem.limits
    items = targets.items @ point
    near = 1e-6 * targets.size
    binds = _is_plain(targets.items) & (np.abs(items - targets.asked) <= near)
    rows = np.flatnonzero(binds)
    value = limits.matrix @ point
    at_lower, at_upper = (
        np.isfinite(bound) & (np.abs(value - bound) <= 1e-6 * np.maximum(np.abs(bound), 1))
        for bound in (np.where(limits.lower > 0, limits.lower, -np.inf), limits.upper)
    )
    held = np.flatnonzero(_is_plain(limits.matrix) & ~limits.covers_one_cell & (at_lower | at_upper))
    wanted = np.where(at_lower, limits.lower, limits.upper)[held]
    matrix = csr_matrix(stack_rows([limits.matrix[held], targets.items[rows]]))
    goal = np.concatenate([wanted, targets.asked[rows]])
    return AskedSums(matrix, goal, _first_family(problem, matrix), held, rows)


def _is_plain(matrix: csr_matrix) -> np.ndarray:
    """bool: rows whose weights are all 1."""
    odd = csr_matrix((matrix.data != 1, matrix.indices, matrix.indptr), shape=matrix.shape)
    return np.asarray(np.asarray(odd.sum(axis=1)).ravel() == 0)


def _first_family(problem: Problem, matrix: csr_matrix) -> np.ndarray:
    """Return the family each sum asks first: that of teams where it holds fewer teams than others in its queues."""
    cells = problem.plan.cells
    whole = np.full(matrix.shape[0], QUEUES_FIRST)
    for row in range(matrix.shape[0]):
        inside = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        if _distinct(cells.queue[inside]) > _distinct(cells.org[inside]):
            whole[row] = TEAMS_FIRST
    return whole


def _distinct(leaves: np.ndarray) -> int:
    return int(np.count_nonzero(np.bincount(leaves)))


def full_rows(problem: Problem, point: np.ndarray) -> np.ndarray:
    """Return the rows of hours that rounding could break: int64, positions in CapacityRows."""
    rows = problem.capacity
    return np.flatnonzero((rows.kind == OF_CAPACITY) & rows.full(point, _NEARLY_FULL))


def hour_chains(
    problem: Problem, full: np.ndarray, unit: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the sums of ``hour_sums`` as chains, for ``Nest.with_chains``; None where two rows share a cell."""
    rows = csr_matrix(problem.capacity.matrix[full])
    if np.bincount(rows.indices).max(initial=0) > 1:
        return None
    row, weight = np.repeat(np.arange(len(full)), np.diff(rows.indptr)), rows.data * unit[rows.indices]
    order = np.lexsort((-weight, row))
    row, weight = row[order], weight[order]
    is_new = (np.diff(row, prepend=-1) != 0) | (np.diff(weight, prepend=np.nan) != 0)
    return rows.indices[order].astype(np.int64), row, np.cumsum(is_new)


def hour_sums(problem: Problem, full: np.ndarray, unit: np.ndarray) -> Iterator[csr_matrix]:
    """Yield nested sums inside every full capacity row: its slowest work, its slower work, and so on.

    Notes
    -----
    With the cells of a row in falling order of h_i · unit_i, and S_k how far the first k of them are off in all,
    Σ h_i δ_i = Σ_k (h_k − h_k+1) S_k. Each |S_k| < 1, so the row is off by less than its slowest item: one item's
    handle time.
    """
    yield from _by_rank(problem.capacity.matrix, full, unit)


def hour_rows(problem: Problem, base: np.ndarray, unit: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """Return hours by cell of every capacity row that rounding could break, and the hours left for cells that go up.

    Parameters
    ----------
    base : float64, shape (cells,), the plan with every cell at the next lower unit

    Returns
    -------
    csr, shape (rows, cells), hours of one more unit
    float64, shape (rows,): what is left above ``base``, with one item's handle time
    """
    rows = problem.capacity
    of_capacity = np.flatnonzero(rows.kind == OF_CAPACITY)
    matrix = scale_columns(rows.matrix[of_capacity], unit)
    slowest = np.asarray(matrix.max(axis=1).todense()).ravel() if matrix.shape[0] else np.zeros(0)
    left = rows.there[of_capacity] - rows.matrix[of_capacity] @ base + slowest
    close = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel() > left)
    return csr_matrix(matrix[close]), left[close]


def _by_rank(matrix: csr_matrix, rows: np.ndarray, unit: np.ndarray) -> Iterator[csr_matrix]:
    steps: list[list[np.ndarray]] = []
    # the finest rows first: a site's hours follow from those of its teams
    for row in rows[np.argsort(np.diff(matrix.indptr)[rows], kind="stable")].tolist():
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        cells, weight = matrix.indices[part], matrix.data[part] * unit[matrix.indices[part]]
        order = np.argsort(-weight, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(weight[order]) != 0, True)) + 1
        for rank, end in enumerate(ends[::-1].tolist()):  # the whole row first
            while len(steps) <= rank:
                steps.append([])
            steps[rank].append(np.sort(cells[order[:end]]))
    for sets in steps:
        yield _as_matrix(sets, matrix.shape[1])


def _as_matrix(sets: list[np.ndarray], columns: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(cells) for cells in sets)])
    return csr_matrix((np.ones(ends[-1]), np.concatenate(sets), ends), shape=(len(sets), columns))


def inflow_sums(problem: Problem, point: np.ndarray, unit: np.ndarray) -> tuple[csr_matrix, np.ndarray]:
    """Return what is handled up to each period where rounding could go beyond what came in.

    Returns
    -------
    csr of 0/1; float64, the units there are
    """
    rows = problem.capacity
    of_inflow = np.flatnonzero(rows.kind == OF_INFLOW)
    matrix, there = rows.matrix[of_inflow], rows.there[of_inflow]
    close = np.flatnonzero((matrix @ (point + unit) > there) & (matrix @ unit > 0))
    matrix, there = matrix[close], there[close]
    of_row = unit[matrix.indices[matrix.indptr[:-1]]] if matrix.shape[0] else np.zeros(0)
    return matrix, np.floor(there / of_row * (1 + _ROUNDING) + _ROUNDING)


def usual_sums(problem: Problem) -> Iterator[tuple[csr_matrix, int]]:
    """Yield the totals that people look at, and the family each asks first: queues and teams up their trees."""
    plan = problem.plan
    cells = plan.cells
    yield problem.queues.matrix, QUEUES_FIRST
    yield _totals(cells.metric, cells.org, cells.period), TEAMS_FIRST
    for tree, leaf, first in ((plan.queues, cells.queue, QUEUES_FIRST), (plan.org, cells.org, TEAMS_FIRST)):
        for depth in range(int(tree.depth.max()) - 1, -1, -1):
            yield _totals(cells.metric, _at_depth(tree, leaf, depth), cells.period), first
    for depth in range(int(plan.periods.depth.max()) - 1, -1, -1):
        yield _totals(cells.metric, _at_depth(plan.periods, cells.period, depth)), QUEUES_FIRST


def _at_depth(tree: Tree, leaf: np.ndarray, depth: int) -> np.ndarray:
    above = tree.ancestors[leaf, depth]
    return np.asarray(np.where(above >= 0, above, tree.leaves[leaf]))


def _totals(*keys: np.ndarray) -> csr_matrix:
    """Return the membership of cells in the distinct combinations of keys."""
    combined = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:  # one number for each combination, in the same order
        combined = combined * (int(key.max(initial=0)) + 1) + key
    _, which = np.unique(combined, return_inverse=True)
    count = int(which.max()) + 1 if len(which) else 0
    matrix = csr_matrix((np.ones(len(which)), (which, np.arange(len(which)))), shape=(count, len(which)))
    matrix.sort_indices()
    return matrix
