"""Target Check, Capacity Use, Diagnostics and Run Log: their rows, order and jumps."""

from dataclasses import replace

import numpy as np
import pytest

from engine.codes import issue
from engine.issues import NOWHERE, Place
from tests.workbooks.tabs.plans import FACTS, moderation, random_outcome
from workbooks.addresses import reference
from workbooks.tabs.capacity_use import capacity_order, capacity_use_sheet
from workbooks.tabs.diagnostics import diagnostics_sheet
from workbooks.tabs.run_log import KEPT, run_log_sheet
from workbooks.tabs.target_check import target_check_sheet


def column(sheet, header):
    return next(each.values for each in sheet.table.columns if each.header == header)


def test_targets_stand_as_they_were_asked_with_what_became_of_them():
    sheet = target_check_sheet(moderation())
    assert column(sheet, "Org") == ["", "", "EMEA"]
    assert column(sheet, "Queue") == ["", "Grooming", ""]
    assert column(sheet, "Period") == ["2026-H1", "2026-H1", "2026-Q1"]  # the horizon has a name
    assert column(sheet, "Sense") == ["exactly", "at least", "at least"]
    assert column(sheet, "Met") == ["no", "no", "yes"]
    assert "all hours" in column(sheet, "Limited by")[0]
    assert sheet.cells[0].value == "1 of 3 targets met"


def test_a_target_jumps_to_the_cell_in_which_it_was_asked():
    outcome = moderation()
    sheet = target_check_sheet(outcome)
    assert [link.to for link in sheet.links] == [reference(place) for place in outcome.plan.targets.place]
    assert {(link.row, link.column) for link in sheet.links} == {(5, 6), (6, 6), (7, 6)}


@pytest.mark.parametrize("seed", range(4))
def test_capacity_stands_in_tree_order_with_its_use(seed):
    outcome = random_outcome(seed)
    order, scope = capacity_order(outcome.plan), outcome.plan.capacity.scope
    keys = np.column_stack([scope.org, scope.queue, scope.period])[order].tolist()
    assert keys == sorted(keys)
    sheet = capacity_use_sheet(outcome)
    assert column(sheet, "Used") == pytest.approx(outcome.capacity.used[order])
    assert (column(sheet, "Utilisation").cached <= 1 + 1e-6).all()


def test_sheets_with_long_texts_have_rows_that_follow_the_widths_of_columns():
    outcome = moderation()
    sheets = (target_check_sheet(outcome), capacity_use_sheet(outcome), diagnostics_sheet(outcome.findings))
    assert all(sheet.fits_lines for sheet in sheets)


def test_a_row_without_hours_has_no_utilisation():
    outcome = moderation()
    capacity = outcome.plan.capacity
    hours = np.where(np.arange(len(capacity)) == 0, 0.0, capacity.hours)
    sheet = capacity_use_sheet(replace(outcome, plan=replace(outcome.plan, capacity=replace(capacity, hours=hours))))
    assert column(sheet, "Utilisation").text[0] == ""
    assert np.isnan(column(sheet, "Utilisation").cached[0])


def test_diagnostics_stand_gravest_first_then_by_place():
    found = [
        issue("TC704", NOWHERE, "a queue"),
        issue("TC701", Place("Targets", "Targets", 9, 6, "Value"), "later", amount=3.0, unit="items"),
        issue("TC701", Place("Targets", "Targets", 5, 6, "Value"), "earlier", amount=1.0, unit="items"),
    ]
    sheet = diagnostics_sheet(found)
    assert column(sheet, "Severity") == ["conflict", "conflict", "note"]
    assert column(sheet, "Where") == ["'Targets'!F5", "'Targets'!F9", ""]
    assert [(link.row, link.column, link.to) for link in sheet.links] == [
        (5, 3, "'Targets'!F5"),
        (6, 3, "'Targets'!F9"),
    ]
    assert column(sheet, "Amount").tolist()[:2] == [1.0, 3.0]
    assert np.isnan(column(sheet, "Amount")[2])
    assert sheet.cells[0].value == "2 conflicts, 1 note"


def test_links_stop_before_excel_does():
    found = [issue("TC701", Place("Targets", "Targets", row, 6), "x") for row in range(2, 66_002)]
    sheet = diagnostics_sheet(found)
    assert sheet.table.length == 66_000
    assert len(sheet.links) == 65_000


def test_texts_that_excel_cannot_hold_are_cut():
    sheet = diagnostics_sheet([issue("TC701", NOWHERE, "x" * 40_000)])
    assert len(column(sheet, "Found")[0]) == 32_767


def test_the_newest_run_stands_first_and_old_ones_fall_out():
    earlier = [
        [float(run), "then", "Bea", "", "0.1", "ab", "0 done", "1 of 1", 0.0, 1.0, "highs", ""]
        for run in range(60, 0, -1)
    ]
    sheet = run_log_sheet(moderation(), FACTS, earlier)
    assert sheet.table.length == KEPT
    assert column(sheet, "Run").tolist() == [61.0, *range(60, 11, -1)]
    assert column(sheet, "By")[:2] == ["Aoife", "Bea"]
    assert column(sheet, "Status")[0] == "3 done, a target is missed or time ran out"
    assert column(sheet, "Targets met")[0] == "1 of 3"
    assert column(sheet, "Shortfall")[0] == pytest.approx(moderation().targets.shortfall.sum())


def test_rows_of_an_older_or_damaged_log_are_kept_as_far_as_they_go():
    sheet = run_log_sheet(moderation(), FACTS, [["x", None, 7.0], [None, ""], []])
    assert sheet.table.length == 2
    assert column(sheet, "Run").tolist()[0] == 1
    assert np.isnan(column(sheet, "Run")[1])
    assert column(sheet, "By")[1] == "7"
