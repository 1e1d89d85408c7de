"""Rows cover exactly the cells whose leaves stand below their nodes."""

import numpy as np
import pytest

from engine.formulation.cover import cover, queue_totals
from engine.formulation.order import scope_order
from engine.formulation.problem import formulate
from engine.plan import Scopes
from tests.plans import one_team, random_parts
from tests.referee.rows import Fairness, build_rows


@pytest.mark.parametrize("seed", range(40))
def test_every_row_covers_what_a_walk_through_the_trees_finds(seed):
    plan = random_parts(seed).build()
    problem = formulate(plan)
    rows = build_rows(plan, Fairness(problem.fair.value, problem.fair.scale, problem.fair.hours))
    assert (cover(plan, plan.targets.scope).toarray() == rows.targets).all()
    assert (cover(plan, plan.limits.scope).toarray() == rows.limits).all()
    assert cover(plan, plan.capacity.scope).toarray() * plan.cells.hours == pytest.approx(rows.capacity)
    back = np.argsort(problem.targets.source)
    assert problem.targets.mean_hours[back] == pytest.approx(rows.mean_hours)
    assert problem.targets.fair_mix.toarray()[back] == pytest.approx(rows.mix)
    assert problem.targets.size[back] == pytest.approx(rows.size)


def test_two_rows_over_the_same_cells_both_cover_them():
    plan = one_team(hours=1).build()
    twice = Scopes(*(np.array([node, node]) for node in (0, 0, 1, 0)))
    assert cover(plan, twice).toarray().tolist() == [[1, 0], [1, 0]]


def test_no_rows_make_an_empty_matrix():
    plan = one_team(hours=1).build()
    nothing = Scopes(*(np.zeros(0, np.int64) for _ in range(4)))
    assert cover(plan, nothing).shape == (0, 2)


@pytest.mark.parametrize("seed", range(20))
def test_every_cell_belongs_to_the_one_total_of_its_queue_and_period(seed):
    plan = random_parts(seed).build()
    matrix, keys = queue_totals(plan)
    assert (matrix.sum(axis=0) == 1).all()
    row = matrix.tocsc().indices
    assert (keys[row, 1] == plan.cells.queue).all()
    assert (keys[row, 2] == plan.cells.period).all()
    assert len({tuple(key) for key in keys.tolist()}) == len(keys)


@pytest.mark.parametrize("seed", range(10))
def test_canonical_order_forgets_who_typed_what_first(seed):
    plan, other = random_parts(seed).build(), random_parts(seed).build(np.random.default_rng(seed))
    in_order = [
        list(zip(*(side[scope_order(each, each.capacity.scope, each.capacity.hours)] for side in sides), strict=True))
        for each in (plan, other)
        for sides in [(each.capacity.scope.org, each.capacity.scope.period, each.capacity.hours)]
    ]
    assert in_order[0] == in_order[1]
