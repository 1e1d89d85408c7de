"""When time runs out: a plan that keeps the hard rows, and word of what is not settled."""

import itertools

import pytest

from engine.decision.clock import Watch
from engine.outcome import ExitStatus
from engine.recompute import recompute
from tests.counts import everyday
from tests.plans import one_team, random_parts

HOURS_ASKED = 500 * (30 + 300) / 3600


def watch_for(looks: int) -> Watch:
    """Return a watch that has time for so many looks at it, none after."""
    seen = itertools.count(1)
    return Watch(lambda: 1000.0 if next(seen) <= looks else 0.0)


def test_without_time_the_fair_share_is_fitted_into_the_hours():
    outcome = recompute(one_team(hours=0.9 * HOURS_ASKED).build(), watch_for(1))
    assert not outcome.is_complete
    assert outcome.exit_status is ExitStatus.TARGET_MISSED
    assert outcome.capacity.used <= 0.9 * HOURS_ASKED * (1 + 1e-6)
    assert outcome.value.sum() > 800
    assert outcome.gap > 0


def test_the_run_says_that_time_cut_it_short():
    outcome = recompute(one_team(hours=0.9 * HOURS_ASKED).build(), watch_for(1))
    assert "TC706" in [issue.code for issue in outcome.findings]


def test_with_time_enough_a_watch_changes_nothing():
    plan = one_team(hours=0.9 * HOURS_ASKED).build()
    timed, untimed = recompute(plan, watch_for(10**6)), recompute(plan)
    assert timed.value == pytest.approx(untimed.value, rel=1e-9)
    assert timed.is_complete
    assert timed.gap == 0


def test_steps_are_told_as_they_come():
    told = []
    recompute(one_team(hours=0.9 * HOURS_ASKED).build(), Watch(on_step=told.append))
    assert told[0] == "fair share"
    assert "priority 1" in told
    assert told[-1] == "reasons and certificate"


@pytest.mark.parametrize("seed", range(everyday(8, 25)))
def test_whenever_time_runs_out_the_certificate_holds(seed):
    plan = random_parts(seed).build()
    finished = False
    unhurried = recompute(plan)
    for looks in range(30):
        outcome = recompute(plan, watch_for(looks))
        assert [proof for proof in outcome.certificate.proofs if not proof.holds] == [], looks
        assert outcome.is_complete or outcome.exit_status >= ExitStatus.TARGET_MISSED
        assert outcome.is_complete == (outcome.gap == 0)
        if not outcome.is_complete:
            assert "TC706" in [issue.code for issue in outcome.findings]
        if outcome.is_complete:
            # nothing is called complete that more time would have changed
            whole = max(float(unhurried.value.sum()), 1.0)
            assert outcome.value / whole == pytest.approx(unhurried.value / whole, abs=1e-6)
            finished = True
            break
    assert finished
