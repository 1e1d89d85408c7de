"""Rules of the contract on Settings: what a fair split follows, how far queues may leave it, how a shortage falls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decision.decide import decide
from engine.formulation.problem import formulate
from engine.recompute import judge
from tests.backlogs import INFLOW, backlog_book
from tests.builders import BASELINE, TARGETS, plan_of, small

few = settings(max_examples=5, deadline=None, derandomize=True)

PAIRS = [(team, queue) for team in ("Team A", "Team B", "Lisbon") for queue in ("Hate", "Bots", "Scams")]
HISTORY = st.lists(st.integers(1, 900), min_size=len(PAIRS), max_size=len(PAIRS))
CREWS = st.tuples(st.integers(1, 90), st.integers(1, 90), st.integers(1, 90))


def chosen(name, value):
    return [("Setting", "Value"), (name, value)]


def history_of(values):
    pairs = list(zip(PAIRS, values, strict=True))
    return [BASELINE[0], *(("Reviews", *pair, f"2025-0{month}", value) for pair, value in pairs for month in (1, 2))]


@given(HISTORY, CREWS, st.sampled_from(["Fair share by", "FAIR SHARE BY", " fair  share by"]))
@few
def test_fair_share_by_hours_or_even_keeps_queues_and_splits_them_over_teams(history, crews, written):
    hours = dict(zip(("Team A", "Team B", "Lisbon"), crews, strict=True))
    targets = [TARGETS[0], ("Reviews", None, None, None, 900)]
    tables = {"Baseline": history_of(history), "Capacity": [("Org", "Hours"), *hours.items()], "Targets": targets}
    usual, even, by_hours = (
        formulate(plan_of(small(Settings=chosen(written, by), **tables))) for by in ("baseline", "even", "hours")
    )
    cells = usual.plan.cells
    team = np.array([usual.plan.org.ids[usual.plan.org.leaves[at]] for at in cells.org])
    for queue in range(3):
        for month in range(2):
            mine = (cells.queue == queue) & (cells.period == month)
            total = usual.fair.value[mine].sum()
            assert even.fair.value[mine] == pytest.approx([total / 3] * 3, rel=1e-6)
            parts = np.array([hours[name] for name in team[mine]]) / sum(crews)
            assert by_hours.fair.value[mine] == pytest.approx(total * parts, rel=1e-6)


@given(st.lists(st.integers(1, 500), min_size=6, max_size=6))
@few
def test_fair_share_by_inflow_lets_queues_and_periods_follow_what_arrives(came):
    rows = [("Reviews", queue, f"2026-0{month}", came[at * 3 + month - 1])
            for at, queue in enumerate(("Hate", "Spam")) for month in (1, 2, 3)]  # fmt: skip
    targets = [TARGETS[0], ("Reviews", None, None, None, sum(came))]
    by_inflow = chosen("Fair share by", "inflow")
    problem = formulate(
        plan_of(backlog_book(Settings=by_inflow, Inflow=[INFLOW[0], *rows], Opening=None, Targets=targets))
    )
    plan, fair = problem.plan, problem.fair.value
    for at in plan.balances[0].watched.tolist():
        for month in range(3):
            mine = (plan.cells.queue == at) & (plan.cells.period == month)
            assert fair[mine].sum() == pytest.approx(plan.balances[0].arrivals[at, month], rel=1e-6, abs=1e-6)


@given(HISTORY, st.floats(0.5, 0.95), st.sampled_from([0.0, 0.02, 0.2]))
@few
def test_no_queue_leaves_its_fair_outcome_by_more_than_the_mix_guard(history, tight, guard):
    seconds = {"Hate": 60, "Bots": 30, "Scams": 90}
    hours = sum(2 * value * seconds[queue] for (_, queue), value in zip(PAIRS, history, strict=True)) / 3600
    tables = {"Baseline": history_of(history), "Capacity": [("Org", "Hours"), ("EMEA", round(hours * tight, 3))],
              "Targets": [TARGETS[0], ("Reviews", None, None, None, 2 * sum(history))],
              "Metrics": [("Metric", "Kind", "Decimals"), ("Reviews", "volume", "none")]}  # fmt: skip
    problem = formulate(plan_of(small(Settings=chosen("Mix guard", guard), **tables)))
    decision = decide(problem)
    fair, planned = problem.queues.matrix @ decision.fair_outcome, problem.queues.matrix @ decision.point
    assert (np.abs(planned - fair) <= guard * fair + 1e-5 * np.maximum(fair, 1)).all()


@given(HISTORY, st.floats(0.4, 0.9))
@settings(few, max_examples=4)
def test_misses_are_spread_or_fall_where_they_fall_and_come_to_the_same_hours(history, tight):
    hours = round(sum(2 * value * 60 for value in history) / 3600 * tight, 3)
    asked = [
        ("Reviews", None, queue, None, 2 * sum(history[at::3])) for at, queue in enumerate(("Hate", "Bots", "Scams"))
    ]
    queues = [
        ("Node", "Parent", "Handle time"),
        ("Hate", None, 60),
        ("Spam", None, 60),
        ("Bots", "Spam"),
        ("Scams", "Spam"),
    ]
    tables = {"Baseline": history_of(history), "Capacity": [("Org", "Hours"), ("EMEA", hours)], "Queues": queues}
    spread, fallen = (
        judge(plan_of(small(Settings=chosen("Misses", how), Targets=[TARGETS[0], *asked], **tables)))
        for how in ("spread", "concentrate")
    )
    assert spread.targets.priced_miss.sum() == pytest.approx(fallen.targets.priced_miss.sum(), rel=1e-4, abs=1)
    share = spread.targets.priced_miss / spread.plan.targets.value
    assert share.max() <= max(0.1, 1 - tight + 0.06)  # nobody is left alone with it
