"""Whatever stands in the cells, the builder answers with issues, never with an exception."""

import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build_plan
from engine.codes import CODES
from engine.issues import Severity
from engine.tables import FAULTY
from tests.builders import BASELINE, ORG, QUEUES, TARGETS, book
from tests.counts import everyday

DAY = datetime.datetime
SOUND = {
    "Settings": [("Setting", "Value"), ("Mix guard", 0.1), ("Misses", "spread"), ("Plan name", "H1")],
    "Metrics": [("Metric", "Kind", "Unit", "Better", "Uses capacity"), ("Reviews", "volume", "items", "higher", "yes")],
    "Org": ORG,
    "Queues": QUEUES,
    "Periods": [
        ("Period", "Parent", "Start", "End", "Working days", "Like"),
        ("2026Q1", None, None, None, None, None),
        ("2026-01", "2026Q1", DAY(2026, 1, 1), DAY(2026, 1, 31), 21, "2025-01"),
        ("2026-02", "2026Q1", DAY(2026, 2, 1), DAY(2026, 2, 28), None, None),
    ],
    "Capacity": [
        ("Org", "Queue", "Period", "Hours", "FTE", "Paid hours", "Hours per day", "Shrinkage", "Occupancy", "Ramp"),
        ("Dublin", None, None, None, 10, None, 8, 0.3, 0.85, 1),
        ("Lisbon", "Spam", "2026-01", 100),
    ],
    "Skills": [("Org", "Queue", "Metric"), ("EMEA", "Hate", None), ("Dublin", "Spam", "Reviews")],
    "Baseline": [*BASELINE, ("Reviews", "Lisbon", "Spam", "2026Q1", 50)],
    "Targets": [(*TARGETS[0], "Sense", "Priority"), (*TARGETS[1], "at least", 2),
                ("Reviews", "Dublin", "Hate", "2026-01", 9)],
    "Limits": [
        ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold"),
        ("Reviews", "Dublin", "Hate", None, 1, 900),
        ("Reviews", "Team A", None, "2026-02", None, None, 90),
    ],
}  # fmt: skip
GARBAGE = st.sampled_from(
    [
        None,
        FAULTY,
        True,
        False,
        "",
        "  ",
        "x",
        "1,234",
        "1,5",
        "12 %",
        "-",
        "Dublin",
        "Team A",
        "Spam",
        "2026-01",
        "Reviews",
        "2025-02",
        "Jan-26",
        "EMEA/Dublin",
        "a/b/c",
        "/",
        0,
        -1,
        0.5,
        95,
        1e300,
        float("inf"),
        101,
        DAY(2026, 1, 15),
        DAY(2020, 1, 1),
        DAY(2026, 2, 28),
        "stock",
        "highs",
        "at most",
        "=",
    ]
)
SPOTS = st.tuples(st.sampled_from(sorted(SOUND)), st.integers(1, 10), st.integers(0, 9))


@settings(max_examples=everyday(100, 300), deadline=None)
@given(st.lists(st.tuples(SPOTS, GARBAGE), min_size=1, max_size=6), st.sets(st.sampled_from(sorted(SOUND)), max_size=2))
def test_garbage_in_any_cell_ends_in_a_plan_or_in_issues(changes, missing):
    tables = {name: [list(row) for row in rows] for name, rows in SOUND.items() if name not in missing}
    for (name, row, column), value in changes:
        if name in tables:
            rows = tables[name]
            record = rows[1 + row % (len(rows) - 1)]
            record += [None] * (len(rows[0]) - len(record))
            record[column % len(rows[0])] = value
    plan, issues = build_plan(book(**tables))
    assert {issue.code for issue in issues} <= set(CODES)
    if plan is None:
        has_faulty = any(value is FAULTY for _, value in changes)
        stopped = any(issue.severity is Severity.STOP for issue in issues)
        assert stopped or has_faulty or missing & {"Metrics", "Org", "Queues", "Periods", "Targets"}
        return
    assert len(plan.cells) > 0
    assert np.isfinite(plan.cells.hours).all()
    assert not np.isnan(plan.capacity.hours).any()
    assert np.isfinite(plan.may_lose).all()
    for scope, tree in (
        (plan.targets.scope.org, plan.org),
        (plan.limits.scope.queue, plan.queues),
        (plan.capacity.scope.period, plan.periods),
    ):
        assert ((scope >= 0) & (scope < len(tree))).all()
