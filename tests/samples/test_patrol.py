"""The queue with a backlog: real inflow, a balance that closes, and a plan that brings the backlog down."""

import numpy as np
import pytest

from samples.patrol import ASKED_BACKLOG, patrol_workbook
from samples.patrol_figures import PLANNED, backlog, exit_share, months, opening
from workbooks.run import cascade


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
