"""Leaf rows beside the workbook: the same numbers, rolled up in the book, written old or new but never between."""

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from tests.workbooks.books import as_saved, book, opened
from workbooks.beside.leaf_rows import csv_bytes, parquet_bytes, part_leaf_rows
from workbooks.beside.place import MOST_IN_BOOK, form_of
from workbooks.package.compose import TypedOver
from workbooks.read.inputs import read_inputs
from workbooks.run import RunOptions, cascade
from workbooks.run_file import FileOptions, cascade_file
from workbooks.tabs.cascade import cascade_table
from workbooks.tabs.cascade_records import records_in_order
from workbooks.tabs.rolled_up import rolled_up
from workbooks.undo import undo_file

ORG = [("Node", "Parent", "Level"), ("Dublin", None, "Site"), ("Lisbon", None, "Site"),
       *((f"{site} {team}", site, "Team") for site in ("Dublin", "Lisbon") for team in "ABC")]  # fmt: skip
QUEUES = [("Node", "Parent", "Level", "Handle time (s)"), ("Safety", None, "Policy", None),
          ("Hate", "Safety", "Queue", 60), ("Spam", "Safety", "Queue", 20)]  # fmt: skip
PERIODS = [("Period", "Parent", "Level"), ("2026Q1", None, "Quarter"), ("2026-01", "2026Q1", "Month"),
           ("2026-02", "2026Q1", "Month")]  # fmt: skip
TEAMS = [row[0] for row in ORG[3:]]
METRICS = [("Metric", "Kind", "Unit", "Weight", "Balance of"), ("Reviews", "volume", "items", None, None),
           ("Accuracy", "rate", "%", "Reviews", None), ("Backlog", "stock", "items", None, "Reviews")]  # fmt: skip
TABLES = {
    "Metrics": METRICS, "Org": ORG, "Queues": QUEUES, "Periods": PERIODS,
    "Baseline": [("Metric", "Org", "Queue", "Period", "Value"),
                 *(("Reviews", team, queue, month, 40.0 + 7 * at + 3 * len(queue))
                   for at, team in enumerate(TEAMS) for queue in ("Hate", "Spam") for month in ("2026-01", "2026-02")),
                 *(("Accuracy", team, queue, "2026-01", 0.8 + at / 50) for at, team in enumerate(TEAMS)
                   for queue in ("Hate", "Spam"))],
    "Targets": [("Metric", "Value", "Org"), ("Reviews", 1700, None), ("Accuracy", 0.93, None)],
    "Capacity": [("Org", "Period", "Hours"), ("Dublin A", "2026-01", 0.8), ("Lisbon", "2026-02", 4)],
    "Inflow": [("Metric", "Queue", "Period", "Value"),
               *(("Reviews", queue, month, 700) for queue in ("Hate", "Spam") for month in ("2026-01", "2026-02"))],
}  # fmt: skip


def plan_book(leaf_rows: str = "", **tables: object) -> bytes:
    settings = [("Setting", "Value"), ("Plan name", "Plan"), ("Leaf rows", leaf_rows or None)]
    return book({**TABLES, **tables, "Settings": settings})


@pytest.fixture(scope="module")
def outcome():
    plan, issues = build_plan(read_inputs(plan_book()).inputs)
    assert plan is not None, issues
    return recompute(plan)


def listed(file: Path) -> list[Path]:
    return sorted(file.parent.glob("*.cascade-*"))


def cascaded(file: Path):
    done = cascade_file(file, FileOptions(RunOptions(typed_over=TypedOver.REFUSE)))
    assert done.is_written, done.run.issues
    return done.run


def test_both_files_hold_the_rows_that_the_sheet_would_hold(outcome):
    table = cascade_table(outcome.plan, records_in_order(outcome))
    parquet = pandas.read_parquet(io.BytesIO(parquet_bytes(table)))
    text = csv_bytes(table).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    sheet = opened(cascade(plan_book(), RunOptions()).data)["Cascade"]
    inside = [[cell.value for cell in row] for row in sheet[sheet.tables["Cascade"].ref]]
    assert list(parquet.columns) == inside[0] == list(rows[0])
    assert len(parquet) == len(rows) == len(inside) - 1 > 50
    for header in ("Target", "Fair share", "Weight"):
        at = inside[0].index(header)
        expected = np.array([np.nan if row[at] is None else row[at] for row in inside[1:]], dtype=float)
        found = np.array([float(row[header]) if row[header] else np.nan for row in rows])
        assert np.allclose(found, expected, rtol=1e-14, equal_nan=True)
        assert np.allclose(parquet[header].to_numpy(), expected, rtol=1e-14, equal_nan=True)
    for header in ("Org", "Why", "Status", "Period"):
        at = inside[0].index(header)
        assert [row[header] or None for row in rows] == [row[at] for row in inside[1:]]
        assert [each if isinstance(each, str) else None for each in parquet[header]] == [row[at] for row in inside[1:]]


