"""Findings about a plan before it is solved."""

from __future__ import annotations

import numpy as np
import pytest

from engine.checks import check_plan
from engine.checks.hours import hours_after
from engine.issues import Severity
from engine.plan import Sense
from engine.recompute import recompute
from tests.plans import PlanParts, one_team, random_parts, tree


def two_teams(**more: object) -> PlanParts:
    """A site of two teams, two queues, two months, 100 items each of a minute."""
    parts = PlanParts(
        org=tree("Site", "  A", "  B"),
        queues=tree("Fast", "Slow"),
        periods=tree("Q1", "  Jan", "  Feb"),
        handle_s={"Fast": 60, "Slow": 60},
        baseline={(team, queue, month): 100 for team in "AB" for queue in ("Fast", "Slow") for month in ("Jan", "Feb")},
        targets=[(None, None, None, Sense.EXACTLY, 800, 1)],
        capacity=[("Site", None, None, 1000)],
    )
    for name, value in more.items():
        setattr(parts, name, value)
    return parts


def found(parts: PlanParts, code: str) -> list[str]:
    return [issue.found for issue in check_plan(parts.build()) if issue.code == code]


def test_a_plan_that_fits_has_no_findings() -> None:
    assert check_plan(two_teams().build()) == ()


def test_parts_that_ask_for_more_than_the_whole_are_named() -> None:
    targets = [(None, None, None, Sense.EXACTLY, 800, 1), ("A", None, None, Sense.AT_LEAST, 500, 1),
               ("B", None, None, Sense.AT_LEAST, 400, 1)]  # fmt: skip
    assert found(two_teams(targets=targets), "TC401") == ["target for everything is 800; 2 targets below ask for 900"]


def test_parts_that_cover_all_and_allow_less_than_the_whole_are_named() -> None:
    targets = [(None, None, None, Sense.AT_LEAST, 800, 1), ("A", None, None, Sense.AT_MOST, 300, 1),
               ("B", None, None, Sense.AT_MOST, 400, 1)]  # fmt: skip
    assert found(two_teams(targets=targets), "TC401") == ["target for everything is 800; 2 targets below allow 700"]


def test_parts_that_leave_a_team_out_leave_room() -> None:
    targets = [(None, None, None, Sense.AT_LEAST, 800, 1), ("A", None, None, Sense.AT_MOST, 300, 1)]
    assert found(two_teams(targets=targets), "TC401") == []


def test_two_targets_over_the_same_cells_do_not_add_up() -> None:
    targets = [(None, None, None, Sense.EXACTLY, 800, 1), ("A", None, None, Sense.AT_LEAST, 500, 1),
               ("A", None, None, Sense.AT_MOST, 500, 1)]  # fmt: skip
    assert found(two_teams(targets=targets), "TC401") == []


def test_minimums_above_a_target_are_named() -> None:
    limits = [("A", None, "Jan", 500.0, np.inf), ("B", None, "Jan", 400.0, np.inf)]
    assert found(two_teams(limits=limits), "TC402") == ["target for everything is 800; 2 limits below ask for 900"]


def test_maximums_below_a_target_are_named_only_where_they_cover_it() -> None:
    limits = [("A", None, None, -np.inf, 300.0), ("B", None, None, -np.inf, 400.0)]
    assert found(two_teams(limits=limits), "TC403") == ["target for everything is 800; 2 limits below allow 700"]
    assert found(two_teams(limits=limits[:1]), "TC403") == []


def test_a_limit_over_the_same_cells_as_the_target_counts() -> None:
    assert found(two_teams(limits=[(None, None, None, -np.inf, 700.0)]), "TC403")


def test_short_hours_are_rolled_up_to_the_node_they_are_all_of() -> None:
    capacity = [(team, None, month, 3.0) for team in "AB" for month in ("Jan", "Feb")]
    assert found(two_teams(capacity=capacity), "TC404") == ["Site: 13.3 hours needed, 12.0 there, in 2 periods"]


def test_where_not_all_rows_are_short_it_is_said_that_only_those_are_counted() -> None:
    capacity = [(team, None, month, 3.0) for team in "AB" for month in ("Jan", "Feb")]
    capacity[-1] = ("B", None, "Feb", 60.0)
    (words,) = found(two_teams(capacity=capacity), "TC404")
    assert words == "Site: 10.0 hours needed, 9.0 there, in 2 periods, counting the 3 of 4 rows that are short"


