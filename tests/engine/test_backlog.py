"""Backlogs, stocks, hours and people in a solved plan, against what a person works out."""

import numpy as np
import pytest

from engine.plan import TURNAROUND
from engine.reasons.waiting import TOO_MUCH
from engine.recompute import recompute
from tests.backlogs import BASELINE, DUE, INFLOW, QUEUES, TARGETS, asking, backlog_book, with_sla
from tests.builders import TARGETS as ASKED
from tests.builders import plan_of, small


def left(outcome):
    """Backlog by leaf queue and period, from the plan's own numbers."""
    plan = outcome.plan
    handled = np.zeros((len(plan.queues.leaves), len(plan.periods.leaves)))
    mine = plan.cells.metric == 0
    np.add.at(handled, (plan.cells.queue[mine], plan.cells.period[mine]), outcome.value[mine])
    return plan.balances[0].available - handled.cumsum(axis=1)


def solved(**tables):
    return recompute(plan_of(backlog_book(**tables)))


def test_nobody_handles_what_has_not_come_in():
    outcome = solved(Targets=[*TARGETS[:1], ("Reviews", None, None, None, "exactly", 5000, 1)])
    assert (left(outcome) >= 0).all()
    assert outcome.value.sum() == 60 + 10 + 450 - 30 + 900
    assert not outcome.targets.met[0]
    assert "inflow" in outcome.targets.limited_by[0]


def test_whole_units_do_not_handle_half_an_item_that_never_came():
    rows = [*INFLOW[:1], *(("Reviews", "Spam", f"2026-{month:02}", 100.7) for month in (1, 2, 3))]
    outcome = solved(Inflow=rows, Opening=None, Targets=[*TARGETS[:1], ("Reviews", None, None, None, "at least", 5000)])
    watched = np.isfinite(left(outcome))
    assert (left(outcome)[watched] >= 0).all()
    assert outcome.certificate.holds


@pytest.mark.parametrize(("sense", "value"), [("at most", 200), ("exactly", 200), ("at least", 60)])
def test_a_backlog_is_asked_at_the_end_of_a_longer_period(sense, value):
    outcome = solved(Targets=[TARGETS[0], ("Backlog", None, None, "2026Q1", sense, value, 1)])
    end = left(outcome)[:, -1].sum()
    assert outcome.targets.achieved[0] == pytest.approx(end)
    assert outcome.targets.met[0]
    assert {"at most": end <= 200.5, "exactly": abs(end - 200) <= 0.5, "at least": end >= 59.5}[sense]


def test_a_backlog_is_kept_low_in_every_month_asked():
    rows = [("Backlog", None, "Hate", f"2026-{month:02}", "at most", 15, 1) for month in (1, 2, 3)]
    outcome = solved(Targets=asking(*rows))
    assert outcome.targets.met.all()
    hate = [outcome.plan.queues.ids[node] for node in outcome.plan.queues.leaves].index("Hate")
    assert (left(outcome)[hate] <= 15.5).all()


def test_turnaround_holds_the_backlog_to_what_its_hours_allow():
    outcome = solved(Queues=DUE)
    plan = outcome.plan
    hate = [plan.queues.ids[node] for node in plan.queues.leaves].index("Hate")
    mine = plan.cells.queue == hate
    handled = np.bincount(plan.cells.period[mine], outcome.value[mine])
    length = np.array([31, 28, 31]) * 24
    assert (left(outcome)[hate] <= handled * 48 / length + 1).all()
    rows = plan.targets.scope.metric == TURNAROUND
    assert outcome.targets.achieved[rows] == pytest.approx(left(outcome)[hate] / handled * length)
    assert outcome.targets.met[rows].all()


