"""Workbooks that other programs write: the same plan, however its parts are spelled."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.workbooks.books import book, changed, small_book
from tests.workbooks.read.test_finding import SMALL, SOUND, plan_of, same_plan
from workbooks.run import cascade

_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml'
_PAIRS = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main",
}


def every_part(data: bytes, change: object) -> bytes:
    """Return a package with a change made to each XML part but the list of content types."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [
            name for name in archive.namelist() if name != "[Content_Types].xml" and name.endswith((".xml", ".rels"))
        ]
    return changed(data, {name: (lambda part, name=name: change(name, part)) for name in names})


def strict(data: bytes) -> bytes:
    """Return a workbook in the strict dialect."""

    def change(name: str, part: bytes) -> bytes:
        del name
        for transitional, spelled in _PAIRS.items():
            part = part.replace(transitional, spelled)
        return part

    return every_part(data, change)


def prefixed(data: bytes) -> bytes:
    """Return a workbook whose sheets, tables and book spell every element with a prefix."""

    def change(name: str, part: bytes) -> bytes:
        if not re.match(r"xl/(workbook|worksheets/sheet\d+|tables/table\d+)\.xml$", name):
            return part
        part = re.sub(rb"<(/?)(\w+)(?=[\s/>])", rb"<\1x:\2", part)
        return part.replace(_MAIN, _MAIN.replace(b"xmlns=", b"xmlns:x="))

    return every_part(data, change)


def in_utf16(data: bytes) -> bytes:
    """Return a workbook whose sheets and tables are written in UTF-16."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith(("xl/worksheets/sheet", "xl/tables")):
            return part
        text = part.decode("utf-8").replace('encoding="UTF-8"', 'encoding="UTF-16"')
        return text.encode("utf-16")

    return every_part(data, change)


def absolute(data: bytes) -> bytes:
    """Return a workbook whose relationships name their targets from the root."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith(".rels") or name == "_rels/.rels":
            return part
        part = re.sub(rb'Target="(?=worksheets|styles|theme|sharedStrings)', rb'Target="/xl/', part)
        return part.replace(b'Target="../', b'Target="/xl/')

    return every_part(data, change)


@pytest.mark.parametrize("spelled", [strict, prefixed, absolute])
def test_a_plan_is_the_same_however_its_parts_are_spelled(spelled: object) -> None:
    same_plan(plan_of(spelled(SOUND)), plan_of(SOUND))


@pytest.mark.parametrize("spelled", [strict, prefixed, absolute])
def test_a_book_is_cascaded_and_read_again_however_its_parts_are_spelled(spelled: object) -> None:
    first = cascade(spelled(SOUND))
    assert first.data is not None, [issue.found for issue in first.issues]
    second = cascade(first.data)
    assert second.data is not None, [issue.found for issue in second.issues]
    assert second.numbers_changed == 0
    same_plan(plan_of(second.data), plan_of(SOUND))


def test_parts_in_utf16_are_read() -> None:
    same_plan(plan_of(in_utf16(SOUND)), plan_of(SOUND))
    assert cascade(in_utf16(SOUND)).data is not None


def test_a_chart_sheet_is_no_input(tmp_path: object) -> None:
    del tmp_path
    import xlsxwriter

    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = made.add_worksheet("Data")
    sheet.write_column(0, 0, [1, 2, 3])
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$3"})
    made.add_chartsheet("Targets").set_chart(chart)
    made.close()
    assert cascade(target.getvalue()).data is None


def test_shared_strings_with_rich_text_are_read_whole() -> None:
    def enrich(part: bytes) -> bytes:
        return part.replace(b"<t>Team A</t>", b'<r><t>Team</t></r><r><rPr><b/></rPr><t xml:space="preserve"> A</t></r>')

    rich = changed(SOUND, {"xl/sharedStrings.xml": enrich})
    assert rich != SOUND
    same_plan(plan_of(rich), plan_of(SOUND))


def test_a_1904_book_has_the_same_dates() -> None:
    same_plan(plan_of(book(SMALL, date_1904=True)), plan_of(small_book()))
