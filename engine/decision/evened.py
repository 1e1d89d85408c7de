"""The most even misses of all periods at once, no dearer than those that were found period by period.

Periods decided each by itself miss a little more than the whole must, and spread it as their shares have it. With what
they missed as a budget for each priority, the whole plan is one strictly convex search: misses in segments, small ones
cheap and large ones dear, and the fairest plan at them. Programs grow faster than their cells; this does not.

Owns: that search.
"""

from __future__ import annotations

import numpy as np

from engine.decision.fairness import KAPPA, mean_hours
from engine.decision.hard import Hard
from engine.decision.misses import misses_at, priced_misses
from engine.decision.segmented import NOTHING
from engine.decision.segments import SegmentColumns
from engine.formulation.problem import Problem, row_means
from solver.matrices import no_entries, scale_rows, stack_blocks, unit
from solver.polyhedron import Polyhedron
from solver.projection import project
from solver.sparse import csr_matrix

_LIGHTLY, _STRONGLY = 10.0, 1e3
"""How much more an uneven split of misses weighs than an uneven plan. Lightly is five times as quick; where the plan
that was found misses much more than it must, all that may be missed goes into evenness then, and nothing is won."""

_LITTLE = 1e-3  # part of what misses cost: more is not won from a plan that is nearly as good as in one piece

_ROOM = 1e-9  # part of a row's size, so that the plan that was found lies inside
_BUDGET_ROOM = 1e-4  # part of what misses cost, so that there is room around that plan to search in
_NO_WORSE = 1e-6  # part of what misses cost by which a priority may come out above what was found


def even_out_misses(problem: Problem, hard: Hard, found: np.ndarray) -> np.ndarray:
    """Return the plan of the most even misses that cost no more, priority by priority, than those of a plan.

    Parameters
    ----------
    found : float64, shape (cells,), a plan that keeps the hard rows

    Returns
    -------
    float64, shape (cells,): that plan; the one that was found where the search ends nowhere better.
    """
    if not (misses_at(problem.targets, found)[0] > NOTHING).any():
        return found
    lightly = _evened(problem, hard, found, _LIGHTLY)
    if lightly is not None:
        before, after = (np.cumsum(priced_misses(problem, plan)) for plan in (found, lightly))
        if (after >= (1 - _LITTLE) * before).all():
            return lightly
    strongly = _evened(problem, hard, found, _STRONGLY)
    return next((plan for plan in (strongly, lightly) if plan is not None), found)


def _evened(problem: Problem, hard: Hard, found: np.ndarray, evenness: float) -> np.ndarray | None:
    """Return the most even plan in a measure of evenness; None where the search ends nowhere better."""
    short, over = (np.where(miss > NOTHING, miss, 0.0) for miss in misses_at(problem.targets, found))
    fair, queues, n_cells = problem.fair, problem.queues, len(problem.fair.value)
    scales = queues.matrix @ fair.scale
    movable = np.flatnonzero(scales > 0)
    columns, norm = SegmentColumns(len(problem.targets)), mean_hours(problem)
    price = np.repeat(problem.targets.mean_hours * problem.targets.size, columns.width // len(problem.targets))
    scale = np.concatenate([
        norm * fair.scale / fair.hours,
        norm * scales[movable] / (KAPPA * row_means(queues.matrix, fair)[movable]),
        norm / (evenness * price),
    ])  # fmt: skip
    centre = np.concatenate([fair.value, (queues.matrix @ fair.value)[movable], np.zeros(columns.width)])
    result = project(centre, scale, _body(problem, hard, (short, over), columns, movable))
    point = np.clip(result.point[:n_cells], hard.lower, hard.upper)
    return point if result.is_accepted and _is_no_worse(problem, point, found) else None


def _is_no_worse(problem: Problem, point: np.ndarray, found: np.ndarray) -> bool:
    """Whether a plan's misses cost no more at the first priority where the cost differs."""
    cost, before = priced_misses(problem, point), priced_misses(problem, found)
    asked = float(np.abs(problem.targets.asked) @ problem.targets.mean_hours)
    differs = np.flatnonzero(np.abs(cost - before) > _NO_WORSE * np.maximum(before, 1e-3 * asked))
    return not len(differs) or bool(cost[differs[0]] < before[differs[0]])


def _body(
    problem: Problem, hard: Hard, misses: tuple[np.ndarray, np.ndarray], columns: SegmentColumns, movable: np.ndarray
) -> Polyhedron:
    """Return all plans with such misses. Columns: cells, queue totals, segments of shortfalls.

    Rows: hard · Σ x + short ≥ asked · Σ (h/h̄) x + short ≥ asked · Σ x ≤ asked + over · Σ price short ≤ budget of each
    priority · each queue's total is the sum of its cells.
    """
    targets, queues = problem.targets, problem.queues
    short, over = misses
    per_size, n_totals = 1 / targets.size, len(movable)
    items, mix, segments = scale_rows(targets.items, per_size), scale_rows(targets.fair_mix, per_size), columns.matrix()
    falls, rises = np.flatnonzero(targets.has_shortfall), np.flatnonzero(targets.has_excess)
    asked, budget = targets.asked * per_size, _budget(problem, columns, short)
    per_scale = 1 / (queues.matrix @ problem.fair.scale)[movable]
    matrix = stack_blocks([
        [hard.matrix, no_entries(hard.matrix.shape[0], n_totals), None],
        [items[falls], None, segments[falls]],
        [mix[falls], None, segments[falls]],
        [items[rises], None, None],
        [None, None, budget],
        [scale_rows(queues.matrix[movable], per_scale), -scale_rows(unit(n_totals), per_scale), None],
    ])  # fmt: skip
    at_least, n_budgets, zero = (asked - _ROOM)[falls], budget.shape[0], np.zeros(n_totals)
    open_below, open_above = np.full(len(rises) + n_budgets, -np.inf), np.full(2 * len(falls), np.inf)
    # what is met stays met
    widest = np.where(short[:, None] > 0, columns.open(), 0.0).ravel()
    return Polyhedron(
        matrix,
        np.concatenate([hard.row_lower, at_least, at_least, open_below, zero]),
        np.concatenate([
            hard.row_upper, open_above, (asked + over + _ROOM)[rises], np.full(n_budgets, 1 + _BUDGET_ROOM), zero,
        ]),
        np.concatenate([hard.lower, np.full(n_totals, -np.inf), np.zeros(columns.width)]),
        np.concatenate([hard.upper, np.full(n_totals, np.inf), widest]),
        np.concatenate([problem.plan.cells.period, queues.keys[movable, 2], np.full(columns.width, -1)]),
    )  # fmt: skip


def _budget(problem: Problem, columns: SegmentColumns, short: np.ndarray) -> csr_matrix:
    """Return what each segment costs as a part of what its priority's misses cost: csr, shape (budgets, segments)."""
    targets = problem.targets
    cost = columns.costs(targets.mean_hours * targets.size, problem.plan.settings.misses)
    priorities, which = np.unique(targets.priority, return_inverse=True)
    of_segment = np.repeat(which.ravel(), columns.width // len(targets))
    spent = np.bincount(of_segment, cost * columns.frozen(short, 0.0).ravel(), len(priorities))
    part = cost / np.where(spent > 0, spent, 1.0)[of_segment]
    budget = csr_matrix((part, (of_segment, np.arange(columns.width))), shape=(len(priorities), columns.width))
    return csr_matrix(budget[np.flatnonzero(spent > 0)])
