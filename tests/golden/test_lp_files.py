"""The worked examples as programs in the analyst's names: a change of the model shows as a change of a file."""

import pytest

from engine.formulation.naming import named_program
from engine.plan import Sense
from solver.lp_text import lp_text
from tests.plans import PlanParts, one_team, tree

HOURS_ASKED = 500 * (30 + 300) / 3600


def two_sites() -> PlanParts:
    """Two sites, a team each, two queues, a quarter of three months; limits and priorities of every kind."""
    months = ("2024-01", "2024-02", "2024-03")
    return PlanParts(
        org=tree("Dublin", "  Team A", "Lisbon", "  Team B"),
        queues=tree("Spam", "Hate speech"),
        periods=tree("2024Q1", *(f"  {month}" for month in months)),
        handle_s={"Spam": 30, "Hate speech": 90},
        baseline={
            (team, queue, month): 1000 for team in ("Team A", "Team B") for queue in ("Spam", "Hate speech")
            for month in months
        },
        targets=[
            (None, None, None, Sense.EXACTLY, 12600, 1),
            ("Dublin", "Spam", "2024-01", Sense.AT_LEAST, 1100, 1),
            (None, "Hate speech", None, Sense.AT_MOST, 6000, 2),
        ],
        limits=[
            ("Lisbon", None, "2024-02", 1500.0, 2500.0),
            ("Team B", "Spam", "2024-03", 900.0, 900.0),
        ],
        capacity=[("Dublin", None, month, 36.0) for month in months] + [(None, "Hate speech", None, 160.0)],
    )  # fmt: skip


EXAMPLES = {
    "one_team_ample": one_team(hours=1000),
    "one_team_short": one_team(hours=0.9 * HOURS_ASKED),
    "one_team_slow_capped": one_team(hours=1000, limits=[("Team", "Slow", "Jan", -float("inf"), 400.0)]),
    "two_sites": two_sites(),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_program_of_a_worked_example_is_the_one_on_file(name, golden):
    golden(f"{name}.lp", lp_text(*named_program(EXAMPLES[name].build()), title=name))
