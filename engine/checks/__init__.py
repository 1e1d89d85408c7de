"""What is contradictory or surprising about a plan before it is solved: findings, never stops.

Owns: arithmetic that cannot hold together, and what people are likely to have forgotten.
Knows nothing of: how a plan is solved, or where it came from.
"""

from __future__ import annotations

from engine.checks.beside import check_rows_beside
from engine.checks.coverage import check_coverage
from engine.checks.hours import check_hours
from engine.checks.sums import check_sums
from engine.checks.units import check_units
from engine.formulation.problem import Problem, formulate
from engine.issues import Issue
from engine.plan import Plan
from engine.tables import Inputs

__all__ = ["check_plan"]


def check_plan(plan: Plan, problem: Problem | None = None, inputs: Inputs | None = None) -> tuple[Issue, ...]:
    """Return all findings about a plan, conflicts first, each list in table order.

    Parameters
    ----------
    problem : the plan as rows, where that is known already
    inputs : the tables it was built from, where there are any: they know the cell of every value
    """
    limits = None if inputs is None else inputs.tables.get("Limits")
    max_column = 0 if limits is None else limits.columns.get("Max", 0)
    hours = check_hours(formulate(plan) if problem is None else problem)
    notes = (*check_coverage(plan), *check_rows_beside(plan), *check_units(plan, max_column))
    return (*check_sums(plan), *hours, *notes)
