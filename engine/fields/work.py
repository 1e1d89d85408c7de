"""What work takes, who can do it, and what was done: columns of these tables."""

from __future__ import annotations

from engine.fields.common import METRIC, ORG, PERIOD, QUEUE
from engine.fields.kinds import Field, Table, Type

_CAPACITY = (
    Field("Org", Type.ORG, "Org node: id, alias or path", required=True, key=True),
    QUEUE,
    PERIOD,
    Field("Hours", Type.NUMBER, "A total: caps the sum below the row", unit="h", lower=0),
    Field("FTE", Type.NUMBER, "Full-time equivalents in each leaf period", unit="FTE", lower=0),
    Field("Paid hours", Type.NUMBER, "Paid hours per FTE in each leaf period", unit="h/FTE", lower=0),
    Field("Hours per day", Type.NUMBER, "Paid hours per FTE and working day", unit="h/FTE/day", lower=0, upper=24),
    Field("Working days", Type.NUMBER, "Working days of this site, if they differ", unit="days", lower=0),
    Field("Shrinkage", Type.SHARE, "Share of paid hours not worked on queues", default="0", lower=0, upper=1),
    Field("Occupancy", Type.SHARE, "Share of queue time spent handling", default="1", lower=0, upper=1),
    Field("Ramp", Type.NUMBER, "Output of the crew against a trained one", default="1", lower=0, upper=1.5),
    Field(
        "Overtime hours",
        Type.NUMBER,
        "Extra productive hours in each leaf period",
        unit="h",
        default="0",
        lower=0,
    ),
)

WORK: tuple[Table, ...] = (
    Table(
        "HandleTimes",
        "Handle times that differ by metric, org, queue or period",
        (
            Field("Metric", Type.METRIC, "Which metric", key=True),
            ORG,
            QUEUE,
            PERIOD,
            Field("Seconds", Type.NUMBER, "Seconds one item takes", required=True, unit="s", lower=0, above=True),
        ),
        optional=True,
    ),
    Table("Capacity", "Productive hours, given or computed from people", _CAPACITY, optional=True),
    Table(
        "Skills",
        "Who can work on what; without it, pairs with a baseline",
        (
            Field("Org", Type.ORG, "Org node: id, alias or path", required=True, key=True),
            Field("Queue", Type.QUEUE, "Queue node: id, alias or path", required=True, key=True),
            Field("Metric", Type.METRIC, "Only for this metric", default="all metrics", key=True),
            Field("From", Type.PERIOD, "First period", key=True),
            Field("To", Type.PERIOD, "Last period", key=True),
            Field("Max share", Type.SHARE, "Most of the team's hours", lower=0, upper=1),
            Field("Max share of queue", Type.SHARE, "Most of the queue's volume", lower=0, upper=1),
        ),
        optional=True,
    ),
    Table(
        "Baseline",
        "History: what was done before",
        (
            METRIC,
            ORG,
            QUEUE,
            PERIOD,
            Field("Value", Type.NUMBER, "What was done", required=True, lower=0, percent=True),
            Field("Count", Type.NUMBER, "Number of observations behind a rate", lower=0),
        ),
        optional=True,
        wide=True,
    ),
    Table(
        "Inflow",
        "Items that arrive",
        (
            METRIC,
            QUEUE,
            PERIOD,
            Field("Value", Type.NUMBER, "Items in", required=True, lower=0),
            Field("Exits", Type.NUMBER, "Items that leave without being handled", lower=0),
        ),
        optional=True,
        wide=True,
    ),
    Table(
        "Opening",
        "Backlog at the start",
        (METRIC, QUEUE, Field("Value", Type.NUMBER, "Items open", required=True, lower=0)),
        optional=True,
    ),
    Table(
        "Actuals",
        "What happened",
        (
            METRIC,
            ORG,
            QUEUE,
            PERIOD,
            Field("From", Type.DATE, "First day"),
            Field("To", Type.DATE, "Last day"),
            Field("Value", Type.NUMBER, "What was done", required=True, percent=True),
            Field("Count", Type.NUMBER, "Number of observations behind a rate", lower=0),
        ),
        optional=True,
        wide=True,
    ),
    Table(
        "CapacityActuals",
        "Hours and people there were",
        (
            *_CAPACITY,
            Field("Handle time", Type.NUMBER, "Seconds one item took", unit="s", lower=0, above=True),
        ),
        optional=True,
    ),
    Table(
        "InflowActuals",
        "Items that arrived",
        (
            METRIC,
            QUEUE,
            PERIOD,
            Field("Value", Type.NUMBER, "Items in", required=True, lower=0),
            Field("Exits", Type.NUMBER, "Items that left without being handled", lower=0),
        ),
        optional=True,
        wide=True,
    ),
    Table(
        "Actions",
        "What is done about red findings; the engine adds rows, people fill them in",
        (
            Field("ID", Type.TEXT, "Stable id of the finding; the engine's"),
            Field("Raised", Type.TEXT, "Period in which it was first found"),
            Field("Metric", Type.TEXT, "Metric of the finding"),
            Field("Org", Type.TEXT, "Org node of the finding"),
            Field("Queue", Type.TEXT, "Queue of the finding"),
            Field("Finding", Type.TEXT, "What was found, in a sentence"),
            Field("Owner", Type.TEXT, "Who acts"),
            Field("Due", Type.DATE, "Day by which"),
            Field("Status", Type.TEXT, "open, done, closed, or words of your own", default="open"),
            Field("Outcome", Type.TEXT, "What came of it"),
        ),
        optional=True,
    ),
)
