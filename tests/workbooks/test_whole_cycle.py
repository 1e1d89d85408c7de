"""The whole planning cycle on the enforcement sample, as docs/cycle.md walks through it: every total ties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.workbooks.books import as_saved, opened
from workbooks.collect_run import collect
from workbooks.load.load_table import LoadOptions, load_table
from workbooks.load.sources import Source
from workbooks.package.edit_table import edit_table
from workbooks.package.ownership import find_own, read_own_table
from workbooks.reforecast_run import Wanted, reforecast_book
from workbooks.run import RunOptions, cascade, read_plan
from workbooks.seal_run import seal
from workbooks.split_run import split
from workbooks.template.samples import find_samples
from workbooks.variance_run import variance
from workbooks.version_run import verify_version

OPTIONS = RunOptions(by="Aoife", command="targets", now=lambda: datetime(2024, 5, 6, 9, 0, tzinfo=UTC))
KEYS = ("Metric", "Org", "Queue", "Period")
FIRST, SECOND = "2024Q1", "2024Q2"


@dataclass
class Story:
    """The workbook on its way, and what is remembered of each step."""

    data: bytes
    packs: Mapping[str, bytes]
    numbers: dict[str, float]


def _records(data: bytes, sheet: str) -> list[dict[str, object]]:
    table = read_own_table(data, find_own(data), sheet)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def _number(value: object) -> float:
    return float(str(value))


def _sums(data: bytes, sheet: str = "Cascade", column: str = "Target") -> dict[str, float]:
    """Return sums by market and by quarter, and of all, of a sheet as it is written."""
    found: dict[str, float] = defaultdict(float)
    for record in _records(data, sheet):
        value = _number(record[column])
        for name in ("all", str(record["Org"]), str(record["Period"]), f"{record['Org']} {record['Period']}"):
            found[name] += value
    return dict(found)


def _ties(data: bytes) -> None:
    """Assert that both trees come to the same as the cells, in every quarter and overall."""
    cells = _sums(data)
    for sheet in ("Org Targets", "Queue Targets"):
        root = _records(data, sheet)[0]
        assert _number(root["2024H1"]) == pytest.approx(cells["all"], rel=1e-9), sheet
        for period in (FIRST, SECOND):
            assert _number(root[period]) == pytest.approx(cells[period], rel=1e-9), sheet


def _filled(pack: bytes, answers: Mapping[tuple[str, str], tuple[object, ...]]) -> bytes:
    book = opened(pack)
    for row in book["Responses"].iter_rows(min_row=6):
        key = (str(row[1].value), str(row[2].value))
        for cell, value in zip(row[4:], answers.get(key, ("accept", None, None, "Regional lead")), strict=False):
            cell.value = value
    return as_saved(book)


def _with_setting(data: bytes, name: str, value: str) -> bytes:
    table = read_plan(data).inputs.tables["Settings"]
    names = table.values["Setting"].tolist()
    if name in names:
        place = int(table.rows[names.index(name)]), table.columns["Value"]
        done = edit_table(data, table, {place: value}, [])
    else:
        done = edit_table(data, table, {}, [{"Setting": name, "Value": value}])
    assert isinstance(done, bytes), done
    return done


def _happened(data: bytes, period: str, share: float) -> Source:
    """Return a quarter's actuals: a share of what is planned, in whole items, market by market and queue by queue."""
    rows = [record for record in _records(data, "Cascade") if record["Period"] == period]
    columns = [np.array([str(record[key]) for record in rows], dtype=object) for key in KEYS]
    done = np.array([float(round(_number(record["Target"]) * share)) for record in rows], dtype=object)
    return Source("actuals.csv", (*KEYS, "Value"), (*columns, done), np.arange(2, len(rows) + 2))


@pytest.fixture(scope="module")
def proposed() -> Story:
    run = cascade(find_samples()["enforcement"].make(), OPTIONS)
    assert run.data is not None, run.issues
    sent = split(run.data, "Region", "2024-01-20")
    assert sent.data is not None, sent.issues
    return Story(sent.data, sent.packs, _sums(run.data))


@pytest.fixture(scope="module")
def agreed(proposed: Story) -> Story:
    """Canada asks for 2 % less in the second quarter; what it cannot do the others take, and everybody agrees."""
    asked = proposed.numbers[f"Canada {SECOND}"]
    lower = float(round(asked * 0.98))
    counter = {("Canada", SECOND): ("counter", lower, "two reviewers leave in April", "Canada lead"),
               ("North America", SECOND): (None, None, None, None)}  # fmt: skip
    files = [(Path(f"{site}.xlsx"), _filled(pack, counter)) for site, pack in proposed.packs.items()]
    done = collect(proposed.data, files, OPTIONS, is_reconciled=False)
    assert done.data is not None, done.issues
    limits = read_plan(done.data).inputs.tables["Limits"]
    row = {"Metric": "Removals", "Org": "Canada", "Period": SECOND, "Hold": lower, "Owner": "Canada lead"}
    kept = edit_table(done.data, limits, {}, [row])
    assert isinstance(kept, bytes), kept
    run = cascade(kept, OPTIONS)
    assert run.data is not None, run.issues
    sealed = seal(run.data, "1", OPTIONS)
    assert sealed.data is not None, sealed.issues
    return Story(sealed.data, {}, {**_sums(sealed.data), "counter": lower, "gap": lower - asked})


