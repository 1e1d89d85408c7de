"""Which targets cannot hold together, whatever the hours and limits: proven by a program of nothing but targets.

The fair share leaves a target unmet for many a reason, some of its own making; that alone says nothing of the targets.

Owns: the proof that targets contradict each other.
"""

from __future__ import annotations

import numpy as np

from engine.formulation.problem import Problem, TargetRows
from engine.plan import Sense
from solver.matrices import scale_rows, stack_blocks, unit
from solver.program import LinearProgram
from solver.solvers import solve
from solver.sparse import csc_matrix, csr_matrix

_APART = 1e-6
"""Part of what is asked by which targets must be apart to be told."""

_COUNTS = 1e-7
"""Price from which a row is part of a proof: a row's own miss costs 1."""


def contradicting(problem: Problem, suspects: np.ndarray) -> np.ndarray:
    """Return those target rows that take part in a contradiction with targets of the same or a higher priority.

    Parameters
    ----------
    suspects : int64, positions in the problem's targets

    Returns
    -------
    int64, some of the suspects, in their order
    """
    priority = problem.targets.priority
    found = [
        np.intersect1d(suspects[priority[suspects] == each], _proof(problem.targets, np.flatnonzero(priority <= each)))
        for each in np.unique(priority[suspects]).tolist()
    ]
    return suspects[np.isin(suspects, np.concatenate(found))] if found else suspects


def _proof(targets: TargetRows, rows: np.ndarray) -> np.ndarray:
    """Return the rows that together prove that some must be missed by cells of 0 and more; none where all can hold.

    Notes
    -----
    Farkas: at the least sum of misses, rows that have a price are those whose sum cannot be.
    """
    solution = solve(_least_misses(targets, rows))
    if not solution.is_optimal or solution.objective <= _APART:
        return rows[:0]
    proof = rows[np.abs(solution.row_price) > _COUNTS]
    return proof if len(proof) > 1 else rows[:0]  # a row alone that cannot be contradicts no other


def _least_misses(targets: TargetRows, rows: np.ndarray) -> LinearProgram:
    """Return the program of the least sum of misses, in parts of each row's size. Columns: cells, lack, excess."""
    count, cells = len(rows), targets.items.shape[1]
    size, sense = targets.size[rows], targets.sense[rows]
    asked, items = targets.asked[rows] / size, scale_rows(csr_matrix(targets.items[rows]), 1 / size)
    return LinearProgram(
        np.concatenate([np.zeros(cells), np.ones(2 * count)]),
        csc_matrix(stack_blocks([[items, unit(count), -unit(count)]])),
        np.where(sense == Sense.AT_MOST, -np.inf, asked),
        np.where(sense == Sense.AT_LEAST, np.inf, asked),
        np.zeros(cells + 2 * count),
        np.full(cells + 2 * count, np.inf),
    )
