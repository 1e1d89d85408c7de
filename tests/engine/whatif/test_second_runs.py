"""What is said of second runs comes true when it is typed into the workbook; a sample of tests.second_runs."""

import re
from dataclasses import replace

import highspy
import numpy as np
import pytest

from engine.decision.clock import UNTIMED
from engine.outcome import ExitStatus
from engine.plan import Sense
from engine.reasons.limiting import ways_out
from engine.recompute import recompute
from engine.whatif.advice import MendKind
from engine.whatif.advise import advise
from engine.whatif.asking import Asking
from engine.whatif.findings import marked_as_free
from solver import highs
from solver.program import SolveStatus
from tests.plan_inputs import book_of, tables_of
from tests.plans import PlanParts, one_team
from tests.referee.real.rates import real_book
from tests.second_runs import Found, run, try_mixed, try_plan, typed
from workbooks.run import read_plan
from workbooks.tabs.capacity_use import capacity_order, capacity_use_sheet
from workbooks.tabs.closing import closing_words
from workbooks.template.samples import find_samples


def advised(parts: PlanParts, asking: Asking = Asking.ALL):
    read = read_plan(book_of(tables_of(parts)))
    outcome = recompute(read.plan)
    return outcome, advise(read.inputs, outcome, asking, UNTIMED)


@pytest.mark.parametrize("seed", [25])
def test_mends_worths_and_contradictions_of_random_plans_are_as_said(seed):
    found = Found()
    assert try_plan(seed, found)
    assert found.mends > 0
    assert not found.wrong


def test_a_shortage_of_hours_is_closed_by_hours_or_by_asking_less():
    outcome, advice = advised(one_team(0.9 * 45.8333333))
    assert advice.is_reachable[0] == 0
    mends = {mend.kind: mend for mend in advice.mends_of(0)}
    assert set(mends) == {MendKind.HOURS, MendKind.LOWER}
    hours = mends[MendKind.HOURS].edits[0]
    assert 0.9 * 45.8333333 < hours.now <= 45.84  # the mix guard does a little of it
    assert mends[MendKind.LOWER].edits[0].now == pytest.approx(outcome.targets.achieved[0], rel=0.01)


def test_rows_rolled_up_under_one_reason_are_asked_one_by_one_in_a_small_plan():
    read = read_plan(find_samples()["contradiction"].make())
    outcome = recompute(read.plan)
    usual, everything = (advise(read.inputs, outcome, asking, UNTIMED) for asking in (Asking.USUAL, Asking.ALL))
    (binds,) = usual.binds
    assert len(binds.rows) == 2
    assert usual.worth_hour[list(binds.rows)].tolist() == everything.worth_hour[list(binds.rows)].tolist()
    assert usual.worth_hour[binds.rows[0]] > 0
    assert usual.worth_hour[binds.rows[1]] == 0
    worth_hour = np.where(np.arange(len(usual.worth_hour)) == binds.rows[1], np.nan, usual.worth_hour)
    sheet = capacity_use_sheet(replace(outcome, advice=replace(usual, worth_hour=worth_hour)))
    words = next(each.values for each in sheet.table.columns if each.header == "Worth, by target")
    at = capacity_order(outcome.plan).tolist()
    assert words[at.index(binds.rows[1])] == "not asked by itself"
    assert "Worth was asked of 1 of 2 rows in the way of misses" in str(sheet.cells[1].value)
    assert "target is missed here" in words[4]  # Team B in a month in which nothing is missed


def test_a_limit_in_the_way_is_named_and_what_it_costs():
    _, advice = advised(one_team(1000.0, limits=[("Team", None, None, -np.inf, 400.0)]))
    assert [mend.kind for mend in advice.mends_of(0)] == [MendKind.LOWER, MendKind.LIMIT]
    assert [(cost.limits, round(cost.items)) for cost in advice.costs] == [((0,), 600)]


def test_a_limit_named_in_the_way_that_costs_nothing_alone_is_said_to_be_no_way_out():
    limits = [(None, None, None, -np.inf, 900.0), (None, "Fast", None, -np.inf, 400.0)]
    outcome, advice = advised(one_team(1000.0, limits=limits))
    marked = marked_as_free(outcome, advice)
    told = "limit on Fast – released alone, it would change no miss"
    assert told not in outcome.targets.limited_by[0]
    assert told in marked.targets.limited_by[0]
    assert any(told in each.found for each in marked.findings if each.code == "TC701")
    alone, costs = advised(one_team(1000.0, limits=limits[:1]))
    assert marked_as_free(alone, costs) is alone


def test_what_is_missing_may_be_asked_of_another_month():
    parts = one_team(None)
    months = ("Jan", "Feb")
    parts.periods = type(parts.periods)(
        ("All", *months), ("All", *months), np.array([-1, 0, 0]), ("", "Month", "Month"), np.array([False, True, True])
    )
    parts.baseline = {("Team", queue, month): 250 for queue in ("Fast", "Slow") for month in months}
    parts.targets = [(None, None, month, Sense.EXACTLY, 500, 1) for month in months]
    parts.capacity = [("Team", None, "Jan", 10.0), ("Team", None, "Feb", 60.0)]
    _, advice = advised(parts)
    assert MendKind.MOVE in [mend.kind for mend in advice.mends_of(0)]


def test_one_more_hour_is_worth_what_a_full_run_with_it_brings():
    outcome, advice = advised(one_team(20.0))
    more = recompute(one_team(21.0).build())
    assert advice.worth_hour[0] == pytest.approx(outcome.targets.shortfall[0] - more.targets.shortfall[0], abs=1e-6)


