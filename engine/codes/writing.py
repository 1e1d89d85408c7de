"""Codes of TC6: writing."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

WRITING: tuple[Code, ...] = (
    Code(
        "TC601",
        STOP,
        "The workbook's package cannot be written without loss",
        "an .xlsx or .xlsm workbook as Excel saves it",
        "Open it in Excel and save it as a new .xlsx or .xlsm workbook.",
    ),
    Code(
        "TC602",
        STOP,
        "The workbook is signed: any change would break the signature",
        "a workbook without a package signature",
        "In Excel, remove the signature (File, Info), run again, and sign the result.",
    ),
    Code(
        "TC603",
        STOP,
        "The workbook is shared in the old way, with a log of changes",
        "a workbook that is not shared in the old way",
        "In Excel, end sharing (Review, Unshare Workbook) and save.",
    ),
    Code(
        "TC604",
        STOP,
        "A sheet has one of the engine's names, but the engine did not make it",
        "a free name",
        "Rename that sheet, or set Output prefix in Settings, for instance to TC.",
    ),
    Code(
        "TC605",
        STOP,
        "A table or name in the workbook is called what the engine's table would be called",
        "a free table name",
        "Rename that table or name, or set Output prefix in Settings.",
    ),
    Code(
        "TC606",
        STOP,
        "A number of the engine's was typed over",
        "the engine's own cells as it wrote them",
        "Keep it as a row of Limits: targets cascade --keep-edits. Or lose it: --discard-edits.",
    ),
    Code(
        "TC607",
        STOP,
        "The new result would cover a cell that somebody put beside it",
        "empty cells where the result grows",
        "Move that cell away from the engine's table, or to a sheet of your own.",
    ),
    Code(
        "TC608",
        STOP,
        "An engine's table was moved on its sheet",
        "the table where the engine put it",
        "Undo the inserted rows or columns, or delete the sheet: it is made anew.",
    ),
    Code(
        "TC609",
        STOP,
        "A result is larger than a sheet",
        "at most 1,048,576 rows",
        "Cascade the file by targets cascade and clear the setting Leaf rows: leaf rows then go into a file beside it.",
    ),
    Code(
        "TC610",
        STOP,
        "A sheet name would be longer than 31 characters",
        "names of at most 31 characters",
        "Shorten Output prefix in Settings.",
    ),
    Code(
        "TC611",
        NOTE,
        "A typed-over number was lost, as asked",
        "the engine's own cells as it wrote them",
        "To keep such a number, put it into Limits as Hold, or run with --keep-edits.",
    ),
    Code(
        "TC612",
        STOP,
        "There is no room below an input table for the rows to be kept",
        "empty cells below the table's last record",
        "Move what stands below the table, or turn its total row off (Table Design, Total Row).",
    ),
    Code(
        "TC613",
        STOP,
        "There is no table Limits to keep typed-over numbers in",
        "a table Limits with the columns Metric, Org, Queue, Period and Hold",
        "Add one (targets init shows how it looks), or lose the numbers: --discard-edits.",
    ),
    Code(
        "TC614",
        STOP,
        "A typed-over cell cannot be kept as a limit",
        "a number in Target of Cascade, or in a period column of Org Targets or Queue Targets",
        "Put what you want into the input tables, and lose the cell: --discard-edits.",
    ),
    Code(
        "TC615",
        NOTE,
        "A typed-over number was kept as a row of Limits",
        "nothing",
        "Nothing; delete the row of Limits when it is not to hold any more.",
    ),
    Code(
        "TC556",
        NOTE,
        "The leaf rows of Cascade stand in a file beside the workbook; the sheet holds them rolled up",
        "at most 400,000 rows in the workbook, or the setting Leaf rows",
        "Nothing: keep the file beside the workbook. Excel opens it by Data, Get Data, From File; set Leaf rows in "
        "Settings to have it otherwise.",
    ),
    Code(
        "TC557",
        NOTE,
        "Parquet could not be written: the leaf rows stand in a CSV file",
        "the package pyarrow",
        "Nothing, if CSV will do; otherwise pip install target-cascade[parquet], and run again.",
    ),
    Code(
        "TC232",
        STOP,
        "The leaf rows beside the workbook cannot be had",
        "the file that the last cascade wrote, as it was written, in the workbook's folder",
        "Put the file back beside the workbook, or run targets cascade again.",
    ),
)
