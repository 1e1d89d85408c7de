"""A VBA project is what MS-OVBA and MS-CFB say, field by field, and other people's readers agree."""

from __future__ import annotations

import random
import warnings

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workbooks.vba.streams import Bytes, CompoundFile, decompressed, unhidden
from workbooks.vba.compound import compound_file
from workbooks.vba.compression import compress
from workbooks.vba.project import vba_project

LONG = "\n".join(f"' line {number} says something of its own: {number * 7919}" for number in range(600))
MODULES = {"Buttons": "Option Explicit\n\nPublic Sub Press()\nEnd Sub\n", "Long": LONG}
SHEETS = {"Sheet1": "worksheet", "Chart1": "chartsheet"}
DOCUMENTS = ["ThisWorkbook", *SHEETS]


@pytest.fixture(scope="module")
def project() -> bytes:
    return vba_project(MODULES, SHEETS)


@pytest.fixture(scope="module")
def streams(project: bytes) -> dict[str, bytes]:
    file = CompoundFile(project)
    top = file.held(file.root)
    assert set(top) == {"VBA", "PROJECT", "PROJECTwm"}
    inner = file.held(top["VBA"])
    found = {name: file.content(entry) for name, entry in inner.items()}
    return found | {name: file.content(top[name]) for name in ("PROJECT", "PROJECTwm")}


def test_the_same_sources_give_the_same_bytes(project: bytes) -> None:
    assert vba_project(MODULES, SHEETS) == project
    assert vba_project({**MODULES, "More": ""}, SHEETS) != project


def test_the_version_stream_says_that_there_is_no_cache(streams: dict[str, bytes]) -> None:
    version = Bytes(streams["_VBA_PROJECT"])
    assert version.number(2) == 0x61CC
    assert version.number(2) == 0xFFFF  # the version of no Office: every Office compiles anew
    assert version.number(1) == 0
    version.take(2)
    assert version.is_done


def test_the_directory_holds_each_record_of_the_standard_in_its_order(streams: dict[str, bytes]) -> None:
    directory = Bytes(decompressed(streams["dir"]))
    assert directory.record(0x01) == b"\1\0\0\0"
    assert directory.record(0x02) == directory.record(0x14) == b"\x09\x04\0\0"
    assert directory.record(0x03) == (1252).to_bytes(2, "little")
    assert directory.record(0x04) == b"TargetCascade"
    assert directory.text(0x05, 0x40) == ""
    assert directory.record(0x06) == directory.record(0x3D) == b""
    assert directory.record(0x07) == directory.record(0x08) == bytes(4)
    assert (directory.number(2), directory.number(4)) == (0x09, 4)
    assert (directory.number(4), directory.number(2)) == (1, 1)
    assert directory.text(0x0C, 0x3C) == ""
    assert directory.text(0x16, 0x3E) == "stdole"
    registered = Bytes(directory.record(0x0D))
    assert registered.take(registered.number(4)).startswith(b"*\\G{00020430-0000-0000-C000-000000000046}#2.0#0#")
    assert registered.take(6) == bytes(6)
    assert registered.is_done
    count = int.from_bytes(directory.record(0x0F), "little")
    directory.record(0x13)
    modules = [_module(directory) for _ in range(count)]
    assert modules == [*((name, True) for name in DOCUMENTS), *((name, False) for name in MODULES)]
    assert (directory.number(2), directory.number(4)) == (0x10, 0)
    assert directory.is_done


def _module(directory: Bytes) -> tuple[str, bool]:
    name = directory.text(0x19, 0x47)
    assert directory.text(0x1A, 0x32) == name
    assert directory.text(0x1C, 0x48) == ""
    assert directory.record(0x31) == bytes(4)  # the source starts at the first byte of the stream
    assert directory.record(0x1E) == bytes(4)
    assert directory.record(0x2C) == b"\xff\xff"
    kind = directory.number(2)
    assert kind in (0x21, 0x22)
    assert directory.number(4) == 0
    assert (directory.number(2), directory.number(4)) == (0x2B, 0)
    return name, kind == 0x22


def test_every_module_stream_is_its_source(streams: dict[str, bytes]) -> None:
    for name, source in MODULES.items():
        lines = decompressed(streams[name]).decode("cp1252").split("\r\n")
        assert lines[0] == f'Attribute VB_Name = "{name}"'
        assert "\n".join(lines[1:]).strip() == source.strip()
    for name, base in zip(DOCUMENTS, ["00020819", "00020820", "00020821"], strict=True):
        text = decompressed(streams[name]).decode("cp1252")
        assert f'Attribute VB_Base = "0{{{base}-0000-0000-C000-000000000046}}"\r\n' in text
        assert "Attribute VB_PredeclaredId = True\r\n" in text


