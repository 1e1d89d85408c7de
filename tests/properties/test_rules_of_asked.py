"""Rules of the contract on what is asked and kept; each holds for any numbers and any levels.

Each · Sense and its signs · a blank Sense · Basis · Until, of volumes, stocks, backlogs, rates, hours and people ·
Hold now, of the same · groups · the built-in metrics Hours and FTE · rates: weights, levels of Baseline, Benchmarks.
"""

import datetime
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.plan import Sense
from engine.recompute import judge, recompute
from engine.tables import Earlier
from tests.backlogs import backlog_book
from tests.builders import BASELINE, TARGETS, codes_of, plan_of, small
from tests.rate_books import ACCURACY, HISTORY, asked, metrics, rated

some = settings(max_examples=10, deadline=None, derandomize=True)
few = settings(max_examples=5, deadline=None, derandomize=True)

TEAMS, LEAF_QUEUES, MONTHS = ("Team A", "Team B", "Lisbon"), ("Hate", "Bots", "Scams"), ("2026-01", "2026-02")
EVERY_PAIR = [("Org", "Queue"), ("EMEA", "Hate"), ("EMEA", "Spam")]
ASKED = ("Metric", "Org", "Queue", "Period", "Each", "Sense", "Value", "Basis")
LIMITS = ("Metric", "Org", "Queue", "Period", "Min", "Max", "Hold", "Until")
DAYS = [("Period", "Parent", "Level", "Start", "End", "Working days"), ("2026Q1", None, "Quarter", None, None, None)]
DAYS += [
    (f"2026-0{at}", "2026Q1", "Month", datetime.datetime(2026, at, 1), datetime.datetime(2026, at, last), days)
    for at, last, days in ((1, 31, 21), (2, 28, 20), (3, 31, 22))
]
LEVELS = [("Node", "Parent", "Level", "Handle time (s)"), ("Hate", None, "Queue", 60), ("Spam", None, "Area", 30),
          ("Bots", "Spam", "Queue", None), ("Scams", "Spam", "Queue", 90)]  # fmt: skip
MOMENTS = st.tuples(st.integers(1, 3), st.integers(1, 28)).map(lambda at: datetime.datetime(2026, *at))


def leaf_names(plan):
    """Return team, queue and month of each cell."""
    trees = ((plan.org, plan.cells.org), (plan.queues, plan.cells.queue), (plan.periods, plan.cells.period))
    return list(zip(*([tree.ids[tree.leaves[at]] for at in leaf] for tree, leaf in trees), strict=True))


@given(st.sets(st.sampled_from(["Team", "Queue", "Month"]), min_size=1), st.sampled_from([None, "Dublin", "Lisbon"]))
@some
def test_each_is_a_row_for_every_node_and_period_of_its_levels_below_the_row(levels, org):
    tables = {"Queues": LEVELS, "Periods": DAYS, "Skills": EVERY_PAIR}
    assume(not ("Team" in levels and org == "Lisbon"))  # nothing of that level below it: an error of its own
    row = ("Reviews", org, None, None, ", ".join(sorted(levels)), "at least", 3, None)
    plan = plan_of(small(Targets=[ASKED, row], **tables))
    teams = [None] if "Team" not in levels else ["Team A", "Team B"]  # Lisbon is a site
    queues = LEAF_QUEUES if "Queue" in levels else [None]
    months = [name for name, *_ in DAYS[2:]] if "Month" in levels else [None]
    by_hand = [("Reviews", team or org, queue, month, None, "at least", 3, None)
               for team, queue, month in itertools.product(teams, queues, months)]  # fmt: skip
    other = plan_of(small(Targets=[ASKED, *by_hand], **tables))
    scopes = [set(zip(each.targets.scope.org.tolist(), each.targets.scope.queue.tolist(),
                      each.targets.scope.period.tolist(), strict=True)) for each in (plan, other)]  # fmt: skip
    assert scopes[0] == scopes[1]
    assert len(plan.targets) == len(by_hand)


def test_each_over_a_level_without_nodes_below_the_row_is_named():
    table = [ASKED, ("Reviews", "Lisbon", None, None, "Team", "at least", 3, None)]
    assert "TC319" in codes_of(small(Queues=LEVELS, Periods=DAYS, Skills=EVERY_PAIR, Targets=table))


