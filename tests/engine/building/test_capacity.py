"""Hours come from people, or stand as they are."""

import numpy as np
import pytest

from tests.builders import METRICS, PERIODS, TARGETS, issues_of, plan_of, small

HEADER = (
    "Org", "Queue", "Period", "Hours", "FTE", "Paid hours", "Hours per day", "Working days",
    "Shrinkage", "Occupancy", "Ramp", "Overtime hours",
)  # fmt: skip
DAYS = [(*PERIODS[0], "Working days"), PERIODS[1], (*PERIODS[2], 21), (*PERIODS[3], 20)]


def capacity(*rows, **tables):
    return plan_of(small(Capacity=[HEADER, *rows], **tables)).capacity


def test_hours_stand_as_one_total_over_their_row():
    plan = plan_of(small(Capacity=[HEADER, ("Dublin", "Spam", "2026Q1", 500)]))
    rows = plan.capacity
    assert rows.hours.tolist() == [500]
    assert np.isnan(rows.hours_per_fte).all()
    assert plan.periods.ids[rows.scope.period[0]] == "2026Q1"
    assert plan.queues.ids[rows.scope.queue[0]] == "Spam"
    assert rows.scope.metric.tolist() == [-1]


def test_people_work_in_each_leaf_period_below_their_row():
    rows = capacity(("Dublin", None, None, None, 10, 160, None, None, 0.3, 0.85, 0.9, 12))
    each = 160 * 0.7 * 0.85 * 0.9
    assert rows.hours == pytest.approx([10 * each + 12] * 2)
    assert rows.hours_per_fte == pytest.approx([each] * 2)
    assert [place.field for place in rows.place] == ["FTE", "FTE"]


def test_hours_per_day_count_the_working_days_of_each_period_or_of_the_site():
    rows = capacity(
        ("Dublin", None, None, None, 10, None, 8), ("Lisbon", None, "2026-02", None, 1, None, 8, 15), Periods=DAYS
    )
    assert rows.hours.tolist() == [1680, 1600, 120]


def test_blanks_mean_no_shrinkage_full_occupancy_and_a_trained_crew():
    book = small(
        Capacity=[HEADER, ("Dublin", None, None, None, 10, 160), ("Lisbon", None, None, None, 1, 160, *[None] * 2, 0.3)]
    )
    assert plan_of(book).capacity.hours == pytest.approx([1600, 1600, 112, 112])
    (note,) = issues_of(book, "TC503")
    assert note.found.startswith("Shrinkage blank in 1 row(s), taken as 0 %; Occupancy blank in 2 row(s)")


def test_no_people_bring_no_hours():
    assert capacity(("Dublin", None, None, None, 0, 160)).hours.tolist() == [0, 0]


def test_working_days_of_the_row_stand_in_for_those_of_the_periods():
    assert capacity(("Dublin", None, None, None, 1, None, 8, 20)).hours.tolist() == [160, 160]


def test_the_same_crew_twice_names_both_rows():
    book = small(Capacity=[HEADER, ("Dublin", None, None, 100), ("dublin", "All", "2026Q1", None, 5, 160)])
    (issue,) = issues_of(book, "TC211")
    assert issue.found == "5 FTE; row 2, column “Hours”, says 100 h about the same"


def test_queues_without_handle_time_are_named_only_under_capacity():
    queues = [("Node", "Handle time"), ("Hate", 60), ("Bots", None), ("Scams", None)]
    book = small(Queues=queues, Capacity=[HEADER, ("Team B", None, None, 100)])
    assert [(issue.place.row, issue.found) for issue in issues_of(book, "TC222")] == [(3, "no handle time for “Bots”")]
    assert issues_of(small(Queues=queues), "TC222") == []


def test_a_metric_that_takes_no_capacity_needs_no_handle_time():
    metrics = [(*METRICS[0], "Uses capacity"), (*METRICS[1], "no")]
    book = small(
        Metrics=metrics,
        Queues=[("Node",), ("Hate",), ("Bots",), ("Scams",)],
        Capacity=[HEADER, ("EMEA", None, None, 1)],
    )
    assert plan_of(book).cells.hours.tolist() == [0] * 6


def test_without_the_table_nothing_is_limited():
    assert len(plan_of(small(Targets=TARGETS)).capacity) == 0
