"""Every setting, as data."""

from __future__ import annotations

from engine.fields.kinds import Setting, Type
from solver.solvers import NAMES as SOLVER_NAMES

SETTINGS: tuple[Setting, ...] = (
    Setting("Plan name", Type.TEXT, "", "Title of the Summary"),
    Setting("Cycle", Type.TEXT, "", "Planning round, shown in the Summary"),
    Setting("Version", Type.TEXT, "", "Version of the plan, shown in the Summary and the Run Log"),
    Setting("Scenario", Type.TEXT, "", "Scenario, shown in the Summary"),
    Setting("As of", Type.PERIOD, None, "Last period with final actuals; blank: the last one with any"),
    Setting(
        "Formula effects",
        Type.CHOICE,
        "shapley",
        "How Variance splits the change of a formula among its drivers; lmdi serves products only",
        choices=("shapley", "lmdi"),
    ),
    Setting(
        "Fair share by",
        Type.CHOICE,
        "baseline",
        "What a fair split follows",
        choices=("baseline", "hours", "inflow", "even"),
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
        "",
        "What numbers stay close to: history (fair share) or what was sealed (agreed). Blank: what was sealed, once "
        "something is, and history before that",
        choices=("fair share", "agreed"),
    ),
    Setting(
        "Move only",
        Type.TEXT,
        "",
        "Org nodes and queues that may leave what was sealed, comma between; all others stay at it",
    ),
    Setting(
        "Smallest move",
        Type.NUMBER,
        0.0,
        "Items by which a number must leave what was sealed, or else it stays, as far as the targets allow",
        lower=0,
    ),
    Setting(
        "Smallest rate move",
        Type.NUMBER,
        0.0,
        "The same of rates: points of shares (0.5 = half a point), of other rates their unit",
        lower=0,
    ),
    Setting(
        "Solver",
        Type.CHOICE,
        "highs",
        "Which solver decides; all but highs are slower, for a second opinion",
        choices=tuple(SOLVER_NAMES),
    ),
    Setting(
        "Time limit (s)",
        Type.NUMBER,
        None,
        "Seconds after which the best plan so far is written; what would close a miss is asked only with --worth then",
        lower=0,
    ),
    Setting(
        "Leaf rows",
        Type.CHOICE,
        "",
        "Where the rows of Cascade stand: in the workbook (book), or in a file beside it (parquet, csv). Blank: in the "
        "workbook, above 400,000 rows in a Parquet file",
        choices=("book", "parquet", "csv"),
    ),
    Setting("Output prefix", Type.TEXT, "", "Put before the names of the engine's sheets and tables"),
)
