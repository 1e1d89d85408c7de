"""What is said about a laptop, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbooks.doctor import calc_security, examine, macro_security, programs, self_test
from workbooks.it_text import it_text


def found(environment: dict[str, str], home: Path, platform: str) -> dict[str, tuple[bool, str]]:
    return {each.what: (each.is_good, each.advice) for each in examine(environment, home, platform)}


def test_a_missing_note_is_said_with_the_command_that_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    is_good, advice = found({}, tmp_path, "linux")["Command for buttons"]
    assert not is_good
    assert "macros install" in advice


def test_a_note_of_a_command_that_has_moved_is_said(tmp_path: Path) -> None:
    note = tmp_path / "target-cascade" / "command.txt"
    note.parent.mkdir()
    note.write_text("/gone/targets\n", encoding="utf-8")
    is_good, advice = found({"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path, "linux")["Command for buttons"]
    assert (is_good, "again" in advice) == (False, True)
    note.write_text(f"{note}\n", encoding="utf-8")
    assert found({"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path, "linux")["Command for buttons"] == (True, "")


def test_a_mac_without_the_script_is_told(tmp_path: Path) -> None:
    is_good, advice = found({}, tmp_path, "darwin")["Script for Excel"]
    assert (is_good, "macros install" in advice) == (False, True)


@pytest.mark.parametrize(
    ("policy", "own", "is_good", "words"),
    [
        (None, None, True, "until you press Enable Content (your setting)"),
        (None, 1, True, "all macros run (your setting)"),
        (3, 1, False, "only signed macros run (set by your firm)"),
        (4, None, False, "no macros run, without a question (set by your firm)"),
    ],
)
def test_macro_security_is_said_as_excel_acts_on_it(
    policy: int | None, own: int | None, is_good: bool, words: str
) -> None:
    def value_of(key: str, name: str) -> int | None:
        return None if name != "VBAWarnings" else policy if "Policies" in key else own

    finding = macro_security(value_of)
    assert (finding.is_good, words in finding.found) == (is_good, True)
    assert bool(finding.advice) is not is_good


@pytest.mark.parametrize(("level", "is_good"), [("", False), ("0", True), ("1", True), ("2", False), ("3", False)])
def test_what_libreoffice_does_with_macros_is_read_from_its_settings(tmp_path: Path, level: str, is_good: bool) -> None:
    kept = tmp_path / ".config/libreoffice/4/user/registrymodifications.xcu"
    kept.parent.mkdir(parents=True)
    item = f'<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>{level}</value></prop>' if level else ""
    kept.write_text(
        f'<item oor:path="/org.openoffice.Office.Common/Security/Scripting">{item}</item>', encoding="utf-8"
    )
    finding = calc_security({}, tmp_path, "linux")
    assert (finding.is_good, "Medium" in finding.advice) == (is_good, not is_good)


def test_excel_is_found_where_windows_lists_it_with_its_version() -> None:
    listed = {"": r'"D:\Office\EXCEL.EXE"', "VersionToReport": "16.0.17928.20156"}
    finding = programs("win32", lambda key, name: listed[name])
    assert (finding.is_good, r"D:\Office\EXCEL.EXE 16.0.17928.20156" in finding.found) == (True, True)


def test_libreoffice_is_named_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    (tmp_path / "bootstraprc").write_text("[Bootstrap]\nProductKey=LibreOffice 24.8\n", encoding="ascii")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs("linux", lambda key, name: "").found == f"{program} 24.8"


def test_a_folder_in_which_the_note_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    findings = found({"XDG_CONFIG_HOME": str(blocked)}, tmp_path, "linux")
    assert findings["Folder for the note"][0]
    if os.geteuid() == 0:
        blocked = Path("/proc")  # where not even an administrator makes files
    else:
        blocked.chmod(0o500)
    assert not found({"XDG_CONFIG_HOME": str(blocked)}, tmp_path, "linux")["Folder for the note"][0]


def test_the_self_test_cascades_a_plan() -> None:
    assert self_test().is_good


def test_the_text_for_it_names_what_runs_and_what_is_written(tmp_path: Path) -> None:
    text = it_text({"APPDATA": "/roaming"}, tmp_path)
    for words in ("WScript.Shell", "targets-*", "/roaming/target-cascade/command.txt", "Trusted Locations"):
        assert words in text
