"""Whether missed targets could be met if each was the only one: for all of them in a small part of a run.

What nothing else is asked for can be had nearly always, or never; either can be proven without a decision. Yes, by a
plan that keeps the hard rows and meets the target in both counts: nothing is missed then. No, by the most that hard
rows let anybody have of it; or by the first run itself, where no other target had a say in it.

Owns: those proofs, and which run tells where there is none.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from engine.decision.hard import Hard, gave_way, settle_hard_rows
from engine.decision.levels import ROOM
from engine.decision.misses import misses_at
from engine.fair.seed import sow
from engine.formulation.problem import Problem, asking_only, formulate
from engine.formulation.whole_units import units_of
from engine.outcome import Outcome
from engine.results import MET
from engine.whatif.again import Again, unless_it_fails
from solver.matrices import scale_rows, stack_blocks, stack_rows
from solver.program import LinearProgram
from solver.solvers import open_session
from solver.sparse import csc_matrix, csr_matrix

_SLACK = 1e-6
"""Part of a target's size by which it must be beaten to have had no say."""


class Alone:
    """Answers for the missed targets of one plan."""

    def __init__(self, again: Again, outcome: Outcome) -> None:
        self._again, self._outcome = again, outcome
        self._whole = formulate(outcome.plan) if again.rows is None else again.rows
        self._seed = sow(outcome.plan)
        self._hard = settle_hard_rows(self._whole, again.watch.memory)
        self._unit = float(np.max(units_of(outcome.plan), initial=0.0))

    def proven(self, row: int) -> bool | None:
        """Whether a missed row of Targets could be met alone, without a run; None where only a run can tell."""
        problem = self._asking(row)
        if problem is None or gave_way(self._hard):
            return None  # which limits give way hangs on what is asked
        if not np.array_equal(problem.fair.scale > 0, self._whole.fair.scale > 0):
            return None  # and so may which cells move
        if _is_met_at_fair_mix(problem, self._hard):
            return True
        if self._was_as_if_alone(row, problem):
            return False
        if 2 * problem.targets.items.nnz > len(problem.fair.value):
            return None  # a program over all cells takes as long as the fair outcome, which says more
        return self._by_program(problem)

    def found(self, row: int) -> bool | None:
        """Whether it could, by a run; None where the solver fails."""
        return unless_it_fails(partial(self._by_run, row))

    def _by_run(self, row: int) -> bool:
        """Whether it could, by a run. Rates are averaged by volumes, so those are planned as they are."""
        plan, problem = self._outcome.plan, self._asking(row)
        if problem is None:
            rates = plan.metrics.is_kind(plan.targets.scope.metric, "rate")
            rows = np.append(np.flatnonzero(~rates), row)
            run = self._again.judge(replace(plan, targets=plan.targets.take(np.sort(rows))))
            return bool(run.targets.met[int(np.searchsorted(np.sort(rows), row))])
        if self._again.only_misses and self._again.is_out_of_reach(problem):
            return False
        return bool(self._again.judge_misses(problem.plan).targets.met[0])

    def _asking(self, row: int) -> Problem | None:
        """Return the plan that asks for one row of Targets only; None for a rate's."""
        at = np.flatnonzero(self._whole.targets.source == row)
        return asking_only(self._whole, int(at[0]), self._seed) if len(at) else None

    def _was_as_if_alone(self, row: int, problem: Problem) -> bool:
        """Whether the first run's own miss is the one alone: no other target had a say in what was had of this one.

        The first priority is settled before all others. What else it hangs on is fair shares, and the fair outcome
        around which queues may move; there others have no say where all are beaten.
        """
        whole, found = self._whole.targets, self._outcome.before_guard
        others = whole.source != row
        is_first = bool((whole.priority[others] > problem.targets.priority[0]).all())
        if not is_first or whole.has_excess[others].any() or not self._is_fair_alike(problem):
            return False
        beaten = np.minimum(whole.items @ found, whole.fair_mix @ found) - whole.asked > _SLACK * whole.size
        return bool(beaten[others].all())

    def _is_fair_alike(self, problem: Problem) -> bool:
        one, other = problem.fair, self._whole.fair
        pairs = ((one.value, other.value), (one.scale, other.scale), (one.hours, other.hours))
        return all(bool((np.abs(a - b) <= ROOM * np.maximum(np.abs(b), ROOM)).all()) for a, b in pairs)

    def _by_program(self, problem: Problem) -> bool | None:
        """Answer by what can be had at most: in items, and in both counts at once."""
        targets, program = problem.targets, most_program(problem, self._hard)
        n_cells = len(program.cost) - 3
        session = open_session(program, problem.plan.settings.solver)
        in_items = session.solve()
        most = float(np.max(targets.items.data, initial=1.0)) * self._unit  # by which whole units move it
        size, asked = float(targets.size[0]), abs(float(targets.asked[0]))
        if not in_items.is_optimal or in_items.objective * size > 2 * max(MET * asked, MET * size, most):
            return False if in_items.is_optimal else None
        kept = program.upper.copy()
        kept[n_cells : n_cells + 2] = ROOM
        session.set_bounds(program.lower, kept)
        session.set_costs(np.append(np.zeros(n_cells + 2), 1.0))
        in_both = session.solve()
        return True if in_both.is_optimal and in_both.objective <= ROOM else None


