"""The field table: every column of every input table, as data.

Owns: names, types, units, defaults, bounds, choices and descriptions of input columns.
The template, the reader, the checks, the error texts and the reference page derive from it: a column exists here only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf


class Type(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # 0…1, shown as a percentage
    DATE = "date"
    CHOICE = "choice"
    FLAG = "yes or no"
    METRIC = "metric"
    ORG = "org node"
    QUEUE = "queue node"
    PERIOD = "period"
    ID = "id"  # what the row itself is called
    ANY = "any"  # Settings: the type depends on the setting


class Part(StrEnum):
    """The piece of work in which a table, column or choice is first served; later parts stop the run when filled."""

    I1 = "I1"
    I2 = "I2"
    I4 = "I4"
    I5 = "I5"
    I7 = "I7"
    LATER = "later"


SERVED = frozenset({Part.I1})


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an input table.

    unit : shown in brackets in the template's header; does not count when headers are matched
    default : what a blank means, in words; "" = not given
    lower, upper : bounds of a number; ``above`` = the lower bound itself is out
    choices : what a CHOICE may be; those of a later part stand in ``later_choices``
    key : the column is part of what identifies a row (two rows with equal keys are duplicates)
    """

    name: str
    type: Type
    description: str
    required: bool = False
    unit: str = ""
    default: str = ""
    lower: float = -inf
    upper: float = inf
    above: bool = False
    choices: tuple[str, ...] = ()
    later_choices: tuple[str, ...] = ()
    key: bool = False
    part: Part = Part.I1


@dataclass(frozen=True, slots=True)
class Table:
    """One input table.

    wide : extra columns may be periods (no Period and Value column) or metrics (no Metric and Value column)
    levels : instead of Node and Parent, each level of the tree may be a column
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    optional: bool = False
    wide: bool = False
    levels: bool = False
    part: Part = Part.I1

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(field for field in self.fields if field.name == name)


def normalise_header(text: object) -> str:
    """Return a header as it is compared: no case, spaces, ``_``, ``-``, line breaks, nor a unit in brackets."""
    words = str(text)
    while (start := words.rfind("(")) >= 0 and (end := words.find(")", start)) >= 0:
        words = words[:start] + words[end + 1 :]
    return "".join(letter for letter in words.casefold() if not letter.isspace() and letter not in "_-\u00a0*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of Settings: Setting names it, Value holds it."""

    name: str
    type: Type
    default: object
    description: str
    choices: tuple[str, ...] = ()
    later_choices: tuple[str, ...] = ()
    lower: float = -inf
    upper: float = inf
    part: Part = Part.I1


_METRIC = Field("Metric", Type.METRIC, "Which metric", required=True, key=True)
_ORG = Field("Org", Type.ORG, "Org node: id, alias or path", default="all org", key=True)
_QUEUE = Field("Queue", Type.QUEUE, "Queue node: id, alias or path", default="all queues", key=True)
_PERIOD = Field("Period", Type.PERIOD, "Period: id, or a date inside it", default="the whole horizon", key=True)
_OWNER = Field("Owner", Type.TEXT, "Who decided it")
_REASON = Field("Reason", Type.TEXT, "Why, in a sentence")
_EACH = Field(
    "Each", Type.TEXT, "Level names: the row holds for every such node or period below", key=True, part=Part.I2
)

_TREE = (
    Field("Node", Type.ID, "Id of the node; text, compared without case", required=True, key=True),
    Field("Parent", Type.ID, "Id, alias or path of its parent", default="a root"),
    Field("Name", Type.TEXT, "What people call it", default="the id"),
    Field("Level", Type.TEXT, "Name of its level: Region, Site, Team", default="Level 1, Level 2 …"),
    Field("Alias", Type.TEXT, "Other ids for the same node, comma between"),
    Field("From", Type.PERIOD, "First period in which it exists", part=Part.I2),
    Field("To", Type.PERIOD, "Last period in which it exists", part=Part.I2),
)

