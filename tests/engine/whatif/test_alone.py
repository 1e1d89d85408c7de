"""Whether misses could be met alone: proven without a run, and the same as whole runs find."""

from dataclasses import replace

import numpy as np
import pytest

from engine.formulation.problem import Problem, formulate
from engine.whatif.advice import MendKind
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from tests.bench.books import Size, plan_book
from tests.engine.whatif.proofs import count
from workbooks.run import RunOptions, cascade, read_plan
from workbooks.tabs.closing import NOT_ASKED, closing_words

VERY_SHORT = Size(teams=1, queues=5, regions=3, sites=4, hours_there=0.8)


@pytest.fixture(scope="module")
def very_short():
    return cascade(plan_book(VERY_SHORT), RunOptions(asking=Asking.USUAL)).outcome


@pytest.mark.parametrize(("seeds", "mixed", "answer"), [(range(24, 29), False, False), (range(1, 2), True, True)])
def test_what_is_proven_of_a_miss_alone_is_what_a_whole_run_finds(seeds, mixed, answer):
    seen = count(seeds, mixed=mixed)
    assert not seen[True, False]
    assert not seen[False, True]
    assert seen[answer, answer]


def test_every_miss_of_a_large_plan_says_unasked_whether_it_can_be_met_alone(very_short):
    missed = np.flatnonzero(~very_short.targets.met)
    assert len(missed) == 25
    # quarters of a policy could have everybody's hours; the year could not
    assert very_short.advice.is_reachable[missed].tolist() == [0] + [1] * 24


def test_what_closes_the_largest_miss_is_told_of_the_others_that_it_closes_as_well(very_short):
    advice, words = very_short.advice, closing_words(very_short)
    missed = np.flatnonzero(~very_short.targets.met)
    assert advice.is_asked[missed].all()
    (hours,) = [mend for mend in advice.mends_of(0) if mend.kind is MendKind.HOURS]
    for row in missed[1:].tolist():
        (also,) = advice.mends_of(row)
        assert (also.kind, also.edits) == (hours.kind, hours.edits)
        assert "target for everything: about" in also.others
        assert words[row].startswith("It could be met alone, without the other targets. This would do:\n• hours of all")
        assert MendKind.LOWER in advice.failed_for(row)
        assert NOT_ASKED not in words[row]


def test_where_nothing_closes_a_miss_that_was_not_asked_about_it_is_said_that_it_could_be_met_alone(very_short):
    nothing = np.zeros(len(very_short.targets.met), dtype=bool)
    words = closing_words(replace(very_short, advice=replace(very_short.advice, is_asked=nothing, mends=())))
    assert words[0] == f"It could not be met even if it were the only target. What would close it was {NOT_ASKED}"
    assert words[1] == f"It could be met alone, without the other targets. What would close it was {NOT_ASKED}"


def test_of_a_plan_that_was_sealed_nothing_is_in_vain_for_its_fair_outcome():
    read = read_plan(plan_book(VERY_SHORT))
    again = Again(read.inputs, only_misses=True)
    alone = single_target(formulate(read.plan))
    sealed = replace(alone, plan=replace(alone.plan, near=alone.fair.value))
    assert again.is_out_of_reach(alone)
    # queues are counted from history then: what they may gain around the fair outcome says nothing
    assert not again.is_out_of_reach(sealed)


def single_target(problem: Problem) -> Problem:
    """Return a plan that asks for the year alone."""
    plan = problem.plan
    return formulate(replace(plan, targets=plan.targets.take(np.array([0]))))
