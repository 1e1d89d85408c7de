"""From a workbook with actuals to the tab Variance."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.outcome import ExitStatus
from tests.workbooks.achievement import (
    ACTUALS,
    BASELINE,
    PAIRS,
    RATED,
    TARGETS,
    accuracy_rows,
    cascaded,
    effects_of,
    plan_book,
    rows_of,
    variance_table,
)
from tests.workbooks.books import as_saved, opened
from workbooks.command.main import targets
from workbooks.run import cascade
from workbooks.seal_run import seal
from workbooks.variance_run import variance

ALL, A, B = ("Reviews", "Site", ""), ("Reviews", "A", ""), ("Reviews", "B", "")


def test_every_node_and_pair_has_a_row_for_each_period_and_to_date() -> None:
    rows = variance_table(plan_book())
    nodes = [("Site", ""), ("A", ""), ("B", ""), ("", "Spam"), ("", "Hate"), *PAIRS]
    periods = ["2026 to date", "2026-Q1 to date", "2026-01", "2026-02"]
    assert set(rows) == {("Reviews", *node, period) for node in nodes for period in periods}


def test_sums_ratios_and_effects_of_a_small_case() -> None:
    row = variance_table(plan_book())[*ALL, "2026 to date"]
    assert (row["Agreed"], row["Actual"], row["Variance"]) == (1200, 1140, -60)
    assert row["Attainment"] == pytest.approx(0.95)
    assert row["Status"] == "amber"
    assert (row["Volume effect"], row["Mix effect"], row["New or closed"]) == (pytest.approx(-60), 0, 0)
    team = variance_table(plan_book())[*A, "2026-01"]
    # team A did its 300 of 600, though only 550 were done in all: mix +25, volume −25
    assert (team["Mix effect"], team["Volume effect"]) == (pytest.approx(25), pytest.approx(-25))


def test_effects_add_up_to_the_variance_in_every_row() -> None:
    for row in variance_table(plan_book()).values():
        assert effects_of(row) == pytest.approx(row["Variance"], abs=1e-9)
        assert row["Check"] == 0


def test_what_nobody_reported_is_no_zero() -> None:
    rows = variance_table(plan_book(Actuals=[row for row in ACTUALS if row[1:3] != ("B", "Spam")]))
    total = rows[*ALL, "2026-01"]
    assert (total["Agreed"], total["Not reported"], total["Actual"], total["Variance"]) == (600, 300, 300, 0)
    assert total["Attainment"] == 1
    assert rows[*B, "2026-01"]["Status"] == "no data"
    assert rows[*B, "2026-01"]["Actual"] in (None, "")


def test_an_explicit_zero_is_one() -> None:
    rows = variance_table(plan_book(Actuals=[(*row[:4], 0 if row[1] == "B" else row[4]) for row in ACTUALS[1:]] and [
        ACTUALS[0], *((*row[:4], 0 if row[1] == "B" else row[4]) for row in ACTUALS[1:])
    ]))  # fmt: skip
    assert (rows[*B, "2026-01"]["Actual"], rows[*B, "2026-01"]["Status"]) == (0, "red")


_DATED = ("Metric", "Org", "Queue", "From", "To", "Value")


def _weeks(first: datetime.date, last: datetime.date, total: float) -> list[tuple[datetime.date, datetime.date, float]]:
    """Return weeks that end with the month, each with its part of a total by working days."""
    found, day = [], first
    while day <= last:
        end = min(day + datetime.timedelta(days=6 - day.weekday()), last)
        days = sum((day + datetime.timedelta(days=each)).weekday() < 5 for each in range((end - day).days + 1))
        found.append((day, end, float(days)))
        day = end + datetime.timedelta(days=1)
    every = sum(days for *_, days in found)
    return [(start, end, total * days / every) for start, end, days in found]


def test_weekly_rows_give_the_same_month_as_monthly_rows() -> None:
    months = {1: datetime.date(2026, 1, 31), 2: datetime.date(2026, 2, 28)}
    weekly = [
        ("Reviews", team, queue, first, last, part)
        for _, team, queue, month, value in ACTUALS[1:]
        for first, last, part in _weeks(
            datetime.date(2026, int(str(month)[-1]), 1),
            months[int(str(month)[-1])],
            float(value),  # type: ignore[arg-type]
        )
    ]
    by_week, by_month = variance_table(plan_book(Actuals=[_DATED, *weekly])), variance_table(plan_book())
    assert set(by_week) == set(by_month)
    for key, row in by_month.items():
        assert by_week[key]["Actual"] == pytest.approx(row["Actual"])
        assert by_week[key]["Variance"] == pytest.approx(row["Variance"], abs=1e-9)


def test_a_week_that_straddles_months_is_split_by_working_days_and_marked() -> None:
    week = [_DATED, ("Reviews", "A", "Spam", datetime.date(2026, 1, 26), datetime.date(2026, 2, 1), 60),
            ("Reviews", "A", "Spam", datetime.date(2026, 2, 23), datetime.date(2026, 3, 6), 100)]  # fmt: skip
    rows = variance_table(plan_book(Actuals=week))
    pair = ("Reviews", "A", "Spam")
    assert rows[*pair, "2026-01"]["Actual"] == 60  # its weekend in February has no working day
    assert (rows[*pair, "2026-02"]["Actual"], rows[*pair, "2026-03"]["Actual"]) == (50, 50)
    assert rows[*pair, "2026-02"]["Estimated"] == 1


def test_part_of_a_month_is_compared_with_that_part_of_its_target() -> None:
    rows = variance_table(
        plan_book(Actuals=[_DATED, ("Reviews", "A", "Spam", datetime.date(2026, 1, 5), datetime.date(2026, 1, 9), 22)])
    )
    row = rows["Reviews", "A", "Spam", "2026-01"]
    assert row["Agreed"] - row["Not reported"] == pytest.approx(100 * 5 / 22)  # type: ignore[operator]


def test_a_week_by_its_name_and_a_date_in_the_period_column_are_dated_rows() -> None:
    rows = variance_table(
        plan_book(
            Actuals=[
                ACTUALS[0],
                ("Reviews", "A", "Spam", "2026-W03", 25),
                ("Reviews", "A", "Spam", datetime.date(2026, 1, 20), 5),
            ]
        )
    )
    assert rows["Reviews", "A", "Spam", "2026-01"]["Actual"] == 30


FIRST = datetime.date(2026, 1, 1)


@pytest.mark.parametrize("shape", ["rows", "columns"])
def test_the_first_of_a_month_stands_for_the_month_as_excel_writes_it(shape: str) -> None:
    """Typed as Jan-26, Excel keeps the first of January."""
    if shape == "rows":
        table = [
            ACTUALS[0],
            ("Reviews", "A", "Spam", FIRST, 90),
            ("Reviews", "A", "Spam", datetime.date(2026, 2, 1), 95),
        ]
    else:
        table = [("Metric", "Org", "Queue", FIRST, datetime.date(2026, 2, 1)), ("Reviews", "A", "Spam", 90, 95)]
    run = variance(plan_book(Actuals=table))
    assert [each.found for each in run.issues if each.code == "TC542"] == [
        "2 value(s), the first one of 2026-01-01, taken as all of 2026-01"
    ]
    assert run.data is not None
    months = [rows_of(run.data)["Reviews", "A", "Spam", month] for month in ("2026-01", "2026-02")]
    assert [(row["Actual"], row["Not reported"] or 0) for row in months] == [(90, 0), (95, 0)]


def test_several_dates_in_a_month_are_days() -> None:
    days = [("Reviews", "A", "Spam", datetime.date(2026, 1, day), 4) for day in (5, 6, 7, 8, 9)]
    row = variance_table(plan_book(Actuals=[ACTUALS[0], *days]))["Reviews", "A", "Spam", "2026-01"]
    assert (row["Actual"], row["Compared"]) == (20, pytest.approx(100 * 5 / 22))


def test_a_week_that_ends_on_a_sunday_the_first_begins_no_month() -> None:
    weeks = [("Reviews", "A", "Spam", f"2026-W{week:02}", 22) for week in range(1, 10)]  # W09 ends on 1 March
    run = variance(plan_book(Actuals=[ACTUALS[0], *weeks]))
    assert run.table is not None
    assert run.table.happened.as_of == 2
    assert [each.place.row for each in run.issues if each.code == "TC541"] == [2]  # W01 begins in December


def test_a_percentage_without_its_sign_is_set_aside_with_what_is_likely_meant() -> None:
    actuals = [*ACTUALS, ("Accuracy", "A", "Spam", "2026-01", 95)]
    run = variance(plan_book(Metrics=RATED, Baseline=[*BASELINE, *accuracy_rows()], Actuals=actuals))
    (found,) = [each for each in run.issues if each.code == "TC801"]
    assert found.mend == "Type 95 % (with the percent sign), if 95 per cent is meant."


def test_actuals_of_a_rate_that_the_plan_leaves_out_are_named() -> None:
    run = variance(plan_book(Metrics=RATED, Actuals=[*ACTUALS, ("Accuracy", "A", "Spam", "2026-01", 0.9)]))
    (found,) = [each for each in run.issues if each.code == "TC801"]
    assert "a rate that the plan leaves out" in found.found
    assert run.table is not None
    assert run.table.happened.set_aside == 1


@pytest.mark.parametrize("shape", ["periods as columns", "metrics as columns"])
def test_any_shape_says_the_same(shape: str) -> None:
    values = {row[1:4]: row[4] for row in ACTUALS[1:]}
    if shape == "periods as columns":
        table = [("Metric", "Org", "Queue", "2026-01", "2026-02")] + [
            ("Reviews", *pair, values[*pair, "2026-01"], values[*pair, "2026-02"]) for pair in PAIRS
        ]
    else:
        table = [("Org", "Queue", "Period", "Reviews"), *((*key, value) for key, value in values.items())]
    assert variance_table(plan_book(Actuals=table)) == variance_table(plan_book())


def test_coarser_actuals_are_shared_out_by_what_was_agreed_and_marked() -> None:
    rows = variance_table(plan_book(Actuals=[ACTUALS[0], ("Reviews", "A", None, "2026-01", 330)]))
    assert rows["Reviews", "A", "Spam", "2026-01"]["Actual"] == pytest.approx(110)
    assert rows["Reviews", "A", "Hate", "2026-01"]["Estimated"] == 1
    assert rows[*A, "2026-01"]["Variance"] == pytest.approx(30)


def test_the_order_of_rows_changes_nothing() -> None:
    mixed = [ACTUALS[0], *reversed(ACTUALS[1:])]
    assert variance_table(plan_book(Actuals=mixed)) == variance_table(plan_book())


def test_actuals_equal_to_targets_give_nothing_but_zeros() -> None:
    done = [("Reviews", *pair, f"2026-0{month}", size) for pair, size in PAIRS.items() for month in (1, 2)]
    for row in variance_table(plan_book(Actuals=[ACTUALS[0], *done])).values():
        assert row["Variance"] == 0
        assert effects_of(row) == 0
        assert row["Status"] == "green"


def test_bad_rows_are_set_aside_and_named_and_the_rest_is_computed() -> None:
    wrong = [
        ("Reviews", "Nobody", "Spam", "2026-01", 5),
        ("Reviews", "A", "Spam", "2026-01", 95),
        ("Reviews", "B", "Spam", "2026-02", "many"),
        ("Reviews", "A", "Hate", "2031-01", 7),
        ("Reviews", "B", "Hate", "2026-01", -4),
        ("Clicks", "A", "Hate", "2026-01", 4),
    ]
    run = variance(plan_book(Actuals=[*ACTUALS, *wrong]))
    assert run.status is ExitStatus.DONE
    places = {(each.place.sheet, each.place.row) for each in run.issues if each.code == "TC801"}
    assert places == {("Actuals", row) for row in range(8, 14)}
    assert run.table is not None
    assert run.table.happened.set_aside == len(wrong)
    assert run.data is not None
    assert rows_of(run.data) == variance_table(plan_book())


def test_an_error_value_in_actuals_sets_its_row_aside_only() -> None:
    from tests.workbooks.books import Formula

    rows = [ACTUALS[0], *ACTUALS[1:-1], (*ACTUALS[-1][:4], Formula("NA()").showing("#N/A"))]
    run = variance(plan_book(Actuals=rows))
    assert run.status is ExitStatus.DONE, run.issues
    assert any(each.code == "TC801" and each.place.row == 7 for each in run.issues)


def test_a_broken_actuals_table_stops_no_cascade() -> None:
    broken = [*ACTUALS, ("Reviews", "Nobody", "Spam", "2026-01", "x")]
    assert cascade(plan_book(Actuals=broken)).status is ExitStatus.DONE


def test_totals_that_their_parts_contradict_are_named_and_the_parts_count() -> None:
    run = variance(plan_book(Actuals=[*ACTUALS, ("Reviews", "A", None, "2026-01", 250)]))
    found = [each for each in run.issues if each.code == "TC803"]
    assert [(each.place.row, each.found) for each in found] == [(8, "250; finer values say 300")]
    assert run.data is not None
    assert rows_of(run.data)[*A, "2026-01"]["Actual"] == 300


def test_periods_after_as_of_wait() -> None:
    rows = variance_table(plan_book(Settings=[("Setting", "Value"), ("As of", "2026-01")]))
    assert {key[3] for key in rows} == {"2026 to date", "2026-Q1 to date", "2026-01"}
    assert rows[*ALL, "2026 to date"]["Actual"] == 550


def test_a_finished_period_is_no_longer_to_date() -> None:
    march = [("Reviews", *pair, "2026-03", size) for pair, size in PAIRS.items()]
    rows = variance_table(plan_book(Actuals=[*ACTUALS, *march]))
    assert rows[*ALL, "2026-Q1"]["Agreed"] == 1800
    assert (*ALL, "2026 to date") in rows


def test_new_and_closed_pairs_are_no_mix() -> None:
    sealed = seal(cascaded())
    assert sealed.data is not None
    made = opened(sealed.data)
    for sheet, column in (("Baseline", 2), ("Actuals", 2)):
        for row in made[sheet].iter_rows(min_row=2):
            if row[1].value == "B":
                row[column].value = "Hate"  # team B went over to another queue
    rows = variance_table(as_saved(made))
    total = rows[*ALL, "2026-01"]
    assert (total["Agreed"], total["Actual"], total["New or closed"]) == (600, 550, pytest.approx(-50))
    assert rows["Reviews", "B", "Spam", "2026-01"]["New or closed"] == -300
    assert rows["Reviews", "B", "Hate", "2026-01"]["New or closed"] == 250
    assert total["Check"] == 0
    # 250 of the 300 moved with the team, 50 were closed; at the team and above, moving adds up to nothing
    shown = {key: [row[f"of it {name}"] or 0 for name in ("new", "closed", "moved")] for key, row in rows.items()}
    assert shown["Reviews", "B", "Spam", "2026-01"] == pytest.approx([0, -50, -250])
    assert shown["Reviews", "B", "Hate", "2026-01"] == pytest.approx([0, 0, 250])
    assert shown[*B, "2026-01"] == shown[*ALL, "2026-01"] == pytest.approx([0, -50, 0])


def test_a_second_review_changes_nothing_but_the_run_log() -> None:
    first = variance(cascaded())
    assert first.data is not None
    second = variance(first.data)
    assert second.data is not None
    assert second.numbers_changed == 0
    assert rows_of(second.data) == rows_of(first.data)


def test_a_review_keeps_what_the_cascade_found() -> None:
    short = cascaded(Capacity=[("Org", "Hours"), ("Site", 20)])
    run = variance(short)
    assert run.data is not None
    from workbooks.package.ownership import find_own, read_own_table

    found = {row[1] for row in read_own_table(run.data, find_own(run.data), "Diagnostics").rows}
    assert {"TC701", "TC807"} <= found


def test_the_baseline_of_the_tests_is_what_the_targets_ask() -> None:
    assert sum(float(row[4]) for row in BASELINE[1:]) == TARGETS[1][1]  # type: ignore[arg-type]


def test_the_command_says_where_each_metric_stands(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book())
    done = CliRunner().invoke(targets, ["variance", str(file)], standalone_mode=False)
    assert done.return_value == 0
    assert "Reviews: 1,140 against 1,200 agreed, −60, attainment 95.0%: amber." in done.stdout
    page = tmp_path / "review.html"
    assert CliRunner().invoke(targets, ["review", str(file), "-o", str(page)], standalone_mode=False).return_value == 0
    assert "−60" in page.read_text(encoding="utf-8")
    nowhere = str(tmp_path / "no folder" / "review.html")
    assert CliRunner().invoke(targets, ["review", str(file), "-o", nowhere], standalone_mode=False).return_value == 5


def test_a_machine_is_told_where_each_metric_stands(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book())
    done = CliRunner().invoke(targets, ["variance", str(file), "--json"], standalone_mode=False)
    (standing,) = json.loads(done.stdout)["standings"]
    assert (standing["metric"], standing["period"], standing["status"]) == ("Reviews", "2026", "amber")
    assert (standing["compared"], standing["actual"], standing["variance"]) == (1200, 1140, -60)
    assert standing["blocked_by"] == {"not explained": 100}  # 100 missed in some queues, 40 more done in others
    assert standing["ends_at"] == pytest.approx(2400 * 0.95)
    assert standing["ends_low"] is None  # two periods give no interval
