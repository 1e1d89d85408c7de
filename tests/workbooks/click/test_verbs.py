"""What buttons do, on the bytes of workbooks."""

from __future__ import annotations

import pytest

from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.addresses import cell_name
from workbooks.click.delivery import Age, changes_of
from workbooks.click.request import Request
from workbooks.click.selection import selected_records
from workbooks.click.snapshot import find_snapshot
from workbooks.click.verbs import VERBS
from workbooks.click.work import By, Clicked
from workbooks.run import RunOptions, cascade

ME = By("Aoife")
LIMITS = [("Metric", "Org", "Queue", "Period", "Hold", "Owner", "Reason"), ("Reviews", "A", "Spam", "Jan", 90.0)]


def click(data: bytes, *verb: str, sheet: str = "", cells: str = "") -> Clicked:
    return VERBS[verb[0]](data, Request(verb, sheet=sheet, cells=cells), ME)


@pytest.fixture(scope="module")
def cascaded() -> bytes:
    return click(book({**PLAN, "Limits": LIMITS}), "cascade").data


def limits(data: bytes) -> list[tuple[object, ...]]:
    return list(opened(data)["Limits"].values)


def test_selected_cells_are_known_by_their_row_and_header(cascaded: bytes) -> None:
    (first, second) = selected_records(cascaded, "Cascade", "$E$5,A6")
    assert (first.header, first.record["Metric"], first.record["Org"]) == ("Target", "Reviews", "A")
    assert second.header == "Metric"


@pytest.mark.parametrize("cells", ["", "A1", "E4", "ZZ900", "A:A", "nonsense"])
def test_cells_outside_a_table_are_no_selection(cascaded: bytes, cells: str) -> None:
    assert selected_records(cascaded, "Cascade", cells) == []
    answer = click(cascaded, "hold", sheet="Cascade", cells=cells).answer
    assert (answer.status, "can be held" in answer.message) == (1, True)


def test_holding_adds_each_target_once_with_owner_and_reason(cascaded: bytes) -> None:
    held = click(cascaded, "hold", sheet="Cascade", cells="A6:C6")
    assert held.answer.message.startswith("1 row was added to Limits.")
    value = opened(cascaded)["Cascade"]["E6"].value
    assert limits(held.data)[-1][4:] == (pytest.approx(value), "Aoife", "held on Cascade")
    again = click(held.data, "hold", sheet="Cascade", cells="E6")
    assert again.data == held.data
    assert "stood there already" in again.answer.message
    assert cascade(held.data).outcome is not None


def test_a_target_that_has_a_row_of_limits_is_left_out_with_that_row_and_the_plan_still_runs() -> None:
    maximum = [("Metric", "Org", "Queue", "Period", "Hold", "Max"), ("reviews", "A", "Spam", "Jan", None, 90.0)]
    data = click(book({**PLAN, "Limits": maximum}), "cascade").data
    held = click(data, "hold", sheet="Cascade", cells="E5:E12")
    assert "1 was left out: Limits says something else about the same already (row 2)" in held.answer.message
    assert held.answer.message.startswith("3 rows were added")
    assert cascade(held.data).outcome is not None
    alone = click(held.data, "hold", sheet="Cascade", cells="E5")
    assert (alone.answer.status, alone.data) == (1, held.data)


def test_an_edit_over_a_target_that_has_a_row_of_limits_is_refused_with_that_row() -> None:
    maximum = [("Metric", "Org", "Queue", "Period", "Hold", "Max"), ("Reviews", "A", "Spam", "Jan", None, 90.0)]
    edited = opened(click(book({**PLAN, "Limits": maximum}), "cascade").data)
    edited["Cascade"]["E5"] = 12.0
    kept = click(as_saved(edited), "cascade", "keep")
    assert "says something else about a typed-over cell already (Target: 12; row 2 of Limits)" in kept.answer.message
    assert limits(kept.data) == maximum


def test_a_group_is_held_beside_a_row_of_limits_about_all_teams() -> None:
    everybody = [("Metric", "Org", "Queue", "Period", "Hold", "Max"), ("Reviews", None, None, "Jan", None, 900.0)]
    groups = [("Group", "Of", "Node"), ("Pilot", "Org", "A"), ("Pilot", "Org", "B")]
    data = click(book({**PLAN, "Limits": everybody, "Groups": groups}), "cascade").data
    rows = list(opened(data)["Org Targets"].values)
    row = next(at for at, cells in enumerate(rows, start=1) if "Pilot" in cells)
    jan = rows[3].index("Jan") + 1
    held = click(data, "hold", sheet="Org Targets", cells=cell_name(row, jan))
    assert held.answer.message.startswith("1 row was added")
    assert cascade(held.data).outcome is not None