SIGNS = {"exactly": Sense.EXACTLY, "=": Sense.EXACTLY, "at least": Sense.AT_LEAST, ">=": Sense.AT_LEAST,
         "≥": Sense.AT_LEAST, "at most": Sense.AT_MOST, "<=": Sense.AT_MOST, "≤": Sense.AT_MOST}  # fmt: skip


@given(st.sampled_from(sorted(SIGNS)), st.sampled_from([str.upper, str.title, str]), st.integers(1, 900))
@some
def test_a_sense_may_be_a_word_or_a_sign(words, case, value):
    plan = plan_of(small(Targets=[ASKED, ("Reviews", None, None, None, None, case(words), value, None)]))
    assert plan.targets.sense[0] == SIGNS[words]
    assert plan.targets.stated[0]


@given(st.integers(1, 1500), st.sampled_from([None, "higher", "lower"]))
@few
def test_a_blank_sense_of_a_volume_is_shared_out_exactly_and_judged_by_better(value, better):
    table = [("Metric", "Kind", "Better"), ("Reviews", "volume", better)]
    limits = [("Metric", "Min", "Max"), ("Reviews", 300, 900)]
    targets = [TARGETS[0], ("Reviews", None, None, None, value)]
    found = judge(plan_of(small(Metrics=table, Targets=targets, Limits=limits)))
    planned = min(max(value, 300), 900)
    assert found.value.sum() == pytest.approx(planned, abs=0.5)
    good = planned <= value + 0.5 if better == "lower" else planned >= value - 0.5
    assert bool(found.targets.met[0]) == good


@given(st.floats(0.91, 0.985), st.sampled_from(TEAMS[:2]), st.floats(0.9, 0.975))
@few
def test_a_blank_sense_of_a_rate_asks_nobody_to_get_worse_but_where_it_is_easier_than_today(value, team, other):
    targets = [
        ("Accuracy", None, None, None, None, round(value, 4)),
        ("Accuracy", team, None, None, ">=", round(other, 4)),
    ]
    found = recompute(plan_of(rated(*targets))).rates[0]
    today = float(found.weight @ found.start / found.weight.sum())
    if value >= today:
        assert (found.value >= found.start - 1e-9).all()
    else:  # easier: exactly, as far as the other target lets it
        assert float(found.weight @ found.value / found.weight.sum()) <= today + 1e-9


BASES = st.sampled_from(["total", "per working day", "per FTE day", "% of baseline"])


@given(BASES, st.sampled_from([None, "Dublin", "Lisbon"]), st.sampled_from([None, *MONTHS]), st.floats(0.6, 4))
@some
def test_a_basis_counts_a_value_per_day_per_person_or_on_history(basis, org, period, value):
    people = {"Dublin": 3.0, "Lisbon": 2.0}
    history = {
        ("Dublin", "2026-01"): 300,
        ("Dublin", "2026-02"): 330,
        ("Lisbon", "2026-01"): 0,
        ("Lisbon", "2026-02"): 40,
    }
    days = {"2026-01": 21, "2026-02": 20}
    plan = plan_of(small(
        Periods=DAYS[:4],
        Capacity=[("Org", "FTE", "Paid hours"), *((site, fte, 150) for site, fte in people.items())],
        Targets=[ASKED, ("Reviews", org, None, period, None, "at least", value, basis)],
    ))  # fmt: skip
    sites, months = [org] if org else list(people), [period] if period else list(days)
    every = list(itertools.product(sites, months))
    expected = {
        "total": value,
        "per working day": value * sum(days[month] for month in months),
        "per FTE day": value * sum(people[site] * days[month] for site, month in every),
        "% of baseline": value * sum(history[each] for each in every),
    }[basis]
    assert plan.targets.value[0] == pytest.approx(expected)


