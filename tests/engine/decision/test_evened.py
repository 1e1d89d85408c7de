"""Misses of all periods at once: fewer than in the plan the search starts from, as even as in one piece."""

import numpy as np
import pytest

from engine.decision.decide import decide
from engine.decision.evened import even_out_misses
from engine.decision.fairness import unfairness
from engine.decision.misses import misses_at, priced_misses
from engine.formulation.problem import formulate
from tests.bench.plans import Size, large_plan
from tests.counts import everyday

HOURS_THERE = (0.95, 0.9, 0.8)[: everyday(1, 3)]


@pytest.fixture(scope="module", params=HOURS_THERE)
def case(request):
    problem = formulate(large_plan(Size(3, 2, 2, 2, request.param)))
    return problem, decide(problem)


def test_a_poor_plan_comes_to_miss_less_of_every_priority_and_those_above_it(case):
    problem, whole = case
    for poor in (0.99 * whole.fair_outcome, 0.97 * whole.fair_outcome):
        evened = even_out_misses(problem, whole.hard, poor)
        found = np.cumsum(priced_misses(problem, evened))
        assert (found < np.cumsum(priced_misses(problem, poor))).all()
        assert (whole.hard.matrix @ evened <= whole.hard.row_upper + 1e-6).all()


def test_a_poor_plan_comes_to_the_misses_of_one_piece(case):
    problem, whole = case
    evened = even_out_misses(problem, whole.hard, 0.7 * whole.fair_outcome)
    found, least = (np.cumsum(priced_misses(problem, plan)) for plan in (evened, whole.fair_outcome))
    assert found == pytest.approx(least, rel=1e-3)


def test_the_plan_of_one_piece_is_as_good_as_it_gets(case):
    problem, whole = case
    evened = even_out_misses(problem, whole.hard, whole.fair_outcome)
    assert priced_misses(problem, evened) == pytest.approx(priced_misses(problem, whole.fair_outcome), rel=2e-4)
    assert unfairness(problem, evened) == pytest.approx(unfairness(problem, whole.fair_outcome), rel=5e-3)


def test_what_is_met_stays_met(case):
    problem, whole = case
    met = misses_at(problem.targets, whole.fair_outcome)[0] <= 1e-8
    evened = even_out_misses(problem, whole.hard, whole.fair_outcome)
    assert (misses_at(problem.targets, evened)[0][met] <= 1e-6).all()


def test_a_plan_that_misses_nothing_is_left_alone():
    problem = formulate(large_plan(Size(3, 2, 2, 2, 1.15)))
    decision = decide(problem)
    assert even_out_misses(problem, decision.hard, decision.point) is decision.point
