"""Names that other people's sheets and tables have already are told before anything is solved."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.issues import stops
from tests.workbooks.books import SMALL, Rows, book, small_book
from workbooks.command.check import check
from workbooks.compare_run import compare_scenarios
from workbooks.package.refusals import taken_names
from workbooks.run import RunOptions, cascade, read_to_write

TAKEN: dict[str, dict[str, Rows]] = {
    "TC604": {"summary": [("Note",), ("mine",)]},
    "TC605": {"TargetCheck": [("Note",), ("mine",)]},
    "TC610": {"Settings": [("Setting", "Value"), ("Output prefix", "a prefix of many letters")]},
}


@pytest.mark.parametrize("code", TAKEN)
def test_check_tells_a_name_that_no_sheet_of_ours_can_get(code: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book({**SMALL, **TAKEN[code]}))
    done = CliRunner().invoke(check, [str(path)], standalone_mode=False)
    assert done.return_value == 1
    assert code in done.output


@pytest.mark.parametrize("code", TAKEN)
def test_a_cascade_stops_for_it_before_it_solves(code: str) -> None:
    steps: list[str] = []
    run = cascade(book({**SMALL, **TAKEN[code]}), RunOptions(on_step=steps.append))
    assert {each.code for each in run.issues if stops([each])} == {code}
    assert run.outcome is None
    assert steps == ["reading the workbook"]


def test_it_is_told_together_with_what_is_wrong_in_the_input() -> None:
    wrong = [*SMALL["Targets"], ("Reviewz", "2024-01", 10)]
    stopping = {
        each.code for each in read_to_write(small_book(Targets=wrong, **TAKEN["TC604"])).issues if stops([each])
    }
    assert "TC604" in stopping
    assert len(stopping) > 1


def test_a_prefix_is_a_way_out_that_check_sees_even_where_the_input_is_wrong() -> None:
    prefix = [("Setting", "Value"), ("Output prefix", "TC")]
    wrong = [*SMALL["Targets"], ("Reviewz", "2024-01", 10)]
    read = read_to_write(small_book(Targets=wrong, Settings=prefix, **TAKEN["TC604"]))
    assert "TC604" not in {each.code for each in read.issues}


def test_our_own_sheets_take_no_name_from_us() -> None:
    once = cascade(small_book()).data or b""
    assert read_to_write(once).plan is not None


def test_a_comparison_minds_only_the_names_it_needs() -> None:
    scenarios = [("Scenario", "Table", "Key", "Column", "Change"), ("More", "Targets", "Reviews", "Value", "+5 %")]
    other, needed = ({name: [("Note",), ("mine",)]} for name in ("Summary", "Scenario Compare"))
    done = [
        compare_scenarios(book({**SMALL, "Scenarios": scenarios, **each}, as_tables=False), ())
        for each in (other, needed)
    ]
    assert [[issue.code for issue in each.issues if stops([issue])] for each in done] == [[], ["TC604"]]


def test_bytes_that_are_no_workbook_take_no_name() -> None:
    assert taken_names(b"no package", ["Cascade"], "") == []
