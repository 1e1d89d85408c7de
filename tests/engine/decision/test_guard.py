"""The mix guard is counted from where history leads: what was sealed has used it already."""

from dataclasses import replace

import numpy as np
import pytest

from engine.decision.decide import decide
from engine.formulation.problem import formulate
from engine.outcome import Outcome
from engine.plan import Plan, Sense
from engine.recompute import recompute
from tests.plans import in_units, one_team, random_parts

SHORT = 0.85 * 45.8333333


def sealed_and_asked(plan: Plan, more: float, before: Outcome) -> Plan:
    """Return the plan after a seal, with a little more asked: numbers start from what was sealed."""
    targets = replace(plan.targets, value=plan.targets.value + more)
    return replace(plan, targets=targets, near=before.value, agreed=before.value)


def test_sealing_again_and_again_takes_no_more_from_a_queue_than_its_guard():
    plan = in_units(one_team(SHORT).build())
    first = recompute(plan)
    assert first.used_guard
    found = first
    for more in (1, 2, 3):
        found = recompute(sealed_and_asked(plan, more, found))
        assert found.certificate.holds
        assert np.abs(found.value - first.value).max() <= 2  # of 850 and 42 in its guard


def test_a_plan_in_the_middle_of_its_time_counts_the_guard_from_history_and_what_happened():
    plan = in_units(one_team(SHORT).build())
    first = recompute(plan)
    sealed = replace(sealed_and_asked(plan, 1, first), near_happened=np.full(len(plan.cells), np.nan))
    assert np.abs(recompute(sealed).value - first.value).max() <= 2
    # where nothing but what happened is to stay near, there is nothing else to count from
    only = replace(sealed, near=sealed.near_happened)
    assert recompute(only).value == pytest.approx(recompute(replace(plan, targets=sealed.targets)).value)


def test_what_was_sealed_may_stay_where_it_is_outside_the_guard_of_history():
    plan = in_units(one_team(SHORT, targets=[(None, None, None, Sense.AT_LEAST, 2000, 1)]).build())
    sealed = replace(plan, near=np.array([900.0, 300.0]), agreed=np.array([900.0, 300.0]))
    found = recompute(sealed)
    fair = found.before_guard
    history = recompute(plan)
    assert fair[0] > history.value[0]  # further than history and its guard would go
    assert found.value[0] == pytest.approx(fair[0], abs=1)


@pytest.mark.parametrize("seed", range(12))
def test_bands_of_random_sealed_plans_reach_no_further_than_history_or_what_is_fair(seed):
    plan = in_units(random_parts(seed).build())
    first = recompute(plan)
    again = recompute(sealed_and_asked(plan, 1, first))
    problem = formulate(plan)
    history = decide(formulate(replace(plan, targets=replace(plan.targets, value=plan.targets.value + 1)))).fair_outcome
    totals = problem.queues.matrix
    at, fair = totals @ again.value, totals @ again.before_guard
    if again.used_guard:
        lose = problem.queues.may_lose * (totals @ history)
        room = 1e-6 * np.maximum(1.0, at) + np.asarray(totals.sum(axis=1)).ravel()
        assert (at >= np.minimum(totals @ history - lose, fair) - room).all()
        assert (at <= np.maximum(totals @ history + lose, fair) + room).all()
