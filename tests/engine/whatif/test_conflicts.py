"""Contradictions in few lines: limits that one row put, or that are alike below a node, stand in one line."""

import numpy as np
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from engine.whatif.conflicts import find_conflicts
from tests.builders import book
from tests.rate_books import rated

TEAMS = [f"L{at:02}" for at in range(1, 15)]
ORG = [("Node", "Parent", "Level"), ("Lisbon", None, "Site"), ("Dublin", None, "Site"),
       *((team, "Lisbon", "Team") for team in TEAMS), ("D1", "Dublin", "Team")]  # fmt: skip
MONTHS = ("2026-01", "2026-02", "2026-03")
QUEUES = ("Hate", "Spam")
TABLES = {
    "Metrics": [("Metric", "Kind", "Unit", "Decimals"), ("Reviews", "volume", "items", "none")],
    "Org": ORG,
    "Queues": [("Node", "Handle time (s)"), ("Hate", 3600), ("Spam", 1800)],
    "Periods": [("Period", "Parent"), ("2026Q1", None), *((month, "2026Q1") for month in MONTHS)],
    "Baseline": [("Metric", "Org", "Queue", "Period", "Value"),
                 *(("Reviews", team, queue, month, 10) for team in (*TEAMS, "D1") for queue in QUEUES
                   for month in MONTHS)],
    "Targets": [("Metric", "Value"), ("Reviews", 900)],
    "Capacity": [("Org", "Period", "Hours"), *((team, month, 15) for team in TEAMS for month in MONTHS)],
}  # fmt: skip
LIMITS = ("Metric", "Org", "Queue", "Period", "Each", "Min", "Max", "Owner")


def conflicts_of(inputs):
    plan, issues = build_plan(inputs)
    assert plan is not None, issues
    return find_conflicts(recompute(plan))


def conflicts(*limits):
    return conflicts_of(book(**{**TABLES, "Limits": [LIMITS, *limits]}))


def told(conflict):
    """Return the lines in words, facts first, else by their words."""
    return [line.words for line in sorted(conflict.lines, key=lambda each: (not each.is_fact, each.words))]


def test_hours_of_all_teams_of_a_site_are_one_line():
    (found,) = conflicts(("Reviews", "Lisbon", "Hate", None, None, 700, None, "Aoife"))
    assert told(found) == ["630 h of all 14 of Lisbon", "limit on Lisbon, Hate (Aoife): at least 700"]
    assert found.is_minimal
    assert [line.is_fact for line in found.lines] == [True, False]
    assert len(found.lines[0].places) == 42


def test_limits_that_one_row_put_are_one_line():
    (found,) = conflicts(
        ("Reviews", "Lisbon", None, "2026-02", "Team", 20, None, None),
        ("Reviews", "Lisbon", None, "2026-02", None, None, 250, "Aoife"),
    )
    assert told(found) == ["limit on Lisbon, 2026-02 (Aoife): at most 250",
                           "limits on all 14 of Lisbon in 2026-02: at least 280 in all"]  # fmt: skip
    assert found.is_minimal


def test_limits_typed_team_by_team_are_put_together_where_they_are_too_many_to_read():
    (found,) = conflicts(
        *(("Reviews", team, None, "2026-02", None, 20 + at / 4, None, "Aoife") for at, team in enumerate(TEAMS)),
        ("Reviews", "Lisbon", None, "2026-02", None, None, 280, None),
    )
    assert told(found) == ["limit on Lisbon, 2026-02: at most 280",
                           "limits on all 14 of Lisbon in 2026-02 (Aoife): at least 303 in all"]  # fmt: skip
    assert found.is_minimal
    assert max(len(line.places) for line in found.lines) == 14


def test_only_the_rows_that_contradict_are_named():
    (found,) = conflicts(
        ("Reviews", "L01", None, "2026-01", None, 100, None, None),
        ("Reviews", None, None, None, "Team", 1, None, None),
        ("Reviews", "Dublin", None, None, None, None, 70, None),
    )
    assert told(found) == ["15 h of L01 in 2026-01", "limit on L01, 2026-01: at least 100"]


def test_every_contradiction_comes_once():
    found = conflicts(
        ("Reviews", "L01", None, "2026-01", None, 100, None, None),
        ("Reviews", "L02", None, "2026-01", None, 90, None, None),
    )
    assert len(found) == 2
    assert {words for each in found for words in told(each)} == {
        "15 h of L01 in 2026-01", "15 h of L02 in 2026-01",
        "limit on L01, 2026-01: at least 100", "limit on L02, 2026-01: at least 90",
    }  # fmt: skip


RATE_LIMITS = ("Metric", "Org", "Min", "Max", "Owner")


def test_limits_of_a_rate_that_contradict_each_other_are_told_as_shares():
    found = conflicts_of(
        rated(
            Limits=[
                RATE_LIMITS,
                ("Accuracy", "Team A", 0.96, None, "QA"),
                ("Accuracy", "Team B", 0.97, None, "QA"),
                ("Accuracy", "Dublin", None, 0.94, "Ops"),
            ]
        )
    )
    (lines,) = map(told, found)
    assert lines == ["Accuracy limit on Dublin (Ops): at most 94.0 %",
                     "Accuracy limit on Team A (QA): at least 96.0 %",
                     "Accuracy limit on Team B (QA): at least 97.0 %"]  # fmt: skip
    assert not found[0].needs_reach


def test_a_limit_of_a_rate_above_its_ceiling_names_how_far_it_can_move_as_a_fact():
    (found,) = conflicts_of(rated(Limits=[RATE_LIMITS, ("Accuracy", "Dublin", 0.995, None, "QA")]))
    fact, choice = found.lines
    assert fact.is_fact
    assert "how far Accuracy can move" in fact.words
    assert choice.words == "Accuracy limit on Dublin (QA): at least 99.5 %"


def test_limits_that_can_be_kept_contradict_nothing():
    assert conflicts(("Reviews", "Lisbon", None, None, "Team", 5, 100, None)) == ()


@pytest.mark.parametrize("seed", range(2))
def test_contradictions_do_not_depend_on_the_order_of_rows(seed):
    limits = [
        ("Reviews", "Lisbon", None, "2026-02", "Team", 40, None, None),
        ("Reviews", "Lisbon", None, "2026-02", None, None, 500, "Aoife"),
        ("Reviews", "L03", None, "2026-01", None, 31, None, "Ben"),
    ]
    order = np.random.default_rng(seed).permutation(len(limits))
    usual = [sorted(told(each)) for each in conflicts(*limits)]
    assert sorted(sorted(told(each)) for each in conflicts(*(limits[at] for at in order))) == sorted(usual)