@given(st.floats(-0.05, 0.05), st.sampled_from(["Team A", "Team B"]))
@some
def test_points_on_the_baseline_of_a_rate_count_from_its_weighted_history(points, team):
    targets = [("Accuracy", team, None, None, None, points, "points on baseline")]
    plan = plan_of(rated(*targets))
    rate, cells = plan.rates[0], plan.cells
    own = np.array([name[0] == team for name in leaf_names(plan)])[rate.cells]
    weight = cells.baseline[rate.cells] * own
    row = int(np.flatnonzero(plan.targets.scope.metric == rate.metric)[0])
    assert plan.targets.value[row] == pytest.approx(float(weight @ rate.baseline / weight.sum()) + points)


def months_until(day):
    """Return the months that start by a day."""
    return [name for name, _, _, start, *_ in DAYS[2:] if start <= day]


@given(st.sampled_from(["Reviews", "Hours", "FTE"]), MOMENTS, st.sampled_from([None, "Dublin"]))
@few
def test_until_of_an_amount_counts_the_periods_that_start_by_then(metric, day, org):
    plan = plan_of(small(Periods=DAYS, Limits=[LIMITS, (metric, org, None, None, 1, None, None, day)],
                         Capacity=[("Org", "FTE", "Paid hours"), ("Dublin", 3, 150), ("Lisbon", 2, 150)],
                         Baseline=[*BASELINE, ("Reviews", "Team A", "Hate", "2025-03", 90)]))  # fmt: skip
    found = judge(plan)
    inside = np.array([month in months_until(day) and (org is None or team != "Lisbon")
                       for team, _, month in leaf_names(plan)])  # fmt: skip
    counted = {"Reviews": found.value, "Hours": found.value * plan.cells.hours,
               "FTE": found.value * plan.cells.hours / (150 * len(months_until(day)))}[metric]  # fmt: skip
    assert found.limits.value[0] == pytest.approx(counted[inside].sum(), rel=1e-9)


@given(MOMENTS, st.sampled_from([None, "Hate", "Spam"]), st.integers(0, 400))
@few
def test_until_of_a_backlog_holds_at_the_end_of_the_last_period_that_starts_by_then(day, queue, most):
    limits = [LIMITS, ("Backlog", None, queue, None, None, most, None, day)]
    outcome = recompute(plan_of(backlog_book(Limits=limits)))
    plan = outcome.plan
    end = len(months_until(day)) - 1
    left = 0.0
    for at in plan.balances[0].watched.tolist():
        name = plan.queues.ids[plan.queues.leaves[at]]
        if queue in (None, name) or (queue == "Spam" and name != "Hate"):
            mine = (plan.cells.queue == at) & (plan.cells.period <= end)
            left += plan.balances[0].available[at, end] - outcome.value[mine].sum()
    assert outcome.limits.value[0] == pytest.approx(left)
    assert outcome.limits.breach[0] > 0 or left <= most + 0.5
    assert outcome.certificate.holds


@given(MOMENTS, st.integers(1, 300))
@few
def test_until_of_a_stock_is_its_last_period_that_starts_by_then(day, value):
    table = [("Metric", "Kind", "Uses capacity"), ("Cases", "stock", None)]
    baseline = [BASELINE[0], *(("Cases", "Team A", "Hate", f"2025-0{month}", 100) for month in (1, 2, 3))]
    limits = [LIMITS, ("Cases", None, None, None, None, None, value, day)]
    targets = [TARGETS[0], ("Cases", None, None, "2026-03", 150)]
    outcome = recompute(plan_of(small(Metrics=table, Periods=DAYS, Baseline=baseline, Limits=limits, Targets=targets)))
    end = len(months_until(day)) - 1
    assert outcome.value[end] == value
    assert outcome.certificate.holds


@given(MOMENTS, st.floats(0.9, 0.97))
@few
def test_until_of_a_rate_is_the_average_of_the_periods_that_start_by_then(day, least):
    limits = [LIMITS, ("Accuracy", "Team A", None, None, round(least, 4), None, None, day)]
    outcome = recompute(plan_of(rated(("Accuracy", None, None, None, None, 0.95), Periods=DAYS, Limits=limits)))
    rate, names = outcome.rates[0], leaf_names(outcome.plan)
    inside = np.array([team == "Team A" and month in months_until(day) for team, _, month in names])[rate.rate.cells]
    average = float(rate.weight[inside] @ rate.value[inside] / rate.weight[inside].sum())
    assert outcome.limits.value[0] == pytest.approx(average, rel=1e-9)
    assert average >= round(least, 4) - 1e-6


