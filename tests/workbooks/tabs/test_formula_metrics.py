"""Formula metrics: read with their cells, shown at every node, computed by the spreadsheet where it can."""

import numpy as np
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from tests.backlogs import METRICS, asking, backlog_book
from tests.builders import issues_of, plan_of
from tests.workbooks.tabs.plans import FACTS
from tests.workbooks.tabs.recalculation import recalculated
from tests.workbooks.tabs.test_stocks import CREW, GROUPS, rows_of
from workbooks.tabs.layout import lay_out
from workbooks.tabs.model import Formulas
from workbooks.tabs.node_targets import org_sheet, queue_sheet

HEADERS = ("Metric", "Kind", "Unit", "Better", "Balance of", "Formula", "Uses capacity", "Decimals")


def metrics(*formulas):
    """Metrics with formulas by name."""
    plain = [(*row, *(None,) * (5 - len(row)), None, "yes" if row[0] == "Reviews" else None) for row in METRICS[1:]]
    return [HEADERS, *plain, *((name, "formula", unit, None, None, text) for name, text, unit in formulas)]


def solved(*formulas, **tables):
    given = {"Capacity": CREW, "Groups": GROUPS} | tables
    return recompute(plan_of(backlog_book(Metrics=metrics(*formulas), **given)))


PER_HEAD = ("Reviews per head", "[Reviews] ÷ FTE", None)
COVER = ("Cover", "[Backlog] / [Reviews]", "%")
TWICE = ("Twice", "2 × ([Cover] + 1)", None)


def test_a_ratio_of_metrics_is_computed_at_every_node_and_period_never_added_up():
    rows = rows_of(queue_sheet(solved(COVER)).sheet, "Cover")
    sheet = queue_sheet(solved(COVER)).sheet
    backlog, reviews = rows_of(sheet, "Backlog"), rows_of(sheet, "Reviews")
    for queue, row in rows.items():
        for period in ("2026Q1", "2026-01", "2026-03"):
            assert row[period] == pytest.approx(backlog[queue][period] / reviews[queue][period])
        assert row["Why"] == ""
        assert np.isnan(row["Share of parent"])
        assert np.isnan(row["Per working day"])


def test_people_of_capacity_add_up_over_teams_and_are_averaged_over_time():
    sheet = org_sheet(solved(PER_HEAD)).sheet
    rows, reviews = rows_of(sheet, "Reviews per head"), rows_of(sheet, "Reviews")
    people = {"Team A": 2, "Team B": 3, "Dublin": 5, "Lisbon": 4, "EMEA": 9, "Vendor": 7}
    for node, fte in people.items():
        assert rows[node]["2026Q1"] == pytest.approx(reviews[node]["2026Q1"] / fte)
        assert rows[node]["2026-02"] == pytest.approx(reviews[node]["2026-02"] / fte)


def test_on_the_queue_tree_crews_are_known_of_the_whole_only():
    rows = rows_of(queue_sheet(solved(PER_HEAD)).sheet, "Reviews per head")
    assert np.isfinite(rows["All"]["2026Q1"])
    assert np.isnan(rows["Hate"]["2026Q1"])


def test_columns_of_capacity_come_to_the_hours_there_are():
    crew = [("Org", "FTE", "Hours per day", "Shrinkage", "Occupancy", "Ramp", "Overtime hours"),
            ("Team A", 2, 8, 0.3, 0.9, None, 10), ("Team B", 3, 8, 0.2, None, 0.5, None),
            ("Lisbon", 4, 7, None, None, None, None)]  # fmt: skip
    formula = ("There", "FTE × Hours per day × Working days × (1 − Shrinkage) × Occupancy × Ramp + Overtime hours", "h")
    outcome = solved(formula, ("Given", "Hours", "h"), Capacity=crew)
    sheet = org_sheet(outcome).sheet
    there, given = rows_of(sheet, "There"), rows_of(sheet, "Given")
    for team in ("Team A", "Team B", "Lisbon"):
        for period in ("2026-01", "2026-02", "2026Q1"):
            assert there[team][period] == pytest.approx(given[team][period])
    assert given["EMEA"]["2026Q1"] == pytest.approx(outcome.plan.capacity.hours.sum())


def test_a_formula_may_use_another_whatever_their_order():
    sheet = queue_sheet(solved(TWICE, COVER)).sheet
    twice, cover = rows_of(sheet, "Twice"), rows_of(sheet, "Cover")
    assert twice["All"]["2026Q1"] == pytest.approx(2 * (cover["All"]["2026Q1"] + 1))


def test_formulas_of_metrics_are_live_and_recalculate(tmp_path):
    outcome = solved(COVER, TWICE, PER_HEAD)
    sheet = queue_sheet(outcome).sheet
    column = next(each for each in sheet.table.columns if each.header == "2026Q1")
    assert isinstance(column.values, Formulas)
    names = sheet.table.columns[0].values
    live = {name for name, text in zip(names, column.values.text, strict=True) if "/" in text or "*" in text}
    assert {"Cover", "Twice"} <= live
    for cell, formula, cached, computed in recalculated(lay_out(outcome, (), FACTS), tmp_path / "book.xlsx"):
        if isinstance(cached, float):
            assert computed == pytest.approx(cached, rel=1e-9, abs=1e-9), f"{cell} ={formula}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "a blank"),
        ("[Reviews] +", "character 12"),
        ("[Revews] / 2", "did you mean “Reviews”"),
        ("Reviews / 2", "square brackets"),
        ("[Reviews] / Headcount", "no column of Capacity"),
        ("[Ratio] + 1", "needs itself"),
    ],
)
def test_a_formula_that_cannot_be_read_is_named_with_its_cell(text, words):
    (issue,) = issues_of(backlog_book(Metrics=metrics(("Ratio", text, None))), "TC258")
    assert words in issue.found
    assert issue.place.field == "Formula"


def test_formulas_that_go_in_a_circle_are_all_named():
    found = issues_of(backlog_book(Metrics=metrics(("A", "[B]", None), ("B", "[A] + 1", None))), "TC258")
    assert [issue.found for issue in found] == [
        "“A” needs itself, by way of “B”", "“B” needs itself, by way of “A”"
    ]  # fmt: skip


def test_a_formula_for_a_volume_is_named():
    rows = [HEADERS, ("Reviews", "volume", None, None, None, "1 + 1", "yes")]
    book = backlog_book(Metrics=rows, Opening=None, Inflow=None)
    assert "a formula for a volume" in issues_of(book, "TC258")[0].found


def test_a_formula_is_never_asked():
    book = backlog_book(Metrics=metrics(COVER), Targets=asking(("Cover", None, None, None, "at most", 2)))
    (issue,) = issues_of(book, "TC259")
    assert issue.place.row == 3
    assert build_plan(book)[0] is None
