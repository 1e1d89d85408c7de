"""Periods stand in time order, go by id or by a date inside them, and take their size from history."""

import datetime

import numpy as np
import pytest

from engine.building.spans import moment_span, period_span, year_earlier
from tests.builders import BASELINE, MONTHS, TARGETS, cell_values, codes_of, issues_of, plan_of, small


def day(year, month, day_=1):
    return datetime.datetime(year, month, day_)


QUARTERS = [
    ("Period", "Parent", "Start", "End", "Like"),
    ("2024H1", None, day(2024, 1, 1), day(2024, 6, 30), None),
    ("2024Q2", "2024H1", day(2024, 4, 1), day(2024, 6, 30), None),
    ("2024Q1", "2024H1", day(2024, 1, 1), day(2024, 3, 31), None),
]


def history(*periods, value=lambda period: 10.0):
    return [BASELINE[0], *(("Reviews", "Team A", "Hate", period, value(period)) for period in periods)]


def asked(period):
    return [*TARGETS, ("Reviews", None, None, period, 300)]


def period_of(periods, name):
    plan = plan_of(small(Periods=periods, Baseline=None, Targets=asked(name)))
    return plan.periods.ids[plan.targets.scope.period[1]]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-01", "2026-01-01", "2026-01-31"),
        ("Feb-24", "2024-02-01", "2024-02-29"),
        ("janv.-26", "2026-01-01", "2026-01-31"),
        ("March 2026", "2026-03-01", "2026-03-31"),
        ("2026 Mar", "2026-03-01", "2026-03-31"),
        ("12/2025", "2025-12-01", "2025-12-31"),
        ("2025-12-24", "2025-12-24", "2025-12-24"),
        ("24.12.2025", "2025-12-24", "2025-12-24"),
        ("2024Q4", "2024-10-01", "2024-12-31"),
        ("Q1 2024", "2024-01-01", "2024-03-31"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_usual_names_of_periods_stand_for_their_days(text, first, last):
    span = period_span(text, MONTHS)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["2026-13", "Team 2024", "2026Q5", "2026-W60", "x", "", "31.02.2026", "12345"])
def test_other_texts_stand_for_no_days(text):
    assert period_span(text, MONTHS) is None


def test_a_year_before_the_end_of_february_is_the_end_of_february():
    span = year_earlier(period_span("2025-02", MONTHS))
    assert span == period_span("2024-02", MONTHS)


def test_a_quarter_is_no_month():
    assert moment_span("2024Q1", MONTHS) is None


def test_leaf_periods_stand_in_the_order_of_their_start():
    plan = plan_of(small(Periods=QUARTERS, Baseline=None))
    assert plan.periods.ids == ("2024H1", "2024Q1", "2024Q2")
    assert plan.calendar.start.astype(str).tolist() == ["2024-01-01", "2024-04-01"]


def test_without_a_start_periods_stay_in_table_order():
    periods = [("Period", "Parent"), ("H", None), ("Second", "H"), ("First", "H")]
    assert plan_of(small(Periods=periods, Baseline=None)).periods.ids == ("H", "Second", "First")


@pytest.mark.parametrize("name", [day(2024, 5, 17), "2024-05", "May-24", "2024-05-17", "2024q2"])
def test_a_date_or_month_stands_for_the_leaf_period_that_holds_it(name):
    assert period_of(QUARTERS, name) == "2024Q2"


def test_a_blank_is_the_whole_horizon():
    assert plan_of(small(Periods=QUARTERS, Baseline=None)).targets.scope.period.tolist() == [0]


def test_a_month_over_several_leaf_periods_is_refused_with_their_names():
    weeks = [("Period", "Start", "End"), ("W2", day(2026, 1, 5), day(2026, 1, 11)), ("W3", day(2026, 1, 12), None)]
    (issue,) = issues_of(small(Periods=weeks, Baseline=None, Targets=asked("Jan-26")), "TC305")
    assert "W2, W3" in issue.found


def test_dates_in_cells_are_ids_too():
    periods = [("Period",), (day(2026, 1),), (day(2026, 2),)]
    baseline = history(day(2025, 1), day(2025, 2), value=lambda period: period.month)
    values = cell_values(plan_of(small(Periods=periods, Baseline=baseline)))
    assert list(values.values()) == [1, 2]


