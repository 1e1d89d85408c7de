"""Rates as they are read: weights, benchmarks, history of any level, and what stands in where there is none."""

import numpy as np
import pytest

from engine.building import build_plan
from tests.builders import BASELINE, codes_of, issues_of, plan_of
from tests.rate_books import ACCURACY, HISTORY, asked, metrics, rated

NODES = ("Metric", "Org", "Queue", "Floor", "Ceiling", "Best")
COUNTED = ("Metric", "Org", "Queue", "Period", "Value", "Count")


def rate_of(inputs):
    (rate,) = plan_of(inputs).rates
    return rate


def with_history(*rows):
    return rated(Baseline=[*BASELINE, *rows])


def test_the_cells_of_a_rate_are_those_of_its_weight():
    plan = plan_of(rated())
    assert plan.rates[0].cells.tolist() == list(range(len(plan.cells)))
    assert plan.metrics.ids[plan.rates[0].weight] == "Reviews"


def test_the_finest_row_wins_and_a_coarser_one_fills_what_is_left():
    rate = rate_of(with_history(("Accuracy", "Team A", "Hate", "2025-01", 0.9), ("Accuracy", "EMEA", None, None, 0.95)))
    # what is left of 95 % over 670 reviews once 100 of them are known to be at 90 %
    rest = (0.95 * 670 - 0.9 * 100) / 570
    assert rate.baseline.tolist() == pytest.approx([0.9, *[rest] * 5])
    assert rate.has_history.all()


def test_a_rest_that_no_share_can_be_is_not_made_up_for_and_is_named():
    inputs = with_history(("Accuracy", "Team B", "Bots", None, 0.5), ("Accuracy", "EMEA", None, None, 0.95))
    rate = rate_of(inputs)
    assert rate.baseline[4:].tolist() == [0.95, 0.95]
    assert [each.code for each in issues_of(inputs, "TC508")] == ["TC508"]


def test_a_coarser_row_that_its_finer_ones_contradict_is_named():
    inputs = with_history(*HISTORY, ("Accuracy", "Team A", None, "2025-01", 0.8))
    (found,) = issues_of(inputs, "TC508")
    assert found.found == "0.8; finer rows say 0.9"


def test_history_of_a_longer_period_reaches_the_months_inside_it():
    inputs = rated(
        Baseline=[*BASELINE, ("Accuracy", "Team A", "Hate", "2025", 0.9)],
        Targets=asked(("Accuracy", None, None, None, None, 0.95)),
    )
    assert rate_of(inputs).baseline[:2].tolist() == [0.9, 0.9]


def test_rates_do_not_tell_which_history_a_period_is_like():
    # an accuracy without a period speaks of all time; volumes still follow the year before
    plan = plan_of(rated(Baseline=[*BASELINE, ("Accuracy", "EMEA", None, None, 0.9)]))
    assert plan.calendar.like == ("2025-01", "2025-02")
    assert np.isfinite(plan.cells.baseline).all()


def test_metrics_as_columns_hold_rates_beside_volumes():
    rows = [
        ("Org", "Queue", "Period", "Reviews", "Accuracy"),
        ("Team A", "Hate", "2025-01", 100, 0.9),
        ("Team A", "Hate", "2025-02", 110, None),
        ("Team B", "Bots", "2025-01", 200, "96 %"),
    ]
    rate = rate_of(rated(Baseline=rows))
    assert rate.baseline[[0, 2]].tolist() == [0.9, 0.96]
    assert rate.has_history.tolist() == [True, False, True, False]


def test_a_percentage_is_no_volume():
    inputs = rated(Baseline=[*BASELINE, ("Reviews", "Lisbon", "Bots", "2025-01", "95 %"), *HISTORY])
    assert issues_of(inputs, "TC202")


def test_95_in_a_cell_of_a_share_is_an_error_that_offers_95_per_cent():
    (found,) = issues_of(rated(Baseline=[*BASELINE, ("Accuracy", "Team A", "Hate", "2025-01", 95)]), "TC241")
    assert found.mend == "Type 95 % (or 0.95)."
    assert found.place.row == 8


def test_the_most_specific_row_of_benchmarks_wins_column_by_column():
    rows = [
        NODES,
        ("Accuracy", "EMEA", None, 0.5, None, 0.97),
        ("Accuracy", "Team A", None, None, None, 0.96),
        ("Accuracy", "Team A", "Hate", 0.7, None, None),
    ]
    rate = rate_of(rated(Benchmarks=rows))
    assert rate.best.tolist() == [0.96, 0.96, 0.97, 0.97, 0.97, 0.97]
    assert rate.floor.tolist() == [0.7, 0.7, 0.5, 0.5, 0.5, 0.5]
    assert rate.ceiling.tolist() == [0.99] * 6


def test_without_best_the_ceiling_is_the_benchmark():
    rate = rate_of(rated(Metrics=metrics(ACCURACY[:7])))
    assert rate.best.tolist() == [0.99] * 6
    assert rate.best_words == ("no Best, so Ceiling",)


def test_a_rate_of_which_nothing_is_known_and_nothing_asked_is_left_out():
    inputs = rated(Baseline=BASELINE, Targets=asked())
    assert plan_of(inputs).rates == ()
    assert "TC521" in codes_of(inputs)


def test_a_weight_that_is_no_volume_is_named():
    other = ("Other", "rate", "%", None, "Accuracy")
    (found,) = issues_of(rated(Metrics=metrics(ACCURACY, other)), "TC240")
    assert found.found == "Weight “Accuracy”, a rate"


def test_points_that_lead_out_of_0_to_100_per_cent_are_an_error():
    assert issues_of(rated(("Accuracy", None, None, None, None, 0.2, "points on baseline")), "TC241")


def test_a_limit_above_100_per_cent_is_an_error():
    limits = [("Metric", "Org", "Min"), ("Accuracy", "Team A", 1.2)]
    assert build_plan(rated(Limits=limits))[0] is None


def test_a_count_shrinks_small_samples_toward_the_mean():
    """Four teams of one queue: the best of them rests on ten observations, and is no benchmark."""
    org = [("Node",), *((f"T{at}",) for at in range(4))]
    history = [COUNTED]
    for at, (value, count) in enumerate([(0.90, 2000), (0.91, 2000), (0.92, 2000), (1.0, 10)]):
        history += [
            ("Reviews", f"T{at}", "Spam", "2025-01", 100),
            ("Accuracy", f"T{at}", "Spam", "2025-01", value, count),
        ]
    tables = {
        "Org": org, "Queues": [("Node", "Handle time"), ("Spam", 60)], "Periods": [("Period",), ("2026-01",)],
        "Baseline": history, "Metrics": metrics(ACCURACY[:5]),
    }  # fmt: skip
    counted = rate_of(rated(**tables))
    known = rate_of(rated(**(tables | {"Baseline": [row[:5] for row in history]})))
    assert counted.best[0] < known.best[0] < 1
    assert counted.best_words[0].startswith("no Best, so the best quartile of 4 peers in its queue")


def test_a_kind_that_is_misspelt_says_nothing_of_columns_that_rates_have():
    codes = {issue.code for issue in build_plan(rated(Metrics=metrics(("Accuracy", "rates", *ACCURACY[2:]))))[1]}
    assert "TC206" in codes
    assert "TC524" not in codes
