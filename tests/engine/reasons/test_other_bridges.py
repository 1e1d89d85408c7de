"""Rates and backlogs explained at any node: lines that add up, told in points and in what waits."""

import numpy as np
import pytest

from engine.reasons.backlog_bridge import backlog_bridge
from engine.reasons.bridge import Node, members
from engine.reasons.page import page, page_text
from engine.reasons.rate_bridge import rate_at, rate_bridge
from engine.recompute import recompute
from engine.trees import ROOT
from tests.backlogs import backlog_book
from tests.builders import plan_of
from tests.rate_books import rated
from tests.referee.rate_plans import random_rate_plan
from workbooks.tabs.node_targets import org_sheet


@pytest.mark.parametrize("seed", range(0, 60, 6))
def test_the_lines_of_a_rate_add_up_to_its_average_at_any_node(seed):
    outcome = recompute(random_rate_plan(seed))
    plan, rng = outcome.plan, np.random.default_rng(seed)
    for result in outcome.rates:
        for _ in range(4):
            places = (int(rng.integers(len(tree))) for tree in (plan.org, plan.queues, plan.periods))
            node = Node(result.rate.metric, *places)
            inside = members(plan, Node(result.rate.weight, node.org, node.queue, node.period))[result.rate.cells]
            if not result.weight[inside].sum() > 0:
                continue
            found = rate_bridge(outcome, result, node)
            size = max(abs(found.target), 1e-3)
            average = np.average(result.value[inside], weights=result.weight[inside])
            assert found.target == pytest.approx(average, rel=1e-12)
            assert found.history + sum(line.amount for line in found.before) == pytest.approx(
                found.fair, abs=1e-9 * size
            )
            assert found.fair + sum(line.amount for line in found.after) == pytest.approx(found.target, abs=1e-9 * size)


def test_a_rate_is_told_in_points_and_ties_to_org_targets():
    outcome = recompute(plan_of(rated()))
    (result,) = outcome.rates
    node = Node(result.rate.metric, ROOT, ROOT, ROOT)
    found = rate_bridge(outcome, result, node)
    text = page_text(page(outcome.plan, node, found, None, [("without the limit", 0.004)]))
    assert text.startswith("Why 97.00 %?\nAccuracy · ")
    assert "+0.40" in text
    assert [line.words for line in found.after][:1] == ["Accuracy target for everything"]
    columns = {column.header: column.values for column in org_sheet(outcome).sheet.table.columns}
    first = list(columns["Metric"]).index("Accuracy")
    shown = columns[outcome.plan.periods.ids[ROOT]]
    written = getattr(shown, "cached", shown)[first]
    assert written == pytest.approx(rate_at(outcome.plan, outcome.rates, node))


@pytest.mark.parametrize("seed", range(4))
def test_a_backlog_is_what_waited_and_came_less_what_is_handled(seed):
    outcome = recompute(plan_of(backlog_book()))
    plan, rng = outcome.plan, np.random.default_rng(seed)
    (balance,) = plan.balances
    cells = plan.cells
    node = Node(balance.stock, ROOT, ROOT, int(rng.integers(len(plan.periods))))
    found = backlog_bridge(plan, balance, outcome.value, node)
    periods = plan.periods.leaf_positions(node.period)
    now = np.isin(cells.period, periods) & np.isin(cells.queue, balance.watched) & (cells.metric == balance.volume)
    assert found.history + sum(line.amount for line in found.lines) == pytest.approx(found.target)
    assert found.after[0].amount == pytest.approx(-outcome.value[now].sum())
    came = np.diff(balance.available[balance.watched], axis=1, prepend=balance.opening[balance.watched][:, None])
    assert found.before[0].amount == pytest.approx(came[:, periods].sum())
    assert "waiting when these periods begin" in page_text(page(plan, node, found, None, []))
