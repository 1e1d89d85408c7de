"""Org Targets and Queue Targets: totals along the trees, as formulas that keep within Excel's limits."""

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.recompute import recompute
from engine.trees import grow
from tests.builders import BASELINE
from tests.plans import PlanParts, tree
from tests.workbooks.books import SMALL, book
from tests.workbooks.tabs.plans import FACTS, moderation, moderation_plan, random_outcome
from tests.workbooks.tabs.recalculation import recalculated
from workbooks.run import cascade
from workbooks.tabs.layout import lay_out
from workbooks.tabs.model import Formulas
from workbooks.tabs.node_targets import org_sheet, queue_sheet
from workbooks.tabs.sums import sum_down, sum_of


def values(sheet, header):
    found = next(each.values for each in sheet.table.columns if each.header == header)
    return found.cached if isinstance(found, Formulas) else found


@pytest.mark.parametrize("make", [org_sheet, queue_sheet])
@pytest.mark.parametrize("seed", range(5))
def test_the_root_of_every_metric_is_the_whole_plan(make, seed):
    outcome = random_outcome(seed)
    nodes = make(outcome)
    total = nodes.sheet.table.columns[nodes.total_column - 1].values.cached
    assert total[0] == pytest.approx(outcome.value.sum())


def test_nodes_stand_in_tree_order_outlined_by_depth():
    sheet = org_sheet(moderation()).sheet
    assert values(sheet, "Org")[:7] == ["All", "EMEA", "EMEA 1", "EMEA 2", "EMEA 3", "EMEA 4", "APAC"]
    assert sheet.table.outline[:7].tolist() == [0, 1, 2, 2, 2, 2, 1]
    assert sheet.table.emphasis[:3].tolist() == [True, True, False]


def test_the_outline_ends_at_the_eighth_level():
    parts = PlanParts(
        org=tree(*(" " * 2 * depth + f"n{depth}" for depth in range(12))),
        queues=tree("Q"),
        periods=tree("Jan"),
        handle_s={"Q": 60},
        baseline={("n11", "Q", "Jan"): 10},
    )
    sheet = org_sheet(recompute(parts.build())).sheet
    assert sheet.table.outline.tolist()[:12] == [0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7]


def test_longer_periods_stand_before_their_parts_and_add_them_up():
    sheet = org_sheet(moderation()).sheet
    headers = [column.header for column in sheet.table.columns]
    months = ["2026-H1", "2026-Q1", "2026-01", "2026-02", "2026-03", "2026-Q2", "2026-04", "2026-05", "2026-06"]
    assert headers[8:-1] == months
    quarter = sum(values(sheet, month) for month in months[2:5])
    assert values(sheet, "2026-Q1") == pytest.approx(quarter)


def test_share_change_and_pace_are_of_the_whole_horizon():
    sheet = org_sheet(moderation()).sheet
    total, baseline = values(sheet, "2026-H1"), values(sheet, "Baseline")
    assert values(sheet, "Share of parent")[1:3] == pytest.approx([total[1] / total[0], total[2] / total[1]])
    assert np.isnan(values(sheet, "Share of parent")[0])
    assert values(sheet, "Change") == pytest.approx(total / baseline - 1)
    assert values(sheet, "Per working day") == pytest.approx(total / 124)


def test_without_working_days_there_is_no_pace():
    plan = moderation_plan()
    days = plan.calendar.working_days.copy()
    days[2] = np.nan
    sheet = org_sheet(recompute(replace(plan, calendar=replace(plan.calendar, working_days=days)))).sheet
    assert np.isnan(values(sheet, "Per working day")).all()
    known = {cell.column: cell.value for cell in sheet.cells if cell.row == 3}
    assert known == {8: "Working days", 11: 21.0, 12: 20.0, 14: 61.0, 15: 20.0, 16: 19.0, 17: 22.0}


