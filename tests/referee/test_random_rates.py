"""Random plans with rates judged by independent code: plain sets, scipy's programs, Clarabel's convex step."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from engine.outcome import Outcome
from engine.recompute import recompute
from tests.referee.many_rates import answers
from tests.referee.rate_judge import (
    CHECKS,
    RateAnswer,
    avoidable_efforts,
    avoidable_misses,
    broken_bounds,
    misstated_rows,
    open_proofs,
)
from tests.referee.rate_plans import random_rate_plan

PLANS = 30
BLOCK = 10
BLOCKS = [range(first, first + BLOCK) for first in range(0, PLANS, BLOCK)]

each_block = pytest.mark.parametrize("seeds", BLOCKS, ids=str)


@lru_cache(maxsize=400)
def solved(seed: int) -> Outcome:
    """Return the outcome of a random plan."""
    return recompute(random_rate_plan(seed))


def wrong_ones(seeds: range, check: Callable[[RateAnswer], Iterator[str]]) -> list[str]:
    """Return what a check finds, over the rates of a block of plans."""
    return [f"plan {seed}: {found}" for seed in seeds for rate in answers(solved(seed)) for found in check(rate)]


@each_block
def test_the_certificate_of_every_plan_holds(seeds):
    assert not [found for seed in seeds for found in open_proofs(solved(seed))]


@each_block
def test_every_row_is_the_weighted_average_of_its_cells(seeds):
    assert not wrong_ones(seeds, misstated_rows)


@each_block
def test_nobody_leaves_floor_and_ceiling_and_limits_give_way_by_as_little_as_they_must(seeds):
    assert not wrong_ones(seeds, broken_bounds)


@each_block
def test_misses_are_the_least_by_priority(seeds):
    assert not wrong_ones(seeds, avoidable_misses)


@each_block
def test_efforts_are_the_least_and_even(seeds):
    assert not wrong_ones(seeds, avoidable_efforts)


def test_the_order_of_rows_changes_nothing():
    for seed in range(0, PLANS, 2):
        turned = recompute(random_rate_plan(seed, np.random.default_rng(seed)))
        for mine, other in zip(solved(seed).rates, turned.rates, strict=True):
            assert other.value == pytest.approx(mine.value, rel=1e-9, abs=1e-12), seed


@pytest.mark.parametrize("seed", [2, 5, 7, 12])
def test_a_second_solver_agrees_on_every_priced_miss(seed):
    plan, mine = random_rate_plan(seed), solved(seed)
    other = recompute(replace(plan, settings=replace(plan.settings, solver="cbc")))
    about = plan.targets.scope.metric > 0
    size = np.maximum(np.abs(plan.targets.value[about]), 1e-3)
    assert other.targets.priced_miss[about] / size == pytest.approx(mine.targets.priced_miss[about] / size, abs=1e-6)


def test_misses_made_even_leave_later_priorities_a_way():
    # they kept their rows to a millionth, and the next priority found no plan at all within a ten-millionth
    outcome = recompute(random_rate_plan(684))
    assert not list(open_proofs(outcome))
    assert not [found for rate in answers(outcome) for check in CHECKS for found in check(rate)]


def test_equal_effort_is_found_in_full_in_every_plan():
    told = [seed for seed in range(PLANS) if any(each.code == "TC711" for each in solved(seed).findings)]
    assert not told


def test_the_random_plans_are_of_every_kind():
    outcomes = [solved(seed) for seed in range(PLANS)]
    rates = [each for outcome in outcomes for each in outcome.rates]
    met = [bool(outcome.targets.met[outcome.plan.targets.scope.metric > 0].all()) for outcome in outcomes]
    assert PLANS / 5 < sum(met) < PLANS - 3
    assert sum(bool(outcome.limits.breach[outcome.plan.limits.scope.metric > 0].any()) for outcome in outcomes) > 1
    assert sum(bool((each.weight == 0).any()) for each in rates) > PLANS / 10
    assert sum(not outcome.plan.metrics.higher_is_better.all() for outcome in outcomes) > PLANS / 4
    assert sum((outcome.plan.targets.scope.metric == 1).sum() > 1 for outcome in outcomes) > PLANS / 4
