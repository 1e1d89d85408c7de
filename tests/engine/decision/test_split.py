"""Plans decided period by period: as good as in one piece to a per cent, certified, explained, backlog rolled on."""

import numpy as np
import pytest

from engine.decision.clock import Watch
from engine.decision.decide import decide
from engine.decision.fairness import unfairness
from engine.decision.hard import gave_way
from engine.decision.misses import priced_misses
from engine.decision.part import Cutter, share_of_point
from engine.formulation.problem import OF_INFLOW, formulate
from engine.recompute import explain_decision
from tests.bench.plans import Size, large_plan
from tests.bench.split import with_backlog
from tests.builders import QUEUES, plan_of, small
from tests.workers import Away
from workbooks.workers import OnCores

STEPS: list[str] = []
"""What was said while plans were decided in periods."""


def missed_hours(problem, decision) -> np.ndarray:
    """Hours missed of each priority and those above it, in the worse count."""
    targets = problem.targets
    _, which = np.unique(targets.priority, return_inverse=True)
    return np.cumsum(np.bincount(which, decision.priced_miss * targets.mean_hours))


@pytest.fixture(scope="module", params=[False, True], ids=["without backlog", "with backlog"])
def both(request):
    plan = large_plan(Size(3, 2, 2, 2, 0.9))
    problem = formulate(with_backlog(plan) if request.param else plan)
    return problem, decide(problem), decide(problem, Watch(on_step=STEPS.append), split_above=1)


def test_the_same_plan_to_the_last_bit_whoever_decides_the_periods():
    problem, away = formulate(large_plan(Size(1, 3, 2, 2, 0.9))), Away()
    here = decide(problem, Watch(workers=away), split_above=1)
    there = decide(problem, Watch(workers=OnCores(3)), split_above=1)
    assert there.point.tobytes() == here.point.tobytes()
    assert there.fairest.row_price.tobytes() == here.fairest.row_price.tobytes()
    assert away.calls == 24  # their misses, and the mix guard in each


def test_a_large_plan_that_can_be_met_is_decided_in_one_piece():
    problem = formulate(large_plan(Size(3, 2, 2, 2, 1.15)))
    whole, split = decide(problem), decide(problem, split_above=1)
    assert split.pieces == 1
    assert not split.priced_miss.any()
    assert split.point == pytest.approx(whole.point, abs=1e-6 * float(whole.point.max()))


def test_a_plan_in_periods_misses_no_more_than_in_one_piece_but_for_a_per_cent(both):
    problem, whole, split = both
    asked = float((problem.targets.asked * problem.targets.mean_hours).sum())
    least, found = missed_hours(problem, whole), missed_hours(problem, split)
    assert split.pieces == 12
    assert (found <= 1.01 * least + 1e-6 * asked).all()


def test_its_priced_misses_and_its_fairness_are_those_of_one_piece_but_for_a_little(both):
    problem, whole, split = both
    least, found = (np.cumsum(priced_misses(problem, each.fair_outcome)) for each in (whole, split))
    assert (found <= 1.001 * least).all()
    assert unfairness(problem, split.fair_outcome) <= 1.005 * unfairness(problem, whole.fair_outcome)


def test_a_plan_in_periods_is_certified_and_its_reasons_add_up(both):
    problem, _, split = both
    outcome = explain_decision(problem, split)
    assert outcome.certificate.holds, [proof for proof in outcome.certificate.proofs if not proof.holds]
    assert outcome.solved.startswith("misses in 12 periods, each by itself")
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


def test_a_period_has_one_row_for_what_a_queue_may_handle():
    problem = formulate(with_backlog(large_plan(Size(3, 2, 2, 2, 0.9))))
    cells = np.flatnonzero(problem.plan.cells.period == 4)
    part = Cutter(problem).cut(cells, share_of_point(problem, cells, problem.fair.value))
    rows = part.problem.capacity
    waits = rows.kind == OF_INFLOW
    queues = rows.inflow_keys[rows.source[waits], 1]
    assert sorted(queues) == sorted(set(problem.plan.cells.queue[cells].tolist()))
    # it is the tightest of those that the queue has in this and all later periods
    room = share_of_point(problem, cells, problem.fair.value).there
    mine = (problem.capacity.kind == OF_INFLOW) & (problem.capacity.matrix[:, cells].getnnz(axis=1) > 0)
    for queue, there in zip(queues, rows.there[waits], strict=True):
        whole = np.flatnonzero(mine & (problem.capacity.inflow_keys[problem.capacity.source * mine, 1] == queue))
        assert there == pytest.approx(max(room[whole].min(), 0.0))


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


@pytest.mark.parametrize("questions", [0, 60])
def test_time_that_runs_out_leaves_a_plan_that_holds_and_says_its_gap(questions):
    problem = formulate(large_plan(Size(3, 2, 2, 2, 0.9)))
    asked = iter([100.0] * questions)
    decision = decide(problem, Watch(lambda: next(asked, 0.0)), split_above=1)
    outcome = explain_decision(problem, decision)
    assert outcome.certificate.holds, [proof for proof in outcome.certificate.proofs if not proof.holds]
    assert not outcome.is_complete
    assert outcome.gap > 0


def test_it_is_told_what_is_being_done(both):
    last = ("fairness over all periods", "mix guard in 12 periods")
    told = [step for step in STEPS if step in ("12 periods side by side", "period 12 of 12", *last)]
    in_turn = both[0].plan.balances  # what waits goes from period to period
    assert told[-3:] == ["period 12 of 12" if in_turn else "12 periods side by side", *last]
