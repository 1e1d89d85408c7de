"""Parts of a plan that share no row: found, decided each by itself, and the same numbers as alone."""

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine.decision.apart import find_parts
from engine.decision.clock import Watch
from engine.decision.decide import FAST_PATH_CELLS, Decision, decide
from engine.decision.fairness import unfairness
from engine.decision.misses import priced_misses
from engine.formulation.problem import Problem, formulate
from engine.plan import Plan, Scopes
from engine.recompute import explain_decision
from tests.bench.plans import Size, large_plan
from tests.workers import Away
from workbooks.workers import OnCores

SHORT, AMPLE = 0.93, 1.15


def of_metrics(*hours_there: float) -> Plan:
    """Return a plan that holds another once for each metric, each with hours of its own: no row covers two metrics.

    Parameters
    ----------
    hours_there : how many of the hours asked each metric has
    """
    count, one = len(hours_there), large_plan(Size(3, 3, 3, 4, 1.0))

    def repeated(table: Any) -> Any:
        """Return a table with its rows once for each metric."""
        changed: dict[str, Any] = {}
        for each in fields(table):
            value = getattr(table, each.name)
            if isinstance(value, Scopes):
                changed[each.name] = repeated(value)
            elif isinstance(value, np.ndarray):
                changed[each.name] = np.tile(value, count)
            elif isinstance(value, tuple):
                changed[each.name] = value * count
        if "metric" in changed:
            changed["metric"] = np.repeat(np.arange(count), len(table.metric))
        return replace(table, **changed)

    metrics = replace(repeated(one.metrics), ids=tuple(f"Metric {at}" for at in range(count)))
    capacity = repeated(one.capacity)
    hours = np.concatenate([each * one.capacity.hours for each in hours_there])
    return replace(
        one, metrics=metrics, cells=repeated(one.cells), targets=repeated(one.targets), limits=repeated(one.limits),
        capacity=replace(capacity, hours=hours), outside_baseline=np.zeros(count),
    )  # fmt: skip


@cache
def decided(*hours_there: float) -> tuple[Problem, Decision]:
    """Return a plan of such metrics, its parts decided apart."""
    problem = formulate(of_metrics(*hours_there))
    return problem, decide(problem, apart_above=1)


def test_metrics_with_hours_and_targets_of_their_own_are_parts_and_one_row_over_both_makes_them_one():
    plan = of_metrics(SHORT, AMPLE)
    parts = find_parts(formulate(plan))
    assert [np.unique(plan.cells.metric[cells]).tolist() for cells in parts] == [[0], [1]]
    scope = plan.capacity.scope
    joint = np.concatenate([[-1], scope.metric[1:]])
    together = replace(plan, capacity=replace(plan.capacity, scope=replace(scope, metric=joint)))
    assert len(find_parts(formulate(together))) == 1


def test_a_part_has_the_numbers_that_it_has_alone():
    problem, both = decided(SHORT, AMPLE)
    assert both.parts == 2
    for metric, hours_there in enumerate((SHORT, AMPLE)):
        alone = decide(formulate(of_metrics(hours_there)))
        assert alone.parts == 1
        assert both.point[problem.plan.cells.metric == metric] == pytest.approx(alone.point, rel=1e-9, abs=1e-6)


def test_apart_the_plan_misses_no_more_and_is_no_less_fair_than_together():
    problem, apart = decided(SHORT, AMPLE)
    together = decide(problem, apart_above=len(problem.fair.value))
    assert (apart.parts, together.parts) == (2, 1)
    apart_cost, cost = (priced_misses(problem, each.fair_outcome) for each in (apart, together))
    assert apart_cost == pytest.approx(cost, rel=1e-5)
    assert unfairness(problem, apart.fair_outcome) <= (1 + 1e-4) * unfairness(problem, together.fair_outcome)


def test_what_is_decided_apart_is_certified_and_its_reasons_add_up():
    outcome = explain_decision(*decided(SHORT, AMPLE))
    assert outcome.certificate.holds, [proof for proof in outcome.certificate.proofs if not proof.holds]
    assert outcome.solved.startswith("2 parts that share no row, each by itself")
    told = np.bincount(outcome.reasons.cell, outcome.reasons.amount, minlength=len(outcome.value))
    assert told == pytest.approx(outcome.value - outcome.fair, abs=1e-5 * float(outcome.value.max()))


def test_the_same_plan_to_the_last_bit_whoever_decides_the_parts():
    problem, here = decided(SHORT, AMPLE)
    away = Away()
    for workers in (away, OnCores(2)):
        there = decide(problem, Watch(workers=workers), apart_above=1)
        assert there.point.tobytes() == here.point.tobytes()
        assert there.fairest.row_price.tobytes() == here.fairest.row_price.tobytes()
    assert away.calls == 2


def test_a_large_plan_that_can_be_met_needs_no_parts():
    problem = formulate(of_metrics(AMPLE, AMPLE))
    assert len(problem.fair.value) > FAST_PATH_CELLS
    assert decide(problem).parts == 1
