"""The live adapter, unchanged, on a workbook that is open in a real program: Calc in the place of Excel."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from samples.catalogue import SAMPLES
from tests.calc import SHARED, needs_calc
from tests.workbooks.signing import sealed_twice
from workbooks.click.answer import Answer
from workbooks.click.request import Request
from workbooks.click.work import By
from workbooks.command.cascade import cascade as cascade_command
from workbooks.run import cascade, read_plan
from workbooks.tabs.names import CASCADE, OWN_SHEETS, RUN_LOG, TARGET_CHECK

pytestmark = [needs_calc, pytest.mark.office]
xlwings = pytest.importorskip("xlwings")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def app() -> Iterator[object]:
    """The only program that xlwings knows."""
    from tests.calc_engine import activate

    before = xlwings.engines.active if len(xlwings.engines) else None
    engine = activate(SHARED.get())
    yield engine.apps[1]
    xlwings.engines.engines.remove(engine)
    xlwings.engines.active = before


@pytest.fixture(scope="module")
def plan(app: object, folder: Path) -> Iterator[object]:
    """An open workbook, into which somebody has put a sheet of their own."""
    path = folder / "plan.xlsx"
    path.write_bytes(SAMPLES["example"].make())
    opened = app.books.open(str(path))
    mine = opened.sheets.add("Mine")
    mine.range((1, 1), (2, 1)).value = [[1.0], ["kept"]]
    yield opened
    assert path.read_bytes() == SAMPLES["example"].make(), "a click saved the workbook"
    opened.close()


@pytest.fixture
def book(plan: object) -> object:
    """The same with results: whichever test is the first to need them lets them be made."""
    if CASCADE not in {sheet.name for sheet in plan.sheets}:
        assert click(plan, "cascade").status == 0
    return plan


def click(book: object, *verb: str) -> Answer:
    from workbooks.live.click import click_live

    return click_live(Request(verb, book=book.fullname), By("Aoife"))


def values(book: object, sheet: str) -> list[list[object]]:
    return book.sheets[sheet].used_range.options(ndim=2).value


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], []),
        (["B2"], ["B2"]),
        (["A1", "B1", "D1", "A2", "B2", "A4"], ["D1", "A1:B2", "A4"]),
        (["C3", "A1", "B1", "A2"], ["A1:B1", "A2", "C3"]),
    ],
)
def test_loose_cells_are_copied_as_few_ranges(cells: list[str], expected: list[str]) -> None:
    from workbooks.live.bring import rectangles

    assert rectangles(cells) == expected


def test_the_open_workbook_is_read_as_its_file_is(app: object, folder: Path) -> None:
    from workbooks.live.image import image_of

    data = SAMPLES["errors"].make()
    path = folder / "errors.xlsx"
    path.write_bytes(data)
    opened = app.books.open(str(path))
    live, file = read_plan(image_of(opened)), read_plan(data)
    opened.close()
    told = [(each.code, each.place.sheet, each.place.row, each.place.column) for each in file.issues]
    assert [(each.code, each.place.sheet, each.place.row, each.place.column) for each in live.issues] == told
    assert len(told) > 10


def test_versions_are_read_from_the_open_workbook_too(app: object, folder: Path) -> None:
    """The second version started from the first, whichever way it is read."""
    from workbooks.live.image import image_of

    data = sealed_twice()
    path = folder / "sealed.xlsx"
    path.write_bytes(data)
    opened = app.books.open(str(path))
    live, file = read_plan(image_of(opened)).inputs.start, read_plan(data).inputs.start
    opened.close()
    assert file is not None
    assert live is not None
    assert (live.version, list(live.value)) == (file.version, list(file.value)) == ("2", list(file.value))


def test_live_and_file_give_the_same_tables_and_other_sheets_stay(plan: object) -> None:
    book = plan
    import python_calamine

    answer = click(book, "check")
    assert answer.status == 0
    answer = click(book, "cascade")
    assert (answer.status, answer.met, answer.missed) == (0, "2 of 2", "0")
    data = cascade(SAMPLES["example"].make()).data or b""
    written = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in OWN_SHEETS:
        if name != RUN_LOG:
            expected = written.get_sheet_by_name(name).to_python(skip_empty_area=False)
            assert _differences(values(book, name), expected) == []
    assert book.sheets.active.name == "Summary"  # the first time, results are shown
    assert book.sheets["Mine"].range("A1:A2").value == [1.0, "kept"]
    assert {table.name for sheet in book.sheets for table in sheet.tables} >= {"Cascade", "OrgTargets", "RunLog"}
    assert book.sheets["Summary"].range("B8").formula == "=SUM('Target Check'!F5:F5)"


def _differences(found: list[list[object]], expected: list[list[object]]) -> list[object]:
    different = []
    for row, (one, other) in enumerate(zip(found, expected, strict=True), start=1):
        different += [(row, a, b) for a, b in zip(one, other, strict=True) if not _same(a, b)]
    return different


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9)
    return (one or "") == (other or "")


def test_a_second_click_after_one_edit_changes_what_follows_from_it_and_can_be_undone(book: object) -> None:
    before = {name: values(book, name) for name in (CASCADE, TARGET_CHECK, "Summary")}
    targets = book.sheets["Targets"]
    targets.range("A8:I8").value = ["Reviews", "Team A", None, "2026-01", None, "at least", 10.0, None, 3.0]
    next(table for table in targets.tables if table.name == "Targets").resize(targets.range("A5:I8"))
    targets.activate()
    targets.range("C6:D7").select()
    answer = click(book, "cascade")
    assert answer.met == "3 of 3"
    assert book.sheets.active.name == "Targets"
    assert book.app.selection.get_address(False, False) == "C6:D7"
    check = book.sheets[TARGET_CHECK]
    assert len(values(book, TARGET_CHECK)) == len(before[TARGET_CHECK]) + 1
    assert next(iter(check.tables)).range.last_cell.row == 7
    assert check.range("B7").value == "Team A"
    assert click(book, "undo").status == 0
    assert {name: values(book, name) for name in before} == before
    assert next(iter(check.tables)).range.last_cell.row == 6
    assert click(book, "undo").message.startswith("Nothing to undo")
    targets.range("A8:I8").clear_contents()
    next(table for table in targets.tables if table.name == "Targets").resize(targets.range("A5:I7"))


def test_a_step_that_excel_refuses_is_taken_back_and_everything_is_as_it_was(book: object) -> None:
    before = values(book, CASCADE)
    asked = book.sheets["Targets"].range("G6")
    asked.value = 520_000.0
    book.sheets["Mine"].activate()
    app = book.app
    app.impl.refuses = TARGET_CHECK
    answer = click(book, "cascade")
    app.impl.refuses = ""
    asked.value = 530_000.0
    assert answer.status == 1
    assert "Excel refused a step" in answer.message
    assert "The cell is locked." in answer.message
    assert values(book, CASCADE) == before
    assert app.screen_updating
    assert app.display_alerts
    assert app.enable_events
    assert app.calculation == "automatic"
    assert book.sheets.active.name == "Mine"
    assert [opened.name for opened in app.books] == [book.name]


def test_a_protected_result_sheet_is_told_before_anything_is_written(book: object) -> None:
    before = values(book, RUN_LOG)
    book.sheets[CASCADE].impl.found.protect("")
    asked = book.sheets["Targets"].range("G6")
    asked.value = 520_000.0
    answer = click(book, "cascade")
    asked.value = 530_000.0
    book.sheets[CASCADE].impl.found.unprotect("")
    assert "protected (Cascade)" in answer.message
    assert values(book, RUN_LOG) == before


def test_numbers_typed_over_results_are_kept_in_the_open_limits(book: object) -> None:
    cell = book.sheets[CASCADE].range("E5")
    typed = cell.value - 500
    cell.value = typed
    assert "typed over" in click(book, "cascade").message
    answer = click(book, "cascade", "keep")
    assert answer.status == 0
    limits = book.sheets["Limits"]
    kept = [row for row in values(book, "Limits") if typed in row]
    assert [row[9] for row in kept] == ["Aoife"]
    assert next(iter(limits.tables)).range.last_cell.row == 7
    assert cell.value == typed


def test_a_workbook_that_is_not_open_is_told_with_those_that_are(book: object) -> None:
    from workbooks.live.click import click_live

    answer = click_live(Request(("check",), book="/elsewhere/other.xlsx"), By("Aoife"))
    assert answer.status == 1
    assert "open are: plan.xlsx" in answer.message


def test_a_synchronised_workbook_is_found_by_its_address_and_by_its_path(
    book: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbooks.live.attach import find_book

    folder = Path(book.fullname).parent
    book.impl.full_name = f"https://firm-my.sharepoint.com/personal/me/Documents/{folder.name}/plan.xlsx"
    monkeypatch.setenv("OneDriveCommercial", str(folder.parent))
    by_path, by_address = find_book(book.fullname), find_book(book.impl.full_name)
    monkeypatch.delenv("OneDriveCommercial")
    unsure = find_book(book.fullname)
    book.impl.full_name = book.impl.path
    assert by_path == book
    assert by_address == book
    assert unsure.code == "TC860"


def test_a_workbook_that_was_never_saved_is_found_by_its_name(book: object) -> None:
    from workbooks.live.attach import find_book

    book.impl.full_name = "Book1"
    found = find_book("Book1")
    book.impl.full_name = book.impl.path
    assert found == book


def test_the_command_cascades_the_open_workbook_and_says_what_it_came_to(book: object) -> None:
    done = CliRunner().invoke(cascade_command, [book.fullname, "--live"], standalone_mode=False)
    assert done.return_value == 0
    assert "numbers changed" in done.output
    refused = CliRunner().invoke(cascade_command, [book.fullname, "--live", "--dry-run"])
    assert refused.exit_code == 2
    other = CliRunner().invoke(cascade_command, ["/elsewhere/other.xlsx", "--live"], standalone_mode=False)
    assert other.return_value == 1
    assert "open are: plan.xlsx" in other.output


def test_the_command_finds_the_open_workbook_by_a_name_from_its_folder(
    book: object, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(cascade_command, ["plan.xlsx", "--live"], standalone_mode=False)
    assert (done.return_value, "numbers changed" in done.output) == (0, True)


def test_worksheet_functions_read_the_last_run(book: object) -> None:
    from workbooks.live import functions

    caller = book.sheets["Mine"].range("C1")
    rows = values(book, CASCADE)
    metric, org, queue, period, target = rows[4][:5]
    assert functions.target(metric, org, queue, period, caller=caller) == target
    assert functions.target(metric, caller=caller) == values(book, "Org Targets")[4][8]
    assert functions.why(metric, org, queue, period, caller=caller) == (rows[4][13] or "no result")
    assert functions.achieved(metric, org, queue, period, caller=caller) == "no result"
    assert functions.attainment("Nothing", None, None, None, caller=caller) == "no result"


def test_filters_stay_as_they_are_set(book: object) -> None:
    sheet = book.sheets[CASCADE].impl.found
    ranges = book.impl.document.DatabaseRanges
    hidden = next(row for row in range(5, 40) if values(book, CASCADE)[row][1] != values(book, CASCADE)[4][1])
    sheet.Rows.getByIndex(hidden).IsVisible = False
    ranges.getByName("Cascade").AutoFilter = True
    asked = book.sheets["Targets"].range("G6")
    asked.value += 40
    assert click(book, "cascade").status == 0
    asked.value -= 40
    assert not sheet.Rows.getByIndex(hidden).IsVisible
    assert ranges.getByName("Cascade").AutoFilter
    sheet.Rows.getByIndex(hidden).IsVisible = True
