"""What a second run is said to change is what it changes, not what whole units do beside it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.outcome import Outcome
from engine.recompute import judge, recompute
from engine.whatif.compare import changed_misses, items_less_missed
from tests.plans import in_units, one_team


def missed(outcome: Outcome, whole: float, in_fractions: float) -> Outcome:
    """Return an outcome whose only target is missed by so much."""
    targets = replace(
        outcome.targets, shortfall=np.array([whole]), in_fractions=np.array([in_fractions]), met=np.array([False])
    )
    return replace(outcome, targets=targets)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return recompute(in_units(one_team(0.9 * 45.8333333).build()))


@pytest.mark.parametrize(
    ("now", "in_fractions", "told"),
    [
        (101, 99.9, ""),  # units alone make it more
        (101, 100.3, ""),  # mostly units
        (101, 100.8, "1 more missed"),
        (88, 88.4, "12 less missed"),
        (100, 99.6, ""),
    ],
)
def test_what_whole_units_alone_move_is_not_told(outcome, now, in_fractions, told):
    before, after = missed(outcome, 100, 100.0), missed(outcome, now, in_fractions)
    words = changed_misses(before, after)
    assert words.endswith(told)
    assert bool(words) == bool(told)
    assert items_less_missed(before, after) == (100 - now if told else 0)


def test_misses_before_whole_units_are_known_of_every_run(outcome):
    short = judge(
        replace(outcome.plan, capacity=replace(outcome.plan.capacity, hours=0.8 * outcome.plan.capacity.hours))
    )
    for run in (outcome, short):
        assert run.targets.shortfall[0] > 0
        assert run.targets.in_fractions[0] == pytest.approx(run.targets.shortfall[0], abs=1)
        assert run.targets.shortfall[0] == round(run.targets.shortfall[0])
        assert run.targets.in_fractions[0] != run.targets.shortfall[0]
