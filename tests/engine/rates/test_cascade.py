"""Rates cascaded: one effort for all, what cannot move stays, what cannot be reached is said."""

import numpy as np
import pytest

from engine.outcome import CellStatus, ExitStatus
from engine.rates.handle_time import handle_time_gaps
from engine.recompute import recompute
from tests.builders import BASELINE, plan_of
from tests.rate_books import ACCURACY, HANDLE_TIME, HISTORY, asked, metrics, rated

LIMITS = ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold")


def cascaded(*targets, **tables):
    return recompute(plan_of(rated(*targets, **tables)))


def one_target(value, sense=None):
    return ("Accuracy", None, None, None, sense, value)


def by_pair(outcome, at=0):
    """Return what each team and queue is asked, by period, of a rate."""
    plan, rate = outcome.plan, outcome.rates[at].rate
    keys = zip(plan.cells.org[rate.cells], plan.cells.period[rate.cells], strict=True)
    names = [(plan.org.ids[plan.org.leaves[org]], plan.periods.ids[plan.periods.leaves[time]]) for org, time in keys]
    return dict(zip(names, outcome.rates[at].value.tolist(), strict=True))


def average(outcome, at=0):
    rate = outcome.rates[at]
    return float(rate.weight @ rate.value / rate.weight.sum())


def test_everybody_closes_the_same_part_of_the_way_to_best():
    outcome = cascaded(one_target(0.97))
    value = by_pair(outcome)
    parts = [
        (value["Team A", "2026-01"] - 0.90) / (0.98 - 0.90),
        (value["Team A", "2026-02"] - 0.92) / (0.98 - 0.92),
        (value["Team B", "2026-01"] - 0.95) / (0.98 - 0.95),
    ]
    assert parts == pytest.approx([parts[0]] * 3, rel=1e-8)
    assert average(outcome) == pytest.approx(0.97, rel=1e-12)
    assert outcome.targets.achieved[1] == pytest.approx(0.97, rel=1e-12)
    assert outcome.exit_status is ExitStatus.DONE


def test_a_team_that_is_better_than_best_stays_where_it_is():
    outcome = cascaded(one_target(0.97))
    assert by_pair(outcome)["Lisbon", "2026-02"] == 0.985
    assert outcome.rates[0].status.tolist()[-1] == CellStatus.AT_BEST


def test_who_is_planned_nothing_keeps_the_history():
    outcome = cascaded(one_target(0.97))
    assert by_pair(outcome)["Lisbon", "2026-01"] == 0.985
    assert outcome.rates[0].weight[4] == 0


def test_a_target_easier_than_today_moves_all_toward_floor_alike():
    floor = (*ACCURACY[:5], 0.5, *ACCURACY[6:])
    outcome = cascaded(one_target(0.9), Metrics=metrics(floor))
    value = by_pair(outcome)
    parts = [
        (0.90 - value["Team A", "2026-01"]) / (0.90 - 0.5),
        (0.95 - value["Team B", "2026-02"]) / (0.95 - 0.5),
        (0.985 - value["Lisbon", "2026-02"]) / (0.985 - 0.5),
    ]
    assert parts == pytest.approx([parts[0]] * 3, rel=1e-8)
    assert average(outcome) == pytest.approx(0.9, rel=1e-12)


def test_a_blank_sense_asks_nobody_to_get_worse_because_another_is_better():
    one_is_better = [LIMITS, ("Accuracy", "Team A", None, None, 0.96)]
    blank, exact = (cascaded(one_target(0.95, sense), Limits=one_is_better) for sense in (None, "exactly"))
    assert (blank.rates[0].value >= blank.rates[0].start - 1e-12).all()
    assert average(blank) > 0.955
    assert blank.targets.met.all()
    assert average(exact) == pytest.approx(0.95, rel=1e-9)
    assert (exact.rates[0].value < exact.rates[0].start - 1e-3).any()


def test_a_blank_sense_of_a_rate_of_which_less_is_better_means_at_most():
    history = [("AHT", "Team A", None, None, 66), ("AHT", "Team B", None, None, 52), ("AHT", "Lisbon", None, None, 48)]
    outcome = cascaded(
        ("AHT", None, None, None, None, 52), Metrics=metrics(HANDLE_TIME), Baseline=[*BASELINE, *history],
        Limits=[LIMITS, ("AHT", "Team A", None, None, None, 46)],
    )  # fmt: skip
    assert outcome.targets.met.all()
    assert average(outcome) < 52 - 0.1
    assert (outcome.rates[0].value <= outcome.rates[0].start + 1e-9).all()


