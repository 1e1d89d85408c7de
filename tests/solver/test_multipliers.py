"""The method of multipliers by itself, without the quicker search before it."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solver.multipliers import Ball, nearest_to_origin


def ball(matrix, low, high, least=-np.inf, most=np.inf) -> Ball:
    matrix = np.array(matrix, float)
    length = np.sqrt((matrix**2).sum(axis=1))
    low, high = np.array(low, float) / length, np.array(high, float) / length
    n = matrix.shape[1]
    return Ball(csr_matrix(matrix / length[:, None]), low, high, np.full(n, least), np.full(n, most), np.ones(len(low)))


def test_the_nearest_point_of_a_plane_is_the_foot_of_its_normal():
    found = nearest_to_origin(ball([[1, 2, 2]], [9], [9]), 1e-12)
    assert found.u == pytest.approx([1, 2, 2], abs=1e-9)
    assert found.price == pytest.approx([3], abs=1e-9)


def test_bounds_push_the_rest_further():
    found = nearest_to_origin(ball([[1, 1, 1]], [9], [np.inf], most=[2, np.inf, np.inf]), 1e-12)
    assert found.u == pytest.approx([2, 3.5, 3.5], abs=1e-8)


def test_the_origin_itself_is_found_where_it_is_inside():
    found = nearest_to_origin(ball([[1, 1]], [-1], [1]), 1e-12)
    assert found.u == pytest.approx([0, 0])
    assert found.price == pytest.approx([0])


def test_the_same_row_twice_gives_the_same_point():
    found = nearest_to_origin(ball([[1, 1], [1, 1], [1, -1]], [2, 2, 0], [2, np.inf, 0]), 1e-12)
    assert found.u == pytest.approx([1, 1], abs=1e-9)


def test_where_nothing_is_inside_the_search_ends_with_what_is_off():
    problem = ball([[1, 1], [1, 1]], [4, -np.inf], [np.inf, 2])
    found = nearest_to_origin(problem, 1e-12)
    off = problem.matrix @ found.u
    assert max(problem.low[0] - off[0], off[1] - problem.high[1]) > 0.1
