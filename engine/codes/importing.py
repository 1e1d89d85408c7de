"""Codes TC262–TC279: what stands in an export that a plan is made from. Its cells are those of the export."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

IMPORTING: tuple[Code, ...] = (
    Code(
        "TC262",
        STOP,
        "The export cannot be read",
        "a CSV file or a workbook with a row of headers and values below it",
        "Save the export as .csv or .xlsx, headers above their columns, or name its sheet with --sheet.",
    ),
    Code(
        "TC263",
        STOP,
        "Nothing in the export adds up",
        "a column that counts items, for instance Handled or Volume",
        "Say which column it is: --column HEADER=volume.",
    ),
    Code(
        "TC264",
        NOTE,
        "A cell that is no number was left out",
        "a number, or a blank",
        "Correct the cell and import again, or fill in the value in Baseline.",
    ),
    Code(
        "TC265",
        NOTE,
        "Numbers that could mean two things",
        "1234.5 or 1,234.5",
        "Look at one of them: a comma was read as thousands. Export plain numbers if that is wrong.",
    ),
    Code(
        "TC266",
        NOTE,
        "Numbers typed as text with thousands marks were read as numbers",
        "plain numbers",
        "Nothing, if the reading is right.",
    ),
    Code(
        "TC267",
        NOTE,
        "A column of the export was left out",
        "a column that a plan needs",
        "Nothing; or say what it is and import again: --column HEADER=ROLE.",
    ),
    Code(
        "TC268",
        NOTE,
        "A number below 0 was left out",
        "0 or more",
        "Correct the cell and import again, or fill in the value in Baseline.",
    ),
    Code(
        "TC269",
        NOTE,
        "A total of the export misses the sum of its parts",
        "parts that add up to their total",
        "Find out which is right; the parts were taken.",
    ),
    Code(
        "TC270",
        NOTE,
        "A share above 1 was left out",
        "a share from 0 to 1, or from 0 % to 100 %",
        "Correct the cell and import again, or fill in the value in Baseline.",
    ),
    Code(
        "TC271",
        NOTE,
        "The same row stands in the export twice; it was read once",
        "each row once",
        "Nothing, if it is a repetition; otherwise add the second to Baseline.",
    ),
    Code(
        "TC272",
        NOTE,
        "Names that differ only in spaces or capitals were taken for one",
        "one spelling of each name",
        "Nothing, if they are one.",
    ),
    Code(
        "TC273",
        NOTE,
        "A code was taken for the name it stands for in other periods",
        "one name in all periods",
        "Nothing, if they are one: the code is an Alias. Otherwise give it a row of its own.",
    ),
    Code(
        "TC274",
        NOTE,
        "Names that look like one were taken as two",
        "names that cannot be mistaken",
        "If they are one, correct the export and import again.",
    ),
    Code(
        "TC275",
        NOTE,
        "A record without a period that can be planned was left out",
        "a date, a week, a month, a quarter, a half-year or a year, as in the other records",
        "Correct the cell and import again, or fill in the value in Baseline.",
    ),
    Code(
        "TC276",
        STOP,
        "The export has no periods",
        "a column of dates or periods, or periods as headers",
        "Say which column it is: --column HEADER=period; a week or month number needs a column of years beside it.",
    ),
    Code(
        "TC277",
        NOTE,
        "Dates whose day and month could be the other way round",
        "2026-01-31",
        "Look at one of them: days were read before months. Export ISO dates if that is wrong.",
    ),
    Code(
        "TC531",
        NOTE,
        "A name of a further export that the first one does not hold",
        "a team, site or queue of the first export",
        "Add it to the first export, or spell it as there; it was taken as a node of its own.",
    ),
)
