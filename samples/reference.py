"""The reference page, made from what the engine reads and says: ``python -m samples.reference``.

Owns: its layout. Every word about a column, a setting or a code stands where the engine itself uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

from engine.codes import CODES
from engine.fields import SETTINGS, TABLES, Field, Setting, Table
from engine.issues import Severity

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"

_SEVERITIES = {
    Severity.STOP: "stops the run; nothing is written",
    Severity.CONFLICT: "arithmetic that cannot hold together; the run goes on and says who loses",
    Severity.NOTE: "a default taken, or a surprise; the run goes on",
}
_RANGES = (
    ("TC1", "Reading the workbook"),
    ("TC2", "Values in cells"),
    ("TC3", "Trees and references"),
    ("TC4", "Arithmetic that cannot hold together"),
    ("TC5", "Defaults and surprises"),
    ("TC6", "Writing the workbook"),
    ("TC7", "Results"),
    ("TC8", "Achievement; macros and open workbooks"),
    ("TC9", "The planning cycle and the night batch"),
)


def reference_page() -> str:
    """Return the page as Markdown."""
    return "\n".join([*_head(), *_tables(), *_settings(), *_codes()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Made by `python -m samples.reference` from the engine's own field table and list of codes; do not edit."
    yield ""
    yield "An input is an Excel table with one of the names below, on any sheet; without one, a sheet of that name."
    yield "Columns are matched by header: case, spaces, `_`, `-` and a unit in brackets do not count, and their order"
    yield "is free. A blank node means all org, all queues, or the whole horizon. `*` = required."
    yield ""


def _tables() -> Iterator[str]:
    yield "## Input tables"
    for table in TABLES:
        yield ""
        yield f"### {table.name}{' (optional)' if table.optional else ''}"
        yield ""
        yield f"{table.description}.{_shapes(table)}"
        yield ""
        yield "| column | holds | blank means | what it is |"
        yield "|---|---|---|---|"
        for field in table.fields:
            yield _field(field)
    yield ""


def _shapes(table: Table) -> str:
    if table.levels:
        return " Instead of Node and Parent, each level may be a column: Region, Site, Team."
    if table.wide:
        return " Periods or metrics may also be columns of their own."
    return ""


def _field(field: Field) -> str:
    name = field.name + ("\\*" if field.required else "")
    unit = f" ({field.unit})" if field.unit else ""
    return f"| {name} | {_holds(field)}{unit} | {field.default or '–'} | {field.description} |"


def _holds(field: Field | Setting) -> str:
    if field.choices:
        return ", ".join(f"`{choice}`" for choice in field.choices)
    bounds = ""
    if isfinite(field.lower):
        word = "above" if isinstance(field, Field) and field.above else "from"
        bounds = f" {word} {field.lower:g}"
    if isfinite(field.upper):
        bounds += f" to {field.upper:g}"
    return f"{field.type.value}{bounds}"


def _settings() -> Iterator[str]:
    yield "## Settings"
    yield ""
    yield "Rows of the table Settings."
    yield ""
    yield "| setting | holds | default | what it does |"
    yield "|---|---|---|---|"
    for setting in SETTINGS:
        default = "–" if setting.default in (None, "") else f"{setting.default}"
        yield f"| {setting.name} | {_holds(setting)} | {default} | {setting.description} |"
    yield ""


def _codes() -> Iterator[str]:
    yield "## Codes"
    yield ""
    yield "Every problem and finding has one of these codes. By severity:"
    yield ""
    for severity, words in _SEVERITIES.items():
        yield f"- **{severity.value}**: {words}"
    for start, title in _RANGES:
        codes = sorted(code for code in CODES if code.startswith(start))
        yield ""
        yield f"### {title}"
        yield ""
        yield "| code | severity | what it is | expected | how to mend it |"
        yield "|---|---|---|---|---|"
        for code in codes:
            kind = CODES[code]
            yield f"| {code} | {kind.severity.value} | {kind.title} | {kind.expected} | {kind.mend} |"


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference_page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is up to date\n")


if __name__ == "__main__":
    main()
