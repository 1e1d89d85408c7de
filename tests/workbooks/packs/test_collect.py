"""What comes back: each answer taken, or named; nothing taken over silently."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.building.lookup import UnknownNameError
from engine.whatif.asking import Asking
from tests.office import needs_office, resaved
from tests.workbooks.books import as_saved, book, opened
from tests.workbooks.packs.plans import OPTIONS, PLAN, TEAMS, accepted, answered, collected, proposed, was_split
from workbooks.addresses import reference
from workbooks.collect_run import CollectRun, collect
from workbooks.package.edit_table import change_cells
from workbooks.run import cascade, read_plan
from workbooks.split_run import split
from workbooks.tabs.responses import ResponseRow


def _codes(run: CollectRun) -> list[str]:
    return [each.code for each in run.issues]


def _row(run: CollectRun, org: str, period: str) -> ResponseRow:
    return next(row for row in run.rows if (row.node, row.period) == (org, period))


def test_everybody_accepts_and_nothing_moves() -> None:
    run = collected({f"{site}.xlsx": accepted(site) for site in TEAMS}, is_reconciled=True)
    assert run.data is not None
    assert dict(run.state) == dict.fromkeys(TEAMS, "answered")
    assert all(row.value == row.proposed for row in run.rows)
    assert all(abs(row.reconciled - row.proposed) <= 1 for row in run.rows)
    assert "accepted numbers stay" in run.words
    assert "Responses" in opened(run.data)["Responses"].tables


def test_a_counter_proposal_stands_beside_the_proposal_with_its_gap_up_to_the_whole() -> None:
    asked = proposed("Dublin")["Dublin", "Q1"]
    typed = {("Dublin", "Q1"): ("counter", asked - 1000, "two people on leave", "Boss", "2026-02-03")}
    run = collected({"a.xlsx": answered("Dublin", typed), "b.xlsx": accepted("Lisbon")})
    own, whole = _row(run, "Dublin", "Q1"), _row(run, "All", "Q1")
    assert (own.answer, own.value, own.reason, own.by) == ("counter", asked - 1000, "two people on leave", "Boss")
    assert (whole.answer, whole.value - whole.proposed) == ("sum", -1000)
    assert dict(run.state) == {"Lisbon": "answered", "Dublin": "part"}


def test_a_split_inside_the_site_that_keeps_its_total_is_accepted_as_such() -> None:
    first, second = (proposed("Dublin")[team, "Q1"] for team in TEAMS["Dublin"])
    typed = {
        ("Dublin", "Q1"): ("accept",),
        ("Clontarf", "Q1"): ("counter", first + 500, "new people"),
        ("Drimnagh", "Q1"): ("counter", second - 500, "new people"),
    }
    run = collected({"d.xlsx": answered("Dublin", typed), "l.xlsx": accepted("Lisbon")}, is_reconciled=True)
    assert _codes(run) == []
    assert _row(run, "Dublin", "Q1").value == proposed("Dublin")["Dublin", "Q1"]
    assert _row(run, "Clontarf", "Q1").reconciled == pytest.approx(first + 500, abs=1)
    assert "all targets are met, and accepted numbers stay" in run.words


def test_a_number_that_was_left_to_its_parts_is_not_called_open() -> None:
    first, second = (proposed("Dublin")[team, "Q1"] for team in TEAMS["Dublin"])
    typed = {("Clontarf", "Q1"): ("counter", first - 500, "leave"), ("Drimnagh", "Q1"): ("accept",)}
    run = collected({"d.xlsx": answered("Dublin", typed)})
    own, other = _row(run, "Dublin", "Q1"), _row(run, "Dublin", "Q2")
    assert (own.answer, own.value) == ("by parts", first + second - 500)
    assert other.answer == "open"


def test_targets_that_the_proposal_missed_as_well_are_not_laid_to_the_answers() -> None:
    more = [PLAN["Targets"][0], ("Reviews", None, None, "exactly", 2_000_000)]
    sent = split(cascade(book({**PLAN, "Targets": more}), replace(OPTIONS, asking=Asking.NONE)).data or b"", "Site", "")
    pack = opened(sent.packs["Lisbon"])
    for row in pack["Responses"].iter_rows(min_row=6):
        row[4].value = "accept"
    run = collect(sent.data or b"", [(Path("l.xlsx"), as_saved(pack))], OPTIONS, is_reconciled=True)
    assert "1 target is not met (as in the proposal)." in run.words


def test_reconciling_moves_accepted_numbers_by_the_least_that_will_do() -> None:
    """Lisbon accepts; since then a limit holds Dublin 2,000 below its proposal, so Lisbon takes over a little."""
    most = sum(proposed("Dublin")["Dublin", quarter] for quarter in ("Q1", "Q2")) - 2000
    limited = change_cells(was_split().data or b"", {"Limits": {(3, 2): "Dublin", (3, 4): None, (3, 5): most}})
    run = collected({"l.xlsx": accepted("Lisbon")}, limited, is_reconciled=True)
    assert run.data is not None, run.issues
    assert "move by at most" in run.words
    assert sum(row.reconciled for row in run.rows if row.node == "All") == pytest.approx(200_000, abs=2)
    asked = sum(proposed("Lisbon")["Lisbon", quarter] for quarter in ("Q1", "Q2"))
    lisbon = [row for row in run.rows if row.node in {"Lisbon", *TEAMS["Lisbon"]}]
    largest = max(abs(row.reconciled / row.proposed - 1) for row in lisbon)
    assert 2000 / asked == pytest.approx(largest, rel=0.5)


def test_a_pack_may_be_renamed_sorted_and_filled_in_by_half() -> None:
    pack = opened(answered("Dublin", {("Dublin", "Q1"): ("accept",), ("Clontarf", "Q2"): ("accept",)}))
    sheet = pack["Responses"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    for at, row in enumerate(reversed(rows)):
        for column, value in enumerate(row, start=1):
            sheet.cell(6 + at, column).value = value
    run = collected({"final FINAL (3).xlsx": as_saved(pack)})
    assert _codes(run) == []
    assert run.state["Dublin"] == "part"
    assert _row(run, "Clontarf", "Q2").answer == "accept"
    assert _row(run, "Clontarf", "Q1").answer == "open"


def test_an_answer_that_cannot_be_read_is_named_with_its_cell_and_what_was_typed() -> None:
    typed = {
        ("Dublin", "Q1"): ("counter", "10%"),
        ("Clontarf", "Q2"): ("counter", -5),
        ("Drimnagh", "Q2"): ("counter",),
    }
    run = collected({"d.xlsx": answered("Dublin", typed)})
    told = {
        each.found.partition(": ")[0]: (reference(each.place), each.found.partition(": ")[2]) for each in run.issues
    }
    sheet = opened(was_split().packs["Dublin"])["Responses"]
    rows = {(row[1].value, row[2].value): row[0].row for row in sheet.iter_rows(min_row=6)}
    assert told == {
        "Dublin, Q1": (
            f"'d.xlsx'!F{rows['Dublin', 'Q1']}", "a counter-proposal of “10%”, which is no number of 0 or more"
        ),
        "Clontarf, Q2": (
            f"'d.xlsx'!F{rows['Clontarf', 'Q2']}", "a counter-proposal of “-5”, which is no number of 0 or more"
        ),
        "Drimnagh, Q2": (f"'d.xlsx'!F{rows['Drimnagh', 'Q2']}", "a counter-proposal without a number"),
    }  # fmt: skip


def test_what_was_answered_before_and_is_not_given_again_is_named() -> None:
    first = collected({"d.xlsx": accepted("Dublin")})
    late = collected({"l.xlsx": accepted("Lisbon")}, first.data)
    assert [(each.code, each.found) for each in late.issues] == [("TC996", "Dublin: 6 answers of before")]
    assert _codes(collected({"d.xlsx": accepted("Dublin"), "l.xlsx": accepted("Lisbon")}, first.data)) == []
    again = split(first.data or b"", "Site", "2026-03-15")
    assert _codes(collected({"l.xlsx": again.packs["Lisbon"]}, again.data)) == ["TC996"]  # the same numbers are asked


@needs_office
@pytest.mark.office
def test_a_pack_that_libreoffice_saved_is_read_like_any_other(tmp_path: Path) -> None:
    run = collected({"Dublin.xlsx": resaved(accepted("Dublin"), tmp_path)})
    assert _codes(run) == []
    assert run.state["Dublin"] == "answered"


def test_a_stale_pack_is_named_and_not_taken() -> None:
    again = split(was_split().data or b"", "Site", "2026-03-15")
    run = collected({"Dublin.xlsx": accepted("Dublin")}, again.data)
    assert _codes(run) == ["TC940"]
    assert run.state["Dublin"] == "open"


@pytest.mark.parametrize("change", ["proposed", "row gone", "row twice", "row new", "column", "table"])
def test_a_pack_changed_where_nothing_may_be_typed_is_named_and_not_taken(change: str) -> None:
    pack = opened(accepted("Dublin"))
    sheet = pack["Responses"]
    if change == "row gone":
        for column in range(1, 10):
            sheet.cell(6, column).value = None
    elif change == "row twice":
        for column in range(1, 10):
            sheet.cell(7, column).value = sheet.cell(6, column).value
    else:
        typed = {"proposed": ("D6", 5), "row new": ("B6", "Lisbon"), "column": ("E5", "Reply"), "table": ("A5", "X")}
        cell, value = typed[change]
        sheet[cell] = value
    run = collected({"Dublin.xlsx": as_saved(pack)})
    assert _codes(run) == ["TC942"], run.issues
    assert run.state["Dublin"] == "open"
    assert all(row.answer in {"open", "sum"} for row in run.rows)


def test_a_stamp_that_was_changed_or_a_foreign_file_is_named() -> None:
    pack = opened(accepted("Dublin"))
    stamp = pack["_target_cascade_pack"]
    stamp["A1"] = str(stamp["A1"].value).replace("Dublin", "Lisbon")
    run = collected({"a.xlsx": as_saved(pack), "b.xlsx": book(PLAN), "c.xlsx": b"nothing"})
    assert _codes(run) == ["TC941", "TC941", "TC941"]


def test_a_pack_sent_twice_counts_once_and_two_different_ones_not_at_all() -> None:
    same = collected({"a.xlsx": accepted("Dublin"), "b.xlsx": accepted("Dublin")})
    assert _codes(same) == ["TC947"]
    assert same.state["Dublin"] == "answered"
    typed = {("Dublin", "Q1"): ("counter", 5, "no")}
    other = collected({"a.xlsx": accepted("Dublin"), "b.xlsx": answered("Dublin", typed), "c.xlsx": accepted("Dublin")})
    assert set(_codes(other)) == {"TC944"}
    assert other.state["Dublin"] == "open"


@pytest.mark.parametrize(
    "typed", [("counter", None, "too much"), ("counter", -5, "typo"), ("perhaps",), ("accept", 17), (None, 17)]
)
def test_an_answer_that_contradicts_itself_counts_as_open(typed: tuple[object, ...]) -> None:
    run = collected({"d.xlsx": answered("Dublin", {("Dublin", "Q1"): typed})})
    assert _codes(run) == ["TC943"]
    assert _row(run, "Dublin", "Q1").answer == "open"
    assert _row(run, "Dublin", "Q1").value == proposed("Dublin")["Dublin", "Q1"]


def test_parts_that_do_not_come_to_what_the_site_says_are_named() -> None:
    typed = {("Dublin", "Q1"): ("accept",), ("Clontarf", "Q1"): ("counter", 1)}
    assert _codes(collected({"d.xlsx": answered("Dublin", typed)})) == ["TC943"]


def test_who_is_late_is_named() -> None:
    late = split(was_split().data or b"", "Site", "2026-02-01")
    run = collected({}, late.data)
    assert _codes(run) == ["TC945", "TC945"]
    assert set(run.state.values()) == {"overdue"}


def test_nothing_of_the_answers_becomes_a_target_by_itself() -> None:
    run = collected({"d.xlsx": answered("Dublin", {("Dublin", "Q1"): ("counter", 5, "no")})})
    before, after = read_plan(was_split().data or b""), read_plan(run.data or b"")
    assert before.plan is not None
    assert after.plan is not None
    assert after.plan.targets.value.tolist() == before.plan.targets.value.tolist()
    assert len(after.plan.limits) == len(before.plan.limits)


def test_what_is_taken_becomes_limits_with_owner_and_reason_and_survives_the_next_run() -> None:
    files = {
        site: answered(site, {(site, "Q1"): ("counter", 31_000, "two leave", "Boss"), ("*", "*"): ("accept",)})
        for site in ("Dublin", "Lisbon")
    }
    before = was_split().data or b""
    for taken, sites in ((("Dublin",), ["Dublin"]), (("all",), ["Lisbon", "Dublin"])):
        done = collected(files, taken=taken)
        assert done.data is not None, done.issues
        rows = list(opened(done.data)["Limits"].iter_rows(min_row=4, values_only=True))
        assert rows == [("Reviews", site, "Q1", 31_000, 31_000, "Boss", "two leave") for site in sites]
    run = cascade(done.data or b"", OPTIONS)
    assert run.outcome is not None, run.issues
    again = collected(files, run.data, taken=("all",))
    assert again.data is not None
    assert opened(again.data)["Limits"].max_row == opened(done.data or b"")["Limits"].max_row
    assert opened(before)["Limits"].max_row == 3
    with pytest.raises(UnknownNameError):
        collected(files, taken=("Atlantis",))