def test_what_was_not_asked_says_so():
    outcome, advice = advised(one_team(20.0), Asking.NONE)
    assert np.isnan(advice.worth_hour).all()
    assert "not asked" in closing_words(replace(outcome, advice=advice))[0]


def test_each_of_two_limits_that_would_do_alone_is_named_with_its_cell():
    outcome, advice = advised(one_team(1000.0, limits=[(None, "Fast", None, -np.inf, 400.0),
                                                       (None, "Slow", None, -np.inf, 400.0)]))  # fmt: skip
    (limit,) = [mend for mend in advice.mends_of(0) if mend.kind is MendKind.LIMIT]
    assert len(limit.alternatives) == 1
    words = closing_words(replace(outcome, advice=advice))[0]
    assert "• release the limit on Fast ['Limits'!F2; " in words
    assert "• release the limit on Slow ['Limits'!F3; " in words
    assert "limit on Fast and the" not in words


def test_limits_that_do_only_together_are_named_together():
    limits = [(None, "Fast", None, -np.inf, 400.0), ("Team", None, None, -np.inf, 900.0)]
    targets = [(None, "Fast", None, Sense.EXACTLY, 500, 2), (None, "Slow", None, Sense.EXACTLY, 500, 1)]
    _, advice = advised(one_team(1000.0, limits=limits, targets=targets))
    (limit,) = [mend for mend in advice.mends_of(0) if mend.kind is MendKind.LIMIT]
    assert limit.alternatives == ()
    assert limit.words == "release the limit on everything and the limit on Fast"


def test_contradictions_tell_facts_from_choices():
    _, advice = advised(one_team(10.0, limits=[(None, "Slow", None, 500.0, np.inf), (None, "Fast", None, 10.0, 20.0)]))
    (conflict,) = advice.conflicts
    assert conflict.is_minimal
    assert [(line.is_fact, line.words) for line in conflict.lines] == [
        (True, "10 h of Team"),
        (False, "limit on Slow: at least 500"),
    ]


def test_a_limit_that_whole_items_alone_break_is_said_to_contradict_nothing_and_the_status_says_the_same():
    tables = {name: [list(row) for row in rows] for name, rows in real_book(174).tables.items()}
    outcome = run(tables)
    broken = [each.found for each in outcome.findings if each.code == "TC709"]
    assert broken == ["Hours limit on Severe, 2026-03: 166.2 instead of 166.1 h"]
    assert "TC702" not in {each.code for each in outcome.findings}
    assert outcome.exit_status is not ExitStatus.LIMITS_BROKEN


def test_a_solver_that_fails_in_second_runs_costs_their_answers_and_not_the_plan(monkeypatch):
    read = read_plan(book_of(tables_of(one_team(0.9 * 45.8333333, limits=[("Team", None, None, -np.inf, 1e6)]))))
    outcome = recompute(read.plan)
    monkeypatch.setitem(highs._STATUS, highspy.HighsModelStatus.kOptimal, SolveStatus.FAILED)
    advice = advise(read.inputs, outcome, Asking.ALL, UNTIMED)
    assert advice.mends == ()
    assert np.isnan(advice.worth_hour).all()
    assert np.isnan(advice.guardrails.no_limits).all()


def gave_to_another(slow: float = 449) -> PlanParts:
    """One team, short: what its slow queue is asked for is met, until the mix guard moves work for the sum of both."""
    targets = [(None, None, None, Sense.AT_LEAST, 1000, 1), (None, "Slow", None, Sense.AT_LEAST, slow, 2)]
    return one_team(0.9 * 45.8333333, targets=targets)


def test_a_queue_that_gave_to_others_within_the_mix_guard_is_told_so_and_can_be_protected():
    parts = gave_to_another()
    outcome, advice = advised(parts)
    assert outcome.targets.met.tolist() == [False, False]
    assert outcome.targets.limited_by[0].startswith("queues may move no further (mix guard)")
    assert outcome.targets.limited_by[1].startswith("the mix guard: its queue gave 2.25 to other queues")
    assert ways_out(outcome.targets.limited_by[1]).startswith(
        "Add hours there, set May lose of the queue to 0, or lower"
    )
    (guard,) = (mend for mend in advice.mends_of(1) if mend.kind is MendKind.GUARD)
    assert guard.words == "May lose of Slow 0 instead of 0.05: no other queue takes from it"
    assert guard.others.endswith("more missed")
    now = run(typed(tables_of(parts), guard.edits))
    assert now is not None
    assert now.targets.met.tolist() == [False, True]


def test_hours_are_told_by_the_per_cent_that_was_tried():
    parts = one_team(0.9 * 45.8333333)
    _, advice = advised(parts)
    (hours,) = (mend for mend in advice.mends_of(0) if mend.kind is MendKind.HOURS)
    told = float(re.search(r"\+([\d.]+)%", hours.words)[1]) / 100
    (row,) = parts.capacity
    now = recompute(replace(parts, capacity=[(*row[:3], row[3] * (1 + told))]).build())
    assert now.targets.met[0]
    assert hours.edits[0].now == pytest.approx(row[3] * (1 + told), rel=1e-10)
    less = recompute(replace(parts, capacity=[(*row[:3], row[3] * (1 + told - 0.001))]).build())
    assert not less.targets.met[0]


def test_a_group_of_queues_that_gave_to_others_has_no_mix_guard_of_its_own():
    found = Found()
    assert try_mixed(306, found)  # its targets over groups were met before the mix guard
    assert found.mends > 0
    assert not found.wrong
