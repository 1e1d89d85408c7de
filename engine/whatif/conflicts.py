"""Limits that contradict each other or capacity: for each contradiction a few lines of which none can be spared.

    min Σ breaches of the lines' limits, hours and inflow kept: 0 if and only if the lines can hold together

Owns: lines (rows rolled up the trees that stand or fall together), and the search for sets without a spare line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formulation.problem import OF_CAPACITY, OF_SHARES, Problem, formulate
from engine.issues import Place
from engine.plan import Plan
from engine.reasons.rolling import org_words, period_words
from engine.reasons.words import amount_words, limit_words, never_words
from engine.trees import ROOT
from engine.whatif.advice import Conflict, ConflictLine
from solver.frozen import frozen
from solver.highs import solve
from solver.matrices import scale_rows, stack_blocks, stack_rows, unit
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix

READABLE = 12
"""Lines that a person reads; longer sets are marked by their length."""

MOST = 10
"""Contradictions that are told apart."""

_HOLDS = 1e-7
"""Breach in parts of the limits' sizes below which lines can hold together."""

_PRICED = 1e-9


@frozen
class _Rows:
    """Rows that never give way in front, limits behind, each scaled to a size of 1. n_facts : how many never do."""

    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    n_facts: int


def find_conflicts(plan: Plan) -> tuple[Conflict, ...]:
    """Return the contradictions among a plan's limits, hours and inflow; none where all limits can be kept."""
    problem = formulate(plan)
    rows = _rows(problem)
    movable = _most(problem)
    left = np.arange(rows.matrix.shape[0])
    found: list[Conflict] = []
    while len(found) < MOST:
        priced = _priced(rows, left, movable)
        if priced is None:
            return tuple(found)
        lines = _lines(problem, rows, priced)
        kept, is_minimal = _without_spares(rows, lines, movable)
        found.append(Conflict(tuple(_told(problem, rows, line) for line in kept), is_minimal))
        # one limit of the set is let go, so that the next contradiction shows
        limits = [line for line in kept if line[0] >= rows.n_facts]
        if not limits:
            return tuple(found)
        left = np.setdiff1d(left, limits[-1])
    return tuple(found)


def _rows(problem: Problem) -> _Rows:
    limits, capacity = problem.limits, problem.capacity
    bound = np.where(limits.lower > 0, limits.lower, np.where(np.isfinite(limits.upper), limits.upper, 0))
    size = np.maximum(bound, 1.0)
    return _Rows(
        stack_rows([scale_rows(capacity.matrix, 1 / capacity.size), scale_rows(limits.matrix, 1 / size)]),
        np.concatenate([np.full(len(capacity.there), -np.inf), limits.lower / size]),
        np.concatenate([capacity.there / capacity.size, limits.upper / size]),
        len(capacity.there),
    )


def _most(problem: Problem) -> np.ndarray:
    """Return what each cell may come to: an explicit 0 stays 0, unless a minimum stands over nothing else."""
    fair, limits = problem.fair, problem.limits
    has_minimum = np.zeros(len(fair.value), dtype=bool)
    has_minimum[limits.matrix[limits.covers_one_cell & (limits.lower > 0)].indices] = True
    return np.where((fair.scale > 0) | has_minimum, np.inf, np.maximum(fair.value, 0.0))


def _program(rows: _Rows, some: np.ndarray, movable: np.ndarray) -> tuple[LinearProgram, np.ndarray]:
    """Return the least breach of the limits among some rows, and the cells that these rows touch."""
    part = csr_matrix(rows.matrix[some])
    cells = np.unique(part.indices)
    part = csr_matrix(part[:, cells])
    is_limit = some >= rows.n_facts
    eye = csr_matrix(unit(len(some))[:, np.flatnonzero(is_limit)])
    count = eye.shape[1]
    matrix = stack_blocks([[part, eye, -eye]]) if count else part
    program = LinearProgram(
        np.concatenate([np.zeros(len(cells)), np.ones(2 * count)]),
        csc_matrix(matrix),
        rows.lower[some],
        rows.upper[some],
        np.zeros(len(cells) + 2 * count),
        np.concatenate([movable[cells], np.full(2 * count, np.inf)]),
    )
    return program, cells


def _can_hold(rows: _Rows, some: np.ndarray, movable: np.ndarray) -> bool:
    if not (some >= rows.n_facts).any():
        return True  # hours and inflow alone are kept by doing nothing
    program, _ = _program(rows, some, movable)
    solution = solve(program)
    return solution.is_optimal and solution.objective <= _HOLDS


