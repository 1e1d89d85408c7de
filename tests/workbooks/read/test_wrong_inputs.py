"""What a new analyst gets wrong, and whether the answer names the cell and the mend."""

from collections.abc import Sequence

import pytest

from engine.issues import Issue
from tests.builders import BASELINE, TARGETS
from tests.workbooks.books import METRICS, changed, replaced, small_book
from workbooks.addresses import cell_name
from workbooks.read.door import refuse
from workbooks.run import cascade, read_plan


def stopping(data: bytes) -> Sequence[Issue]:
    run = cascade(data)
    assert run.data is None
    return [issue for issue in run.issues if issue.severity == "stop"]


def told(data: bytes, code: str) -> list[tuple[str, str]]:
    """Return cell and finding of the issues of a code."""
    found = [issue for issue in read_plan(data).issues if issue.code == code]
    return [(f"{each.place.sheet}!{cell_name(each.place.row, each.place.column)}", each.found) for each in found]


@pytest.mark.parametrize(
    ("data", "found", "mend"),
    [
        (b"Metric,Org,Value\nReviews,Dublin,12\n", "a text file such as a CSV", "targets init BOOK --from FILE"),
        (b"%PDF-1.7\n\x00\x01", "a PDF document", "Ask for the workbook"),
        (b"<html><table><tr><td>Metric</td></tr></table>", "a web page", "save it as an .xlsx"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "of Excel 2003", ""),
        (b"\x7fELF\0\0\0", "no workbook at all", "save it as an .xlsx"),
        (b"", "an empty file", ""),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(data: bytes, found: str, mend: str) -> None:
    refused = refuse(data)
    assert refused is not None
    assert refused.code == "TC101"
    assert found in refused.found
    assert mend in refused.mend


def test_a_misspelt_key_column_stops_the_run_and_is_read_as_meant() -> None:
    """Left alone, every row would speak of all teams; read as meant, nothing else is found that is not there."""
    typo = small_book(Baseline=[("Metric", "Orgg", *BASELINE[0][2:]), *BASELINE[1:]])
    assert [issue.code for issue in stopping(typo)] == ["TC127"]
    assert told(typo, "TC127") == [("Baseline!B1", "“Orgg”; did you mean “Org”?")]


@pytest.mark.parametrize("header", ["Country", "Owner", "Notes", "Original"])
def test_a_column_of_ones_own_beside_the_keys_stops_nothing(header: str) -> None:
    own = small_book(Baseline=[(*BASELINE[0], header), *((*row, "x") for row in BASELINE[1:])])
    assert cascade(own).data is not None


def test_history_under_another_name_is_told() -> None:
    moved = changed(
        small_book(),
        {
            "xl/workbook.xml": replaced(b'name="Baseline"', b'name="Last year"'),
            "xl/tables/table5.xml": replaced(b'displayName="Baseline"', b'displayName="Tabelle1"'),
        },
    )
    assert told(moved, "TC126") == [("Last year!A1", "Tabelle1; did you mean Baseline?")]
    assert told(small_book(Baseline=None, Baselines=BASELINE), "TC126") == [
        ("Baselines!A1", "Baselines; did you mean Baseline?")
    ]
    assert told(small_book(), "TC126") == []


@pytest.mark.parametrize("value", [1e15, -1e15, 1e300])
def test_a_number_no_cell_holds_exactly_is_refused_and_no_bug(value: float) -> None:
    data = small_book(Targets=[TARGETS[0], (*TARGETS[1][:4], value, *TARGETS[1][5:])])
    assert "TC204" in [issue.code for issue in stopping(data)]


@pytest.mark.parametrize("value", [1e-300, 5e-17])
def test_what_a_formula_leaves_over_is_nothing(value: float) -> None:
    data = small_book(Targets=[TARGETS[0], (*TARGETS[1][:4], value, *TARGETS[1][5:])])
    plan = read_plan(data).plan
    assert plan is not None
    assert plan.targets.value.tolist() == [0.0]


def test_a_wrong_kind_is_told_once_and_not_once_per_row_that_needs_it() -> None:
    data = small_book(Metrics=[METRICS[0], ("Reviews", "volumne", *METRICS[1][2:])])
    assert [issue.code for issue in stopping(data)] == ["TC206"]


def test_an_empty_table_is_told_once() -> None:
    assert [issue.code for issue in stopping(small_book(Targets=TARGETS[:1]))] == ["TC210"]


def test_a_handle_time_that_cannot_be_read_is_not_missing_besides() -> None:
    bare = {"xl/worksheets/sheet3.xml": replaced(b'<c r="C2"><v>60</v>', b'<c r="C2"><f>6*10</f>')}
    data = changed(small_book(Capacity=[("Org", "Hours"), ("Dublin", 1000)]), bare)
    assert [issue.code for issue in stopping(data)] == ["TC121"]


def test_large_numbers_are_told_with_all_their_digits() -> None:
    row = TARGETS[1]
    data = small_book(Targets=[TARGETS[0], (*row[:4], 146_900_000, *row[5:]), (*row[:4], 1_469_000.5, *row[5:])])
    found = told(data, "TC211")[0][1]
    assert found == "1,469,000.5; row 2 says 146,900,000 about the same"
