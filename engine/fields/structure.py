"""What a plan is made of: settings, metrics and the three trees."""

from __future__ import annotations

from engine.fields.kinds import Field, Table, Type

_TREE = (
    Field("Node", Type.ID, "Id of the node; text, compared without case", required=True, key=True),
    Field("Parent", Type.ID, "Id, alias or path of its parent", default="a root"),
    Field("Name", Type.TEXT, "What people call it", default="the id"),
    Field("Level", Type.TEXT, "Name of its level: Region, Site, Team", default="Level 1, Level 2 …"),
    Field("Alias", Type.TEXT, "Other ids for the same node, comma between"),
    Field("From", Type.PERIOD, "First period in which it exists"),
    Field("To", Type.PERIOD, "Last period in which it exists"),
)

STRUCTURE: tuple[Table, ...] = (
    Table(
        "Settings",
        "How this plan is solved and what it is called",
        (
            Field("Setting", Type.ID, "Name of the setting", required=True, key=True),
            Field("Value", Type.ANY, "Its value", required=True),
        ),
        optional=True,
    ),
    Table(
        "Metrics",
        "What is targeted, and how it adds up",
        (
            Field("Metric", Type.ID, "Id of the metric", required=True, key=True),
            Field(
                "Kind",
                Type.CHOICE,
                "How it adds up",
                required=True,
                choices=("volume", "stock", "rate", "formula"),
            ),
            Field("Unit", Type.TEXT, "Unit of its values: items, hours; % keeps a rate between 0 and 1"),
            Field("Better", Type.CHOICE, "Which direction is good", default="higher", choices=("higher", "lower")),
            Field("Weight", Type.METRIC, "The volume that weights a rate"),
            Field(
                "Role",
                Type.CHOICE,
                "handle time: a rate whose targets are shown against planned seconds; "
                "SLA: a share handled within Turnaround, shown beside the backlog it needs",
                choices=("handle time", "SLA"),
            ),
            Field("Balance of", Type.METRIC, "The volume whose backlog a stock is"),
            Field(
                "Uses capacity",
                Type.FLAG,
                "Whether its volume takes hours",
                default="yes if there is one volume metric, otherwise it must be said",
            ),
            Field("Floor", Type.NUMBER, "Lowest value of a rate", default="0", lower=0, percent=True),
            Field("Ceiling", Type.NUMBER, "Highest value of a rate", default="100 % for unit %", lower=0, percent=True),
            Field(
                "Best",
                Type.NUMBER,
                "Benchmark of a rate: efforts are measured by the way to it",
                default="Ceiling (Floor if lower is better), else the best quartile of peers",
                lower=0,
                percent=True,
            ),
            Field(
                "Decimals",
                Type.TEXT,
                "Decimals of its targets, or none",
                default="0 for volumes and stocks; for rates only shown, at 0.1",
            ),
            Field("Formula", Type.TEXT, "How a formula metric is computed: ([Reviews] + [Appeals]) ÷ FTE"),
            Field(
                "Green",
                Type.NUMBER,
                "Attainment from which a result is green; for rates, points below target up to which it is",
                default="100 %; 0 points",
                percent=True,
                lower=0,
            ),
            Field(
                "Amber",
                Type.NUMBER,
                "Attainment from which a result is amber; for rates, points below target up to which it is",
                default="95 %; 1 point",
                percent=True,
                lower=0,
            ),
        ),
    ),
    Table("Org", "The org tree: who works", _TREE, levels=True),
    Table(
        "Queues",
        "The queue tree: what is worked on",
        (
            *_TREE,
            Field(
                "Handle time",
                Type.NUMBER,
                "Seconds one item takes; inherited down the tree",
                unit="s",
                lower=0,
                above=True,
            ),
            Field(
                "Turnaround",
                Type.NUMBER,
                "Hours within which items are due; comes before the targets of its queue, as Priority 0.5 before 1",
                unit="h",
                lower=0,
                above=True,
            ),
            Field(
                "May lose",
                Type.SHARE,
                "Mix guard of this queue; 0 = no other takes from it, but for limits; inherited down the tree",
                default="Setting Mix guard",
                lower=0,
                upper=1,
            ),
        ),
        levels=True,
    ),
    Table(
        "Periods",
        "The period tree: when",
        (
            Field("Period", Type.ID, "Id of the period", required=True, key=True),
            Field("Parent", Type.ID, "The longer period it is part of", default="the horizon"),
            Field("Level", Type.TEXT, "Name of its level: Quarter, Month", default="Level 1, Level 2 …"),
            Field("Start", Type.DATE, "First day"),
            Field("End", Type.DATE, "Last day"),
            Field("Working days", Type.NUMBER, "Working days of a leaf period", unit="days", lower=0, above=True),
            Field(
                "Like",
                Type.TEXT,
                "History period whose size and shape it takes",
                default="the same period a year earlier, else the last block of equal length",
            ),
        ),
        levels=True,
    ),
)
