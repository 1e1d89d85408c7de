"""Random real plans judged by ids: a sample of what ``python -m tests.referee.real`` judges by the hundred."""

import dataclasses

import numpy as np
import pytest

from engine.plan import TURNAROUND
from tests.referee.real import judge
from tests.referee.real.judge import solved, wrong
from tests.referee.real.rate_rows import wrong_rates

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_wrong_with_a_random_real_plan(seed):
    assert wrong(seed) == []


def test_the_sample_holds_every_part():
    cases = [solved(seed) for seed in SEEDS]
    plans = [case.outcome.plan for case in cases]
    assert any(plan.balances for plan in plans)
    assert any((plan.targets.scope.metric == TURNAROUND).any() for plan in plans)
    assert any((plan.targets.scope.metric < -1).any() for plan in plans)
    assert any((plan.limits.scope.metric < -1).any() for plan in plans)
    assert any(plan.org.is_group(plan.targets.scope.org).any() for plan in plans)
    assert any(plan.queues.is_group(plan.targets.scope.queue).any() for plan in plans)
    assert any(len(set(plan.metrics.decimals)) > 1 for plan in plans)
    assert any(not case.outcome.targets.met.all() for case in cases)
    assert any(case.outcome.targets.met.all() for case in cases)
    assert any((case.outcome.limits.breach > 0).any() for case in cases) or any(len(plan.limits) for plan in plans)


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("_units", lambda value: value + 0.5),
        ("_achieved", lambda value: value * 1.01 + 3),
        ("_backlogs", lambda value: value * 3 + 3),
        ("_hours", lambda value: value * 3 + 3),
    ],
)
def test_a_check_finds_a_plan_that_is_not_as_it_should_be(check, spoil):
    found = []
    for seed in SEEDS:
        case = solved(seed)
        off = dataclasses.replace(case.outcome, value=spoil(case.outcome.value))
        found += list(getattr(judge, check)(dataclasses.replace(case, outcome=off)))
    assert found


def test_the_judge_finds_a_miss_that_need_not_be():
    found = []
    for seed in SEEDS:
        case = solved(seed)
        worse = dataclasses.replace(case.decision, fair_outcome=case.decision.fair_outcome * 0.9)
        found += list(judge._misses(dataclasses.replace(case, decision=worse)))
    assert found
    assert np.isfinite([case.outcome.value.sum() for case in map(solved, SEEDS)]).all()


def rates(parts=lambda made: made.tables):
    """Yield parts of the random books that ask for rates."""
    return [parts(case.made) for case in map(solved, SEEDS) if case.outcome.rates]


def test_the_sample_holds_rates_of_every_kind():
    outcomes = [case.outcome for case in map(solved, SEEDS)]
    found = [result for outcome in outcomes for result in outcome.rates]
    better = [out.plan.metrics.higher_is_better[each.rate.metric] for out in outcomes for each in out.rates]
    assert set(better) == {True, False}
    assert any(not result.rate.has_history.all() for result in found)
    assert any(len(tables.get("Benchmarks", ())) for tables in rates())
    assert any(row[7] == "now" for tables in rates() for row in tables.get("Limits", ()))
    assert any(len(outcome.rates) > 1 for outcome in outcomes)


@pytest.mark.parametrize("spoil", [lambda value: value * 0.99, lambda value: value + 0.02, lambda value: value[::-1]])
def test_the_judge_finds_rates_that_are_not_as_they_should_be(spoil):
    found = []
    for seed in SEEDS:
        case = solved(seed)
        spoilt = [dataclasses.replace(result, value=spoil(result.value)) for result in case.outcome.rates]
        off = dataclasses.replace(case.outcome, rates=tuple(spoilt))
        found += list(wrong_rates(case.walker, off))
    assert len(found) >= len(rates())
