"""Codes of TC65: opening and saving files."""

from __future__ import annotations

from engine.codes.kinds import STOP, Code

SAVING: tuple[Code, ...] = (
    Code(
        "TC650",
        STOP,
        "There is no such workbook",
        "the path of a workbook",
        "Check the name and the folder. targets init makes a new workbook.",
    ),
    Code(
        "TC651",
        STOP,
        "The workbook cannot be read from disk",
        "a file that you may read",
        "Check that it is a file, that you may read it, and that its drive is connected.",
    ),
    Code(
        "TC652",
        STOP,
        "The workbook is open in Excel or LibreOffice",
        "a closed workbook",
        "Save and close it there, then run again. If nobody has it open, delete the file beside it that says so.",
    ),
    Code(
        "TC653",
        STOP,
        "Another run has the workbook in hand",
        "one run at a time",
        "Wait for the other run to end, then run again.",
    ),
    Code(
        "TC654",
        STOP,
        "The workbook was changed while the run was under way",
        "the workbook as it was read",
        "Run again: the new version is read then. Nothing was written.",
    ),
    Code(
        "TC655",
        STOP,
        "The workbook could not be written",
        "a folder with room that you may write to",
        "Check that neither file nor folder is read-only and that the disk has room. The original is intact.",
    ),
    Code(
        "TC656",
        STOP,
        "There is a file of that name already",
        "a new name",
        "Choose another name, or run with --replace.",
    ),
)
