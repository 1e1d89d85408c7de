"""Scenarios: which cells a row means, and what becomes of them."""

from __future__ import annotations

import pytest

from engine.whatif.scenarios import parse_change, scenario_edits, scenario_rows
from tests.triggers.planning import PLAN
from tests.workbooks.books import book, opened
from workbooks.compare_run import compare_scenarios
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import RunOptions, read_plan

HEADERS = ("Scenario", "Table", "Key", "Column", "Change")


def _book(*rows: tuple[object, ...]) -> bytes:
    return book({**PLAN, "Scenarios": [HEADERS, *rows]})


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        (7.0, 7), ("7", 7), ("=7", 7), ("+5 %", 105), ("-5%", 95), ("−20 FTE", 80), ("+1,000", 1100), ("×1.1", 110),
        ("x 2", 200), ("50 %", 0.5), ("−2,5 %", 97.5), ("+1.000,5", 1100.5), ("+1,000.5", 1100.5), ("×1,25", 125),
        ("=1 234 567", 1_234_567), ("=1.234.567", 1_234_567), ("=12,5", 12.5),
    ],
)  # fmt: skip
def test_a_change_says_what_becomes_of_a_hundred(typed: object, becomes: float) -> None:
    change = parse_change(typed)
    assert change is not None
    assert change.of(100) == pytest.approx(becomes)


@pytest.mark.parametrize("typed", ["", "more", "5 to 6", "+", "%", "--5", "1.2.3", "+1,234 %", "1,2,3", "1,23.4"])
def test_a_change_that_is_not_certain_is_none(typed: str) -> None:
    assert parse_change(typed) is None


@pytest.mark.parametrize(("key", "cells"), [
    (None, 4), ("A", 2), ("a, jan", 1), ("Jan; A; Spam", 1), ("A, Mars", 0), ("A, B", 4), ("A, B, Jan", 2),
    ("Jan, Feb, B", 2), ("A, B, Mars", 0),
])  # fmt: skip
def test_a_key_names_what_stands_in_the_row(key: str | None, cells: int) -> None:
    inputs = read_plan(_book(("X", "Baseline", key, "Value", "+10 %"))).inputs
    edits, issues = scenario_edits(inputs, scenario_rows(inputs))
    assert len(edits) == cells
    assert bool(issues) == (cells == 0)
    assert all((edit.before, edit.now) == (100, pytest.approx(110)) for edit in edits)


def test_a_word_stands_in_a_column_of_words_and_a_setting_takes_what_it_holds() -> None:
    plan = {**PLAN, "Settings": [("Setting", "Value"), ("Mix guard", 0.05), ("Misses", "spread")]}
    for row, now in (
        (("Targets", "Reviews", "Sense", "at least"), "at least"),
        (("Settings", "Mix guard", "Value", "+100 %"), 0.1),
        (("Settings", "Misses", "Value", "= concentrate"), "concentrate"),
        (("Targets", "Reviews", "Priority", 2.0), 2.0),
    ):
        targets = [("Metric", "Sense", "Value", "Priority"), ("Reviews", "exactly", 400, 1)]
        inputs = read_plan(book({**plan, "Targets": targets, "Scenarios": [HEADERS, ("X", *row)]})).inputs
        edits, issues = scenario_edits(inputs, scenario_rows(inputs))
        assert issues == []
        assert [edit.now for edit in edits] == [pytest.approx(now) if isinstance(now, float) else now]


def test_a_word_where_numbers_stand_and_another_name_of_a_row_are_no_change() -> None:
    for row in (("Targets", None, "Value", "plenty"), ("Org", "A", "Node", "C")):
        inputs = read_plan(_book(("X", *row))).inputs
        edits, (issue,) = scenario_edits(inputs, scenario_rows(inputs))
        assert (edits, issue.code) == ([], "TC925")


