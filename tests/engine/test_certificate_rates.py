"""The certificate finds what is not as claimed about rates."""

from dataclasses import replace

import numpy as np
import pytest

from engine.certificate_rates import RateClaim, certify_rates
from engine.recompute import recompute
from tests.builders import plan_of
from tests.rate_books import rated

LIMITS = [("Metric", "Org", "Min"), ("Accuracy", "Team A", 0.94)]


@pytest.fixture(scope="module")
def outcome():
    return recompute(plan_of(rated(Limits=LIMITS)))


def broken(outcome, value=None, achieved=None, breach=None):
    """Return what the certificate says of an answer that was tampered with."""
    (result,) = outcome.rates
    claim = RateClaim(result.rate, result.weight, result.value if value is None else value)
    proofs = certify_rates(
        outcome.plan,
        (claim,),
        outcome.targets.achieved if achieved is None else achieved,
        outcome.limits.breach if breach is None else breach,
    )
    return [proof.what for proof in proofs if not proof.holds]


def test_an_honest_answer_holds(outcome):
    assert broken(outcome) == []


def test_an_average_that_is_not_that_of_its_cells_is_found(outcome):
    wrong = outcome.targets.achieved + np.array([0, 1e-6])
    assert broken(outcome, achieved=wrong) == ["each rate target's achieved value"]


def test_a_cell_above_its_ceiling_is_found(outcome):
    value = outcome.rates[0].value.copy()
    value[4] = 0.995  # a cell that weighs nothing moves no average
    assert broken(outcome, value=value) == ["rates between Floor and Ceiling"]


def test_a_limit_broken_without_a_word_is_found():
    outcome = recompute(plan_of(rated(Limits=[LIMITS[0], ("Accuracy", "Team A", 0.995)])))
    assert outcome.limits.breach[0] > 0
    assert broken(outcome, breach=np.zeros(1)) == ["limits of rates kept, but for the breaches named"]


def test_uneven_efforts_that_come_to_the_same_average_are_found(outcome):
    (result,) = outcome.rates
    value = result.value.copy()
    value[2] += 0.002
    value[3] -= 0.002 * result.weight[2] / result.weight[3]
    assert broken(outcome, value=value) == ["equals make equal efforts"]


def test_a_plan_without_rates_has_no_such_proofs(outcome):
    assert certify_rates(replace(outcome.plan, rates=()), (), np.zeros(2), np.zeros(0)) == ()
