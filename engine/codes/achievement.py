"""Codes of achievement: what happened against what was agreed."""

from __future__ import annotations

from engine.codes.kinds import CONFLICT, NOTE, STOP, Code

ACHIEVEMENT: tuple[Code, ...] = (
    Code(
        "TC801",
        CONFLICT,
        "Something in what happened that was set aside; the rest is computed",
        "a row that can be used",
        "Correct the cell and run again.",
    ),
    Code(
        "TC802",
        NOTE,
        "Values that straddle periods, split by working days and marked estimated",
        "a value per period",
        "Give the part of each period, if it is known.",
    ),
    Code(
        "TC803",
        CONFLICT,
        "Finer values do not add up to the one given for all of them; the finer ones count",
        "values that add up to it",
        "Correct one of them, or delete the row of the total.",
    ),
    Code(
        "TC804",
        NOTE,
        "Values after As of, left out until they are final",
        "values up to As of",
        "Move As of in Settings when they are final.",
    ),
    Code(
        "TC805",
        NOTE,
        "Values of several nodes or periods, shared out and marked estimated",
        "a value per team, queue and period",
        "Give the finer values, if they are known.",
    ),
    Code(
        "TC806",
        NOTE,
        "Values that cover only part of a period; only that part is compared",
        "all days of the period",
        "Add the missing days.",
    ),
    Code(
        "TC807",
        NOTE,
        "Nothing is sealed: the cascade before actuals stands in for what was agreed",
        "a sealed version",
        "Run targets seal when the targets are agreed.",
    ),
    Code(
        "TC808",
        STOP,
        "The results in the workbook are not those of its inputs",
        "a cascade of the inputs as they are",
        "Run targets cascade, look at the result, then run this again.",
    ),
    Code(
        "TC809",
        STOP,
        "No actuals up to As of",
        "a row of Actuals in a period up to As of",
        "Fill the table Actuals, or correct As of in Settings.",
    ),
    Code(
        "TC810",
        NOTE,
        "Agreed targets of nodes, metrics or periods that are no longer in the plan; they count as closed",
        "rows of the plan",
        "Nothing, if they were closed on purpose; else bring the node back.",
    ),
    Code(
        "TC811",
        STOP,
        "As of is no period that has ended inside the plan",
        "a period of the plan, or a date inside one",
        "Correct As of in Settings.",
    ),
    Code(
        "TC540",
        NOTE,
        "A sheet Actions was added to follow up red findings",
        "owner, due and status of each action, typed by you",
        "Fill Owner and Due; what you type stays.",
    ),
    Code(
        "TC541",
        NOTE,
        "Values some of whose days are outside the plan; the part inside counts",
        "days inside the plan's periods",
        "Nothing, if a week reaches over the end of the plan; else correct the dates.",
    ),
    Code(
        "TC542",
        NOTE,
        "Dates taken as the whole period that holds them, for there is one in each",
        "a period; or From and To, for single days",
        "Nothing, if the period is meant; for a single day fill From and To with it.",
    ),
    Code(
        "TC812",
        NOTE,
        "Red findings, and no table Actions to follow them up in",
        "a table Actions",
        "Run targets variance, which adds it, or add it with the columns"
        " ID, Raised, Metric, Org, Queue, Finding, Owner, Due, Status, Outcome.",
    ),
)
