"""Reasons in the analyst's words: what made a cell leave its fair share, what limits a target."""

import numpy as np
import pytest

from engine.formulation.problem import formulate
from engine.outcome import CellStatus
from engine.plan import Metrics, Sense, Settings
from engine.reasons.contradictions import contradicting
from engine.reasons.rolling import org_words, period_words
from engine.reasons.words import told_apart
from engine.recompute import recompute
from tests.plans import PlanParts, one_team, tree
from workbooks.run import read_plan
from workbooks.template.samples import find_samples

HOURS_ASKED = 500 * (30 + 300) / 3600


def told(outcome, cell: int) -> dict[str, float]:
    reasons = outcome.reasons
    mine = reasons.cell == cell
    return {
        reasons.labels[label]: amount for label, amount in zip(reasons.label[mine], reasons.amount[mine], strict=True)
    }


def sites(**more) -> PlanParts:
    months = ("2024-01", "2024-02", "2024-03", "2024-04")
    parts = PlanParts(
        org=tree("Dublin", "  Team A", "  Team B", "Lisbon", "  Team C"),
        queues=tree("Spam"),
        periods=tree("2024H1", "  2024Q1", *(f"    {month}" for month in months[:3]), "  2024Q2", f"    {months[3]}"),
        handle_s={"Spam": 60},
        baseline={(f"Team {team}", "Spam", month): 600.0 for team in "ABC" for month in months},
        targets=[(None, None, None, Sense.EXACTLY, 7200, 1)],
    )
    for name, value in more.items():
        setattr(parts, name, value)
    return parts


def test_where_nothing_binds_there_is_nothing_to_tell():
    outcome = recompute(one_team(hours=1000).build())
    assert len(outcome.reasons.cell) == 0


def test_a_cell_tells_of_the_hours_that_hold_it_back():
    outcome = recompute(one_team(hours=0.9 * HOURS_ASKED, settings=Settings(mix_guard=0)).build())
    reasons = told(outcome, 0)
    assert max(reasons, key=lambda words: abs(reasons[words])).startswith(
        ("hours of everything", "target for everything")
    )
    assert sum(reasons.values()) == pytest.approx(-50, rel=1e-6)


def test_a_team_tells_that_it_takes_over_for_another():
    outcome = recompute(sites(capacity=[("Team A", None, None, 30.0)]).build())
    taken = told(outcome, 4)  # Team B, first month
    assert outcome.value[4] > outcome.fair[4]
    assert any("takes over within its queue" in words or "target for" in words for words in taken)


def test_a_cell_at_its_own_limit_says_so():
    outcome = recompute(one_team(hours=1000, limits=[("Team", "Slow", "Jan", -np.inf, 400.0)]).build())
    assert "its own maximum" in told(outcome, 1)
    outcome = recompute(one_team(hours=1000, limits=[("Team", "Slow", "Jan", 700.0, np.inf)]).build())
    assert "its own minimum" in told(outcome, 1)
    outcome = recompute(one_team(hours=1000, limits=[("Team", "Slow", "Jan", 300.0, 300.0)]).build())
    assert "held" in told(outcome, 1)


def test_a_hold_that_cannot_be_kept_is_no_minimum_and_not_called_held():
    outcome = recompute(one_team(hours=50, limits=[("Team", "Slow", "Jan", 9e6, 9e6)]).build())
    assert "its own hold, as far as it can be kept" in told(outcome, 1)
    assert not {"held", "its own minimum"} & set(told(outcome, 1))


@pytest.mark.parametrize(
    ("least", "most", "status"),
    [
        (300.0, 300.0, CellStatus.HELD),
        (700.0, np.inf, CellStatus.AT_MIN),
        (-np.inf, 400.0, CellStatus.AT_MAX),
        (9e6, 9e6, CellStatus.HOLD_NOT_KEPT),
        (9e6, np.inf, CellStatus.BELOW_MIN),
        (9e6, 9.5e6, CellStatus.BELOW_MIN),
    ],
)
def test_a_limit_of_a_cell_is_its_status_where_it_is_kept_and_else_is_told_as_not_kept(least, most, status):
    outcome = recompute(one_team(hours=1000, limits=[("Team", "Slow", "Jan", least, most)]).build())
    assert outcome.status[1] == status


def test_where_two_limits_of_a_cell_contradict_each_other_it_is_below_the_one_and_above_the_other():
    limits = [("Team", "Slow", "Jan", 700.0, np.inf), ("Team", "Slow", "Jan", -np.inf, 400.0)]
    outcome = recompute(one_team(hours=1000, limits=limits).build())
    assert outcome.value[1] < 700
    assert outcome.status[1] == CellStatus.BELOW_MIN


