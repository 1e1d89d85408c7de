"""The buttons in a real LibreOffice where something stands in the way: nothing is left half-way, and all is told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from samples.catalogue import SAMPLES
from solver.frozen import frozen
from tests.calc import Calc, installed_command, needs_calc, running_calc
from tests.workbooks.click.documents import Document
from workbooks.macros.add import add_macros
from workbooks.macros.install import install

_ALL = 23

pytestmark = [needs_calc, pytest.mark.office]


@frozen
class Office:
    """A running LibreOffice with a folder; the command lies in another, called as people call them."""

    calc: Calc
    folder: Path
    command: Path

    def opened(self) -> Document:
        """Open a new plan with macros."""
        made = add_macros(SAMPLES["example"].make())
        assert isinstance(made, bytes)
        path = self.folder / f"plan {uuid.uuid4().hex[:6]}.xlsm"
        path.write_bytes(made)
        return Document(self.calc.open(path))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("calc")
    home = folder / "Jürgen's Ωmega tools"
    (home / "tmp").mkdir(parents=True)
    command = installed_command(home)
    install(command, {"XDG_CONFIG_HOME": str(home)}, home, "linux")
    with running_calc(folder, TMPDIR=str(home / "tmp"), XDG_CONFIG_HOME=str(home)) as calc:
        yield Office(calc, folder, command)
    assert not list((home / "tmp").iterdir()), "a click left files behind"


@pytest.fixture(scope="module")
def plan(office: Office) -> Iterator[Document]:
    opened = office.opened()
    yield opened
    opened.close()


@pytest.fixture
def document(plan: Document) -> Document:
    """The same with results."""
    if "Cascade" not in plan.names:
        assert plan.press("Cascade")["Missed"] == "0"
    return plan


def everything(document: Document) -> dict[str, object]:
    """Return all that a click may change: what sheets show and hold, and where tables are."""
    ranges = document.document.DatabaseRanges
    held: dict[str, object] = {
        name: (document.values(name), document.formulas(name)) for name in document.names if name != "Control"
    }
    areas = {name: ranges.getByName(name).DataArea for name in ranges.ElementNames}
    held["tables"] = {
        name: (area.Sheet, area.StartColumn, area.StartRow, area.EndColumn, area.EndRow) for name, area in areas.items()
    }
    return held


def asked(document: Document) -> object:
    return document.cell("Targets", "G6")


def test_a_command_in_a_folder_with_blanks_and_letters_of_anywhere_is_found_by_its_note(plan: Document) -> None:
    assert plan.press("Check")["Message"] == "Nothing stops a run; 1 finding in Diagnostics."


def test_quotes_around_the_command_on_control_do_no_harm(office: Office, plan: Document) -> None:
    plan.named("TargetsCommand").getCellByPosition(0, 0).String = f'"{office.command}"'
    message = plan.press("Check")["Message"]
    plan.named("TargetsCommand").getCellByPosition(0, 0).String = ""
    assert message == "Nothing stops a run; 1 finding in Diagnostics."


@pytest.mark.parametrize("command", ["/nowhere at all/targets", "targets-of-nobody"])
def test_a_command_that_is_not_there_is_told_with_the_ways_out(plan: Document, command: str) -> None:
    cell = plan.named("TargetsCommand").getCellByPosition(0, 0)
    cell.String = command
    message = plan.press("Check")["Message"]
    cell.String = ""
    assert message.startswith(f"The command {command} could not be started: ")
    assert "run targets macros install once, or type its path into the sheet Control" in message


def test_a_protected_sheet_is_told_before_anything_is_written(document: Document) -> None:
    before = everything(document)
    asked(document).Value -= 30000
    document.sheets.getByName("Capacity Use").protect("")
    refused = document.press("Cascade")["Message"]
    document.sheets.getByName("Capacity Use").unprotect("")
    asked(document).Value += 30000
    assert "protected (Capacity Use)" in refused
    assert everything(document) == before
    assert "numbers changed" in document.press("Cascade")["Message"]


def test_a_workbook_whose_sheets_may_not_come_and_go_is_told(office: Office) -> None:
    fresh = office.opened()
    fresh.document.protect("")
    sheets = fresh.names
    refused = fresh.press("Cascade")["Message"]
    assert "protected (the structure of the workbook)" in refused
    assert fresh.names == sheets
    fresh.close()


def test_a_step_that_is_refused_half_way_is_taken_back_as_a_whole(document: Document) -> None:
    document.press("Cascade")
    asked(document).Value -= 30000
    # half of an array formula cannot be changed: a sheet that comes late says no
    block = document.sheets.getByName("Run Log").getCellRangeByName("A2:B2")
    kept = block.getDataArray()
    block.setArrayFormula(f'{{"{kept[0][0]}";""}}')
    before = everything(document)
    refused = document.press("Cascade")["Message"]
    assert everything(document) == before
    assert "LibreOffice refused a step" in refused
    assert "Everything stands as it did before the click." in refused
    block.clearContents(_ALL)
    block.setDataArray(kept)
    assert "numbers changed" in document.press("Cascade")["Message"]
    assert document.press("Undo")["Message"] == "The results are as they were."
    asked(document).Value += 30000
    document.press("Cascade")


def held(document: Document) -> list[tuple[object, ...]]:
    """Return what was added to Limits: for whom, and when."""
    return [row[1:4] for row in document.values("Limits") if "held on Cascade" in row]


def cascaded(document: Document, *rows: int) -> list[tuple[object, ...]]:
    values = document.values("Cascade")
    return [values[row - 1][1:4] for row in rows]


def test_every_area_of_a_selection_is_held(document: Document) -> None:
    before = held(document)
    areas = document.document.createInstance("com.sun.star.sheet.SheetCellRanges")
    for cells in ("E5", "E8:E9"):
        areas.addRangeAddress(document.sheets.getByName("Cascade").getCellRangeByName(cells).RangeAddress, False)
    document.show("Cascade")
    document.document.CurrentController.select(areas)
    document.press("Hold selection")
    assert held(document) == [*before, *cascaded(document, 5, 8, 9)]


def test_rows_that_a_filter_hides_are_not_held(document: Document) -> None:
    before = held(document)
    rows = document.sheets.getByName("Cascade").Rows
    for hidden in (13, 14):
        rows.getByIndex(hidden - 1).IsVisible = False
    document.select("Cascade", "E12:E15")
    document.press("Hold selection")
    for hidden in (13, 14):
        rows.getByIndex(hidden - 1).IsVisible = True
    assert held(document) == [*before, *cascaded(document, 12, 15)]
