"""Rules of the contract on work and who does it; each holds for any numbers and any levels.

Overlap of levels in Baseline and Inflow · Like · From and To of nodes and of skills · Skills at any level · Max share ·
the most specific handle time · what is inherited down the queues · capacity in people and at several levels ·
backlogs · the last child of a stock · decimals.
"""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.plan import TURNAROUND
from engine.recompute import judge
from tests.backlogs import INFLOW, backlog_book
from tests.builders import BASELINE, ORG, QUEUES, TARGETS, cell_values, plan_of, small

some = settings(max_examples=10, deadline=None, derandomize=True)
few = settings(max_examples=5, deadline=None, derandomize=True)

TEAMS, LEAF_QUEUES = ("Team A", "Team B", "Lisbon"), ("Hate", "Bots", "Scams")
ABOVE_TEAM = {
    "Team A": ("EMEA", "Dublin", "Team A"),
    "Team B": ("EMEA", "Dublin", "Team B"),
    "Lisbon": ("EMEA", "Lisbon"),
}
ABOVE_QUEUE = {"Hate": ("Hate",), "Bots": ("Spam", "Bots"), "Scams": ("Spam", "Scams")}
PAIRS = list(itertools.product(TEAMS, LEAF_QUEUES))
EVERY_PAIR = [("Org", "Queue"), *itertools.product(("EMEA",), ("Hate", "Spam"))]
MONTHS = ("2026-01", "2026-02")


@given(
    st.dictionaries(st.sampled_from(PAIRS), st.integers(1, 500), min_size=1, max_size=5),
    st.sampled_from(["EMEA", "Dublin", "Lisbon"]), st.sampled_from([None, "Hate", "Spam"]), st.integers(0, 3000),
)  # fmt: skip
@some
def test_of_several_levels_the_finest_wins_and_what_is_left_goes_to_the_leaves_not_covered(fine, org, queue, total):
    assume((org, queue) not in fine)  # twice the same key is an error of its own
    rows = [("Reviews", *pair, month, value) for pair, value in fine.items() for month in ("2025-01", "2025-02")]
    wide = [("Reviews", org, queue, "2025-01", total)]
    plan = plan_of(small(Baseline=[BASELINE[0], *rows, *wide], Skills=EVERY_PAIR))
    found = cell_values(plan)
    below = [pair for pair in PAIRS if org in ABOVE_TEAM[pair[0]] and (queue is None or queue in ABOVE_QUEUE[pair[1]])]
    for pair in fine:
        assert found["Reviews", *pair, "2026-01"] == fine[pair]
    left = max(total - sum(fine.get(pair, 0) for pair in below), 0)
    others = [found["Reviews", *pair, "2026-01"] for pair in below if pair not in fine]
    assert np.nansum(others) == pytest.approx(left if others else 0.0, abs=1e-6)


@given(st.permutations(["2025-01", "2025-02", "2024-07"]), st.booleans())
@some
def test_a_period_is_like_the_one_it_names_else_like_itself_a_year_earlier(likes, is_named):
    sizes = {"2025-01": 100, "2025-02": 250, "2024-07": 40}
    baseline = [BASELINE[0], *(("Reviews", "Team A", "Hate", month, value) for month, value in sizes.items())]
    chosen = likes[:2] if is_named else (None, None)
    periods = [("Period", "Parent", "Like"), ("2026Q1", None, None), *zip(MONTHS, ("2026Q1",) * 2, chosen, strict=True)]
    found = cell_values(plan_of(small(Periods=periods, Baseline=baseline)))
    expected = chosen if is_named else ("2025-01", "2025-02")
    assert [found["Reviews", "Team A", "Hate", month] for month in MONTHS] == [sizes[like] for like in expected]


SPAN = st.tuples(st.sampled_from([None, *MONTHS]), st.sampled_from([None, *MONTHS])).filter(
    lambda span: span[0] is None or span[1] is None or span[0] <= span[1]
)