def test_the_project_stream_names_every_module_and_is_not_protected(streams: dict[str, bytes]) -> None:
    head, host, workspace = streams["PROJECT"].decode("cp1252").split("\r\n\r\n")
    lines = head.split("\r\n")
    values = dict(line.split("=", 1) for line in lines if not line.startswith(("Document", "Module")))
    project_id = values["ID"].strip('"')
    assert [line for line in lines if line.startswith("Document")] == [
        f"Document={name}/&H00000000" for name in DOCUMENTS
    ]
    assert [line for line in lines if line.startswith("Module")] == [f"Module={name}" for name in MODULES]
    assert values["Name"] == '"TargetCascade"'
    assert unhidden(values["CMG"].strip('"'), project_id) == bytes(4)
    assert unhidden(values["DPB"].strip('"'), project_id) == b"\0"
    assert unhidden(values["GC"].strip('"'), project_id) == b"\xff"
    assert host.startswith("[Host Extender Info]\r\n&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;")
    assert [line.split("=")[0] for line in workspace.split("\r\n")[1:-1]] == [*DOCUMENTS, *MODULES]


def test_the_name_map_holds_each_name_twice(streams: dict[str, bytes]) -> None:
    expected = b"".join(
        name.encode("cp1252") + b"\0" + name.encode("utf-16-le") + b"\0\0" for name in (*DOCUMENTS, *MODULES)
    )
    assert streams["PROJECTwm"] == expected + b"\0\0"


@pytest.mark.parametrize(
    ("name", "page"),
    [("Tabelle1", 1252), ("Лист1", 1251), ("Φύλλο1", 1253), ("Çalışma1", 1254), ("工作表1", 932), ("시트1", 949)],
)
def test_names_of_other_alphabets_are_written_in_a_code_page_that_has_them(name: str, page: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # oletools uses names that its own parser has given up
        from oletools.olevba import VBA_Parser

        parser = VBA_Parser("vbaProject.bin", data=vba_project(MODULES, {name: "worksheet"}))
        found = {stream: source for _, stream, _, source in parser.extract_macros()}
        parser.close()
    assert f'Attribute VB_Name = "{name}"' in found[f"VBA/{name}"]
    file = CompoundFile(vba_project(MODULES, {name: "worksheet"}))
    held = file.held(file.root)
    directory = decompressed(file.content(file.held(held["VBA"])["dir"]))
    assert b"\x03\0\x02\0\0\0" + page.to_bytes(2, "little") in directory
    encoded = name.encode(f"cp{page}")
    assert b"\x19\0" + len(encoded).to_bytes(4, "little") + encoded in directory
    assert b"Document=" + encoded + b"/" in file.content(held["PROJECT"])
    assert encoded + b"\0" + name.encode("utf-16-le") in file.content(held["PROJECTwm"])


def test_olefile_finds_no_defect(project: bytes) -> None:
    with olefile.OleFileIO(project, raise_defects=olefile.DEFECT_POTENTIAL) as file:
        assert not file.parsing_issues
        assert ["VBA", "dir"] in file.listdir()


@given(data=st.binary(max_size=300) | st.text(alphabet="ab \r\n", max_size=12_000).map(str.encode))
@settings(max_examples=60, deadline=None)
def test_what_is_compressed_comes_back(data: bytes) -> None:
    assert decompressed(compress(data)) == data


def test_full_chunks_that_do_not_get_smaller_are_stored_as_they_are() -> None:
    noise = random.Random(1).randbytes(8192)  # noise, not a secret
    assert decompressed(compress(noise)) == noise
    with pytest.raises(ValueError, match="cannot be stored raw"):
        compress(noise[:4000])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 30])
def test_a_storage_of_any_size_is_a_sorted_balanced_tree(count: int) -> None:
    contents = {f"{'n' * (number % 5)}{number}": bytes([number]) * (number * 700) for number in range(count)}
    file = CompoundFile(compound_file({"inner": contents}))
    inner = file.held(file.held(file.root)["inner"])
    assert {name: file.content(entry) for name, entry in inner.items()} == contents
