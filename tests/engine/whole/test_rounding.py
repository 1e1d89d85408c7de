"""Whole units: cells go to the next unit, what was asked ties, hours stay within an item."""

from functools import cache

import numpy as np
import pytest

from engine.outcome import Outcome
from engine.plan import Sense
from engine.recompute import recompute
from tests.counts import everyday
from tests.plans import in_units, one_team, random_parts
from tests.referee.real.judge import solved, wrong

SEEDS = range(everyday(20, 60))


@cache
def whole(seed: int) -> Outcome:
    """Return a random plan in whole items, solved once for all tests."""
    return recompute(in_units(random_parts(seed).build()))


def test_no_cell_moves_by_a_unit_and_no_target_is_lost():
    for seed in SEEDS:
        before, after = recompute(random_parts(seed).build()), whole(seed)
        assert (after.value == np.rint(after.value)).all()
        assert np.abs(after.value - before.value).max() < 1 + 1e-6
        assert not (before.targets.met & ~after.targets.met).any(), seed
        assert after.certificate.holds, [str(proof) for proof in after.certificate.proofs if not proof.holds]


def test_hours_stay_within_one_items_handle_time():
    for seed in SEEDS:
        plan, used = whole(seed).plan, whole(seed).capacity.used
        over = used - plan.capacity.hours
        assert over.max(initial=0) <= plan.cells.hours.max() * (1 + 1e-6), seed


def test_reasons_still_add_up_to_the_deviation():
    for seed in SEEDS:
        outcome = whole(seed)
        told = np.bincount(outcome.reasons.cell, outcome.reasons.amount, len(outcome.value))
        assert told == pytest.approx(outcome.value - outcome.fair, abs=1e-6 * max(1.0, outcome.value.max()))


def test_decimals_round_to_their_own_unit():
    plan = in_units(one_team(None, targets=[(None, None, None, Sense.EXACTLY, 1000.25, 1)]).build(), decimals=1)
    outcome = recompute(plan)
    assert outcome.value * 10 == pytest.approx(np.rint(outcome.value * 10))
    assert outcome.targets.achieved[0] == pytest.approx(1000.3)
    assert outcome.targets.met[0]


def test_without_decimals_nothing_is_rounded():
    plan = one_team(None, targets=[(None, None, None, Sense.EXACTLY, 1001, 1)]).build()
    assert recompute(in_units(plan, None)).value == pytest.approx(recompute(plan).value)
    assert recompute(plan).value.tolist() == pytest.approx([500.5, 500.5])


def test_a_target_between_two_units_goes_to_the_nearer_and_is_met():
    for asked, planned in ((1000.3, 1000), (1000.5, 1001), (1000.7, 1001)):
        plan = in_units(one_team(None, targets=[(None, None, None, Sense.AT_LEAST, asked, 1)]).build())
        outcome = recompute(plan)
        assert outcome.targets.achieved[0] == planned
        assert outcome.targets.met[0]


def test_the_same_units_whatever_the_order_of_rows():
    for seed in range(everyday(6, 12)):
        shuffled = random_parts(seed).build(np.random.default_rng(seed))
        assert whole(seed).value.tolist() == recompute(in_units(shuffled)).value.tolist(), seed


def test_hours_count_more_than_an_asked_sum_that_crosses_them():
    """A plan in which what came in and what was asked leave the hours of a team no place among nested sums."""
    case = solved(283)
    assert wrong(283) == []
    over = case.outcome.capacity.used - case.outcome.plan.capacity.hours
    assert over.max() <= case.outcome.plan.cells.hours.max()


def test_an_asked_sum_of_millions_is_met_to_the_item():
    plan = in_units(one_team(None, targets=[(None, None, None, Sense.EXACTLY, 13_390_000, 1)]).build())
    assert recompute(plan).value.sum() == 13_390_000
