"""Codes TC500–TC549: defaults taken and surprises found while a plan is built."""

from __future__ import annotations

from engine.codes.kinds import NOTE, Code

ASSUMED: tuple[Code, ...] = (
    Code(
        "TC501",
        NOTE,
        "Numbers typed as text were read as numbers",
        "numbers",
        "Nothing, if the reading is right; otherwise turn the column into numbers.",
    ),
    Code(
        "TC502",
        NOTE,
        "A setting nobody knows",
        "a setting of the reference",
        "Correct its name, or delete the row; it has no effect.",
    ),
    Code(
        "TC503",
        NOTE,
        "Defaults taken in Capacity",
        "Shrinkage, Occupancy and Ramp of each crew",
        "Fill the blanks if 0 %, 100 % and 1 are not what is meant.",
    ),
    Code(
        "TC504",
        NOTE,
        "Working days counted Monday to Friday",
        "working days of each leaf period",
        "Fill Working days in Periods, so that holidays count.",
    ),
    Code(
        "TC505",
        NOTE,
        "Which history a period takes its size and shape from was chosen by default",
        "Like of each leaf period",
        "Fill Like in Periods if another period fits better.",
    ),
    Code(
        "TC506",
        NOTE,
        "History that no period of the plan takes",
        "Baseline periods named by Like",
        "Nothing, if it is there for the record; otherwise name it in Like.",
    ),
    Code(
        "TC507",
        NOTE,
        "History of pairs that may not work together any more",
        "Baseline of pairs in Skills",
        "Add the pair to Skills if the work goes on; its history is not planned.",
    ),
    Code(
        "TC508",
        NOTE,
        "Finer rows of Baseline do not add up to the coarser row above them",
        "finer rows that sum to the coarser one",
        "Correct one of them; the finer rows were taken.",
    ),
    Code(
        "TC509",
        NOTE,
        "Blank cells in a column that is filled elsewhere: they mean everything",
        "a name in each row",
        "Fill the blanks, unless the rows are meant as totals.",
    ),
    Code(
        "TC510",
        NOTE,
        "Periods without history",
        "a history period for each leaf period",
        "Fill Like in Periods, or add the history to Baseline.",
    ),
    Code(
        "TC511",
        NOTE,
        "A row of Limits that limits nothing",
        "Min, Max or Hold",
        "Fill one of them, or delete the row.",
    ),
    Code(
        "TC512",
        NOTE,
        "A limit over nothing: no team may work on that queue then",
        "at least one team, queue and period below the row",
        "Nothing, or delete the row.",
    ),
    Code(
        "TC513",
        NOTE,
        "A column that is left alone",
        "a column of the reference, a period or a metric",
        "Nothing, if the column is your own; otherwise correct its header.",
    ),
    Code(
        "TC514",
        NOTE,
        "Coarser rows of Baseline were shared out",
        "rows per leaf of both trees",
        "Nothing, or give the history per leaf.",
    ),
    Code(
        "TC515",
        NOTE,
        "Columns of a capacity row that have no effect beside Hours",
        "Hours alone, or FTE with what belongs to it",
        "Nothing, if Hours is the productive total; otherwise fill FTE instead.",
    ),
    Code(
        "TC516",
        NOTE,
        "Rows of Baseline without a value",
        "a number",
        "Fill in the value, or 0 where nothing was done; a blank says nothing.",
    ),
    Code(
        "TC517",
        NOTE,
        "A share of the baseline that is likely a slip",
        "105 % for five per cent more",
        "Type the share that is meant; 100 % is the baseline itself.",
    ),
)
