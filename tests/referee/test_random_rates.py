"""Random plans with rates judged by independent code: plain sets, scipy's programs, Clarabel's convex step."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from engine.outcome import Outcome
from engine.recompute import recompute
from tests.referee.rate_optima import (
    FROZEN,
    Stated,
    breach_price,
    least_breach,
    least_cost,
    least_effort,
    reach,
    stated,
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


def problems(outcome: Outcome) -> Iterator[tuple[Stated, np.ndarray]]:
    """Yield each rate's problem and the values found."""
    for result in outcome.rates:
        yield stated(outcome.plan, result.rate, outcome.value), result.value


def wrong_ones(seeds: range, check: Callable[[Outcome], Iterator[str]]) -> list[str]:
    """Return what a check finds, over a block of plans."""
    return [f"plan {seed}: {found}" for seed in seeds for found in check(solved(seed))]


@each_block
def test_the_certificate_of_every_plan_holds(seeds):
    assert not wrong_ones(seeds, open_proofs)


def open_proofs(outcome: Outcome) -> Iterator[str]:
    """Yield proofs that do not hold."""
    yield from (str(proof) for proof in outcome.certificate.proofs if not proof.holds)


@each_block
def test_every_row_is_the_weighted_average_of_its_cells(seeds):
    assert not wrong_ones(seeds, misstated_rows)


def misstated_rows(outcome: Outcome) -> Iterator[str]:
    """Yield targets and limits whose value is not Σ w r / Σ w of the cells below."""
    for problem, value in problems(outcome):
        for rows, matrix, claimed in (
            (problem.target_rows, problem.targets, outcome.targets.achieved),
            (problem.limit_rows, problem.limits, outcome.limits.value),
        ):
            off = np.abs(matrix @ value - claimed[rows])
            if (off > 1e-9 * np.maximum(np.abs(claimed[rows]), 1e-3)).any():
                yield f"a row is off by {off.max()}"


@each_block
def test_nobody_leaves_floor_and_ceiling_and_limits_give_way_by_as_little_as_they_must(seeds):
    assert not wrong_ones(seeds, broken_bounds)


def broken_bounds(outcome: Outcome) -> Iterator[str]:
    """Yield cells outside their bounds, and breaches that need not be."""
    for problem, value in problems(outcome):
        size = np.maximum(np.abs(value), 1e-3)
        if (np.maximum(problem.rate.floor - value, value - problem.rate.ceiling) > 1e-9 * size).any():
            yield "a cell leaves Floor or Ceiling"
        if len(problem.limit_rows):
            found = float(breach_price(problem) @ outcome.limits.breach[problem.limit_rows])
            least = least_breach(problem)
            limits = outcome.plan.limits
            bound = np.fmax(np.where(np.isfinite(limits.lower), np.abs(limits.lower), 0), 1e-3)[problem.limit_rows]
            usual = float((breach_price(problem) * bound).sum())
            if found - least > 1e-6 * usual:
                yield f"limits broken by {found}, {least} would do"


@each_block
def test_misses_are_the_least_by_priority(seeds):
    assert not wrong_ones(seeds, avoidable_misses)


def avoidable_misses(outcome: Outcome) -> Iterator[str]:
    """Yield priorities whose misses could be smaller without harm to those before."""
    for problem, value in problems(outcome):
        inside = reach(problem, outcome.limits.breach[problem.limit_rows])
        asked = 0.0
        for priority, kept, now in by_priority(problem, value):
            short, over = problem.misses(value)
            found = float((problem.priced(short) + problem.priced(over))[now].sum())
            # what the last digit of a heavy row settled before is worth to a light one counts as rounding
            asked += float((problem.weights() * problem.size())[now].sum())
            least = least_cost(problem, inside, value, now, kept)
            if found - least > 1e-6 * asked:
                yield f"priority {priority}: misses cost {found}, {least} is possible"
            # settled misses may grow by a ten-millionth: where rows are nearly alike, that is worth something
            elif found < least_cost(problem, inside, value, now, kept, FROZEN) - 1e-6 * asked:
                yield f"priority {priority}: misses cost {found}, and that cannot be"


def by_priority(problem: Stated, value: np.ndarray) -> Iterator[tuple[float, list, np.ndarray]]:
    """Yield each priority, the rows that those before leave, and which targets are its own."""
    targets = problem.plan.targets
    priority, asked = targets.priority[problem.target_rows], targets.value[problem.target_rows]
    for now in np.unique(priority).tolist():
        before = priority < now
        yield now, [levels(problem, value, before, asked)], priority == now


def levels(problem: Stated, value: np.ndarray, which: np.ndarray, asked: np.ndarray) -> tuple:
    """Return rows of targets with the levels that a plan reaches: matrix, low, high."""
    short, over = problem.misses(value)
    sense = problem.plan.targets.sense[problem.target_rows]
    low = np.where(sense != 2, asked - short, -np.inf)
    high = np.where(sense != 1, asked + over, np.inf)
    return problem.targets[which], low[which], high[which]


@each_block
def test_efforts_are_the_least_and_even(seeds):
    assert not wrong_ones(seeds, avoidable_efforts)


def avoidable_efforts(outcome: Outcome) -> Iterator[str]:
    """Yield rates whose effort could be less at what is reached."""
    for problem, value in problems(outcome):
        inside = reach(problem, outcome.limits.breach[problem.limit_rows])
        asked = problem.plan.targets.value[problem.target_rows]
        kept = [levels(problem, value, np.ones(len(asked), dtype=bool), asked)]
        found, least = problem.effort(value), least_effort(problem, inside, value, kept)
        usual = float(problem.weight @ np.maximum(problem.way_up, problem.way_down))
        allowed = max(1e-4 * least, 1e-9 * usual)
        # where rows are nearly alike, the last digit of a level is worth any effort: nothing to compare
        if found - least > allowed and least - least_effort(problem, inside, value, kept, FROZEN) <= allowed:
            yield f"effort {found}, {least} is possible"


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
