"""What all tabs promise together: order, names, one table each, nothing but the plan in them."""

from dataclasses import replace

import numpy as np
import pytest

from engine.codes import issue
from engine.issues import Place
from engine.recompute import recompute
from tests.plans import random_parts
from tests.workbooks.tabs.plans import FACTS, moderation, moderation_plan, random_outcome
from tests.workbooks.tabs.rendering import cells_of
from workbooks.tabs.layout import OWN_SHEETS, lay_out
from workbooks.tabs.model import Formulas

OUTCOMES = [moderation, *(lambda seed=seed: random_outcome(seed) for seed in range(5))]


def contents(sheet):
    return [(row, column, value, formula) for row, column, value, formula, _ in cells_of(sheet)]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_sheets_stand_in_their_order_with_one_table_of_their_name_each(outcome):
    sheets = lay_out(outcome(), (), FACTS)
    assert tuple(sheet.name for sheet in sheets) == OWN_SHEETS
    assert sheets[0].table is None
    assert [sheet.table.name for sheet in sheets[1:]] == [name.replace(" ", "") for name in OWN_SHEETS[1:]]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_headers_are_unique_without_case(outcome):
    for sheet in lay_out(outcome(), (), FACTS)[1:]:
        headers = [column.header.casefold() for column in sheet.table.columns]
        assert len(set(headers)) == len(headers)
        assert all(header.strip() for header in headers)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_columns_are_equally_long(outcome):
    for sheet in lay_out(outcome(), (), FACTS)[1:]:
        for column in sheet.table.columns:
            values = column.values
            length = len(values.text) if isinstance(values, Formulas) else len(values)
            assert length == sheet.table.length


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_cells_are_never_put_twice_and_none_above_a_table_covers_it(outcome):
    for sheet in lay_out(outcome(), (), FACTS):
        places = [(row, column) for row, column, *_ in cells_of(sheet)]
        assert len(set(places)) == len(places)


def test_a_second_run_changes_nothing_but_the_run_log():
    first = lay_out(recompute(moderation_plan()), (), FACTS)
    later = replace(FACTS, run=2, at="2026-02-01 10:00:00 UTC", by="Bea", seconds=99.0)
    second = lay_out(recompute(moderation_plan()), (), later)
    for before, after in zip(first[:-1], second[:-1], strict=True):
        assert contents(before) == contents(after)
        assert (before.links, before.colours, before.charts) == (after.links, after.colours, after.charts)
    assert contents(first[-1]) != contents(second[-1])


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_the_order_of_input_rows_changes_no_row_of_the_results(seed):
    parts = random_parts(seed)
    plain = lay_out(recompute(parts.build()), (), FACTS)
    shuffled = lay_out(recompute(parts.build(np.random.default_rng(1))), (), FACTS)
    for at in (1, 2, 3, 5):
        for before, after in zip(plain[at].table.columns, shuffled[at].table.columns, strict=True):
            if before.header != "Why" and not isinstance(before.values, Formulas):
                assert_same(before.values, after.values)


def assert_same(before, after):
    if isinstance(before, np.ndarray):
        assert after == pytest.approx(before, rel=1e-6, abs=1e-5, nan_ok=True)
    else:
        assert list(after) == list(before)


def test_text_that_looks_like_a_formula_stays_text():
    plan = moderation_plan()
    queues = replace(
        plan.queues, ids=("All", "=1+1", *plan.queues.ids[2:]), names=("All", "@x", *plan.queues.names[2:])
    )
    found = issue("TC701", Place("Targets", "=Sheet", 3, 1), "+found")
    sheets = lay_out(recompute(replace(plan, queues=queues)), (found,), FACTS)
    columns = {column.header: column for column in sheets[3].table.columns}
    assert columns["Queue"].values[1] == "=1+1"
    assert columns["Name"].values[1] == "@x"
    for sheet in sheets[1:]:
        for column in sheet.table.columns:
            if not isinstance(column.values, np.ndarray | Formulas):
                assert column.style.number_format == "@", column.header


def test_no_tab_but_the_run_log_shows_a_clock():
    for sheet in lay_out(moderation(), (), FACTS)[:-1]:
        texts = " ".join(str(value) for _, _, value, *_ in cells_of(sheet))
        assert FACTS.at not in texts
        assert FACTS.by not in texts
