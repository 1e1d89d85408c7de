"""The whole plan, solved again with some cells changed.

Owns: edits in, outcome out: the only proof of what a change does; and from which size on misses alone are found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np

from engine.building import build_plan
from engine.decision.clock import AGAIN, UNTIMED, Watch
from engine.decision.decide import FAST_PATH_CELLS, Upto, decide, is_cut
from engine.formulation.problem import Problem, formulate, with_hours_of
from engine.formulation.whole_units import units_of
from engine.issues import Place
from engine.outcome import Judged, Outcome
from engine.plan import Plan
from engine.recompute import judge, judge_misses
from engine.tables import Inputs
from engine.whatif.edits import Edit, edited
from engine.whatif.retyped import Retyping
from solver.memory import Anchored, Memory
from solver.program import SolverFailedError

Answer = TypeVar("Answer")

_SURE = 1e-4  # part of a target, far more than programs are off

_WHOLE, _SPREAD, _UP_TO_GUARD = 20, 6, 2
"""What a whole run takes, and one in which several targets of a priority are missed: who misses what must be made even;
and such a one as far as its fair outcome.

In runs that find misses alone, by tests/bench's plans of 7,000 and 100,000 cells."""


def cost_of(found: Outcome | Judged) -> int:
    """Return what a run that finds misses alone takes, by what it found."""
    priority = found.plan.targets.priority[~found.targets.met]
    return _SPREAD if len(np.unique(priority)) < len(priority) else 1


def finds_misses_alone(problem: Problem) -> bool:
    """Whether second runs that ask for misses spare the fairest plan: a large one takes ten times as long whole.

    A small plan is told to the unit. Rates are averaged by the fairest plan; above a size plans are cut into periods.
    """
    return len(problem.plan.cells) > FAST_PATH_CELLS and not problem.plan.rates and not is_cut(problem)


def unless_it_fails(ask: Callable[[], Answer]) -> Answer | None:
    """Return an answer, None where the solver has none: a question besides the plan is no reason to lose the plan."""
    try:
        return ask()
    except SolverFailedError:
        return None


