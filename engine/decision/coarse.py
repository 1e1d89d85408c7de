"""A coarse plan for the whole horizon: how much of every sum may fall to which period.

Scaling sweeps: cells go down with the tightest hours that cover them, and up or down with the targets over them. No
program, no proof; it only says in which proportion longer sums are shared out to periods.

Owns: those sweeps. Their result keeps nothing exactly.
"""

from __future__ import annotations

import numpy as np

from engine.formulation.problem import Problem, TargetRows
from engine.plan import Sense
from solver.sparse import csr_matrix

_SWEEPS = 60
_CLOSE = 1e-7  # part of a target's size from which on sweeps are worth while
_LEAST, _MOST = 0.2, 5.0  # factor of one sweep: one empty row must not throw the others about


def coarse_plan(problem: Problem) -> np.ndarray:
    """Return a plan that is about what hours and targets allow: float64, shape (cells,)."""
    capacity, targets, limits = problem.capacity, problem.targets, problem.limits
    point = np.maximum(problem.fair.value, 1e-3 * problem.fair.scale)
    priorities = np.unique(targets.priority)[::-1]  # the first priority last: it has the last word
    rows = [np.flatnonzero(targets.priority == priority) for priority in priorities]
    parts = [(some, csr_matrix(targets.items[some])) for some in rows]
    queues = problem.queues.matrix
    wanted = queues @ point
    for _ in range(_SWEEPS):
        # work belongs to queues and periods: what one team cannot do, others of the same queue and period take first
        reached = queues @ point
        ratio = np.clip(np.divide(wanted, reached, out=np.ones(len(wanted)), where=reached > 0), _LEAST, _MOST)
        point = point * _pull(queues, ratio)
        for some, matrix in parts:
            point = point * _pull(matrix, _ratio(targets, some, matrix @ point))
        point = point * _press(capacity.matrix, capacity.there, point)
        point = np.asarray(point * _press(limits.matrix, limits.upper, point))
        off = np.abs(_ratio(targets, np.arange(len(targets)), targets.items @ point) - 1)
        if float(np.max(off, initial=0.0)) <= _CLOSE:
            break
    return np.asarray(point)


def _ratio(targets: TargetRows, some: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Return what each sum should be multiplied by."""
    ratio = np.divide(targets.asked[some], reached, out=np.ones(len(some)), where=reached > 0)
    sense = targets.sense[some]
    ratio = np.where(sense == Sense.AT_LEAST, np.maximum(ratio, 1.0), ratio)
    ratio = np.where(sense == Sense.AT_MOST, np.minimum(ratio, 1.0), ratio)
    return np.asarray(np.clip(ratio, _LEAST, _MOST))


def _pull(matrix: csr_matrix, ratio: np.ndarray) -> np.ndarray:
    """Return the factor of each cell: the geometric mean of what the rows over it ask for."""
    member = csr_matrix((np.ones(len(matrix.data)), matrix.indices, matrix.indptr), shape=matrix.shape)
    times = np.maximum(np.asarray(member.sum(axis=0)).ravel(), 1.0)
    return np.asarray(np.exp(np.asarray(member.T @ np.log(ratio)) / times), dtype=np.float64)


def _press(matrix: csr_matrix, most: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return the factor of each cell: the tightest of the rows over it, 1 where none is over."""
    used = matrix @ point
    over = np.flatnonzero((used > most) & (used > 0))
    factor = np.ones(len(point))
    if len(over):
        part = csr_matrix(matrix[over])
        tightest = np.repeat(np.maximum(most[over], 0.0) / used[over], np.diff(part.indptr))
        np.minimum.at(factor, part.indices, tightest)
    return factor