def earlier_of(outcome, factor=1.0):
    """Return what a run would leave in the workbook."""
    plan, keys = outcome.plan, leaf_names(outcome.plan)
    found = {("reviews", *(name.casefold() for name in key)): (float(value) * factor, np.nan)
             for key, value in zip(keys, outcome.value, strict=True)}  # fmt: skip
    for result in outcome.rates:
        name = plan.metrics.ids[result.rate.metric].casefold()
        for at, cell in enumerate(result.rate.cells.tolist()):
            key = (name, *(each.casefold() for each in keys[cell]))
            found[key] = (float(result.value[at]) * factor, float(result.weight[at]))
    return Earlier(found, {})


@given(
    st.sampled_from(["Reviews", "Hours", "Accuracy"]),
    st.sampled_from([None, "Dublin", "Team A"]),
    st.sampled_from([None, "2026-02"]),
)
@few
def test_hold_now_holds_what_stood_in_cascade_and_moves_nothing(metric, org, period):
    first = recompute(plan_of(rated()))
    hold = {"Limits": [LIMITS, (metric, org, None, period, None, None, "now", None)]}
    plan = plan_of(replace(rated(**hold), earlier=earlier_of(first)))
    again = recompute(plan)
    assert again.value == pytest.approx(first.value)
    assert again.rates[0].value == pytest.approx(first.rates[0].value, abs=1e-7)
    below = {None: TEAMS, "Dublin": ("Team A", "Team B"), "Team A": ("Team A",)}[org]
    inside = np.array([team in below and period in (None, month) for team, _, month in leaf_names(plan)])
    rate = first.rates[0]
    mine = inside[rate.rate.cells]
    held = {"Reviews": first.value[inside].sum(), "Hours": (first.value * plan.cells.hours)[inside].sum(),
            "Accuracy": float(rate.weight[mine] @ rate.value[mine] / rate.weight[mine].sum())}[metric]  # fmt: skip
    assert again.plan.limits.lower[0] == pytest.approx(held)


@given(st.sampled_from(["Reviews", "Accuracy"]), st.floats(0.5, 0.98))
@few
def test_a_hold_that_was_seen_before_stays_whatever_stands_in_cascade_later(metric, factor):
    first = recompute(plan_of(rated()))
    hold = {"Limits": [LIMITS, (metric, "Team A", None, None, None, None, "now", None)]}
    seen = plan_of(replace(rated(**hold), earlier=earlier_of(first)))
    later = replace(earlier_of(first, factor), holds=seen.held_now)
    assert plan_of(replace(rated(**hold), earlier=later)).limits.lower == pytest.approx(seen.limits.lower)


@given(st.sets(st.sampled_from(TEAMS), min_size=1), st.sets(st.sampled_from(LEAF_QUEUES), min_size=1),
       st.sampled_from(["Reviews", "Hours", "Accuracy"]), st.integers(1, 400))  # fmt: skip
@few
def test_a_group_may_stand_where_a_node_may_and_is_what_its_members_are(teams, queues, metric, value):
    groups = [("Group", "Of", "Node"), *(("Vendor", "Org", team) for team in sorted(teams)),
              *(("Severe", "Queue", queue) for queue in sorted(queues))]  # fmt: skip
    row = (metric, "Vendor", "Severe", None, "at least", 0.9 if metric == "Accuracy" else value / 10)
    outcome = recompute(plan_of(rated(row, Groups=groups, Skills=EVERY_PAIR)))
    plan, names = outcome.plan, leaf_names(outcome.plan)
    inside = np.array([team in teams and queue in queues for team, queue, _ in names])
    rate = outcome.rates[0] if outcome.rates else None
    found = {"Reviews": outcome.value[inside].sum(), "Hours": (outcome.value * plan.cells.hours)[inside].sum()}
    if rate is not None and rate.weight[inside].sum() > 0:
        found["Accuracy"] = float(rate.weight[inside] @ rate.value[inside] / rate.weight[inside].sum())
    if metric in found:
        assert outcome.targets.achieved[1] == pytest.approx(found[metric], rel=1e-9)


