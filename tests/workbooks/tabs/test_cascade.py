"""The Cascade tab: one row per cell, in order, with levels and reasons."""

import re

import numpy as np
import pytest

from engine.trees import grow
from tests.workbooks.tabs.plans import moderation, random_outcome
from workbooks.tabs.cascade import cascade_sheet, level_nodes, node_labels, upper_levels
from workbooks.tabs.cascade_records import records_in_order
from workbooks.tabs.headers import unique_headers
from workbooks.tabs.looks import RED
from workbooks.tabs.model import Formulas
from workbooks.tabs.why import Terms, shown, why_texts


def column(sheet, header):
    return next(each.values for each in sheet.table.columns if each.header == header)


def amounts(text):
    """The signed amounts of a Why text: each closes its reason."""
    return [
        float(found.replace("−", "-").replace(",", ""))
        for found in (re.search(r"([+−][\d,]+)$", part).group(1) for part in text.split("; "))
    ]


@pytest.mark.parametrize("outcome", [moderation, *(lambda seed=seed: random_outcome(seed) for seed in range(8))])
def test_reasons_add_up_to_the_deviation_as_shown(outcome):
    outcome = outcome()
    sheet = cascade_sheet(outcome)
    deviation = shown(column(sheet, "Deviation").cached)
    for text, total in zip(column(sheet, "Why"), deviation, strict=True):
        assert sum(amounts(text) if text else [0]) == total
        assert text.count("; ") <= 5


def test_a_cell_says_which_reasons_move_it_and_what_is_left():
    terms = Terms(
        ("hours", "target", "guard"), np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([-120.4, 40.0, -2.2])
    )
    assert why_texts(terms, np.array([-82.6]), named=2) == ["hours −120; target +40; other −3"]
    assert why_texts(terms, np.array([-82.6]), named=3) == ["hours −120; target +40; guard −3"]


def test_a_deviation_that_shows_as_nothing_has_no_reason():
    terms = Terms(("hours",), np.array([0, 1]), np.array([0, 0]), np.array([0.4, -0.6]))
    assert why_texts(terms, np.array([0.4, -0.6]), named=5) == ["", "hours −1"]


def test_rows_stand_by_metric_then_along_the_trees():
    outcome = moderation()
    records = records_in_order(outcome)
    keys = np.column_stack([records.metric, records.org, records.queue, records.period]).tolist()
    assert keys == sorted(keys)
    cells, plan = outcome.plan.cells, outcome.plan
    ids = (plan.org.ids, plan.queues.ids, plan.periods.ids)
    leaves = (plan.org.leaves[cells.org], plan.queues.leaves[cells.queue], plan.periods.leaves[cells.period])
    nodes = [[ids_of[node] for node in at.tolist()] for ids_of, at in zip(ids, leaves, strict=True)]
    planned = dict(zip(zip(*nodes, strict=True), outcome.value, strict=True))
    sheet = cascade_sheet(outcome)
    shown_keys = zip(*(column(sheet, header) for header in ("Org", "Queue", "Period")), strict=True)
    assert column(sheet, "Target") == pytest.approx([planned[key] for key in shown_keys])


def test_upper_levels_stand_beside_their_leaves():
    sheet = cascade_sheet(moderation())
    assert [each.header for each in sheet.table.columns][-4:] == ["Region", "Area", "Half-year", "Quarter"]
    for site, region in zip(column(sheet, "Org"), column(sheet, "Region"), strict=True):
        assert site.startswith(region)


def test_limits_that_do_not_exist_are_blank():
    sheet = cascade_sheet(moderation())
    low, high = column(sheet, "Min"), column(sheet, "Max")
    assert np.isfinite(low).sum() == 1
    assert np.isfinite(high).sum() == 1
    assert low[np.isfinite(low)] == [3000]


def test_deviation_is_a_formula_on_its_own_row():
    values = column(cascade_sheet(moderation()), "Deviation")
    assert isinstance(values, Formulas)
    assert values.text[0] == "E5-F5"
    assert values.text[-1] == f"E{4 + len(values.text)}-F{4 + len(values.text)}"


def test_levels_of_a_ragged_tree_end_with_the_leaf_itself():
    tree = grow(["A", "A1", "B"], ["A", "A1", "B"], [-1, 0, -1], ["Region", "Site", "Region"])
    assert upper_levels(tree) == ("Region",)
    assert [tree.ids[node] for node in level_nodes(tree, "Region")] == ["A", "B"]


def test_nodes_of_one_name_are_told_apart_by_their_path():
    tree = grow(["A", "A1", "B", "B1"], ["A", "Team", "B", "Team"], [-1, 0, -1, 2], ["", "", "", ""])
    assert node_labels(tree) == ["All", "A", "A/A1", "B", "B/B1"]


def test_level_names_that_clash_say_which_tree_they_are_of():
    own = [("Org", "Level 1"), ("Queue", "level 1"), ("Period", "Quarter"), ("Queue", "Status"), ("Org", "")]
    assert unique_headers(["Status", "Queue"], own) == [
        "Org Level 1",
        "Queue level 1",
        "Quarter",
        "Queue Status",
        "Org",
    ]


def test_headers_that_still_clash_are_numbered():
    assert unique_headers(["Org A"], [("Org", "A"), ("Org", "a")]) == ["Org A 2", "Org a 3"]


def test_holds_and_limits_that_are_not_kept_are_red():
    (rule,) = [each for each in cascade_sheet(moderation()).colours if "hold not kept" in each.formula]
    assert rule.fill == RED
    assert "below min" in rule.formula
    assert "above max" in rule.formula


def test_why_is_told_in_full_where_there_are_few_rows():
    few = (each for each in map(random_outcome, range(60)) if 3 < len(each.value) < 30)
    sheet = next(sheet for sheet in map(cascade_sheet, few) if sheet.heights.keys() - range(5))
    why = next(each for each in sheet.table.columns if each.header == "Why")
    assert why.style.wrap
    longest = max(range(len(why.values)), key=lambda row: len(why.values[row]))
    assert sheet.heights[5 + longest] >= 15 * -(-len(why.values[longest]) // 60)
    assert sheet.fits_lines


def test_why_takes_a_line_where_there_are_many_rows():
    outcome = next(each for each in map(random_outcome, range(40)) if len(each.value) > 150)
    sheet = cascade_sheet(outcome)
    assert not next(each for each in sheet.table.columns if each.header == "Why").style.wrap
    assert not sheet.fits_lines
    assert not any(row > 5 for row in sheet.heights)