@given(SPAN, SPAN)
@some
def test_outside_from_and_to_of_a_node_its_cells_do_not_exist(of_site, of_queue):
    org = [("Node", "Parent", "Level", "From", "To")] + [
        (*row, *(of_site if row[0] == "Dublin" else (None, None))) for row in ORG[1:]
    ]
    queues = [(*QUEUES[0], "From", "To")] + [
        (*row, *(of_queue if row[0] == "Bots" else (None, None))) for row in QUEUES[1:]
    ]
    plan = plan_of(
        small(Org=org, Queues=queues, Skills=EVERY_PAIR, Targets=[TARGETS[0], ("Reviews", "Lisbon", "Hate", None, 9)])
    )

    def exists(span, month):
        return (span[0] is None or span[0] <= month) and (span[1] is None or month <= span[1])

    expected = {
        (team, queue, month)
        for (team, queue), month in itertools.product(PAIRS, MONTHS)
        if (team == "Lisbon" or exists(of_site, month)) and (queue != "Bots" or exists(of_queue, month))
    }
    assert {key[1:] for key in cell_values(plan)} == expected


SKILL = st.tuples(
    st.sampled_from(["EMEA", "Dublin", "Team A", "Team B", "Lisbon"]),
    st.sampled_from(["Hate", "Spam", "Bots", "Scams"]),
    SPAN,
)


@given(st.lists(SKILL, min_size=1, max_size=4, unique_by=lambda row: row[:2]))
@some
def test_a_skill_at_any_level_is_one_of_every_pair_below_it_in_its_periods(rows):
    table = [("Org", "Queue", "From", "To"), ("Lisbon", "Hate", None, None)]
    table += [(org, queue, *span) for org, queue, span in rows if (org, queue) != ("Lisbon", "Hate")]
    plan = plan_of(small(Skills=table, Baseline=None))

    def can(team, queue, month):
        return any(
            org in ABOVE_TEAM[team] and of in ABOVE_QUEUE[queue]
            and (first is None or first <= month) and (last is None or month <= last)
            for org, of, first, last in table[1:]
        )  # fmt: skip

    expected = {(*pair, month) for pair, month in itertools.product(PAIRS, MONTHS) if can(*pair, month)}
    assert {key[1:] for key in cell_values(plan)} == expected


@given(st.floats(0.05, 0.9), st.integers(2, 40), st.sampled_from(["Max share", "Max share of queue"]))
@few
def test_a_max_share_is_of_the_teams_hours_or_of_the_queues_volume(share, hours, column):
    skills = [("Org", "Queue", column), *((*pair, None) for pair in PAIRS if pair != ("Team A", "Hate"))]
    skills.append(("Team A", "Hate", round(share, 3)))
    capacity = [("Org", "Hours"), ("Team A", hours), ("Team B", 40), ("Lisbon", 40)]
    found = judge(
        plan_of(small(Skills=skills, Capacity=capacity, Targets=[TARGETS[0], ("Reviews", None, "Hate", None, 400)]))
    )
    plan, value = found.plan, found.value
    ids = [(plan.org.ids[plan.org.leaves[team]], plan.queues.ids[plan.queues.leaves[queue]])
           for team, queue in zip(plan.cells.org, plan.cells.queue, strict=True)]  # fmt: skip
    for month in range(2):
        now = plan.cells.period == month
        own = value[[each == ("Team A", "Hate") for each in ids] & now].sum()
        of_queue = value[[each[1] == "Hate" for each in ids] & now].sum()
        if column == "Max share of queue":
            assert own <= round(share, 3) * of_queue + 1
    own = sum(value[at] * plan.cells.hours[at] for at, each in enumerate(ids) if each == ("Team A", "Hate"))
    if column == "Max share":
        assert own <= round(share, 3) * hours + 2 / 60


TIME_ROW = st.tuples(
    st.sampled_from([None, "Dublin", "Team A"]),
    st.sampled_from([None, "Spam", "Bots"]),
    st.sampled_from([None, "2026-01"]),
)


