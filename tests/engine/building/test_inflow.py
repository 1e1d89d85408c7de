"""Inflow, Opening and Turnaround: what is read, shared out, taken as 0, and refused."""

import numpy as np
import pytest

from engine.plan import TURNAROUND, Plan, Sense
from tests.backlogs import (
    BASELINE,
    DUE,
    INFLOW,
    METRICS,
    OPENING,
    PERIODS,
    QUEUES,
    TARGETS,
    asking,
    backlog_book,
)
from tests.builders import codes_of, issues_of, plan_of

MONTHS = ("2026-01", "2026-02", "2026-03")


def available(plan: Plan, queue: str) -> list[float]:
    leaf = [plan.queues.ids[node] for node in plan.queues.leaves].index(queue)
    return plan.balances[0].available[leaf].tolist()


def test_what_came_in_less_exits_adds_up_on_top_of_the_opening():
    plan = plan_of(backlog_book())
    assert plan.metrics.backlog_of == {0: 1}
    assert available(plan, "Hate") == pytest.approx([60 + 140, 60 + 280, 60 + 420])


def test_a_row_of_a_queue_above_is_shared_out_over_the_queues_below_it():
    plan = plan_of(backlog_book())
    assert available(plan, "Bots") == pytest.approx([160, 310, 460])
    finer = [*INFLOW, ("Reviews", "Bots", "2026-01", 240)]
    plan = plan_of(backlog_book(Inflow=finer))
    assert available(plan, "Bots")[0] == pytest.approx(250)
    assert available(plan, "Scams")[0] == pytest.approx(60)


def test_a_longer_period_is_shared_out_by_the_shares_of_the_nearest_month():
    rows = [INFLOW[0], ("Reviews", "Spam", "2026Q1", 900), ("Reviews", "Bots", "2026-01", 200),
            ("Reviews", "Scams", "2026-01", 100), ("Reviews", "Hate", "2026Q1", 300)]  # fmt: skip
    plan = plan_of(backlog_book(Inflow=rows, Opening=None))
    assert np.diff(available(plan, "Bots")) == pytest.approx([200, 200])
    assert np.diff(available(plan, "Scams")) == pytest.approx([100, 100])


def test_finer_rows_that_do_not_add_up_are_named():
    rows = [*INFLOW, ("Reviews", "Bots", "2026-01", 240), ("Reviews", "Scams", "2026-01", 240)]
    (issue,) = issues_of(backlog_book(Inflow=rows), "TC508")
    assert issue.place.table == "Inflow"
    assert "480" in issue.found


@pytest.mark.parametrize(
    "rows",
    [
        [("Metric", "Queue", "2026-01", "2026-02", "2026-03"), ("Reviews", "Hate", 10, 20, 30)],
        [("Queue", "Period", "Reviews")] + [("Hate", f"2026-{month:02}", month * 10) for month in (1, 2, 3)],
        [("Metric", "Queue", "Period", "Value")]
        + [("backlog", "hate", month, 10 * (at + 1)) for at, month in enumerate(("Jan-26", "2026-02", "2026-03"))],
    ],
    ids=["periods as columns", "metrics as columns", "long, named by the backlog"],
)
def test_inflow_has_the_three_shapes(rows):
    plan = plan_of(backlog_book(Inflow=rows, Opening=None, Baseline=BASELINE))
    assert available(plan, "Hate") == pytest.approx([10, 30, 60])
    assert np.isnan(available(plan, "Bots")).all()


def test_a_blank_is_not_a_zero():
    rows = [
        INFLOW[0],
        *(("Reviews", "Hate", f"2026-{month:02}", value) for month, value in ((1, 5), (2, None), (3, 0))),
    ]
    (issue,) = issues_of(backlog_book(Inflow=rows, Opening=None), "TC250")
    assert "2026-02" in issue.found
    assert "2026-03" not in issue.found


def test_nothing_is_missing_while_a_queue_does_not_exist():
    queues = [(*QUEUES[0], "From"), *((*row, "2026-02" if row[0] == "Hate" else None) for row in QUEUES[1:])]
    rows = [INFLOW[0], ("Reviews", "Hate", "2026-02", 10), ("Reviews", "Hate", "2026-03", 10)]
    plan = plan_of(backlog_book(Queues=queues, Inflow=rows, Opening=None))
    assert available(plan, "Hate") == [0, 10, 20]


def test_a_coarser_row_gives_nothing_to_a_queue_that_does_not_exist_yet():
    queues = [(*QUEUES[0], "From"), *((*row, "2026-02" if row[0] == "Bots" else None) for row in QUEUES[1:])]
    plan = plan_of(backlog_book(Queues=queues))
    assert available(plan, "Bots") == pytest.approx([10, 160, 310])
    assert available(plan, "Scams") == pytest.approx([300, 450, 600])


def test_openings_that_nobody_gave_count_as_nothing_and_are_listed():
    (issue,) = issues_of(backlog_book(), "TC525")
    assert "Scams" in issue.found
    assert "Hate" not in issue.found


