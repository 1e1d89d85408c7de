"""The fairest plan at frozen levels: strictly convex, so there is exactly one.

Φ(x) = Σ_i h_i (x_i − f_i)² / 2g_i + κ Σ_qt h_q (X_qt − F_qt)² / 2G_qt

Owns: the second step of the decision, its guard, and the piecewise-linear program that stands in for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from engine.decision.hard import Hard
from engine.decision.levels import NOISE, ROOM, KeptRows
from engine.decision.tight import Tight
from engine.formulation.problem import Problem, row_means
from solver.emptiness import least_residual
from solver.frozen import frozen
from solver.matrices import over_own_columns, scale_rows, stack_blocks, unit
from solver.memory import FORGETFUL, Memory
from solver.newton import SMALL
from solver.polyhedron import ACCEPTED, Polyhedron, Projection
from solver.program import LinearProgram, Solution
from solver.projection import GOOD, centre_inside, project, project_surely, try_project
from solver.solvers import solve
from solver.sparse import csc_matrix, csr_matrix

KAPPA = 10.0
"""How much more a queue's total weighs than a team's part of it: work belongs to queues, teams are interchangeable."""

_STEPS = ((0.02, 0.02), (0.08, 0.12), (np.inf, 0.6))
"""Width (part of a cell's scale) and slope of the deviations in the program that stands in."""


@frozen
class Fairest:
    """The fairest plan and its prices.

    point : float64, shape (cells,)
    move : float64, shape (cells,), items by which a cell moves per unit of price
    row_price : float64, shape (kept rows,); queue_price : float64, shape (totals,)
    is_projected : False where the piecewise-linear program stands in (then prices are 0)
    residual : of the projection; steps : Newton steps
    is_settled : whether it hangs on nothing but rows and bounds, to the last digits
    is_any_price : whether its prices are any of many that say the same, as the surer search happened to find them
    program : the program that stood in, with its solution
    """

    point: np.ndarray
    move: np.ndarray
    row_price: np.ndarray
    queue_price: np.ndarray
    is_projected: bool
    residual: float
    steps: int
    is_settled: bool = False
    is_any_price: bool = False
    program: tuple[LinearProgram, Solution] | None = None


@frozen
class OnFace:
    """A plan at the frozen levels, and what all such plans have in common."""

    point: np.ndarray
    tight: Tight


def find_fairest(
    problem: Problem,
    hard: Hard,
    kept: KeptRows,
    face: OnFace | None = None,
    *,
    reached: Fairest | None = None,
    may_stand_in: bool = True,
    memory: Memory = FORGETFUL,
    near: str = "",
) -> Fairest:
    """Return the plan of least Φ that keeps all rows; check ``is_projected``.

    Parameters
    ----------
    face : where the programs' prices say what is tight: searched where the whole body is too thin
    reached : what ``reach_fairest`` found, where that is known already
    may_stand_in : whether a program may stand in where the search fails; it grows faster than its cells
    memory : what earlier runs found out; near : as in ``solver.projection.try_project``
    """
    tight = None if face is None else face.tight
    found = reach_fairest(problem, hard, kept, memory, near) if reached is None else reached
    if found.residual <= GOOD:
        return with_smallest_prices(problem, hard, kept, found, tight, memory)
    tries = [found]
    if face is not None and face.tight.any:
        held = _held_by_programs(hard, kept, face)
        tries.append(_nearest(problem, *_narrowed(hard, kept, held), partial(project, memory=memory)))
    if tries[-1].residual > GOOD and not is_small(problem):
        tries.append(_nearest(problem, hard, kept, partial(project, memory=memory)))
    best = replace(min(tries, key=lambda each: each.residual), steps=sum(each.steps for each in tries))
    return best if best.is_projected or not may_stand_in else _stand_in(problem, hard, kept, best)


def is_small(problem: Problem) -> bool:
    """Whether the surer search takes no time: what it finds hangs on rows alone, not on where a program ended."""
    return len(problem.fair.value) <= SMALL


def reach_fairest(problem: Problem, hard: Hard, kept: KeptRows, memory: Memory = FORGETFUL, near: str = "") -> Fairest:
    """Return the projection, accepted or not, by what rows and bounds say alone, as surely as the size allows.

    near : as in ``solver.projection.try_project``
    """
    tried = "" if is_small(problem) else near  # of what may be empty, a start seldom says more
    found = _nearest(problem, hard, kept, partial(try_project, memory=memory, near=tried, is_far_worth=False))
    if found.is_settled or not is_small(problem):
        return found
    body = Polyhedron(kept.matrix, kept.lower, kept.upper, hard.lower, hard.upper)
    if found.residual > GOOD and least_residual(body, memory) > GOOD:
        return found  # there is no plan at all, and the surer search would take longest to end
    surely = _nearest(problem, hard, kept, partial(project_surely, memory=memory, near=near))
    return replace(surely, steps=found.steps + surely.steps, is_any_price=surely.residual <= GOOD)


def with_smallest_prices(
    problem: Problem, hard: Hard, kept: KeptRows, found: Fairest, tight: Tight | None, memory: Memory = FORGETFUL
) -> Fairest:
    """Return a plan with the smallest prices that make it, where the search happened to find any.

    Where rows leave next to no room, many prices say the same: on the face of all that is tight, the smallest are
    taken. The plan stays where it is, for of what is tight the programs' prices may tell more or less.

    Parameters
    ----------
    tight : what the programs' prices call tight, where they do: of all prices that make the plan, those of these
    """
    if not found.is_any_price:
        return found
    held = _held_by_itself(hard, kept, found, tight)
    own = _nearest(problem, *_narrowed(hard, kept, held), partial(project, memory=memory))
    told = own if own.is_settled else found
    return replace(
        found,
        row_price=told.row_price, queue_price=told.queue_price, steps=found.steps + own.steps, is_any_price=False,
    )  # fmt: skip


@frozen
class _Held:
    """A plan, and what is held where it has it. activity : float64, of rows; rows, cells : bool, which are held."""

    point: np.ndarray
    activity: np.ndarray
    rows: np.ndarray
    cells: np.ndarray


def _held_by_itself(hard: Hard, kept: KeptRows, found: Fairest, tight: Tight | None) -> _Held:
    """Return all that is tight in a plan, for the eye: cells are put at the bounds that they all but touch.

    tight : which rows may be; None = any
    """
    point = found.point.copy()
    cells = np.zeros(len(point), dtype=bool)
    for bound in (hard.lower, hard.upper):
        near = np.isfinite(bound) & (np.abs(point - bound) <= ACCEPTED * np.maximum(1.0, np.abs(point)))
        point, cells = np.where(near, bound, point), cells | near
    activity = kept.matrix @ point
    rows = np.minimum(np.abs(activity - kept.lower), np.abs(activity - kept.upper)) <= ACCEPTED
    if tight is not None:
        rows &= tight.rows(kept)
    return _Held(point, activity, rows, cells)


def _held_by_programs(hard: Hard, kept: KeptRows, face: OnFace) -> _Held:
    """Return all that the programs' prices call tight, where their plan has it."""
    point = np.clip(face.point, hard.lower, hard.upper)
    activity = kept.matrix @ point
    # what a solver left of a bound is noise, and a thin body makes much of it
    for bound in _bounds(kept):
        activity = np.where(np.abs(activity - bound) <= NOISE, bound, activity)
    return _Held(point, activity, face.tight.rows(kept), face.tight.cells)


def _bounds(kept: KeptRows) -> tuple[np.ndarray, ...]:
    """Return where rows may be tight: at the levels themselves, or with the room that they have."""
    return kept.lower + ROOM, kept.upper - ROOM, kept.lower, kept.upper


def _narrowed(hard: Hard, kept: KeptRows, held: _Held) -> tuple[Hard, KeptRows]:
    """Return bounds and rows with all that is tight held where a plan has it."""
    rows, cells, activity = held.rows, held.cells, held.activity
    narrowed = replace(
        kept,
        lower=np.where(rows, activity, np.minimum(kept.lower, activity)),
        upper=np.where(rows, activity, np.maximum(kept.upper, activity)),
    )
    lower, upper = np.where(cells, held.point, hard.lower), np.where(cells, held.point, hard.upper)
    return replace(hard, lower=lower, upper=upper), narrowed


def try_fairest(problem: Problem, hard: Hard, kept: KeptRows, memory: Memory = FORGETFUL, near: str = "") -> Fairest:
    """Return the projection, accepted or not: above some size it is tried before any program.

    near : as in ``solver.projection.try_project``
    """
    return _nearest(problem, hard, kept, partial(try_project, memory=memory, near=near))


def _nearest(
    problem: Problem,
    hard: Hard,
    kept: KeptRows,
    project_onto: Callable[[np.ndarray, np.ndarray, Polyhedron], Projection],
) -> Fairest:
    fair, queues = problem.fair, problem.queues
    norm = mean_hours(problem)
    move = norm * fair.scale / fair.hours
    inside = centre_inside(fair.value, Polyhedron(kept.matrix, kept.lower, kept.upper, hard.lower, hard.upper))
    if inside is not None and np.array_equal(inside.point, fair.value):  # then every queue is at its fair total, too
        nothing = np.zeros(len(queues.may_lose))
        return Fairest(fair.value, move, inside.price, nothing, True, inside.residual, 0, True)
    totals, scales = queues.matrix @ fair.value, queues.matrix @ fair.scale
    movable = np.flatnonzero(scales > 0)
    # counted in parts of the queue's own scale, so that how exactly a total is kept is the same for any volume
    per_scale = 1 / scales[movable]
    queue_rows = scale_rows(queues.matrix[movable], per_scale)
    n_cells, n_totals = len(fair.value), len(movable)
    queue_move = norm * scales[movable] / (KAPPA * row_means(queues.matrix, fair)[movable])
    matrix = over_own_columns(kept.matrix, queue_rows, -per_scale)
    zero = np.zeros(n_totals)
    body = Polyhedron(
        matrix,
        np.concatenate([kept.lower, zero]),
        np.concatenate([kept.upper, zero]),
        np.concatenate([hard.lower, np.full(n_totals, -np.inf)]),
        np.concatenate([hard.upper, np.full(n_totals, np.inf)]),
        np.concatenate([problem.plan.cells.period, queues.keys[movable, 2]]),
    )
    found = project_onto(np.concatenate([fair.value, totals[movable]]), np.concatenate([move, queue_move]), body)
    queue_price = np.zeros(len(totals))
    queue_price[movable] = found.price[len(kept.lower) :] * per_scale
    return Fairest(
        found.point[:n_cells],
        move,
        found.price[: len(kept.lower)],
        queue_price,
        found.is_accepted,
        found.residual,
        found.steps,
        found.is_settled,
    )


def mean_hours(problem: Problem) -> float:
    """Return the plan's mean pricing hours per item: prices become parts of a deviation."""
    fair = problem.fair
    total = float(fair.value.sum())
    return float(fair.hours @ fair.value) / total if total > 0 else 1.0


def unfairness(problem: Problem, point: np.ndarray) -> float:
    """Return Φ of a plan, in hours."""
    fair, queues = problem.fair, problem.queues
    scales = queues.matrix @ fair.scale
    off, queue_off = point - fair.value, queues.matrix @ (point - fair.value)
    cells = np.divide(fair.hours * off**2, 2 * fair.scale, out=np.zeros(len(off)), where=fair.scale > 0)
    hours = row_means(queues.matrix, fair)
    totals = np.divide(hours * queue_off**2, 2 * scales, out=np.zeros(len(queue_off)), where=scales > 0)
    return float(cells.sum() + KAPPA * totals.sum())


def deviation_program(problem: Problem, hard: Hard, kept: KeptRows) -> tuple[LinearProgram, np.ndarray, csr_matrix]:
    """Return the kept rows over piecewise-linear deviations: x = start + spread @ (up_1, up_2 …, down_1, down_2 …).

    Returns
    -------
    The program; start : float64, shape (cells,); spread : csr, shape (cells, columns)
    """
    fair = problem.fair
    n_cells = len(fair.value)
    start = np.clip(fair.value, hard.lower, hard.upper)
    room_up, room_down = hard.upper - start, start - hard.lower
    uppers, costs = [], []
    for room in (room_up, room_down):
        left = room.copy()
        for width, slope in _STEPS:
            step = np.minimum(np.where(fair.scale > 0, width * np.maximum(fair.scale, 1e-12), 0), left)
            uppers.append(step)
            costs.append(fair.hours * slope)
            left = np.where(np.isfinite(left), left - np.where(np.isfinite(step), step, 0), left)
    eye: csr_matrix = unit(n_cells)
    spread = stack_blocks([[eye] * len(_STEPS) + [-eye] * len(_STEPS)])
    offset = kept.matrix @ start
    cost = np.concatenate(costs)
    program = LinearProgram(
        cost / max(float(cost.max()), 1e-12),
        csc_matrix(kept.matrix @ spread),
        kept.lower - offset,
        kept.upper - offset,
        np.zeros(spread.shape[1]),
        np.concatenate(uppers),
    )
    return program, start, spread


def _stand_in(problem: Problem, hard: Hard, kept: KeptRows, found: Fairest) -> Fairest:
    """Return the vertex of the same rows with piecewise-linear deviations."""
    program, start, spread = deviation_program(problem, hard, kept)
    solution = solve(program, problem.plan.settings.solver)
    if not solution.is_optimal:
        return found
    return Fairest(
        start + spread @ solution.value,
        found.move,
        np.zeros(len(found.row_price)),
        np.zeros(len(found.queue_price)),
        False,
        found.residual,
        found.steps,
        program=(program, solution),
    )
