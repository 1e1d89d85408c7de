"""The nearest point from what is at its bound alone, on bodies whose nearest point is known."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from solver.polyhedron import Polyhedron
from solver.projection import project, project_surely, try_project
from tests.solver.test_projection import body_of

THIN = 1e-9


def slab(room: float) -> tuple[np.ndarray, np.ndarray, Polyhedron]:
    """Return a body that two rows of almost one direction, opposed, leave next to no room."""
    matrix = csr_matrix(np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0 + 1e-3], [1.0, -1.0, 0.0]]))
    low = np.array([3.0, -np.inf, -np.inf])
    high = np.array([np.inf, 3.0 + room, 1.0])
    return np.array([4.0, 1.0, 2.0]), np.ones(3), Polyhedron(matrix, low, high, np.zeros(3), np.full(3, np.inf))


def test_the_nearest_point_of_a_thin_body_is_exact_to_the_last_digits() -> None:
    centre, scale, body = slab(THIN)
    found = project_surely(centre, scale, body)
    assert found.is_settled
    # Σ x ≥ 3 and Σ x + 0.001 z ≤ 3 + 1e-9 leave a millionth of z; x − y ≤ 1 binds beside them
    z = THIN / 1e-3
    assert found.point == pytest.approx([2.0 - z / 2, 1.0 - z / 2, z], abs=1e-12)
    assert found.residual < 1e-13


def test_an_exact_end_moves_no_more_than_its_rows() -> None:
    for seed in range(40):
        centre, scale, body = body_of(seed)
        first = project_surely(centre, scale, body)
        noise = 1 + 1e-14 * np.random.default_rng(seed).standard_normal(len(body.row_lower))
        lower = body.row_lower * noise
        upper = np.where(body.row_lower == body.row_upper, lower, body.row_upper * noise)
        moved = project_surely(centre, scale, Polyhedron(body.matrix, lower, upper, body.lower, body.upper))
        assert first.is_settled == moved.is_settled
        assert moved.point == pytest.approx(first.point, abs=1e-10), seed


def test_both_methods_end_at_the_same_point() -> None:
    for seed in range(40):
        centre, scale, body = body_of(seed)
        by_newton, surely = try_project(centre, scale, body), project_surely(centre, scale, body)
        if by_newton.is_settled:
            assert surely.is_settled
            assert surely.point == pytest.approx(by_newton.point, abs=1e-9), seed


def test_a_body_without_a_point_has_no_exact_end() -> None:
    centre, scale, _ = slab(THIN)
    matrix = csr_matrix(np.ones((2, 3)))
    empty = Polyhedron(matrix, np.array([3.0, -np.inf]), np.array([np.inf, 2.0]), np.zeros(3), np.full(3, np.inf))
    found = project_surely(centre, scale, empty)
    assert not found.is_settled
    assert found.residual > 0.1
    assert project(centre, scale, empty).residual > 0.1
