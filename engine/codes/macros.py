"""Codes of TC85 to TC87: macros, and workbooks that are open in Excel."""

from __future__ import annotations

from engine.codes.kinds import STOP, Code

MACROS: tuple[Code, ...] = (
    Code(
        "TC850",
        STOP,
        "The workbook has macros of its own, which are never opened",
        "a workbook without macros",
        "Run targets macros export: it writes an add-in with the same buttons, and modules that you can import.",
    ),
    Code(
        "TC851",
        STOP,
        "Macros cannot be put into this kind of file",
        "an .xlsx workbook",
        "Save it in Excel as a workbook (.xlsx), then run again.",
    ),
)
