"""Codes of TC9: the planning cycle and the night batch."""

from __future__ import annotations

from engine.codes.kinds import STOP, Code

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
)