def _priced(rows: _Rows, some: np.ndarray, movable: np.ndarray) -> np.ndarray | None:
    """Return the rows that a contradiction hangs on, None where all can hold.

    At the least breach, rows without a price could be dropped all at once (duality), so what is priced still
    contradicts.
    """
    if not (some >= rows.n_facts).any():
        return None
    program, _ = _program(rows, some, movable)
    solution = solve(program)
    if solution.objective <= _HOLDS:
        return None
    priced = some[np.abs(solution.row_price) > _PRICED]
    return some if _can_hold(rows, priced, movable) else priced


Line = np.ndarray
"""Positions of rows that are rolled up into one line: int64, ascending."""


def _lines(problem: Problem, rows: _Rows, some: np.ndarray) -> list[Line]:
    """Return rows rolled up: hours by the node above the teams, inflow by queue, every limit on its own."""
    capacity, plan = problem.capacity, problem.plan
    groups: dict[tuple[int, ...], list[int]] = {}
    for row in some.tolist():
        if row >= rows.n_facts:
            key: tuple[int, ...] = (9, row)
        elif capacity.kind[row] == OF_CAPACITY:
            source = int(capacity.source[row])
            org = int(plan.capacity.scope.org[source])
            above = int(plan.org.parent[org]) if ROOT < org < len(plan.org) else org
            key = (0, above, int(plan.capacity.scope.queue[source]))
        else:
            key = (1, int(capacity.kind[row]), int(capacity.source[row]))
        groups.setdefault(key, []).append(row)
    return [np.array(groups[key], dtype=np.int64) for key in sorted(groups)]


def _without_spares(rows: _Rows, lines: list[Line], movable: np.ndarray) -> tuple[list[Line], bool]:
    """Return lines of which none can be left out: each in turn is, and stays out where the rest still contradicts."""
    kept = list(lines)
    for line in lines:
        rest = [other for other in kept if other is not line]
        if rest and not _can_hold(rows, np.sort(np.concatenate(rest)), movable):
            kept = rest
    return kept, is_irreducible(rows, kept, movable)


def is_irreducible(rows: _Rows, lines: Sequence[Line], movable: np.ndarray) -> bool:
    """Whether lines contradict together, and without any one of them no more."""
    everything = np.sort(np.concatenate(list(lines)))
    if _can_hold(rows, everything, movable):
        return False
    for line in lines:
        rest = np.setdiff1d(everything, line)
        if len(rest) and not _can_hold(rows, rest, movable):
            return False
    return True


def _told(problem: Problem, rows: _Rows, line: Line) -> ConflictLine:
    plan, capacity, first = problem.plan, problem.capacity, int(line[0])
    if first >= rows.n_facts:
        source = int(problem.limits.source[first - rows.n_facts])
        return ConflictLine(f"{_bounds(plan, source)} {limit_words(plan, source)}", False, (plan.limits.place[source],))
    if capacity.kind[first] != OF_CAPACITY:
        return ConflictLine(never_words(plan, capacity, first), True, _places_of(problem, line))
    sources = capacity.source[line]
    scope = plan.capacity.scope
    orgs = sorted(set(scope.org[sources].tolist()))
    who = org_words(plan.org, orgs, set(scope.org.tolist()))
    hours = amount_words(float(plan.capacity.hours[sources].sum()))
    words = f"{hours} h of {who}{period_words(plan.periods, scope.period[sources].tolist())}"
    return ConflictLine(words, True, tuple(dict.fromkeys(plan.capacity.place[source] for source in sources.tolist())))


def _places_of(problem: Problem, line: Line) -> tuple[Place, ...]:
    """Return the cells of shares of queues; what comes in is a sum of many cells and has none."""
    capacity, shares = problem.capacity, problem.plan.shares
    of_shares = line[capacity.kind[line] == OF_SHARES]
    return tuple(dict.fromkeys(shares.place[int(source)] for source in capacity.source[of_shares].tolist()))


def _bounds(plan: Plan, row: int) -> str:
    lower, upper = float(plan.limits.lower[row]), float(plan.limits.upper[row])
    if lower == upper:
        return amount_words(lower)
    if not np.isfinite(upper):
        return f"at least {amount_words(lower)}:"
    return f"at most {amount_words(upper)}:" if not np.isfinite(lower) else (
        f"{amount_words(lower)} to {amount_words(upper)}:"
    )  # fmt: skip