def test_a_turnaround_comes_before_the_volume_of_its_queue():
    """Hours for 300 items a month: the queue that must not wait takes them first."""
    capacity = [("Org", "Period", "Hours")] + [("EMEA", month, 5.0) for month in ("2026-01", "2026-02", "2026-03")]
    loose, due = solved(Capacity=capacity), solved(Capacity=capacity, Queues=DUE)
    hate = [due.plan.queues.ids[node] for node in due.plan.queues.leaves].index("Hate")
    assert left(due)[hate].sum() < left(loose)[hate].sum()
    assert not due.targets.met[0]
    assert due.targets.met[due.plan.targets.scope.metric == TURNAROUND].all()


def test_a_queue_that_handles_nothing_waits_as_if_it_handled_one():
    limits = [("Metric", "Org", "Queue", "Period", "Max"), ("Reviews", None, "Hate", "2026-03", 0)]
    outcome = solved(Queues=DUE, Limits=limits)
    row = np.flatnonzero(outcome.plan.targets.scope.metric == TURNAROUND)[-1]  # of the last month
    waiting = left(outcome)[[outcome.plan.queues.ids[node] for node in outcome.plan.queues.leaves].index("Hate"), -1]
    assert outcome.targets.achieved[row] == pytest.approx(waiting * 31 * 24)
    assert not outcome.targets.met[row]
    told = next(each.found for each in outcome.findings if each.found.startswith("Turnaround target"))
    assert "over 10 years instead of 48 h" in told


def test_what_turnaround_cannot_keep_is_said_in_hours():
    capacity = [("Org", "Period", "Hours")] + [("EMEA", month, 0.5) for month in ("2026-01", "2026-02", "2026-03")]
    outcome = solved(Capacity=capacity, Queues=DUE)
    rows = outcome.plan.targets.scope.metric == TURNAROUND
    assert not outcome.targets.met[rows].any()
    assert (outcome.targets.shortfall[rows] > 0).all()
    assert any("Turnaround" in issue.found and issue.unit == "h" for issue in outcome.findings)


def test_fair_shares_follow_inflow_where_that_is_chosen():
    settings = [("Setting", "Value"), ("Fair share by", "inflow")]
    rows = [INFLOW[0]] + [
        ("Reviews", queue, f"2026-{month:02}", value)
        for queue, value in (("Hate", 200), ("Bots", 100), ("Scams", 100))
        for month in (1, 2, 3)
    ]
    plan = plan_of(backlog_book(Settings=settings, Inflow=rows, Opening=None, Targets=[*TARGETS[:1], (
        "Reviews", None, None, None, "exactly", 1200, 1)]))  # fmt: skip
    outcome = recompute(plan)
    by_queue = np.bincount(plan.cells.queue, outcome.fair)
    assert by_queue == pytest.approx([600, 300, 300])
    hate = plan.cells.queue == 0
    by_team = np.bincount(plan.cells.org[hate], outcome.fair[hate])
    assert by_team[by_team > 0] == pytest.approx([400, 200])  # as history has it: 100 to 50


def test_a_new_queue_is_as_large_as_its_inflow():
    skills = [("Org", "Queue"), ("EMEA", "Hate"), ("EMEA", "Spam")]
    rows = [row for row in BASELINE if row[2] != "Scams"]
    plan = plan_of(backlog_book(Baseline=rows, Skills=skills, Targets=[TARGETS[0], ("Reviews", None, "Hate", None,
        "exactly", 450, 1)]))  # fmt: skip
    fair = recompute(plan).fair
    scams = [plan.queues.ids[node] for node in plan.queues.leaves].index("Scams")
    assert fair[plan.cells.queue == scams].sum() == pytest.approx(450)


STOCK = [("Metric", "Kind", "Uses capacity"), ("Reviews", "volume", "yes"), ("Cases", "stock", None)]
CASES = [
    ("Metric", "Org", "Queue", "Period", "Value"),
    *(("Cases", team, "Hate", month, value) for team, value in (("Team A", 30), ("Team B", 10))
      for month in ("2025-01", "2025-02")),
    ("Reviews", "Team A", "Hate", "2025-01", 100), ("Reviews", "Team A", "Hate", "2025-02", 100),
]  # fmt: skip


