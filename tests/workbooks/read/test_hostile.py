"""Bytes that mean harm, or nothing: one line, never an exception."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from tests.workbooks.books import changed, replaced
from tests.workbooks.read.test_finding import SOUND
from workbooks.read.inputs import read_inputs
from workbooks.run import cascade

_ENTITY = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def twice() -> bytes:
    target = io.BytesIO(SOUND)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("XL/workbook.xml", b"<workbook/>")
    return target.getvalue()


def lying() -> bytes:
    """Return a book with a sheet that is far longer than the archive says."""
    data = bytearray(changed(SOUND, {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 50 * 2**20 + b"</a>"}))
    for start, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        found = data.find(start)
        while found >= 0:
            name_at = found + (30 if start == b"PK\x03\x04" else 46)
            if data[name_at : name_at + 24] == b"xl/worksheets/sheet1.xml":
                data[found + at : found + at + 4] = (1000).to_bytes(4, "little")
            found = data.find(start, found + 4)
    return bytes(data)


def far_cell(cell: bytes, in_row: bytes = b"1048576") -> bytes:
    row = b'<row r="' + in_row + b'">' + cell + b"</row></sheetData>"
    return changed(SOUND, {"xl/worksheets/sheet3.xml": replaced(b"</sheetData>", row)})


def many(tag: bytes) -> Callable[[bytes], bytes]:
    """Return a change that puts millions of elements into a part, packed less than 100 to 1."""
    rng = np.random.default_rng(3)
    filler = b"".join(b"<%b a='%d'/>" % (tag, number) for number in rng.integers(0, 10**9, 40_000).tolist())

    def change(part: bytes) -> bytes:
        at = part.rindex(b"</")
        return part[:at] + filler * 60 + part[at:]

    return change


HOSTILE = {
    "a sheet longer than it says": lying(),
    "a cell in the last corner": far_cell(b'<c r="XFD1048576"><v>1</v></c>'),
    "a cell that is far below the row it stands in": far_cell(b'<c r="XFD1048576"><v>1</v></c>', b"9"),
    "a cell whose number no sheet has": far_cell(b'<c r="C99999999999999999999"><v>1</v></c>', b"9"),
    "a cell in the last corner, without its name": far_cell(b"<c/>" * 16383 + b"<c><v>1</v></c>"),
    "a cell beyond the last column": far_cell(b'<c r="ZZZ9"><v>1</v></c>'),
    "millions of content types": changed(SOUND, {"[Content_Types].xml": many(b"Default")}),
    "millions of relationships": changed(SOUND, {"xl/_rels/workbook.xml.rels": many(b"Relationship")}),
    "an entity behind a long comment": changed(
        SOUND, {"xl/workbook.xml": replaced(_DECLARATION, _DECLARATION + b"<!--" + b"x" * 9000 + b"-->" + _ENTITY)}
    ),
    "an entity in another encoding": changed(
        SOUND, {"xl/workbook.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<workbook/>'}
    ),
    "deeply nested": changed(SOUND, {"xl/workbook.xml": b"<a>" * 20_000 + b"</a>" * 20_000}),
    "deeply nested formats": changed(
        SOUND, {"xl/workbook.xml": replaced(b"</workbook>", b"<b>" * 3000 + b"</b>" * 3000 + b"</workbook>")}
    ),
    "xlsb": changed(
        SOUND,
        {
            "[Content_Types].xml": replaced(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            )
        },
    ),
    "a password": b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
    "nothing": b"",
    "text": b"Metric,Kind\nReviews,volume\n",
    "old excel or a password": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "cut off": SOUND[: len(SOUND) // 2],
    "an archive": packed({"readme.txt": b"hello"}),
    "ods": packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "one name twice": twice(),
    "a bomb": changed(SOUND, {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 3 * 2**20 + b"</a>"}),
    "no content types": packed({"xl/workbook.xml": b"<workbook/>"}),
    "no workbook": packed({"[Content_Types].xml": b"<Types/>"}),
    "broken xml": changed(SOUND, {"xl/workbook.xml": b"<workbook"}),
    "a sheet that is missing": changed(SOUND, {"xl/worksheets/sheet3.xml": None}),
    "an entity in a sheet": changed(
        SOUND, {"xl/worksheets/sheet3.xml": replaced(_DECLARATION, _DECLARATION + _ENTITY)}
    ),
    "an entity in the book": changed(SOUND, {"xl/workbook.xml": replaced(_DECLARATION, _DECLARATION + _ENTITY)}),
    "an entity in the strings": changed(
        SOUND, {"xl/sharedStrings.xml": replaced(_DECLARATION, _DECLARATION + _ENTITY)}
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_end_in_one_line(name: str) -> None:
    read = read_inputs(HOSTILE[name])
    stopped = [issue for issue in read.issues if issue.severity == "stop"]
    assert len(stopped) == 1
    assert cascade(HOSTILE[name]).data is None


@pytest.mark.parametrize("seed", range(8))
def test_mutants_never_raise_and_end_soon(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(25):
        mutant = bytearray(SOUND)
        for at in rng.integers(len(mutant), size=int(rng.integers(1, 8))):
            mutant[at] = int(rng.integers(256))
        before = time.process_time()  # the clock says more about what else the machine does
        cascade(bytes(mutant))
        assert time.process_time() - before < 10


@pytest.mark.parametrize("seed", range(8))
def test_mutated_xml_never_raises(seed: int) -> None:
    rng = np.random.default_rng(seed)
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(12):
        name = list(parts)[int(rng.integers(len(parts)))]
        mutant = bytearray(parts[name])
        for at in rng.integers(len(mutant), size=int(rng.integers(1, 4))):
            mutant[at] = int(rng.choice([60, 62, 34, 48, 57, 45, 0, 255]))
        cascade(packed({**parts, name: bytes(mutant)}))