def test_a_scenario_in_words_is_solved_like_any_other() -> None:
    capped = ("Reviews", "A", None, 100)
    data = book({**PLAN, "Limits": [("Metric", "Org", "Min", "Max"), capped, ("Reviews", "B", None, 100)],
                 "Scenarios": [HEADERS, ("Ceiling", "Targets", None, "Sense", "at most")],
                 "Targets": [("Metric", "Sense", "Value"), ("Reviews", "at least", 400)]})  # fmt: skip
    run = compare_scenarios(data, ["Ceiling"])
    assert run.data is not None, run.issues
    assert run.words == ("Ceiling (1 change): 1 of 1 targets met (now 0), short by 0 (now 200).",)


@pytest.mark.parametrize(("column", "typed", "is_refused"), [
    ("Hours", 0.05, True), ("Hours", -20, True), ("Hours", 0, False), ("Hours", 1200, False), ("Shrinkage", 0.3, False),
])  # fmt: skip
def test_what_excel_makes_of_a_change_is_not_taken_for_a_number(column: str, typed: float, is_refused: bool) -> None:
    capacity = [("Org", "Hours", "Shrinkage"), ("Site", 1000, 0.25)]
    row = ("X", "Capacity", "Site", column, typed)
    inputs = read_plan(book({**PLAN, "Capacity": capacity, "Scenarios": [HEADERS, row]})).inputs
    edits, issues = scenario_edits(inputs, scenario_rows(inputs))
    assert [each.code for each in issues] == ["TC925"] * is_refused
    assert len(edits) == (not is_refused)


def test_changes_that_meet_follow_on_each_other() -> None:
    inputs = read_plan(
        _book(("X", "Capacity", "Site", "Hours", "-10 %"), ("X", "capacity", None, "hours", "+50"))
    ).inputs
    edits, _ = scenario_edits(inputs, scenario_rows(inputs))
    assert [(edit.before, edit.now) for edit in edits] == [(1000, pytest.approx(950))]


def test_a_column_without_a_number_takes_one_but_has_nothing_to_change() -> None:
    plan = {**PLAN, "Limits": [("Metric", "Org", "Min", "Max"), ("Reviews", "A", None, 300)]}
    for change, count in (("=50", 1), ("+5 %", 0)):
        inputs = read_plan(book({**plan, "Scenarios": [HEADERS, ("X", "Limits", "A", "Min", change)]})).inputs
        edits, issues = scenario_edits(inputs, scenario_rows(inputs))
        assert (len(edits), len(issues)) == (count, 1 - count)


def test_scenarios_stand_side_by_side_with_what_moved_and_why() -> None:
    data = _book(("Less asked", "Targets", None, "Value", "-10 %"), ("No hours", "Capacity", None, "Hours", "×0.005"))
    run = compare_scenarios(data, [])
    assert run.data is not None, run.issues
    table = read_own_table(run.data, find_own(run.data), "Scenario Compare")
    rows = {(row[1], row[2]): dict(zip(table.headers, row, strict=True)) for row in table.rows}
    whole = rows["Org", "Site"]
    assert (whole["Now"], whole["Less asked"], whole["Less asked − Now"]) == (400, 360, -40)
    assert whole["Less asked: why"] == "what is asked, fairly shared -40"
    assert whole["No hours"] == 300
    assert whole["No hours: why"] == "hours, and what they displace -100"
    assert rows["Org", "A"]["Less asked"] == 180
    assert "Less asked (1 change): 1 of 1 targets met" in run.words[0]
    assert "No hours (1 change): 0 of 1 targets met (now 1), short by 100 (now 0)" in run.words[1]


def test_comparing_leaves_the_plan_as_it_is_and_takes_only_what_is_asked_for() -> None:
    data = _book(("One", "Targets", None, "Value", "-10 %"), ("Two", "Targets", None, "Value", 300))
    run = compare_scenarios(data, ["two"])
    headers = read_own_table(run.data or b"", find_own(run.data or b""), "Scenario Compare").headers
    assert "Two" in headers
    assert "One" not in headers
    assert opened(run.data or b"")["Targets"]["D2"].value == opened(data)["Targets"]["D2"].value
    assert "Cascade" not in find_own(run.data or b"").sheets


