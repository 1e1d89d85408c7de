"""What a laptop needs for buttons in Excel, looked at piece by piece.

Owns: what is looked at, and what to do about each finding.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from solver.frozen import frozen
from workbooks.macros.install import STORE_PYTHON, command_note, is_store_python, noted_command, this_command
from workbooks.version import __version__

OLDEST = (3, 11)
_OFFICE = {
    "darwin": ("/Applications/Microsoft Excel.app", "/Applications/LibreOffice.app"),
    "win32": (
        r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
        r"C:\Program Files (x86)\Microsoft Office\root\Office16\EXCEL.EXE",
        r"C:\Program Files\LibreOffice\program\soffice.exe",
    ),
}
_SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
_POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_WARNINGS = {
    1: "all macros run",
    2: "macros are off until you press Enable Content",
    3: "only signed macros run",
    4: "no macros run, without a question",
}


@frozen
class Finding:
    """One thing looked at. is_good : nothing to do; advice : what to do, else ""."""

    what: str
    found: str
    is_good: bool = True
    advice: str = ""


def examine(environment: Mapping[str, str], home: Path, platform_name: str) -> Iterator[Finding]:
    """Yield what is found, one after the other: the last ones take a moment."""
    yield _python()
    yield _programs(platform_name)
    if platform_name in ("win32", "darwin"):
        yield _xlwings()
    yield _command(environment, home)
    if platform_name == "darwin":
        yield _mac_script(home)
    if platform_name == "win32":
        yield macro_security(_registry_value)
        yield _add_in(environment)
    yield _temporary_folder()
    yield self_test()


def _python() -> Finding:
    if getattr(sys, "frozen", False):
        return Finding("Python", f"inside the executable, version {platform.python_version()}")
    if is_store_python(sys.base_prefix):
        return Finding("Python", f"{platform.python_version()}, of the Microsoft Store", False, STORE_PYTHON)
    good = sys.version_info[:2] >= OLDEST
    return Finding("Python", platform.python_version(), good, "" if good else "Install Python 3.11 or later.")


def _programs(platform_name: str) -> Finding:
    found = [path for path in _OFFICE.get(platform_name, ()) if Path(path).exists()]
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    found += [soffice] if soffice and soffice not in found else []
    advice = "" if found else "Install Excel or LibreOffice Calc; targets itself works on closed files without either."
    return Finding("Spreadsheet program", ", ".join(found) or "none found", bool(found), advice)


def _xlwings() -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Finding("xlwings", version("xlwings"))
    except PackageNotFoundError:
        return Finding("xlwings", "not installed", is_good=False, advice="pip install 'target-cascade[excel]'")


def _command(environment: Mapping[str, str], home: Path) -> Finding:
    note = command_note(environment, home)
    noted = noted_command(environment, home)
    on_path = shutil.which("targets") or ""
    if noted and Path(noted).exists():
        return Finding("Command for buttons", f"{noted}, noted in {note}")
    if noted:
        advice = "It has moved: run targets macros install again."
        return Finding("Command for buttons", f"{noted} is noted, but not there", is_good=False, advice=advice)
    if on_path:
        return Finding("Command for buttons", f"{on_path}, the first on the PATH")
    advice = f"Run {this_command() or 'targets'} macros install once, or type its path into the sheet Control."
    return Finding("Command for buttons", "neither noted nor on the PATH", is_good=False, advice=advice)


def _mac_script(home: Path) -> Finding:
    script = home / "Library/Application Scripts/com.microsoft.Excel/Targets.applescript"
    advice = "" if script.exists() else "Run targets macros install: Excel on a Mac starts nothing without this script."
    return Finding("Script for Excel", str(script) if script.exists() else "not there", script.exists(), advice)


def macro_security(value_of: Callable[[str, str], int | None]) -> Finding:
    """Return what Excel does with macros.

    Parameters
    ----------
    value_of : a number in the user's registry by key and name, None where it is not set
    """
    policy, own = value_of(_POLICY, "VBAWarnings"), value_of(_SECURITY, "VBAWarnings")
    level = policy if policy is not None else own if own is not None else 2
    who = "set by your firm" if policy is not None else "your setting"
    good = level in (1, 2)
    advice = "" if good else "Ask IT for a trusted location for plan workbooks: targets doctor --it prints a text."
    if value_of(_POLICY, "blockcontentexecutionfrominternet") == 1 and good:
        advice = "Files from mail or the web stay blocked: save them, then Properties, Unblock."
    return Finding("Macro security", f"{_WARNINGS.get(level, str(level))} ({who})", good, advice)


def _registry_value(key: str, name: str) -> int | None:
    try:
        winreg = import_module("winreg")  # there on Windows alone
    except ImportError:
        return None
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return int(winreg.QueryValueEx(opened, name)[0])
    except (OSError, ValueError):
        return None


def _add_in(environment: Mapping[str, str]) -> Finding:
    folder = Path(environment.get("APPDATA", "")) / "Microsoft" / "AddIns"
    there = (folder / "Targets.xlam").exists()
    return Finding("Add-in", str(folder / "Targets.xlam") if there else "not installed; buttons on Control need none")


def _temporary_folder() -> Finding:
    try:
        with tempfile.TemporaryDirectory(prefix="targets-") as folder:
            (Path(folder) / "test.txt").write_text("test", encoding="ascii")
        return Finding("Temporary folder", tempfile.gettempdir())
    except OSError as failed:
        advice = "Set TEMP (Windows) or TMPDIR to a folder that you may write to."
        return Finding("Temporary folder", str(failed), is_good=False, advice=advice)


def self_test() -> Finding:
    """Return whether the example plan cascades, and its answer is certified."""
    from workbooks.run import cascade
    from workbooks.template.blank import blank_workbook

    outcome = cascade(blank_workbook()).outcome
    if outcome is not None and outcome.certificate.holds and outcome.targets.met.all():
        return Finding("Self-test", "the example plan cascades, and its certificate holds")
    advice = "Install target-cascade anew; if that does not help, send us this page."
    return Finding("Self-test", "the example plan does not cascade", is_good=False, advice=advice)


def it_text(environment: Mapping[str, str], home: Path) -> str:
    """Return a text for the IT department: what runs, what it touches, what to allow."""
    command = this_command() or "targets"
    return f"""target-cascade {__version__} on {platform.platform()}

What it is: a Python program ({command}) that reads a planning workbook, solves it on this computer, and writes result
sheets into it. It has no service, no driver and no network traffic of its own, and needs no administrator.

What runs: workbooks with the sheet Control hold a VBA project of about 400 lines, without automatic macros. A click
starts the program above with the path of a request file in the temporary folder (WScript.Shell.Run on Windows,
AppleScriptTask on a Mac) and waits. The program talks to the running Excel by COM (Windows) or Apple events (Mac).

What it writes: the open workbook; a folder targets-* in the temporary folder, removed after each click; the file
{command_note(environment, home)}, which holds the path of the program.

What scanners may say: "Shell", "WScript.Shell", "CreateObject": one call, in the module TargetsRun. The source text is
written by: targets macros export FOLDER

What to allow: the program by its path or hash (or its publisher, where you sign it); macros in one trusted location
for plan workbooks (Trust Center, Trusted Locations), or sign the VBA project with your own certificate.
"""


def here() -> tuple[Mapping[str, str], Path, str]:
    """Return the environment, home and platform of this process."""
    return os.environ, Path.home(), sys.platform