def _wide(queues: int) -> bytes:
    names = [f"Q{number:04}" for number in range(queues)]
    baseline = [PLAN["Baseline"][0], *(("Reviews", team, queue, "Jan", 9) for queue in names for team in "AB")]
    plan = {**PLAN, "Queues": [("Node", "Handle time"), *((name, 60) for name in names)], "Baseline": baseline}
    periods = [("Period", "Parent"), ("Jan", None)]
    return click(book({**plan, "Periods": periods, "Limits": LIMITS[:1]}), "cascade").data


def test_every_row_of_a_large_selection_is_held_whichever_columns_are_selected() -> None:
    data = _wide(20)
    held = click(data, "hold", sheet="Cascade", cells="A1:Z400")
    assert held.answer.message.startswith("40 rows were added")
    columns = click(data, "hold", sheet="Cascade", cells="$E$5:$E$1048576")
    assert columns.answer.message == held.answer.message


def test_more_targets_than_anybody_holds_by_hand_are_refused_and_not_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workbooks.click.hold._MOST", 30)
    data = _wide(20)
    refused = click(data, "hold", sheet="Cascade", cells="A5:A400")
    assert (refused.data, refused.answer.status) == (data, 1)
    assert "40 targets are selected, more than the 30" in refused.answer.message


def test_a_plan_without_limits_says_what_is_missing() -> None:
    data = cascade(book(PLAN)).data or b""
    assert "no table Limits" in click(data, "hold", sheet="Cascade", cells="E5").answer.message


@pytest.mark.parametrize(
    ("sheet", "cell", "expected"), [("Cascade", "H6", "A"), ("Org Targets", "I6", "A"), ("Target Check", "G5", "")]
)
def test_a_selected_target_is_explained_in_a_note_on_its_cell(
    cascaded: bytes, sheet: str, cell: str, expected: str
) -> None:
    clicked = click(cascaded, "explain", sheet=sheet, cells=cell)
    note = clicked.answer.note
    assert clicked.data == cascaded
    assert note is not None
    assert (note.sheet, note.cell) == (sheet, cell)
    assert expected in note.text


def test_a_cell_that_is_no_target_is_not_explained(cascaded: bytes) -> None:
    assert click(cascaded, "explain", sheet="Targets", cells="A2").answer.status == 1


def test_undo_knows_what_stood_there_and_only_until_another_run_writes(cascaded: bytes) -> None:
    edited = opened(cascaded)
    edited["Targets"]["E2"] = 150
    second = click(as_saved(edited), "cascade")
    earlier = click(second.data, "undo")
    assert earlier.is_restoration
    changes = {each.name: each for each in changes_of(second.data, earlier.data, is_restoration=True)}
    assert changes["Cascade"].age is Age.CONTENT
    assert changes["_target_cascade_undo"].table == ""
    third = cascade(second.data, RunOptions()).data or b""
    assert find_snapshot(third) is not None  # the same numbers: it still holds
    edited = opened(third)
    edited["Targets"]["E2"] = 160
    fourth = cascade(as_saved(edited)).data or b""
    assert "Nothing to undo" in click(fourth, "undo").answer.message


def test_sheets_that_a_first_run_made_go_when_it_is_undone() -> None:
    first = click(book(PLAN), "cascade").data
    earlier = click(first, "undo")
    ages = {each.name: each.age for each in changes_of(first, earlier.data, is_restoration=True)}
    assert ages["Cascade"] is ages["Run Log"] is Age.GONE
    assert "Targets" not in ages


@pytest.mark.parametrize(("verb", "sheet"), [("variance", "Variance"), ("review", "Review")])
def test_variance_and_review_show_their_sheet(verb: str, sheet: str) -> None:
    actuals = [("Metric", "Org", "Queue", "Period", "Value"), ("Reviews", "A", "Spam", "Jan", 50.0)]
    data = book({**PLAN, "Actuals": actuals, "Settings": [("Setting", "Value"), ("As of", "Jan")]})
    answer = click(click(data, "cascade").data, verb).answer
    assert (answer.status, answer.show) == (0, sheet)
    assert "numbers changed" in answer.message
