"""What the bare script is given: the arrays of every program of a run, and the cells of every result sheet."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from engine.decision.decide import Decision, decide
from engine.decision.fairness import deviation_program
from engine.decision.hard import settle_hard_rows
from engine.decision.levels import all_met, kept_rows
from engine.formulation.problem import Problem, formulate
from engine.plan import Plan
from engine.recompute import explain_decision
from solver import units
from solver.program import LinearProgram, Solution
from workbooks.run import RunOptions, read_plan, solve_and_lay_out
from workbooks.tabs.model import Formulas, Sheet


def write_floor(book: bytes, arrays: Path, cells: Path) -> int:
    """Write both files; return the number of cells of the plan."""
    read = read_plan(book)
    if read.plan is None:
        raise SystemExit("\n".join(issue.found for issue in read.issues))
    _write_arrays(*_programs(read.plan), arrays)
    laid = solve_and_lay_out(book, read, read.plan, RunOptions(), 0.0)
    with cells.open("wb") as file:
        pickle.dump({sheet.name: _rows(sheet) for sheet in laid.sheets}, file)
    return len(read.plan.cells)


def _programs(plan: Plan) -> tuple[list[LinearProgram], list[LinearProgram]]:
    """Return the programs that the run solves, and those by which it finds whole units.

    Where it decides without any, the deviations in one piece stand for it, as a script would have them.
    """
    problem = formulate(plan)
    decision = decide(problem)
    solved = [program for program, _ in decision.programs]
    if not solved:
        hard = settle_hard_rows(problem)
        solved = [deviation_program(problem, hard, kept_rows(problem, hard, all_met(problem)))[0]]
    return solved, _rounding_programs(problem, decision)


def _rounding_programs(problem: Problem, decision: Decision) -> list[LinearProgram]:
    """Return what whole units are found by, as it is handed to HiGHS."""
    seen: list[LinearProgram] = []
    solve = units.solve_network

    def listen(program: LinearProgram, first: np.ndarray) -> Solution:
        seen.append(program)
        return solve(program, first)

    units.solve_network = listen
    try:
        explain_decision(problem, decision)
    finally:
        units.solve_network = solve
    return seen


def _write_arrays(deviations: list[LinearProgram], whole: list[LinearProgram], arrays: Path) -> None:
    held = {"deviations": np.array(len(deviations)), "programs": np.array(len(deviations) + len(whole))}
    for at, program in enumerate([*deviations, *whole]):
        matrix = csr_matrix(program.matrix)
        held |= {
            f"rows{at}": np.array(matrix.shape[0]),
            f"columns{at}": np.array(matrix.shape[1]),
            f"cost{at}": program.cost,
            f"lower{at}": program.lower,
            f"upper{at}": program.upper,
            f"row_lower{at}": program.row_lower,
            f"row_upper{at}": program.row_upper,
            f"start{at}": matrix.indptr,
            f"index{at}": matrix.indices,
            f"value{at}": matrix.data,
        }
    np.savez(arrays, **held)


def _rows(sheet: Sheet) -> list[list[object]]:
    rows: list[list[object]] = [[cell.value] for cell in sheet.cells]
    if sheet.table is None:
        return rows
    columns = [_cells(column.values) for column in sheet.table.columns]
    rows.append([column.header for column in sheet.table.columns])
    rows.extend(list(row) for row in zip_longest(*columns))
    return rows


def _cells(values: np.ndarray | Sequence[str] | Formulas) -> list[object]:
    if isinstance(values, Formulas):
        return list(zip(values.text, values.cached.tolist(), strict=True))
    if isinstance(values, np.ndarray):
        return np.where(np.isnan(values), None, values).tolist()
    return [value or None for value in values]
