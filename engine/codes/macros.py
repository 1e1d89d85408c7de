"""Codes of TC85 to TC87: macros, and what is done in workbooks that are open."""

from __future__ import annotations

from engine.codes.kinds import STOP, Code

MACROS: tuple[Code, ...] = (
    Code(
        "TC850",
        STOP,
        "The workbook has macros, which are never opened",
        "a workbook without macros",
        "Run targets macros export: it writes an add-in with the same buttons, and modules that you can import. To "
        "renew macros of targets, save the workbook as .xlsx in Excel first.",
    ),
    Code(
        "TC851",
        STOP,
        "Macros cannot be put into this kind of file",
        "an .xlsx workbook",
        "Save it in Excel as a workbook (.xlsx), then run again.",
    ),
    Code(
        "TC852",
        STOP,
        "Open workbooks cannot be reached without xlwings",
        "the package xlwings beside target-cascade",
        "Install it: pip install 'target-cascade[excel]'. Or close the workbook and run on the file.",
    ),
    Code(
        "TC853",
        STOP,
        "The workbook is not open in Excel",
        "a workbook that is open",
        "Open it in Excel, then run again; targets cascade works on the closed file.",
    ),
    Code(
        "TC854",
        STOP,
        "The workbook is open more than once",
        "one Excel that has it open",
        "Close it in all but one Excel, then run again.",
    ),
    Code(
        "TC855",
        STOP,
        "A sheet that must be written to is protected",
        "result sheets without protection",
        "In Excel, take the protection off (Review, Unprotect Sheet or Protect Workbook), then run again.",
    ),
    Code(
        "TC856",
        STOP,
        "Excel is busy: a cell is being edited, or a window of Excel's waits for an answer",
        "Excel at rest",
        "Press Enter or Esc in Excel, close its windows, then run again. Nothing was changed.",
    ),
    Code(
        "TC857",
        STOP,
        "Excel refused a step; what had been written was taken back",
        "a workbook that lets itself be written to",
        "Look at what Excel says, close other programs that use the workbook, then run again.",
    ),
    Code(
        "TC858",
        STOP,
        "A row of Limits says something else about a typed-over cell already",
        "one row of Limits for a cell",
        "Write the number into Hold of that row, with Min and Max empty, and lose the cell: --discard-edits.",
    ),
    Code(
        "TC859",
        STOP,
        "Code names of sheets belong to alphabets that no one code page has",
        "code names in one alphabet",
        "Rename the sheets' code names in the editor (Alt+F11, Properties, (Name)), then run again.",
    ),
    Code(
        "TC860",
        STOP,
        "A workbook of this name is open from the web, and whether it is this one is not certain",
        "a workbook in a folder that OneDrive keeps the same, or the button in the open workbook",
        "Press Cascade on the sheet Control of the open workbook, or close it and run on the file.",
    ),
)