def test_what_is_rolled_up_adds_up_and_says_why(outcome):
    leaf = records_in_order(outcome)
    rolled = rolled_up(outcome, leaf)
    found, plan = rolled.records, outcome.plan
    reviews, accuracy, backlog = range(3)
    assert rolled.levels == ("Site", "Queue")
    for metric in (reviews, backlog):
        assert found.value[found.metric == metric].sum() == pytest.approx(leaf.value[leaf.metric == metric].sum())
    dublin = plan.org.ids.index("Dublin")
    mine = (found.metric == accuracy) & (found.org == dublin)
    below = (leaf.metric == accuracy) & (plan.org.parent[leaf.org] == dublin)
    assert found.weight[mine].sum() == pytest.approx(leaf.weight[below].sum())
    assert (found.weight * found.value)[mine].sum() == pytest.approx((leaf.weight * leaf.value)[below].sum())
    moved = (found.metric == reviews) & (np.abs(found.value - found.fair) > 1)
    assert moved.any()
    for why, deviation in zip(found.why[moved], (found.value - found.fair)[moved], strict=True):
        amounts = [float(part.rsplit(" ", 1)[1].replace("−", "-").replace(",", "")) for part in why.split("; ")]
        assert sum(amounts) == pytest.approx(round(deviation), abs=1)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_book_names_the_file_beside_it_and_its_checks_hold(tmp_path, form):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book(form))
    run = cascaded(file)
    (beside,) = listed(file)
    assert beside.suffix == f".{form}"
    assert beside.read_bytes() == run.beside.data
    written = opened(file.read_bytes(), data_only=True)
    assert beside.name in written["Cascade"]["A2"].value
    assert any(beside.name in str(row[0].value) for row in written["Summary"].iter_rows(max_row=8))
    assert beside.name in str([cell.value for cell in written["Run Log"][5]])
    assert "OK" in [cell.value for row in written["Summary"].iter_rows() for cell in row]
    total = sum(row[4].value for row in written["Cascade"].iter_rows(min_row=5) if row[0].value == "Reviews")
    assert total == 1700


def test_a_second_run_writes_the_same_file_and_changes_no_number(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book("parquet"))
    cascaded(file)
    (before,) = listed(file)
    assert cascaded(file).numbers_changed == 0
    assert listed(file) == [before]


def test_undo_brings_back_a_book_whose_file_still_stands_there_and_older_ones_go(tmp_path):
    file = tmp_path / "plan.xlsx"
    names = []
    for asked in (1700, 1710, 1720):
        held = plan_book("csv", Targets=[("Metric", "Value", "Org"), ("Reviews", asked, None)])
        file.write_bytes(held)
        names.append(cascaded(file).beside.name)
    assert {each.name for each in listed(file)} == set(names[1:])
    somebody = tmp_path / f"plan.cascade-{'0' * 8}.csv"
    somebody.write_text("mine")
    file.write_bytes(plan_book("csv"))
    cascaded(file)
    assert somebody.exists()
    assert undo_file(file).is_whole


def test_a_save_that_fails_leaves_no_file_beside_the_book(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book("csv"))
    file.chmod(0o400)
    before = file.read_bytes()
    done = cascade_file(file, FileOptions(RunOptions()))
    assert not done.is_written
    assert "TC655" in {issue.code for issue in done.run.issues}
    assert file.read_bytes() == before
    assert listed(file) == []


def test_rows_go_into_the_book_again_and_out_of_it(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book())
    rows = []
    for form in ("book", "csv", "book"):
        edited = opened(file.read_bytes())
        edited["Settings"]["B3"] = form
        file.write_bytes(as_saved(edited))
        cascaded(file)
        rows.append(opened(file.read_bytes())["Cascade"].tables["Cascade"].ref)
    assert rows[0] == rows[2] != rows[1]


def test_a_dry_run_writes_no_file(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(plan_book("csv"))
    cascade_file(file, FileOptions(RunOptions(), is_dry=True))
    assert listed(file) == []


def test_only_large_plans_go_beside_unasked(outcome):
    settings = outcome.plan.settings
    assert form_of(settings, MOST_IN_BOOK) == "book"
    assert form_of(settings, MOST_IN_BOOK + 1) == "parquet"


def test_a_run_without_a_place_beside_the_book_keeps_its_rows():
    run = cascade(plan_book("csv"), RunOptions())
    assert run.beside is None
    assert "leaf" not in str(opened(run.data)["Cascade"]["A2"].value)


def test_no_pyarrow_means_csv_and_says_so(outcome, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # how Python marks what cannot be imported
    asked = replace(outcome, plan=replace(outcome.plan, settings=replace(outcome.plan.settings, leaf_rows="parquet")))
    parted = part_leaf_rows(asked, "plan")
    assert parted.beside.name.endswith(".csv")
    assert "TC557" in {issue.code for issue in parted.issues}
