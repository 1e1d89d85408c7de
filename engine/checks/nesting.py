"""Which rows lie inside which: rows of one level inside a row are disjoint, so they add up.

Owns: families of rows of equal depth inside a scope.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.plan import Plan, Scopes


def families_inside(plan: Plan, outer: Scopes, row: int, inner: Scopes) -> Iterator[np.ndarray]:
    """Yield rows of ``inner`` that lie inside a row of ``outer``, one family of equal depth after the other.

    Yields
    ------
    int64
        Rows of one family: over disjoint cells, unless two rows share their scope.
    """
    inside = inner.metric == outer.metric[row]
    depths = []
    for tree, above, below in (
        (plan.org, outer.org[row], inner.org),
        (plan.queues, outer.queue[row], inner.queue),
        (plan.periods, outer.period[row], inner.period),
    ):
        first, last = tree.leaf_span[above]
        spans = tree.leaf_span[below]
        inside &= (spans[:, 0] >= first) & (spans[:, 1] <= last) & (tree.depth[below] >= tree.depth[above])
        depths.append(tree.depth[below])
    rows = np.flatnonzero(inside)
    family = np.column_stack(depths)[rows]
    for depth in np.unique(family, axis=0):
        yield rows[(family == depth).all(axis=1)]


def without_repeats(scopes: Scopes, rows: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return one value per scope: of rows that share one, the largest."""
    keys = np.column_stack([scopes.org, scopes.queue, scopes.period])[rows]
    _, which = np.unique(keys, axis=0, return_inverse=True)
    best = np.full(int(which.max()) + 1 if len(which) else 0, -np.inf)
    np.maximum.at(best, which.ravel(), value)
    return best
