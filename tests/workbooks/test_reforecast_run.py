"""Planning again, on a workbook: what options say, and what the sheet Changes lists."""

from __future__ import annotations

import pytest

from engine.building.lookup import UnknownNameError
from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.package.ownership import find_own, read_own_table
from workbooks.reforecast_run import ReforecastRun, Wanted, reforecast_book
from workbooks.run import RunOptions, cascade
from workbooks.seal_run import seal

OPTIONS = RunOptions(by="Aoife", command="targets reforecast")
ACTUALS = ("Metric", "Org", "Queue", "Period", "Value")


def _again(wanted: Wanted | None = None, **settings: object) -> ReforecastRun:
    """Return a sealed plan of two months made again after the first, in which A did 10 less than agreed."""
    rows = [("Setting", "Value"), ("As of", "Jan"), *((name.replace("_", " "), settings[name]) for name in settings)]
    actuals = [ACTUALS, ("Reviews", "A", "Spam", "Jan", 90), ("Reviews", "B", "Spam", "Jan", 100)]
    first = cascade(book({**PLAN, "Settings": rows, "Actuals": actuals}), OPTIONS)
    sealed = seal(first.data or b"", "1", OPTIONS)
    return reforecast_book(sealed.data or b"", wanted or Wanted(), OPTIONS)


def _changes(run: ReforecastRun) -> dict[tuple[str, str], tuple[float, float, str]]:
    assert run.data is not None, run.issues
    table = read_own_table(run.data, find_own(run.data), "Changes")
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    return {(str(each["Org"]), str(each["Period"])): (each["Was"], each["Now"], each["Why"]) for each in rows}


def test_what_is_missing_is_asked_of_the_rest_and_changes_say_so() -> None:
    run = _again()
    assert _changes(run) == {
        ("A", "Jan"): (100, 90, "what happened"),
        ("A", "Feb"): (100, 105, "what the rest of the time is asked for +5"),
        ("B", "Feb"): (100, 105, "what the rest of the time is asked for +5"),
    }
    assert run.words.startswith("1 of 2 periods stand at what happened (-10 items since version 1)")
    assert run.status == 0


def test_run_rates_say_what_is_needed_per_working_day_at_every_node() -> None:
    run = _again()
    assert run.data is not None
    table = read_own_table(run.data, find_own(run.data), "Run Rate")
    rows = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    told = {
        (each["Org"], each["Queue"]): [each[name] for name in ("Agreed", "Target", "Done", "Left", "Needed per day")]
        for each in rows
    }
    assert told["Site", "Spam"] == [400, 400, 190, 210, 210]  # a month counts as a day where nobody gives days
    assert told["A", "Spam"] == [200, 195, 90, 105, 105]
    assert sum(told[team, "Spam"][3] for team in "AB") == told["Site", "Spam"][3]
    assert run.words.endswith("Reviews: 210 a working day from now on, +10.5% against 190 so far.")


def test_only_who_may_move_moves() -> None:
    run = _again(Wanted(move_only=("B",)))
    assert {key: now for key, (_, now, _) in _changes(run).items()} == {("A", "Jan"): 90, ("B", "Feb"): 110}


def test_a_move_below_the_smallest_is_left_to_others() -> None:
    run = _again(Wanted(smallest=6))
    moved = {key: now - was for key, (was, now, _) in _changes(run).items() if key[1] == "Feb"}
    assert sorted(moved.values()) == [10]


def test_settings_say_the_same_as_options() -> None:
    assert _changes(_again(Move_only="B")) == _changes(_again(Wanted(move_only=("B",))))
    assert _changes(_again(Smallest_move=6)) == _changes(_again(Wanted(smallest=6)))
    assert _changes(_again(Wanted(move_only=("B",)), Move_only="A")) == _changes(_again(Wanted(move_only=("B",))))
    near, far = _again(Keep_near="fair share"), _again(Wanted(is_near_agreed=False))
    assert near.done is not None
    assert far.done is not None
    assert near.done.outcome.fair.tolist() == far.done.outcome.fair.tolist()


def test_a_node_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownNameError):
        _again(Wanted(move_only=("Atlantis",)))


def test_without_actuals_there_is_nothing_to_plan_again_from() -> None:
    run = reforecast_book(book(PLAN), Wanted(), OPTIONS)
    assert run.data is None
    assert [each.code for each in run.issues] == ["TC809"]


def test_actuals_of_rates_are_no_work_that_is_not_planned() -> None:
    metrics = [
        ("Metric", "Kind", "Unit", "Weight"),
        ("Reviews", "volume", "items"),
        ("Accuracy", "rate", "%", "Reviews"),
    ]
    history = [("Accuracy", team, "Spam", month, 0.9) for team in "AB" for month in ("Jan", "Feb")]
    actuals = [
        ACTUALS,
        *(
            (name, team, "Spam", "Jan", value)
            for team in "AB"
            for name, value in (("Reviews", 100), ("Accuracy", 0.95))
        ),
    ]
    tables = {**PLAN, "Metrics": metrics, "Baseline": [*PLAN["Baseline"], *history], "Actuals": actuals}
    first = cascade(book({**tables, "Settings": [("Setting", "Value"), ("As of", "Jan")]}), OPTIONS)
    run = reforecast_book(seal(first.data or b"", "1", OPTIONS).data or b"", Wanted(), OPTIONS)
    assert run.data is not None, run.issues
    assert "TC936" not in {each.code for each in run.issues}
