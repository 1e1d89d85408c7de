"""Targets and limits say what is asked at any level."""

import numpy as np
import pytest

from engine.building import build_plan
from engine.issues import Severity
from engine.plan import Sense
from engine.tables import FAULTY
from tests.builders import METRICS, codes_of, issues_of, plan_of, small

TARGETS = ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority")
LIMITS = ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold", "Owner", "Reason")


def targets(*rows):
    return small(Targets=[TARGETS, *(("Reviews", *row) for row in rows)])


def limits(*rows):
    return small(Limits=[LIMITS, *(("Reviews", *row) for row in rows)])


@pytest.mark.parametrize(
    ("typed", "sense"),
    [
        ("exactly", Sense.EXACTLY),
        ("=", Sense.EXACTLY),
        (" At  Least ", Sense.AT_LEAST),
        (">=", Sense.AT_LEAST),
        ("≥", Sense.AT_LEAST),
        ("at-most", Sense.AT_MOST),
        ("<=", Sense.AT_MOST),
        ("≤", Sense.AT_MOST),
    ],
)
def test_senses_may_be_words_or_signs(typed, sense):
    plan = plan_of(targets((None, None, None, typed, 700)))
    assert plan.targets.sense.tolist() == [sense]
    assert plan.targets.stated.tolist() == [True]


def test_a_blank_sense_is_shared_out_exactly_and_priority_1_comes_first():
    plan = plan_of(targets((None, None, None, None, 700), ("Dublin", None, None, None, 400, 2)))
    assert plan.targets.sense.tolist() == [Sense.EXACTLY] * 2
    assert plan.targets.stated.tolist() == [False] * 2
    assert plan.targets.priority.tolist() == [1, 2]


def test_periods_may_be_columns_of_targets():
    rows = [("Metric", "Org", "2026-01", "2026-02"), ("Reviews", "Dublin", 300, 350), ("Reviews", "Lisbon", None, 40)]
    plan = plan_of(small(Targets=rows))
    names = [plan.periods.ids[node] for node in plan.targets.scope.period]
    assert list(zip(names, plan.targets.value, strict=True)) == [("2026-01", 300), ("2026-02", 350), ("2026-02", 40)]
    assert [(place.row, place.column) for place in plan.targets.place] == [(2, 3), (2, 4), (3, 4)]


def test_a_period_column_that_is_not_in_the_plan_stops_the_run():
    rows = [("Metric", "2026-01", "2027-01"), ("Reviews", 300, 350)]
    (issue,) = issues_of(small(Targets=rows), "TC305")
    assert (issue.place.row, issue.place.column) == (1, 3)


def test_one_scope_may_have_a_floor_and_a_ceiling_but_not_two_floors():
    floor, ceiling = (None, None, None, ">=", 600), (None, None, None, "<=", 700)
    assert len(plan_of(targets(floor, ceiling)).targets) == 2
    assert codes_of(targets(floor, ceiling, (None, None, None, ">=", 650))) >= {"TC211"}


def test_limits_keep_what_is_given_and_a_hold_is_both():
    plan = plan_of(
        limits(
            ("Dublin", None, None, 10),
            ("Lisbon", None, None, None, 50),
            ("Team A", None, "2026-01", None, None, 90, "Aoife", "Contract"),
        )
    )
    assert plan.limits.lower.tolist() == [10, -np.inf, 90]
    assert plan.limits.upper.tolist() == [np.inf, 50, 90]
    assert plan.limits.is_hold.tolist() == [False, False, True]
    assert plan.limits.owner[2] == "Aoife"
    assert plan.limits.reason[2] == "Contract"
    assert [place.field for place in plan.limits.place] == ["Min", "Max", "Hold"]


def test_limits_over_nothing_are_dropped_unless_they_ask_for_something():
    book = limits(
        ("Team A", "Scams", None, None, 5), ("Team A", "Bots", None, None, None, 0), ("Dublin", None, None, 1)
    )
    assert len(plan_of(book).limits) == 1
    assert len(issues_of(book, "TC512")) == 2


def test_everything_wrong_is_found_at_once():
    book = small(
        Settings=[("Setting", "Value"), ("Solver", "/usr/bin/cbc"), ("Mix guard", "much")],
        Targets=[TARGETS, ("Reviews", "Dubln", None, None, "at leest", "x")],
        Limits=[LIMITS, ("Revews", "Dublin", None, None, 9, 3)],
        Skills=[("Org", "Queue"), ("Team A", "Spum")],
        Capacity=[("Org", "FTE"), ("Dublin", 10)],
    )
    assert codes_of(book) >= {"TC206", "TC202", "TC301", "TC302", "TC303", "TC219", "TC215"}


def test_rows_over_nothing_are_not_blamed_for_a_name_mistyped_in_skills():
    skills = [("Org", "Queue"), ("Team A", "Hat")]
    book = small(Skills=skills, Targets=[TARGETS, ("Reviews", "Lisbon", "Scams", None, None, 5)])
    assert "TC315" not in codes_of(book)


def test_a_cell_the_reader_reported_in_a_name_stops_the_run_quietly():
    book = targets((FAULTY, None, None, None, 700))
    assert build_plan(book)[0] is None
    assert codes_of(book, Severity.STOP) == set()


def test_metrics_are_matched_without_case_and_asked_for_when_misspelt():
    assert len(plan_of(small(Targets=[TARGETS, (" REVIEWS ", None, None, None, None, 5)])).targets) == 1
    (issue,) = issues_of(small(Targets=[TARGETS, ("Revews", None, None, None, None, 5)]), "TC303")
    assert "did you mean “Reviews”?" in issue.found


def test_with_several_metrics_each_says_whether_it_takes_hours():
    metrics = [
        (*METRICS[0], "Uses capacity", "Better"),
        (*METRICS[1], "ja"),
        ("Appeals", "Volume", None, False, "LOWER"),
    ]
    plan = plan_of(small(Metrics=metrics))
    assert plan.metrics.uses_capacity.tolist() == [True, False]
    assert plan.metrics.higher_is_better.tolist() == [True, False]
    assert plan.metrics.kinds == ("volume", "volume")


def test_missing_tables_bring_no_plan_and_no_crash():
    for name in ("Metrics", "Org", "Queues", "Periods", "Targets"):
        assert build_plan(small(**{name: None}))[0] is None


def test_empty_optional_tables_are_as_good_as_missing_ones():
    book = small(
        Capacity=[("Org", "Hours")], Limits=[LIMITS], Skills=[("Org", "Queue")], Settings=[("Setting", "Value")]
    )
    assert len(plan_of(book).cells) == 6
