"""Signing: rows of SignOff, where each node stands, and the sheet that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from tests.workbooks.command.test_main import targets
from tests.workbooks.signing import DAY, HEADERS, at, kept
from workbooks.package.own_book import OwnBook
from workbooks.package.ownership import find_own, read_own_table
from workbooks.package.values import Values
from workbooks.run import cascade, read_plan
from workbooks.seal_run import seal
from workbooks.sign_run import Word, sign
from workbooks.tabs.names import SIGN_OFF_STATUS, SUMMARY
from workbooks.version_run import save_version, verify_version

LATER = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def shown(data: bytes, version: str = "1") -> dict[str, tuple[str, str, str]]:
    """Return status, parts and source of each node as the sheet shows them."""
    table = read_own_table(data, find_own(data), SIGN_OFF_STATUS)
    rows = [dict(zip(table.headers, (str(value or "") for value in row), strict=True)) for row in table.rows]
    return {row["Node"]: (row["Status"], row["Parts"], row["Comes from"]) for row in rows if row["Version"] == version}


def codes(data: bytes) -> list[str]:
    return [each.code for each in read_plan(data).issues if each.place.table == "SignOff"]


def test_a_word_holds_for_what_is_below_until_that_has_its_own() -> None:
    done = sign(kept(), [Word(["A"], "agreed", by="Brid", comment="with two reviewers more")], at())
    assert done.data is not None, done.issues
    assert shown(done.data) == {
        "Site": ("proposed", "1 of 2 agreed", "the version kept"),
        "A": ("agreed", "", "its own word"),
        "B": ("proposed", "", "the word on Site"),
    }
    assert done.words == "Version 1 is proposed; 1 of 2 agreed, missing: B."
    row = [cell.value for cell in opened(done.data)["SignOff"][2]]
    assert row == ["A", "1", "agreed", "Brid", DAY, "with two reviewers more"]


def test_the_last_word_holds_whatever_the_order_of_dated_rows() -> None:
    rows = [("A", "1", "agreed", "Brid", datetime(2026, 3, 5)), ("A", "1", "draft", "Brid", datetime(2026, 3, 3))]
    for listed in (rows, rows[::-1]):
        assert shown(cascade(kept(*listed), at()).data or b"")["A"][0] == "agreed"


def test_a_row_without_a_day_comes_after_the_row_above_it() -> None:
    rows = [("A", "1", "agreed", "Brid", datetime(2026, 3, 5)), ("A", "1", "draft", "Brid")]
    assert shown(cascade(kept(*rows), at()).data or b"")["A"][0] == "draft"


def test_a_node_without_a_word_stands_where_its_parts_have_come_to() -> None:
    org = [("Node", "Parent"), ("North", None), ("South", None), ("A", "North"), ("B", "North"), ("C", "South")]
    rows = [("A", None, "agreed", "Brid", DAY), ("B", None, "proposed", "Aoife", DAY)]
    run = cascade(book({**PLAN, "Org": org, "Capacity": [("Org", "Hours"), ("North", 1000)],
                        "SignOff": [HEADERS, *[(*row, None) for row in rows]]}), at())  # fmt: skip
    assert run.data is not None, run.issues
    found = shown(run.data, "")
    assert found["North"] == ("proposed", "1 of 2 agreed", "its parts")
    assert found["C"] == ("open", "", "")
    assert found["All"] == ("open", "0 of 2 agreed", "")


def test_a_word_on_the_whole_speaks_for_parts_that_have_not_said_so_themselves() -> None:
    done = sign(kept(), [Word([], "agreed", by="Brid")], at())
    assert done.words == "Version 1 is agreed as a whole; 0 of 2 have said so themselves, not yet: A, B."


def test_what_is_said_is_about_the_version_that_was_signed() -> None:
    typed = kept(("A", "7", "draft", "Brid", DAY))  # a slip: no such version is kept
    done = sign(typed, [Word(["A"], "agreed")], at())
    assert done.words == "Version 1 is proposed; 1 of 2 agreed, missing: B."
    assert opened(done.data or b"")["Sign Off Status"]["A2"].value == done.words


def test_nobody_signs_a_version_that_is_not_kept() -> None:
    done = sign(kept(), [Word(["A"], "agreed", "7")], at())
    assert (done.data, [(each.code, each.found) for each in done.issues]) == (None, [("TC930", "7; there are: 1")])


def test_queues_may_be_signed_too_and_unknown_names_stop_the_run() -> None:
    done = sign(kept(), [Word(["Spam", "B"], "agreed")], at())
    assert done.data is not None, done.issues
    assert shown(done.data)["Spam"] == ("agreed", "", "its own word")
    wrong = sign(kept(), [Word(["Spm"], "agreed")], at())
    assert wrong.data is None
    assert [(each.code, each.found) for each in wrong.issues] == [("TC301", "“Spm”, neither an org node nor a queue")]


def test_signing_changes_neither_the_plan_nor_a_version() -> None:
    before = kept()
    done = sign(before, [Word(["A", "B"], "agreed")], at())
    assert done.data is not None
    assert verify_version(done.data, "1").status == 0
    assert read_plan(done.data).problem is not None
    assert seal(done.data, "2", at()).data is not None  # the cascade is still that of the inputs


def test_a_seal_is_the_last_word_on_the_whole_and_names_who_has_not_agreed() -> None:
    done = sign(kept(), [Word(["A"], "agreed"), Word(["B"], "draft", comment="away")], at())
    sealed = seal(done.data or b"", "1", at(LATER))
    assert sealed.data is not None, sealed.issues
    assert shown(sealed.data)["Site"] == ("sealed", "1 of 2 agreed", "the version kept")
    assert [each.found for each in sealed.issues if each.code == "TC642"] == ["version 1: Site sealed, B draft"]
    assert "TC644" not in codes(sealed.data)  # the numbers are those they saw


def test_a_version_kept_anew_with_other_numbers_asks_for_another_word() -> None:
    signed = sign(kept(), [Word(["A"], "agreed")], at()).data or b""
    assert "TC644" not in codes(signed)
    again = save_version(signed, "1", "proposed", at(LATER))
    assert again.data is not None
    assert "TC644" in codes(again.data)


def test_the_sheet_follows_a_version_that_is_saved_and_a_second_cascade_changes_nothing() -> None:
    signed = sign(kept(), [Word(["A"], "agreed")], at()).data or b""
    saved = save_version(signed, "2", "agreed", at(LATER)).data or b""
    assert shown(saved, "2")["Site"][0] == "agreed"
    first = cascade(saved, at(LATER)).data or b""
    assert shown(first) == shown(saved)
    assert cascade(first, replace(at(LATER), by="Brid")).numbers_changed == 0


def test_without_signatures_there_is_no_sheet() -> None:
    assert SIGN_OFF_STATUS not in find_own(kept()).sheets


def test_the_command_signs_and_says_who_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(kept())
    done = targets("version", "sign", str(path), "--node", "A", "--status", "agreed", "--by", "Brid")
    assert done.returncode == 0, done.stderr
    assert "Version 1 is proposed; 1 of 2 agreed, missing: B." in done.stdout


def test_a_version_may_be_sealed_under_the_name_it_was_proposed_by_in_the_same_minute() -> None:
    sealed = seal(kept(), "1", at())
    assert sealed.data is not None, sealed.issues
    done = verify_version(sealed.data, "")
    assert done.version is not None
    assert (done.version.status, int(done.status)) == ("sealed", 0)


def told(data: bytes) -> list[list[str]]:
    """Return what Summary says of sign-offs, line by line."""
    cells = find_cells(data)
    top = next(row for row, column in cells if column == 1 and cells[row, column] == "Signed off")
    return [[str(cells.get((top + at, column)) or "") for column in range(1, 7)] for at in (1, 2)]


def find_cells(data: bytes) -> dict[tuple[int, int], object]:
    rows = Values(data).rows(find_own(data).sheets[SUMMARY])
    return {(at, column): value for at, row in enumerate(rows, 1) for column, value in enumerate(row, 1)}


def test_summary_tells_how_far_the_plan_is_who_is_missing_and_what_is_sealed() -> None:
    assert told(cascade(book(PLAN), at()).data or b"") == [
        ["Nobody has signed anything yet", *[""] * 5],
        ["No version is sealed", *[""] * 5],
    ]
    signed = sign(kept(), [Word(["A"], "agreed", by="Brid")], at()).data or b""
    assert told(signed)[0] == ["Newest version: 1", "proposed", "1 of 2", "Aoife", "2026-03-02", "B"]
    sealed = seal(signed, "1", at(LATER)).data or b""
    assert told(sealed) == [["Newest version: 1", "sealed", "1 of 2", "Aoife", "2026-03-09", "B"], [""] * 6]
    later = save_version(sealed, "2", "draft", at(LATER)).data or b""
    assert [line[:2] for line in told(later)] == [["Newest version: 2", "draft"], ["Sealed version: 1", "sealed"]]
    again = seal(later, "2", at(LATER)).data or b""
    assert [line[:2] for line in told(again)] == [["Newest version: 2", "sealed"], ["Sealed before: 1", "sealed"]]


def test_summary_counts_queues_that_have_agreed_beside_the_parts_of_the_org_tree() -> None:
    signed = sign(kept(), [Word(["A", "Spam"], "agreed")], at()).data or b""
    assert told(signed)[0][2] == "1 of 2, 1 queue"


def test_summary_follows_a_word_as_a_cascade_would_and_stays_ours() -> None:
    signed = sign(kept(), [Word(["A", "B"], "agreed", comment="with <two> & more")], at()).data or b""
    own = OwnBook(signed)
    assert own.is_as_written(SUMMARY)
    assert find_cells(cascade(signed, at()).data or b"") == find_cells(signed)


def test_words_after_a_seal_are_no_change_of_what_was_sealed() -> None:
    sealed = seal(kept(), "1", at(LATER)).data or b""
    signed = sign(sealed, [Word(["B"], "agreed")], at(LATER)).data or b""
    assert told(signed)[0][2] == "1 of 2"
    assert verify_version(signed, "1").status == 0


def test_cells_that_people_moved_on_summary_are_left_alone_until_the_next_cascade() -> None:
    work = opened(kept())
    work[SUMMARY].insert_rows(2)
    work[SUMMARY]["A2"] = "our own remark"
    moved = as_saved(work)
    before = find_cells(moved)
    signed = sign(moved, [Word(["A"], "agreed")], at()).data or b""
    assert find_cells(signed) == before


def test_on_a_summary_with_remarks_the_words_change_and_the_remarks_stay() -> None:
    work = opened(kept())
    work[SUMMARY]["J3"] = "our own remark"
    signed = sign(as_saved(work), [Word(["A"], "agreed")], at()).data or b""
    assert told(signed)[0][2] == "1 of 2"
    assert find_cells(signed)[3, 10] == "our own remark"
