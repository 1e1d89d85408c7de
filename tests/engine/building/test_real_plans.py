"""What a real half-year plan says besides volumes: parts of rows, bases, groups, times, shares."""

import datetime

import numpy as np
import pytest

from engine.formulation.cover import cover
from engine.plan import FTE, HOURS, Plan
from engine.recompute import recompute
from tests.builders import BASELINE, ORG, TARGETS, cell_values, codes_of, issues_of, plan_of, small

HEADERS = ("Metric", "Org", "Queue", "Period", "Each", "Sense", "Value", "Basis")
LIMITS = ("Metric", "Org", "Queue", "Period", "Each", "Min", "Max", "Hold", "Basis", "Until")
DATED = [("Period", "Parent", "Start", "End", "Working days"), ("2026Q1",)] + [
    (f"2026-{month:02}", "2026Q1", datetime.datetime(2026, month, 1), datetime.datetime(2026, month, 28), days)
    for month, days in ((1, 20), (2, 19))
]
CREW = [
    ("Org", "FTE", "Paid hours"),
    ("Team A", 2, 100), ("Team B", 3, 100), ("Lisbon", 4, 110),
]  # fmt: skip


def targets(*rows):
    return [HEADERS, ("Reviews", None, None, None, None, None, 700), *rows]


def scopes(plan: Plan) -> list[tuple[str, str, str, float]]:
    rows = plan.targets
    return [
        (plan.org.id_of(org), plan.queues.id_of(queue), plan.periods.id_of(period), value)
        for org, queue, period, value in zip(
            rows.scope.org.tolist(), rows.scope.queue.tolist(), rows.scope.period.tolist(), rows.value.tolist(),
            strict=True,
        )
    ]  # fmt: skip


def test_each_makes_a_row_for_every_node_and_period_of_its_levels():
    periods = [("Period", "Parent", "Level"), ("2026Q1", None, "Quarter")]
    periods += [(month, "2026Q1", "Month") for month in ("2026-01", "2026-02")]
    rows = targets(("Reviews", None, None, None, "site; Month", "at least", 10))
    plan = plan_of(small(Targets=rows, Periods=periods))
    assert [row[:3] for row in scopes(plan)[1:]] == [
        (site, "All", month) for site in ("Dublin", "Lisbon") for month in ("2026-01", "2026-02")
    ]
    assert plan.targets.place[1] == plan.targets.place[4]


def test_each_leaves_out_what_nobody_works_on_but_not_all_of_it():
    found = plan_of(small(Targets=targets(("Reviews", None, "Hate", None, "Team", "at least", 10))))
    assert [row[0] for row in scopes(found)[1:]] == ["Team A"]
    assert "TC315" in codes_of(small(Targets=targets(("Reviews", "Team B", "Scams", None, "Team", "at least", 10))))


def test_a_level_of_two_trees_or_of_none_is_named():
    rows = targets(("Reviews", None, None, None, "Level 2", "at least", 10))
    both = small(Targets=rows, Org=[("Node", "Parent"), *((node, above) for node, above, _ in ORG[1:])])
    assert "more than one tree" in issues_of(both, "TC319")[0].found
    (issue,) = issues_of(small(Targets=targets(("Reviews", None, None, None, "Sites", "at least", 10))), "TC319")
    assert "Site" in issue.found


@pytest.mark.parametrize(
    ("basis", "value", "total"),
    [("total", 30, 30), ("per working day", 10, 200), ("per FTE day", 2, 200), ("% of baseline", 1.05, 315)],
)
def test_a_basis_becomes_a_total(basis, value, total):
    row = ("Reviews", "Dublin", None, "2026-01", None, "at least", value, basis)
    plan = plan_of(small(Targets=targets(row), Periods=DATED, Capacity=CREW))
    assert plan.targets.value[1] == pytest.approx(total)
    assert plan.targets.basis[1] == ("" if basis == "total" else f"{value:g} {basis}")


def test_a_percentage_typed_as_text_is_a_part_of_the_baseline():
    row = ("Reviews", "Dublin", None, None, None, "at least", "105 %", "% of baseline")
    assert plan_of(small(Targets=targets(row))).targets.value[1] == pytest.approx(1.05 * 630)


def test_limits_take_a_basis_too():
    row = ("Reviews", "Dublin", None, None, None, 0.9, 1.1, None, "% of baseline")
    plan = plan_of(small(Limits=[LIMITS, row]))
    assert (plan.limits.lower[0], plan.limits.upper[0]) == pytest.approx((0.9 * 630, 1.1 * 630))


def test_until_lets_go_of_later_periods():
    rows = [LIMITS, ("Reviews", "Dublin", None, None, None, None, 50, None, None, datetime.datetime(2026, 1, 31))]
    plan = plan_of(small(Limits=rows))
    covered = np.flatnonzero(cover(plan, plan.limits.scope).toarray()[0])
    assert set(plan.cells.period[covered].tolist()) == {0}


def test_a_group_is_the_sum_of_its_members_wherever_a_node_may_stand():
    groups = [
        ("Group", "Of", "Node"),
        ("Vendor", "Org", "Team B"),
        ("Vendor", "Org", "Lisbon"),
        ("Bad", "Queue", "Spam"),
    ]
    plan = plan_of(small(Groups=groups, Targets=targets(("Reviews", "vendor", "Bad", None, None, "at least", 300))))
    covered = cover(plan, plan.targets.scope).toarray()[1]
    names = {plan.org.ids[plan.org.leaves[plan.cells.org[cell]]] for cell in np.flatnonzero(covered)}
    assert names == {"Team B", "Lisbon"}
    outcome = recompute(plan)
    assert outcome.targets.met.all()
    assert outcome.targets.achieved[1] == pytest.approx(outcome.value @ covered)
    assert outcome.certificate.holds


