"""Programs that an earlier run has solved, or one that is nearly the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.highs import HighsSession
from solver.memory import Memory, Remembering
from solver.program import LinearProgram, Solution, SolveStatus
from solver.proof import prove
from solver.remembered import RememberedSession
from solver.solvers import least_known, open_session, solve
from tests.solver.programs import random_program


def in_a_row(program: LinearProgram, memory: Memory) -> list[Solution]:
    """Solve a program, and once more with other costs."""
    session = RememberedSession(program, memory)
    first = session.solve()
    session.set_costs(program.cost[::-1].copy())
    session.set_bounds(program.lower, program.upper)
    return [first, session.solve()]


def test_a_program_that_was_solved_is_not_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    program, memory = random_program(1), Remembering()
    before = in_a_row(program, memory)
    monkeypatch.setattr(HighsSession, "_run", None)
    for first, again in zip(before, in_a_row(program, memory), strict=True):
        assert again.value.tobytes() == first.value.tobytes()
        assert again.row_price.tobytes() == first.row_price.tobytes()
        assert (again.objective, again.iterations) == (first.objective, first.iterations)


@pytest.mark.parametrize("may_begin_anew", [True, False])
def test_that_there_is_no_solution_is_not_found_again(monkeypatch: pytest.MonkeyPatch, *, may_begin_anew: bool) -> None:
    program, memory = random_program(1), Remembering()

    def without_any() -> Solution:
        session = RememberedSession(program, memory)
        session.solve()
        session.set_bounds(program.upper + 1e6, program.upper + 2e6)
        return session.solve(may_begin_anew=may_begin_anew)

    before = without_any()
    assert before.status is SolveStatus.INFEASIBLE
    monkeypatch.setattr(HighsSession, "_run", None)
    assert without_any().status is SolveStatus.INFEASIBLE


def test_the_same_program_after_another_one_is_another_question() -> None:
    program, memory = random_program(1), Remembering()
    in_a_row(program, memory)
    session = RememberedSession(replace(program, cost=program.cost[::-1].copy()), memory)
    kept = len(memory.answers)
    session.solve()
    assert len(memory.answers) > kept


def test_a_program_that_changed_a_little_starts_where_the_last_one_ended() -> None:
    program, memory = random_program(2, rows=30, columns=60), Remembering()
    cold = solve(program, memory=memory)
    is_equal = program.row_lower == program.row_upper
    edited = replace(program, row_upper=program.row_upper + np.where(is_equal, 0.0, 1e-3))
    warm, fresh = solve(edited, memory=memory), solve(edited)
    assert warm.iterations < cold.iterations
    assert warm.objective == pytest.approx(fresh.objective, rel=1e-12)
    proof = prove(edited, warm)
    assert max(proof.primal, proof.dual, proof.gap) < 1e-8


@pytest.mark.parametrize(
    "corner",
    [
        {"columns": np.zeros(3, np.int8), "rows": np.zeros(3, np.int8)},
        {"columns": np.full(60, 9, np.int8), "rows": np.full(30, 9, np.int8)},
        {"columns": np.zeros(60), "rows": np.zeros(30)},
        {"columns": np.zeros(60, np.int8), "rows": np.zeros(30, np.int8)},
        {"columns": np.ones(60, np.int8), "rows": np.ones(30, np.int8)},
    ],
    ids=["of another shape", "of no status", "of fractions", "without a basis", "of too many"],
)
def test_a_corner_that_is_none_does_no_harm(corner: dict[str, np.ndarray]) -> None:
    program = random_program(2, rows=30, columns=60)
    session = HighsSession(program)
    session.start_at(corner)
    assert session.solve().objective == pytest.approx(solve(program).objective, rel=1e-12)


def test_what_a_program_costs_at_least_is_known_from_one_that_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    program, memory = random_program(1), Remembering()
    assert RememberedSession(program, memory).least() == -np.inf
    assert least_known(HighsSession(program)) == -np.inf
    RememberedSession(program, memory).solve()
    scaled = replace(
        program, matrix=2 * program.matrix, row_lower=2 * program.row_lower, row_upper=2 * program.row_upper
    )
    optimum = solve(program).objective
    moved = replace(program, row_upper=program.row_upper + 0.01, row_lower=program.row_lower - 0.01)
    other = solve(moved).objective
    monkeypatch.setattr(HighsSession, "_run", None)
    assert abs(least_known(RememberedSession(scaled, memory)) - optimum) < 1e-7 * max(1.0, abs(optimum))
    assert optimum - 1 < least_known(RememberedSession(moved, memory)) <= other + 1e-9


@pytest.mark.parametrize("price", [np.zeros(2), np.full(10, np.nan), None])
def test_prices_that_are_none_prove_nothing(price: np.ndarray | None) -> None:
    program, memory = random_program(1), Remembering()
    RememberedSession(program, memory).solve()
    (at,) = (key for key in memory.answers if key.startswith("corner"))
    corner = {name: array for name, array in memory.answers[at].items() if name != "price"}
    memory.put(at, corner if price is None else {**corner, "price": price})
    assert RememberedSession(program, memory).least() == -np.inf


def test_a_program_that_fails_is_begun_anew_only_where_failing_is_no_answer() -> None:
    program = random_program(2, rows=30, columns=60)
    session = HighsSession(program)
    session.solve()
    impossible = replace(program, lower=program.lower + 100, upper=program.upper + 100)
    session.set_bounds(impossible.lower, impossible.upper)
    assert session.solve(may_begin_anew=False).status is SolveStatus.INFEASIBLE
    session.set_bounds(program.lower, program.upper)
    assert session.solve().objective == pytest.approx(solve(program).objective, rel=1e-9)


def test_a_second_opinion_is_asked_each_time() -> None:
    program, memory = random_program(0), Remembering()
    open_session(program, "cbc", memory).solve()
    assert not memory.answers
