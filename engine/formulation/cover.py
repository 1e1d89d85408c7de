"""Which cells a row covers: scopes on three trees become sparse membership rows.

Owns: matching rows (org node × queue node × period node, or groups) to cells.
"""

from __future__ import annotations

import numpy as np

from engine.plan import EVERY_METRIC, Plan, Scopes
from engine.trees import Tree
from solver.sparse import csr_matrix


def cover(plan: Plan, scopes: Scopes) -> csr_matrix:
    """Return the 0/1 membership of cells in scopes; a metric below 0 stands for every metric.

    Returns
    -------
    csr of float64, shape (rows, cells)
        Columns in cell order within each row.

    Notes
    -----
    Rows whose nodes lie at the same depths are disjoint or equal, so each such family is matched in one
    pass over the cells: a cell's ancestors at those depths are looked up among the rows of the family.
    Rows over groups, or that end early, are few: each is a pass of its own.
    """
    is_odd = plan.org.is_group(scopes.org) | plan.queues.is_group(scopes.queue)
    if scopes.until is not None:
        is_odd |= scopes.until < plan.periods.leaf_span[scopes.period, 1]
    if not is_odd.any():
        row, cell = _cover_boxes(plan, scopes)
    else:
        even, odd = np.flatnonzero(~is_odd), np.flatnonzero(is_odd)
        row, cell = _cover_boxes(plan, scopes.take(even))
        singles = [_cover_one(plan, scopes, each) for each in odd.tolist()]
        row = np.concatenate([even[row], np.repeat(odd, [len(cells) for cells in singles])])
        cell = np.concatenate([cell, *singles])
    matrix = csr_matrix((np.ones(len(row)), (row, cell)), shape=(len(scopes), len(plan.cells)))
    matrix.sort_indices()
    return matrix


def _cover_one(plan: Plan, scopes: Scopes, row: int) -> np.ndarray:
    """Return the cells of one row."""
    cells = plan.cells
    inside = np.ones(len(cells), dtype=bool)
    for tree, node, leaf in (
        (plan.org, scopes.org[row], cells.org),
        (plan.queues, scopes.queue[row], cells.queue),
        (plan.periods, scopes.period[row], cells.period),
    ):
        member = np.zeros(len(tree.leaves), dtype=bool)
        member[tree.leaf_positions(int(node))] = True
        inside &= member[leaf]
    if scopes.metric[row] >= 0:
        inside &= cells.metric == scopes.metric[row]
    if scopes.until is not None:
        inside &= cells.period < scopes.until[row]
    return np.flatnonzero(inside)


def _cover_boxes(plan: Plan, scopes: Scopes) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs (row, cell) of rows over nodes."""
    trees = (plan.org, plan.queues, plan.periods)
    nodes = (scopes.org, scopes.queue, scopes.period)
    leaves = (plan.cells.org, plan.cells.queue, plan.cells.period)
    metric_of = np.where(scopes.metric < 0, EVERY_METRIC, scopes.metric)
    family = np.column_stack(
        [metric_of == EVERY_METRIC, *(tree.depth[node] for tree, node in zip(trees, nodes, strict=True))]
    )
    found_rows, found_cells = [], []
    for signature in np.unique(family, axis=0):
        rows = np.flatnonzero((family == signature).all(axis=1))
        any_metric, *depths = signature
        cell_key = _key(
            np.zeros_like(plan.cells.metric) if any_metric else plan.cells.metric,
            [_ancestor(tree, leaf, depth) for tree, leaf, depth in zip(trees, leaves, depths, strict=True)],
            trees,
        )
        row_key = _key(
            np.zeros(len(rows), np.int64) if any_metric else metric_of[rows],
            [node[rows] for node in nodes],
            trees,
        )
        row_of, cell_of = _match(row_key, cell_key)
        found_rows.append(rows[row_of])
        found_cells.append(cell_of)
    row = np.concatenate(found_rows) if found_rows else np.zeros(0, np.int64)
    cell = np.concatenate(found_cells) if found_cells else np.zeros(0, np.int64)
    return row, cell


def _ancestor(tree: Tree, leaf: np.ndarray, depth: int) -> np.ndarray:
    return np.asarray(tree.ancestors[leaf, depth])


def _key(metric: np.ndarray, nodes: list[np.ndarray], trees: tuple[Tree, Tree, Tree]) -> np.ndarray:
    """One number per metric and node triple; -1 where a leaf has no ancestor at that depth."""
    key = metric.astype(np.int64)
    missing = np.zeros(len(key), dtype=bool)
    for node, tree in zip(nodes, trees, strict=True):
        key = key * len(tree) + node
        missing |= node < 0
    return np.where(missing, -1, key)


def _match(row_key: np.ndarray, cell_key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs (row, cell) with equal keys; several rows may share a key."""
    distinct, which = np.unique(row_key, return_inverse=True)
    spot = np.searchsorted(distinct, cell_key)
    spot = np.minimum(spot, len(distinct) - 1)
    hit = distinct[spot] == cell_key
    cells = np.flatnonzero(hit)
    group = spot[cells]
    order = np.argsort(which, kind="stable")
    first = np.searchsorted(which[order], np.arange(len(distinct)))
    count = np.bincount(which, minlength=len(distinct))
    repeat = count[group]
    cell_of = np.repeat(cells, repeat)
    offset = np.arange(len(cell_of)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    return order[np.repeat(first[group], repeat) + offset], cell_of


def queue_totals(plan: Plan) -> tuple[csr_matrix, np.ndarray]:
    """Return the membership of cells in metric × leaf queue × leaf period, and those keys.

    Returns
    -------
    csr of 0/1, shape (totals, cells); int64, shape (totals, 3): metric, queue leaf, period leaf
    """
    cells = plan.cells
    n_queue, n_period = len(plan.queues.leaves), len(plan.periods.leaves)
    key = (cells.metric * n_queue + cells.queue) * n_period + cells.period
    # the first cell of a total decides its place, so that the order is the canonical one of the cells
    distinct, first, which = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    matrix = csr_matrix((np.ones(len(key)), (rank[which], np.arange(len(key)))), shape=(len(distinct), len(key)))
    matrix.sort_indices()
    keys = distinct[order]
    return matrix, np.column_stack([keys // (n_queue * n_period), keys // n_period % n_queue, keys % n_period])
