"""What the script for Excel on a Mac does in the shell, with a shell; AppleScript itself is not here to be run."""

from __future__ import annotations

import re
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from workbooks.macros.install import install

SCRIPT = (files("workbooks.macros.sources") / "Targets.applescript").read_text(encoding="ascii")


def shell(name: str, *words: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the script as AppleScript would hand it to the shell, with a path of our own."""
    (written,) = re.findall(rf'^property {name} : "(.*)"$', SCRIPT, re.MULTILINE)
    line = re.sub(r"\\(.)", r"\1", written)
    held = {"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin", **environment}
    return subprocess.run(["sh", "-c", line, name, *words], capture_output=True, text=True, env=held, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a command in it, and in the place of macOS's alerts a program that writes down what it is to show."""
    for name, text in (
        ("tools ü/targets", 'echo "said of $2" >&2\nexit "$STATUS"\n'),
        ("bin/osascript", f'for word; do :; done\nprintf %s "$word" > "{tmp_path}/shown"\n'),
    ):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
        path.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("environment", [{}, {"XDG_CONFIG_HOME": "configuration"}])
def test_the_noted_command_is_found_wherever_it_was_noted(home: Path, environment: dict[str, str]) -> None:
    held = {name: str(home / folder) for name, folder in environment.items()}
    command = home / "tools ü/targets"
    install(command, held, home, "darwin")
    assert shell("finding", "targets", home=home, **held).stdout == str(command)


def test_a_command_that_is_not_there_is_said_before_anything_is_started(home: Path) -> None:
    for asked in ("targets", "/nowhere/targets"):
        done = shell("finding", asked, home=home)
        assert (done.returncode, done.stderr.strip()[:11]) == (1, "the command")
    assert shell("finding", str(home / "tools ü/targets"), home=home).returncode == 0


@pytest.mark.parametrize(
    ("status", "request_line", "is_shown"),
    [(0, "", False), (3, "", False), (1, "", True), (70, "", True), (127, "", True), (0, "tell=always", True)],
)
def test_what_control_cannot_show_is_shown_and_no_file_is_left(
    home: Path, status: int, request_line: str, *, is_shown: bool
) -> None:
    request = home / "request"
    request.write_text(f"verb=check\n{request_line}\n", encoding="ascii")
    shell("clicking", str(home / "tools ü/targets"), str(request), home=home, STATUS=str(status))
    shown = home / "shown"
    assert shown.exists() == is_shown
    assert not is_shown or shown.read_text(encoding="utf-8") == f"said of {request}"
    assert sorted(each.name for each in home.iterdir() if each != shown) == ["bin", "tools ü"]
