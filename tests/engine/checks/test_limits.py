"""Limits that contradict each other or hours, found before the plan is solved, and never where a run finds none."""

from __future__ import annotations

import numpy as np
import pytest

from engine.checks.limits import check_limits
from engine.formulation.problem import formulate
from engine.issues import Issue
from engine.recompute import recompute
from engine.whatif.conflicts import find_conflicts
from engine.whatif.findings import conflict_findings
from samples.catalogue import SAMPLES
from tests.engine.checks.test_checks import two_teams
from tests.plans import PlanParts, random_parts
from workbooks.run import cascade
from workbooks.variance_run import check_book


def told(parts: PlanParts) -> list[str]:
    found = check_limits(formulate(parts.build()))
    return sorted(issue.found.partition("): ")[2] for issue in found)


def test_a_minimum_above_what_the_maximums_of_its_parts_allow_is_told_with_both_sides() -> None:
    limits = [
        ("Site", None, "Jan", 300.0, np.inf),
        ("A", None, "Jan", -np.inf, 100.0),
        ("B", None, "Jan", -np.inf, 120.0),
    ]
    found = check_limits(formulate(two_teams(limits=limits).build()))
    assert {issue.code for issue in found} == {"TC720"}
    assert {issue.place.row for issue in found} == {2, 3, 4}
    assert sum("at least 300" in issue.found for issue in found) == 1
    assert all(issue.mend.startswith("Change one line") for issue in found)


def test_a_hold_outside_another_rows_maximum_is_told() -> None:
    limits = [("A", "Fast", "Jan", 150.0, 150.0), ("A", None, "Jan", -np.inf, 120.0)]
    assert told(two_teams(limits=limits)) == ["hold on A, Fast, Jan: 150", "limit on A, Jan: at most 120"]


def test_a_minimum_above_what_the_hours_of_those_who_may_work_on_it_allow_is_told_with_the_hours() -> None:
    parts = two_teams(
        limits=[(None, "Fast", "Jan", 700.0, np.inf)],
        eligible=[("A", "Fast"), ("B", "Slow")],
        baseline={("A", "Fast", "Jan"): 100, ("B", "Slow", "Jan"): 100},
        capacity=[("A", None, "Jan", 10.0), ("B", None, "Jan", 1000.0)],
    )
    assert told(parts) == ["10 h of A in Jan", "limit on Fast, Jan: at least 700"]


def test_limits_that_can_all_be_kept_are_not_told() -> None:
    limits = [
        ("Site", None, "Jan", 220.0, np.inf),
        ("A", None, "Jan", -np.inf, 100.0),
        ("B", None, "Jan", -np.inf, 120.0),
    ]
    assert told(two_teams(limits=limits)) == []


def words(found: tuple[Issue, ...]) -> list[tuple[str, str]]:
    return [(issue.code, issue.found) for issue in found]


@pytest.mark.parametrize("seed", range(40))
def test_random_plans_are_told_what_a_run_tells_of_their_limits_and_nothing_else(seed: int) -> None:
    parts = random_parts(seed)
    tight = np.random.default_rng(seed)
    factors = [(tight.choice([1, 1, 2]), tight.choice([1, 0.5])) for _ in parts.limits]
    parts.limits = [
        (*scope, low * more, max(high * less, low * more))
        for (*scope, low, high), (more, less) in zip(parts.limits, factors, strict=True)
    ]
    problem = formulate(parts.build())
    before = check_limits(problem)
    outcome = recompute(problem.plan)
    assert bool(before) == bool(outcome.limits.contradicted.any())
    assert words(before) == words(tuple(conflict_findings(find_conflicts(outcome))))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "contradiction"])
def test_samples_without_contradictions_are_told_none(name: str) -> None:
    assert not [each for each in check_book(SAMPLES[name].make()).issues if each.code == "TC720"]


def test_the_sample_of_contradictions_is_told_the_same_before_the_run_as_after() -> None:
    data = SAMPLES["contradiction"].make()
    before, run = (
        [each for each in found if each.code == "TC720"] for found in (check_book(data).issues, cascade(data).issues)
    )
    assert len(before) >= 4
    assert [(each.place, each.found) for each in before] == [(each.place, each.found) for each in run]
