"""Several exports become one plan: headcount from HR and accuracy from QA beside the volumes."""

import pytest

from tests.triggers.importing import TRIGGERS
from tests.workbooks.importing.exports import as_csv, plain_rows, table
from workbooks.importing.book import ImportOptions, import_book
from workbooks.run import read_plan


def joined(*more, rows=None, options=None):
    others = [(f"more {at}.csv", as_csv(each)) for at, each in enumerate(more)]
    return import_book("volumes.csv", as_csv(rows or plain_rows()), options, others)


def crews(result):
    headers, *rows = table(result, "Capacity")
    return {row[headers.index("Org")]: row[headers.index("FTE")] for row in rows}


def test_people_of_a_month_stand_in_each_of_its_weeks():
    result = joined([("Team", "Month", "FTE"), ("A", "2026-01", 12), ("B", "2026-01", 8.5), ("C", "2026-01", 20)])
    assert crews(result) == {"A": 12, "B": 8.5, "C": 20}
    assert not [issue for issue in result.issues if issue.code in ("TC275", "TC531")]


def test_people_counted_on_one_day_stand_in_the_periods_around_it():
    result = joined([("Team", "Date", "FTE"), ("A", "2026-01-14", 12), ("B", "2026-01-14", 8), ("C", "2026-01-14", 20)])
    assert crews(result) == {"A": 12, "B": 8, "C": 20}
    assert any("nearest date" in guess.taken for guess in result.guesses)


def test_a_list_of_people_without_a_period_adds_up_and_holds_for_all():
    people = [("Team", "Employee", "FTE")]
    people += [("A", "P1", 1), ("A", "P2", 1), ("A", "P3", 0.5), ("B", "P4", 1), ("C", "P5", 0.8)]
    result = joined(people)
    assert crews(result) == {"A": 2.5, "B": 1, "C": 0.8}
    assert any("people without a period" in guess.about for guess in result.guesses)


def test_the_day_on_which_somebody_was_hired_is_no_period():
    people = [("Employee", "Team", "FTE", "Start date")]
    people += [(f"P{at}", "ABC"[at % 3], 1, f"20{20 + at % 7}-0{1 + at % 9}-14") for at in range(18)]
    people.append(("P99", "A", 0.5, "2026-01-14"))
    result = joined(people)
    assert crews(result) == {"A": 6.5, "B": 6, "C": 6}
    assert read_plan(result.data).plan is not None


def test_a_list_that_names_everybody_every_month_is_counted_month_by_month():
    people = [("Employee", "Team", "Month", "FTE")]
    people += [(f"P{at}", "ABC"[at % 3], month, 1) for month in ("2026-01", "2026-02") for at in range(9)]
    people.append(("P9", "A", "2026-02", 1))
    assert crews(joined(people)) == {"A": 3, "B": 3, "C": 3}  # all four weeks are January's


def test_a_team_that_only_the_headcount_knows_is_named_with_its_cell():
    result = joined([("Site", "Team", "Month", "FTE"), ("Dublin", "A", "2026-01", 9), ("Dublin", "Z", "2026-01", 3)])
    (named,) = [issue for issue in result.issues if issue.code == "TC531"]
    assert (named.place.sheet, named.place.row, named.place.column) == ("more 0.csv", 3, 2)
    assert crews(result)["A"] == 9


def test_accuracy_of_another_export_is_weighed_by_the_volumes_of_the_first():
    rows = [tuple(row[:7]) for row in plain_rows()]
    weeks = sorted({row[3] for row in rows[1:]})
    quality = [("Team", "Queue", "Week", "Accuracy")]
    quality += [(team, queue, week, 0.9 if team == "A" else 0.97)
                for team in "ABC" for queue in ("Videos", "Comments") for week in weeks]  # fmt: skip
    result = joined(quality, rows=rows)
    plan = read_plan(result.data).plan
    rate = plan.rates[0]
    assert plan.metrics.ids[rate.weight] == "Handled"
    assert sorted({round(float(value), 4) for value in rate.baseline}) == [0.9, 0.97]
    asked = plan.targets.value[plan.targets.scope.metric == rate.metric][0]
    assert asked == pytest.approx((0.9 + 2 * 0.97) / 3, abs=1e-3)


def test_what_was_joined_cascades_without_hand_work():
    people = [("Team", "Month", "FTE"), ("A", "2026-01", 12), ("B", "2026-01", 8), ("C", "2026-01", 20)]
    read = read_plan(joined(people).data)
    assert read.plan is not None
    assert len(read.plan.capacity.fte) > 0


def test_a_volume_without_a_period_cannot_join():
    result = joined([("Team", "Appeals handled"), ("A", 40)])
    assert result.data is None
    assert [issue.code for issue in result.issues] == ["TC276"]


def test_a_sheet_said_is_of_the_first_export_and_headers_of_all_may_be_told():
    result = joined([("Squad", "Month", "Bodies"), ("A", "2026-01", 12)], options=ImportOptions(None, {}, None))
    assert {"Squad", "Bodies"} <= set(result.headers)
    assert "TC531" in TRIGGERS
