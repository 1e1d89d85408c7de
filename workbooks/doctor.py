"""What a laptop needs for buttons in Excel, looked at piece by piece.

Owns: what is looked at, and what to do about each finding.
"""

from __future__ import annotations

import os
import platform
import plistlib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from solver.frozen import frozen
from workbooks.macros.install import STORE_PYTHON, command_note, is_store_python, noted_command, this_command

OLDEST = (3, 11)
_OFFICE = {
    "darwin": ("/Applications/Microsoft Excel.app", "/Applications/LibreOffice.app"),
    "win32": (
        r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
        r"C:\Program Files (x86)\Microsoft Office\root\Office16\EXCEL.EXE",
        r"C:\Program Files\LibreOffice\program\soffice.exe",
    ),
}
_EXCEL_KEYS = (r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe",)
_CLICK_TO_RUN = r"Software\Microsoft\Office\ClickToRun\Configuration"
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
    yield programs(platform_name, _registry_text)
    if platform_name in ("win32", "darwin"):
        yield _xlwings()
    yield _command(environment, home)
    if platform_name == "darwin":
        yield _mac_script(home)
    yield calc_security(environment, home, platform_name)
    if platform_name == "win32":
        yield macro_security(_registry_value)
        yield _add_in(environment)
    yield _writable("Folder for the note", _first_there(command_note(environment, home).parent))
    yield _writable("Current folder", Path.cwd())
    yield _temporary_folder()
    yield self_test()


def _python() -> Finding:
    if getattr(sys, "frozen", False):
        return Finding("Python", f"inside the executable, version {platform.python_version()}")
    if is_store_python(sys.base_prefix):
        return Finding("Python", f"{platform.python_version()}, of the Microsoft Store", False, STORE_PYTHON)
    good = sys.version_info[:2] >= OLDEST
    return Finding("Python", platform.python_version(), good, "" if good else "Install Python 3.11 or later.")


def programs(platform_name: str, text_of: Callable[[str, str], str]) -> Finding:
    """Return which spreadsheet programs there are, with their versions where they say so.

    Parameters
    ----------
    text_of : a text in the registry by key and name, "" where it is not there
    """
    found = [path for path in _OFFICE.get(platform_name, ()) if Path(path).exists()]
    listed = next((each for key in _EXCEL_KEYS if (each := text_of(key, "").strip('"'))), "")
    found += [listed] if listed and listed.casefold() not in (each.casefold() for each in found) else []
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    found += [soffice] if soffice and soffice not in found else []
    words = [f"{each} {_version_of(each, text_of)}".strip() for each in found]
    advice = "" if found else "Install Excel or LibreOffice Calc; targets itself works on closed files without either."
    return Finding("Spreadsheet program", ", ".join(words) or "none found", bool(found), advice)


def _version_of(program: str, text_of: Callable[[str, str], str]) -> str:
    """Return the version of a spreadsheet program, "" where it does not say; no program is started for that."""
    if program.casefold().endswith("excel.exe"):
        return text_of(_CLICK_TO_RUN, "VersionToReport")
    if program.endswith(".app"):
        with suppress(OSError, ValueError, KeyError):
            return str(
                plistlib.loads((Path(program) / "Contents/Info.plist").read_bytes())["CFBundleShortVersionString"]
            )
        return ""
    for each in ("bootstrap.ini", "bootstraprc"):
        with suppress(OSError):
            text = Path(program).resolve().with_name(each).read_text(encoding="utf-8", errors="replace")
            if version := re.search(r"^ProductKey=\D*(\S+)", text, re.MULTILINE):
                return version.group(1)
    return ""


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


def _registry_text(key: str, name: str) -> str:
    """Return a value of the user's registry, else of the computer's; "" where neither has it."""
    try:
        winreg = import_module("winreg")  # there on Windows alone
    except ImportError:
        return ""
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        with suppress(OSError), winreg.OpenKey(root, key) as opened:
            return str(winreg.QueryValueEx(opened, name)[0])
    return ""


def _registry_value(key: str, name: str) -> int | None:
    text = _registry_text(key, name)
    return int(text) if text.isdecimal() else None


def _add_in(environment: Mapping[str, str]) -> Finding:
    folder = Path(environment.get("APPDATA", "")) / "Microsoft" / "AddIns"
    there = (folder / "Targets.xlam").exists()
    return Finding("Add-in", str(folder / "Targets.xlam") if there else "not installed; buttons on Control need none")


_CALC_PROFILES = {
    "win32": "AppData/Roaming/LibreOffice/4/user",
    "darwin": "Library/Application Support/LibreOffice/4/user",
    "linux": ".config/libreoffice/4/user",
}
_CALC_LEVELS = {
    0: "all macros run",
    1: "macros are asked about for each workbook",
    2: "only signed macros and trusted folders run",
    3: "only trusted folders run",
}


def calc_security(environment: Mapping[str, str], home: Path, platform_name: str) -> Finding:
    """Return what LibreOffice does with macros: it keeps nothing where its own setting stands, which is level 2."""
    profile = home / _CALC_PROFILES.get(platform_name, _CALC_PROFILES["linux"])
    if platform_name == "win32" and environment.get("APPDATA"):
        profile = Path(environment["APPDATA"]) / "LibreOffice/4/user"
    try:
        settings = (profile / "registrymodifications.xcu").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return Finding("Macros in LibreOffice", "LibreOffice has not been started by this user")
    kept = re.search(r'oor:name="MacroSecurityLevel"[^>]*><value>(\d)', settings)
    level = int(kept.group(1)) if kept else 2
    advice = (
        "" if level < 2 else "Tools, Options, LibreOffice, Security, Macro Security: Medium, or a trusted location."
    )
    return Finding("Macros in LibreOffice", _CALC_LEVELS.get(level, str(level)), level < 2, advice)


def _first_there(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that exists."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)


def _writable(what: str, folder: Path) -> Finding:
    """Return whether files can be made in a folder."""
    try:
        with tempfile.NamedTemporaryFile(prefix="targets-", dir=folder):
            return Finding(what, str(folder))
    except OSError as failed:
        return Finding(what, f"{folder}: {failed.strerror or failed}", False, "Get the right to write there.")


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


def here() -> tuple[Mapping[str, str], Path, str]:
    """Return the environment, home and platform of this process."""
    return os.environ, Path.home(), sys.platform
