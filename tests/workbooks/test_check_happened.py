"""``targets check`` finds in what happened all that a review would set aside, each thing once."""

from __future__ import annotations

from engine.issues import stops
from tests.workbooks.achievement import ACTUALS, plan_book, sealed
from tests.workbooks.books import Rows, as_saved, opened
from workbooks.variance_run import check_book, variance

_HAPPENED = ("Actuals", "CapacityActuals", "InflowActuals")
WRONG: Rows = [
    ("Reviews", "Nobody", "Spam", "2026-01", 5),
    ("Reviews", "A", "Spam", "2026-01", 95),
    ("Reviews", "B", "Spam", "2026-02", "many"),
    ("Reviews", "B", "Hate", "2026-01", -4),
    ("Reviews", "A", None, "2026-01", 250),
]
CAPACITY: Rows = [("Org", "FTE", "Paid hours"), ("Site", 3, 20)]
PEOPLE: Rows = [("Org", "FTE", "Paid hours", "Hours"), ("Nobody", 1, 20, None), ("A", 1, 20, 5), ("B", None, None, 9)]
INFLOW: Rows = [
    ("Metric", "Queue", "Period", "Value"),
    *(("Reviews", "Work", f"2026-0{month}", 900) for month in (1, 2, 3, 4)),
]
CAME: Rows = [
    ("Metric", "Queue", "Period", "Value"),
    ("Reviews", "Nowhere", "2026-01", 1),
    ("Reviews", "Work", "2026-01", 800),
]


def _wrong_book() -> bytes:
    return plan_book(
        Actuals=[*ACTUALS, *WRONG], Capacity=CAPACITY, CapacityActuals=PEOPLE, Inflow=INFLOW, InflowActuals=CAME
    )


def test_what_a_review_sets_aside_is_found_by_check_too_and_once() -> None:
    checked, reviewed = check_book(_wrong_book()).issues, variance(_wrong_book()).issues
    found, told = ([each for each in issues if each.place.table in _HAPPENED] for issues in (checked, reviewed))
    assert found == told
    named = [(each.place.table, each.place.row) for each in found if each.code == "TC801"]
    assert sorted(named) == [
        *(("Actuals", row) for row in (8, 9, 10, 11)),
        ("CapacityActuals", 2),
        ("CapacityActuals", 3),
        ("InflowActuals", 2),
    ]
    assert [each.place.row for each in found if each.code == "TC803"] == [12]
    assert not stops(found)


def test_check_says_nothing_of_tables_that_are_empty() -> None:
    for actuals in (None, ACTUALS[:1]):
        assert not [each for each in check_book(plan_book(Actuals=actuals)).issues if each.code.startswith("TC8")]


def test_actuals_of_which_none_can_be_used_stop_no_cascade() -> None:
    issues = check_book(plan_book(Actuals=[ACTUALS[0], ("Reviews", "Nobody", None, "2026-01", 1)])).issues
    assert not stops(issues)
    assert {"TC801"} == {each.code for each in issues if each.code.startswith("TC8")}


def test_rows_of_people_that_were_set_aside_are_not_used_and_counted_on_the_review() -> None:
    run = variance(_wrong_book())
    assert run.data is not None
    assert run.table is not None
    assert run.table.happened.set_aside_beside == 3
    assert "3 rows of CapacityActuals or InflowActuals set aside" in str(opened(run.data)["Review"]["A3"].value)


def test_check_judges_totals_by_what_was_sealed() -> None:
    """What teams share of a coarser row needs sizes: check has those of the seal, as the review has."""
    agreed = sealed(Actuals=[*ACTUALS, ("Reviews", "B", None, "2026-02", 300)])
    data = as_saved(opened(agreed))
    assert [each for each in check_book(data).issues if each.code == "TC803"] == [
        each for each in variance(data).issues if each.code == "TC803"
    ]


def test_an_as_of_that_is_no_period_is_named_with_its_cell_by_both() -> None:
    book = plan_book(Settings=[("Setting", "Value"), ("Plan name", "x"), ("As of", "soon")])
    for issues in (check_book(book).issues, variance(book).issues):
        (found,) = [each for each in issues if each.code == "TC811"]
        assert (found.place.sheet, found.place.row, found.place.column) == ("Settings", 3, 2)


def test_people_of_a_group_of_queues_are_set_aside_and_named() -> None:
    groups: Rows = [("Group", "Of", "Node"), ("Night", "Queue", "Spam")]
    people: Rows = [("Org", "Queue", "FTE", "Paid hours"), ("B", "Night", 1, 20), ("A", None, 1, 20)]
    run = variance(plan_book(Groups=groups, Capacity=CAPACITY, CapacityActuals=people))
    (found,) = [each for each in run.issues if each.code == "TC801"]
    assert (found.place.table, found.place.row) == ("CapacityActuals", 2)
    assert found.found == "A group where only a node may stand: the group Night"