SETTINGS: tuple[Setting, ...] = (
    Setting("Plan name", Type.TEXT, "", "Title of the Summary"),
    Setting("Cycle", Type.TEXT, "", "Planning round, shown in the Summary"),
    Setting("Version", Type.TEXT, "", "Version of the plan, shown in the Summary and the Run Log"),
    Setting("Scenario", Type.TEXT, "", "Scenario, shown in the Summary"),
    Setting("As of", Type.PERIOD, None, "Last period with final actuals", part=Part.I5),
    Setting(
        "Fair share by",
        Type.CHOICE,
        "baseline",
        "What a fair split follows",
        choices=("baseline", "hours", "even"),
        later_choices=("inflow",),
    ),
    Setting(
        "Mix guard",
        Type.SHARE,
        0.05,
        "How far a queue may leave its fair outcome so that a count target is met",
        lower=0,
        upper=1,
    ),
    Setting(
        "Misses",
        Type.CHOICE,
        "spread",
        "Share a shortage out, or let it fall where it costs least",
        choices=("spread", "concentrate"),
    ),
    Setting(
        "Keep near",
        Type.CHOICE,
        "fair share",
        "What numbers stay close to",
        choices=("fair share", "agreed"),
        part=Part.I7,
    ),
    Setting("Move only", Type.TEXT, "", "Nodes that may move in a re-forecast", part=Part.I7),
    Setting("Smallest move", Type.NUMBER, 0.0, "Moves below it stay put", lower=0, part=Part.I7),
    Setting("Solver", Type.CHOICE, "highs", "Which solver", choices=("highs",)),
    Setting("Time limit (s)", Type.NUMBER, None, "Seconds after which the best plan so far is written", lower=0),
    Setting("Output prefix", Type.TEXT, "", "Put before the names of the engine's sheets and tables"),
)

