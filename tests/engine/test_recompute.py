"""What the decision promises, on a plan small enough to check by hand: one team, a fast and a slow queue."""

import numpy as np
import pytest

from engine.outcome import ExitStatus
from engine.plan import Settings
from engine.recompute import recompute
from tests.plans import one_team, random_parts

HOURS_ASKED = 500 * (30 + 300) / 3600


def test_ample_hours_give_the_fair_share():
    outcome = recompute(one_team(hours=1000).build())
    assert outcome.value == pytest.approx([500, 500])
    assert outcome.exit_status is ExitStatus.DONE


def test_a_shortage_without_a_guard_falls_on_slow_and_fast_work_alike():
    outcome = recompute(one_team(hours=0.9 * HOURS_ASKED, settings=Settings(mix_guard=0)).build())
    assert outcome.value == pytest.approx([450, 450], rel=1e-6)
    assert outcome.exit_status is ExitStatus.TARGET_MISSED


def test_the_guard_lets_the_fast_queue_gain_by_its_band_and_no_more():
    outcome = recompute(one_team(hours=0.9 * HOURS_ASKED).build())
    assert outcome.value == pytest.approx([500 * 0.945, 500 * 0.8955], rel=1e-6)
    assert outcome.targets.achieved == pytest.approx([920.25], rel=1e-6)


def test_a_capped_slow_queue_is_made_up_in_items_not_in_hours():
    outcome = recompute(one_team(hours=1000, limits=[("Team", "Slow", "Jan", -np.inf, 400.0)]).build())
    assert outcome.value == pytest.approx([600, 400], rel=1e-6)
    assert outcome.targets.met.all()


@pytest.mark.parametrize("seed", range(25))
def test_every_random_plan_is_certified(seed):
    outcome = recompute(random_parts(seed).build())
    assert [proof for proof in outcome.certificate.proofs if not proof.holds] == []
