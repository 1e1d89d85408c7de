"""What blocked achievement, joined to the plan's own constraints, from workbook to tab."""

from __future__ import annotations

import pytest

from tests.workbooks.achievement import ACTUALS, BASELINE, PAIRS, Row, plan_book, sealed, variance_table
from tests.workbooks.books import Rows, as_saved, opened
from workbooks.variance_run import variance

CAPACITY: Rows = [
    ("Org", "FTE", "Paid hours", "Shrinkage", "Occupancy"),
    ("A", 1, 20, 0.2, 0.5),  # 8 hours: 480 items of a minute, 300 agreed
    ("B", 1, 20, 0.2, 0.5),
]
JANUARY: Rows = [row for row in ACTUALS if row[3] in ("Period", "2026-01")]
"""Team B did 250 of 300 items of one minute; team A its 300, 10 of them in another queue."""

B = ("Reviews", "B", "", "2026-01")


def _row(capacity: tuple[object, ...] | None, **tables: Rows) -> Row:
    actual = [("Org", "FTE", "Paid hours", "Shrinkage", "Occupancy", "Handle time")]
    rows = [*actual, capacity] if capacity else None
    book = plan_book(Actuals=JANUARY, Capacity=CAPACITY, CapacityActuals=rows, **tables)
    return variance_table(book)[B]


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (("B", 0.95, 20, 0.2, 0.5, None), "FTE 24 items (0.4 h); routing 26 items (0.4 h)"),
        (("B", 1, 20, 0.24, 0.5, None), "shrinkage 24 items (0.4 h); routing 26 items (0.4 h)"),
        (("B", 1, 20, 0.2, 0.45, None), "occupancy 48 items (0.8 h); routing 2 items (0.0 h)"),
        (("B", 1, 20, 0.2, 0.5, 64), "handle time 30 items (0.5 h); routing 20 items (0.3 h)"),
        (("B", 1, 20, 0.2, 0.5, None), "routing 50 items (0.8 h)"),
        (("B", 0.5, 20, 0.2, 0.5, None), "FTE 50 items (0.8 h)"),  # no constraint explains more than was missed
    ],
)
def test_each_constraint_explains_what_it_took_and_no_more(capacity: tuple[object, ...], words: str) -> None:
    row = _row(capacity)
    assert row["Status"] == "red"
    assert row["Blocked by"] == words


def test_work_that_never_arrived_comes_first_and_attainment_on_arrived_work_stands_beside() -> None:
    stream = ("Metric", "Queue", "Period", "Value")
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    inflow = [stream, *(("Reviews", queue, month, 500) for queue in ("Spam", "Hate") for month in months)]
    came = [stream, ("Reviews", "Spam", "2026-01", 470), ("Reviews", "Hate", "2026-01", 500)]
    row = _row(("B", 1, 20, 0.2, 0.5, None), Inflow=inflow, InflowActuals=came)
    # Spam missed 60 in all, 30 never came: half of what either team missed
    assert row["Blocked by"] == "inflow 25 items (0.4 h); routing 25 items (0.4 h)"
    assert row["Attainment"] == pytest.approx(250 / 300)
    assert row["Attainment on arrived"] == pytest.approx(250 / 275)


def test_without_capacity_actuals_nothing_is_made_up() -> None:
    assert _row(None)["Blocked by"] == "not explained 50 items (0.8 h)"


def test_a_limit_that_somebody_set_since_is_named_with_its_owner() -> None:
    agreed = sealed(Capacity=CAPACITY, Limits=_limit(9999))
    made = opened(agreed)
    made["Limits"]["D2"] = 250  # after the seal, team B was held back
    row = variance_table(as_saved(made))[B]
    assert (row["Agreed"], row["Latest"], row["Status"]) == (300, 250, "red")
    assert row["Blocked by"] == "not explained 50 items (0.8 h), limit of Country lead, row 2 of Limits"


def _limit(most: float) -> Rows:
    return [("Metric", "Org", "Period", "Max", "Owner"), ("Reviews", "B", "2026-01", most, "Country lead")]


def test_rows_that_are_not_red_are_not_explained() -> None:
    rows = variance_table(plan_book(Actuals=JANUARY, Capacity=CAPACITY))
    assert all(row["Blocked by"] in (None, "") for row in rows.values() if row["Status"] != "red")


def test_bad_rows_of_capacity_actuals_are_set_aside() -> None:
    rows = [("Org", "FTE", "Paid hours"), ("Nobody", 1, 20), ("B", "some", 20), ("A", 1, 20)]
    run = variance(plan_book(Actuals=JANUARY, Capacity=CAPACITY, CapacityActuals=rows))
    assert run.data is not None
    places = {each.place.row for each in run.issues if each.code == "TC801" and each.place.table == "CapacityActuals"}
    assert places == {2, 3}


SIDES = ("Org", "Queue", "FTE", "Paid hours")


def _of_queues(planned: Rows, came: Rows) -> dict[tuple[str, str, str, str], Row]:
    return variance_table(plan_book(Actuals=JANUARY, Capacity=planned, CapacityActuals=came))


