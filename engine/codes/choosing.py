"""Codes TC260–TC261: the solver that was chosen."""

from __future__ import annotations

from engine.codes.kinds import STOP, Code

CHOOSING: tuple[Code, ...] = (
    Code(
        "TC260",
        STOP,
        "The solver that was chosen is not installed here",
        "highs, or a solver that is installed on this machine",
        "Set Solver to highs, which always works, or install the solver for the Python that runs targets.",
    ),
    Code(
        "TC261",
        STOP,
        "The solver that was chosen is installed, but does not solve",
        "a solver with a licence for programs of this size",
        "Set Solver to highs, which always works, or mend the solver's licence or installation.",
    ),
)