def test_at_least_what_is_reached_already_moves_nobody():
    outcome = cascaded(one_target(0.9, "at least"))
    assert outcome.rates[0].value == pytest.approx(outcome.rates[0].start)
    assert outcome.targets.met.all()


def test_what_cannot_be_reached_is_reached_as_far_as_it_can_be_and_says_why():
    outcome = cascaded(one_target(1.0))
    rate = outcome.rates[0]
    moved = rate.weight > 0
    assert rate.value[moved].tolist() == pytest.approx([0.99] * 4 + [0.985])
    assert outcome.targets.shortfall[1] == pytest.approx(1 - average(outcome))
    assert outcome.targets.priced_miss[1] == pytest.approx(1 - average(outcome), rel=1e-6)
    assert outcome.targets.limited_by[1] == (
        "94% of the volume is at its Ceiling; 6% of the volume is at or beyond Best already"
    )
    assert outcome.exit_status is ExitStatus.TARGET_MISSED


def test_a_miss_below_what_is_shown_is_told_with_the_digits_it_takes():
    (found,) = (each.found for each in cascaded(one_target(0.99)).findings if each.code == "TC701")
    assert found.startswith("Accuracy target for everything: 98.97 % of 99.00 %, 0.03 points off")


def test_the_first_priority_comes_strictly_before_the_second():
    later = ("Accuracy", "Team A", None, None, "at most", 0.95, None, 2)
    outcome = cascaded(later, ("Accuracy", "Dublin", None, None, "at least", 0.985, None, 1))
    weight, value = outcome.rates[0].weight[:4], outcome.rates[0].value[:4]
    assert weight @ value / weight.sum() == pytest.approx(0.985, rel=1e-6)
    assert outcome.targets.met.tolist() == [True, False, True]
    # Team B can reach 99 %, so that this is the least that Team A is needed for
    least = (0.985 * weight.sum() - 0.99 * weight[2:].sum()) / weight[:2].sum()
    assert outcome.targets.achieved[1] == pytest.approx(least, rel=1e-5)


def test_contradicting_targets_of_one_priority_share_what_is_missed_whichever_comes_first():
    rows = [("Accuracy", None, None, None, None, 0.97), ("Accuracy", "Dublin", None, None, "at most", 0.95)]
    outcome, turned = cascaded(*rows), cascaded(*rows[::-1])
    assert outcome.targets.met.tolist() == [True, False, False]
    short, over = outcome.targets.shortfall[1:]
    assert short == pytest.approx(over, rel=0.05)
    assert turned.rates[0].value == pytest.approx(outcome.rates[0].value, rel=1e-12)


def test_lower_is_better_turns_everything_round():
    history = [("AHT", "Team A", None, None, 66), ("AHT", "Team B", None, None, 52), ("AHT", "Lisbon", None, None, 39)]
    outcome = cascaded(
        ("AHT", None, None, None, "at most", 50), Metrics=metrics(HANDLE_TIME), Baseline=[*BASELINE, *history]
    )
    value = by_pair(outcome)
    assert (66 - value["Team A", "2026-01"]) / 26 == pytest.approx((52 - value["Team B", "2026-01"]) / 12, rel=1e-8)
    assert value["Lisbon", "2026-02"] == 39
    assert average(outcome) == pytest.approx(50, rel=1e-8)


def test_without_history_a_cell_starts_from_the_mean_of_its_queue_else_of_the_rate():
    outcome = cascaded(one_target(0.97), Baseline=[*BASELINE, *HISTORY[:2]])
    rate = outcome.rates[0]
    mean = (100 * 0.90 + 110 * 0.92) / 210
    assert rate.start[2:].tolist() == pytest.approx([mean] * 4)
    assert rate.status[2] == CellStatus.NO_HISTORY


def test_without_any_history_everybody_is_asked_the_same():
    outcome = cascaded(one_target(0.97), Baseline=BASELINE)
    assert outcome.rates[0].value.tolist() == pytest.approx([0.97] * 6)


def test_a_limit_on_a_parent_is_kept_by_its_weighted_average():
    outcome = cascaded(one_target(0.95, "exactly"), Limits=[LIMITS, ("Accuracy", "Team A", None, None, 0.96)])
    rate = outcome.rates[0]
    assert rate.weight[:2] @ rate.value[:2] / rate.weight[:2].sum() == pytest.approx(0.96, rel=1e-8)
    assert average(outcome) == pytest.approx(0.95, rel=1e-9)
    assert not outcome.limits.breach.any()


