"""The proof of optimality is right where an answer is, and says by how much where it is not."""

from dataclasses import replace

import numpy as np
import pytest

from solver.highs import solve
from solver.program import LinearProgram
from solver.proof import least_by, prove
from solver.sparse import csc_matrix
from tests.solver.programs import random_program


@pytest.mark.parametrize("seed", range(30))
def test_an_optimum_is_proven(seed):
    program = random_program(seed)
    proof = prove(program, solve(program))
    assert max(proof.primal, proof.dual, proof.gap) < 1e-8


def test_a_worse_point_leaves_a_gap():
    program = random_program(1)
    best = solve(program)
    worst = solve(replace(program, cost=-program.cost))
    proof = prove(program, replace(worst, row_price=best.row_price))
    assert proof.primal < 1e-8
    assert proof.gap > 1e-3


def test_a_point_outside_is_named_by_how_far():
    program = random_program(2)
    solution = solve(program)
    moved = solution.value.copy()
    moved[5] = program.upper[5] + 7 * max(1.0, abs(program.lower[5]))
    assert prove(program, replace(solution, value=moved)).primal >= 7 - 1e-6


def test_a_price_on_an_open_side_is_found():
    program = random_program(3)
    solution = solve(program)
    price = solution.row_price.copy()
    price[3] = 5.0  # row 3 has no lower end
    assert prove(program, replace(solution, row_price=price)).dual >= 5


def test_what_noise_pays_for_is_none_where_a_row_leaves_no_room():
    # nobody has an hour: x + y <= 0, and a short column of 1 pays for what is asked
    program = LinearProgram(
        np.array([0.0, 0.0, 1.0]),
        csc_matrix(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])),
        np.array([-np.inf, 1.0]),
        np.array([0.0, np.inf]),
        np.zeros(3),
        np.array([1e8, np.inf, np.inf]),
    )
    solution = replace(solve(program), row_price=np.array([-1 + 1e-11, 1.0]))
    proof = prove(program, solution)
    assert max(proof.primal, proof.dual, proof.gap) < 1e-12
    # with room for some, what prices say is wrong counts
    wide = replace(program, row_upper=np.array([0.5, np.inf]))
    assert prove(wide, solution).gap > 0.1


def test_wrong_prices_cannot_prove_a_wrong_point():
    # weak duality: whatever the prices, a suboptimal feasible point keeps a gap or a price on an open side
    program = random_program(4)
    worst = solve(replace(program, cost=-program.cost))
    rng = np.random.default_rng(0)
    for _ in range(200):
        price = rng.standard_normal(len(worst.row_price)) * rng.choice([0.1, 1, 10])
        proof = prove(program, replace(worst, row_price=price))
        assert max(proof.gap, proof.dual) > 1e-6


@pytest.mark.parametrize("seed", range(30))
def test_prices_prove_the_optimum_of_their_own_program_and_less_than_that_of_any_other(seed):
    program = random_program(seed)
    solution = solve(program)
    assert abs(least_by(program, solution.row_price) - solution.objective) < 1e-8 * max(1.0, abs(solution.objective))
    rng = np.random.default_rng(seed)
    assert least_by(program, rng.normal(size=len(solution.row_price))) <= solution.objective + 1e-8
    moved = replace(program, cost=program.cost * rng.uniform(0.9, 1.1, len(program.cost)))
    assert least_by(moved, solution.row_price) <= solve(moved).objective + 1e-8 * max(1.0, abs(solution.objective))


def test_prices_prove_nothing_where_a_column_without_end_would_pay():
    program = LinearProgram(
        np.array([1.0, 1.0]), csc_matrix([[1.0, -1.0]]), np.array([2.0]), np.array([np.inf]),
        np.zeros(2), np.full(2, np.inf),
    )  # fmt: skip
    assert least_by(program, np.array([1.0])) == 2.0
    assert least_by(program, np.array([-1.0])) == 0.0  # it presses on an open side
    assert least_by(program, np.array([2.0])) == 2.0  # half of it proves as much
    assert least_by(replace(program, cost=np.array([-1.0, 1.0])), np.array([1.0])) == -np.inf
