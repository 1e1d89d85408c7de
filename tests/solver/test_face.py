"""Of many optima the nearest one is taken, whichever vertex the solver stopped at."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_matrix

from solver.face import nearest_on_optimal_face, optimal_face
from solver.highs import solve
from solver.program import LinearProgram
from tests.solver.programs import random_program


def shared(cost) -> LinearProgram:
    """Ten to be shared by three columns of at most six."""
    return LinearProgram(
        np.array(cost, float), csc_matrix(np.ones((1, 3))), np.array([10.0]), np.array([np.inf]),
        np.zeros(3), np.full(3, 6.0),
    )  # fmt: skip


def test_among_equal_costs_the_most_even_is_taken():
    program = shared([1, 1, 1])
    point = nearest_on_optimal_face(program, solve(program), np.zeros(3), np.ones(3))
    assert point == pytest.approx([10 / 3] * 3, abs=1e-8)


def test_a_larger_scale_takes_more():
    program = shared([1, 1, 1])
    point = nearest_on_optimal_face(program, solve(program), np.zeros(3), np.array([1.0, 1, 2]))
    assert point == pytest.approx([2.5, 2.5, 5], abs=1e-8)


def test_dearer_columns_stay_out():
    program = shared([1, 1, 2])
    point = nearest_on_optimal_face(program, solve(program), np.zeros(3), np.ones(3))
    assert point == pytest.approx([5, 5, 0], abs=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_optimum_costs_no_more(seed):
    program = replace(random_program(seed), cost=np.round(random_program(seed).cost))
    solution = solve(program)
    point = nearest_on_optimal_face(program, solution, np.zeros(len(program.cost)), np.ones(len(program.cost)))
    assert program.cost @ point == pytest.approx(solution.objective, abs=1e-6)


@pytest.mark.parametrize("unit", [1e-3, 1e3, 1e8])
def test_the_face_is_the_same_in_another_unit(unit):
    program = shared([1, 1, 2])
    other = LinearProgram(
        program.cost / unit, csc_matrix(program.matrix / unit), program.row_lower, program.row_upper,
        program.lower * unit, program.upper * unit,
    )  # fmt: skip
    point = nearest_on_optimal_face(other, solve(other), np.zeros(3), np.full(3, unit**2))
    assert point / unit == pytest.approx([5, 5, 0], abs=1e-7)


def test_the_solution_itself_always_lies_on_its_face():
    program = random_program(6)
    solution = solve(program)
    face = optimal_face(program, solution)
    activity = face.matrix @ solution.value
    size = 1e-11 * max(1.0, float(np.abs(activity).max()), float(np.abs(solution.value).max()))
    assert (activity >= face.row_lower - size).all()
    assert (activity <= face.row_upper + size).all()
    assert (solution.value >= face.lower - size).all()
    assert (solution.value <= face.upper + size).all()


def test_the_face_does_not_take_a_solvers_noise_for_room():
    program = random_program(6)
    solution = solve(program)
    noise = 1e-13 * np.random.default_rng(0).normal(size=len(solution.value))
    clean, noisy = (optimal_face(program, replace(solution, value=solution.value + off)) for off in (0 * noise, noise))
    at_bound = (clean.lower == clean.upper) & np.isin(clean.lower, np.concatenate([program.lower, program.upper]))
    assert at_bound.any()
    assert noisy.lower[at_bound].tolist() == clean.lower[at_bound].tolist()
