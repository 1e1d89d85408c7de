"""The decision's first program as an analyst would read it: cells, hours, limits and targets by their names.

Owns: names of columns and rows, and the same program in items and hours instead of the solver's scaled rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np

from engine.decision.hard import Hard, settle_hard_rows
from engine.decision.segments import SLOPES, WIDTHS
from engine.formulation.problem import OF_CAPACITY, OF_SHARES, Problem, formulate
from engine.plan import Plan, Scopes
from engine.trees import ROOT, Tree
from solver.matrices import stack_blocks
from solver.program import LinearProgram
from solver.sparse import csc_matrix, csr_matrix

_LONGEST = 255
_STRANGE = re.compile(r"[^A-Za-z0-9_.]")
_LIKE_A_NUMBER = re.compile(r"[0-9.]|[eE][0-9]")


def named_program(plan: Plan) -> tuple[LinearProgram, tuple[str, ...], tuple[str, ...]]:
    """Return the first program of the decision, and the names of its columns and rows.

    Columns: every cell, in items; then per target of the first priority its shortfall and its excess, in items, each
    in segments (the first 2 %, the next 3 %, the next 5 %, the rest). Rows: all hours there are; limits over several
    cells (limits of one cell are bounds of its column; limits that contradict capacity or each other stand relaxed
    as the decision relaxed them); then each target counted in items, counted in fair-mix hours (``.mix``), and from
    above (``.excess``). The objective is the misses in hours, each segment dearer than the one before.

    Notes
    -----
    The decision settles excess first and shortfalls next, keeps both, and goes on to the next priority; here both
    are priced at once. Its optimum is 0 if and only if the first priority can be met in both counts.
    """
    problem = formulate(plan)
    hard = settle_hard_rows(problem)
    targets = problem.targets
    first = np.flatnonzero(targets.priority == targets.priority.min()) if len(targets) else np.zeros(0, np.int64)
    short, over = first[targets.has_shortfall[first]], first[targets.has_excess[first]]
    program = _program(problem, hard, short, over)
    sources = [f"target_{_target_name(plan, int(targets.source[row]))}" for row in range(len(targets))]
    columns = _unique(
        [
            *cell_names(plan),
            *(f"short.{part}.{sources[row]}" for row in short for part in range(1, len(WIDTHS) + 1)),
            *(f"excess.{part}.{sources[row]}" for row in over for part in range(1, len(WIDTHS) + 1)),
        ]
    )
    limits = plan.limits.scope
    rows = _unique(
        [
            *(_never_name(problem, row) for row in range(len(problem.capacity.source))),
            *(_limit_name(plan, limits, int(problem.limits.source[row])) for row in hard.limit_of_row),
            *(sources[row] for row in short),
            *(f"{sources[row]}.mix" for row in short),
            *(f"{sources[row]}.excess" for row in over),
        ]
    )
    return program, columns, rows


def cell_names(plan: Plan) -> list[str]:
    """Return a name per cell: ``Reviews__Dublin_TeamA__Spam__2024_01``; not yet unique."""
    cells = plan.cells
    parts = [
        [plain(plan.metrics.ids[metric]) for metric in range(len(plan.metrics))],
        *([plain(tree.paths[node]) for node in tree.leaves] for tree in (plan.org, plan.queues)),
        [plain(plan.periods.ids[node]) for node in plan.periods.leaves],
    ]
    positions = zip(cells.metric.tolist(), cells.org.tolist(), cells.queue.tolist(), cells.period.tolist(), strict=True)
    return ["__".join(words[at] for words, at in zip(parts, cell, strict=True)) for cell in positions]


def plain(words: str) -> str:
    """Return words in the signs every solver takes: spaces fall out, accents too, the rest becomes ``_``."""
    letters = (sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    return _STRANGE.sub("_", "".join(letters).replace(" ", ""))


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return names that differ without case, none too long, none that starts like a number."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        start = f"n_{name}" if _LIKE_A_NUMBER.match(name) else name
        # room for a number behind, and for the second end of a row
        start = candidate = start[: _LONGEST - 15]
        number = 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{start}.{number}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return tuple(found)


def _node_name(tree: Tree, node: int) -> str:
    return "" if node == ROOT else plain(tree.path_of(node))


def _scope_name(plan: Plan, scopes: Scopes, row: int, before_period: str = "__") -> str:
    where = [_node_name(plan.org, int(scopes.org[row])), _node_name(plan.queues, int(scopes.queue[row]))]
    named = "__".join(word for word in where if word) or "all"
    node = int(scopes.period[row])
    period = "" if node == ROOT else plain(plan.periods.ids[node])
    return f"{named}{before_period}{period}" if period else named


def _never_name(problem: Problem, row: int) -> str:
    plan, rows = problem.plan, problem.capacity
    source = int(rows.source[row])
    if rows.kind[row] == OF_CAPACITY:
        return f"hours_{_scope_name(plan, plan.capacity.scope, source, '_')}"
    if rows.kind[row] == OF_SHARES:
        return f"share_{_scope_name(plan, plan.shares.scope, source, '_')}"
    _, queue, period = rows.inflow_keys[source]
    names = plain(plan.queues.paths[plan.queues.leaves[queue]]), plain(plan.periods.ids[plan.periods.leaves[period]])
    return f"inflow_{'_'.join(names)}"


def _target_name(plan: Plan, row: int) -> str:
    scope = plan.targets.scope
    return f"{plain(plan.metrics.name(int(scope.metric[row])))}_{_scope_name(plan, scope, row)}"


def _limit_name(plan: Plan, scopes: Scopes, row: int) -> str:
    kind = "hold" if plan.limits.is_hold[row] else "limit"
    return f"{kind}_{plain(plan.metrics.name(int(scopes.metric[row])))}_{_scope_name(plan, scopes, row)}"


def _program(problem: Problem, hard: Hard, short: np.ndarray, over: np.ndarray) -> LinearProgram:
    """Return the program in items and hours."""
    targets, limits, several = problem.targets, problem.limits, hard.limit_of_row
    n_cells = len(hard.lower)
    of_short, of_over = _adding(len(short)), _adding(len(over))
    matrix = stack_blocks(
        [
            [problem.capacity.matrix, None, None],
            [limits.matrix[several], None, None],
            [targets.items[short], of_short, None],
            [targets.fair_mix[short], of_short, None],
            [targets.items[over], None, -of_over],
        ]
    )
    asked, missed = targets.asked, np.concatenate([short, over])
    slopes = np.array(SLOPES[problem.plan.settings.misses])
    limit_lower = (limits.lower - hard.breach_below)[several]
    return LinearProgram(
        np.concatenate([np.zeros(n_cells), np.outer(targets.mean_hours[missed], slopes).ravel()]),
        csc_matrix(matrix),
        np.concatenate(
            [
                np.full(hard.n_capacity, -np.inf),
                np.where(limit_lower > 0, limit_lower, -np.inf),
                asked[short],
                asked[short],
                np.full(len(over), -np.inf),
            ]
        ),
        np.concatenate(
            [
                problem.capacity.there,
                (limits.upper + hard.breach_above)[several],
                np.full(2 * len(short), np.inf),
                asked[over],
            ]
        ),
        np.concatenate([hard.lower, np.zeros(len(missed) * len(WIDTHS))]),
        np.concatenate([hard.upper, np.outer(targets.size[missed], WIDTHS).ravel()]),
    )


def _adding(rows: int) -> csr_matrix:
    """Return the matrix that adds up the segments of each row."""
    column = np.arange(rows * len(WIDTHS))
    return csr_matrix((np.ones(len(column)), (column // len(WIDTHS), column)), shape=(rows, len(column)))
