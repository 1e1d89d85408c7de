"""Codes of TC1: reading the book."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

READING: tuple[Code, ...] = (
    Code(
        "TC101",
        STOP,
        "The file is no workbook that can be read",
        "an .xlsx or .xlsm workbook",
        "Open it in Excel and save it as an .xlsx or .xlsm workbook, without a password.",
    ),
    Code(
        "TC102",
        STOP,
        "The workbook is larger than is safe to read",
        "a file of at most 400 MiB; unpacked at most 10,000 parts, 512 MiB a part (formats, tables: 64 MiB, shared "
        "texts: 256 MiB), 1 GiB in all; no part packed more than 100 to 1, none that is read over 128 MiB packed",
        "Delete sheets and formats that nobody needs (Ctrl+End shows how far a sheet reaches), and save.",
    ),
    Code(
        "TC103",
        STOP,
        "A part of the workbook is damaged",
        "a workbook as Excel saves it",
        "Open it in Excel, let it repair the file, and save it under a new name.",
    ),
    Code(
        "TC104",
        STOP,
        "An input table is missing",
        "an Excel table of that name on any sheet, or a sheet of that name",
        "Name the table (Table Design, Table Name) or its sheet so, or start from targets init.",
    ),
    Code(
        "TC105",
        STOP,
        "A column is missing",
        "a column with that header",
        "Add the column, or correct its header.",
    ),
    Code(
        "TC106",
        STOP,
        "Two columns have the same meaning",
        "each header once",
        "Rename or delete one of them.",
    ),
    Code(
        "TC107",
        STOP,
        "Several tables have the same name",
        "one table of each name",
        "Rename all but one of them.",
    ),
    Code(
        "TC108",
        STOP,
        "An input table has no records",
        "at least one record",
        "Fill in the table.",
    ),
    Code(
        "TC112",
        NOTE,
        "A table that a later version will read is left alone",
        "nothing",
        "Nothing.",
    ),
    Code(
        "TC113",
        NOTE,
        "A column that is none of the table's is left alone",
        "one of the table's columns",
        "Correct its header if it was meant to be read.",
    ),
    Code(
        "TC120",
        STOP,
        "A cell shows an error",
        "a value",
        "Mend the formula, or type a value. An error never counts as 0.",
    ),
    Code(
        "TC121",
        STOP,
        "A formula has no value in the file",
        "a calculated value",
        "Open the workbook in Excel, let it calculate, and save.",
    ),
    Code(
        "TC122",
        STOP,
        "Cells inside an input table are merged",
        "one value in each cell",
        "Unmerge them (Home, Merge & Center) and fill every cell.",
    ),
    Code(
        "TC123",
        STOP,
        "An input formula reads the engine's own sheets, which nobody has calculated since the last run",
        "inputs that do not hang on an old result",
        "Open the workbook in Excel, let it calculate, save, and run again; or type the value.",
    ),
    Code(
        "TC124",
        NOTE,
        "Signs for nothing count as not given",
        "an empty cell",
        "Nothing, if they mean nothing; for zero type 0.",
    ),
    Code(
        "TC125",
        NOTE,
        "Rows inside an Excel table are not read: blank ones, and totals",
        "records only",
        "Nothing; or move totals below the table (Table Design, Total Row).",
    ),
    Code(
        "TC126",
        NOTE,
        "Something that looks like an input table, but is not called so, is not read",
        "an Excel table with the name of the input table, or a sheet of that name",
        "If it is meant, give the table that name (Table Design, Table Name); otherwise nothing.",
    ),
    Code(
        "TC127",
        STOP,
        "A header that is nearly that of a missing column, which says what the rows are about",
        "the column's name, or a header unlike it",
        "Correct the header; if the column is your own, give it another name.",
    ),
    Code(
        "TC128",
        NOTE,
        "A header's cell says otherwise than the Excel table that it heads; the table is believed",
        "the same text in both",
        "Type the header anew in Excel, which renames both. A program that writes cells alone leaves them apart.",
    ),
)