def test_rows_for_single_queues_explain_what_those_queues_missed() -> None:
    """Team A did 90 of 100 in Spam and 210 of 200 in Hate: its Spam crew was smaller, its whole crew was not."""
    planned = [SIDES, ("A", "Spam", 1, 5), ("A", "Hate", 1, 10), ("B", None, 1, 8)]
    came = [SIDES, ("A", "Spam", 0.98, 5), ("A", "Hate", 1.02, 10), ("B", None, 1, 8)]
    row = _of_queues(planned, came)["Reviews", "A", "Spam", "2026-01"]
    assert row["Blocked by"] == "FTE 6 items (0.1 h); routing 4 items (0.1 h)"


def test_rows_for_single_queues_add_up_where_the_plan_knows_whole_teams() -> None:
    planned = [SIDES, ("A", None, 1, 8), ("B", None, 1, 8)]
    came = [SIDES, ("B", "Spam", 0.5, 8), ("B", "Hate", 0.4, 8), ("A", None, 1, 8)]
    # 0.9 of the team was there: 0.8 hours are 48 items of a minute
    assert _of_queues(planned, came)[B]["Blocked by"] == "FTE 48 items (0.8 h); routing 2 items (0.0 h)"


def test_a_queue_and_its_team_do_not_explain_the_same_items_twice() -> None:
    planned = [SIDES, ("B", None, 1, 8), ("B", "Spam", 0.9, 8), ("A", None, 1, 8)]
    came = [SIDES, ("B", None, 0.95, 8), ("B", "Spam", 0.85, 8), ("A", None, 1, 8)]
    assert _of_queues(planned, came)[B]["Blocked by"] == "FTE 24 items (0.4 h); routing 26 items (0.4 h)"


def test_handle_time_alone_says_what_slower_work_took() -> None:
    came = [("Org", "Queue", "Handle time"), ("B", "Spam", 66)]
    row = _of_queues(CAPACITY, came)[B]
    # 250 items took 25 minutes more than planned: 25 items
    assert row["Blocked by"] == "handle time 25 items (0.4 h); not explained 25 items (0.4 h)"


def test_overtime_makes_up_for_people_who_were_not_there() -> None:
    header = (*SIDES[:1], *SIDES[2:], "Overtime hours")
    came = [header, ("B", 0.9, 8, 0.8), ("A", 1, 8, 0)]
    planned = [header, ("B", 1, 8, 0), ("A", 1, 8, 0)]
    assert _of_queues(planned, came)[B]["Blocked by"] == "routing 50 items (0.8 h)"


def _after_the_seal(sheet_name: str, rows: Rows, **tables: Rows) -> bytes:
    """Return a sealed plan to which somebody added a table since."""
    agreed = sealed(**tables)
    made = opened(agreed)
    sheet = made.create_sheet(sheet_name)
    for row in rows:
        sheet.append(row)
    return as_saved(made)


def test_a_share_of_a_teams_hours_that_was_used_up_is_named() -> None:
    """Half of 8 hours and a little are 4.16: 250 items of a minute; 252 would have been too much."""
    skills: Rows = [("Org", "Queue", "Max share"), ("A", "Work", None), ("B", "Spam", 0.52), ("B", "Hate", None)]
    data = _after_the_seal("Skills", skills, Actuals=JANUARY, Capacity=CAPACITY, CapacityActuals=CAPACITY)
    words = str(variance_table(data)["Reviews", "B", "Spam", "2026-01"]["Blocked by"])
    assert words == "routing 50 items (0.8 h), Skills, row 3: B at most 52% of its hours"


LOW: Rows = [("Metric", "Kind", "Unit", "Better", "Uses capacity"), ("Reviews", "volume", "complaints", "lower", "no")]


def test_of_what_should_be_low_more_that_arrived_is_the_reason_and_no_crew_is() -> None:
    stream = ("Metric", "Queue", "Period", "Value")
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    planned = [stream, *(("Reviews", queue, month, 500) for queue in ("Spam", "Hate") for month in months)]
    came = [stream, ("Reviews", "Spam", "2026-01", 530), ("Reviews", "Hate", "2026-01", 500)]
    actuals = [*JANUARY[:1], ("Reviews", "A", "Spam", "2026-01", 100), ("Reviews", "B", "Spam", "2026-01", 350)]
    rows = variance_table(plan_book(Metrics=LOW, Actuals=actuals, Inflow=planned, InflowActuals=came))
    assert rows[B]["Status"] == "red"
    assert rows[B]["Blocked by"] == "inflow 30 complaints; not explained 20 complaints"


RATED: Rows = [
    ("Metric", "Kind", "Unit", "Weight"), ("Reviews", "volume", "items", None), ("Accuracy", "rate", "%", "Reviews")
]  # fmt: skip


def test_of_a_rate_the_effects_that_went_against_it_and_the_limit_it_is_at_are_named() -> None:
    base = [*BASELINE, *(("Accuracy", *pair, f"2025-0{m}", 0.9) for pair in PAIRS for m in (1, 2, 3, 4))]
    limits: Rows = [("Metric", "Org", "Max", "Owner", "Reason"), ("Accuracy", "B", 0.85, "Quality", "new policy")]
    actual = [*JANUARY, *(("Accuracy", *pair, "2026-01", 0.85) for pair in PAIRS)]
    data = _after_the_seal("Limits", limits, Metrics=RATED, Baseline=base, Actuals=actual)
    row = variance_table(data)["Accuracy", "B", "", "2026-01"]
    assert row["Status"] == "red"
    assert row["Blocked by"] == "rate −5.00 points, limit of Quality (new policy), row 2 of Limits"
