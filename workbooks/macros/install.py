"""What macros need once per user: where the command is, and on a Mac the script that Excel may start.

Owns: the two files. No rights of an administrator, and nothing in Excel itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

_MAC_SCRIPT = "Targets.applescript"
_MAC_FOLDER = "Library/Application Scripts/com.microsoft.Excel"


def command_note(environment: Mapping[str, str], home: Path) -> Path:
    """Return the file in which macros look for the command."""
    if appdata := environment.get("APPDATA"):
        return Path(appdata) / "target-cascade" / "command.txt"
    folder = environment.get("XDG_CONFIG_HOME")
    return (Path(folder) if folder else home / ".config") / "target-cascade" / "command.txt"


def this_command() -> Path | None:
    """Return the command that is running, as a file that a macro can start; None where it is none."""
    import shutil

    if getattr(sys, "frozen", False):
        return Path(sys.executable).absolute()
    started = Path(sys.argv[0])
    if started.stem.casefold() == "targets" and started.exists():
        return started.absolute()
    beside = Path(sys.executable).with_name("targets.exe" if os.name == "nt" else "targets")
    if beside.exists():
        return beside
    found = shutil.which("targets")
    return Path(found).absolute() if found else None


def install(command: Path, environment: Mapping[str, str], home: Path, platform: str) -> list[Path]:
    """Write what macros need, and return the files.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    note = command_note(environment, home)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{command}\n", encoding="utf-8")
    written = [note]
    if platform == "darwin":
        script = home / _MAC_FOLDER / _MAC_SCRIPT
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_bytes((files("workbooks.macros.sources") / _MAC_SCRIPT).read_bytes())
        written.append(script)
    return written
