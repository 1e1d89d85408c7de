"""Limits that contradict each other or what never gives way: for each contradiction a few lines, none to spare.

    min Σ breaches of the rows' limits, all else kept: 0 if and only if the rows can hold together

Owns: the search for sets of rows, and of lines, of which none can be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.formulation.problem import Problem, formulate
from engine.outcome import Outcome
from engine.rates.hard import reach_within_limits
from engine.rates.rows import effort_of, limit_rows, start_of
from engine.whatif.advice import Conflict, ConflictLine
from engine.whatif.conflict_lines import READABLE, fact_line, fact_lines, limit_line, limit_lines
from solver.frozen import frozen
from solver.highs import solve
from solver.matrices import scale_rows, stack_blocks, stack_rows, unit
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix

MOST = 10
"""Contradictions that are told apart."""

_HOLDS = 1e-7
"""Breach in parts of the limits' sizes below which rows can hold together."""

_PRICED = 1e-9

_MOST_ALONE = 150
"""Rows of a contradiction that are left out one by one; of more, lines are."""


@frozen
class Rows:
    """Rows that never give way in front, limits behind, each scaled to a size of 1.

    least, most : float64, shape (cells,), between which values cells can be; n_facts : how many rows never give way
    """

    matrix: csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    n_facts: int
    least: np.ndarray
    most: np.ndarray


Line = list[int]
"""Positions of rows that are told as one."""


def find_conflicts(outcome: Outcome) -> tuple[Conflict, ...]:
    """Return the contradictions among limits, hours and inflow, and among limits of rates; none where all are kept."""
    found = list(find_limit_conflicts(formulate(outcome.plan)))
    for result in outcome.rates:
        found += _of_rate(outcome, result.rate.metric)
    return tuple(found[:MOST])


