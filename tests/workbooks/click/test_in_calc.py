"""The buttons, pressed in a real LibreOffice: results come into the open document, and nothing is saved."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

import pytest
from python_calamine import CalamineWorkbook

from samples.catalogue import SAMPLES
from tests.calc import installed_command, needs_calc, running_calc, struct
from tests.workbooks.click.documents import Document
from workbooks.macros.add import add_macros
from workbooks.macros.buttons import BUTTONS
from workbooks.run import cascade
from workbooks.tabs.names import OWN_SHEETS, RUN_LOG

pytestmark = [needs_calc, pytest.mark.office]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Document]:
    """An open macro workbook, into which somebody has put a sheet of their own with a chart and a note on Limits."""
    folder = tmp_path_factory.mktemp("calc")
    made = add_macros(SAMPLES["example"].make())
    assert isinstance(made, bytes)
    path = folder / "plan.xlsm"
    path.write_bytes(made)
    command = installed_command(folder)
    temporary = folder / "with space"
    temporary.mkdir()
    with running_calc(folder, TMPDIR=str(temporary)) as calc:
        opened = Document(calc.open(path))
        opened.named("TargetsCommand").getCellByPosition(0, 0).setString(str(command))
        _own_sheet(opened)
        yield opened
        opened.close()
    assert path.read_bytes() == made, "a click saved the workbook"
    assert not list(temporary.iterdir()), "a click left files behind"


@pytest.fixture
def document(plan: Document) -> Document:
    """The same with results: whichever test is the first to need them lets them be made."""
    if "Cascade" not in plan.names:
        assert plan.press("Cascade")["Missed"] == "0"
    return plan


def _own_sheet(document: Document) -> None:
    document.sheets.insertNewByName("Mine", 0)
    mine = document.sheets.getByName("Mine")
    mine.getCellRangeByName("A1:B2").setDataArray((("a", 1.0), ("b", 2.0)))
    mine.getCellRangeByName("D1").setFormula("=SUM(Cascade.E5:E400)")
    where = struct("com.sun.star.awt.Rectangle", X=500, Y=500, Width=8000, Height=5000)
    mine.Charts.addNewByName("My chart", where, (mine.getCellRangeByName("A1:B2").RangeAddress,), False, True)


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return str(one) == str(other)


def test_control_has_a_button_for_everything_that_can_be_asked(plan: Document) -> None:
    assert plan.captions == [button.caption for button in BUTTONS]


def test_check_lists_findings_in_the_open_document_and_changes_nothing_else(plan: Document) -> None:
    document = plan
    status = document.press("Check")
    assert status["Last click"].startswith("check at 20")
    assert status["Message"] == "Nothing stops a run; 1 finding in Diagnostics."
    assert document.values("Diagnostics")[4][:2] == ("note", "TC503")
    assert "Cascade" not in document.names


def test_cascade_brings_the_sheets_that_a_run_on_the_file_writes(plan: Document) -> None:
    document = plan
    status = document.press("Cascade")
    assert (status["Targets met"], status["Missed"]) == ("2 of 2", "0")
    assert float(status["Seconds"]) > 0
    written = CalamineWorkbook.from_filelike(io.BytesIO(cascade(SAMPLES["example"].make()).data or b""))
    for name in OWN_SHEETS:
        if name == RUN_LOG:
            continue
        expected = written.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found = document.values(name)
        different = [
            (name, at, theirs, ours)
            for at, (theirs, ours) in enumerate(zip(found, expected, strict=True))
            if not all(_same(a, b) for a, b in zip(theirs, ours, strict=True))
        ]
        assert not different
    assert document.sheets.getByName("Mine").getCellRangeByName("D1").Value > 0


def test_parents_stay_formulas_and_look_as_in_the_file(document: Document) -> None:
    assert document.cell("Org Targets", "E5").Formula == "=SUM(E6:E7)"
    assert document.cell("Summary", "B8").Formula.startswith("=SUM($'Target Check'.")
    assert document.cell("Org Targets", "A1").CharHeight == 16
    assert document.cell("Org Targets", "B5").CharWeight > document.cell("Org Targets", "B6").CharWeight
    assert document.document.DatabaseRanges.getByName("Cascade").DataArea.EndRow > 4


def test_a_second_click_gives_the_same_numbers(document: Document) -> None:
    before = {name: document.values(name) for name in OWN_SHEETS if name != RUN_LOG}
    status = document.press("Cascade")
    assert status["Message"].startswith("0 numbers changed.")
    assert {name: document.values(name) for name in before} == before
    assert len(document.values("Run Log")) == 4 + 2


def test_bad_input_is_told_and_no_result_changes(document: Document) -> None:
    results = document.values("Cascade")
    cell = document.cell("Targets", "A6")
    metric = cell.String
    cell.String = "Reviewz"
    status = document.press("Cascade")
    assert "Diagnostics lists them with links." in status["Message"]
    first = document.values("Diagnostics")[4]
    assert first[0] == "stop"
    assert str(first[2]).endswith("'Targets'!A6")
    field = document.cell("Diagnostics", "C5").getTextFields().createEnumeration().nextElement()
    assert field.URL == "#'Targets'!A6"
    assert document.values("Cascade") == results
    cell.String = metric


def test_a_number_typed_over_a_result_stops_the_click_until_it_is_kept_as_a_limit(document: Document) -> None:
    typed = document.cell("Cascade", "E5").Value - 500
    document.cell("Cascade", "E5").Value = typed
    assert "typed over" in document.press("Cascade")["Message"]
    status = document.press("Keep edits")
    assert "numbers changed" in status["Message"]
    kept = [row for row in document.values("Limits") if typed in row]
    assert len(kept) == 1
    assert "typed over the result" in kept[0]
    assert document.cell("Cascade", "E5").Value == typed


def test_selected_targets_are_held_and_explained_on_the_sheet_where_they_stand(document: Document) -> None:
    document.select("Org Targets", "J6")
    held = document.cell("Org Targets", "J6").Value
    assert document.press("Hold selection")["Message"].startswith("1 row was added to Limits.")
    assert [row[7] for row in document.values("Limits") if row[1] == "Team A"][-1] == held
    assert "note on J6" in document.press("Explain selection")["Message"]
    (note,) = [each for each in document.sheets.getByName("Org Targets").Annotations if each.Position.Row == 5]
    assert "Team A" in note.String


def test_one_edit_recomputes_without_saving_and_undo_puts_the_results_back(document: Document) -> None:
    before = {name: document.values(name) for name in OWN_SHEETS}
    asked = document.cell("Targets", "G6")
    asked.Value += 50
    assert "numbers changed" in document.press("Cascade")["Message"]
    assert [row for row in document.values("Target Check") if asked.Value in row]
    assert document.press("Undo")["Message"] == "The results are as they were."
    assert {name: document.values(name) for name in OWN_SHEETS} == before
    assert document.document.DatabaseRanges.hasByName("RunLog")


def test_a_number_typed_over_a_result_is_lost_where_that_is_asked(document: Document) -> None:
    document.press("Cascade")  # what was held and asked before
    cell = document.cell("Cascade", "E6")
    before = cell.Value
    cell.Value = before + 77
    assert "typed over" in document.press("Cascade")["Message"]
    document.press("Discard edits")
    assert document.cell("Cascade", "E6").Value == before
    assert not [row for row in document.values("Limits") if before + 77 in row]


def test_variance_and_review_compare_what_was_typed_into_actuals(document: Document) -> None:
    key, period = document.values("Cascade")[4][:3], document.values("Cascade")[4][3]
    target = document.cell("Cascade", "E5").Value
    document.sheets.insertNewByName("Actuals", len(document.names))
    rows = (("Metric", "Org", "Queue", "Period", "Value"), (*key, period, target - 10))
    document.sheets.getByName("Actuals").getCellRangeByName("A1:E2").setDataArray(rows)
    assert "numbers changed" in document.press("Variance")["Message"]
    assert document.active == "Variance"
    header, *rows = document.values("Variance")[3:]
    (row,) = [row for row in rows if [*row[:4]] == [*key, period]]
    assert row[list(header).index("Variance")] == pytest.approx(-10)
    before = document.values("Variance")
    document.press("Review")
    assert document.active == "Review"
    assert document.values("Variance") == before
    assert str(document.values("Review")[0][0]).startswith("Review")


def test_other_sheets_and_their_charts_stay(document: Document) -> None:
    mine = document.sheets.getByName("Mine")
    assert mine.Charts.hasByName("My chart")
    assert mine.getCellRangeByName("A1:B2").getDataArray() == (("a", 1.0), ("b", 2.0))
    assert mine.getCellRangeByName("D1").Formula == "=SUM(Cascade.E5:E400)"


def test_a_command_that_is_not_there_is_told_with_a_way_out(document: Document) -> None:
    cell = document.named("TargetsCommand").getCellByPosition(0, 0)
    command = cell.String
    cell.String = "/nowhere/targets"
    message = document.press("Check")["Message"]
    cell.String = command
    assert "targets" in message
    assert "not" in message
