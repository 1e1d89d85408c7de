"""Bytes that mean harm, or nothing: one line, never an exception."""

from __future__ import annotations

import io
import time
import zipfile

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


HOSTILE = {
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
        before = time.monotonic()
        cascade(bytes(mutant))
        assert time.monotonic() - before < 10


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
