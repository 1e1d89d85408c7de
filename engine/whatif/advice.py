"""What solving again found out: whether misses can be helped, how, and what it costs.

Owns: the shape of advice.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from engine.issues import Place
from engine.whatif.edits import Edit
from solver.frozen import frozen


class MendKind(StrEnum):
    """Ways to close a miss, one of each at most."""

    HOURS = "hours"
    LIMIT = "limit released"
    LOWER = "asked less"
    MOVE = "moved"


@frozen
class Mend:
    """A change of the input that closes the miss of one target; proven by a second run.

    target : row of the plan's Targets; words : what is changed
    others : what it does to the other targets and limits, "" where nothing
    """

    target: int
    kind: MendKind
    words: str
    edits: tuple[Edit, ...]
    others: str


@frozen
class ConflictLine:
    """One line of a conflict: rows that stand or fall together. is_fact : hours, inflow; else somebody's choice."""

    words: str
    is_fact: bool
    places: tuple[Place, ...]


@frozen
class Conflict:
    """Lines that cannot all hold, while any of them less they can. is_minimal : proven line by line."""

    lines: tuple[ConflictLine, ...]
    is_minimal: bool


@frozen
class Cost:
    """What one limit costs: items by which targets are missed more than without it; words : by target."""

    limit: int
    items: float
    words: str


@frozen
class Advice:
    """What is known beyond the plan itself; all of it from full second runs.

    is_reachable : int64, shape (targets,): 1 alone, 0 not even alone, -1 met, or not asked
    is_asked : bool, shape (targets,): misses for which mends were sought
    worth_hour, worth_fte : float64, shape (capacity rows,), items by which misses shrink; nan = not asked
    worth_words : by target, one per capacity row
    concentrated : items missed in all if misses were concentrated, not spread; nan = not asked
    runs : how many second runs it took
    """

    is_reachable: np.ndarray
    is_asked: np.ndarray
    mends: tuple[Mend, ...]
    conflicts: tuple[Conflict, ...]
    worth_hour: np.ndarray
    worth_fte: np.ndarray
    worth_words: tuple[str, ...]
    costs: tuple[Cost, ...]
    concentrated: float
    runs: int

    def mends_of(self, target: int) -> tuple[Mend, ...]:
        """Return the mends of one row of Targets."""
        return tuple(mend for mend in self.mends if mend.target == target)
