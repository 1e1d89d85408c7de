"""The macros that are written for Excel, as far as LibreOffice runs them with Excel's objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from samples.catalogue import SAMPLES
from tests.calc import Calc, needs_calc, running_calc
from tests.workbooks.click.documents import Document
from workbooks.click.lines import escaped, parsed_lines
from workbooks.macros.add import add_macros

pytestmark = [needs_calc, pytest.mark.office]


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with running_calc(tmp_path_factory.mktemp("calc")) as running:
        yield running


@pytest.fixture
def document(calc: Calc, tmp_path: Path) -> Iterator[Document]:
    """The only open workbook: to these macros, the one that is looked at."""
    made = add_macros(SAMPLES["example"].make())
    assert isinstance(made, bytes)
    path = tmp_path / "plan.xlsm"
    path.write_bytes(made)
    opened = Document(calc.open(path))
    yield opened
    opened.close()


def in_basic(document: Document, expression: str) -> object:
    """Return what the macros for Excel come to, with Excel's objects as LibreOffice has them."""
    library = document.document.BasicLibraries.getByName("Standard")
    code = f"Option VBASupport 1\nFunction Told\nTold = {expression}\nEnd Function\n"
    library.insertByName("Asks", code)
    script = "vnd.sun.star.script:Standard.Asks.Told?language=Basic&location=document"
    try:
        return document.document.ScriptProvider.getScript(script).invoke((), (), ())[0]
    finally:
        library.removeByName("Asks")


def request_for_excel(document: Document) -> dict[str, str]:
    return parsed_lines(str(in_basic(document, 'RequestText(ThisWorkbook, "hold")')))


def test_excel_says_each_area_that_is_selected_used_and_seen(document: Document) -> None:
    rows = document.sheets.getByName("Baseline").Rows
    rows.getByIndex(7).IsVisible = False
    document.select("Baseline", "A6:A10")
    some = request_for_excel(document)
    document.select("Baseline", "A12:A1048576")
    column = request_for_excel(document)
    document.select("Baseline", "B6")
    single = request_for_excel(document)
    rows.getByIndex(7).IsVisible = True
    assert (some["sheet"], some["cells"]) == ("Baseline", "A6:A7,A9:A10")
    assert column["cells"] == f"A12:A{len(document.values('Baseline'))}"
    assert single["cells"] == "B6"


def test_a_book_without_control_says_its_sheet_and_has_every_answer_told_in_a_box(document: Document) -> None:
    boxes = [in_basic(document, f"BoxFor(ThisWorkbook, {status})") for status in (0, 1, 3)]
    document.document.NamedRanges.removeByName("TargetsStatus")
    document.select("Targets", "A6:B7")
    asked_for = request_for_excel(document)
    without = [in_basic(document, f"BoxFor(ThisWorkbook, {status})") for status in (0, 1, 3)]
    assert (asked_for["sheet"], asked_for["cells"]) == ("Targets", "A6:B7")
    assert (boxes, without) == ([0, 48, 0], [64, 48, 64])


def test_a_command_is_taken_without_its_quotes_and_a_note_with_its_letters(document: Document) -> None:
    typed = in_basic(document, 'CommandIn("""C:\\my tools\\targets.exe""", "")')
    note = escaped("C:\\Users\\Jürgen Ω\\targets.exe")
    noted = in_basic(document, f'CommandIn("", "{note}" & Chr(13) & Chr(10))')
    assert (typed, noted) == ("C:\\my tools\\targets.exe", "C:\\Users\\Jürgen Ω\\targets.exe")
    assert in_basic(document, 'CommandIn(" ", "")') == "targets"
