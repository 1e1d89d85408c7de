"""Planning again in the middle of the time: the past stands, the rest takes what is missing, near what was agreed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.cycle.reforecast import HAPPENED, NOT_MOVED, SMALL, Asked, Reforecast, reforecast
from engine.cycle.small import Least
from engine.plan import Plan
from engine.recompute import recompute
from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.run import read_plan

MONTHS = ("Jan", "Feb", "Mar", "Apr")
SEASON = {"Jan": 100, "Feb": 200, "Mar": 300, "Apr": 400}


@pytest.fixture(scope="module")
def plan() -> Plan:
    read = read_plan(
        book(
            {
                **PLAN,
                "Periods": [("Period", "Parent"), ("Year", None), *((month, "Year") for month in MONTHS)],
                "Baseline": [("Metric", "Org", "Queue", "Period", "Value")]
                + [("Reviews", team, "Spam", month, SEASON[month]) for team in "AB" for month in MONTHS],
                "Targets": [("Metric", "Org", "Sense", "Value"), ("Reviews", None, "exactly", 2200)],
                "Capacity": [("Org", "Period", "Hours"), *(("Site", month, 50) for month in MONTHS)],
            }
        )
    )
    assert read.plan is not None, read.issues
    return read.plan


def _again(plan: Plan, share: float, ended: int = 2, **more: object) -> Reforecast:
    """Return the plan made again after some periods in which a share of what was agreed was done."""
    agreed = recompute(plan).value
    happened = np.where(plan.cells.period < ended, agreed * share, np.nan)
    asked = Asked(ended, happened, agreed, is_near_agreed=True, may_move=np.ones(len(agreed), dtype=bool))
    return reforecast(plan, replace(asked, **more))  # type: ignore[arg-type]


def test_the_past_stands_at_what_happened_and_the_rest_takes_what_is_missing(plan: Plan) -> None:
    done = _again(plan, 0.5)
    ended = plan.cells.period < 2
    assert done.outcome.value[ended] == pytest.approx(done.was[ended] * 0.5, abs=0.51)
    assert done.outcome.value.sum() == pytest.approx(2200, abs=1)
    assert [each == HAPPENED for each in done.stays] == ended.tolist()
    assert done.outcome.certificate.holds


def test_the_season_of_what_was_agreed_is_kept(plan: Plan) -> None:
    done = _again(plan, 0.5)
    ahead = plan.cells.period >= 2
    ratio = done.outcome.value[ahead] / done.was[ahead]
    assert np.ptp(ratio) < 0.01
    assert ratio.min() > 1


def test_what_went_as_agreed_changes_nothing(plan: Plan) -> None:
    done = _again(plan, 1.0)
    assert done.outcome.value == pytest.approx(done.was, abs=0.51)


def test_more_than_the_hours_of_the_past_breaks_nothing(plan: Plan) -> None:
    tight = recompute(plan)
    done = _again(plan, 20.0, ended=1)
    assert not (done.outcome.limits.breach > 0.5).any()
    assert done.outcome.value[plan.cells.period == 0] == pytest.approx(tight.value[plan.cells.period == 0] * 20, abs=1)


def test_only_those_who_may_move_do(plan: Plan) -> None:
    may = plan.cells.org == 0
    done = _again(plan, 0.5, may_move=may)
    others = ~may & (plan.cells.period >= 2)
    assert done.outcome.value[others] == pytest.approx(done.was[others], abs=0.51)
    assert {done.stays[cell] for cell in np.flatnonzero(others)} == {NOT_MOVED}
    assert done.outcome.value.sum() == pytest.approx(2200, abs=1)


def test_moves_below_the_smallest_are_not_made_where_the_targets_allow(plan: Plan) -> None:
    """A rest of 3 items over four cells: three stay, and one takes what is left."""
    agreed = recompute(plan).value
    lost = agreed.copy()
    lost[np.flatnonzero(plan.cells.period == 0)[0]] -= 3
    done = _again(plan, 1.0, happened=np.where(plan.cells.period < 2, lost, np.nan), least=Least(items=1.5))
    ahead = plan.cells.period >= 2
    moved = np.abs(done.outcome.value - done.was)[ahead]
    assert moved[moved > 1e-6].min() >= 1.5
    assert done.outcome.value.sum() == pytest.approx(2200, abs=1)
    assert SMALL in done.stays


def test_ended_cells_without_actuals_stand_at_what_was_agreed_and_are_told(plan: Plan) -> None:
    done = _again(plan, 1.0, happened=np.full(len(plan.cells), np.nan))
    assert done.assumed.tolist() == (plan.cells.period < 2).tolist()
    assert done.outcome.value == pytest.approx(done.was, abs=0.51)


def test_targets_that_have_ended_are_no_longer_asked_for(plan: Plan) -> None:
    done = _again(plan, 0.5, ended=4)
    assert len(done.outcome.plan.targets) == 0
    assert done.outcome.value == pytest.approx(done.was * 0.5, abs=0.51)


def test_what_may_not_move_is_told_as_one_line_and_not_as_limits_that_nobody_typed(plan: Plan) -> None:
    """Half is missing, A may make up for it alone, and is full: what holds the others is said once."""
    tight = replace(plan, capacity=replace(plan.capacity, hours=plan.capacity.hours / 12))
    done = _again(tight, 0.4, agreed=recompute(plan).value / 2, may_move=plan.cells.org == 0)
    missed = [words for words in done.outcome.targets.limited_by if words]
    assert missed
    assert "what stays as agreed (2 numbers)" in missed[0]
    assert "hold" not in missed[0]
