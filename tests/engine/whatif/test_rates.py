"""Missed rates: what would close them, each change typed into the inputs and solved again."""

import pytest

from engine.building import build_plan
from engine.decision.clock import UNTIMED
from engine.recompute import recompute
from engine.whatif.advice import MendKind
from engine.whatif.advise import advise
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from engine.whatif.findings import advice_findings
from tests.rate_books import HEADERS, asked, metrics, rated

LIMITS = ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold", "Owner")


def advised(inputs):
    """Return the outcome, what is said of the missed rate by kind, and what comes of each change."""
    plan, issues = build_plan(inputs)
    assert plan is not None, issues
    outcome = recompute(plan)
    advice = advise(inputs, outcome, Asking.ALL, UNTIMED)
    missed = [row for row, met in enumerate(outcome.targets.met) if not met]
    mends = {mend.kind: mend for mend in advice.mends if mend.target == missed[0]}
    for mend in mends.values():
        assert Again(inputs).solve(mend.edits).targets.met[missed[0]], mend.words
    return outcome, advice, mends


def test_a_rate_above_its_ceiling_is_closed_by_asking_less_or_a_higher_ceiling():
    row = ("Accuracy", "rate", "%", None, "Reviews", None, 0.97, None)
    outcome, advice, mends = advised(rated(("Accuracy", None, None, None, "at least", 0.98), Metrics=metrics(row)))
    assert set(mends) == {MendKind.LOWER, MendKind.BOUND}
    assert mends[MendKind.LOWER].edits[0].now == pytest.approx(outcome.targets.achieved[1], abs=1e-4)
    (edit,) = mends[MendKind.BOUND].edits
    assert (edit.place.table, edit.place.field, edit.before) == ("Metrics", "Ceiling", 0.97)
    assert 0.97 < edit.now < 0.99
    assert "Ceiling of 0.9" in mends[MendKind.BOUND].words
    assert advice.is_reachable[1] == 0


def test_a_rate_that_is_at_best_everywhere_names_best():
    row = ("Accuracy", "rate", "%", None, "Reviews", None, 0.99, 0.90)
    _, _, mends = advised(rated(("Accuracy", "Team B", None, None, "at least", 0.97), Metrics=metrics(row)))
    assert mends[MendKind.BOUND].edits[0].place.field == "Best"


def test_bounds_of_single_teams_move_with_those_of_the_metric():
    row = ("Accuracy", "rate", "%", None, "Reviews", None, 0.96, None)
    nodes = [("Metric", "Org", "Queue", "Floor", "Ceiling", "Best"), ("Accuracy", "Dublin", None, None, 0.955, None)]
    _, _, mends = advised(
        rated(("Accuracy", None, None, None, "at least", 0.975), Metrics=metrics(row), Benchmarks=nodes)
    )
    assert {edit.place.table for edit in mends[MendKind.BOUND].edits} == {"Metrics", "Benchmarks"}


def test_a_limit_on_a_rate_is_released_and_its_cost_told_in_points():
    limits = [LIMITS, ("Accuracy", "Dublin", None, None, None, 0.93, None, "Aoife")]
    outcome, advice, mends = advised(rated(("Accuracy", "Dublin", None, None, "at least", 0.96), Limits=limits))
    assert mends[MendKind.LIMIT].words == "release the Accuracy limit on Dublin (Aoife)"
    (cost,) = advice.costs
    assert cost.limits == (0,)
    assert "points less missed" in cost.words
    assert advice.guardrails.no_limits[1] == pytest.approx(0.96)
    assert outcome.targets.achieved[1] == pytest.approx(0.93)


def test_what_a_month_cannot_reach_is_asked_of_the_next_by_the_items_of_each():
    limits = [LIMITS, ("Accuracy", None, None, "2026-01", None, 0.95, None, None)]
    targets = [("Accuracy", None, None, month, "at least", 0.955) for month in ("2026-01", "2026-02")]
    outcome, _, mends = advised(rated(*targets, Limits=limits))
    here, there = mends[MendKind.MOVE].edits
    assert here.now == pytest.approx(0.95)
    assert there.now > 0.955
    weight = outcome.rates[0].weight
    first = outcome.plan.cells.period == 0
    both = (here.now * weight[first].sum() + there.now * weight[~first].sum()) / weight.sum()
    assert both == pytest.approx(0.955, abs=1e-3)


def test_a_rate_of_which_less_is_better_may_have_its_floor_lowered():
    row = ("AHT", "rate", "s", "lower", "Reviews", 80, None, None, None, "handle time")
    history = [("Metric", "Org", "Queue", "Period", "Value"), ("Reviews", "Team A", "Hate", "2025-01", 100),
               ("Reviews", "Team B", "Bots", "2025-01", 100), ("AHT", "Team A", "Hate", "2025-01", 120),
               ("AHT", "Team B", "Bots", "2025-01", 90)]  # fmt: skip
    inputs = rated(
        Metrics=metrics(row), Baseline=history, Targets=asked(("AHT", None, None, None, "at most", 70)),
    )  # fmt: skip
    _, _, mends = advised(inputs)
    (edit,) = mends[MendKind.BOUND].edits
    assert (edit.place.field, edit.before) == ("Floor", 80)
    assert 50 < edit.now < 80
    assert HEADERS[edit.place.column - 1] == "Floor"


def test_a_limit_that_costs_no_target_but_moves_rates_is_not_said_to_change_nothing():
    limits = [LIMITS, ("Accuracy", "Dublin", None, None, None, 0.93, None, "Aoife")]
    rate = ("Accuracy", "rate", "%", None, "Reviews", None, 0.98, None)
    asked_of = [("Accuracy", None, None, None, "at least", 0.93), ("Accuracy", "Lisbon", None, None, "at least", 0.99)]
    outcome, advice, _ = advised(rated(*asked_of, Limits=limits, Metrics=metrics(rate)))
    (told,) = [each.found for each in advice_findings(outcome, advice) if each.code == "TC721"]
    assert "no target would be missed by less; Accuracy of 4 cells would be another, by up to 0.6" in told
