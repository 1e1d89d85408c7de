"""Programs written as text mean the same to HiGHS and CBC as the arrays they came from."""

import re
import subprocess
import warnings

import highspy
import numpy as np
import pulp
import pytest
from scipy.sparse import csc_matrix

from engine.formulation.naming import named_program
from solver.highs import solve
from solver.lp_text import lp_text
from solver.program import LinearProgram
from tests.plans import random_parts
from tests.solver.programs import names, random_program


def cbc() -> pulp.LpSolver:
    """Return the CBC that PuLP brings along; only PuLP 4, which we exclude, has it elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pulp.PULP_CBC_CMD(msg=False)


def by_highs(path) -> float:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getInfo().objective_function_value


def by_cbc(program: LinearProgram) -> float:
    """Solve with CBC, the program put together by PuLP."""
    problem = pulp.LpProblem("same", pulp.LpMinimize)
    columns = [
        problem.add_variable(f"x{at}", *(None if np.isinf(end) else float(end) for end in ends))
        for at, ends in enumerate(zip(program.lower, program.upper, strict=True))
    ]
    problem += pulp.lpSum(float(cost) * column for cost, column in zip(program.cost, columns, strict=True))
    matrix = program.matrix.tocsr()
    for row in range(matrix.shape[0]):
        entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
        total = pulp.lpSum(
            float(value) * columns[at] for at, value in zip(matrix.indices[entries], matrix.data[entries], strict=True)
        )
        if np.isfinite(program.row_lower[row]):
            problem += total >= float(program.row_lower[row])
        if np.isfinite(program.row_upper[row]):
            problem += total <= float(program.row_upper[row])
    assert problem.solve(cbc()) == pulp.LpStatusOptimal
    return float(pulp.value(problem.objective))


@pytest.mark.parametrize("seed", range(20))
def test_highs_and_cbc_agree_on_the_same_program(seed):
    program = random_program(seed)
    assert by_cbc(program) == pytest.approx(solve(program).objective, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_a_text_read_back_has_the_same_optimum(seed, tmp_path):
    program = random_program(seed)
    path = tmp_path / "program.lp"
    path.write_text(lp_text(program, *names(program)), encoding="ascii")
    assert by_highs(path) == pytest.approx(solve(program).objective, rel=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_cbc_reads_the_text_as_well(seed, tmp_path):
    program, columns, rows = named_program(random_parts(seed).build())
    path = tmp_path / "program.lp"
    path.write_text(lp_text(program, columns, rows), encoding="ascii")
    expected = solve(program).objective
    assert cbc_reads(path, tmp_path) == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert by_highs(path) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def cbc_reads(path, folder) -> float:
    solution = folder / "solution.txt"
    subprocess.run([cbc().path, path, "solve", "solution", solution], check=True, capture_output=True, cwd=folder)
    head = solution.read_text(encoding="ascii").splitlines()[0]
    found = re.match(r"Optimal - objective value (\S+)", head)
    assert found, head
    return float(found[1])


def test_rows_with_two_ends_become_two_and_open_ones_none(tmp_path):
    program = LinearProgram(
        np.array([1.0, -1.0]), csc_matrix(np.ones((3, 2))), np.array([1.0, -np.inf, 2.0]), np.array([5.0, np.inf, 2.0]),
        np.array([-np.inf, 0.0]), np.array([np.inf, 4.0]),
    )  # fmt: skip
    text = lp_text(program, ["a", "b"], ["range", "open", "equal"], title="Two lines\nof title")
    assert text == (
        "\\ Two lines\n\\ of title\nMinimize\n obj: + a - b\nSubject To\n range: + a + b >= 1\n"
        " range.most: + a + b <= 5\n equal: + a + b = 2\nBounds\n a free\n 0 <= b <= 4\nEnd\n"
    )


def test_no_line_is_too_long_for_any_reader():
    program, columns, rows = named_program(random_parts(3).build())
    assert max(map(len, lp_text(program, columns, rows).splitlines())) <= 255 + 40


def test_a_program_without_costs_still_has_an_objective(tmp_path):
    program = random_program(1)
    free = LinearProgram(
        np.zeros(20), program.matrix, program.row_lower, program.row_upper, program.lower, program.upper
    )
    path = tmp_path / "free.lp"
    path.write_text(lp_text(free, *names(free)), encoding="ascii")
    assert by_highs(path) == 0
