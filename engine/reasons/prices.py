"""The prices by which reasons are told: the smallest that hold the plan where it is.

Where rows leave next to no room, many prices say the same, and those of a search are any of them: millions that pull
against each other for a cell that hardly moves. These hang on the plan alone, and on what is tight in it.

Owns: which rows and cells have a say.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.decision.decide import Decision
from engine.decision.fairness import KAPPA, Fairest, is_small, mean_hours
from engine.formulation.problem import Problem, row_means
from solver.polyhedron import ACCEPTED
from solver.smallest import smallest_prices


def told_prices(problem: Problem, decision: Decision) -> Fairest:
    """Return the fairest plan with the prices that are told: those of the search where plans are large."""
    fairest, kept, hard, fair = decision.fairest, decision.kept, decision.hard, problem.fair
    if not fairest.is_projected or not is_small(problem):
        return fairest
    point, queues = decision.point, problem.queues.matrix
    near = ACCEPTED * np.maximum(1.0, np.abs(point))
    free = (point > hard.lower + near) & (point < hard.upper - near) & (fairest.move > 0)
    activity = kept.matrix @ point
    off = np.minimum(activity - kept.lower, kept.upper - activity)
    # of rows that all say the same, those of which the search made something
    tight, cells = np.flatnonzero((off <= ACCEPTED) & (fairest.row_price != 0)), np.flatnonzero(free)
    if not len(cells):
        return fairest  # every cell stands at a bound of its own: nothing is held by prices alone
    scales = queues @ fair.scale
    moves = np.divide(mean_hours(problem) * scales, KAPPA * row_means(queues, fair))
    queue_price = np.divide(-(queues @ (point - fair.value)), moves, out=np.zeros(len(moves)), where=moves > 0)
    move = fairest.move[cells]
    wanted = (point - fair.value)[cells] / move - np.asarray(queues.T @ queue_price)[cells]
    rows = np.asarray(kept.matrix[tight][:, cells].toarray())
    row_price = np.zeros(len(kept.family))
    row_price[tight] = smallest_prices(rows, wanted, move)
    return replace(fairest, row_price=row_price, queue_price=queue_price)
