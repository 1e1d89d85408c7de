"""Plans decided period by period: as good as in one piece to a per cent, certified, explained, backlog rolled on."""

import numpy as np
import pytest

from engine.decision.decide import decide
from engine.decision.hard import gave_way
from engine.formulation.problem import formulate
from engine.recompute import explain_decision
from tests.bench.plans import Size, large_plan
from tests.builders import QUEUES, plan_of, small


def missed_hours(problem, decision) -> np.ndarray:
    """Hours missed of each priority and those above it, in the worse count."""
    targets = problem.targets
    _, which = np.unique(targets.priority, return_inverse=True)
    return np.cumsum(np.bincount(which, decision.priced_miss * targets.mean_hours))


@pytest.fixture(scope="module", params=[1.15, 0.9], ids=["met", "short"])
def both(request):
    problem = formulate(large_plan(Size(3, 2, 2, 2, request.param)))
    return problem, decide(problem), decide(problem, split_above=1)


def test_a_plan_in_periods_misses_no_more_than_in_one_piece_but_for_a_per_cent(both):
    problem, whole, split = both
    asked = float((problem.targets.asked * problem.targets.mean_hours).sum())
    least, found = missed_hours(problem, whole), missed_hours(problem, split)
    assert split.pieces == 12
    assert (found <= 1.01 * least + 1e-6 * asked).all()


def test_a_plan_in_periods_is_certified_and_its_reasons_add_up(both):
    problem, _, split = both
    outcome = explain_decision(problem, split)
    assert outcome.certificate.holds, [proof for proof in outcome.certificate.proofs if not proof.holds]
    assert outcome.solved.startswith("in 12 periods one by one")
    reasons = outcome.reasons
    told = np.bincount(reasons.cell, reasons.amount, minlength=len(outcome.value))
    assert told == pytest.approx(outcome.value - outcome.fair, abs=1e-5 * float(outcome.value.max()))


def test_backlog_rolls_from_period_to_period():
    plan = plan_of(
        small(
            Inflow=[("Metric", "Queue", "Period", "Value"), *(("Reviews", "Hate", month, 50) for month in MONTHS)],
            Opening=[("Metric", "Queue", "Value"), ("Reviews", "Hate", 30)],
            Capacity=[("Org", "Period", "Hours"), ("Team A", "2026-01", 0.5), ("Team A", "2026-02", 100)],
            Queues=[QUEUES[0], *QUEUES[1:]],
        )
    )
    problem = formulate(plan)
    whole, split = decide(problem), decide(problem, split_above=1)
    outcome = explain_decision(problem, split)
    assert outcome.certificate.holds
    hate = plan.cells.queue == 0
    first, second = (float(split.point[hate & (plan.cells.period == at)].sum()) for at in (0, 1))
    assert first <= 30.0 + 1e-6  # half an hour at a minute each
    assert first + second <= 130.0 + 1e-6  # no more than was there and came in
    asked = float(problem.targets.asked.sum())
    assert split.priced_miss.sum() <= 1.01 * whole.priced_miss.sum() + 1e-6 * asked


def test_a_longer_limit_that_the_whole_can_keep_is_kept():
    plan = plan_of(
        small(
            Limits=[("Metric", "Org", "Queue", "Min"), ("Reviews", "Team A", "Hate", 200)],
            Capacity=[("Org", "Period", "Hours"), ("Team A", "2026-01", 0.1), ("Team A", "2026-02", 100)],
        )
    )
    problem = formulate(plan)
    assert not gave_way(decide(problem).hard)
    assert not gave_way(decide(problem, split_above=1).hard)


MONTHS = ("2026-01", "2026-02")