def _is_met_at_fair_mix(problem: Problem, hard: Hard) -> bool:
    """Whether fair shares of the one target keep all hard rows while everything else takes what it must."""
    cells, point = problem.targets.items.indices, hard.lower.copy()
    point[cells] = problem.fair.value[cells]
    if (point < hard.lower).any() or (point > hard.upper).any():
        return False
    short, over = misses_at(problem.targets, point)
    activity = hard.matrix @ point
    is_kept = (activity >= hard.row_lower - ROOM).all() and (activity <= hard.row_upper + ROOM).all()
    return bool(is_kept and short[0] <= ROOM and over[0] <= ROOM)


def most_program(problem: Problem, hard: Hard) -> LinearProgram:
    """Return the program that comes as near to the one target of a problem, in items, as hard rows let anybody.

    Columns: cells, excess and shortfall in items, shortfall in fair-mix hours, parts of the target's size. Cells that
    only take away hours from those that are asked for stay at their least.
    """
    targets, per_size = problem.targets, 1 / problem.targets.size
    items, mix = scale_rows(targets.items, per_size), scale_rows(targets.fair_mix, per_size)
    kept = _may_help(hard)
    kept[items.indices] = True
    cells, others = np.flatnonzero(kept), np.flatnonzero(~kept)
    columns = csc_matrix(hard.matrix)
    taken, own = columns[:, others] @ hard.lower[others], csr_matrix(columns[:, cells])
    rows = np.flatnonzero(np.diff(own.indptr))
    falls, rises = targets.has_shortfall[0], targets.has_excess[0]
    slack = csr_matrix([[-1.0 if rises else 0.0, 1.0 if falls else 0.0, 0.0], [0.0, 0.0, 1.0]])
    asked = float((targets.asked * per_size)[0])
    least = asked if falls else -np.inf
    return LinearProgram(
        np.concatenate([np.zeros(len(cells)), [1.0, 1.0, 0.0]]),
        csc_matrix(stack_blocks([[own[rows], None], [stack_rows([items, mix])[:, cells], slack]])),
        np.concatenate([(hard.row_lower - taken)[rows], [least, least]]),
        np.concatenate([(hard.row_upper - taken)[rows], [asked if rises else np.inf, np.inf]]),
        np.concatenate([hard.lower[cells], np.zeros(3)]),
        np.concatenate([hard.upper[cells], np.full(3, np.inf)]),
    )


def _may_help(hard: Hard) -> np.ndarray:
    """bool, shape (cells,): cells of which more may leave others room: under a minimum, or below 0 in a share's row."""
    rows = np.repeat(np.arange(hard.matrix.shape[0]), np.diff(hard.matrix.indptr))
    data = hard.matrix.data
    helps = ((data > 0) & (hard.row_lower[rows] > 0)) | ((data < 0) & np.isfinite(hard.row_upper[rows]))
    found = np.zeros(len(hard.lower), dtype=bool)
    found[hard.matrix.indices[helps]] = True
    return found
