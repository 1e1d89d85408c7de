"""Codes TC250–TC259 and TC525–TC529: inflow, backlogs, holds and formulas."""

from __future__ import annotations

from engine.codes.kinds import NOTE, STOP, Code

FLOWS: tuple[Code, ...] = (
    Code(
        "TC250",
        STOP,
        "Inflow of a queue is missing in some periods",
        "inflow in every period in which the queue exists",
        "Fill them in, 0 where nothing arrives; a row for a longer period or a queue above counts for what is blank.",
    ),
    Code(
        "TC251",
        STOP,
        "Hold now, and nothing that stands there",
        "a target in Cascade, written by an earlier run",
        "Run once without this row, or type the number to hold.",
    ),
    Code(
        "TC252",
        STOP,
        "Something needs inflow, and none is given",
        "rows of Inflow",
        "Add the inflow of these queues, 0 where nothing arrives; or take the row out.",
    ),
    Code(
        "TC253",
        STOP,
        "Balance of that is no volume's backlog",
        "a metric of kind volume, beside a metric of kind stock, once per volume",
        "Name the volume that works the backlog off, or clear the cell.",
    ),
    Code(
        "TC254",
        STOP,
        "Inflow or Opening of a metric that nobody works off",
        "a volume, or the stock that is its backlog",
        "Name the volume that is handled.",
    ),
    Code(
        "TC255",
        STOP,
        "More items leave than there are",
        "exits within the opening backlog and what came in",
        "Correct Exits, Inflow or Opening of this queue.",
    ),
    Code(
        "TC256",
        STOP,
        "Exits beside several columns of periods or metrics: of which?",
        "a column of exits for each of them, called Exits and its name: Exits 2026-01",
        "Give each period its own column of exits, or put Inflow into rows: Metric, Queue, Period, Value, Exits.",
    ),
    Code(
        "TC257",
        STOP,
        "Turnaround, and periods whose length nobody knows",
        "Start and End of every leaf period",
        "Fill Start and End in Periods.",
    ),
    Code(
        "TC258",
        STOP,
        "A formula that cannot be read",
        "[Metric], columns of Capacity, numbers, + − × ÷ and brackets",
        "Correct the formula; metrics stand in square brackets, columns of Capacity without.",
    ),
    Code(
        "TC259",
        STOP,
        "Asked of a metric that is not kept there",
        "a backlog of queues, Org blank; a metric that is no formula",
        "Clear Org in this row; ask for what a formula is made of, for it is computed, never cascaded.",
    ),
    Code(
        "TC525",
        NOTE,
        "No opening backlog given: counted as 0",
        "a row of Opening for every queue with inflow",
        "Nothing, if these queues start empty; otherwise add them to Opening.",
    ),
    Code(
        "TC526",
        NOTE,
        "Turnaround of queues without inflow is not watched",
        "inflow of every queue with a turnaround",
        "Add these queues to Inflow, if they are to keep their turnaround.",
    ),
    Code(
        "TC527",
        NOTE,
        "Fair share by inflow, and queues without inflow",
        "inflow of every queue",
        "Nothing, if history may stand in for these queues; otherwise add them to Inflow.",
    ),
    Code(
        "TC528",
        NOTE,
        "History of a backlog, or of a formula, is not taken",
        "history of volumes, rates and other stocks",
        "Nothing; what is open at the start belongs in Opening, and a formula is computed.",
    ),
    Code(
        "TC529",
        NOTE,
        "Nodes or periods of a row with Each that have nothing to count by were left out",
        "history, working days or FTE for every one of them",
        "Nothing, if new sites need not keep it; otherwise ask for them in a row of their own.",
    ),
    Code(
        "TC530",
        NOTE,
        "A limit that has ended: its Until lies before the periods of its row",
        "Until on or after the Start of the row's first period",
        "Nothing, or delete the row.",
    ),
)
