"""Backlogs in a review: agreed by queue, reported by whoever has them, kept up by what came in and was not handled."""

from __future__ import annotations

import pytest

from engine.variance.review import make_reviews
from tests.workbooks.achievement import ACTUALS, BASELINE, Row, plan_book, rows_of, sealed, variance_table
from tests.workbooks.books import Rows, as_saved, opened
from workbooks.run import cascade
from workbooks.variance_run import variance

METRICS: Rows = [
    ("Metric", "Kind", "Unit", "Better", "Balance of"),
    ("Reviews", "volume", "items", None, None),
    ("Backlog", "stock", "items", "lower", "Reviews"),
]
STREAM = ("Metric", "Queue", "Period", "Value", "Exits")
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
INFLOW: Rows = [
    STREAM,
    *(("Reviews", queue, month, size, 10) for queue, size in (("Spam", 450), ("Hate", 230)) for month in MONTHS),
]
OPENING: Rows = [("Metric", "Queue", "Value"), ("Reviews", "Spam", 100), ("Reviews", "Hate", 50)]
"""Agreed are 400 a month in Spam and 200 in Hate: the backlog grows by 40 and by 20 a month."""

OPEN: Rows = [
    ("Backlog", None, "Spam", "2026-01", 220),
    ("Backlog", None, "Spam", "2026-02", 320),
    ("Backlog", None, "Hate", "2026-02", 40),
]
TABLES = {"Metrics": METRICS, "Inflow": INFLOW, "Opening": OPENING}

SPAM = ("Backlog", "", "Spam")


def _rows(actuals: Rows = OPEN, **more: Rows) -> dict[tuple[str, str, str, str], Row]:
    return variance_table(plan_book(**TABLES, Actuals=[*ACTUALS, *actuals], **more))


def test_a_backlog_is_compared_by_queue_at_the_end_of_each_period() -> None:
    rows = _rows()
    january, february = rows[*SPAM, "2026-01"], rows[*SPAM, "2026-02"]
    assert (january["Agreed"], january["Actual"], january["Variance"]) == (140, 220, 80)
    assert (february["Agreed"], february["Actual"]) == (180, 320)
    assert rows[*SPAM, "2026 to date"]["Actual"] == 320
    assert {key[1] for key in rows if key[0] == "Backlog"} == {"", "Site"}


def test_lower_is_better_and_what_nobody_reported_is_no_zero() -> None:
    rows = _rows()
    assert rows[*SPAM, "2026-01"]["Status"] == "red"
    assert rows["Backlog", "", "Hate", "2026-01"]["Status"] == "no data"
    total = rows["Backlog", "Site", "", "2026-01"]
    assert (total["Agreed"], total["Not reported"], total["Variance"]) == (210, 70, 80)
    hate = rows["Backlog", "", "Hate", "2026-02"]
    assert (hate["Agreed"], hate["Status"], hate["Attainment"]) == (90, "green", pytest.approx(2 - 40 / 90))


def test_effects_of_a_backlog_add_up_to_its_variance() -> None:
    for row in (row for key, row in _rows().items() if key[0] == "Backlog" and row["Variance"] not in (None, "")):
        assert row["Volume effect"] == row["Variance"]
        assert row["Check"] == 0


@pytest.mark.parametrize(
    "told",
    [
        [("Backlog", "A", "Spam", "2026-02", 100), ("Backlog", "B", "Spam", "2026-02", 220)],
        [("Backlog", None, "Spam", "2026-Q1", 320), ("Backlog", None, "Spam", "2026-03", 320)],
    ],
)
def test_backlogs_of_teams_add_up_and_a_quarter_is_its_last_month(told: Rows) -> None:
    rows = _rows(told)
    period = "2026-02" if told[0][1] else "2026-03"
    assert rows[*SPAM, period]["Actual"] == 320


def test_a_quarter_that_its_last_month_contradicts_is_named_and_the_month_counts() -> None:
    run = variance(
        plan_book(
            **TABLES,
            Actuals=[*ACTUALS, ("Backlog", None, "Spam", "2026-Q1", 300), ("Backlog", None, "Spam", "2026-03", 320)],
        )
    )
    assert [each.found for each in run.issues if each.code == "TC803"] == ["300; finer values say 320"]
    assert run.data is not None
    assert rows_of(run.data)[*SPAM, "2026-03"]["Actual"] == 320


def test_a_backlog_is_kept_up_by_what_came_in_and_by_what_was_not_handled() -> None:
    """In January 60 of 400 were not handled in Spam, and 15 more came in: 75 of the 80 too many."""
    came = [STREAM, ("Reviews", "Spam", "2026-01", 465, None), ("Reviews", "Hate", "2026-01", 230, None)]
    row = _rows(InflowActuals=came)[*SPAM, "2026-01"]
    assert row["Blocked by"] == "inflow 15 items; less handled 60 items; not explained 5 items"


def test_exits_that_did_not_happen_wait_too() -> None:
    came = [STREAM, ("Reviews", "Spam", "2026-01", 450, 0), ("Reviews", "Hate", "2026-01", 230, 10)]
    row = _rows(InflowActuals=came)[*SPAM, "2026-01"]
    assert row["Blocked by"] == "inflow 10 items; less handled 60 items; not explained 10 items"


def test_why_less_was_handled_is_why_more_waits() -> None:
    people = ("Org", "FTE", "Paid hours")
    row = _rows(Capacity=[people, ("A", 1, 10), ("B", 1, 10)], CapacityActuals=[people, ("A", 1, 10), ("B", 0.95, 10)])[
        *SPAM, "2026-01"
    ]
    # 0.5 of B's hours are 30 of its 50 items; A and the rest of B worked elsewhere or on less
    assert row["Blocked by"] == "FTE 30 items; routing 30 items; not explained 20 items"


def test_the_seal_keeps_backlogs_and_the_review_has_one_part_for_them() -> None:
    agreed = sealed(**TABLES, Actuals=[*ACTUALS, *OPEN])
    run = variance(agreed)
    assert run.table is not None
    assert run.data is not None
    backlog = make_reviews(run.table)[1]
    assert (backlog.at_top(backlog.table.block.agreed), backlog.at_top(backlog.table.block.actual)) == (270, 360)
    texts = [str(row[0].value) for row in opened(run.data)["Review"].iter_rows() if row[0].value]
    assert any(text.startswith("Backlog: 360 against 270 agreed, +90") for text in texts)


def test_a_part_of_an_agreed_backlog_may_be_asked() -> None:
    agreed = sealed(**TABLES)
    made = opened(agreed)
    made.remove(made["Targets"])
    sheet = made.create_sheet("Targets")
    rows = [
        ("Metric", "Queue", "Period", "Sense", "Value", "Basis", "Priority"),
        ("Backlog", "Spam", "2026-04", "at most", 0.5, "% of agreed", 1),
        ("Reviews", None, None, None, 1.0, "% of agreed", 2),
    ]
    for row in rows:
        sheet.append(row)
    again = cascade(as_saved(made))
    assert again.outcome is not None, again.issues
    assert again.outcome.plan.targets.value.tolist() == [130, 2400]


def test_the_baseline_is_what_these_tests_count_on() -> None:
    assert sum(float(row[4]) for row in BASELINE[1:] if row[2] == "Spam") == 1600  # type: ignore[arg-type]
