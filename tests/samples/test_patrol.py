"""The queue with a backlog: real inflow, a balance that closes, and a plan that brings the backlog down."""

import numpy as np
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from engine.whatif.edits import Edit, edited
from samples.patrol import ASKED_BACKLOG, patrol_workbook
from samples.patrol_figures import PLANNED, backlog, exit_share, months, opening
from workbooks.explain import Asked, explain
from workbooks.run import cascade, read_plan


@pytest.fixture(scope="module")
def solved():
    return cascade(patrol_workbook()).outcome


def test_exits_are_what_closes_the_balance_of_half_a_year():
    found = months()
    assert 0.3 < exit_share() < 0.4
    # with as many patrols as there really were, the share carries the backlog to what was read off in June
    came = sum(found[name].inflow for name in PLANNED)
    went = sum(found[name].patrols for name in PLANNED)
    assert opening() + came * (1 - exit_share()) - went == pytest.approx(backlog("2017-06-26"), rel=0.25)


def test_the_backlog_comes_down_to_what_is_asked_and_never_below_nothing(solved):
    plan = solved.plan
    assert solved.exit_status == 0
    (balance,) = plan.balances
    handled = np.zeros(len(PLANNED))
    np.add.at(handled, plan.cells.period, solved.value)
    left = balance.available.ravel() - np.cumsum(handled)
    assert left.min() >= 0
    assert left[-1] == ASKED_BACKLOG


def test_targets_that_a_few_more_hours_would_meet_are_not_said_to_contradict_each_other():
    inputs = read_plan(patrol_workbook()).inputs
    backlog_cell = inputs.tables["Targets"].place(0, "Value")
    time_cell = inputs.tables["Queues"].place(0, "Turnaround")
    plan, _ = build_plan(edited(inputs, [Edit(backlog_cell, 12000, 9000), Edit(time_cell, 720, 400)]))
    outcome = recompute(plan)
    codes = {issue.code for issue in outcome.findings}
    assert not outcome.targets.met.all()
    assert "TC701" in codes
    assert "TC703" not in codes


def test_what_is_asked_of_the_backlog_is_named_as_what_moves_the_patrols():
    data = patrol_workbook()
    found = explain(data, read_plan(data), Asked("Patrols", None, None, None))
    assert [(lever.words, round(lever.change)) for lever in found.levers] == [
        ("1% lower: Backlog target for 2017-06", ASKED_BACKLOG / 100)
    ]