def find_limit_conflicts(problem: Problem, most_rows: int | None = None) -> tuple[Conflict, ...]:
    """Return the contradictions among limits, hours and inflow: proven from the plan alone, whatever is decided.

    Rates are left out: what their limits come to hangs on the volumes that are found.

    Parameters
    ----------
    most_rows : of a contradiction that is searched for spare lines, which takes a program each; None = any number
    """
    plan, limits = problem.plan, problem.limits

    def lines(rows: Sequence[int]) -> list[Line]:
        facts, choices = ([row for row in rows if (row >= count) == later] for later in (False, True))
        told = fact_lines(problem, facts, READABLE // 2)
        sources = {int(limits.source[row - count]): row for row in choices}
        grouped = limit_lines(plan, list(sources), READABLE - len(told))
        return [*told, *([sources[each] for each in line] for line in grouped)]

    def words(line: Line) -> ConflictLine:
        if line[0] < count:
            return fact_line(problem, line)
        return limit_line(plan, [int(limits.source[row - count]) for row in line])

    rows = _rows(problem)
    count = rows.n_facts
    return tuple(_search(rows, lines, words, most_rows=most_rows))


def _of_rate(outcome: Outcome, metric: int) -> list[Conflict]:
    """Return the contradictions among the limits of a rate, and how far its cells can move."""
    plan = outcome.plan
    result = next(each for each in outcome.rates if each.rate.metric == metric)
    limits = limit_rows(plan, result.rate, result.weight)
    if not len(limits.rows):
        return []
    bound = np.where(np.isfinite(limits.lower), limits.lower, limits.upper)
    size = np.maximum(np.abs(bound), 1e-3)
    least, most = reach_within_limits(start_of(result.rate), effort_of(plan, result.rate, result.weight), limits)
    rows = Rows(scale_rows(limits.rows.matrix, 1 / size), limits.lower / size, limits.upper / size, 0, least, most)
    free = Rows(rows.matrix, rows.lower, rows.upper, 0, np.full(len(least), -np.inf), np.full(len(most), np.inf))
    name = plan.metrics.name(metric)
    reach = ConflictLine(
        f"how far {name} can move: Floor and Ceiling; it stays where nobody is better, and where nothing is planned",
        True,
        (),
    )

    def lines(some: Sequence[int]) -> list[Line]:
        at = {int(limits.rows.source[row]): row for row in some}
        return [[at[each] for each in line] for line in limit_lines(plan, list(at), READABLE - 1)]

    found = _search(rows, lines, lambda line: limit_line(plan, limits.rows.source[line].tolist()), free)
    return [
        Conflict((reach, *each.lines), each.is_minimal) if each.needs_reach else each for each in found
    ]  # fmt: skip


def _search(
    rows: Rows,
    lines_of: Callable[[Sequence[int]], list[Line]],
    words: Callable[[Line], ConflictLine],
    free: Rows | None = None,
    most_rows: int | None = None,
) -> list[Conflict]:
    """Return contradictions, one after the other.

    Parameters
    ----------
    lines_of : rows → lines; words : line → what is told of it
    free : the same rows with cells that may be anywhere: what holds then fails on where cells can be
    most_rows : as for ``find_limit_conflicts``
    """
    left = np.arange(rows.matrix.shape[0])
    found: list[Conflict] = []
    while len(found) < MOST:
        priced = _priced(rows, left)
        if priced is None:
            break
        is_searched = most_rows is None or len(priced) <= most_rows
        lines = _lines(rows, priced.tolist(), lines_of) if is_searched else lines_of(priced.tolist())
        everything = np.sort(np.concatenate(lines))
        needs_reach = free is not None and can_hold(free, everything)
        found.append(Conflict(tuple(map(words, lines)), is_searched and is_irreducible(rows, lines), needs_reach))
        # the line of the fewest limits is let go, so that the next contradiction shows
        choices = [line for line in lines if line[0] >= rows.n_facts]
        if not choices:
            break
        left = np.setdiff1d(left, min(reversed(choices), key=len))
    return found


def _lines(rows: Rows, priced: list[int], lines_of: Callable[[Sequence[int]], list[Line]]) -> list[Line]:
    """Return lines without a spare one: "all 14 of Lisbon" where only 13 of them are needed, if no line is spare then.

    Parameters
    ----------
    priced : rows that contradict, some of them perhaps to spare
    """
    if len(priced) > _MOST_ALONE:
        return _without_spares(rows, lines_of(priced))
    needed = {row for line in _without_spares(rows, [[row] for row in priced]) for row in line}
    near = [line for line in lines_of(priced) if 2 * len(needed.intersection(line)) > len(line)]
    whole = lines_of(sorted(needed.union(*near)))
    return whole if is_irreducible(rows, whole) else lines_of(sorted(needed))


def _rows(problem: Problem) -> Rows:
    limits, capacity = problem.limits, problem.capacity
    bound = np.where(limits.lower > 0, limits.lower, np.where(np.isfinite(limits.upper), limits.upper, 0))
    size = np.maximum(bound, 1.0)
    most = _most(problem)
    return Rows(
        stack_rows([scale_rows(capacity.matrix, 1 / capacity.size), scale_rows(limits.matrix, 1 / size)]),
        np.concatenate([np.full(len(capacity.there), -np.inf), limits.lower / size]),
        np.concatenate([capacity.there / capacity.size, limits.upper / size]),
        len(capacity.there),
        np.zeros(len(most)),
        most,
    )


def _most(problem: Problem) -> np.ndarray:
    """Return what each cell may come to: an explicit 0 stays 0, unless a minimum stands over nothing else."""
    fair, limits = problem.fair, problem.limits
    has_minimum = np.zeros(len(fair.value), dtype=bool)
    has_minimum[limits.matrix[limits.covers_one_cell & (limits.lower > 0)].indices] = True
    return np.where((fair.scale > 0) | has_minimum, np.inf, np.maximum(fair.value, 0.0))


def _program(rows: Rows, some: np.ndarray) -> LinearProgram:
    """Return the least breach of the limits among some rows, over the cells that these rows touch."""
    part = csr_matrix(rows.matrix[some])
    cells = np.unique(part.indices)
    part = csr_matrix(part[:, cells])
    eye = csr_matrix(unit(len(some))[:, np.flatnonzero(some >= rows.n_facts)])
    count = eye.shape[1]
    matrix = stack_blocks([[part, eye, -eye]]) if count else part
    return LinearProgram(
        np.concatenate([np.zeros(len(cells)), np.ones(2 * count)]),
        csc_matrix(matrix),
        rows.lower[some],
        rows.upper[some],
        np.concatenate([rows.least[cells], np.zeros(2 * count)]),
        np.concatenate([rows.most[cells], np.full(2 * count, np.inf)]),
    )


def can_hold(rows: Rows, some: np.ndarray) -> bool:
    """Whether some rows can hold together. some : int64, positions, ascending."""
    if not (some >= rows.n_facts).any():
        return True  # hours and inflow alone are kept by doing nothing
    solution = solve(_program(rows, some))
    return solution.is_optimal and solution.objective <= _HOLDS


def _priced(rows: Rows, some: np.ndarray) -> np.ndarray | None:
    """Return the rows that a contradiction hangs on, None where all can hold.

    At the least breach, rows without a price could be dropped all at once (duality), so what is priced still
    contradicts.
    """
    if not (some >= rows.n_facts).any():
        return None
    solution = solve(_program(rows, some))
    if solution.objective <= _HOLDS:
        return None
    priced = some[np.abs(solution.row_price) > _PRICED]
    return some if can_hold(rows, priced) else priced


def _without_spares(rows: Rows, lines: list[Line]) -> list[Line]:
    """Return lines of which none can be left out: each in turn is, and stays out where the rest still contradicts."""
    kept = list(lines)
    for line in lines:
        rest = [other for other in kept if other is not line]
        if rest and not can_hold(rows, np.sort(np.concatenate(rest))):
            kept = rest
    return kept


def is_irreducible(rows: Rows, lines: Sequence[Line]) -> bool:
    """Whether lines contradict together, and without any one of them no more."""
    everything = np.sort(np.concatenate(list(lines)))
    if can_hold(rows, everything):
        return False
    rests = (np.setdiff1d(everything, line) for line in lines)
    return all(can_hold(rows, rest) for rest in rests if len(rest))
