"""In a small plan every miss is asked about, the same question once, and the same change is told once."""

from dataclasses import replace

import pytest

from engine.decision.clock import Watch
from engine.plan import Sense
from engine.recompute import recompute
from engine.whatif.advice import MendKind
from engine.whatif.advise import advise
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from engine.whatif.closing import _by_cells
from engine.whatif.edits import Edit
from solver.memory import Remembering
from tests.plan_inputs import book_of, tables_of
from tests.plans import one_team
from workbooks.run import read_plan
from workbooks.tabs.closing import closing_words

BOTH = [(None, "Fast", None, Sense.EXACTLY, 500, 1), (None, "Slow", None, Sense.EXACTLY, 500, 1)]


@pytest.fixture(scope="module")
def short():
    read = read_plan(book_of(tables_of(one_team(20.0, targets=BOTH))))
    memory = Remembering()
    outcome = recompute(read.plan, Watch(memory=memory).before_others())
    return read, outcome, memory


def test_every_miss_of_a_small_plan_is_asked_about(short):
    read, outcome, memory = short
    advice = advise(read.inputs, outcome, Asking.USUAL, Watch(memory=memory))
    assert not outcome.targets.met.any()
    assert advice.is_asked.all()
    assert all(advice.mends_of(row) for row in range(2))


def test_each_priority_has_its_turn_before_one_has_its_second():
    three = [(None, "Fast", None, Sense.EXACTLY, 500, 1), (None, "Slow", None, Sense.EXACTLY, 500, 1),
             (None, None, None, Sense.AT_LEAST, 1200, 2)]  # fmt: skip
    outcome = recompute(one_team(20.0, targets=three).build())
    missed = [row for row, met in enumerate(outcome.targets.met.tolist()) if not met]
    assert len(missed) == 3
    first, others = _by_cells(outcome, missed)
    assert [outcome.plan.targets.priority[row] for row in first] == [1, 2, 1]
    assert others == []


def test_the_same_question_is_answered_without_another_run(short):
    read, outcome, memory = short
    again = Again.after(read.inputs, outcome, memory)
    place = outcome.plan.capacity.place[0]
    edits = (Edit(place, 20.0, 21.0),)
    first, second = again.misses(edits), again.misses(edits)
    assert first is second
    assert (again.asked, again.count) == (2, 1)


def test_a_second_run_from_where_the_first_one_ended_finds_what_one_from_nothing_finds(short):
    read, outcome, memory = short
    again = Again.after(read.inputs, outcome, memory)
    for now in (20.5, 21.0, 25.0):
        edits = (Edit(outcome.plan.capacity.place[0], 20.0, now),)
        found, anew = again.misses(edits), Again(read.inputs).solve(edits)
        assert found.value.tolist() == anew.value.tolist()
        assert found.targets.shortfall == pytest.approx(anew.targets.shortfall, abs=1e-9)


def test_a_change_that_closes_two_misses_is_told_in_full_once(short):
    read, outcome, memory = short
    advice = advise(read.inputs, outcome, Asking.USUAL, Watch(memory=memory))
    first, second = closing_words(replace(outcome, advice=advice))
    (hours,) = [mend for mend in advice.mends_of(0) if mend.kind is MendKind.HOURS]
    assert f"• {hours.words} ['Capacity'!" in first
    assert "; closes 1 more miss; then " in first
    assert f"• {hours.words} [" in second
    assert "; as for the target for Fast]" in second
