"""Numbers typed as text are read where they can mean one thing only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.building.typed_numbers import parse_number
from engine.tables import FAULTY
from tests.builders import codes_of, issues_of, plan_of, small


def targets(*values):
    periods = [("Period",), *((f"P{number}",) for number in range(len(values)))]
    rows = [("Metric", "Period", "Value"), *(("Reviews", f"P{number}", value) for number, value in enumerate(values))]
    return small(Periods=periods, Baseline=None, Targets=rows)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234", 1234),
        ("1'234.50", 1234.5),
        ("1,234,567", 1234567),
        ("0,123", 0.123),
        ("12,5", 12.5),
        ("1234,567", 1234.567),
        ("−3", -3),
        ("1e3", 1000),
    ],
)
def test_a_text_that_means_one_number_is_that_number(text, value):
    number = parse_number(text)
    assert number is not None
    assert not number.is_ambiguous
    assert number.value() == pytest.approx(value)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12.345", "-1,234"])
def test_one_mark_before_three_digits_could_be_either(text):
    assert parse_number(text).is_ambiguous


@pytest.mark.parametrize("text", ["", "abc", "5k", "1,23,4", "1.234.5", "1 23", "12 h", "€5", "--1", ",", "%"])
def test_other_texts_are_no_numbers(text):
    assert parse_number(text) is None


@given(st.floats(0, 1e9).map(lambda number: round(number, 2)))
def test_a_number_written_the_english_and_the_german_way_is_read_back(number):
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert parse_number(english).value() == pytest.approx(number)
    assert parse_number(german).value() == pytest.approx(number)


def test_the_other_numbers_of_the_column_settle_an_unclear_one():
    plan = plan_of(targets("1,234", "2,345.5"))
    assert plan.targets.value.tolist() == [1234, 2345.5]
    plan = plan_of(targets("1,234", "2345,5"))
    assert plan.targets.value.tolist() == [1.234, 2345.5]


def test_columns_that_contradict_themselves_settle_nothing():
    found = issues_of(targets("1,234", "2345,5", "3,456.5"), "TC203")
    assert [issue.place.row for issue in found] == [2]
    assert "1.234 or 1,234" in found[0].found


def test_numbers_typed_as_text_are_reported_once_per_column():
    (note,) = issues_of(targets("1,234.5", "2,345.5", 7), "TC501")
    assert note.found.startswith("2 number(s) typed as text")
    assert note.place.row == 2


def test_a_percentage_is_read_in_a_share_and_refused_in_an_amount():
    plan = plan_of(small(Settings=[("Setting", "Value"), ("Mix guard", "12 %")]))
    assert plan.settings.mix_guard == pytest.approx(0.12)
    assert codes_of(targets("12 %")) >= {"TC202"}


def test_95_in_a_share_offers_95_per_cent():
    (issue,) = issues_of(small(Settings=[("Setting", "Value"), ("Mix guard", 95)]), "TC205")
    assert "95 %" in issue.mend


def test_a_cell_the_reader_has_reported_stops_the_run_without_a_second_issue():
    assert codes_of(targets(FAULTY, 5)) == set()
    from engine.building import build_plan

    assert build_plan(targets(FAULTY, 5))[0] is None


def test_yes_no_and_dates_are_no_numbers():
    import datetime

    found = issues_of(targets(True, datetime.datetime(2026, 1, 1)), "TC202")
    assert [issue.place.row for issue in found] == [2, 3]


def test_long_lists_are_cut_short():
    found = issues_of(targets(*["many"] * 50), "TC202")
    assert len(found) == 21
    assert found[-1].found.startswith("30 more")


def test_zero_is_a_value_and_a_blank_is_none():
    plan = plan_of(small(Targets=[("Metric", "Period", "Value"), ("Reviews", None, 0)]))
    assert plan.targets.value.tolist() == [0]
    assert np.isfinite(plan.targets.value).all()