ROW = st.tuples(st.sampled_from([None, "Dublin", "Team A"]), st.sampled_from([None, "Spam", "Bots"]))


@given(st.dictionaries(ROW, st.floats(0.9, 1.0), min_size=1, max_size=3))
@some
def test_of_benchmarks_the_most_specific_row_wins_and_metrics_say_the_rest(rows):
    depth = {None: 0, "Dublin": 1, "Team A": 2, "Spam": 1, "Bots": 2}
    above = {"Team A": (None, "Dublin", "Team A"), "Team B": (None, "Dublin"), "Lisbon": (None,)}
    over = {"Hate": (None,), "Bots": (None, "Spam", "Bots"), "Scams": (None, "Spam")}

    def mine(team, queue):
        return sorted((row for row in rows if row[0] in above[team] and row[1] in over[queue]),
                      key=lambda row: -depth[row[0]] - depth[row[1]])  # fmt: skip

    for pair in itertools.product(TEAMS, LEAF_QUEUES):
        ranks = [depth[row[0]] + depth[row[1]] for row in mine(*pair)]
        assume(len(ranks) < 2 or ranks[0] > ranks[1])  # rows that tie are an error of their own
    table = [("Metric", "Org", "Queue", "Best"), *(("Accuracy", *row, best) for row, best in rows.items())]
    plan = plan_of(rated(Benchmarks=table, Skills=EVERY_PAIR))
    rate = plan.rates[0]
    for best, (team, queue, _) in zip(rate.best, [leaf_names(plan)[cell] for cell in rate.cells], strict=True):
        winners = mine(team, queue)
        assert best == pytest.approx(rows[winners[0]] if winners else 0.98)


@given(
    st.dictionaries(st.sampled_from([("Team A", "Hate"), ("Team B", "Bots")]), st.floats(0.8, 0.95)),
    st.floats(0.85, 0.95),
)
@some
def test_of_the_history_of_a_rate_the_finest_row_wins_and_a_coarser_one_keeps_its_average(fine, wide):
    rows = [("Accuracy", *pair, None, value) for pair, value in fine.items()]
    table = [*BASELINE, *rows, ("Accuracy", "Dublin", None, None, wide)]
    plan = plan_of(rated(Baseline=table))
    rate = plan.rates[0]
    names = [leaf_names(plan)[cell] for cell in rate.cells]
    weight = plan.cells.baseline[rate.cells]
    for pair, value in fine.items():
        own = [start for start, name in zip(rate.baseline, names, strict=True) if name[:2] == pair]
        assert own == pytest.approx([value] * 2)
    inside = np.array([name[0] != "Lisbon" for name in names])
    average = float(weight[inside] @ rate.baseline[inside] / weight[inside].sum())
    rest = [
        start for start, name in zip(rate.baseline, names, strict=True) if name[0] != "Lisbon" and name[:2] not in fine
    ]
    if rest and all(0 <= start <= 1 for start in rest) and average != pytest.approx(wide):
        # only a rest that no rate can have is not made up for
        assert rest == pytest.approx([wide] * len(rest))


@given(st.floats(0.9, 0.98), st.sampled_from([None, "Team A", "Team B"]), st.sampled_from([None, "2026-01"]))
@few
def test_a_rate_of_any_node_is_the_average_of_its_cells_weighed_by_what_is_planned(value, org, period):
    outcome = recompute(plan_of(rated(("Accuracy", org, None, period, "exactly", round(value, 4)))))
    rate = outcome.rates[0]
    names = [leaf_names(outcome.plan)[cell] for cell in rate.rate.cells]
    inside = np.array([org in (None, team) and period in (None, month) for team, _, month in names])
    average = float(rate.weight[inside] @ rate.value[inside] / rate.weight[inside].sum())
    assert outcome.targets.achieved[1] == pytest.approx(average, rel=1e-9)


def test_the_small_books_hold_what_these_rules_need():
    assert ACCURACY[7] == 0.98
    assert len(HISTORY) == 4
    assert len(metrics(ACCURACY)) == len(asked()) + 1
