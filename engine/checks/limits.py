"""Limits that contradict each other, hours or inflow, proven before the plan is solved.

Owns: when it is worth looking for them. What is found, and its words, are those of a run.
"""

from __future__ import annotations

from engine.decision.decide import FAST_PATH_CELLS
from engine.decision.hard import is_kept_by_least
from engine.formulation.problem import Problem
from engine.issues import Issue
from engine.whatif.conflicts import find_limit_conflicts
from engine.whatif.findings import conflict_findings

_SEARCHED = 60
"""Rows of a contradiction of a large plan that are searched for spare ones: a check takes seconds, not minutes."""


def check_limits(problem: Problem) -> tuple[Issue, ...]:
    """Return the contradictions among a plan's limits, line by line, each with its cells; none where all can hold.

    Notes
    -----
    What nobody asks for at least can be left undone, so without a minimum or hold there is nothing to look for.
    """
    if not (problem.limits.lower > 0).any() or is_kept_by_least(problem):
        return ()
    most_rows = _SEARCHED if len(problem.fair.value) > FAST_PATH_CELLS else None
    return tuple(conflict_findings(find_limit_conflicts(problem, most_rows)))
