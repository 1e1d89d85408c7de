"""The decisions of all periods as one decision of the whole plan.

Owns: putting cells, prices, levels and bands back to where they stand in the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.decision.fairness import Fairest
from engine.decision.levels import BAND, CAPACITY, LIMIT, KeptRows, Levels
from engine.decision.misses import misses_at
from engine.formulation.problem import Problem
from solver.matrices import no_entries, stack_rows
from solver.sparse import csr_matrix

if TYPE_CHECKING:
    from engine.decision.split import Piece


def join_kept(problem: Problem, pieces: Sequence[Piece]) -> tuple[KeptRows, np.ndarray]:
    """Return the rows that have a price, over all cells, and their prices."""
    n_cells = len(problem.fair.value)
    matrices: list[csr_matrix] = [no_entries(0, n_cells)]
    lower, upper, price = [np.zeros(0)], [np.zeros(0)], [np.zeros(0)]
    family, index = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for piece in pieces:
        kept, found, part = piece.decided.kept, piece.decided.fairest, piece.part
        rows = np.flatnonzero(found.row_price)
        own = csr_matrix(kept.matrix[rows])
        matrices.append(csr_matrix((own.data, part.cells[own.indices], own.indptr), shape=(len(rows), n_cells)))
        lower.append(kept.lower[rows])
        upper.append(kept.upper[rows])
        price.append(found.row_price[rows])
        family.append(kept.family[rows])
        index.append(_index(piece, rows))
    kept_rows = KeptRows(
        stack_rows(matrices), np.concatenate(lower), np.concatenate(upper), np.concatenate(family),
        np.concatenate(index),
    )  # fmt: skip
    return kept_rows, np.concatenate(price)


def _index(piece: Piece, rows: np.ndarray) -> np.ndarray:
    kept, part = piece.decided.kept, piece.part
    whole = np.zeros(len(rows), np.int64)
    for of_family, positions in ((CAPACITY, part.capacity), (LIMIT, part.limits), (BAND, part.totals)):
        mine = kept.family[rows] == of_family
        whole[mine] = positions[kept.index[rows][mine]]
    asked = ~np.isin(kept.family[rows], (CAPACITY, LIMIT, BAND))
    whole[asked] = part.targets[kept.index[rows][asked]]
    return whole


def join_fairest(problem: Problem, pieces: Sequence[Piece], point: np.ndarray, price: np.ndarray) -> Fairest:
    """Return the fairest plans as one. price : of the joined kept rows."""
    found = [piece.decided.fairest for piece in pieces]
    move = _cells(len(point), [(piece.part.cells, piece.decided.fairest.move) for piece in pieces])
    queue_price = np.zeros(problem.queues.matrix.shape[0])
    for piece in pieces:
        queue_price[piece.part.totals] = piece.decided.fairest.queue_price
    return Fairest(
        point,
        move,
        price,
        queue_price,
        all(each.is_projected for each in found),
        max(each.residual for each in found),
        sum(each.steps for each in found),
    )


def join_levels(problem: Problem, pieces: Sequence[Piece], point: np.ndarray) -> Levels:
    """Return what was reached of every target, and the bands of the queues that were guarded."""
    targets, n_totals = problem.targets, problem.queues.matrix.shape[0]
    items, mix = targets.items @ point, targets.fair_mix @ point
    low, high = np.full(n_totals, -np.inf), np.full(n_totals, np.inf)
    for piece in pieces:
        low[piece.part.totals] = piece.decided.levels.band_lower
        high[piece.part.totals] = piece.decided.levels.band_upper
    floor = np.where(targets.has_shortfall, targets.asked, -np.inf)
    ceiling = np.where(targets.has_excess, targets.asked, np.inf)
    return Levels(np.minimum(floor, items), np.maximum(ceiling, items), np.minimum(floor, mix), low, high)


def joined_miss(problem: Problem, fair_outcome: np.ndarray) -> np.ndarray:
    """Return what is missed of every target before the mix guard: float64, shape (targets,), items."""
    return np.asarray(misses_at(problem.targets, fair_outcome)[0] * problem.targets.size)


def _cells(count: int, parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    found = np.zeros(count)
    for at, values in parts:
        found[at] = values
    return found
