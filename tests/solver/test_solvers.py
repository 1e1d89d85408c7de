"""Solvers by name: the same programs with the same answers, prices included, whoever solves them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_matrix

from solver.program import LinearProgram, SolverUnusableError, SolveStatus
from solver.proof import prove
from solver.solvers import NAMES, NOT_THERE, open_session, solve, why_not
from tests.solver.programs import random_program


@pytest.mark.parametrize("seed", range(8))
def test_cbc_proves_the_optimum_that_highs_finds(seed):
    program = random_program(seed)
    first, second = solve(program), solve(program, "cbc")
    assert second.objective == pytest.approx(first.objective, rel=1e-7, abs=1e-7)
    proof = prove(program, second)
    assert max(proof.primal, proof.dual, proof.gap) < 1e-6


def test_the_price_of_a_row_says_what_one_more_unit_costs():
    program = random_program(3)
    price = solve(program, "cbc").row_price
    row = int(np.argmax(np.abs(price)))
    step = 1e-4 * np.sign(price[row])
    low, high = program.row_lower.copy(), program.row_upper.copy()
    if price[row] > 0:
        low[row] += step
        high[row] = max(high[row], low[row])
    else:
        high[row] += step
        low[row] = min(low[row], high[row])
    dearer = solve(replace(program, row_lower=low, row_upper=high)).objective - solve(program).objective
    assert dearer == pytest.approx(price[row] * step, rel=1e-3)


def test_changed_costs_and_bounds_give_what_a_fresh_program_gives():
    program = random_program(2)
    session = open_session(program, "cbc")
    session.solve()
    cost = np.random.default_rng(2).standard_normal(len(program.cost))
    cost[4] = 0.0
    upper = program.upper + 0.5
    session.set_costs(cost)
    session.set_bounds(program.lower, upper)
    assert session.program.cost is not program.cost
    fresh = solve(replace(program, cost=cost, upper=upper))
    assert session.solve().objective == pytest.approx(fresh.objective, rel=1e-7, abs=1e-7)


def test_columns_without_rows_and_rows_without_columns_are_settled():
    matrix = csc_matrix(np.array([[1.0, 0, 0, 0], [0, 0, 0, 0]]))
    program = LinearProgram(
        np.array([1.0, 2.0, -1.0, 0.0]), matrix, np.array([1.0, -1.0]), np.array([np.inf, 1.0]),
        np.array([0.0, -3.0, 0.0, 2.0]), np.array([9.0, 9.0, 4.0, 5.0]),
    )  # fmt: skip
    found = solve(program, "cbc")
    assert found.value == pytest.approx([1, -3, 4, 2])
    assert found.objective == pytest.approx(1 - 6 - 4)
    assert found.reduced_cost == pytest.approx([0, 2, -1, 0])
    assert solve(replace(program, row_lower=np.array([1.0, 0.5])), "cbc").status is SolveStatus.INFEASIBLE
    assert solve(replace(program, upper=np.array([9.0, 9.0, np.inf, 5.0])), "cbc").status is SolveStatus.FAILED


def test_what_cannot_be_solved_is_called_so():
    program = random_program(1)
    impossible = replace(program, row_lower=program.row_lower + 1e3, row_upper=program.row_upper + 1e3)
    assert solve(impossible, "cbc").status is SolveStatus.INFEASIBLE
    assert solve(program, "cbc", time_limit_s=0).status is SolveStatus.TIME_LIMIT


def test_every_name_is_known_to_the_bridge_and_only_names_are():
    for name in NAMES:
        assert isinstance(why_not(name), str)
    assert why_not("highs") == ""
    assert why_not("cbc") == ""
    with pytest.raises(KeyError):
        open_session(random_program(0), "/usr/bin/cbc").solve()


def test_a_solver_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    missing = [name for name in ("cplex", "gurobi", "xpress", "mosek", "copt") if why_not(name) == NOT_THERE]
    if not missing:
        pytest.skip("every solver of the list is installed here")
    with pytest.raises(SolverUnusableError, match=missing[0]):
        solve(random_program(0), missing[0])


def test_a_solver_that_breaks_down_says_why(monkeypatch, tmp_path):
    broken = tmp_path / "cplex"
    broken.write_text("#!/bin/sh\necho licence expired\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert why_not("cplex") not in ("", NOT_THERE)
