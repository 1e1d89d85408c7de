"""Red findings become rows of Actions once; people's cells stay; the review lists what is overdue."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from tests.workbooks.achievement import ACTUALS, plan_book
from tests.workbooks.books import Rows, as_saved, opened
from workbooks.variance_run import variance

HEADERS = ("ID", "Raised", "Metric", "Org", "Queue", "Finding", "Owner", "Due", "Status", "Outcome")
EMPTY: Rows = [HEADERS, ("old", "2025-12", "Reviews", "", "", "By hand", "Ann", datetime.date(2026, 1, 5), "open", "")]


def _reviewed(data: bytes) -> bytes:
    run = variance(data)
    assert run.data is not None, run.issues
    return run.data


def _actions(data: bytes) -> list[dict[str, Any]]:
    rows = list(opened(data)["Actions"].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    made = opened(data)
    change(made)
    return as_saved(made)


def _close(made: Any) -> None:
    for row in made["Actions"].iter_rows(min_row=3):
        row[6].value, row[8].value, row[9].value = "Ben", "done", "Hired two"


def _add_march(values: dict[tuple[str, str], float]) -> Callable[[Any], None]:
    def change(made: Any) -> None:
        sheet = made["Actuals"]
        for (team, queue), value in values.items():
            sheet.append(["Reviews", team, queue, "2026-03", value])
        sheet.tables["Actuals"].ref = f"A1:E{sheet.max_row}"
        sheet.tables["Actuals"].autoFilter.ref = f"A1:E{sheet.max_row}"

    return change


def test_red_findings_become_rows_once() -> None:
    first = _reviewed(plan_book(Actions=EMPTY))
    rows = _actions(first)
    assert [(row["Metric"], row["Org"] or "", row["Queue"] or "") for row in rows[1:]] == [
        ("Reviews", "", "Spam"), ("Reviews", "B", "")
    ]  # fmt: skip
    assert rows[1]["Finding"].startswith("Spam: 700 against 800 agreed, −100")
    assert all(row["Raised"] == "2026-02" and row["Status"] == "open" for row in rows[1:])
    assert _actions(_reviewed(first)) == rows


def test_what_people_typed_stays() -> None:
    closed = _changed(_reviewed(plan_book(Actions=EMPTY)), _close)
    again = _actions(_reviewed(closed))
    assert again == _actions(closed)
    assert {(row["Owner"], row["Outcome"]) for row in again[1:]} == {("Ben", "Hired two")}


def test_a_closed_finding_is_raised_again_only_when_it_returns() -> None:
    closed = _changed(_reviewed(plan_book(Actions=EMPTY)), _close)
    still_red = _changed(closed, _add_march({("A", "Spam"): 80, ("A", "Hate"): 200, ("B", "Spam"): 240}))
    assert len(_actions(_reviewed(still_red))) == 3  # never better since: the same finding, closed by people
    ids = {str(row["ID"]) for row in _actions(_reviewed(closed))}
    better = _changed(closed, _add_march({("A", "Spam"): 100, ("A", "Hate"): 200, ("B", "Spam"): 300}))
    april = _changed(_reviewed(better), _april)
    back = [row for row in _actions(_reviewed(april)) if str(row["ID"]) not in ids]
    assert {str(row["ID"])[-2:] for row in back} == {"-2"}
    assert {str(row["ID"])[:-2] for row in back} <= ids


def _april(made: Any) -> None:
    sheet = made["Actuals"]
    for team, queue, value in (("A", "Spam", 50), ("A", "Hate", 200), ("B", "Spam", 150)):
        sheet.append(["Reviews", team, queue, "2026-04", value])
    sheet.tables["Actuals"].ref = f"A1:E{sheet.max_row}"
    sheet.tables["Actuals"].autoFilter.ref = f"A1:E{sheet.max_row}"


def test_overdue_actions_stand_on_the_review() -> None:
    sheet = opened(_reviewed(plan_book(Actions=EMPTY)))["Review"]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[0] == "Actions: 1 overdue" for row in texts)
    assert any(row[1] == "old" and row[0] == "overdue" for row in texts)


def test_no_room_below_the_table_is_told_and_the_review_goes_on() -> None:
    data = _changed(plan_book(Actions=EMPTY), lambda made: made["Actions"].cell(3, 1, "a note of mine"))
    run = variance(data)
    assert run.data is not None
    assert any(each.code == "TC801" and each.place.table == "Actions" for each in run.issues)
    assert opened(run.data)["Actions"]["A3"].value == "a note of mine"


def test_the_actuals_of_these_tests_are_red_where_they_say() -> None:
    assert sum(float(row[4]) for row in ACTUALS[1:] if row[2] == "Spam") == 700  # type: ignore[arg-type]


def test_a_workbook_without_actions_gets_them_on_a_sheet_of_its_own() -> None:
    first = _reviewed(plan_book())
    assert [(row["Metric"], row["Org"] or "", row["Status"]) for row in _actions(first)] == [
        ("Reviews", "", "open"),
        ("Reviews", "B", "open"),
    ]
    assert opened(first)["Actions"].tables["Actions"].ref == "A1:J3"
    assert _actions(_reviewed(first)) == _actions(first)


def test_a_sheet_of_that_name_that_is_somebodys_own_is_left_alone() -> None:
    run = variance(plan_book(Actions=[("What we do",), ("Talk",)]))
    assert run.data is not None
    assert [each.code for each in run.issues if each.code in ("TC540", "TC812")] == ["TC812"]
    assert [row[0].value for row in opened(run.data)["Actions"].iter_rows()] == ["What we do", "Talk"]
