"""What macros need once per user: where the command is, and on a Mac the script that Excel may start.

Owns: the two files. No rights of an administrator, and nothing in Excel itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from workbooks.click.lines import escaped, unescaped

_MAC_SCRIPT = "Targets.applescript"
_PLAIN_NOTE = "command-plain.txt"
"""The same for the script on a Mac, which undoes no escapes and reads UTF-8."""
_MAC_FOLDER = "Library/Application Scripts/com.microsoft.Excel"


def command_note(environment: Mapping[str, str], home: Path) -> Path:
    """Return the file in which macros look for the command."""
    if appdata := environment.get("APPDATA"):
        return Path(appdata) / "target-cascade" / "command.txt"
    folder = environment.get("XDG_CONFIG_HOME")
    return (Path(folder) if folder else home / ".config") / "target-cascade" / "command.txt"


def noted_command(environment: Mapping[str, str], home: Path) -> str:
    """Return the command that macros find noted, "" where none is."""
    note = command_note(environment, home)
    return unescaped(note.read_text(encoding="utf-8", errors="replace").strip()) if note.is_file() else ""


def is_store_python(base: str) -> bool:
    """Whether a Python comes from the Microsoft Store, which hides the files it writes from other programs.

    Parameters
    ----------
    base : the folder of the Python itself, ``sys.base_prefix``
    """
    return "windowsapps" in base.casefold() or "pythonsoftwarefoundation" in base.casefold()


STORE_PYTHON = (
    "This is the Python of the Microsoft Store: Windows hides what it writes from Excel. Install the one of python.org "
    "(no administrator is needed), then target-cascade with it."
)


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
    note.write_text(f"{escaped(str(command))}\n", encoding="ascii")
    written = [note]
    if platform == "darwin":
        plain = note.with_name(_PLAIN_NOTE)
        plain.write_text(f"{command}\n", encoding="utf-8")
        written.append(plain)
        script = home / _MAC_FOLDER / _MAC_SCRIPT
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_bytes((files("workbooks.macros.sources") / _MAC_SCRIPT).read_bytes())
        written.append(script)
    return written