@pytest.fixture(scope="module")
def reforecast(agreed: Story) -> Story:
    """The first quarter came to 97 % of what was agreed; the second is planned again."""
    loaded = load_table(agreed.data, "Actuals", _happened(agreed.data, FIRST, 0.97), LoadOptions())
    assert loaded.data is not None, loaded.issues
    run = reforecast_book(_with_setting(loaded.data, "As of", FIRST), Wanted(), OPTIONS)
    assert run.data is not None, run.issues
    return Story(run.data, {}, _sums(run.data))


def test_the_proposal_ties_and_every_region_gets_its_own(proposed: Story) -> None:
    _ties(proposed.data)
    total = 0.0
    for site, pack in proposed.packs.items():
        rows = list(opened(pack)["Responses"].iter_rows(min_row=6, values_only=True))
        own = sum(_number(row[3]) for row in rows if row[1] == site)
        assert own == sum(_number(row[3]) for row in rows if row[1] != site and row[0])
        total += own
    assert total == pytest.approx(proposed.numbers["all"], rel=1e-9)


def test_answers_come_back_with_their_gap_and_the_agreed_plan_ties(proposed: Story, agreed: Story) -> None:
    _ties(agreed.data)
    responses = {(str(each["Org"]), str(each["Period"])): each for each in _records(agreed.data, "Responses")}
    for org in ("Canada", "North America", "All"):
        row = responses[org, SECOND]
        assert _number(row["Value"]) - _number(row["Proposed"]) == pytest.approx(agreed.numbers["gap"], rel=1e-9), org
    assert agreed.numbers[f"Canada {SECOND}"] == agreed.numbers["counter"]
    assert agreed.numbers["all"] == pytest.approx(proposed.numbers["all"], rel=1e-6)


def test_what_was_sealed_is_what_stands_in_agreed_and_is_proven(agreed: Story) -> None:
    assert _sums(agreed.data, "Agreed", "Value") == pytest.approx(_sums(agreed.data), rel=1e-12)
    assert verify_version(agreed.data, "1").status == 0


def test_the_first_quarter_stands_at_its_actuals_and_the_second_is_planned_again(
    agreed: Story, reforecast: Story
) -> None:
    _ties(reforecast.data)
    happened = _happened(agreed.data, FIRST, 0.97).columns[4].sum()
    assert reforecast.numbers[FIRST] == pytest.approx(happened, rel=1e-9)
    assert _sums(reforecast.data, "Agreed", "Value") == _sums(agreed.data, "Agreed", "Value")
    changes = _records(reforecast.data, "Changes")
    moved = sum(_number(each["Now"]) - _number(each["Was"]) for each in changes)
    assert moved == pytest.approx(reforecast.numbers["all"] - agreed.numbers["all"], abs=0.5 * 2000)
    assert all(each["Why"] for each in changes)
    assert reforecast.numbers[f"Canada {SECOND}"] == agreed.numbers["counter"]


def test_the_review_of_both_quarters_ties_with_agreed_and_actuals(agreed: Story, reforecast: Story) -> None:
    source = _happened(reforecast.data, SECOND, 1.01)
    loaded = load_table(reforecast.data, "Actuals", source, LoadOptions(is_added=True))
    assert loaded.data is not None, loaded.issues
    assert loaded.after == loaded.before + len(source.lines)
    run = variance(_with_setting(loaded.data, "As of", SECOND), OPTIONS)
    assert run.data is not None, run.issues
    actual = reforecast.numbers[FIRST] + float(source.columns[4].sum())
    rows = _records(run.data, "Variance")
    whole = next(each for each in rows if each["Org"] in ("All", "") and each["Queue"] in ("All", "", None)
                 and each["Period"] == "2024H1")  # fmt: skip
    assert _number(whole["Agreed"]) == pytest.approx(agreed.numbers["all"], rel=1e-9)
    assert _number(whole["Actual"]) == pytest.approx(actual, rel=1e-9)
    assert _number(whole["Variance"]) == pytest.approx(actual - agreed.numbers["all"], abs=1)
    assert "Review" in find_own(run.data).sheets
    differing = {each.table for each in verify_version(run.data, "1").differences if each.is_input}
    assert differing == set()
