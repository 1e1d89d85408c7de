"""Reconciling: who said yes stays, or moves by the smallest part of the way there is to move."""

from __future__ import annotations

import numpy as np
import pytest

from engine.cycle.reconcile import Accepted, Reconciled, reconcile
from engine.plan import Plan, Scopes
from engine.rates.averages import values_at
from tests.builders import plan_of, small

METRICS = [
    ("Metric", "Kind", "Unit", "Weight", "Better", "Best"),
    ("Reviews", "volume", "items", None, None, None),
    ("Accuracy", "rate", "%", "Reviews", "higher", 1.0),
]
TEAMS = {"A": 0.99, "B": 0.60}


def _plan(target: float) -> Plan:
    """Return a plan of two teams that do as much as each other, one nearly without a mistake."""
    return plan_of(
        small(
            Metrics=METRICS,
            Org=[("Node", "Parent"), *((team, None) for team in TEAMS)],
            Queues=[("Node", "Handle time"), ("Spam", 60)],
            Periods=[("Period",), ("2026-01",)],
            Baseline=[("Metric", "Org", "Queue", "Period", "Value")]
            + [("Reviews", team, "Spam", "2025-01", 100) for team in TEAMS]
            + [("Accuracy", team, "Spam", "2025-01", rate) for team, rate in TEAMS.items()],
            Targets=[
                ("Metric", "Org", "Sense", "Value"), ("Reviews", None, "exactly", 200),
                ("Accuracy", None, "at least", target),
            ],
        )
    )  # fmt: skip


def _reconciled(target: float) -> tuple[Reconciled, np.ndarray]:
    """Return the plan in which both teams have accepted what they did before, and their rates in it."""
    plan = _plan(target)
    nodes = np.array([plan.org.ids.index(team) for team in TEAMS])
    whole = np.zeros(2, dtype=np.int64)
    scope = Scopes(np.ones(2, dtype=np.int64), nodes, whole, whole)
    done = reconcile(plan, Accepted(scope, np.array(list(TEAMS.values())), tuple(TEAMS)))
    return done, values_at(done.outcome, scope)


def test_what_was_accepted_stays_where_the_target_is_met_with_it() -> None:
    done, rates = _reconciled(0.79)
    assert (done.share, done.meets) == (0.0, True)
    assert rates == pytest.approx(list(TEAMS.values()), abs=1e-6)


def test_a_share_near_the_end_moves_by_part_of_what_is_left_to_it_and_not_of_itself() -> None:
    """A point more on average: 99 % cannot give it, and is asked for a part of its last point; 60 % gives the rest."""
    done, rates = _reconciled(0.805)
    assert done.meets
    assert done.share == pytest.approx(0.02 / (0.01 + 0.4), abs=0.5 / 128)
    moved = rates - list(TEAMS.values())
    assert moved[0] <= done.share * 0.01 + 1e-6
    assert moved[1] <= done.share * 0.4 + 1e-6
    assert moved.sum() == pytest.approx(0.02, abs=1e-5)
