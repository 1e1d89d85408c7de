"""The nearest point of a polyhedron, against Clarabel and by its own conditions."""

import clarabel
import numpy as np
import pytest
from scipy.sparse import csc_matrix, csr_matrix, diags, identity, vstack

from solver.highs import solve
from solver.matrices import full_if_small
from solver.memory import Remembering
from solver.polyhedron import Polyhedron, Projection
from solver.projection import project, try_project
from tests.counts import everyday
from tests.solver.programs import random_program


def body_of(seed: int) -> tuple[np.ndarray, np.ndarray, Polyhedron]:
    """Return a random centre, scale and polyhedron; some columns do not move."""
    program = random_program(seed, rows=10 + seed % 7, columns=15 + seed % 11)
    rng = np.random.default_rng(seed)
    n = len(program.cost)
    scale = np.exp(rng.normal(0, 1.5, n))
    centre = rng.uniform(-4, 4, n)
    fixed = program.lower == program.upper
    centre[fixed], scale[fixed] = program.lower[fixed], 0.0
    return centre, scale, Polyhedron(
        csr_matrix(program.matrix), program.row_lower, program.row_upper, program.lower, program.upper
    )  # fmt: skip


def distance(point: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> float:
    moves = scale > 0
    return float(np.sum((point - centre)[moves] ** 2 / (2 * scale[moves])))


def by_clarabel(centre: np.ndarray, scale: np.ndarray, body: Polyhedron) -> np.ndarray:
    moves = np.flatnonzero(scale > 0)
    start = np.where(scale > 0, centre, np.clip(centre, body.lower, body.upper))
    rows = csc_matrix(body.matrix[:, moves])
    activity = body.matrix @ start
    eye = identity(len(moves))
    matrix = vstack([rows, -rows, eye, -eye]).tocsr()
    right = np.concatenate(
        [
            body.row_upper - activity,
            activity - body.row_lower,
            (body.upper - start)[moves],
            (start - body.lower)[moves],
        ]
    )
    kept = np.flatnonzero(np.isfinite(right))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    found = clarabel.DefaultSolver(
        csc_matrix(diags(1 / scale[moves])), np.zeros(len(moves)), csc_matrix(matrix[kept]), right[kept],
        [clarabel.NonnegativeConeT(len(kept))], settings,
    ).solve()  # fmt: skip
    point = start.copy()
    point[moves] += np.array(found.x)
    return point


@pytest.mark.parametrize("seed", range(everyday(25, 40)))
def test_the_point_is_the_one_that_clarabel_finds(seed):
    centre, scale, body = body_of(seed)
    found = project(centre, scale, body)
    expected = by_clarabel(centre, scale, body)
    assert found.is_accepted
    assert found.point == pytest.approx(expected, abs=1e-4)
    assert distance(found.point, centre, scale) == pytest.approx(distance(expected, centre, scale), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_a_small_body_is_searched_in_full_and_comes_to_what_it_comes_to_sparse(seed):
    centre, scale, body = body_of(seed)
    # rows that nothing comes near to: too many to be taken in full
    idle = csr_matrix(np.tile(1e-3 * (np.arange(len(centre)) == np.argmax(scale)), (2_000, 1)))
    larger = Polyhedron(
        csr_matrix(vstack([body.matrix, idle])),
        np.append(body.row_lower, np.full(2_000, -9.0)), np.append(body.row_upper, np.full(2_000, 9.0)),
        body.lower, body.upper,
    )  # fmt: skip
    assert isinstance(full_if_small(body.matrix), np.ndarray)
    assert not isinstance(full_if_small(larger.matrix), np.ndarray)
    small, large = project(centre, scale, body), project(centre, scale, larger)
    assert small.is_settled == large.is_settled
    size = max(1.0, float(np.abs(small.point).max()))
    assert large.point == pytest.approx(small.point, abs=1e-9 * size if small.is_settled else 1e-6 * size)


@pytest.mark.parametrize("seed", range(everyday(25, 40)))
def test_prices_explain_the_point(seed):
    centre, scale, body = body_of(seed)
    found = project(centre, scale, body)
    explained = np.clip(centre + scale * (body.matrix.T @ found.price), body.lower, body.upper)
    assert explained == pytest.approx(found.point, abs=1e-6)
    activity = body.matrix @ found.point
    priced = np.abs(found.price) > 1e-6
    at_end = np.where(found.price > 0, body.row_lower, body.row_upper)
    assert activity[priced] == pytest.approx(at_end[priced], abs=1e-6)


def test_a_centre_inside_stays_where_it_is():
    centre, scale, body = body_of(0)
    inside = project(centre, scale, body).point
    again = project(inside, scale, body)
    assert again.point == pytest.approx(inside, abs=1e-8)


def test_a_column_that_does_not_move_is_only_clipped():
    centre, scale, body = body_of(1)
    still = np.flatnonzero(scale == 0)
    assert len(still)
    found = project(centre, scale, body)
    assert (found.point[still] == np.clip(centre, body.lower, body.upper)[still]).all()


def test_rows_without_room_between_them_are_no_obstacle():
    # two equalities that agree, and a range squeezed to a point
    matrix = csr_matrix([[1.0, 1, 0], [2, 2, 0], [0, 1, 1], [0, 1, 1]])
    body = Polyhedron(
        matrix, np.array([4.0, 8, 3, -np.inf]), np.array([4.0, 8, np.inf, 3]), np.zeros(3), np.full(3, np.inf)
    )
    found = project(np.array([1.0, 1, 1]), np.ones(3), body)
    assert found.is_accepted
    assert found.point == pytest.approx([2, 2, 1], abs=1e-6)


def test_an_empty_polyhedron_is_never_accepted():
    body = Polyhedron(
        csr_matrix([[1.0, 1], [1, 1]]), np.array([4.0, -np.inf]), np.array([np.inf, 3.0]), np.zeros(2), np.full(2, 9.0)
    )
    assert not project(np.ones(2), np.ones(2), body).is_accepted


def test_the_unit_of_the_columns_does_not_matter():
    centre, scale, body = body_of(3)
    plain = project(centre, scale, body)
    body = Polyhedron(
        csr_matrix(body.matrix / 1024), body.row_lower, body.row_upper, body.lower * 1024, body.upper * 1024
    )
    large = project(centre * 1024, scale * 1024**2, body)
    assert large.point / 1024 == pytest.approx(plain.point, abs=1e-7)


def test_a_program_has_its_optimum_on_the_body_it_came_from():
    # the two solvers of this package agree about what is inside
    program = random_program(5)
    body = Polyhedron(csr_matrix(program.matrix), program.row_lower, program.row_upper, program.lower, program.upper)
    vertex = solve(program).value
    found = project(vertex, np.ones(len(vertex)), body)
    assert found.point == pytest.approx(vertex, abs=1e-7)


def roomy(seed: int, more: float) -> tuple[np.ndarray, np.ndarray, Polyhedron]:
    """Return a centre, scale and polyhedron with room inside, whose rows ask for so much more."""
    rng = np.random.default_rng(seed)
    matrix = csr_matrix((rng.random((8, 40)) < 0.4) * rng.uniform(0.5, 1.5, (8, 40)))
    centre, scale = rng.uniform(1, 5, 40), rng.uniform(0.5, 2, 40)
    at = matrix @ centre
    low = np.where(rng.random(8) < 0.5, at * rng.uniform(1.0, 1.3, 8), at * 0.5) * (1 + more)
    return centre, scale, Polyhedron(matrix, low, np.full(8, np.inf), np.full(40, 0.5), np.full(40, 6.0))


def test_a_search_from_earlier_prices_ends_at_the_same_point_to_the_last_bit():
    """Or is begun anew."""
    sooner = 0
    for seed in range(30):
        memory, anew = Remembering(), try_project(*roomy(seed, 0.002))
        try_project(*roomy(seed, 0.0), memory=memory, near="test")
        again = try_project(*roomy(seed, 0.002), memory=memory, near="test")
        if anew.is_settled:
            assert again.point.tobytes() == anew.point.tobytes(), seed
            assert again.price.tobytes() == anew.price.tobytes(), seed
            sooner += again.steps < anew.steps
    assert sooner >= 10


def test_what_rows_ask_that_are_not_at_it_makes_no_difference_and_what_others_ask_does():
    matrix = csr_matrix(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]))
    centre, scale, memory = np.array([1.0, 2.0, 3.0]), np.ones(3), Remembering()

    def asked(first: float, second: float, last: float) -> Projection:
        low = np.array([first, -np.inf, -np.inf])
        body = Polyhedron(matrix, low, np.array([np.inf, second, last]), np.zeros(3), np.full(3, 10.0))
        found, anew = try_project(centre, scale, body, memory=memory, near="test"), try_project(centre, scale, body)
        assert found.point == pytest.approx(anew.point, abs=1e-12)
        return found

    first = asked(9.0, 4.0, 9.0)
    assert asked(9.0, 3.0, 8.0).point.tobytes() == first.point.tobytes()
    assert asked(9.0, 1.5, 8.0).point[0] == pytest.approx(1.5)
    assert asked(9.6, 4.0, 9.0).point.sum() == pytest.approx(9.6)