def test_a_stock_adds_up_over_teams_and_takes_the_last_month():
    asked = [*ASKED[:1], ("Cases", None, None, "2026Q1", 80), ("Reviews", None, None, None, 200)]
    outcome = recompute(plan_of(small(Metrics=STOCK, Baseline=CASES, Targets=asked)))
    cells = outcome.plan.cells
    cases = cells.metric == 1
    by_month = np.bincount(cells.period[cases], outcome.value[cases])
    assert by_month.tolist() == [40, 80]
    assert outcome.targets.achieved[0] == 80
    assert outcome.certificate.holds


def test_history_of_a_stock_given_for_a_quarter_is_its_last_month():
    own = [("Reviews", "Team A", "Hate", month, 100) for month in ("2026-01", "2026-02")]
    rows = [CASES[0], ("Cases", "Team A", "Hate", "2026Q1", 60), *own]
    plan = plan_of(small(Metrics=STOCK, Baseline=rows, Targets=[*ASKED[:1], ("Cases", None, None, None, 60)]))
    mine = plan.cells.metric == 1
    assert plan.cells.baseline[mine & (plan.cells.period == 1)].sum() == 60


def test_a_share_handled_in_time_is_shown_beside_the_backlog_it_needs():
    outcome = recompute(plan_of(with_sla()))
    plan = outcome.plan
    hate = [plan.queues.ids[node] for node in plan.queues.leaves].index("Hate")
    handled = outcome.value[(plan.cells.queue == hate) & (plan.cells.period == 2)].sum()
    (issue,) = [issue for issue in outcome.findings if issue.code == "TC715"]
    needed, there = handled * 48 / (31 * 24), left(outcome)[hate][-1]
    assert issue.found.startswith("In time 95 % needs backlog ≤ ")
    found = issue.found.replace("≤ ", "").split("backlog ")[1]
    assert float(found.split(" at")[0]) == pytest.approx(needed, rel=0.01)
    assert float(found.split("has ")[1]) == pytest.approx(there, abs=0.05)


def test_a_share_in_time_that_counts_as_met_while_too_much_waits_is_told_so():
    short = [("Org", "Hours"), ("Team A", 1.5), ("Team B", 1.5)]
    outcome = recompute(plan_of(with_sla(Capacity=short)))
    (issue,) = [issue for issue in outcome.findings if issue.code == "TC715"]
    assert issue.found.endswith(TOO_MUCH)
    (row,) = np.flatnonzero(outcome.plan.metrics.is_kind(outcome.plan.targets.scope.metric, "rate"))
    assert outcome.targets.met[row]


def test_a_turnaround_that_takes_the_inflow_of_a_later_month_is_named_in_the_way_of_its_target():
    rows = [TARGETS[0], ("Reviews", None, "Hate", "2026-03", "at least", 165, 1)]
    due, free = (solved(Queues=queues, Targets=rows) for queues in (DUE, QUEUES))
    last = due.plan.targets.scope.metric >= 0
    (row,) = np.flatnonzero(last)
    assert not due.targets.met[row]
    assert free.targets.met.all()
    assert due.targets.limited_by[row].endswith("; Turnaround of Hate, which comes first")
    told = next(each for each in due.findings if each.code == "TC701")
    assert told.mend.startswith("Give items more time, or lower the target")


def test_other_rates_say_nothing_of_backlogs():
    book = with_sla()
    roles = book.tables["Metrics"].values["Role"]
    roles[roles == "SLA"] = None
    assert not [issue for issue in recompute(plan_of(book)).findings if issue.code == "TC715"]


def test_a_part_of_the_baseline_of_a_backlog_is_one_of_what_is_open_at_the_start():
    headers = ("Metric", "Queue", "Sense", "Value", "Basis")
    rows = [headers, ("Reviews", None, "at least", 1000, None), ("Backlog", None, "at most", 1.5, "% of baseline"),
            ("Backlog", "Hate", "at most", -20, "points on baseline")]  # fmt: skip
    assert plan_of(backlog_book(Targets=rows)).targets.value.tolist() == [1000, 105, 40]