@given(st.dictionaries(TIME_ROW, st.integers(10, 900), min_size=1, max_size=4))
@some
def test_the_most_specific_handle_time_wins_and_queues_say_the_rest(rows):
    depth = {None: 0, "Dublin": 1, "Team A": 2, "Spam": 1, "Bots": 2, "2026-01": 1}

    def covers(row, team, queue, month):
        return row[0] in (None, *ABOVE_TEAM[team]) and row[1] in (None, *ABOVE_QUEUE[queue]) and row[2] in (None, month)

    def rank(row):
        return sum(depth[name] for name in row)

    cells = list(itertools.product(TEAMS, LEAF_QUEUES, MONTHS))
    for cell in cells:  # rows that tie are an error of their own
        mine = sorted((rank(row) for row in rows if covers(row, *cell)), reverse=True)
        assume(len(mine) < 2 or mine[0] > mine[1])
    times = [("Org", "Queue", "Period", "Seconds"), *((*row, seconds) for row, seconds in rows.items())]
    plan = plan_of(small(HandleTimes=times, Skills=EVERY_PAIR))
    found = dict(zip([key[1:] for key in cell_values(plan)], plan.cells.hours * 3600, strict=True))
    of_queue = {"Hate": 60, "Bots": 30, "Scams": 90}
    for cell in cells:
        mine = [row for row in rows if covers(row, *cell)]
        expected = rows[max(mine, key=rank)] if mine else of_queue[cell[1]]
        assert found[cell] == pytest.approx(expected)


@given(st.integers(1, 300), st.integers(1, 200), st.floats(0, 0.4), st.booleans())
@some
def test_handle_time_turnaround_and_may_lose_are_inherited_down_the_queues(seconds, due, guard, has_own):
    own = (77, 24, 0.33) if has_own else (None, None, None)
    queues = [("Node", "Parent", "Handle time", "Turnaround", "May lose"), ("Hate", None, 60, None, None)]
    queues += [
        ("Spam", None, seconds, due, round(guard, 3)),
        ("Bots", "Spam", *own),
        ("Scams", "Spam", None, None, None),
    ]
    plan = plan_of(backlog_book(Queues=queues))
    names = [plan.queues.ids[node] for node in plan.queues.leaves]
    of = {name: plan.cells.hours[plan.cells.queue == at] * 3600 for at, name in enumerate(names)}
    assert of["Bots"] == pytest.approx(own[0] or seconds)
    assert of["Scams"] == pytest.approx(seconds)
    assert plan.may_lose[names.index("Bots")] == pytest.approx(own[2] or round(guard, 3))
    assert plan.may_lose[names.index("Hate")] == pytest.approx(0.05)
    rows = np.flatnonzero(plan.targets.scope.metric == TURNAROUND)
    asked = {plan.queues.ids[plan.targets.scope.queue[row]]: plan.targets.value[row] for row in rows.tolist()}
    assert asked["Bots"] == (own[1] or due)
    assert "Hate" not in asked


@given(
    st.floats(0.5, 50),
    st.integers(20, 170),
    st.one_of(st.none(), st.floats(0, 0.5)),
    st.one_of(st.none(), st.floats(0.4, 1)),
    st.one_of(st.none(), st.floats(0.3, 1)),
    st.one_of(st.none(), st.integers(0, 30)),
)
@some
def test_hours_are_people_times_paid_hours_less_shrinkage_times_occupancy_and_ramp_and_overtime(
    fte, paid, shrinkage, occupancy, ramp, overtime
):
    headers = ("Org", "FTE", "Paid hours", "Shrinkage", "Occupancy", "Ramp", "Overtime hours")
    plan = plan_of(small(Capacity=[headers, ("Dublin", fte, paid, shrinkage, occupancy, ramp, overtime)]))
    share = (1 - (shrinkage or 0)) * (1 if occupancy is None else occupancy) * (1 if ramp is None else ramp)
    # a row of people holds in every leaf period below it
    assert plan.capacity.hours == pytest.approx([fte * paid * share + (overtime or 0)] * 2)


@given(st.integers(1, 12), st.integers(1, 20), st.integers(1, 20), st.sampled_from([None, "Hate"]))
@few
def test_capacity_rows_of_several_levels_all_cap_and_never_add_up(of_team, of_site, of_all, queue):
    rows = [("Team A", None, of_team), ("Dublin", None, of_site), ("EMEA", queue, of_all)]
    found = judge(plan_of(small(Capacity=[("Org", "Queue", "Hours"), *rows])))
    plan = found.plan
    names = [(plan.org.ids[plan.org.leaves[team]], plan.queues.ids[plan.queues.leaves[queue]])
             for team, queue in zip(plan.cells.org, plan.cells.queue, strict=True)]  # fmt: skip
    for org, of, hours in rows:
        inside = [org in ABOVE_TEAM[team] and (of is None or of in ABOVE_QUEUE[name]) for team, name in names]
        assert (found.value * plan.cells.hours)[inside].sum() <= hours + 90 / 3600 + 1e-6


