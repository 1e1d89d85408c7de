"""Formulas hold what they show: every cached value equals what another calculation engine computes."""

from dataclasses import replace

import numpy as np
import pytest

from engine.recompute import recompute
from tests.plans import random_parts
from tests.workbooks.tabs.plans import FACTS, moderation, moderation_parts, random_outcome
from tests.workbooks.tabs.recalculation import recalculated
from tests.workbooks.tabs.rendering import cells_of
from workbooks.tabs.layout import lay_out


def assert_recalculates(sheets, path, at_least):
    count = 0
    for cell, formula, cached, computed in recalculated(sheets, path):
        count += 1
        if isinstance(cached, str):
            assert computed == cached, f"{cell} ={formula}"
        else:
            assert computed == pytest.approx(cached, rel=1e-9, abs=1e-9), f"{cell} ={formula}"
    assert count >= at_least


def test_every_formula_of_a_realistic_plan_recalculates_to_its_cached_value(tmp_path):
    outcome = moderation()
    assert_recalculates(lay_out(outcome, outcome.findings, FACTS), tmp_path / "book.xlsx", at_least=600)


@pytest.mark.parametrize("seed", range(6))
def test_every_formula_of_a_random_plan_recalculates_to_its_cached_value(seed, tmp_path):
    outcome = random_outcome(seed)
    assert_recalculates(lay_out(outcome, outcome.findings, FACTS), tmp_path / "book.xlsx", at_least=10)


def test_formulas_follow_sheets_that_people_renamed(tmp_path):
    outcome = moderation()

    def renamed(name):
        return f"People's {name}"

    sheets = lay_out(outcome, outcome.findings, FACTS, (), renamed)
    sheets = [replace(sheet, name=renamed(sheet.name)) for sheet in sheets]
    assert_recalculates(sheets, tmp_path / "book.xlsx", at_least=600)


def test_a_formula_refers_to_its_own_tab_but_in_the_summary():
    outcome = moderation()
    for sheet in lay_out(outcome, (), FACTS)[1:]:
        assert [formula for *_, formula, _ in cells_of(sheet) if "!" in formula] == []


def test_the_overall_check_counts_an_engine_cell_that_no_longer_ties(tmp_path):
    """The check is a formula: whoever changes a target in Cascade sees it in the Summary."""
    outcome = moderation()
    sheets = lay_out(outcome, (), FACTS)
    cascade = sheets[1]
    target = next(column for column in cascade.table.columns if column.header == "Target")
    off = replace(target, values=target.values + np.eye(1, len(target.values))[0])
    columns = [off if column is target else column for column in cascade.table.columns]
    sheets[1] = replace(cascade, table=replace(cascade.table, columns=columns))
    found = {cell: computed for cell, _, _, computed in recalculated(sheets, tmp_path / "book.xlsx")}
    assert found["Summary!B5"] == "3 problems"


def test_a_plan_without_capacity_or_limits_lays_out(tmp_path):
    parts = moderation_parts()
    parts.capacity, parts.limits = [], []
    outcome = recompute(parts.build())
    sheets = lay_out(outcome, (), FACTS)
    assert sheets[5].table.length == 0
    assert sheets[6].table.length == 0
    assert_recalculates(sheets, tmp_path / "book.xlsx", at_least=600)


def test_a_plan_without_targets_lays_out(tmp_path):
    parts = random_parts(3)
    parts.targets = []
    sheets = lay_out(recompute(parts.build()), (), FACTS)
    assert sheets[4].table.length == 0
    assert_recalculates(sheets, tmp_path / "book.xlsx", at_least=5)
