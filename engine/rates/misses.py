"""How far targets of a rate must be missed, strictly by priority: misses in items × points, in rising segments.

Owns: the programs, one per priority, and the split among equals that makes their answer unique.
"""

from __future__ import annotations

import numpy as np

from engine.decision.segments import SegmentColumns, Settled
from engine.plan import Settings
from engine.rates.hard import Programs, RateHard
from engine.rates.rows import RateTargets
from solver.face import nearest_on_optimal_face, priced
from solver.frozen import frozen
from solver.matrices import scale_rows, stack_blocks
from solver.program import LinearProgram, Solution, SolveStatus, solved_in_time
from solver.solvers import open_session
from solver.sparse import csc_matrix

NOTHING = 1e-8
"""Miss, as a part of the target's size, that counts as none."""

_EVENNESS = 1e3  # how much more an uneven split of misses weighs than an uneven plan


@frozen
class RateMisses:
    """short, over : float64, shape (targets,), parts of each target's size; point : a plan that misses no more."""

    short: np.ndarray
    over: np.ndarray
    point: np.ndarray
    programs: Programs


@frozen
class Ground:
    """What the programs stand on: where cells start and how easily they move, between which values they can be."""

    start: np.ndarray
    freedom: np.ndarray
    least: np.ndarray
    most: np.ndarray


def find_rate_misses(targets: RateTargets, hard: RateHard, ground: Ground, settings: Settings) -> RateMisses:
    """Return the least misses by priority; each priority strictly before the next."""
    run = _Run(targets, hard, ground, settings)
    if len(targets) == 0:
        run.settle(np.zeros(0, dtype=bool))  # limits alone: any plan that keeps them
    for priority in np.unique(targets.priority).tolist():
        run.settle(targets.priority == priority)
    return RateMisses(run.short, run.over, run.point, tuple(run.programs))


class _Run:
    """Priorities settled one after the other."""

    def __init__(self, targets: RateTargets, hard: RateHard, ground: Ground, settings: Settings) -> None:
        self.programs: list[tuple[LinearProgram, Solution]] = []
        self.point = ground.start
        self.short, self.over = np.zeros(len(targets)), np.zeros(len(targets))
        self._targets, self._ground, self._misses = targets, ground, settings.misses
        self._columns = SegmentColumns(len(targets))
        self._price = targets.rows.weight * targets.size
        self._settled = Settled(self._columns)
        program = self._program(hard)
        self._tight = (
            np.zeros(program.matrix.shape[0], dtype=bool), np.zeros(program.matrix.shape[1], dtype=bool)
        )  # fmt: skip
        self._session = open_session(program, settings.solver)

    def _program(self, hard: RateHard) -> LinearProgram:
        """Return rows of limits, then Σ (w/W) r + short − over = asked, each scaled to its size."""
        targets, columns, ground = self._targets, self._columns, self._ground
        per_size = 1 / targets.size
        segments = columns.matrix()
        short, over = (np.flatnonzero(side) for side in (targets.has_shortfall, targets.has_excess))
        matrix = scale_rows(targets.rows.matrix, per_size)
        nothing, everything = np.full(len(over), -np.inf), np.full(len(short), np.inf)
        asked = targets.asked * per_size
        width = np.zeros(2 * columns.width)
        return LinearProgram(
            np.zeros(len(ground.start) + 2 * columns.width),
            csc_matrix(
                stack_blocks(
                    [
                        [hard.matrix, None, None],
                        [matrix[short], segments[short], None],
                        [matrix[over], None, -segments[over]],
                    ]
                )
            ),
            np.concatenate([hard.row_lower, asked[short], nothing]),
            np.concatenate([hard.row_upper, everything, asked[over]]),
            np.concatenate([ground.least, width]),
            np.concatenate([ground.most, np.full(2 * columns.width, np.inf)]),
        )

    def settle(self, now: np.ndarray) -> None:
        """Minimise the misses of one priority, share them evenly, and freeze them."""
        n_cells = len(self._ground.start)
        cost = np.concatenate(
            [np.zeros(n_cells), *2 * [self._columns.costs(np.where(now, self._price, 0), self._misses)]]
        )
        self._session.set_costs(cost / max(float(cost.max()), 1e-300))
        solution = self._solved()
        while solution.status is SolveStatus.INFEASIBLE and self._settled.loosen():
            solution = self._solved()
        solved_in_time(solution)
        program = self._session.program
        self.programs.append((program, solution))
        rows, columns = priced(program, solution)
        rows, columns = rows | self._tight[0], columns | self._tight[1]
        columns[n_cells:] = self._tight[1][n_cells:]
        self._tight = (rows, columns)
        value = solution.value
        if now.sum() > 1 and (np.concatenate(self._missed(value))[np.tile(now, 2)] > 0).any():
            value = self._evened(program, solution)
        self.point = value[:n_cells]
        found = self._missed(value)
        for kind, (miss, kept) in enumerate(zip(found, (self.short, self.over), strict=True)):
            kept[now] = miss[now]
            self._settled.keep(kind, now, miss)
        self._tight[1][n_cells:] = np.repeat(self._settled.which.ravel(), self._columns.width // max(len(now), 1))

    def _solved(self) -> Solution:
        width = 2 * self._columns.width
        self._session.set_bounds(
            np.concatenate([self._ground.least, np.zeros(width)]),
            np.concatenate([self._ground.most, self._settled.upper()]),
        )
        return self._session.solve()

    def _evened(self, program: LinearProgram, solution: Solution) -> np.ndarray:
        ground, width = self._ground, self._columns.width
        per_segment = np.repeat(1 / (_EVENNESS * self._price), width // len(self._price))
        return nearest_on_optimal_face(
            program,
            solution,
            np.concatenate([ground.start, np.zeros(2 * width)]),
            np.concatenate([ground.freedom, per_segment, per_segment]),
            self._tight,
        )

    def _missed(self, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return shortfall and excess of each target, parts of their sizes."""
        n_cells, width = len(self._ground.start), self._columns.width
        short, over = (
            self._columns.total(part) for part in (value[n_cells : n_cells + width], value[n_cells + width :])
        )
        return np.where(short > NOTHING, short, 0.0), np.where(over > NOTHING, over, 0.0)
