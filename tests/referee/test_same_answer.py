"""What must not change an answer: the order of rows, the unit of volumes, the unit of hours."""

from dataclasses import replace

import numpy as np
import pytest

from engine.recompute import recompute
from tests.plans import PlanParts, one_team
from tests.referee.case import solved, varied_parts


def test_the_order_of_rows_changes_nothing(seeds):
    for seed in seeds:
        shuffled = recompute(varied_parts(seed).build(np.random.default_rng(seed + 1)))
        assert shuffled.value == pytest.approx(solved(seed).outcome.value, rel=1e-9, abs=1e-9), seed
        assert shuffled.exit_status is solved(seed).outcome.exit_status


def test_a_thousand_times_the_volume_is_shared_out_alike(some_seeds):
    for seed in some_seeds:
        usual, larger = solved(seed).outcome, recompute(_times(varied_parts(seed), volume=1000))
        whole = max(float(usual.value.sum()), 1.0)
        assert larger.value / 1000 / whole == pytest.approx(usual.value / whole, abs=1e-6), seed
        assert larger.certificate.holds, seed


def test_hours_counted_in_minutes_change_no_target(some_seeds):
    for seed in some_seeds:
        usual, minutes = solved(seed).outcome, recompute(_times(varied_parts(seed), hours=60))
        whole = max(float(usual.value.sum()), 1.0)
        assert minutes.value / whole == pytest.approx(usual.value / whole, abs=1e-6), seed


def test_a_plan_in_another_unit_is_another_plan_for_the_engine():
    # so that the tests above compare two computations, not one with itself
    usual, larger = one_team(hours=40).build(), _times(one_team(hours=40), volume=1000)
    assert (larger.targets.value == 1000 * usual.targets.value).all()
    assert (larger.cells.baseline == 1000 * usual.cells.baseline).all()
    assert (larger.capacity.hours == 1000 * usual.capacity.hours).all()


def _times(parts: PlanParts, volume: float = 1.0, hours: float = 1.0):
    return replace(
        parts,
        handle_s={queue: seconds * hours for queue, seconds in parts.handle_s.items()},
        baseline={key: value * volume for key, value in parts.baseline.items()},
        targets=[(*row[:4], row[4] * volume, row[5]) for row in parts.targets],
        limits=[(*row[:3], row[3] * volume, row[4] * volume) for row in parts.limits],
        capacity=[(*row[:3], row[3] * volume * hours) for row in parts.capacity],
    ).build()
