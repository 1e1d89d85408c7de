"""Rates on the tabs: weighted formulas that recalculate, points where points are meant, reasons that tie."""

import numpy as np
import pytest

from engine.recompute import recompute
from tests.builders import BASELINE, plan_of
from tests.rate_books import ACCURACY, HANDLE_TIME, HISTORY, metrics, rated
from tests.referee.rate_plans import random_rate_plan
from tests.workbooks.tabs.plans import FACTS
from tests.workbooks.tabs.test_formulas import assert_recalculates
from workbooks.tabs.layout import lay_out

TIMES = [("AHT", "Team A", None, None, 66), ("AHT", "Team B", None, None, 52), ("AHT", "Lisbon", None, None, 39)]


@pytest.fixture(scope="module")
def outcome():
    asked = [("Accuracy", None, None, None, None, 0.97), ("AHT", None, None, None, "at most", 50)]
    inputs = rated(*asked, Metrics=metrics(ACCURACY, HANDLE_TIME), Baseline=[*BASELINE, *HISTORY, *TIMES])
    return recompute(plan_of(inputs))


@pytest.fixture(scope="module")
def sheets(outcome):
    return {sheet.name: sheet for sheet in lay_out(outcome, outcome.findings, FACTS)}


def column(sheet, header):
    return next(each for each in sheet.table.columns if each.header == header)


def records(sheet, metric):
    return [at for at, name in enumerate(column(sheet, "Metric").values) if name == metric]


def test_every_formula_recalculates_to_its_cached_value(sheets, tmp_path):
    assert_recalculates(list(sheets.values()), tmp_path / "book.xlsx", at_least=60)


def test_a_parent_is_the_weighted_mean_of_its_children_by_formula(sheets):
    sheet = sheets["Org Targets"]
    first, volumes = records(sheet, "Accuracy")[0], records(sheet, "Reviews")[0]
    month = column(sheet, "2026-01").values.text[first]
    weights = column(sheet, "2026-01").values.text[volumes]
    assert "SUM" in weights
    assert month.endswith(f"/J{5 + volumes}")
    assert "*" in month
    assert column(sheet, "2026Q1").values.text[first].startswith("SUMPRODUCT(J")


def test_weighted_value_over_weight_is_the_average(sheets, outcome):
    sheet = sheets["Cascade"]
    rows = records(sheet, "Accuracy")
    weighted, weight = column(sheet, "Weighted value").values.cached[rows], column(sheet, "Weight").values[rows]
    assert weighted.sum() / weight.sum() == pytest.approx(outcome.targets.achieved[1], rel=1e-12)
    assert np.isnan(column(sheet, "Weight").values[records(sheet, "Reviews")]).all()


def test_shares_show_as_per_cent_and_their_changes_as_points(sheets):
    sheet = sheets["Org Targets"]
    at = records(sheet, "Accuracy")[0]
    assert column(sheet, "2026Q1").formats[at] == "0.0%"
    assert column(sheet, "Change").formats[at].endswith('0.0% "pt"')
    assert column(sheet, "2026Q1").formats[records(sheet, "AHT")[0]] == "#,##0.0"


def test_reasons_are_told_in_points_that_add_up_to_what_is_shown(sheets):
    sheet = sheets["Cascade"]
    why, deviation = column(sheet, "Why").values, column(sheet, "Deviation").values.cached
    for at in records(sheet, "Accuracy"):
        told = sum(float(part.split()[-2].replace("−", "-")) for part in why[at].split("; ") if part)
        assert told == pytest.approx(np.floor(abs(deviation[at]) * 1000 + 0.5) / 10 * np.sign(deviation[at]), abs=1e-9)


def test_a_rate_has_no_share_of_its_parent_and_nothing_per_day(sheets):
    sheet = sheets["Queue Targets"]
    rows = records(sheet, "Accuracy")
    assert np.isnan(column(sheet, "Share of parent").values.cached[rows]).all()
    assert np.isnan(column(sheet, "Per working day").values.cached[rows]).all()


def test_the_decimals_of_a_rate_are_those_it_is_shown_with():
    two = [*ACCURACY, 2]
    outcome = recompute(plan_of(rated(Metrics=metrics(tuple(two)))))
    sheets = {sheet.name: sheet for sheet in lay_out(outcome, (), FACTS)}
    sheet = sheets["Cascade"]
    at = records(sheet, "Accuracy")[0]
    assert column(sheet, "Target").formats[at] == "0.00%"
    assert column(sheet, "Target").values[at] == outcome.rates[0].value[0]
    assert "pt" in column(sheet, "Why").values[at]


def test_target_check_shows_the_hours_between_a_handle_time_and_the_plan(sheets):
    sheet = sheets["Target Check"]
    headers = [each.header for each in sheet.table.columns]
    assert headers[headers.index("Shortfall") + 1 : headers.index("Met")] == ["Planned seconds", "Hours between"]
    seconds, hours = column(sheet, "Planned seconds").values, column(sheet, "Hours between").values
    at = records(sheet, "AHT")[0]
    assert hours[at] == pytest.approx((50 - seconds[at]) * 700 / 3600, rel=1e-3)
    assert np.isnan(hours[records(sheet, "Accuracy")]).all()


def test_without_a_handle_time_there_are_no_such_columns():
    outcome = recompute(plan_of(rated()))
    sheet = next(each for each in lay_out(outcome, (), FACTS) if each.name == "Target Check")
    assert "Hours between" not in [each.header for each in sheet.table.columns]


@pytest.mark.parametrize("seed", [1, 4, 9])
def test_formulas_of_random_plans_with_rates_recalculate(seed, tmp_path):
    outcome = recompute(random_rate_plan(seed))
    assert_recalculates(lay_out(outcome, outcome.findings, FACTS), tmp_path / "book.xlsx", at_least=10)


def test_groups_and_each_site_have_rates_of_their_own(tmp_path):
    groups = [("Group", "Of", "Node"), ("Vendor", "Org", "Team B"), ("Vendor", "Org", "Lisbon")]
    targets = [
        ("Metric", "Org", "Each", "Sense", "Value", "Priority"),
        ("Reviews", None, None, None, 700, 1),
        ("Accuracy", None, "Site", "at least", 0.96, 1),
        ("Accuracy", "Vendor", None, "at least", 0.975, 2),
    ]
    outcome = recompute(plan_of(rated(Groups=groups, Targets=targets)))
    sheets = lay_out(outcome, outcome.findings, FACTS)
    assert_recalculates(sheets, tmp_path / "book.xlsx", at_least=60)
    assert outcome.targets.met.all()
    sheet = next(each for each in sheets if each.name == "Org Targets")
    at = next(row for row in records(sheet, "Accuracy") if column(sheet, "Org").values[row] == "Vendor")
    assert column(sheet, "2026Q1").values.cached[at] == pytest.approx(outcome.targets.achieved[-1], rel=1e-12)
    assert column(sheet, "2026-01").values.text[at]
