"""By how much a polyhedron is empty."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solver.emptiness import least_residual
from solver.polyhedron import Polyhedron
from solver.projection import project_surely
from tests.solver.test_projection import body_of


def between(low: float, high: float) -> Polyhedron:
    """Return two columns of which the sum is to be at least one number and at most another."""
    rows = csr_matrix(np.ones((2, 2)))
    return Polyhedron(rows, np.array([low, -np.inf]), np.array([np.inf, high]), np.zeros(2), np.full(2, np.inf))


def test_rows_that_leave_room_are_left_by_nothing():
    assert least_residual(between(2.0, 3.0)) == pytest.approx(0.0, abs=1e-12)


def test_two_rows_that_contradict_each_other_are_left_by_half_of_what_is_between_them():
    assert least_residual(between(1.0, 1.0 - 1e-4)) == pytest.approx(0.5e-4)


def test_a_row_is_left_by_parts_of_what_it_asks():
    assert least_residual(between(1000.0, 990.0)) == pytest.approx(10 / 1990)


@pytest.mark.parametrize("seed", range(10))
def test_no_search_comes_nearer_than_that(seed):
    centre, scale, some = body_of(seed)
    shifted = Polyhedron(some.matrix, some.row_lower + 3.0, some.row_upper - 3.0, some.lower, some.upper)
    least = least_residual(shifted)
    assert project_surely(centre, scale, shifted).residual >= least * (1 - 1e-6)