def test_a_missed_target_names_the_hours_that_are_used_up():
    capacity = [
        (team, None, month, 9.0) for team in ("Team A", "Team B") for month in ("2024-01", "2024-02", "2024-03")
    ]
    outcome = recompute(sites(capacity=capacity, targets=[("Dublin", None, "2024Q1", Sense.EXACTLY, 3600, 1)]).build())
    assert outcome.targets.limited_by == ("all hours of all 2 of Dublin used in 2024-01 to 2024-03",)


def test_a_missed_target_names_the_limit_it_runs_into():
    outcome = recompute(
        one_team(hours=None, limits=[(None, None, None, -np.inf, 800.0)], settings=Settings(mix_guard=0)).build()
    )
    assert outcome.targets.limited_by == ("limit on everything",)


def test_targets_that_contradict_each_other_are_limited_by_each_other():
    targets = [(None, None, None, Sense.EXACTLY, 1000, 1), (None, None, None, Sense.EXACTLY, 1200, 2)]
    outcome = recompute(one_team(hours=None, targets=targets).build())
    assert outcome.targets.limited_by == ("", "targets of the same or a higher priority")
    assert "TC703" in [issue.code for issue in outcome.findings]


def test_nodes_are_rolled_up_to_their_parent():
    org = sites().org
    nodes = [org.ids.index(team) for team in ("Team A", "Team B")]
    everyone = [*nodes, org.ids.index("Team C")]
    assert org_words(org, nodes, everyone) == "all 2 of Dublin"
    assert org_words(org, nodes[:1], everyone) == "Team A"
    assert org_words(org, everyone, everyone) == "all 3 teams"
    assert org_words(org, [nodes[0], everyone[2]], everyone) == "Team A, Team C"


def test_periods_are_told_as_runs():
    periods = sites().periods
    at = {name: position for position, name in enumerate(periods.ids)}
    assert period_words(periods, [at["2024Q1"]]) == " in 2024-01 to 2024-03"
    assert period_words(periods, [at["2024-01"], at["2024-03"]]) == " in 2024-01, 2024-03"
    assert period_words(periods, [at["2024H1"]]) == ""


def test_the_labels_of_a_plan_do_not_depend_on_how_it_is_put():
    plan = sites(capacity=[("Team A", None, None, 30.0)]).build()
    assert recompute(plan).reasons.labels == recompute(plan).reasons.labels
    assert formulate(plan).fair.value.sum() == pytest.approx(7200)


def test_reasons_of_small_cells_add_up_in_a_plan_of_millions():
    outcome = recompute(read_plan(find_samples()["languages"].make()).plan)
    told = np.bincount(outcome.reasons.cell, outcome.reasons.amount, len(outcome.value))
    deviation = outcome.value - outcome.fair
    assert (np.abs(told - deviation) <= 1e-6 * np.maximum(1.0, np.abs(deviation))).all()


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        ([(None, Sense.EXACTLY, 1000), ("Team", Sense.EXACTLY, 1000)], []),
        ([(None, Sense.AT_MOST, 1000), ("Team", Sense.AT_LEAST, 900)], []),
        ([(None, Sense.AT_MOST, 1000), ("Team", Sense.AT_LEAST, 1001)], [0, 1]),
    ],
)
def test_only_targets_that_no_plan_could_hold_together_are_said_to_contradict_each_other(asked, apart):
    targets = [(org, None, None, sense, value, 1) for org, sense, value in asked]
    problem = formulate(one_team(hours=1, targets=targets).build())
    found = contradicting(problem, np.arange(len(targets)))
    assert sorted(problem.targets.source[found].tolist()) == apart


def test_a_miss_names_only_ways_out_that_its_limits_leave():
    short = recompute(one_team(hours=0.9 * HOURS_ASKED).build())
    capped = recompute(one_team(hours=1000, limits=[("Team", None, None, -np.inf, 900.0)]).build())
    mends = [next(each.mend for each in one.findings if each.code == "TC701") for one in (short, capped)]
    assert mends[0] == "Add hours there, or lower the target; see Target Check."
    assert mends[1] == "Release a limit, or lower the target; see Target Check."


@pytest.mark.parametrize(
    ("achieved", "asked", "words"),
    [
        (0.999376, 0.9999, ("99.94 %", "99.99 %")),  # one decimal would say that 100 % was asked
        (0.9288, 0.93, ("92.9 %", "93.0 %")),
        (0.9299, 0.93, ("92.99 %", "93.00 %")),
        (0.5, 0.93, ("50.0 %", "93.0 %")),
    ],
)
def test_rates_are_told_apart_with_the_decimals_that_this_takes(achieved, asked, words):
    metrics = Metrics(("Accuracy",), ("rate",), ("%",), np.array([True]), np.array([False]))
    assert told_apart(metrics, 0, achieved, asked) == words