def test_a_node_exists_from_its_first_to_its_last_period():
    org = [("Node", "Parent", "Level", "From", "To"), *ORG[1:-1], ("Lisbon", "EMEA", "Site", "2026-02", None)]
    plan = plan_of(small(Org=org))
    assert {key[3] for key in cell_values(plan) if key[1] == "Lisbon"} == {"2026-02"}
    assert {key[3] for key in cell_values(plan) if key[1] == "Team A"} == {"2026-01", "2026-02"}


def test_a_site_that_closes_takes_its_teams_along_and_its_history_is_counted_as_outside():
    org = [("Node", "Parent", "Level", "To"), *ORG[1:2], ("Dublin", "EMEA", "Site", "2026-01"), *ORG[3:]]
    plan = plan_of(small(Org=org))
    assert {key[3] for key in cell_values(plan) if key[1] != "Lisbon"} == {"2026-01"}
    assert plan.outside_baseline[0] == pytest.approx(110 + 220)


def test_a_skill_holds_from_its_first_to_its_last_period():
    skills = [("Org", "Queue", "From", "To"), ("Dublin", "Hate"), ("Lisbon", "Scams", None, "2026-01")]
    plan = plan_of(small(Skills=skills))
    assert {key[3] for key in cell_values(plan) if key[1] == "Lisbon"} == {"2026-01"}


def test_max_share_caps_the_hours_a_team_may_give_to_a_queue():
    skills = [("Org", "Queue", "Max share"), ("Dublin", None), ("Dublin", "Spam", 0.25)]
    skills[1] = ("Dublin", "Hate")
    plan = plan_of(small(Skills=skills, Capacity=CREW, Targets=targets()))
    noted = [row for row, note in enumerate(plan.capacity.note) if note]
    assert [plan.capacity.hours[row] for row in noted] == [50, 50, 75, 75]
    outcome = recompute(plan)
    assert outcome.certificate.holds
    assert (outcome.capacity.used <= plan.capacity.hours * (1 + 1e-6)).all()


def test_max_share_of_queue_caps_what_some_teams_take_of_its_volume():
    skills = [("Org", "Queue", "Max share of queue"), ("Dublin", "Hate"), ("Lisbon", "Hate", 0.1)]
    rows = [BASELINE[0], *[("Reviews", site, "Hate", "2025-01", 100) for site in ("Team A", "Lisbon")]]
    plan = plan_of(small(Skills=skills, Baseline=rows, Targets=[TARGETS[0], ("Reviews", None, None, None, 600)]))
    outcome = recompute(plan)
    lisbon = plan.org.ids.index("Lisbon") == plan.org.leaves[plan.cells.org]
    for period in (0, 1):
        now = plan.cells.period == period
        assert outcome.value[now & lisbon].sum() <= 0.1 * outcome.value[now].sum() + 1e-6
    assert outcome.targets.met.all()
    assert outcome.certificate.holds


def test_the_most_specific_handle_time_wins():
    times = [
        ("Org", "Queue", "Period", "Seconds"),
        (None, "Spam", None, 40),
        ("Dublin", "Spam", None, 50),
        (None, "Bots", "2026-02", 55),
        (None, "Hate", "2026-02", 72),
    ]
    plan = plan_of(small(HandleTimes=times))
    seconds = {key: round(hours * 3600) for key, hours in zip(cell_values(plan), plan.cells.hours, strict=True)}
    assert seconds["Reviews", "Team A", "Hate", "2026-01"] == 60
    assert seconds["Reviews", "Team A", "Hate", "2026-02"] == 72
    assert seconds["Reviews", "Team B", "Bots", "2026-01"] == 50
    assert seconds["Reviews", "Team B", "Bots", "2026-02"] == 55
    assert seconds["Reviews", "Lisbon", "Scams", "2026-01"] == 40


def test_hours_and_people_may_be_asked_and_limited():
    rows = targets(("Hours", "Dublin", None, "2026-01", None, "at most", 3.0))
    limits = [LIMITS, ("FTE", "Dublin", "Bots", "2026-02", None, None, 0.01)]
    plan = plan_of(small(Targets=rows, Limits=limits, Capacity=CREW))
    assert plan.targets.scope.metric[1] == HOURS
    assert plan.limits.scope.metric[0] == FTE
    outcome = recompute(plan)
    dublin = np.isin(plan.cells.org, plan.org.leaf_positions(plan.org.ids.index("Dublin")))
    january = dublin & (plan.cells.period == 0)
    assert outcome.targets.achieved[1] == pytest.approx((outcome.value * plan.cells.hours)[january].sum())
    assert outcome.targets.achieved[1] <= 3.0 + 1e-6
    bots = (plan.cells.period == 1) & (plan.cells.queue == plan.queues.leaf_span[plan.queues.ids.index("Bots"), 0])
    assert (outcome.value * plan.cells.hours)[dublin & bots].sum() / 100 <= 0.01 + 1e-6
    assert outcome.targets.met.all()
    assert outcome.certificate.holds


def test_people_over_several_months_are_those_who_work_them_all():
    plan = plan_of(small(Targets=targets(("FTE", "Dublin", None, None, None, "at most", 1.0)), Capacity=CREW))
    outcome = recompute(plan)
    dublin = np.isin(plan.cells.org, plan.org.leaf_positions(plan.org.ids.index("Dublin")))
    assert outcome.targets.achieved[1] == pytest.approx((outcome.value * plan.cells.hours)[dublin].sum() / 200)
