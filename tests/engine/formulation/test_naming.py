"""Names of columns and rows are an analyst's words, in signs that every solver takes."""

import re

import numpy as np
import pytest

from engine.formulation.naming import named_program, plain
from engine.plan import Sense
from solver.highs import solve
from tests.counts import everyday
from tests.plans import PlanParts, one_team, tree
from tests.referee.case import solved


def plan_of(*teams: str) -> PlanParts:
    return PlanParts(
        org=tree("Dublin", *(f"  {team}" for team in teams)),
        queues=tree("Policies", "  Spam"),
        periods=tree("2024H1", "  2024-01", "  2024-02"),
        handle_s={"Spam": 60},
        baseline={(team, "Spam", "2024-01"): 100.0 for team in teams},
        targets=[(None, None, None, Sense.AT_LEAST, 200, 1), ("Dublin", "Spam", "2024-02", Sense.AT_MOST, 90, 1)],
        limits=[(None, "Spam", "2024-01", 10.0, 150.0)],
        capacity=[("Dublin", None, "2024-01", 4.0)],
    )


def test_columns_and_rows_are_called_what_they_are():
    parts = plan_of("Team A", "Team B")
    parts.org = tree("Dublin", "  Team A", "Lisbon", "  Team B")
    _, columns, rows = named_program(parts.build())
    assert columns[0] == "Reviews__Dublin_TeamA__Policies_Spam__2024_01"
    assert columns[-1].startswith("excess.4.target_Reviews_Dublin__Policies_Spam__2024_02")
    assert rows == (
        "hours_Dublin_2024_01",
        "limit_Reviews_Policies_Spam__2024_01",
        "target_Reviews_all",
        "target_Reviews_all.mix",
        "target_Reviews_Dublin__Policies_Spam__2024_02.excess",
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Team A", "TeamA"), ("2024-01", "2024_01"), ("São Paulo", "SaoPaulo"), ("Hate & abuse", "Hate_abuse"),
        ("日本", "__"), ("a/b", "a_b"), ("C++", "C__"),
    ],
)  # fmt: skip
def test_words_lose_what_a_solver_would_not_read(words, name):
    assert plain(words) == name


def test_names_that_fall_together_are_told_apart():
    _, columns, _ = named_program(plan_of("Team A", "TeamA", "team a").build())
    assert len({name.casefold() for name in columns}) == len(columns)


def test_long_and_odd_names_stay_within_what_solvers_read():
    _, columns, rows = named_program(plan_of("x" * 300, "x" * 301, "1e5 people").build())
    for name in (*columns, *rows):
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", name)
        assert not re.match(r"[eE][0-9]", name)


@pytest.mark.parametrize("seed", range(everyday(24, 60)))
def test_its_optimum_is_nothing_if_and_only_if_the_first_priority_can_be_met(seed):
    case = solved(seed)
    program, columns, rows = named_program(case.outcome.plan)
    assert program.matrix.shape == (len(rows), len(columns))
    solution = solve(program)
    assert solution.is_optimal
    if not len(case.rows.asked):
        return
    first = case.outcome.plan.targets.priority == case.outcome.plan.targets.priority.min()
    hours = float((case.rows.mean_hours * np.maximum(case.rows.asked, 1))[first].sum())
    missed = case.rows.priced(case.rows.short(case.fair_outcome)) + case.rows.priced(case.rows.over(case.fair_outcome))
    assert (solution.objective > 1e-6 * hours) == (float(missed[first].sum()) > 1e-6 * hours)


def test_a_plan_without_targets_is_a_program_of_its_hard_rows():
    program, _, rows = named_program(one_team(hours=10, targets=[]).build())
    assert rows == ("hours_all",)
    assert not program.cost.any()
