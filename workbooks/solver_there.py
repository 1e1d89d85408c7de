"""Whether the solver that a workbook chose can be used, found out before anything runs.

Owns: that a missing or unlicensed solver is an issue at the cell of the setting, never a failure in the middle.
"""

from __future__ import annotations

from engine.building.settings import setting_place
from engine.codes import issue
from engine.issues import Issue
from engine.plan import Settings
from engine.tables import Inputs
from solver.program import SolverUnusableError
from solver.solvers import NAMES, NOT_THERE, why_not

_LONGEST = 300  # letters of what a solver says


def solver_issues(inputs: Inputs, settings: Settings) -> tuple[Issue, ...]:
    """Return what keeps the chosen solver from being used on this machine."""
    reason = why_not(settings.solver)
    return (_unusable(inputs, settings.solver, reason),) if reason else ()


def solver_failed(inputs: Inputs, failed: SolverUnusableError) -> Issue:
    """Return the issue of a solver that gave up on a program of the plan."""
    return _unusable(inputs, failed.name, failed.reason)


def _unusable(inputs: Inputs, name: str, reason: str) -> Issue:
    place = setting_place(inputs, "Solver")
    if reason == NOT_THERE:
        return issue("TC260", place, NAMES[name])
    return issue("TC261", place, f"{NAMES[name]} says: {reason[:_LONGEST]}")
