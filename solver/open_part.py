"""What of a small search is open at all: columns between their bounds, and rows over them.

Misses that are settled, segments of targets that miss nothing, and cells that a price holds are half of all columns in
the searches of a short plan, and each step of a search takes as long as all of its columns squared by its rows.

Owns: the smaller search, and its answer told of the whole.
"""

from __future__ import annotations

import numpy as np

from solver.frozen import frozen
from solver.polyhedron import Polyhedron, Projection, row_sizes
from solver.sparse import csr_matrix


@frozen
class OpenPart:
    """The open part of a search.

    columns, rows : int64, which of the whole are left
    at : float64, shape (columns of the whole,), where those lie that are not
    off : by how much these leave rows that hold nothing else, relative to the rows' sizes
    centre, scale, body : of the smaller search; size : float64, shape (rows,), as in the whole
    n_rows : of the whole
    """

    columns: np.ndarray
    rows: np.ndarray
    at: np.ndarray
    off: float
    centre: np.ndarray
    scale: np.ndarray
    body: Polyhedron
    size: np.ndarray
    n_rows: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to search."""
        return not len(self.rows) or not len(self.columns)

    def whole(self, found: Projection, goal: float) -> Projection:
        """Return the answer of the smaller search as that of the whole. goal : residual that counts as kept."""
        point = self.at.copy()
        point[self.columns] = found.point
        price = np.zeros(self.n_rows)
        price[self.rows] = found.price
        is_settled = found.is_settled and self.off <= goal
        return Projection(point, price, max(found.residual, self.off), found.steps, is_settled)

    def without_search(self, goal: float) -> Projection:
        """Return the answer where nothing is left to search."""
        return Projection(self.at, np.zeros(self.n_rows), self.off, 0, self.off <= goal)


def open_part(centre: np.ndarray, scale: np.ndarray, body: Polyhedron) -> OpenPart:
    """Return the open part of a search.

    Parameters
    ----------
    centre, scale : float64, shape (columns,), as in ``solver.projection.project``
    """
    at, size = np.clip(centre, body.lower, body.upper), row_sizes(body)
    entries = np.bincount(body.matrix.indices[body.matrix.data != 0], minlength=len(centre))
    columns = np.flatnonzero((body.lower < body.upper) & (scale > 0) & (entries > 0))
    held = at.copy()
    held[columns] = 0.0
    taken = body.matrix @ held
    some = csr_matrix(body.matrix[:, columns])
    is_open = np.diff(some.indptr) > 0
    rows, closed = np.flatnonzero(is_open), ~is_open
    over = np.maximum(body.row_lower - taken, taken - body.row_upper)[closed] / size[closed]
    low, high = (body.row_lower - taken)[rows], (body.row_upper - taken)[rows]
    return OpenPart(
        columns,
        rows,
        at,
        float(np.max(over, initial=0.0)),
        centre[columns],
        scale[columns],
        Polyhedron(
            csr_matrix(some[rows]), low, np.where((body.row_lower == body.row_upper)[rows], low, high),
            body.lower[columns], body.upper[columns], None if body.part is None else body.part[columns],
        ),
        size[rows],
        len(is_open),
    )  # fmt: skip
