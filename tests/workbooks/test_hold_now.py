"""Hold now: the value in Cascade when the row was first seen, kept with the engine's mark."""

import pytest

from engine.building import build_plan
from tests.backlogs import TARGETS, backlog_book
from tests.workbooks.books import as_saved, book_of, opened
from workbooks.package.ownership import find_own, read_holds, read_own_table
from workbooks.run import cascade, read_plan
from workbooks.tabs.names import CASCADE

HEADERS = ("Metric", "Org", "Queue", "Period", "Each", "Hold")
CREW = [("Org", "FTE", "Paid hours"), ("Team A", 2, 100), ("Team B", 3, 100), ("Lisbon", 4, 110)]


@pytest.fixture(scope="module")
def first_run():
    """A cascaded workbook with room for limits that limit nothing yet."""
    room = [HEADERS, *(("Reviews", None, None, None, None, None),) * 3]
    data = cascade(book_of(backlog_book(Limits=room, Capacity=CREW))).data
    assert data is not None
    return data


def changed(data, *limits, target=1270):
    """Return the workbook with other rows in Limits, and another target."""
    book = opened(data)
    for row in (2, 3, 4):
        for column in range(1, len(HEADERS) + 1):
            wanted = limits[row - 2] if row - 2 < len(limits) else ("Reviews",)
            book["Limits"].cell(row, column).value = wanted[column - 1] if column <= len(wanted) else None
    book["Targets"].cell(2, TARGETS[0].index("Value") + 1).value = target
    return as_saved(book)


def run(data):
    result = cascade(data)
    assert result.data is not None, [issue for issue in result.issues if issue.severity.name == "STOP"]
    return result.data


def planned(data, **where):
    """The sum of Target over records of Cascade."""
    table = read_own_table(data, find_own(data), CASCADE)
    at = {name: table.headers.index(name) for name in ("Metric", "Org", "Queue", "Period", "Target")}
    inside = [row for row in table.rows if all(row[at[name]] in wanted for name, wanted in where.items())]
    assert inside
    return sum(row[at["Target"]] for row in inside)


HATE = {"Metric": ["Reviews"], "Queue": ["Hate"]}


def test_a_sum_stays_what_it_was_when_the_row_was_first_seen(first_run):
    before = planned(first_run, **HATE)
    now = ("Reviews", None, "Hate", None, None, "now")
    held = run(changed(first_run, now, target=1100))
    assert planned(held, **HATE) == before
    again = run(changed(held, now, target=1000))
    assert planned(again, **HATE) == before
    assert planned(run(changed(first_run, target=1000)), **HATE) < before


def test_a_run_that_changes_nothing_keeps_what_is_held(first_run):
    now = ("Reviews", None, "Hate", None, None, " Now ")
    held = run(changed(first_run, now, target=1100))
    assert read_holds(held) == {"reviews|emea|hate|2026q1|": planned(first_run, **HATE)}
    assert read_holds(run(held)) == read_holds(held)


def test_a_row_that_went_away_is_forgotten_and_seen_anew(first_run):
    now = ("Reviews", None, "Hate", None, None, "now")
    held = run(changed(first_run, now, target=1100))
    without = run(changed(held, target=1000))
    assert read_holds(without) == {}
    anew = run(changed(without, now, target=1200))
    assert planned(anew, **HATE) == planned(without, **HATE)


def test_a_broken_hold_does_not_move(first_run):
    now = ("Reviews", "Team A", None, None, None, "now")
    held = run(changed(first_run, now))
    before = read_holds(held)
    book = opened(held)
    book["Capacity"].cell(2, 2).value = 0.01  # next to no hours: the hold cannot be kept
    result = cascade(as_saved(book))
    assert int(result.status) == 4
    assert read_holds(result.data) == before


def test_each_makes_a_hold_of_every_node(first_run):
    held = run(changed(first_run, ("Reviews", None, None, None, "Team", "now"), target=1100))
    for team in ("Team A", "Team B"):
        assert planned(held, Metric=["Reviews"], Org=[team]) == planned(first_run, Metric=["Reviews"], Org=[team])


def test_backlogs_hours_and_people_are_held_as_they_stand(first_run):
    rows = (
        ("Backlog", None, "Spam", "2026-02", None, "now"),
        ("Hours", "Team A", None, None, None, "now"),
        ("FTE", "Lisbon", None, "2026-01", None, "now"),
    )
    backlog = planned(first_run, Metric=["Backlog"], Queue=["Bots", "Scams"], Period=["2026-02"])
    plan = read_plan(changed(first_run, *rows)).plan
    lisbon = planned(first_run, Metric=["Reviews"], Org=["Lisbon"], Period=["2026-01"])
    team_a = planned(first_run, Metric=["Reviews"], Org=["Team A"])
    assert plan.limits.lower == pytest.approx([backlog, team_a * 60 / 3600, lisbon * 90 / 3600 / 110])
    assert plan.limits.upper == pytest.approx(plan.limits.lower)


def test_without_an_earlier_run_there_is_nothing_to_hold():
    row = ("Reviews", None, "Hate", None, None, "now")
    result = cascade(book_of(backlog_book(Limits=[HEADERS, row])))
    (issue,) = [issue for issue in result.issues if issue.code == "TC251"]
    assert (issue.place.sheet, issue.place.row, issue.place.field) == ("Limits", 2, "Hold")
    assert result.data is None


def test_now_beside_a_minimum_is_named():
    headers, row = (*HEADERS, "Min"), ("Reviews", None, "Hate", None, None, "now", 5)
    assert "TC218" in {issue.code for issue in build_plan(backlog_book(Limits=[headers, row]))[1]}


def test_other_words_are_still_no_numbers():
    row = ("Reviews", None, "Hate", None, None, "then")
    assert "TC202" in {issue.code for issue in build_plan(backlog_book(Limits=[HEADERS, row]))[1]}
