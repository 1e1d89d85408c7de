"""Second runs on large plans start from the first one: they are quick, and come to what runs from nothing come to."""

from dataclasses import replace

import numpy as np
import pytest

from engine.building import build_plan
from engine.decision.clock import Watch
from engine.decision.decide import Upto, decide
from engine.formulation.problem import formulate
from engine.recompute import recompute
from engine.whatif.edits import Edit, edited, value_at
from engine.whatif.retyped import Retyping
from solver.memory import Anchored, Remembering
from tests.bench.books import Size, plan_book
from tests.engine.whatif.hot import compare
from tests.plan_inputs import book_of, tables_of
from tests.referee.case import varied_parts
from workbooks.run import read_plan

SHORT = Size(teams=1, queues=2, sites=4, queues_of_a_team=11, hours_there=0.95)


@pytest.mark.parametrize("seed", [1, 26])
def test_second_runs_miss_what_runs_from_nothing_miss(seed):
    apart = compare(seed)
    assert not [each for each in apart if not each.is_same]


def test_where_one_target_is_missed_a_second_run_needs_no_program_for_its_miss():
    plan = read_plan(plan_book(SHORT)).plan
    memory = Remembering()
    recompute(plan, Watch(memory=memory))
    hours = plan.capacity.hours * 1.01
    problem = formulate(replace(plan, capacity=replace(plan.capacity, hours=hours)))
    watch = Watch(memory=Anchored(memory), near="again", only_misses=True)
    again, cold = (decide(problem, each, upto=Upto.FAIR_OUTCOME) for each in (watch, Watch()))
    assert (cold.priced_miss > 0).sum() == 1
    assert np.allclose(again.priced_miss, cold.priced_miss, rtol=1e-9)
    assert np.allclose(again.point, cold.point, rtol=1e-7, atol=1e-7)
    assert cold.programs
    assert not again.programs


@pytest.mark.parametrize("seed", range(1, 9))
def test_numbers_typed_into_a_plan_make_the_plan_that_building_it_anew_makes(seed):
    read = read_plan(book_of(tables_of(varied_parts(seed), "0" if seed % 2 else "none", as_people=seed % 4 < 2)))
    plan, retyping = read.plan, Retyping(read.inputs, read.plan)
    places = [*dict.fromkeys(plan.capacity.place), *plan.targets.place]
    typed = 0
    for place in places[:: max(len(places) // 6, 1)]:
        before = value_at(read.inputs, place)
        edit = Edit(place, before, round((before or 1.0) * 1.07, 2))
        quick, (anew, _) = retyping.plan((edit,)), build_plan(edited(read.inputs, (edit,)))
        if quick is None:
            continue
        typed += 1
        assert np.allclose(quick.capacity.hours, anew.capacity.hours, rtol=1e-14)
        assert np.allclose(quick.capacity.fte, anew.capacity.fte, rtol=1e-14, equal_nan=True)
        assert np.array_equal(quick.targets.value, anew.targets.value)
        alike = replace(
            quick,
            capacity=replace(quick.capacity, hours=anew.capacity.hours, fte=anew.capacity.fte),
            targets=replace(quick.targets, value=anew.targets.value),
        )
        assert same(alike, anew)
    assert typed


def test_what_hangs_on_more_than_one_number_is_built_anew():
    read = read_plan(book_of(tables_of(varied_parts(3), "none", as_people=True)))
    place = read.plan.targets.place[0]
    retyping = Retyping(read.inputs, read.plan)
    assert retyping.plan((Edit(place, value_at(read.inputs, place), None),)) is None
    assert retyping.plan((Edit(replace(place, row=10**6), 1.0, 2.0),)) is None
    asked = replace(read.plan.targets, basis=("105 % of baseline",) * len(read.plan.targets))
    other = Retyping(read.inputs, replace(read.plan, targets=asked))
    hours = read.plan.capacity.place[0]
    assert other.plan((Edit(hours, value_at(read.inputs, hours), 1.0),)) is None


def same(one: object, other: object) -> bool:
    """Whether two values hold the same, all the way down."""
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind in "fM"))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    fields = getattr(type(one), "__dataclass_fields__", None)
    if fields is None:
        return one == other or (one != one and other != other)  # noqa: PLR0124  # nan
    return all(same(getattr(one, name), getattr(other, name)) for name in fields)