RATED = {
    **PLAN,
    "Metrics": [
        ("Metric", "Kind", "Unit", "Weight", "Best"),
        ("Reviews", "volume", "items", None, None),
        ("Accuracy", "rate", "%", "Reviews", 0.98),
    ],
    "Baseline": [
        *PLAN["Baseline"],
        *(("Accuracy", team, "Spam", month, 0.9 if team == "A" else 0.8) for team in "AB" for month in ("Jan", "Feb")),
    ],
    "Targets": [
        ("Metric", "Org", "Sense", "Value"), ("Reviews", None, "exactly", 400), ("Accuracy", None, "at least", 0.87),
        ("Reviews", "A", "exactly", 200),
    ],
}  # fmt: skip


def _rows_of_rates(*change: object) -> dict[object, dict[str, object]]:
    data = book({**RATED, "Scenarios": [HEADERS, ("Other", *change)]})
    run = compare_scenarios(data, [])
    assert run.data is not None, run.issues
    table = read_own_table(run.data, find_own(run.data), "Scenario Compare")
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    return {row["Node"]: row for row in rows if row["Metric"] == "Accuracy"}


def test_rates_stand_beside_each_other_as_averages_and_move_in_points() -> None:
    rows = _rows_of_rates("Targets", "Accuracy", "Value", 0.89)
    site = rows["Site"]
    assert (site["Now"], site["Other"]) == (pytest.approx(0.87), pytest.approx(0.89))
    assert site["Other − Now"] == pytest.approx(0.02)
    assert site["Other: why"] == "what is asked and allowed +2.00 points"


def test_a_rate_moves_with_the_volumes_that_weigh_it() -> None:
    """More of the work goes to the better team: from where all start, the average is a point higher."""
    site = _rows_of_rates("Targets", "Reviews, A", "Value", 240)["Site"]
    assert site["Other"] == pytest.approx(0.87)
    assert sorted(str(site["Other: why"]).split("; ")) == [
        "the volumes that weigh it +1.00 points", "what is asked and allowed −1.00 points",
    ]  # fmt: skip


def test_a_scenario_that_makes_the_plan_unsound_says_where() -> None:
    run = compare_scenarios(_book(("X", "Capacity", "Site", "Hours", "−5000 h")), ["X"])
    (told,) = run.issues
    assert (told.code, told.found) == ("TC926", "X: Hours of Capacity row 2 would be −4,000")


def test_scenarios_are_named_in_the_order_of_the_table() -> None:
    run = compare_scenarios(
        _book(("B", "Capacity", "Site", "Hours", "=5"), ("A", "Capacity", "Site", "Hours", "=6")), ["C"]
    )
    assert run.issues[0].found == "C; there are: B, A"


def test_a_number_that_stays_has_no_reason_to_move() -> None:
    limits = [("Metric", "Org", "Max"), ("Reviews", "A", 200)]
    data = book({**PLAN, "Limits": limits, "Scenarios": [HEADERS, ("Less", "Limits", "A", "Max", "=150")]})
    run = compare_scenarios(data, ["Less"])
    assert run.data is not None, run.issues
    table = read_own_table(run.data, find_own(run.data), "Scenario Compare")
    rows = {row[table.headers.index("Node")]: dict(zip(table.headers, row, strict=True)) for row in table.rows}
    assert rows["A"]["Less: why"]
    whole = next(row for row in rows.values() if row["Now"] == 400 and row["Less − Now"] == 0)
    assert whole["Less: why"] in (None, "")


def test_a_key_that_means_nothing_is_told_before_anything_is_solved() -> None:
    steps: list[str] = []
    data = _book(("Good", "Targets", None, "Value", "-10 %"), ("Bad", "Capacity", "Nobody", "Hours", "+10 %"))
    run = compare_scenarios(data, [], RunOptions(on_step=steps.append))
    assert [issue.code for issue in run.issues] == ["TC925"]
    assert steps == []