@dataclass
class Again:
    """Solves a plan again and again. count : how often so far; last : what came of it last.

    asked : how many questions were asked; of a small plan, the same one is answered without another run
    spent : what that took, in runs that find next to nothing missed; a measure that is the same on every machine
    is_in_vain : whether ``misses`` had an answer without the whole of the last run
    inputs : the tables that the plan was built from
    watch : what runs are given from outside
    only_misses : whether ``misses`` finds no more than these
    is_small : whether answers are kept: they take no memory to speak of
    retyping : the plan, for numbers typed into it; rows : the plan as rows; where they are known
    raised : by which parts hours of some cells were raised so far, in a small plan
    """

    inputs: Inputs
    watch: Watch = UNTIMED
    only_misses: bool = False
    is_small: bool = False
    count: int = 0
    asked: int = 0
    spent: float = 0.0
    last: Judged | None = None
    is_in_vain: bool = False
    retyping: Retyping | None = None
    rows: Problem | None = None
    raised: dict[tuple[Place, ...], set[float]] = field(default_factory=dict)
    _before: Outcome | Judged | None = None
    _known: dict[tuple[Edit, ...], Judged | None] = field(default_factory=dict)

    @classmethod
    def after(cls, inputs: Inputs, outcome: Outcome, memory: Memory) -> Again:
        """Return second runs on a plan. memory : what the first one found, from where each of them starts."""
        watch = Watch(memory=Anchored(memory), near=AGAIN) if memory.is_kept else UNTIMED
        rows = formulate(outcome.plan)
        only_misses = finds_misses_alone(rows)
        is_small = len(outcome.plan.cells) <= FAST_PATH_CELLS
        return cls(inputs, watch, only_misses, is_small, retyping=Retyping(inputs, outcome.plan), rows=rows)

    @property
    def about(self) -> str:
        """What stands before amounts of others: runs that find misses alone round nothing, and are off by a unit."""
        is_rounded = self.rows is None or bool(units_of(self.rows.plan).any())
        return "about " if self.only_misses and is_rounded else ""

    def solve(self, edits: Sequence[Edit]) -> Judged | None:
        """Return what the plan comes to once some cells are changed; None where that is no sound plan."""
        return self._answered(edits, self.judge)

    def misses(self, edits: Sequence[Edit], in_vain: tuple[int, float] | None = None) -> Judged | None:
        """Return the same, as far as misses go; cells and rates count only where ``only_misses`` is not set.

        Parameters
        ----------
        in_vain : a row of Targets, and how much of its fair outcome's miss must be left for nothing else to be of
            interest; None is returned where that and the mix guard say so already
        """
        self.is_in_vain = False
        return self._answered(edits, partial(self._misses_unless, in_vain))

    def _misses_unless(self, in_vain: tuple[int, float] | None, plan: Plan) -> Judged | None:
        if in_vain is None or not self.only_misses:
            return self.judge_misses(plan)
        rows = self._rows_of(plan) or formulate(plan)
        self.is_in_vain = self._surely_misses(rows, *in_vain)
        if self.is_in_vain:
            self._forget()
            return None
        return self.judge_misses(plan, rows)

    def _answered(self, edits: Sequence[Edit], judged: Callable[[Plan], Judged | None]) -> Judged | None:
        self.asked += 1
        at = tuple(edits)
        if at in self._known:  # one miss after the other is asked about the same limits, widths and hours
            self.last = self._known[at]
            return self.last
        plan = self._plan(edits)
        self.last = None if plan is None else unless_it_fails(partial(judged, plan))
        if self.is_small:
            self._known[at] = self.last
        return self.last

    def _surely_misses(self, problem: Problem, row: int, part: float) -> bool:
        """Whether a row of Targets is surely missed, and its fair outcome by some items or more.

        That takes a third of a run in which several targets of a priority are missed. What is found is known to the run
        that must be made otherwise.
        """
        at = np.flatnonzero(problem.targets.source == row)
        found = unless_it_fails(partial(self._fair_and_most, problem, int(at[0]))) if len(at) else None
        if found is None:
            return False
        (fair, most), asked = found, float(problem.targets.asked[at[0]])
        return most < asked * (1 - _SURE) and fair < asked - part

    def _plan(self, edits: Sequence[Edit]) -> Plan | None:
        plan = None if self.retyping is None else self.retyping.plan(edits)
        return build_plan(edited(self.inputs, edits))[0] if plan is None else plan

    def judge(self, plan: Plan) -> Judged:
        """Return what another plan comes to."""
        self.count += 1
        self.spent += _WHOLE if self.only_misses else 1
        found = judge(plan, self.watch, self._rows_of(plan))
        if self.is_small:
            self._forget()
        return found

    def judge_misses(self, plan: Plan, rows: Problem | None = None) -> Judged:
        """Return the same, as far as misses go. rows : of the plan, where they are known."""
        if not self.only_misses:
            return self.judge(plan)
        self.count += 1
        found = judge_misses(plan, self.watch, self._rows_of(plan) if rows is None else rows)
        self.spent += cost_of(found)
        self._forget()
        return found

    def _rows_of(self, plan: Plan) -> Problem | None:
        """Return a plan as rows, where those of the first run can be taken; None where not."""
        return None if self.rows is None else with_hours_of(self.rows, plan)

    def _forget(self) -> None:
        if isinstance(self.watch.memory, Anchored):
            self.watch.memory.forget()

    def is_out_of_reach(self, problem: Problem) -> bool:
        """Whether a plan of one target misses it for sure: more than the mix guard lets all its queues gain.

        The fair outcome says so in a third of the time; what is found is known to the run that must be made otherwise.
        """
        found = self._fair_and_most(problem, 0)
        return found is not None and found[1] < float(problem.targets.asked[0]) * (1 - _SURE)

    def _fair_and_most(self, problem: Problem, at: int) -> tuple[float, float] | None:
        """Return what a target of a problem comes to in the fair outcome, and at most; None where that is not told.

        Around the fair outcome the mix guard lets queues gain some; within a queue, work may go to the teams that are
        asked for it. After a seal queues are counted from elsewhere, and may gain more.
        """
        if problem.plan.near is not None:
            return None
        row, totals = problem.targets.items[at], problem.queues.matrix
        covered = np.zeros(len(problem.fair.value))
        covered[row.indices] = 1.0
        inside = totals @ covered
        whole = (inside == 0) | (inside == totals @ np.ones(len(covered)))
        if not problem.targets.has_shortfall[at] or not whole.all() or not (row.data == 1).all():
            return None
        self.count, self.spent = self.count + 1, self.spent + (1 if len(problem.targets) == 1 else _UP_TO_GUARD)
        watch = self.watch if len(problem.targets) == 1 else replace(self.watch, only_misses=True)
        point = decide(problem, watch, upto=Upto.FAIR_OUTCOME).point
        fair = (totals @ point)[inside > 0]
        return float(fair.sum()), float((1 + problem.queues.may_lose[inside > 0]) @ fair)

    def before(self, outcome: Outcome) -> Outcome | Judged:
        """Return the first run as ``misses`` finds it, so that differences are those of the change alone."""
        if self._before is None:
            self._before = judge_misses(outcome.plan, self.watch, self.rows) if self.only_misses else outcome
        return self._before
