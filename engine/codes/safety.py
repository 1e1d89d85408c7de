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
    Code(
        "TC664",
        NOTE,
        "The workbook is written, but its folder did not confirm that it will stand after a power cut",
        "a folder on a disk that confirms",
        "Nothing, on most network drives. Otherwise have the disk looked at.",
    ),
    Code(
        "TC665",
        NOTE,
        "The state before this run could not be kept, so that targets undo cannot bring it back",
        "a folder with room for the states that undo keeps",
        "Keep a copy of the workbook yourself, or point TARGETS_UNDO to a folder with room.",
    ),
    Code(
        "TC666",
        STOP,
        "There is no run on this workbook to be undone",
        "a workbook that targets wrote, on this computer",
        "Nothing; or go back to a copy of your own. TARGETS_UNDO says where states are kept, or that they are not.",
    ),
    Code(
        "TC667",
        STOP,
        "People changed the workbook after its first run, before which it held no results",
        "a workbook that is still what the run wrote, or one that held results before",
        "Delete the engine's sheets in Excel, if you do not want them.",
    ),
    Code(
        "TC668",
        NOTE,
        "People changed the workbook since the run: only the engine's tables were put back",
        "nothing",
        "Nothing. Inputs, and everything else that people did since, stay; Run Log stays, too.",
    ),
)
