"""TC2 to TC5: what is wrong or surprising in what was read, by way of a real workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.issues import Issue
from engine.tables import Inputs
from tests.builders_cases import CASES
from tests.workbooks.books import METRICS, book, book_of
from workbooks.run import read_plan

ORG = [("Node", "Parent"), ("Site", None), ("A", "Site"), ("B", "Site")]
QUEUES = [("Node", "Handle time"), ("Spam", 60)]
PERIODS = [("Period", "Parent"), ("Q1", None), ("Jan", "Q1"), ("Feb", "Q1")]
BASELINE = [("Metric", "Org", "Queue", "Period", "Value")] + [
    ("Reviews", team, "Spam", month, 100) for team in "AB" for month in ("Jan", "Feb")
]
TARGETS = [("Metric", "Org", "Sense", "Value"), ("Reviews", None, None, 400)]
CAPACITY = [("Org", "Hours"), ("Site", 1000)]
PLAN = {
    "Metrics": METRICS, "Org": ORG, "Queues": QUEUES, "Periods": PERIODS, "Baseline": BASELINE, "Targets": TARGETS,
    "Capacity": CAPACITY,
}  # fmt: skip
LIMITS = ("Metric", "Org", "Min", "Max")


def _plan(**tables: object) -> Sequence[Issue]:
    return read_plan(book({name: rows for name, rows in {**PLAN, **tables}.items() if rows is not None})).issues


def _case(make: Callable[[], Inputs]) -> Callable[[], Sequence[Issue]]:
    return lambda: read_plan(book_of(make())).issues


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {code: _case(make) for code, make in CASES.items()} | {
    "TC401": lambda: _plan(Targets=[*TARGETS, ("Reviews", "A", "at least", 300), ("Reviews", "B", "at least", 300)]),
    "TC402": lambda: _plan(Limits=[LIMITS, ("Reviews", "A", 500, None)]),
    "TC403": lambda: _plan(Limits=[LIMITS, ("Reviews", "A", None, 100), ("Reviews", "B", None, 100)]),
    "TC404": lambda: _plan(Capacity=[("Org", "Hours"), ("Site", 1)]),
    "TC550": lambda: _plan(Capacity=[("Org", "Hours"), ("A", 1000)]),
    "TC558": lambda: _plan(
        Capacity=[("Org", "Period", "FTE", "Paid hours"), ("Site", None, 10, 100), ("Site", "Jan", 11, 100)]
    ),
    "TC551": lambda: _plan(
        Metrics=[("Metric", "Kind", "Uses capacity"), ("Reviews", "volume", "yes"), ("Appeals", "volume", "no")]
    ),
    "TC552": lambda: _plan(Org=[*ORG, ("Idle", "Site")]),
    "TC553": lambda: _plan(Queues=[*QUEUES, ("Empty", 60)]),
    "TC554": lambda: _plan(Capacity=None),
    "TC555": lambda: _plan(Limits=[LIMITS, ("Reviews", "A", 10.5, None)]),
}
