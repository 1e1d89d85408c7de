"""Codes of TC4 arithmetic conflicts, and TC55 to TC59: what is surprising about a plan as a whole."""

from __future__ import annotations

from engine.codes.kinds import CONFLICT, NOTE, Code

CHECKING: tuple[Code, ...] = (
    Code(
        "TC401",
        CONFLICT,
        "Targets of lower levels do not fit the target above them",
        "parts that add up to what stands above them",
        "Change one side, or say by Priority which one counts first.",
    ),
    Code(
        "TC402",
        CONFLICT,
        "Minimums and holds add up to more than the target above them",
        "minimums that leave the target room",
        "Lower the minimums, or raise the target.",
    ),
    Code(
        "TC403",
        CONFLICT,
        "Maximums and holds add up to less than the target above them",
        "maximums that leave room for the target",
        "Raise the maximums, or lower the target.",
    ),
    Code(
        "TC404",
        CONFLICT,
        "Hours are short of what a fair split of the targets needs",
        "as many hours as are needed",
        "Cascade first: others may take over, and where every target is met all the same, this becomes a note. "
        "Else add hours there, or lower the targets.",
    ),
    Code(
        "TC550",
        NOTE,
        "A team has work that no capacity row limits",
        "a row of Capacity for every team and period",
        "Add a row to Capacity for it or for a node above it, unless it really is unlimited.",
    ),
    Code(
        "TC551",
        NOTE,
        "A metric without a target",
        "a row of Targets for every metric",
        "Add a target, or leave it: without one the metric stays at its history.",
    ),
    Code(
        "TC552",
        NOTE,
        "Teams without any work",
        "a queue for every team",
        "Add rows to Skills or Baseline for them, or leave them: they get no target.",
    ),
    Code(
        "TC553",
        NOTE,
        "Queues that nobody works on",
        "a team for every queue",
        "Add rows to Skills or Baseline for them, or leave them: they get no target.",
    ),
    Code(
        "TC554",
        NOTE,
        "There is no capacity: nothing limits the split",
        "a table Capacity",
        "Add a table Capacity with hours or FTE, unless hours do not matter here.",
    ),
    Code(
        "TC555",
        NOTE,
        "A hold, minimum or maximum between two units",
        "a whole number of units",
        "Type a whole number, or set Decimals in Metrics; until then the nearest unit that fits is planned.",
    ),
    Code(
        "TC558",
        NOTE,
        "A row of Capacity without effect: another about the same gives fewer hours",
        "one row for a team, queue and period; all rows cap, and never add",
        "To change hours for a time, split the other row by Period, so that each period stands in one of them.",
    ),
)
