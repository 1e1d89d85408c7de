"""The files that macros need once per user."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbooks.macros.install import command_note, install


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
    assert note.read_text(encoding="utf-8") == "/opt/targets\n"


def test_on_a_mac_the_script_comes_into_the_folder_that_excel_may_use(tmp_path: Path) -> None:
    written = install(Path("/opt/targets"), {}, tmp_path, "darwin")
    script = tmp_path / "Library/Application Scripts/com.microsoft.Excel/Targets.applescript"
    assert script in written
    assert "on runTargets(" in script.read_text(encoding="utf-8")