FLOW = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), min_size=3, max_size=3)


@given(FLOW, st.one_of(st.none(), st.integers(0, 300)), st.integers(0, 3000))
@few
def test_a_backlog_is_what_was_there_and_came_less_exits_and_what_is_handled_and_never_below_0(flow, opening, asked):
    available = np.cumsum([come - leave for come, leave in flow]) + (opening or 0)
    assume((available >= 0).all())
    rows = [("Reviews", "Hate", f"2026-0{at + 1}", come, leave) for at, (come, leave) in enumerate(flow)]
    start = None if opening is None else [("Metric", "Queue", "Value"), ("Reviews", "Hate", opening)]
    targets = [TARGETS[0], ("Reviews", None, "Hate", None, asked)]
    found = judge(plan_of(backlog_book(Inflow=[INFLOW[0], *rows], Opening=start, Targets=targets)))
    plan = found.plan
    hate = [plan.queues.ids[node] for node in plan.queues.leaves].index("Hate")
    mine = plan.cells.queue == hate
    handled = np.bincount(plan.cells.period[mine], found.value[mine], 3)
    assert plan.balances[0].available[hate] == pytest.approx(available)
    assert (available - np.cumsum(handled) >= -1e-6).all()


@given(st.lists(st.integers(0, 200), min_size=3, max_size=3), st.integers(0, 900))
@few
def test_inflow_of_a_quarter_is_shared_by_its_months_that_nobody_speaks_for(months, quarter):
    rows = [("Reviews", "Hate", f"2026-0{at + 1}", value) for at, value in enumerate(months) if value % 2 == 0]
    wide = [] if len(rows) == 3 else [("Reviews", "Hate", "2026Q1", quarter)]
    plan = plan_of(backlog_book(Inflow=[INFLOW[0], *rows, *wide], Opening=None))
    hate = [plan.queues.ids[node] for node in plan.queues.leaves].index("Hate")
    came = plan.balances[0].arrivals[hate]
    said = {row[2]: row[3] for row in rows}
    for at, name in enumerate(("2026-01", "2026-02", "2026-03")):
        assert name not in said or came[at] == said[name]
    total = max(quarter, sum(said.values())) if wide else sum(said.values())
    assert came.sum() == pytest.approx(total)


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([None, "2026Q1", "2026-02", "2026-01"]))
@few
def test_a_longer_period_of_a_stock_is_its_last_child(first, second, period):
    metrics = [("Metric", "Kind", "Decimals"), ("Cases", "stock", None)]
    baseline = [("Metric", "Org", "Queue", "Period", "Value"), ("Cases", "Team A", "Hate", "2025-01", first + 1),
                ("Cases", "Team A", "Hate", "2025-02", second + 1)]  # fmt: skip
    targets = [("Metric", "Period", "Value"), ("Cases", period, 77)]
    found = judge(plan_of(small(Metrics=metrics, Baseline=baseline, Targets=targets)))
    assert found.value[0 if period == "2026-01" else 1] == 77
    assert found.targets.met.all()


@given(st.sampled_from([0, 1, 2, None]), st.floats(100, 900))
@few
def test_cells_are_multiples_of_the_unit_their_decimals_say(decimals, asked):
    shown = "none" if decimals is None else decimals
    metrics = [("Metric", "Kind", "Decimals"), ("Reviews", "volume", shown)]
    found = judge(plan_of(small(Metrics=metrics, Targets=[TARGETS[0], ("Reviews", None, None, None, asked)])))
    if decimals is None:
        assert found.value.sum() == pytest.approx(asked, rel=1e-9)
    else:
        assert found.value * 10**decimals == pytest.approx(np.rint(found.value * 10**decimals), abs=1e-6)
        assert abs(found.value.sum() - asked) <= 0.5 / 10**decimals + 1e-9