TABLES: tuple[Table, ...] = (
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
                choices=("volume",),
                later_choices=("stock", "rate", "formula"),
            ),
            Field("Unit", Type.TEXT, "Unit of its values: items, hours"),
            Field("Better", Type.CHOICE, "Which direction is good", default="higher", choices=("higher", "lower")),
            Field("Weight", Type.METRIC, "The volume that weights a rate", part=Part.I2),
            Field("Role", Type.CHOICE, "Special part a rate plays", later_choices=("handle time",), part=Part.I2),
            Field("Balance of", Type.METRIC, "The volume whose backlog a stock is", part=Part.I2),
            Field(
                "Uses capacity",
                Type.FLAG,
                "Whether its volume takes hours",
                default="yes if there is one volume metric, otherwise it must be said",
            ),
            Field("Floor", Type.NUMBER, "Lowest value of a rate", part=Part.I2),
            Field("Ceiling", Type.NUMBER, "Highest value of a rate", part=Part.I2),
            Field("Best", Type.NUMBER, "Benchmark of a rate", part=Part.I2),
            Field("Decimals", Type.TEXT, "Decimals of its targets", part=Part.I2),
            Field("Formula", Type.TEXT, "How a formula metric is computed", part=Part.I2),
            Field("Green", Type.NUMBER, "Attainment from which a result is green", part=Part.I5),
            Field("Amber", Type.NUMBER, "Attainment from which a result is amber", part=Part.I5),
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
                "Hours within which items are due",
                unit="h",
                lower=0,
                above=True,
                part=Part.I2,
            ),
            Field(
                "May lose",
                Type.SHARE,
                "Mix guard of this queue, 0 = protected; inherited down the tree",
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
    Table(
        "HandleTimes",
        "Handle times that differ by metric, org, queue or period",
        (
            Field("Metric", Type.METRIC, "Which metric", key=True),
            _ORG,
            _QUEUE,
            _PERIOD,
            Field("Seconds", Type.NUMBER, "Seconds one item takes", required=True, unit="s", lower=0, above=True),
        ),
        optional=True,
        part=Part.I2,
    ),
    Table(
        "Capacity",
        "Productive hours, given or computed from people",
        (
            Field("Org", Type.ORG, "Org node: id, alias or path", required=True, key=True),
            _QUEUE,
            _PERIOD,
            Field("Hours", Type.NUMBER, "A total: caps the sum below the row", unit="h", lower=0),
            Field("FTE", Type.NUMBER, "Full-time equivalents in each leaf period", unit="FTE", lower=0),
            Field("Paid hours", Type.NUMBER, "Paid hours per FTE in each leaf period", unit="h/FTE", lower=0),
            Field(
                "Hours per day", Type.NUMBER, "Paid hours per FTE and working day", unit="h/FTE/day", lower=0, upper=24
            ),
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
        ),
        optional=True,
    ),
    Table(
        "Skills",
        "Who can work on what; without it, pairs with a baseline",
        (
            Field("Org", Type.ORG, "Org node: id, alias or path", required=True, key=True),
            Field("Queue", Type.QUEUE, "Queue node: id, alias or path", required=True, key=True),
            Field("Metric", Type.METRIC, "Only for this metric", default="all metrics", key=True),
            Field("From", Type.PERIOD, "First period", key=True, part=Part.I2),
            Field("To", Type.PERIOD, "Last period", key=True, part=Part.I2),
            Field("Max share", Type.SHARE, "Most of the team's hours", lower=0, upper=1, part=Part.I2),
            Field("Max share of queue", Type.SHARE, "Most of the queue's volume", lower=0, upper=1, part=Part.I2),
        ),
        optional=True,
    ),
    Table(
        "Baseline",
        "History: what was done before",
        (
            _METRIC,
            _ORG,
            _QUEUE,
            _PERIOD,
            Field("Value", Type.NUMBER, "What was done", required=True, lower=0),
            Field("Count", Type.NUMBER, "Number of observations behind a rate", lower=0, part=Part.I2),
        ),
        optional=True,
        wide=True,
    ),
    Table(
        "Targets",
        "What is asked, at any level",
        (
            _METRIC,
            _ORG,
            _QUEUE,
            _PERIOD,
            _EACH,
            Field(
                "Sense",
                Type.CHOICE,
                "How the value binds",
                default="shared out exactly, judged by Better",
                choices=("exactly", "at least", "at most"),
            ),
            Field("Value", Type.NUMBER, "The target", required=True, lower=0),
            Field(
                "Basis",
                Type.CHOICE,
                "What the value is counted in",
                default="total",
                choices=("total",),
                later_choices=("per working day", "per FTE day", "% of baseline", "points on baseline", "% of agreed"),
            ),
            Field("Priority", Type.NUMBER, "1 = first, strictly before 2", default="1", lower=1),
        ),
        wide=True,
    ),
    Table(
        "Limits",
        "Minimum, maximum and held values that cascading must keep",
        (
            _METRIC,
            _ORG,
            _QUEUE,
            _PERIOD,
            _EACH,
            Field("Min", Type.NUMBER, "Not below", lower=0),
            Field("Max", Type.NUMBER, "Not above", lower=0),
            Field("Hold", Type.NUMBER, "Exactly this", lower=0),
            Field(
                "Basis",
                Type.CHOICE,
                "What the values are counted in",
                default="total",
                choices=("total",),
                later_choices=("per working day", "per FTE day", "% of baseline", "points on baseline", "% of agreed"),
            ),
            _OWNER,
            _REASON,
            Field("Until", Type.DATE, "Applies to periods that start by then", part=Part.I2),
        ),
        optional=True,
    ),
    Table(
        "Benchmarks",
        "Floor, ceiling and best of a rate, per node",
        (
            _METRIC,
            _ORG,
            _QUEUE,
            Field("Floor", Type.NUMBER, "Lowest value"),
            Field("Ceiling", Type.NUMBER, "Highest value"),
            Field("Best", Type.NUMBER, "Benchmark"),
        ),
        optional=True,
        part=Part.I2,
    ),
    Table(
        "Groups",
        "Sets of nodes that cut across a tree",
        (
            Field("Group", Type.ID, "Id of the group", required=True, key=True),
            Field("Of", Type.CHOICE, "Which tree", required=True, choices=("Org", "Queues"), key=True),
            Field("Node", Type.ID, "A member", required=True, key=True),
        ),
        optional=True,
        part=Part.I2,
    ),
    Table(
        "Inflow",
        "Items that arrive",
        (
            _METRIC,
            _QUEUE,
            _PERIOD,
            Field("Value", Type.NUMBER, "Items in", required=True, lower=0),
            Field("Exits", Type.NUMBER, "Items that leave without being handled", lower=0),
        ),
        optional=True,
        wide=True,
        part=Part.I2,
    ),
    Table(
        "Opening",
        "Backlog at the start",
        (_METRIC, _QUEUE, Field("Value", Type.NUMBER, "Items open", required=True, lower=0)),
        optional=True,
        part=Part.I2,
    ),
    Table(
        "Actuals",
        "What happened",
        (
            _METRIC,
            _ORG,
            _QUEUE,
            _PERIOD,
            Field("From", Type.DATE, "First day"),
            Field("To", Type.DATE, "Last day"),
            Field("Value", Type.NUMBER, "What was done", required=True),
            Field("Count", Type.NUMBER, "Number of observations behind a rate", lower=0),
        ),
        optional=True,
        wide=True,
        part=Part.I5,
    ),
)

TABLE: dict[str, Table] = {table.name: table for table in TABLES}

RESERVED = (
    "CapacityActuals",
    "InflowActuals",
    "Actions",
    "Scenarios",
    "Responses",
    "SignOff",
    "Methods",
    "Experiments",
    "Headcount",
)
"""Names of input tables that later parts will read; until then a filled one is named and left alone."""
