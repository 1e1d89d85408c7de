"""Second runs on large plans find misses alone: what they say is what whole runs find."""

from dataclasses import replace

import numpy as np
import pytest

from engine.decision.clock import Watch
from engine.recompute import judge, judge_misses, recompute
from engine.whatif.advice import MendKind
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from engine.whatif.compare import effect_words, total_miss
from engine.whatif.edits import Edit, value_at
from engine.whatif.worth import find_worth, what_binds
from solver.memory import Anchored, Remembering, Trial
from tests.bench.books import Size, plan_book
from tests.referee.case import varied_parts
from workbooks.run import RunOptions, cascade, read_plan
from workbooks.tabs.closing import closing_words

TEAMS_OF_20 = Size(teams=1, queues=5, hours_there=0.95)


@pytest.mark.parametrize("seed", range(12))
def test_misses_alone_are_those_of_the_whole_run(seed):
    plan = varied_parts(seed).build()
    whole, alone = judge(plan), judge_misses(plan)
    size = np.maximum(1.0, np.abs(plan.targets.value))
    assert (np.abs(whole.targets.shortfall - alone.targets.shortfall) <= 1e-6 * size).all()
    assert (whole.targets.met == alone.targets.met).all()


def test_a_run_that_starts_where_the_first_one_ended_finds_the_same():
    read = read_plan(plan_book(TEAMS_OF_20))
    memory = Remembering()
    judge(read.plan, Watch(memory=memory))
    kept = dict(memory.answers)
    again = judge_misses(read.plan, Watch(memory=Trial(memory)))
    cold = judge_misses(read.plan)
    assert np.allclose(again.targets.shortfall, cold.targets.shortfall, rtol=1e-7)
    assert memory.answers.keys() == kept.keys()  # what second runs find does not count for the next first run


def test_the_largest_miss_of_a_large_plan_has_mends_unasked_and_they_come_true():
    data = plan_book(TEAMS_OF_20)
    outcome = cascade(data, RunOptions(asking=Asking.USUAL)).outcome
    advice, (row,) = outcome.advice, np.flatnonzero(~outcome.targets.met)
    assert advice.only_misses
    assert advice.is_reachable[row] == 0
    assert {mend.kind for mend in advice.mends_of(row)} == {MendKind.LOWER, MendKind.HOURS}
    told = closing_words(outcome)[row]
    assert told.startswith("It could not be met even if it were the only target. Each of these would do:\n• ask for")
    inputs = read_plan(data).inputs
    for mend in advice.mends_of(row):
        whole = Again(inputs).solve(mend.edits)
        assert whole.targets.met[row]
        assert bool(effect_words(outcome, whole, frozenset({int(row)}))) == bool(mend.others)


def test_an_hour_is_worth_the_difference_of_two_runs_from_nothing_where_many_targets_are_missed():
    read = read_plan(plan_book(Size(teams=1, queues=5, regions=3, sites=4, hours_there=0.8)))
    memory = Remembering()
    outcome = recompute(read.plan, Watch(memory=memory))
    again = Again.after(read.inputs, outcome, memory)
    row = what_binds(outcome)[0].rows[0]
    said = find_worth(again, outcome, [row]).hour[row]
    hours = read.plan.capacity.hours.copy()
    hours[row] += 1
    before = total_miss(judge_misses(read.plan))
    more = total_miss(judge_misses(replace(read.plan, capacity=replace(read.plan.capacity, hours=hours))))
    assert said > 1
    assert abs(before - more - said) <= 1e-6 * before


def test_later_runs_start_where_the_first_one_ended_however_many_came_between():
    memory = Anchored(Remembering())
    memory.put("corner", {"price": np.zeros(2)})
    memory.put("corner", {"price": np.ones(2)})
    assert memory.hint("corner")["price"].tolist() == [0, 0]
    assert memory.get("corner")["price"].tolist() == [1, 1]
    memory.put("solved", {"price": np.ones(2)})
    memory.forget()
    assert memory.get("solved") is None
    assert memory.hint("solved") is None
    assert memory.hint("corner")["price"].tolist() == [0, 0]


def test_what_a_fair_outcome_says_is_in_vain_is_in_vain_by_a_whole_run():
    read = read_plan(plan_book(replace(TEAMS_OF_20, sites=3, hours_there=0.8)))
    memory = Remembering()
    outcome = recompute(read.plan, Watch(memory=memory))
    again, places = Again.after(read.inputs, outcome, memory), dict.fromkeys(read.plan.capacity.place)
    half = (read.plan.targets.value - outcome.targets.fair_outcome) / 2
    told = {}
    for more in (1.02, 1.3):
        edits = tuple(
            Edit(each, value, round(value * more, 2)) for each in places if (value := value_at(read.inputs, each))
        )
        whole = Again(read.inputs).solve(edits)
        for row in np.flatnonzero(~outcome.targets.met)[::8].tolist():
            short = again.misses(edits, (row, half[row]))
            told[more, row] = again.is_in_vain
            assert (short is None) == again.is_in_vain
            assert not again.is_in_vain or not whole.targets.met[row]
            assert short is None or short.targets.met[row] == whole.targets.met[row]
    assert set(told.values()) == {True, False}


def test_of_limits_that_one_row_puts_on_each_of_many_three_are_named_where_all_are_released():
    size = Size(teams=1, queues=6, regions=1, sites=2, queues_of_a_team=18, by_site=0.2)
    advice = cascade(plan_book(size), RunOptions(asking=Asking.USUAL)).outcome.advice
    (released,) = {mend.words for mend in advice.mends if mend.kind is MendKind.LIMIT}
    assert released.count("limits on") == 3
    assert released.endswith(" on Queue 0-2 and the 33 other limits")
