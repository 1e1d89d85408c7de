"""Rows over nodes and periods as a few lines: nothing is left out, nothing is told twice, names are short."""

import numpy as np
import pytest

from engine.plan import Scopes
from engine.reasons.rolling import leaf_period_words, roll_up, rolled_words
from engine.trees import grow
from tests.plans import PlanParts

SITES = {"Lisbon": ("L1", "L2", "L3"), "Dublin": ("D1", "D2")}
TEAMS = [team for teams in SITES.values() for team in teams]
MONTHS = [f"2026-{month:02}" for month in range(1, 7)]


@pytest.fixture(scope="module")
def plan():
    nodes = ["EMEA", *(name for site, teams in SITES.items() for name in (site, *teams))]
    parents = [-1, *(0 if name in SITES else max(at for at in range(1, at_name) if nodes[at] in SITES)
                     for at_name, name in enumerate(nodes) if at_name)]  # fmt: skip
    levels = ["Region", *("Site" if name in SITES else "Team" for name in nodes[1:])]
    periods = grow(["2026", *MONTHS], ["2026", *MONTHS], [-1] + [0] * 6, ["Year"] + ["Month"] * 6)
    return PlanParts(
        grow(nodes, nodes, parents, levels), grow(["Spam"], ["Spam"], [-1], ["Queue"]), periods, {"Spam": 60},
        {(team, "Spam", month): 10 for team in TEAMS for month in MONTHS},
        targets=[], capacity=[(team, None, month, 1.0) for team in TEAMS for month in MONTHS],
    ).build()  # fmt: skip


def told(plan, *full):
    """Return the lines for some rows, each given as team and the number of its months."""
    scope = plan.capacity.scope
    team = [plan.org.ids[node] for node in scope.org]
    month = [int(plan.periods.ids[node][-2:]) for node in scope.period]
    is_so = np.array([(who, when) in full for who, when in zip(team, month, strict=True)])
    return ["".join(rolled_words(plan, each)) for each in roll_up(plan, scope, is_so)]


def every(teams, months):
    return [(team, month) for team in teams for month in months]


def test_all_teams_of_a_site_through_some_months_are_one_line(plan):
    assert told(plan, *every(SITES["Lisbon"], (1, 2, 3))) == ["all 3 of Lisbon in 2026-01 to 2026-03"]
    assert told(plan, *every(TEAMS, range(1, 7))) == ["all 5 teams"]


def test_what_covers_most_is_told_first_and_the_rest_by_itself(plan):
    lines = told(plan, *every(SITES["Lisbon"], range(1, 7)), *every(SITES["Dublin"], (1, 2)), ("D1", 5))
    assert lines == ["all 3 of Lisbon", "all 2 of Dublin in 2026-01, 2026-02", "D1 in 2026-05"]


def test_single_teams_with_the_same_months_share_a_line(plan):
    assert told(plan, ("L1", 2), ("D2", 2)) == ["D2, L1 in 2026-02"]


def test_every_row_stands_in_exactly_one_line_whatever_is_full(plan):
    scope, rng = plan.capacity.scope, np.random.default_rng(5)
    for _ in range(50):
        is_so = rng.random(len(scope)) < rng.uniform(0.05, 0.95)
        rows = [each.rows for each in roll_up(plan, scope, is_so)]
        assert sorted(np.concatenate(rows).tolist()) == np.flatnonzero(is_so).tolist()
        for each in roll_up(plan, scope, is_so):
            inside = np.isin(scope.org, each.orgs) & np.isin(scope.period, plan.periods.leaves[list(each.periods)])
            assert is_so[inside].all()


def test_the_order_of_rows_changes_no_line(plan):
    scope, rng = plan.capacity.scope, np.random.default_rng(6)
    is_so = rng.random(len(scope)) < 0.7
    order = rng.permutation(len(scope))
    words = ["".join(rolled_words(plan, each)) for each in roll_up(plan, scope, is_so)]
    assert ["".join(rolled_words(plan, each)) for each in roll_up(plan, scope.take(order), is_so[order])] == words


def test_a_row_over_several_months_is_told_with_them(plan):
    quarter = Scopes(*(np.array([at]) for at in (-1, plan.org.ids.index("Lisbon"), 0, 0)))
    assert ["".join(rolled_words(plan, each)) for each in roll_up(plan, quarter, np.array([True]))] == ["Lisbon"]


def test_periods_are_told_as_runs_with_gaps(plan):
    assert leaf_period_words(plan.periods, [0, 1, 2, 4]) == " in 2026-01 to 2026-03, 2026-05"
    assert leaf_period_words(plan.periods, [0, 2, 4, 5]) == " in 2026-01, 2026-03, 2026-05, 2026-06"
    assert leaf_period_words(plan.periods, range(6)) == ""