def test_working_days_are_as_given_or_counted_and_listed():
    periods = [
        ("Period", "Start", "End", "Working days"),
        ("2026-01", day(2026, 1, 1), day(2026, 1, 31), 20),
        ("2026-02", day(2026, 2, 1), day(2026, 2, 28), None),
    ]
    book = small(Periods=periods, Baseline=None)
    assert plan_of(book).calendar.working_days.tolist() == [20, 20]
    (note,) = issues_of(book, "TC504")
    assert note.found == "1 period(s): 2026-02 20"


def test_a_period_outside_its_parent_is_named():
    periods = [*QUARTERS[:3], ("2024Q3", "2024H1", day(2024, 7, 1), day(2024, 9, 30))]
    found = issues_of(small(Periods=periods, Baseline=None), "TC221")
    dates = "“2024Q3” (2024-07-01 to 2024-09-30) is not inside “2024H1” (2024-01-01 to 2024-06-30)"
    assert [issue.found for issue in found] == [dates]


def test_a_period_takes_the_same_period_a_year_earlier():
    book = small(Periods=QUARTERS, Baseline=history("2022Q2", "2023Q1", "2023Q2"))
    assert plan_of(book).calendar.like == ("2023Q1", "2023Q2")
    assert issues_of(book, "TC505")[0].found == "2024Q1 like 2023Q1, 2024Q2 like 2023Q2"
    assert "2022Q2" in issues_of(book, "TC506")[0].found


def test_a_period_is_found_a_year_earlier_by_its_dates_when_names_differ():
    book = small(Periods=QUARTERS, Baseline=history("Q2 2023", "Q1 2023"))
    assert plan_of(book).calendar.like == ("Q1 2023", "Q2 2023")


def test_otherwise_the_last_block_of_equal_length_is_taken():
    book = small(Periods=QUARTERS, Baseline=history("2022Q4", "2022Q3", "2022Q2", "2022"))
    assert plan_of(book).calendar.like == ("2022Q3", "2022Q4")


def test_blocks_of_names_without_dates_are_in_natural_order():
    periods = [("Period",), ("Sprint 11",), ("Sprint 12",)]
    book = small(Periods=periods, Baseline=history("Sprint 10", "Sprint 9", "Sprint 1"))
    assert plan_of(book).calendar.like == ("Sprint 9", "Sprint 10")


def test_like_goes_before_every_default():
    periods = [QUARTERS[0], QUARTERS[1], (*QUARTERS[2][:4], "2023Q3"), (*QUARTERS[3][:4], "2023Q4")]
    book = small(Periods=periods, Baseline=history("2023Q1", "2023Q2", "2023Q3", "2023Q4"))
    assert plan_of(book).calendar.like == ("2023Q4", "2023Q3")
    assert "TC505" not in codes_of(book)


def test_one_period_of_history_may_serve_several():
    periods = [QUARTERS[0], QUARTERS[1], (*QUARTERS[2][:4], "2023H2"), (*QUARTERS[3][:4], "2023H2")]
    values = cell_values(plan_of(small(Periods=periods, Baseline=history("2023H2"))))
    assert list(values.values()) == [10, 10]


def test_like_finds_a_month_however_it_is_written():
    periods = [("Period", "Like"), ("P1", "Jan-25"), ("P2", "2025-02")]
    book = small(Periods=periods, Baseline=history("2025-01", "Feb 2025"))
    assert plan_of(book).calendar.like == ("2025-01", "Feb 2025")


def test_history_on_the_periods_of_the_plan_is_used_as_it_stands():
    book = small(Periods=QUARTERS, Baseline=history("2024Q1", "2024-05"))
    assert plan_of(book).calendar.like == ("2024Q1", "2024Q2")
    assert not codes_of(book) & {"TC505", "TC506", "TC510"}


def test_a_period_without_history_is_named_and_its_cells_have_none():
    book = small(Periods=QUARTERS, Baseline=history("2023Q1"))
    plan = plan_of(book)
    assert plan.calendar.like == ("2023Q1", "")
    assert np.isnan(plan.cells.baseline).tolist() == [False, True]
    assert issues_of(book, "TC510")[0].found == "2024Q2"


def test_periods_may_come_as_level_columns():
    periods = [("Year", "Month", "Working days"), (2026, "2026-01", 21), (2026, "2026-02", 20)]
    plan = plan_of(small(Periods=periods))
    assert plan.periods.levels == ("Year", "Month")
    assert plan.calendar.working_days.tolist() == [21, 20]
    assert plan.calendar.like == ("2025-01", "2025-02")
