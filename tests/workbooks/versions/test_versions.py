"""Versions: kept in the workbook, proven cell by cell, compared, put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import needs_office, resaved
from tests.triggers.planning import PLAN
from tests.workbooks.books import Formula, Rows, as_saved, book, opened
from tests.workbooks.versions.edits import OPTIONS, found_after, is_named, random_edits, sealed
from workbooks.package.edit_table import change_cells
from workbooks.run import cascade, read_plan
from workbooks.seal_run import seal
from workbooks.version_run import compare_versions, restore_version, save_version, verify_version
from workbooks.versions.store import SHEET, read_versions, with_versions
from workbooks.versions.version import Version, block_of, outlined, packed, unpacked


@pytest.fixture(scope="module")
def data() -> bytes:
    return sealed()


def test_a_sealed_version_is_proven_unchanged(data: bytes) -> None:
    done = verify_version(data, "")
    assert (done.status, done.differences) == (0, ())
    assert done.version is not None
    assert (done.version.status, done.version.name, done.version.by) == ("sealed", "1", "Aoife")


def test_any_change_of_one_cell_is_found_and_named(data: bytes) -> None:
    """A sample; all 500 with ``python -m tests.workbooks.versions.edits``."""
    version = read_versions(data).versions[0]
    for sheet, cell, value in random_edits(version, 25):
        found = found_after(data, version, sheet, cell, value)
        assert found.differences, (sheet, cell, value)
        assert is_named(found, sheet, cell), (sheet, cell, value, found.differences)


def test_a_change_names_the_run_that_brought_it(data: bytes) -> None:
    changed = change_cells(data, {"Capacity": {(2, 2): 5.0}})
    before = verify_version(changed, "1").verified
    assert before is not None
    assert [(each.where, each.before, each.now) for each in before.differences] == [("'Capacity'!B2", "1000", "5")]
    assert before.since == ("changed since the last run",)
    run = cascade(changed, OPTIONS)
    after = verify_version(run.data or b"", "1")
    assert after.status == 3
    assert after.verified is not None
    told = dict(zip([each.where for each in after.differences], after.verified.since, strict=True))
    assert told["'Capacity'!B2"].startswith("first read by run 3 (")
    results = [since for each, since in zip(after.differences, after.verified.since, strict=True) if not each.is_input]
    assert results
    assert all(since.startswith("written by run 3 (") for since in results)


def test_a_sheet_of_results_that_is_gone_was_not_typed_over(data: bytes) -> None:
    without = opened(data)
    del without["Target Check"]
    found = verify_version(as_saved(without), "1").verified
    assert found is not None
    told = {each.table: since for each, since in zip(found.differences, found.since, strict=True)}
    assert told["Target Check"] == "taken away; no run did"


def test_sealing_the_same_again_keeps_one_version(data: bytes) -> None:
    again = seal(data, "1", OPTIONS)
    assert again.data is not None
    assert [each.name for each in read_versions(again.data).versions] == ["1"]
    assert verify_version(again.data, "1").status == 0


def test_a_sealed_name_is_not_taken_by_another_version(data: bytes) -> None:
    done = save_version(data, "1", "draft", OPTIONS)
    assert done.data is None
    assert done.issues[0].code == "TC931"


def test_a_version_that_somebody_changed_where_it_lies_proves_nothing(data: bytes) -> None:
    text = str(opened(data)[SHEET]["B2"].value)
    at = len(text) // 2
    broken = change_cells(data, {SHEET: {(2, 2): text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]}})
    done = verify_version(broken, "1")
    assert done.status == 1
    assert done.issues[0].code == "TC933"


def test_versions_survive_another_program_and_the_next_cascade(data: bytes) -> None:
    saved = as_saved(opened(data))
    assert read_versions(saved).versions == read_versions(data).versions
    run = cascade(data, OPTIONS)
    assert run.data is not None
    assert read_versions(run.data).versions == read_versions(data).versions
    assert verify_version(run.data, "1").status == 0


@needs_office
@pytest.mark.office
def test_a_save_by_libreoffice_changes_no_value(data: bytes, tmp_path: Path) -> None:
    saved = resaved(data, tmp_path)
    assert verify_version(saved, "1").differences == ()


@needs_office
@pytest.mark.office
def test_formulas_that_another_program_calculates_anew_are_no_difference(tmp_path: Path) -> None:
    """A deviation of a few items between millions keeps few digits; each program rounds the rest its own way."""
    kept = seal(cascade(book(_large_and_uneven()), OPTIONS).data or b"", "1", OPTIONS).data
    assert kept is not None
    saved = resaved(kept, tmp_path)
    assert verify_version(saved, "1").differences == ()
    again = cascade(saved, OPTIONS).data  # nobody changed an input, so it starts where the version started
    assert again is not None
    assert verify_version(again, "1").differences == ()


@needs_office
@pytest.mark.office
def test_cells_that_follow_a_changed_one_are_called_calculated(tmp_path: Path) -> None:
    kept = seal(cascade(book(_large_and_uneven()), OPTIONS).data or b"", "1", OPTIONS).data
    assert kept is not None
    edited = opened(kept)
    edited["Cascade"]["E5"] = 7.0
    found = verify_version(resaved(as_saved(edited), tmp_path), "1").verified
    assert found is not None
    since = {each.where: told for each, told in zip(found.differences, found.since, strict=True)}
    assert since.pop("'Cascade'!E5") == "typed over; no run has written it"
    assert "'Cascade'!G5" in since
    assert set(since.values()) == {"calculated anew from cells that changed"}


def test_formulas_without_values_are_counted_and_hide_no_change() -> None:
    kept = seal(cascade(book(_large_and_uneven()), OPTIONS).data or b"", "1", OPTIONS).data
    assert kept is not None
    untouched = opened(kept)  # saves formulas without their values
    done = verify_version(as_saved(untouched), "1")
    assert (done.status, [each.code for each in done.issues], done.differences) == (1, ["TC121"], ())
    untouched["Capacity"]["B2"] = 5.0
    done = verify_version(as_saved(untouched), "1")
    assert (done.status, [each.code for each in done.issues]) == (3, ["TC121"])
    assert [(each.where, each.now) for each in done.differences] == [("'Capacity'!B2", "5")]


def _large_and_uneven() -> dict[str, Rows]:
    """Return a plan whose fair shares are long fractions near its targets, with handle times that are computed."""
    pairs = [(org, queue) for org in "AB" for queue in ("Spam", "Fraud")]
    sizes = [1_000_000 + 7919 * at * at for at in range(len(pairs))]
    return {
        **PLAN,
        "Queues": [
            ("Node", "Handle time (s)"),
            ("Spam", Formula("0.004*3600").showing(0.004 * 3600)),
            ("Fraud", Formula("49/3").showing(49 / 3)),
        ],
        "Baseline": [
            ("Metric", "Org", "Queue", "Period", "Value"),
            *(("Reviews", *pair, "Jan", size) for pair, size in zip(pairs, sizes, strict=True)),
        ],
        "Targets": [("Metric", "Period", "Value"), ("Reviews", "Jan", 4_123_457)],
        "Capacity": [("Org", "Hours"), ("A", 9e6), ("B", 9e6)],
    }


@pytest.mark.parametrize("name", ["now", "Now", "x" * 61])
def test_a_name_that_is_no_name_is_refused(data: bytes, name: str) -> None:
    for done in (save_version(data, name, "draft", OPTIONS), seal(data, name, OPTIONS)):
        assert done.data is None
        assert done.issues[-1].code == "TC998"


def test_a_blank_name_is_none(data: bytes) -> None:
    done = save_version(data, "  ", "draft", OPTIONS)
    assert done.version is not None
    assert done.version.name == "2"


def test_a_name_that_was_sealed_means_what_was_sealed() -> None:
    first = save_version(cascade(book({**PLAN}), OPTIONS).data or b"", "1", "proposed", OPTIONS)
    done = seal(first.data or b"", "1", OPTIONS)
    assert done.data is not None
    assert [(each.name, each.status) for each in read_versions(done.data).versions] == [
        ("1", "proposed"),
        ("1", "sealed"),
    ]
    version = verify_version(done.data, "1").version
    assert version is not None
    assert version.status == "sealed"
    assert restore_version(done.data, "7").issues[0].found == "7; there are: 1"


def test_versions_are_compared_with_each_other_and_with_now(data: bytes) -> None:
    changed = change_cells(data, {"Baseline": {(2, 5): 777.0}})
    second = save_version(changed, "2", "proposed", OPTIONS)
    assert second.data is not None
    done = compare_versions(second.data, "1", "2")
    assert [(each.where, each.what, each.before, each.now) for each in done.differences] == [
        ("'Baseline'!E2", "Value", "100", "777")
    ]
    assert compare_versions(second.data, "2", "now").differences == ()
    assert compare_versions(second.data, "1", "nonsense").issues[0].code == "TC930"


@pytest.mark.parametrize("rows", [1, 4, 9])
def test_a_version_is_put_back_whatever_became_of_its_rows(data: bytes, rows: int) -> None:
    edited = opened(data)
    sheet = edited["Baseline"]
    for row in range(2, 12):
        for column in range(1, 6):
            sheet.cell(row, column).value = None
    for row in range(2, rows + 2):
        for column, value in enumerate(("Reviews", "A", "Spam", "Jan", row * 7), start=1):
            sheet.cell(row, column).value = value
    sheet.tables["Baseline"].ref = f"A1:E{rows + 1}"
    done = restore_version(as_saved(edited), "1")
    assert done.data is not None, done.issues
    assert done.tables == ("Baseline",)
    assert list(opened(done.data)["Baseline"].iter_rows(min_row=2, max_row=5, values_only=True)) == PLAN["Baseline"][1:]
    assert opened(done.data)["Baseline"].tables["Baseline"].ref == "A1:E5"
    run = cascade(done.data, OPTIONS)
    assert verify_version(run.data or b"", "1").status == 0


def test_a_formula_that_shows_what_it_showed_stays_one() -> None:
    rows = [*PLAN["Baseline"][:-1], (*PLAN["Baseline"][-1][:-1], Formula("50*2").showing(100.0))]
    kept = save_version(book({**PLAN, "Baseline": rows}), "1", "draft", OPTIONS)
    assert kept.data is not None
    changed = change_cells(kept.data, {"Baseline": {(2, 5): 3.0}})
    done = restore_version(changed, "1")
    assert done.data is not None
    sheet = opened(done.data)["Baseline"]
    assert (sheet["E2"].value, sheet["E5"].value) == (100, "=50*2")


def test_a_column_that_is_gone_stops_the_restore(data: bytes) -> None:
    edited = opened(data)
    edited["Limits"]["E1"] = edited["Limits"].tables["Limits"].tableColumns[4].name = "Boss"
    done = restore_version(as_saved(edited), "1")
    assert done.data is None
    assert done.issues[0].code == "TC932"


def test_a_book_without_versions_says_so() -> None:
    assert verify_version(book(PLAN), "").issues[0].code == "TC930"
    assert read_versions(book(PLAN)).versions == ()


def test_a_plan_that_cannot_be_read_is_not_kept() -> None:
    assert save_version(book({"Notes": [("Note",)]}), "1", "draft", OPTIONS).data is None


def test_keeping_versions_changes_no_other_sheet(data: bytes) -> None:
    without = with_versions(data, [])
    assert read_versions(without).versions == ()
    assert read_plan(without).plan is not None


@pytest.mark.parametrize("name", ["1", 'x,"inputs":{"a":1}', ',"start":"other"', 'ä"\\'])
def test_a_version_is_known_without_a_look_at_its_cells(name: str) -> None:
    block = block_of("Plan", 1, ["A", ',"start":"b"'], [(2, ['"start":', ',"inputs":'])])
    version = Version(
        name, "sealed", "2026-01-01", "Aoife", 3, "f" * 16, {"Plan": block}, {"Cascade": block}, "0, then"
    )
    found = outlined(packed(version))
    assert found is not None
    assert (found.name, found.at, found.fingerprint, found.start, found.key) == (
        version.name, version.at, version.fingerprint, version.start, version.key,
    )  # fmt: skip
    assert unpacked(found.text) == version
    assert outlined(packed(version)[:-8]) is None
