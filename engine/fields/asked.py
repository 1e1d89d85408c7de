"""What is asked and what must be kept: columns of these tables."""

from __future__ import annotations

from engine.fields.common import BASIS, EACH, METRIC, ORG, OWNER, PERIOD, QUEUE, REASON
from engine.fields.kinds import Field, Table, Type

SIGN_OFF_STATUSES = ("draft", "proposed", "agreed", "sealed")
"""How far a version is, from the first step to the last."""

ASKED: tuple[Table, ...] = (
    Table(
        "Targets",
        "What is asked, at any level",
        (
            METRIC,
            ORG,
            QUEUE,
            PERIOD,
            EACH,
            Field(
                "Sense",
                Type.CHOICE,
                "How the value binds",
                default="shared out exactly, judged by Better; of a rate at least (lower is better: at most), exactly "
                "only where that is easier than today",
                choices=("exactly", "at least", "at most"),
            ),
            Field("Value", Type.NUMBER, "The target", required=True, percent=True),
            BASIS,
            Field("Priority", Type.NUMBER, "1 = first, strictly before 2", default="1", lower=1),
        ),
        wide=True,
    ),
    Table(
        "Limits",
        "Minimum, maximum and held values that cascading must keep",
        (
            METRIC,
            ORG,
            QUEUE,
            PERIOD,
            EACH,
            Field("Min", Type.NUMBER, "Not below", percent=True),
            Field("Max", Type.NUMBER, "Not above", percent=True),
            Field("Hold", Type.NUMBER, "Exactly this; now = as it stands in Cascade", percent=True, words=("now",)),
            BASIS,
            OWNER,
            REASON,
            Field("Until", Type.DATE, "Applies to periods that start by then"),
        ),
        optional=True,
    ),
    Table(
        "Benchmarks",
        "Floor, ceiling and best of a rate, per node",
        (
            METRIC,
            ORG,
            QUEUE,
            Field("Floor", Type.NUMBER, "Lowest value", lower=0, percent=True),
            Field("Ceiling", Type.NUMBER, "Highest value", lower=0, percent=True),
            Field("Best", Type.NUMBER, "Benchmark", lower=0, percent=True),
        ),
        optional=True,
    ),
    Table(
        "Groups",
        "Sets of nodes that cut across a tree",
        (
            Field("Group", Type.ID, "Id of the group", required=True, key=True),
            Field("Of", Type.CHOICE, "Which tree", required=True, choices=("Org", "Queue"), key=True),
            Field("Node", Type.ID, "A member", required=True, key=True),
        ),
        optional=True,
    ),
    Table(
        "Scenarios",
        "What else could be: changes to input cells, by name; targets compare solves them side by side",
        (
            Field("Scenario", Type.ID, "Name of the scenario; it may have several rows", required=True),
            Field("Table", Type.TEXT, "The input table that is changed", required=True),
            Field("Key", Type.TEXT, "Names that the row to be changed holds, comma between", default="every row"),
            Field("Column", Type.TEXT, "The column that is changed", required=True),
            Field("Change", Type.ANY, "A number or a word instead, or +5 %, −20 FTE, ×1.1", required=True),
        ),
        optional=True,
    ),
    Table(
        "SignOff",
        "Who has said yes to which numbers: a row each time somebody does; the last one of a node holds",
        (
            Field("Node", Type.TEXT, "Org node, or else queue: id, alias or path", default="the whole plan"),
            Field(
                "Version",
                Type.TEXT,
                "The version that was looked at",
                default="that of Settings if it is kept, else the last",
            ),
            Field("Status", Type.CHOICE, "How far it is", required=True, choices=SIGN_OFF_STATUSES),
            Field("By", Type.TEXT, "Who said so"),
            Field("At", Type.DATE, "The day"),
            Field("Comment", Type.TEXT, "What should be known about it"),
        ),
        optional=True,
    ),
)
