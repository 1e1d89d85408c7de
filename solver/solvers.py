"""Which solvers there are by name, and one face for all: a program whose costs and bounds change between solves.

Owns: the list of names that may be chosen. A name, never a path: a workbook must not start a program of its own.
Every name must bring prices with its answer, for the plan is made unique by them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from solver.highs import HighsSession
from solver.memory import FORGETFUL, Memory
from solver.program import LinearProgram, Solution
from solver.remembered import RememberedSession

HIGHS = "highs"

NAMES: dict[str, str] = {
    HIGHS: "HiGHS",
    "cbc": "CBC",
    "gurobi": "Gurobi",
    "cplex": "CPLEX",
    "xpress": "Xpress",
    "mosek": "MOSEK",
    "copt": "COPT",
}
"""Name in a workbook → name of the product. All but HiGHS are called through PuLP."""


class Session(Protocol):
    """One program held by a solver; costs and bounds change between solves. Always a minimum."""

    program: LinearProgram

    def set_costs(self, cost: np.ndarray) -> None:
        """Replace all costs."""

    def set_bounds(self, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace all column bounds."""

    def solve(self, time_limit_s: float | None = None, *, may_begin_anew: bool = True) -> Solution:
        """Solve the program as it is now."""


def open_session(program: LinearProgram, name: str = HIGHS, memory: Memory = FORGETFUL) -> Session:
    """Return a program held by the solver of a name in ``NAMES``.

    Parameters
    ----------
    memory : what HiGHS answered to earlier runs; others are asked for a second opinion, and asked each time
    """
    if name == HIGHS and memory.is_kept:
        return RememberedSession(program, memory)
    if name == HIGHS:
        return HighsSession(program)
    from solver.pulp_bridge import PulpSession  # a tenth of a second, and only a second opinion needs it

    return PulpSession(program, name)


def solve(
    program: LinearProgram, name: str = HIGHS, time_limit_s: float | None = None, memory: Memory = FORGETFUL
) -> Solution:
    """Solve one program once."""
    return open_session(program, name, memory).solve(time_limit_s)


def least_known(session: Session) -> float:
    """Return a number below which the optimum is not, known without solving; −inf where there is none."""
    return session.least() if isinstance(session, RememberedSession) else -np.inf


def start_known(session: Session) -> None:
    """Let the next solve start where an earlier run's program that is alike ended, where one is known."""
    if isinstance(session, RememberedSession):
        session.start_known()


def why_not(name: str) -> str:
    """Return why a solver cannot be used on this machine, found by a program of one row; "" where it can.

    Returns
    -------
    str
        ``NOT_THERE``, or what the solver itself says.
    """
    if name == HIGHS:
        return ""
    from solver.pulp_bridge import trouble_with

    return trouble_with(name)


NOT_THERE = "not there"
"""What ``why_not`` says of a solver that is not installed."""