def test_a_limit_on_one_cell_holds_whatever_the_cell_weighs():
    outcome = cascaded(one_target(0.97), Limits=[LIMITS, ("Accuracy", "Lisbon", "Scams", "2026-01", None, None, 0.9)])
    assert by_pair(outcome)["Lisbon", "2026-01"] == 0.9
    assert outcome.rates[0].status[4] == CellStatus.HELD


def test_a_hold_above_the_ceiling_is_not_said_to_be_held():
    hold = ("Accuracy", "Lisbon", "Scams", "2026-01", None, None, 0.999)
    outcome = cascaded(one_target(0.97), Limits=[LIMITS, hold])
    assert outcome.limits.breach[0] > 0
    assert outcome.rates[0].status[4] == CellStatus.HOLD_NOT_KEPT


def test_a_limit_above_the_ceiling_gives_way_by_as_little_as_it_must():
    outcome = cascaded(one_target(0.97), Limits=[LIMITS, ("Accuracy", "Team A", None, None, 0.995)])
    assert outcome.limits.breach.tolist() == pytest.approx([0.005], abs=1e-6)
    assert outcome.exit_status is ExitStatus.LIMITS_BROKEN
    assert outcome.rates[0].value[:2].tolist() == pytest.approx([0.99, 0.99], abs=1e-6)


def test_a_benchmark_of_a_node_goes_before_the_metrics_own():
    rows = [("Metric", "Org", "Queue", "Floor", "Ceiling", "Best"), ("Accuracy", "Team A", None, None, 0.96, 0.94)]
    outcome = cascaded(one_target(0.97), Benchmarks=rows)
    rate = outcome.rates[0]
    assert rate.rate.best.tolist() == [0.94, 0.94, 0.98, 0.98, 0.98, 0.98]
    assert (rate.value[:2] <= 0.96).all()


def test_points_and_per_cent_are_counted_on_the_baseline_of_the_row():
    base = (100 * 0.90 + 110 * 0.92 + 420 * 0.95 + 40 * 0.985) / 670
    for value, basis, wanted in ((0.01, "points on baseline", base + 0.01), (1.01, "% of baseline", base * 1.01)):
        outcome = cascaded(("Accuracy", None, None, None, None, value, basis))
        assert outcome.targets.achieved[1] == pytest.approx(wanted, rel=1e-9)


def test_reasons_add_up_to_the_move_of_every_cell():
    outcome = cascaded(
        one_target(0.97),
        ("Accuracy", "Dublin", None, None, "at least", 0.972, None, 2),
        Limits=[LIMITS, ("Accuracy", "Team A", None, "2026-01", 0.97)],
    )
    rate = outcome.rates[0]
    told = np.bincount(rate.reasons.cell, rate.reasons.amount, len(rate.value))
    assert told == pytest.approx(rate.value - rate.start, abs=1e-8)


def test_the_certificate_looks_at_rates_too():
    outcome = cascaded(one_target(0.97))
    assert outcome.certificate.holds
    assert "equals make equal efforts" in [proof.what for proof in outcome.certificate.proofs]


def test_a_target_over_nothing_that_is_planned_is_no_miss():
    outcome = cascaded(Targets=asked(("Accuracy", "Lisbon", None, "2026-01", None, 0.99)))
    assert np.isnan(outcome.targets.achieved[1])
    assert outcome.targets.met.all()
    assert [each.code for each in outcome.findings] == ["TC710"]


def test_a_handle_time_is_held_against_the_seconds_of_the_plan_and_changes_no_hours():
    history = [("AHT", "EMEA", None, None, 62)]
    asked_of = (("AHT", None, None, None, "at most", 45),)
    outcome = cascaded(*asked_of, Metrics=metrics(HANDLE_TIME), Baseline=[*BASELINE, *history])
    gaps = handle_time_gaps(outcome.plan, outcome.value)
    seconds, items = outcome.plan.cells.hours * 3600, outcome.value
    assert gaps.planned_s[1] == pytest.approx(seconds @ items / items.sum())
    assert gaps.hours[1] == pytest.approx((45 * items.sum() - seconds @ items) / 3600)
    assert np.isnan(gaps.hours[0])
    assert outcome.plan.cells.hours.max() == 90 / 3600
