"""Codes of TC9: the planning cycle and the night batch."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

CYCLE: tuple[Code, ...] = (
    Code(
        "TC901",
        STOP,
        "The workbook was not done within its time",
        "an answer within the time limit of the batch",
        "Raise --time-limit, or run it alone: targets cascade. The workbook is as it was.",
    ),
    Code(
        "TC902",
        STOP,
        "The process that worked on the workbook ended without an answer",
        "a process that lives until its answer is there",
        "Run it alone: targets cascade. Where that ends the same way, the machine is short of memory, or it is a "
        "bug of ours: please send us the workbook. It is as it was.",
    ),
    Code(
        "TC903",
        STOP,
        "A bug of ours stopped the run on the workbook",
        "a run that comes to its end",
        "Please send us the report. The workbook is as it was.",
    ),
    Code(
        "TC910",
        STOP,
        "The rows to be loaded cannot be read",
        "a .csv or .parquet file with headers, or the address of a database and a query",
        "Check path, address and query. Nothing was written.",
    ),
    Code(
        "TC911",
        STOP,
        "The table has no column for a column of the rows to be loaded",
        "headers that the table in the workbook has, each once",
        "Rename it on the way in (--column THEIRS=OURS), leave it out of file or query, or add it to the table.",
    ),
    Code(
        "TC912",
        STOP,
        "A required column is missing in the rows to be loaded",
        "every required column of the table",
        "Add it to file or query, or name the one that holds it: --column THEIRS=OURS.",
    ),
    Code(
        "TC913",
        STOP,
        "The workbook has no such table to load into",
        "an Excel table of that name, with its headers",
        "Add the table with its headers and one empty row; targets init shows how it looks.",
    ),
    Code(
        "TC914",
        STOP,
        "More rows than a sheet holds",
        "at most 1,048,576 rows with the headers",
        "Load sums, or fewer periods.",
    ),
    Code(
        "TC915",
        NOTE,
        "Formulas elsewhere read the table that was loaded",
        "formulas calculated after the load",
        "Open the workbook in Excel and save it: it calculates them when it opens. Until then they show old values.",
    ),
    Code(
        "TC920",
        STOP,
        "The number cannot be spread that way",
        "parts that are free, a level below the node, and the number that the method needs",
        "Loosen a hold in Limits, name another level (--over), or give the method its number; targets spread --help.",
    ),
    Code(
        "TC921",
        NOTE,
        "An even split stands in, because there is nothing to be in proportion to",
        "numbers above 0 to follow",
        "Nothing, if even is right; otherwise name a node to follow: --method like --like NODE.",
    ),
    Code(
        "TC922",
        STOP,
        "Targets has no room for the rows of a spread",
        "a table Targets with the columns Metric, Org, Queue, Period and Value",
        "Add the column to the table Targets; targets init shows how it looks.",
    ),
    Code(
        "TC930",
        STOP,
        "The workbook keeps no such version",
        "the name of a version that was kept",
        "targets version list names them; targets version save keeps one.",
    ),
    Code(
        "TC931",
        STOP,
        "A sealed version is never replaced",
        "a new name",
        "Choose another name: targets version save --name.",
    ),
    Code(
        "TC932",
        STOP,
        "An input table is not as the version needs it",
        "the tables and columns that were there when the version was kept",
        "Put the table or column back, or empty the one that is new; then restore again.",
    ),
    Code(
        "TC933",
        STOP,
        "Somebody changed a version where it is kept",
        "versions as they were kept",
        "Take the version from an older copy of the workbook; this one proves nothing any more.",
    ),
)
