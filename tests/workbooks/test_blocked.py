"""What blocked achievement, joined to the plan's own constraints, from workbook to tab."""

from __future__ import annotations

import pytest

from tests.workbooks.achievement import ACTUALS, Row, plan_book, variance_table
from tests.workbooks.books import Rows, as_saved, opened
from workbooks.run import cascade
from workbooks.seal_run import seal
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
    plain = cascade(plan_book(Capacity=CAPACITY, Limits=_limit(9999)))
    assert plain.data is not None
    sealed = seal(plain.data)
    assert sealed.data is not None
    made = opened(sealed.data)
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
