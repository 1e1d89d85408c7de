"""Parts of a plan that share no row: each is decided by itself, side by side, and the answers are put together.

Where everything can be met, one search over the whole finds that sooner than parts would. Where something is short, the
parts that are not are spared the programs, and those that are have smaller ones.

Owns: finding such parts, and what is handed to whoever decides one.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import Decision, Upto, decide
from engine.decision.hard import Hard, with_limits_as_kept
from engine.decision.joined import join_fairest, join_kept, join_levels, joined_miss
from engine.decision.part import Cutter, Part
from engine.decision.split import Piece
from engine.formulation.problem import Problem
from solver.matrices import stack_rows
from solver.sparse import csr_matrix

LEAST_CELLS = 1_000
"""Parts with fewer cells are decided with others: each decision has a cost of its own."""


def find_parts(problem: Problem) -> list[np.ndarray]:
    """Return the cells of parts that share no row, the largest first; one of all cells where all hang together."""
    n_cells = len(problem.fair.value)
    families = (problem.capacity.matrix, problem.limits.matrix, problem.targets.items, problem.queues.matrix)
    if any(np.diff(matrix.indptr).max(initial=0) >= n_cells for matrix in families):
        return [np.arange(n_cells)]
    label = _labels(csr_matrix(stack_rows(families)))
    _, which, count = np.unique(label, return_inverse=True, return_counts=True)
    order = np.argsort(-count, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    n_large = max(int((count >= LEAST_CELLS).sum()), 1)
    bundle = np.minimum(rank[which.ravel()], n_large if _pays(count[order[n_large:]]) else n_large - 1)
    return [np.flatnonzero(bundle == at) for at in range(int(bundle.max(initial=0)) + 1)]


def _pays(small: np.ndarray) -> bool:
    """Whether small parts make one of their own; else they go with the last of the large ones."""
    return bool(small.sum() >= LEAST_CELLS)


def _labels(rows: csr_matrix) -> np.ndarray:
    """Return the least cell that each cell hangs together with: int64, shape (cells,)."""
    used = csr_matrix(rows[np.flatnonzero(np.diff(rows.indptr))])
    label = np.arange(used.shape[1])
    while used.shape[0]:
        least = np.minimum.reduceat(label[used.indices], used.indptr[:-1])
        found = label.copy()
        np.minimum.at(found, used.indices, np.repeat(least, np.diff(used.indptr)))
        found = found[found]
        if (found == label).all():
            break
        label = found
    return label


def decide_apart(
    problem: Problem, hard: Hard, watch: Watch, parts: list[np.ndarray], how: tuple[int, Upto]
) -> Decision:
    """Return the decision of a plan from those of its parts.

    Parameters
    ----------
    hard : the rows of the whole that cannot give way
    parts : as ``find_parts`` gives them
    how : cells above which the misses of a part are found period by period, and how far parts are decided
    """
    cutter = Cutter(with_limits_as_kept(problem, hard))
    cut = [cutter.take(cells) for cells in parts]
    watch.on_step(f"{len(parts)} parts that share no row")
    # a time limit counts for all of them together, and a part that is nearly all of the plan has work to share itself
    if watch.is_timed or 2 * len(parts[0]) > len(problem.fair.value):
        decided = [_decided(part, watch, how) for part in cut]
    else:
        decided = watch.workers.map(partial(_decided, watch=Watch(memory=watch.memory), how=how), cut)
    pieces = [Piece(part, each) for part, each in zip(cut, decided, strict=True)]
    point, outcome = np.zeros(len(problem.fair.value)), np.zeros(len(problem.fair.value))
    for piece in pieces:
        point[piece.part.cells], outcome[piece.part.cells] = piece.decided.point, piece.decided.fair_outcome
    kept, price = join_kept(problem, pieces)
    open_hours = sum(each.open_hours for each in decided)
    return Decision(
        point,
        outcome,
        joined_miss(problem, outcome),
        hard,
        kept,
        join_fairest(problem, pieces, point, price),
        join_levels(problem, pieces, point),
        any(each.used_guard for each in decided),
        open_hours == 0,
        open_hours,
        (*hard.programs, *(program for each in decided for program in each.programs)),
        max(each.pieces for each in decided),
        sum(each.again for each in decided),
        len(parts),
    )


def _decided(part: Part, watch: Watch, how: tuple[int, Upto]) -> Decision:
    return decide(part.problem, watch, how[0], len(part.cells), how[1])
