"""Spreading a number of a workbook: rows of Targets, holds, and nothing else changed."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine.building.lookup import UnknownNameError
from engine.spreading.methods import Asked, Method
from tests.triggers.planning import PLAN
from tests.workbooks.books import book, opened
from workbooks.run import cascade, read_plan
from workbooks.spread_run import SpreadRun, Wanted, spread_targets

TARGETS = [
    ("Metric", "Org", "Queue", "Period", "Sense", "Value", "Priority"),
    ("Reviews", None, None, None, None, 400, 2),
]
LIMITS = ("Metric", "Org", "Period", "Hold")


def _book(**tables: object) -> bytes:
    return book({**PLAN, "Targets": TARGETS, **tables})


def _spread(data: bytes, method: Method = Method.EQUAL, level: str = "Level 2", **asked: object) -> SpreadRun:
    names = {name: asked.pop(name) for name in ("org", "period", "like", "priority") if name in asked}
    return spread_targets(data, Wanted(Asked(method, **asked), level, **names))  # type: ignore[arg-type]


@pytest.fixture
def levels() -> bytes:
    org = [("Node", "Parent", "Level"), ("Site", None, "Site"), ("A", "Site", "Team"), ("B", "Site", "Team")]
    periods = [("Period", "Parent", "Level"), ("Q1", None, "Quarter"), ("Jan", "Q1", "Month"), ("Feb", "Q1", "Month")]
    return _book(Org=org, Periods=periods)


def _asked(data: bytes) -> list[tuple[object, ...]]:
    return list(opened(data)["Targets"].iter_rows(min_row=2, values_only=True))


def test_parts_become_rows_of_targets_with_the_priority_of_the_whole(levels: bytes) -> None:
    done = _spread(levels, level="Month", total=500.0)
    assert done.data is not None, done.issues
    assert _asked(done.data) == [
        ("Reviews", None, None, None, None, 500, 2),
        ("Reviews", None, None, "Jan", "exactly", 250, 2),
        ("Reviews", None, None, "Feb", "exactly", 250, 2),
    ]
    assert [(row.name, row.before, row.after) for row in done.rows] == [("Jan", 200, 250), ("Feb", 200, 250)]
    assert cascade(done.data).status == 0


def test_a_second_spread_changes_the_rows_of_the_first(levels: bytes) -> None:
    first = _spread(levels, level="Month", total=500.0)
    second = _spread(first.data or b"", Method.GROWTH, level="Month", total=600.0, rate=1.0)
    assert second.data is not None
    assert [row[5] for row in _asked(second.data)] == [600, 200, 400]


def test_without_a_number_what_targets_ask_of_the_node_is_spread(levels: bytes) -> None:
    done = _spread(levels, level="Team")
    assert [row.after for row in done.rows] == [200, 200]


def test_what_limits_hold_stays(levels: bytes) -> None:
    data = _spread(levels, level="Month").data
    assert data is not None
    held = book_with(data, [LIMITS, ("Reviews", None, "Jan", 150)])
    done = _spread(held, level="Month", total=500.0)
    assert [(row.after, row.is_held) for row in done.rows] == [(150, True), (350, False)]


def book_with(data: bytes, limits: list[tuple[object, ...]]) -> bytes:
    """Return a workbook with a table Limits besides its own."""
    tables = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened(data)}
    return book({**tables, "Limits": limits})


def test_the_shape_of_another_node_is_followed(levels: bytes) -> None:
    uneven = [("Metric", "Org", "Queue", "Period", "Value")] + [
        ("Reviews", team, "Spam", month, value)
        for team, month, value in (("A", "Jan", 100), ("A", "Feb", 300), ("B", "Jan", 100), ("B", "Feb", 100))
    ]
    tables = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened(levels)}
    done = _spread(book({**tables, "Baseline": uneven}), Method.LIKE, "Month", total=200.0, org="B", like="A")
    assert [row.after for row in done.rows] == [50, 150]


def test_after_a_cascade_what_stands_there_is_the_cascade(levels: bytes) -> None:
    solved = cascade(levels).data
    assert solved is not None
    done = _spread(solved, Method.PERCENT_CHANGE, "Team", rate=0.1)
    assert done.before_is == "Cascade"
    assert [row.after for row in done.rows] == [220, 220]


def test_nothing_but_the_table_changes(levels: bytes) -> None:
    done = _spread(levels, level="Month", total=500.0)

    def parts(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    old, new = parts(levels), parts(done.data or b"")
    changed = {name for name in old if old[name] != new[name]}
    assert len(changed) == 2
    assert all(name.startswith(("xl/worksheets/sheet", "xl/tables/table")) for name in changed)


@pytest.mark.parametrize("level", ["Galaxy", "Level 9"])
def test_a_level_that_is_not_there_is_named(levels: bytes, level: str) -> None:
    done = _spread(levels, level=level)
    assert done.data is None
    assert "Month" in done.issues[0].found


def test_a_node_that_is_not_there_is_named(levels: bytes) -> None:
    with pytest.raises(UnknownNameError):
        _spread(levels, level="Month", org="Atlantis")


def test_the_plan_with_the_parts_is_sound(levels: bytes) -> None:
    done = _spread(levels, level="Team", total=401.0)
    read = read_plan(done.data or b"")
    assert read.plan is not None
    assert [row.after for row in done.rows] == [201, 200]
