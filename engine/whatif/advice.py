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
    BOUND = "bound raised"
    GUARD = "mix guard"


@frozen
class Mend:
    """A change of the input that closes the miss of one target; proven by a second run.

    target : row of the plan's Targets; words : what is changed
    others : what it does to the other targets and limits, "" where nothing
    alternatives : other changes of its kind, each of which closes the miss alone as well
    """

    target: int
    kind: MendKind
    words: str
    edits: tuple[Edit, ...]
    others: str
    alternatives: tuple[Mend, ...] = ()


@frozen
class ConflictLine:
    """One line of a conflict: rows that stand or fall together. is_fact : hours, inflow; else somebody's choice."""

    words: str
    is_fact: bool
    places: tuple[Place, ...]


@frozen
class Conflict:
    """Lines that cannot all hold, while any of them less they can.

    is_minimal : proven line by line; needs_reach : of a rate, whether it hangs on how far cells can move as well
    """

    lines: tuple[ConflictLine, ...]
    is_minimal: bool
    needs_reach: bool = False


@frozen
class Cost:
    """What a limit costs.

    limits : rows of the plan's Limits that one input row put
    items : by which targets are missed more than without it; words : the same by target
    moved : items that would be planned in other cells without it; rates : which rates would be others, in words
    """

    limits: tuple[int, ...]
    items: float
    moved: float
    words: str
    rates: str = ""


@frozen
class Guardrails:
    """What would have been achieved otherwise, per row of Targets; float64, nan = not asked, or nothing to compare.

    no_limits : without any row of Limits; concentrated : with misses concentrated instead of spread
    missed : items missed in all if misses were concentrated
    """

    no_limits: np.ndarray
    concentrated: np.ndarray
    missed: float


@frozen
class Binds:
    """Rows of Capacity that bind together: hours of the same nodes that are used up through the same periods.

    words : ``all 14 of Lisbon in 2024-01 to 2024-03``
    rows : positions, the one in the way of the largest misses first: it is asked before the others
    """

    words: str
    rows: tuple[int, ...]


@frozen
class Advice:
    """What is known beyond the plan itself; all of it from full second runs.

    is_reachable : int64, shape (targets,): 1 alone, 0 not even alone, -1 met, or not known: only a run could tell
    is_asked : bool, shape (targets,): misses for which mends were sought
    failed : rows of Targets with kinds of changes that were tried, none of which closes the miss alone
    worth_hour, worth_fte : float64, shape (capacity rows,), items by which misses shrink; nan = not asked
    worth_words : by target, one per capacity row
    binds : the rows of Capacity in the way of misses, rolled up; the first row of each is asked first
    costs : what limits at an end cost; limits_left : how many more stand at an end and were not asked
    runs : how many second runs it took
    only_misses : whether these found misses alone: amounts of others are then told to a unit or two
    """

    is_reachable: np.ndarray
    is_asked: np.ndarray
    mends: tuple[Mend, ...]
    failed: tuple[tuple[int, MendKind], ...]
    conflicts: tuple[Conflict, ...]
    worth_hour: np.ndarray
    worth_fte: np.ndarray
    worth_words: tuple[str, ...]
    binds: tuple[Binds, ...]
    costs: tuple[Cost, ...]
    limits_left: int
    guardrails: Guardrails
    runs: int
    only_misses: bool = False

    def mends_of(self, target: int) -> tuple[Mend, ...]:
        """Return the mends of one row of Targets."""
        return tuple(mend for mend in self.mends if mend.target == target)

    def failed_for(self, target: int) -> tuple[MendKind, ...]:
        """Return the kinds of changes that close nothing alone for one row of Targets."""
        return tuple(kind for row, kind in self.failed if row == target)
