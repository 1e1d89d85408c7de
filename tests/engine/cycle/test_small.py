"""Small moves of volumes, rates and backlogs are not made where the targets allow, and a held rate stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.building.agreed import backlog
from engine.cycle.reforecast import Asked, reforecast
from engine.outcome import Outcome
from engine.plan import Plan, Settings
from engine.recompute import recompute
from tests.backlogs import backlog_book
from tests.builders import plan_of, small

TEAMS = {"A": 0.90, "B": 0.80, "C": 0.85}
MONTHS = ("2026-01", "2026-02")


def _rated(target: float = 0.85, reviews: float = 600, *limits: tuple[object, ...]) -> Plan:
    """Return a plan of three teams over two months, with a rate; history meets a target of 85 %."""
    return plan_of(
        small(
            Metrics=[
                ("Metric", "Kind", "Unit", "Weight", "Better", "Best"),
                ("Reviews", "volume", "items", None, None, None),
                ("Accuracy", "rate", "%", "Reviews", "higher", 1.0),
            ],
            Org=[("Node", "Parent"), *((team, None) for team in TEAMS)],
            Queues=[("Node", "Handle time"), ("Spam", 60)],
            Periods=[("Period", "Parent"), ("Q1", None), *((month, "Q1") for month in MONTHS)],
            Baseline=[("Metric", "Org", "Queue", "Period", "Value")]
            + [("Reviews", team, "Spam", month, 100) for team in TEAMS for month in MONTHS]
            + [("Accuracy", team, "Spam", month, rate) for team, rate in TEAMS.items() for month in MONTHS],
            Targets=[
                ("Metric", "Org", "Period", "Sense", "Value"),
                ("Reviews", None, None, "exactly", reviews),
                ("Accuracy", None, None, "at least", target),
            ],
            Limits=[("Metric", "Org", "Period", "Min", "Max"), *limits],
        )
    )


def _agreed(plan: Plan, outcome: Outcome, **settings: object) -> Plan:
    """Return a plan beside which an outcome was agreed."""
    others = {each.rate.metric: each.value for each in outcome.rates}
    others |= {each.stock: backlog(plan, each, outcome.value) for each in plan.balances}
    rates = tuple(replace(rate, near=others[rate.metric]) for rate in plan.rates)
    return replace(plan, agreed=outcome.value, agreed_others=others, near=outcome.value, rates=rates,
                   settings=replace(Settings(), **settings))  # type: ignore[arg-type]  # fmt: skip


def test_rates_that_would_move_by_less_than_the_smallest_stay_where_others_can_make_up_for_it() -> None:
    before = recompute(_rated())
    was = before.rates[0].value
    assert was == pytest.approx([0.9, 0.9, 0.8, 0.8, 0.85, 0.85], abs=1e-9)
    all_moves = recompute(_agreed(_rated(0.87), before)).rates[0].value - was
    assert (all_moves > 0.01).all()  # everybody closes the same part of the way to 100 %
    after = recompute(_agreed(_rated(0.87), before, smallest_rate_move=1.5))
    moved = after.rates[0].value - was
    assert np.flatnonzero(moved > 1e-9).tolist() == [2, 3, 4, 5]  # A's 1.3 points are small, and stay unmade
    assert moved[moved > 1e-9].min() >= 0.015
    assert after.targets.met.all()
    assert after.certificate.holds


def test_small_moves_of_rates_that_the_target_needs_are_made() -> None:
    before = recompute(_rated())
    after = recompute(_agreed(_rated(0.852), before, smallest_rate_move=2.0))
    assert after.targets.met.all()
    assert (after.rates[0].value - before.rates[0].value).max() > 0


def test_a_stay_that_would_break_a_limit_is_no_stay() -> None:
    before = recompute(_rated())
    capped = _agreed(_rated(0.85, 600, ("Reviews", "A", "2026-01", None, 97)), before, smallest_move=5.0)
    after = recompute(capped)
    assert after.value[0] == 97
    assert not (after.limits.breach > 0).any()


def test_who_may_not_move_keeps_rates_as_well_as_volumes() -> None:
    plan, before = _rated(0.87, 630), recompute(_rated())
    agreed = _agreed(plan, before)
    may = plan.cells.org[plan.cells.metric == 0] == 1
    asked = Asked(0, np.full(len(may), np.nan), before.value, is_near_agreed=True, may_move=may,
                  others=agreed.agreed_others)  # fmt: skip
    done = reforecast(agreed, asked).outcome
    assert done.value[~may] == pytest.approx(before.value[~may])
    assert done.rates[0].value[~may] == pytest.approx(before.rates[0].value[~may])
    assert done.value.sum() == 630
    assert (done.rates[0].value[may] > before.rates[0].value[may]).all()
    assert done.targets.met.all()


def test_a_backlog_that_would_move_by_less_than_the_smallest_stays() -> None:
    plan = plan_of(backlog_book())
    before = recompute(plan)
    was = backlog(plan, plan.balances[0], before.value)
    more = replace(plan.targets, value=plan.targets.value + 4)
    agreed = replace(_agreed(plan, before), targets=more)
    free = recompute(agreed)
    least = replace(agreed, settings=replace(agreed.settings, smallest_move=3.0))
    kept = recompute(least)
    assert kept.targets.met.all()

    def moves(outcome: Outcome) -> np.ndarray:
        return np.abs(np.nan_to_num(backlog(plan, plan.balances[0], outcome.value) - was))

    small_before = int(((moves(free) > 1e-9) & (moves(free) < 3)).sum())
    small_after = int(((moves(kept) > 1e-9) & (moves(kept) < 3)).sum())
    assert small_before > small_after