def test_history_of_a_backlog_is_not_taken():
    rows = [*BASELINE, ("Backlog", None, "Hate", "2025-01", 500)]
    plan = plan_of(backlog_book(Baseline=rows))
    assert set(plan.cells.metric.tolist()) == {0}
    assert "TC528" in codes_of(backlog_book(Baseline=rows))


def test_turnaround_becomes_a_row_before_the_targets_of_its_queue():
    targets = [
        TARGETS[0],
        ("Reviews", None, None, None, "exactly", 1270, 3),
        ("Reviews", None, "Spam", None, "at least", 9),
    ]
    plan = plan_of(backlog_book(Queues=DUE, Targets=targets))
    rows = np.flatnonzero(plan.targets.scope.metric == TURNAROUND)
    assert len(rows) == 3
    assert set(plan.targets.sense[rows].tolist()) == {int(Sense.AT_MOST)}
    assert plan.targets.value[rows].tolist() == [48] * 3
    assert plan.targets.priority[rows].tolist() == [2.5] * 3
    assert {plan.targets.place[row].field for row in rows} == {"Turnaround"}


def test_turnaround_is_inherited_down_the_queues():
    queues = [(*row[:3], 24) if row[0] == "Spam" else row for row in QUEUES]
    plan = plan_of(backlog_book(Queues=queues))
    rows = np.flatnonzero(plan.targets.scope.metric == TURNAROUND)
    assert {plan.queues.ids[node] for node in plan.targets.scope.queue[rows].tolist()} == {"Bots", "Scams"}


WRONG = {
    "TC252": {"Inflow": None},
    "TC253": {"Metrics": [METRICS[0], METRICS[1], ("Backlog", "stock", None, None, "Backlog")]},
    "TC254": {
        "Metrics": [*METRICS, ("Cases", "stock", None, None, None)],
        "Inflow": [*INFLOW, ("Cases", "Hate", "2026-01", 4)],
    },
    "TC255": {"Inflow": [*INFLOW, ("Reviews", "Hate", "2026-01", 10, 400)]},
    "TC256": {
        "Inflow": [("Metric", "Queue", "2026-01", "2026-02", "2026-03", "Exits"), ("Reviews", "Hate", 10, 20, 30, 5)],
        "Opening": None,
    },
    "TC257": {"Queues": DUE, "Periods": [("Period",), ("early",), ("middle",), ("late",)], "Baseline": None,
              "Inflow": [INFLOW[0], *(("Reviews", "Hate", period, 9) for period in ("early", "middle", "late"))],
              "Opening": None},
    "TC259": {"Targets": asking(("Backlog", "Dublin", None, None, "at most", 10))},
    "TC526": {"Queues": [QUEUES[0], *((*row[:3], 48) for row in QUEUES[1:])],
              "Inflow": INFLOW[:2], "Opening": OPENING[:2]},
    "TC527": {"Settings": [("Setting", "Value"), ("Fair share by", "inflow")], "Inflow": INFLOW[:2],
              "Opening": OPENING[:2]},
    "TC528": {"Baseline": [*BASELINE, ("Backlog", None, "Hate", "2025-01", 500)]},
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(WRONG))
def test_what_cannot_be_is_named_with_its_cell(code):
    found = issues_of(backlog_book(**WRONG[code]), code)
    assert found
    assert all(issue.place.sheet for issue in found)


def test_a_sound_book_says_none_of_it():
    assert not codes_of(backlog_book(Periods=PERIODS)) & set(WRONG)


ROWS = [
    ("Reviews", "Hate", "2026-01", 100, 7), ("Reviews", "Hate", "2026-02", 90, 5), ("Reviews", "Hate", "2026-03", 80),
]  # fmt: skip


@pytest.mark.parametrize(
    "table",
    [
        [
            ("Metric", "Queue", "2026-01", "2026-02", "2026-03", "Exits 2026-01", "2026-02 exits"),
            ("Reviews", "Hate", 100, 90, 80, 7, 5),
        ],
        [("Queue", "Period", "Reviews", "Exits"), *(row[1:] for row in ROWS)],
        [("Queue", "Period", "Reviews", "Reviews exits"), *(row[1:] for row in ROWS)],
    ],
)
def test_exits_may_stand_in_columns_like_inflow(table):
    in_rows = plan_of(backlog_book(Inflow=[INFLOW[0], *ROWS], Opening=None))
    in_columns = plan_of(backlog_book(Inflow=table, Opening=None))
    assert np.array_equal(in_rows.balances[0].available, in_columns.balances[0].available, equal_nan=True)


def test_a_wrong_exit_in_a_column_of_its_own_is_named_with_its_cell():
    table = [("Metric", "Queue", "2026-01", "2026-02", "2026-03", "Exits 2026-01"), ("Reviews", "Hate", 9, 9, 9, "few")]
    found = issues_of(backlog_book(Inflow=table, Opening=None), "TC202")
    assert [(issue.place.row, issue.place.column) for issue in found] == [(2, 6)]
