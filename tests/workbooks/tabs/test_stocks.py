"""Stocks, backlogs, hours, people and groups on the tabs."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.decision.clock import UNTIMED
from engine.recompute import recompute
from engine.whatif.advise import advise
from engine.whatif.asking import Asking
from tests.backlogs import DUE, METRICS, TARGETS, asking, backlog_book
from tests.builders import plan_of
from tests.workbooks.tabs.plans import FACTS
from tests.workbooks.tabs.recalculation import recalculated
from workbooks.tabs.capacity_use import capacity_use_sheet
from workbooks.tabs.cascade import cascade_sheet
from workbooks.tabs.layout import lay_out
from workbooks.tabs.model import Formulas
from workbooks.tabs.node_targets import org_sheet, queue_sheet
from workbooks.tabs.summary_numbers import top_targets

CREW = [("Org", "FTE", "Paid hours"), ("Team A", 2, 100), ("Team B", 3, 100), ("Lisbon", 4, 110)]
FEW = [TARGETS[0], ("Reviews", None, None, None, "at least", 1, 1)]
GROUPS = [("Group", "Of", "Node"), ("Severe", "Queue", "Hate"), ("Severe", "Queue", "Scams"),
          ("Vendor", "Org", "Team B"), ("Vendor", "Org", "Lisbon")]  # fmt: skip


@cache
def outcome():
    """A backlog, crews with people, groups, hours and people asked for."""
    return recompute(
        plan_of(
            backlog_book(
                Metrics=METRICS,
                Capacity=CREW,
                Groups=GROUPS,
                Targets=asking(
                    ("Backlog", None, None, "2026-02", "at most", 150, 1),
                    ("Backlog", None, None, "2026-03", "at most", 130, 1),
                    ("Hours", "Team A", None, None, "at least", 4, 2),
                    ("FTE", None, "Severe", None, "at least", 0.01, 2),
                ),
            )
        )
    )


def rows_of(sheet, metric):
    """Records of a metric: id → header → value."""
    columns = {
        column.header: column.values.cached if isinstance(column.values, Formulas) else column.values
        for column in sheet.table.columns
    }
    kind = "Org" if "Org" in columns else "Queue"
    return {
        columns[kind][row]: {header: values[row] for header, values in columns.items()}
        for row in range(sheet.table.length)
        if columns["Metric"][row] == metric
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"Targets": [*FEW, ("Backlog", None, None, "2026-03", "at most", 1, 1)]},
        {"Targets": FEW, "Queues": DUE},
    ],
)
def test_full_rows_of_a_missed_backlog_or_turnaround_say_why_they_were_not_asked(asked):
    scarce = [("Org", "FTE", "Paid hours"), ("Team A", 0.01, 100), ("Team B", 0.01, 100), ("Lisbon", 0.01, 110)]
    inputs = backlog_book(Metrics=METRICS, Capacity=scarce, **asked)
    found = recompute(plan_of(inputs))
    assert found.targets.met[0]
    assert not found.targets.met.all()
    sheet = capacity_use_sheet(replace(found, advice=advise(inputs, found, Asking.NONE, UNTIMED)))
    columns = {column.header: column.values for column in sheet.table.columns}
    full = columns["Utilisation"].cached >= 0.9999
    assert full.any()
    for is_full, words in zip(full.tolist(), columns["Worth, by target"], strict=True):
        assert words.startswith("not asked: hours are asked of missed volumes alone") == is_full


def test_a_backlog_stands_on_the_queue_tree_only():
    assert set(rows_of(org_sheet(outcome()).sheet, "Backlog")) == set()
    assert list(rows_of(queue_sheet(outcome()).sheet, "Backlog")) == ["All", "Hate", "Spam", "Bots", "Scams", "Severe"]


def test_a_longer_period_of_a_backlog_is_its_last_part_and_starts_from_what_was_open():
    row = rows_of(queue_sheet(outcome()).sheet, "Backlog")["All"]
    assert row["2026Q1"] == row["2026-03"] <= 130.5
    assert row["Baseline"] == 70
    assert np.isnan(row["Per working day"])


def test_a_backlog_is_what_came_in_less_what_is_handled():
    sheet = queue_sheet(outcome()).sheet
    backlog, reviews = rows_of(sheet, "Backlog"), rows_of(sheet, "Reviews")
    assert backlog["Hate"]["2026-01"] == 60 + 140 - reviews["Hate"]["2026-01"]
    assert backlog["All"]["2026Q1"] == 70 + 420 + 900 - reviews["All"]["2026Q1"]


def test_cascade_holds_a_record_per_queue_and_month_of_a_backlog():
    table = cascade_sheet(outcome()).table
    metric, org, value = (np.array(table.columns[at].values) for at in (0, 1, 4))
    assert set(org[metric == "Backlog"]) == {"EMEA"}
    assert (metric == "Backlog").sum() == 9
    assert (value[metric == "Backlog"] >= 0).all()


@pytest.mark.parametrize("make", [org_sheet, queue_sheet])
def test_groups_have_rows_of_their_own_behind_the_nodes(make):
    sheet = make(outcome()).sheet
    rows = rows_of(sheet, "Reviews")
    name, parts = ("Vendor", ("Team B", "Lisbon")) if make is org_sheet else ("Severe", ("Hate", "Scams"))
    assert list(rows)[-1] == name
    assert rows[name]["Level"] == "Group"
    for header in ("2026Q1", "2026-01", "Baseline"):
        assert rows[name][header] == pytest.approx(sum(rows[part][header] for part in parts))
    assert rows[name]["Share of parent"] == pytest.approx(rows[name]["2026Q1"] / next(iter(rows.values()))["2026Q1"])


def test_hours_are_items_times_their_handle_time():
    sheet = queue_sheet(outcome()).sheet
    hours, reviews = rows_of(sheet, "Hours"), rows_of(sheet, "Reviews")
    for queue, seconds in (("Hate", 60), ("Bots", 30), ("Scams", 90)):
        assert hours[queue]["2026-02"] == pytest.approx(reviews[queue]["2026-02"] * seconds / 3600)


def test_people_are_hours_over_the_hours_one_of_them_has():
    sheet = org_sheet(outcome()).sheet
    hours, people = rows_of(sheet, "Hours"), rows_of(sheet, "FTE")
    assert people["Team A"]["2026-01"] == pytest.approx(hours["Team A"]["2026-01"] / 100)
    assert people["Lisbon"]["2026Q1"] == pytest.approx(hours["Lisbon"]["2026Q1"] / 330)
    assert people["EMEA"]["2026Q1"] == pytest.approx(
        sum(people[team]["2026Q1"] for team in ("Team A", "Team B", "Lisbon"))
    )


def test_target_check_agrees_with_the_tabs_of_nodes():
    sheets = {sheet.name: sheet for sheet in lay_out(outcome(), (), FACTS)}
    check = sheets["Target Check"].table
    achieved = next(column.values for column in check.columns if column.header == "Achieved")
    queues, org = sheets["Queue Targets"], sheets["Org Targets"]
    expected = [
        rows_of(queues, "Reviews")["All"]["2026Q1"], rows_of(queues, "Backlog")["All"]["2026-02"],
        rows_of(queues, "Backlog")["All"]["2026-03"], rows_of(org, "Hours")["Team A"]["2026Q1"],
        rows_of(queues, "FTE")["Severe"]["2026Q1"],
    ]  # fmt: skip
    assert achieved == pytest.approx(expected)


def test_what_is_open_in_two_months_is_never_added_up():
    assert top_targets(outcome()) == {0: [0], 1: [2], -3: [3], -4: [4]}


def test_every_formula_recalculates(tmp_path):
    found = list(recalculated(lay_out(outcome(), outcome().findings, FACTS), tmp_path / "book.xlsx"))
    assert len(found) > 150
    for cell, formula, cached, computed in found:
        if isinstance(cached, str):
            assert computed == cached, f"{cell} ={formula}"
        else:
            assert computed == pytest.approx(cached, rel=1e-9, abs=1e-9), f"{cell} ={formula}"
