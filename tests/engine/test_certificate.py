"""The certificate finds whatever is not as claimed: an answer off by a little fails the very check it breaks."""

from dataclasses import replace

import numpy as np
import pytest

from engine.certificate import Claim, certify
from engine.recompute import recompute
from tests.plans import random_parts

NO_GUARD = (np.zeros((0, 3), np.int64), np.zeros(0), np.zeros(0), np.zeros(0))


def claimed(seed: int):
    """Return a plan with targets, limits and capacity, and the honest claim of its answer."""
    outcome = recompute(random_parts(seed).build())
    return outcome.plan, Claim(
        outcome.value, outcome.targets.achieved, outcome.limits.breach, outcome.capacity.used, NO_GUARD
    )


def failing(plan, claim) -> list[str]:
    return [proof.what for proof in certify(plan, claim, ()).proofs if not proof.holds]


FULL = [seed for seed in range(60) if len(random_parts(seed).limits) and len(random_parts(seed).capacity)][:12]


@pytest.mark.parametrize("seed", FULL)
def test_an_honest_claim_holds(seed):
    assert failing(*claimed(seed)) == []


@pytest.mark.parametrize("seed", FULL)
def test_an_achieved_value_that_is_off_is_found(seed):
    plan, claim = claimed(seed)
    assert failing(plan, replace(claim, achieved=claim.achieved * (1 + 1e-6) + 1e-6)) == [
        "each target's achieved value"
    ]


@pytest.mark.parametrize("seed", FULL)
def test_hours_that_are_not_there_are_found(seed):
    plan, claim = claimed(seed)
    less = replace(plan.capacity, hours=claim.used * 0.99 - 0.01)
    assert "hours used within hours there" in failing(replace(plan, capacity=less), claim)


@pytest.mark.parametrize("seed", FULL)
def test_hours_that_are_misstated_are_found(seed):
    plan, claim = claimed(seed)
    assert failing(plan, replace(claim, used=claim.used * 0.99 - 0.01)) == ["hours used within hours there"]


@pytest.mark.parametrize("seed", FULL)
def test_a_limit_broken_without_a_word_is_found(seed):
    plan, claim = claimed(seed)
    lower = replace(plan.limits, lower=np.full(len(plan.limits), claim.value.sum() * 1.1 + 1))
    assert "limits kept, but for the breaches named" in failing(replace(plan, limits=lower), claim)


@pytest.mark.parametrize("seed", FULL)
def test_a_target_below_zero_is_found(seed):
    plan, claim = claimed(seed)
    value = claim.value.copy()
    value[0] = -1e-9
    assert "no target below 0" in failing(plan, replace(claim, value=value))


def test_a_queue_outside_its_band_is_found():
    plan, claim = claimed(FULL[0])
    keys = np.array([[0, plan.cells.queue[0], plan.cells.period[0]]])
    same = (plan.cells.queue == keys[0, 1]) & (plan.cells.period == keys[0, 2])
    total = claim.value[same].sum(keepdims=True)
    inside = (keys, total * 0.95 - 1, total * 1.05 + 1, total)
    outside = (keys, total * 1.05 + 1, total * 1.1 + 2, total)
    assert failing(plan, replace(claim, guard=inside)) == []
    assert failing(plan, replace(claim, guard=outside)) == ["queues within the mix guard"]
