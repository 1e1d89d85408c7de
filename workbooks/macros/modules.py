"""The macros' source text.

Owns: which modules there are, and reading them from the package.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

MODULES = ("TargetsButtons", "TargetsRun", "TargetsCalc")
"""Names of the modules, as macros refer to them."""

FLAGGED = (
    "Shell", "WScript.Shell", "run", "command", "applescript", "CreateObject", "Environ", "open", "put", "Output",
    "Print #", "Kill", "WriteText", "MkDir", "CreateTextFile", "Write", "ExpandEnvironmentStrings", "Chr", "ChrW",
    "Hex Strings", "Base64 Strings",
)  # fmt: skip
"""What olevba, which many scanners build on, calls suspicious in them; tests hold this list to what it says."""


@cache
def module_sources() -> dict[str, str]:
    """Return name → source text, without the line that names the module."""
    folder = files("workbooks.macros.sources")
    return {name: (folder / f"{name}.bas").read_text(encoding="ascii") for name in MODULES}


def exported(name: str) -> bytes:
    """Return a module as a .bas file that Excel's editor imports."""
    text = f'Attribute VB_Name = "{name}"\n{module_sources()[name]}'
    return text.replace("\n", "\r\n").encode("ascii")


def workbook_source() -> str:
    """Return the source behind the workbook itself."""
    return (files("workbooks.macros.sources") / "ThisWorkbook.cls").read_text(encoding="ascii")


def line_count() -> int:
    """Return how many lines of code all macros of a workbook have, comments and blank lines left out."""
    lines = "\n".join([*module_sources().values(), workbook_source()]).split("\n")
    return sum(bool(line.strip()) and not line.strip().startswith("'") for line in lines)
