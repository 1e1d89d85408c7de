"""Codes of TC66 to TC68: workbooks that cannot be kept whole, and what a run does about people's own things."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

SAFETY: tuple[Code, ...] = (
    Code(
        "TC660",
        STOP,
        "The workbook is of a kind that cannot be changed without loss",
        "an .xlsx or .xlsm workbook without a password",
        "In Excel, save it as Excel Workbook (.xlsx) or Excel Macro-Enabled Workbook (.xlsm), and run on that.",
    ),
    Code(
        "TC661",
        STOP,
        "People switched on a total row of an engine's table whose number of records changes",
        "a table without a total row, or as many records as before",
        "Turn it off (Table Design, Total Row), run, and turn it on again.",
    ),
    Code(
        "TC662",
        NOTE,
        "Something of yours looks at cells of an engine's table by their place, and the table moved",
        "structured references such as Cascade[Target], or a pivot on the table's name",
        "Look at it, and point it at the table's name: it then follows by itself.",
    ),
    Code(
        "TC663",
        NOTE,
        "The structure of the workbook is protected; the engine's sheets are put in all the same",
        "nothing",
        "Nothing. The protection stays as it is.",
    ),
)
