"""Macros come into a workbook with a sheet of their own; nothing that was there changes but the heads of sheets."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from samples.catalogue import SAMPLES
from tests.workbooks.books import changed, replaced
from workbooks.it_text import it_text
from workbooks.macros.add import add_macros
from workbooks.macros.addin import add_in, ribbon_xml
from workbooks.macros.buttons import BUTTONS
from workbooks.macros.code_names import code_name, with_code_name
from workbooks.macros.modules import FLAGGED, MODULES, exported, line_count, module_sources, workbook_source
from workbooks.run import read_plan

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools uses names that its own parser has given up
    from oletools.olevba import VBA_Parser


@pytest.fixture(scope="module")
def plain() -> bytes:
    return SAMPLES["example"].make()


@pytest.fixture(scope="module")
def with_macros(plain: bytes) -> bytes:
    made = add_macros(plain)
    assert isinstance(made, bytes)
    return made


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_two_builds_are_the_same_bytes(plain: bytes, with_macros: bytes) -> None:
    assert add_macros(plain) == with_macros
    assert add_in() == add_in()


def test_every_part_stays_but_for_code_names_and_the_lists_of_parts(plain: bytes, with_macros: bytes) -> None:
    before, after = parts(plain), parts(with_macros)
    assert set(before) <= set(after)
    changed = {name for name in before if before[name] != after[name]}
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert {name for name in changed if not name.startswith("xl/worksheets/")} == lists
    for name in changed - lists:
        assert re.sub(rb'<sheetPr codeName="Sheet\d+"/>| codeName="Sheet\d+"', b"", after[name]) == before[name]


def test_the_plan_reads_as_before(plain: bytes, with_macros: bytes) -> None:
    old, new = read_plan(plain), read_plan(with_macros)
    assert new.issues == old.issues
    assert new.plan is not None


def test_olevba_reads_every_module_as_it_was_written(with_macros: bytes) -> None:
    parser = VBA_Parser("plan.xlsm", data=with_macros)
    found = {name: source for _, _, name, source in parser.extract_macros()}
    for name in MODULES:
        lines = found[f"{name}.bas"].replace("\r\n", "\n").split("\n")
        assert "\n".join(lines[1:]).strip() == module_sources()[name].strip()
    assert {name for name in found if name.endswith(".cls")} >= {"ThisWorkbook.cls", "Sheet1.cls"}
    # what scanners of mail look at: nothing starts by itself, and whatever is flagged is told to users and to IT
    flagged = {(kind, keyword) for kind, keyword, _ in parser.analyze_macros()}
    assert {kind for kind, _ in flagged} == {"Suspicious"}
    assert {keyword for _, keyword in flagged} == set(FLAGGED)
    parser.close()


def test_people_and_their_it_are_told_what_scanners_flag_and_which_event_runs(tmp_path: Path) -> None:
    guide, text = (Path(__file__).parents[3] / "docs/excel.md").read_text(encoding="utf-8"), it_text({}, tmp_path)
    assert all(f"`{word}`" in guide for word in FLAGGED)
    assert all(word in text for word in FLAGGED)
    events = re.findall(
        r"Sub (Work(?:book|sheet)_\w+|Auto_?\w+)", workbook_source() + "".join(module_sources().values())
    )
    assert events == ["Workbook_SheetDeactivate"]
    assert all(events[0] in each for each in (guide, text))
    assert f"{line_count()} lines of code" in text


def test_every_button_has_its_macro_and_the_macro_asks_for_the_verb() -> None:
    source = module_sources()["TargetsButtons"]
    for button in BUTTONS:
        body = rf'Public Sub {button.macro}\(\)\n(Attribute .*\n)?    RunTargets "{button.verb}"\nEnd Sub'
        assert re.search(body, source)
        assert f'tag="{button.verb}"' in ribbon_xml()


def test_macros_of_an_earlier_version_are_renewed_by_way_of_a_file_without_them(with_macros: bytes) -> None:
    held = parts(with_macros)
    del held["xl/vbaProject.bin"]  # as Excel saves it as .xlsx: sheets and buttons stay
    types, relations = held["[Content_Types].xml"], held["xl/_rels/workbook.xml.rels"]
    types = re.sub(rb'<Override PartName="/xl/vbaProject.bin"[^>]*/>', b"", types)
    held["[Content_Types].xml"] = types.replace(
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    )
    held["xl/_rels/workbook.xml.rels"] = re.sub(rb'<Relationship [^>]*vbaProject.bin"[^>]*/>', b"", relations)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    renewed = add_macros(target.getvalue())
    assert isinstance(renewed, bytes)
    again = parts(renewed)
    assert again["xl/vbaProject.bin"] == parts(with_macros)["xl/vbaProject.bin"]
    drawings = [name for name in again if b"TargetsCascade" in again[name] and name.endswith(".vml")]
    anchors = [part.count(b"<legacyDrawing") for name, part in again.items() if name.startswith("xl/worksheets/sheet")]
    assert (len(drawings), max(anchors)) == (1, 1)


def test_a_workbook_with_code_names_of_another_alphabet_gets_macros(plain: bytes) -> None:
    cyrillic = changed(
        plain,
        {
            "xl/workbook.xml": replaced(b"<workbookPr", '<workbookPr codeName="ЭтаКнига"'.encode()),
            "xl/worksheets/sheet1.xml": lambda part: with_code_name(part, "Лист1"),
        },
    )
    made = add_macros(cyrillic)
    assert isinstance(made, bytes)
    parser = VBA_Parser("plan.xlsm", data=made)
    assert {"ЭтаКнига", "Лист1"} <= {stream.rsplit("/", 1)[-1] for _, stream, _, _ in parser.extract_macros()}
    parser.close()


def test_a_sheet_that_is_a_chart_has_the_module_of_a_chart() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("Data")
        sheet.write("A1", 1)
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1"})
        made.add_chartsheet("Curve").set_chart(chart)
    added = add_macros(target.getvalue())
    assert isinstance(added, bytes)
    parser = VBA_Parser("plan.xlsm", data=added)
    sources = {stream.rsplit("/", 1)[-1]: source for _, stream, _, source in parser.extract_macros()}
    parser.close()
    held = parts(added)
    assert 'VB_Base = "0{00020820' in sources[code_name(held["xl/worksheets/sheet1.xml"])]
    assert 'VB_Base = "0{00020821' in sources[code_name(held["xl/chartsheets/sheet1.xml"])]


def test_a_code_name_that_is_there_stays() -> None:
    part = b'<?xml version="1.0"?><worksheet xmlns="x"><sheetPr codeName="Tabelle1"/></worksheet>'
    assert code_name(part) == "Tabelle1"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (b"<worksheet><sheetData/></worksheet>", b'<worksheet><sheetPr codeName="S"/><sheetData/></worksheet>'),
        (b"<x:worksheet a='1'><x:dimension/>", b"<x:worksheet a='1'><x:sheetPr codeName=\"S\"/><x:dimension/>"),
        (b"<worksheet><sheetPr><a/></sheetPr>", b'<worksheet><sheetPr codeName="S"><a/></sheetPr>'),
        (b'<worksheet><sheetPr filterMode="1"/>', b'<worksheet><sheetPr codeName="S" filterMode="1"/>'),
    ],
)
def test_a_code_name_comes_into_any_head_of_a_sheet(part: bytes, expected: bytes) -> None:
    assert with_code_name(part, "S") == expected


def test_the_add_in_is_a_package_with_a_ribbon_and_the_same_modules() -> None:
    held = parts(add_in())
    assert b"ms-excel.addin.macroEnabled.main+xml" in held["[Content_Types].xml"]
    assert held["customUI/customUI.xml"].decode() == ribbon_xml()
    parser = VBA_Parser("Targets.xlam", data=add_in())
    assert {f"{name}.bas" for name in MODULES} <= {name for _, _, name, _ in parser.extract_macros()}
    parser.close()


def test_exported_modules_have_a_name_and_line_ends_of_windows() -> None:
    for name in MODULES:
        data = exported(name)
        assert data.startswith(f'Attribute VB_Name = "{name}"\r\n'.encode())
        assert b"\n" not in data.replace(b"\r\n", b"")


def test_on_windows_no_word_that_knows_the_systems_code_page_alone_touches_a_file() -> None:
    source = module_sources()["TargetsRun"]
    ours = source[source.index("Private Function WindowsRun") :]
    assert not re.findall(r"\b(?:Environ|MkDir|RmDir|Kill|Dir|Open|NewFolder|WriteText|ReadText)\b", ours)
