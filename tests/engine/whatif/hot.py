"""Second runs that start from the first one, against runs from nothing: ``python -m tests.engine.whatif.hot 40 3``.

That is 40 plans with 3 teams at each site, or 1 where left out: a little larger than those that are asked by whole
runs, short by more or less, even or not, with limits or without; edits of hours and of targets, as mends and the worth
of hours make them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

import numpy as np

from engine.building import build_plan
from engine.decision.clock import Watch
from engine.plan import Plan
from engine.recompute import judge_misses, recompute
from engine.tables import Inputs
from engine.whatif.again import Again
from engine.whatif.compare import total_miss
from engine.whatif.edits import Edit, edited, value_at
from solver.memory import Remembering
from tests.bench.books import Size, plan_book
from workbooks.run import read_plan

EDITS = 4


@dataclass(frozen=True, slots=True)
class Apart:
    """How far a second run is from one from nothing: the largest miss, as a part of its target; whether one is met."""

    what: str
    miss: float
    total: float
    differs: bool

    @property
    def is_same(self) -> bool:
        """Whether they come to the same."""
        return self.miss <= 1e-6 and self.total <= 1e-6 and not self.differs


def size_of(seed: int, teams: int = 1) -> Size:
    """Return the size of a random plan. teams : at each site."""
    rng = np.random.default_rng(seed)
    return Size(
        teams=teams,
        queues=int(rng.integers(2, 6)),
        regions=4,
        sites=int(rng.integers(4, 6)),
        queues_of_a_team=int(rng.choice([11, 14])),
        hours_there=float(rng.choice([0.8, 0.9, 0.95, 0.98])),
        uneven=float(rng.choice([0.0, 0.15, 0.4])),
        seed=seed,
    )


def edits_of(inputs: Inputs, plan: Plan, seed: int) -> list[tuple[Edit, ...]]:
    """Return random edits: an hour more, all hours up, a target down, hours of some down."""
    rng = np.random.default_rng(seed)
    hours = list(dict.fromkeys(plan.capacity.place))
    targets = plan.targets.place
    some = [hours[at] for at in rng.choice(len(hours), size=5, replace=False).tolist()]
    factor = float(rng.uniform(1.005, 1.1))

    def times(places: list, by: float) -> tuple[Edit, ...]:
        found = [(place, value_at(inputs, place)) for place in places]
        return tuple(Edit(place, value, round(value * by, 2)) for place, value in found if value)

    before = value_at(inputs, some[0]) or 0.0
    return [
        (Edit(some[0], before, before + 1),),
        times(hours, factor),
        times([targets[0]], 2 - factor),
        times([targets[int(rng.integers(1, len(targets)))]], 2 - factor) + times(some, 0.9),
    ]


def compare(seed: int, teams: int = 1) -> list[Apart]:
    """Return how far second runs on one plan are from runs from nothing."""
    read = read_plan(plan_book(size_of(seed, teams)))
    assert read.plan is not None
    if seed % 2:  # some are as "spread" has it, some not
        read = replace(read, plan=replace(read.plan, settings=replace(read.plan.settings, misses="concentrate")))
    plan, memory = read.plan, Remembering()
    outcome = recompute(plan, Watch(memory=memory))
    again = Again.after(read.inputs, outcome, memory)
    found = []
    for edits in edits_of(read.inputs, plan, seed):
        hot = again.misses(edits)
        anew, _ = build_plan(edited(read.inputs, edits))
        assert anew is not None
        cold = judge_misses(replace(anew, settings=plan.settings))
        assert hot is not None
        size = np.maximum(1.0, np.abs(cold.plan.targets.value))
        miss = float(np.max(np.abs(hot.targets.shortfall - cold.targets.shortfall) / size))
        total = abs(total_miss(hot) - total_miss(cold)) / max(1.0, float(size.sum()))
        found.append(
            Apart(f"plan {seed}, {len(edits)} edits", miss, total, bool((hot.targets.met != cold.targets.met).any()))
        )
    return found


if __name__ == "__main__":
    number, teams = (*(int(each) for each in sys.argv[1:3]), *(40, 1)[len(sys.argv) - 1 :])
    wrong = count = 0
    most = 0.0
    for each in range(number):
        for apart in compare(each, teams):
            count, most = count + 1, max(most, apart.miss)
            if not apart.is_same:
                wrong += 1
                print(apart, flush=True)  # noqa: T201
    print(f"{count} second runs, {wrong} not as from nothing; misses apart by {most:.1e} of a target")  # noqa: T201
    sys.exit(1 if wrong else 0)
