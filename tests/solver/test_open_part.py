"""What of a search is open: the rest falls away, and is told again with the answer."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solver.memory import Remembering
from solver.open_part import open_part
from solver.polyhedron import Polyhedron, Projection
from solver.projection import project
from tests.counts import everyday
from tests.solver.test_projection import body_of, distance


def body(rows: list[list[float]], low: list[float], high: list[float], held: dict[int, float]) -> Polyhedron:
    count = len(rows[0])
    lower, upper = np.zeros(count), np.full(count, np.inf)
    for column, at in held.items():
        lower[column] = upper[column] = at
    return Polyhedron(csr_matrix(np.array(rows, dtype=float)), np.array(low), np.array(high), lower, upper)


def test_held_columns_and_rows_over_nothing_else_fall_away():
    held = body([[1, 1, 0], [0, 0, 1]], [3.0, 2.0], [np.inf, np.inf], {1: 0.5, 2: 2.0})
    part = open_part(np.ones(3), np.ones(3), held)
    assert part.columns.tolist() == [0]
    assert part.rows.tolist() == [0]
    assert part.body.row_lower.tolist() == [2.5]
    assert part.size.tolist() == [3.0], "what a row's residual is measured against is that of the whole"
    assert part.off == 0.0


def test_the_answer_is_told_of_the_whole():
    held = body([[1, 1, 0], [0, 0, 1]], [3.0, 2.0], [np.inf, np.inf], {1: 0.5, 2: 2.0})
    found = project(np.ones(3), np.ones(3), held)
    assert found.point == pytest.approx([2.5, 0.5, 2.0])
    assert found.price == pytest.approx([1.5, 0.0])
    assert found.is_settled


def test_a_row_that_held_columns_leave_is_told_and_nothing_counts_as_settled():
    held = body([[1, 1, 0], [0, 0, 1]], [3.0, 4.0], [np.inf, np.inf], {1: 0.5, 2: 2.0})
    found = project(np.ones(3), np.ones(3), held)
    assert found.point == pytest.approx([2.5, 0.5, 2.0])
    assert found.residual == 0.5
    assert not found.is_settled


def test_where_nothing_is_open_there_is_nothing_to_search():
    held = body([[1, 1]], [4.0], [4.0], {0: 1.0, 1: 2.0})
    assert open_part(np.ones(2), np.ones(2), held).is_empty
    found: Projection = project(np.ones(2), np.ones(2), held)
    assert (found.point.tolist(), found.residual, found.is_settled) == ([1.0, 2.0], 0.25, False)


@pytest.mark.parametrize("seed", range(everyday(8, 40)))
def test_a_search_from_what_bound_another_one_ends_where_one_from_nothing_does(seed):
    centre, scale, some = body_of(seed)
    memory = Remembering()
    project(centre, scale, some, memory=memory, near="test")
    moved = centre + 0.01 * np.random.default_rng(seed).normal(size=len(centre)) * (scale > 0)
    near, anew = project(moved, scale, some, memory=memory, near="test"), project(moved, scale, some)
    assert near.point == pytest.approx(anew.point, abs=1e-9)
    assert distance(near.point, moved, scale) == pytest.approx(distance(anew.point, moved, scale), rel=1e-9)


def test_a_side_that_bound_before_may_be_open_now():
    memory, rows = Remembering(), csr_matrix(np.array([[1.0, 1.0], [1.0, 2.0]]))
    above = Polyhedron(rows, np.array([5.0, 7.0]), np.full(2, np.inf), np.zeros(2), np.full(2, np.inf))
    below = Polyhedron(rows, np.full(2, -np.inf), np.array([1.0, 9.0]), np.zeros(2), np.full(2, np.inf))
    assert project(np.ones(2), np.ones(2), above, memory=memory, near="test").point == pytest.approx([2.5, 2.5])
    assert project(np.ones(2), np.ones(2), below, memory=memory, near="test").point == pytest.approx([0.5, 0.5])