def test_a_team_without_work_in_a_period_is_blank_not_zero():
    outcome = random_outcome(2)
    plan = outcome.plan
    sheet = queue_sheet(outcome).sheet
    worked = np.unique(plan.queues.leaves[plan.cells.queue])
    idle = [node for node in plan.queues.leaves.tolist() if node not in worked]
    first_period = 8
    for node in idle:
        assert np.isnan(sheet.table.columns[first_period].values.cached[node])


@pytest.mark.parametrize("make", [org_sheet, queue_sheet])
def test_reasons_of_a_node_add_up_to_its_deviation(make):
    outcome = moderation()
    nodes = make(outcome)
    for text, deviation in zip(values(nodes.sheet, "Why"), nodes.totals.deviation, strict=True):
        signed = [float(part.replace("−", "-").replace(",", "")) for part in re.findall(r"[+−][\d,.]+(?=;|$)", text)]
        assert sum(signed) == pytest.approx(deviation, abs=0.51)
        assert text.count("hours") <= 1


def test_a_node_that_takes_over_what_others_lack_hours_for_is_not_told_of_hours():
    tables = {
        "Baseline": [*BASELINE, *(("Reviews", "Team B", "Hate", f"2025-0{month}", 90) for month in (1, 2))],
        "Targets": [("Metric", "Queue", "Value"), ("Reviews", "Spam", 300)],  # nothing is asked of Hate: it resists
        "Capacity": [("Org", "Hours"), ("Team A", 2.0)],
    }
    outcome = cascade(book({**SMALL, **tables})).outcome
    sheet = org_sheet(outcome).sheet
    rows = zip(values(sheet, "Metric"), values(sheet, "Org"), values(sheet, "Why"), strict=True)
    told = {node: why for metric, node, why in rows if metric == "Reviews"}
    assert told["Team A"].startswith("hours −")
    assert "takes over within its queues +" in told["Team B"]
    assert "hours" not in told["Team B"]


def test_sums_nest_where_there_are_more_parts_than_sum_takes():
    formula = sum_of([f"A{row}" for row in range(1, 600, 2)])
    assert formula.startswith("SUM(SUM(A1,")
    assert max(len(part.split(",")) for part in re.findall(r"SUM\(([A-Z0-9,]+)\)", formula)) <= 255


def test_neighbours_are_added_up_as_a_range():
    assert sum_down([(5, 7), (9, 9)], "C") == "SUM(C5:C7,C9)"


@pytest.fixture(scope="module")
def broad():
    """1,700 regions of one team each: too many for the arguments of one formula."""
    count = 1700
    ids = [name for at in range(count) for name in (f"r{at}", f"t{at}")]
    parents = [at if kind else -1 for at in range(0, 2 * count, 2) for kind in (0, 1)]
    parts = PlanParts(
        org=grow(ids, ids, parents, ["Region", "Team"] * count),
        queues=tree("Q"),
        periods=tree("Jan"),
        handle_s={"Q": 60},
        baseline={(f"t{at}", "Q", "Jan"): 10.0 + at for at in range(count)},
    )
    return recompute(parts.build())


def test_a_parent_of_more_children_than_a_formula_lists_adds_them_up_by_level(broad, tmp_path):
    total = org_sheet(broad).sheet.table.columns[8].values
    assert total.text[0].startswith("SUMPRODUCT(")
    assert total.cached[0] == pytest.approx(broad.value.sum())
    found = {cell: computed for cell, _, _, computed in recalculated(lay_out(broad, (), FACTS), tmp_path / "b.xlsx")}
    assert found["Org Targets!I5"] == pytest.approx(broad.value.sum(), rel=1e-9)


def test_no_formula_is_longer_than_excel_takes(broad):
    for sheet in lay_out(broad, (), FACTS)[1:]:
        for column in sheet.table.columns:
            if isinstance(column.values, Formulas):
                assert max(map(len, column.values.text), default=0) <= 8192