def test_one_short_team_is_named_alone() -> None:
    capacity = [("A", None, None, 6.0), ("B", None, None, 60.0)]
    assert found(two_teams(capacity=capacity), "TC404") == ["A: 6.7 hours needed, 6.0 there, in 1 period"]


def test_a_team_under_no_capacity_row_is_named_once_with_its_periods() -> None:
    capacity = [("A", None, None, 60.0), ("B", None, "Jan", 60.0)]
    assert found(two_teams(capacity=capacity), "TC550") == ["Site/B: Q1/Feb"]
    assert found(two_teams(capacity=capacity[:1]), "TC550") == ["Site/B: all periods"]


def test_no_capacity_at_all_is_one_note() -> None:
    codes = [issue.code for issue in check_plan(two_teams(capacity=[]).build())]
    assert codes == ["TC554"]


def test_work_without_hours_needs_no_capacity() -> None:
    assert check_plan(two_teams(capacity=[], handle_s={}).build()) == ()


def test_a_metric_without_a_target_is_named() -> None:
    assert found(two_teams(targets=[]), "TC551") == ["Reviews"]


def test_leaves_without_work_are_named() -> None:
    parts = one_team(100.0)
    parts.org = tree("Site", "  Team", "  Idle")
    parts.queues = tree("Fast", "Slow", "Empty")
    assert found(parts, "TC552") == ["Site/Idle"]
    assert found(parts, "TC553") == ["Empty"]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_rows_changes_no_finding(seed: int) -> None:
    parts = random_parts(seed)
    plain = sorted(issue.found for issue in check_plan(parts.build()))
    shuffled = sorted(issue.found for issue in check_plan(parts.build(np.random.default_rng(seed))))
    assert plain == shuffled


def told_after(parts: PlanParts) -> list[tuple[str, str]]:
    """Severity and mend of short hours, once the plan is solved."""
    plan = parts.build()
    return [
        (each.severity, each.mend) for each in hours_after(check_plan(plan), recompute(plan)) if each.code == "TC404"
    ]


def test_short_hours_that_others_take_over_become_a_note_once_every_target_is_met() -> None:
    parts = two_teams(capacity=[("A", None, None, 6.0), ("B", None, None, 60.0)])
    assert [each.severity for each in check_plan(parts.build())] == [Severity.CONFLICT]
    ((severity, mend),) = told_after(parts)
    assert severity == Severity.NOTE
    assert mend.startswith("Nothing here: every target is met.")


def test_short_hours_stay_a_conflict_where_a_target_is_missed() -> None:
    ((severity, mend),) = told_after(two_teams(capacity=[("Site", None, None, 12.0)]))
    assert severity == Severity.CONFLICT
    assert "add hours" in mend


def test_short_hours_stay_a_conflict_where_a_limit_is_not_kept() -> None:
    parts = two_teams(
        capacity=[("A", None, None, 6.0), ("B", None, None, 60.0)], limits=[("A", None, None, 390.0, np.inf)]
    )
    assert [severity for severity, _ in told_after(parts)] == [Severity.CONFLICT]


def test_short_hours_are_a_note_where_a_target_is_missed_for_want_of_something_else() -> None:
    capacity = [("A", None, None, 6.0), ("B", None, None, 60.0)]
    ((severity, mend),) = told_after(two_teams(capacity=capacity, limits=[(None, None, None, -np.inf, 200.0)]))
    assert severity == Severity.NOTE
    assert "some hours are left everywhere" in mend


def test_a_row_of_capacity_that_another_about_the_same_leaves_without_effect_is_named() -> None:
    capacity = [("Site", None, "Jan", 1000.0), ("Site", None, "Feb", 1000.0), ("Site", None, "Feb", 1080.0)]
    assert found(two_teams(capacity=capacity), "TC558") == [
        "hours of Feb: 1,080 h here, 1,000 h in row 3, which holds as well"
    ]
    assert found(two_teams(capacity=capacity[:2]), "TC558") == []
    narrower = [("Site", None, "Jan", 1000.0), ("A", None, "Jan", 5000.0)]
    assert found(two_teams(capacity=narrower), "TC558") == []
