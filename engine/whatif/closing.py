"""What closes misses: whether each could be met alone, which changes close it, and which of them close others as well.

Owns: in which order misses are asked about, and what is told of those that are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import inf

import numpy as np

from engine.issues import Place
from engine.outcome import Outcome
from engine.whatif.advice import Mend, MendKind
from engine.whatif.again import Again, cost_of, unless_it_fails
from engine.whatif.alone import Alone
from engine.whatif.asked import FULL_EFFORT, LARGE_EFFORT, ONE_OF_MANY, Asked
from engine.whatif.mends import Found, also_closed, find_mends
from engine.whatif.mends_of_rates import find_rate_mends
from solver.frozen import frozen

_RUNS_OF_A_MISS = 3  # about how many it takes to find the changes that close a miss of a large plan

_MANY = 3
"""Misses of a small plan above which less is tried for each."""


@frozen
class Most:
    """How much is asked at most.

    alone : misses of which it is asked whether they could be met alone; misses : for which changes are sought
    spent : what may be spent, as ``Again`` counts it; of the first of them everything is asked all the same
    """

    alone: int
    misses: int
    spent: float = np.inf


@dataclass
class Closing:
    """What there is to say of misses: as in ``Advice``; also : what closes another miss, by target and kind."""

    missed: list[int]
    reachable: np.ndarray
    is_asked: np.ndarray
    mends: list[Mend] = field(default_factory=list)
    failed: list[tuple[int, MendKind]] = field(default_factory=list)
    also: dict[tuple[int, MendKind], Mend] = field(default_factory=dict)

    def take(self, again: Again, outcome: Outcome, row: int, found: Found) -> None:
        """Take in what was found for one miss, and for which others it would do as well."""
        self.is_asked[row] = found.is_whole
        self.mends += [mend for mend, _ in found.mends]
        self.failed += [(row, kind) for kind in found.failed]
        for other in self.missed:
            if other != row:
                for mend in also_closed(again, outcome, found, other):
                    self.also.setdefault((other, mend.kind), mend)

    def known(self, row: int) -> tuple[Mend, ...]:
        """Return what closes other misses and this one as well."""
        return tuple(mend for (target, _), mend in self.also.items() if target == row)

    def tell(self, row: int, is_reachable: bool | None) -> None:
        """Take in whether a miss could be met alone, None where nobody knows."""
        self.reachable[row] = -1 if is_reachable is None else int(is_reachable)

    def finish(self) -> None:
        """Tell what closes another miss where nothing of the kind was found for this one."""
        own = {(mend.target, mend.kind) for mend in self.mends}
        self.mends += [mend for at, mend in self.also.items() if at not in own]
        self.failed = [each for each in self.failed if each not in self.also]


def find_closing(
    again: Again, outcome: Outcome, missed: list[int], most: Most, on_step: Callable[[str], None]
) -> Closing:
    """Return what can be said of misses: of each whether it could be met alone, and of the first what closes it.

    Parameters
    ----------
    missed : rows of Targets, in the order in which they are asked about
    """
    count = len(outcome.targets.met)
    found = Closing(missed, np.full(count, -1), np.zeros(count, dtype=bool))
    if not missed or not most.alone:
        return found
    on_step("which misses could be met alone")
    alone = Alone(again, outcome)
    for row in missed[: most.alone]:
        found.tell(row, unless_it_fails(partial(alone.proven, row)))
    first, repeated = _by_cells(outcome, missed) if again.is_small else (missed, [])
    asked = (first + repeated)[: most.misses]
    least = 1 if again.is_small else _RUNS_OF_A_MISS * cost_of(outcome)  # runs of a small plan are known in part
    for at, row in enumerate(asked, start=1):
        if at > 1 and again.spent + least > most.spent:
            break
        on_step(f"what would close miss {at} of {len(asked)}")
        effort = FULL_EFFORT if len(asked) <= _MANY else ONE_OF_MANY
        end = most.spent if again.is_small and at > 1 else inf
        asking = Asked(LARGE_EFFORT if again.only_misses else effort, found.known(row), at > len(first), end)
        found.take(again, outcome, row, _mends(again, outcome, row, asking))
        if found.reachable[row] < 0:
            found.tell(row, alone.found(row))
    for row in missed[: most.alone]:
        if found.reachable[row] < 0 and again.spent < most.spent:
            found.tell(row, alone.found(row))
    found.finish()
    return found


def _by_cells(outcome: Outcome, missed: list[int]) -> tuple[list[int], list[int]]:
    """Return the first miss of each input cell, the priorities in turn, and the others, which ask for the same.

    A turnaround typed once is asked of every month; what closes its largest miss closes most of the others. And eight
    turnarounds that come before it would leave nothing to be spent on the one target of the quarter.
    """
    targets = outcome.plan.targets
    first: dict[Place, int] = {}
    for row in missed:
        first.setdefault(targets.place[row], row)
    turn: Counter[float] = Counter()
    turns = []
    for row in first.values():
        priority = float(targets.priority[row])
        turns.append((turn[priority], priority, row))
        turn[priority] += 1
    chosen = set(first.values())
    in_turn = sorted(turns, key=lambda each: each[:2])
    return [row for _, _, row in in_turn], [row for row in missed if row not in chosen]


def _mends(again: Again, outcome: Outcome, row: int, asking: Asked) -> Found:
    plan = outcome.plan
    rate = next((each for each in plan.rates if each.metric == plan.targets.scope.metric[row]), None)
    if rate is None:
        return find_mends(again, outcome, row, asking)
    return find_rate_mends(again, outcome, row, asking, rate)
