"""What equal effort comes to, in a sentence."""

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.rates.effort import effort_words
from engine.recompute import recompute
from tests.builders import BASELINE, plan_of
from tests.rate_books import ACCURACY, HISTORY, metrics, rated

LIMITS = ("Metric", "Org", "Queue", "Period", "Min", "Max")


def said(*targets, **tables):
    outcome = recompute(plan_of(rated(*targets, **tables)))
    return effort_words(outcome.plan, outcome.rates[0])


def over_all(value, sense=None):
    return ("Accuracy", None, None, None, sense, value)


def test_one_target_is_one_part_of_the_way_for_everybody():
    words = said(over_all(0.97))
    outcome = recompute(plan_of(rated(over_all(0.97))))
    part = (outcome.rates[0].value[0] - 0.90) / (0.98 - 0.90)
    assert f"everybody closes {part:.0%}".replace("%", " %") in words
    assert "stays, at Best already" in words  # Lisbon is better than Best


def test_a_target_easier_than_today_goes_back_toward_floor():
    floor = (*ACCURACY[:5], 0.5, *ACCURACY[6:])
    assert "everybody comes back by" in said(over_all(0.9), Metrics=metrics(floor))
    assert "of the way from history to Floor" in said(over_all(0.9), Metrics=metrics(floor))


def test_what_history_meets_moves_nobody():
    assert "nobody has to move" in said(over_all(0.6, "at least"))


def test_several_targets_are_told_as_a_range():
    words = said(over_all(0.955), ("Accuracy", "Team A", None, None, "at least", 0.965))
    assert "on average" in words


def test_who_stops_at_a_limit_is_told_apart():
    assert "stops at a bound or a limit of its own" in said(
        over_all(0.96), Limits=[LIMITS, ("Accuracy", "Team A", "Hate", "2026-01", None, 0.91)]
    )


def test_everybody_at_best_is_said():
    best = [(*row[:4], 0.985) for row in HISTORY]
    assert "everybody is at Best already" in said(over_all(0.98, "at least"), Baseline=[*BASELINE, *best])
    assert "comes back by" in said(over_all(0.98, "exactly"), Baseline=[*BASELINE, *best])


@pytest.mark.parametrize("value", [0.93, 0.95, 0.97, 0.99, 1.0])
def test_there_is_a_sentence_for_any_target(value):
    assert said(over_all(value, "exactly")).startswith("Accuracy: ")


def test_what_was_agreed_at_best_or_beyond_goes_on_where_more_is_asked():
    plan = plan_of(rated(over_all(0.985, "at least")))
    (rate,) = plan.rates
    agreed = np.maximum(rate.baseline, rate.best)  # all at Best, 98 %; up to 99 % may be asked
    outcome = recompute(replace(plan, rates=(replace(rate, near=agreed),)))
    assert outcome.targets.met.all()
    moved = outcome.rates[0].value > agreed + 1e-6
    assert moved.any()
    assert (rate.baseline[moved] < rate.best[moved]).all()  # who was at Best in history still stays
    assert "more of the way from history to Best" in effort_words(outcome.plan, outcome.rates[0])


def test_more_than_the_way_to_best_is_told_as_times_the_way():
    assert re.search(r"everybody goes beyond Best, 1\.\d times the way there from history", said(over_all(0.985)))
