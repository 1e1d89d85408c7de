"""All that whole units of a plan hang on, in fingerprints: of what there is, and of the numbers of it.

Hours, targets and limits that a plan is not near to make no difference.

Owns: which numbers of a plan these are.
"""

from __future__ import annotations

import numpy as np

from engine.decision.hard import Hard
from engine.formulation.problem import OF_CAPACITY, Problem
from solver.memory import fingerprint

_NEAR = 1.002
"""What a plan uses of its hours, and this as much, and two more units everywhere, is all that rounding may come to."""

_CLOSE = 1e-5
"""Part of a sum's size from which on it is certainly not at what is asked."""


def structure_of(problem: Problem) -> str:
    """Return the fingerprint of cells, their trees, and of what targets and limits are over."""
    plan, cells = problem.plan, problem.plan.cells
    trees = (part for tree in (plan.org, plan.queues, plan.periods) for part in (tree.ancestors, tree.leaves))
    return fingerprint(
        "structure", cells.metric, cells.org, cells.queue, cells.period, *trees,
        problem.targets.items, problem.limits.matrix, problem.queues.matrix,
    )  # fmt: skip


def question_of(problem: Problem, hard: Hard, point: np.ndarray, unit: np.ndarray, structure: str) -> str:
    """Return the fingerprint of what rounding a plan comes to.

    Parameters
    ----------
    point : float64, shape (cells,), the plan; unit : of each cell, 0 where nothing is rounded
    structure : as ``structure_of`` has it
    """
    rows, limits, targets = problem.capacity, problem.limits, problem.targets
    may_be_full = (rows.kind != OF_CAPACITY) | (rows.matrix @ (_NEAR * point + 2 * unit) >= rows.there)
    there = np.where(may_be_full, rows.there, np.inf)
    size = np.where(may_be_full, rows.size, np.inf)
    handled, items = limits.matrix @ point, targets.items @ point
    lower, upper = (
        np.where(np.abs(handled - bound) <= _CLOSE * np.maximum(np.abs(bound), 1.0), bound, np.nan)
        for bound in (
            np.where(np.isfinite(limits.lower), limits.lower, -1e300),
            np.where(np.isfinite(limits.upper), limits.upper, 1e300),
        )
    )
    is_close = np.abs(items - targets.asked) <= _CLOSE * targets.size
    asked = np.where(is_close, [targets.asked, targets.size], np.nan)
    metric = problem.plan.cells.metric
    unit_of = np.zeros(int(metric.max(initial=-1)) + 1)
    unit_of[metric] = unit
    return fingerprint(
        "whole", structure, point, unit_of, hard.lower, hard.upper,
        rows.matrix, rows.kind, there, size, lower, upper, asked,
    )  # fmt: skip
