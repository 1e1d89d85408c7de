"""The files that macros need once per user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbooks.command.click import click as click_command
from workbooks.command.macros import macros
from workbooks.doctor import examine
from workbooks.macros.install import command_note, install, noted_command


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"APPDATA": "/roaming"}, "/roaming/target-cascade/command.txt"),
        ({"XDG_CONFIG_HOME": "/config"}, "/config/target-cascade/command.txt"),
        ({}, "/home/me/.config/target-cascade/command.txt"),
    ],
)
def test_the_note_lies_where_each_system_keeps_settings(environment: dict[str, str], expected: str) -> None:
    assert command_note(environment, Path("/home/me")) == Path(expected)


def test_installing_notes_the_command(tmp_path: Path) -> None:
    (note,) = install(Path("/opt/targets"), {}, tmp_path, "linux")
    assert note.read_text(encoding="ascii") == "/opt/targets\n"


def test_on_a_mac_the_script_comes_into_the_folder_that_excel_may_use(tmp_path: Path) -> None:
    written = install(Path("/opt/targets"), {}, tmp_path, "darwin")
    script = tmp_path / "Library/Application Scripts/com.microsoft.Excel/Targets.applescript"
    assert script in written
    assert "on runTargets(" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["C:\\Users\\Jürgen Groß\\targets.exe", "/Users/Łukasz/表/targets"])
def test_a_command_below_any_user_s_name_is_noted_in_ascii_and_read_back(tmp_path: Path, command: str) -> None:
    note = install(Path(command), {}, tmp_path, "darwin")[0]
    assert note.read_bytes().isascii()
    assert noted_command({}, tmp_path) == command
    assert note.with_name("command-plain.txt").read_text(encoding="utf-8") == f"{command}\n"


def test_the_python_of_the_store_is_refused_since_excel_does_not_see_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(
        "sys.base_prefix",
        r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.1008.0_x64__qbz5n2kfra8p0",
    )
    done = CliRunner().invoke(macros, ["install"], standalone_mode=False)
    assert (done.return_value, list(tmp_path.iterdir())) == (1, [])
    assert "python.org" in done.output
    python = next(each for each in examine({}, tmp_path, "win32") if each.what == "Python")
    assert not python.is_good


def test_the_command_starts_without_a_path_to_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "workbooks", "macros", "install"],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "APPDATA": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "Buttons will start" in done.stdout) == (0, True), done.stderr


def test_a_click_that_names_no_file_for_its_answer_says_what_is_wrong(tmp_path: Path) -> None:
    request = tmp_path / "request.txt"
    request.write_text("verb=no such verb\nbook=/nowhere/plan.xlsx\n", encoding="ascii")
    done = CliRunner().invoke(click_command, [str(request)], standalone_mode=False)
    assert (done.return_value, done.stdout) == (1, "")
    assert "not open in Excel" in done.stderr
