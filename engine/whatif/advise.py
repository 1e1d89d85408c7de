"""Everything that second runs find out about a plan that misses something, within a number of runs.

Owns: what is asked first, and how many runs a plan of some size is given.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.outcome import Outcome
from engine.tables import Inputs
from engine.whatif.advice import Advice, Conflict, Mend
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from engine.whatif.binding import limits_at_end
from engine.whatif.conflicts import find_conflicts
from engine.whatif.mends import find_mends, is_reachable_alone
from engine.whatif.worth import TOP, concentrated_miss, find_costs, find_worth, worth_order
from solver.frozen import frozen

_CELL_RUNS = 40_000
"""Cells times runs that are spent unasked: about as long as the run itself took."""

_MOST_RUNS = 24
_RUNS_OF_A_MISS = 10  # about how many runs it takes to find the mends of one miss
_CONFLICT_CELLS = 20_000  # above, contradictions are sought where asked for only


@frozen
class _Budget:
    """How many misses, rows of Capacity and limits are asked about."""

    misses: int
    capacity: int
    limits: int


def advise(inputs: Inputs, outcome: Outcome, asking: Asking, on_step: Callable[[str], None]) -> Advice:
    """Return advice on a plan.

    Parameters
    ----------
    inputs : the tables that the plan was built from
    on_step : told what is being done, in words
    """
    budget = _budget(asking, len(outcome.value))
    again = Again(inputs)
    conflicts = _conflicts(outcome, asking, on_step)
    missed = _missed(outcome)
    if not missed:
        return _nothing(outcome, conflicts)
    reachable = np.full(len(outcome.targets.met), -1)
    mends: list[Mend] = []
    asked = missed[: budget.misses]
    for at, row in enumerate(asked, start=1):
        on_step(f"what would close miss {at} of {len(asked)}")
        reachable[row] = int(is_reachable_alone(outcome, row))
        mends += find_mends(again, outcome, row)
    rows, limits = worth_order(outcome)[: budget.capacity], _limits_at_end(outcome)[: budget.limits]
    if rows or limits:
        on_step("what hours and limits are worth")
    worth, costs = find_worth(outcome, rows), find_costs(outcome, limits)
    is_spread = outcome.plan.settings.misses == "spread" and len(missed) > 1 and budget.limits > 0
    return Advice(
        reachable,
        np.isin(np.arange(len(reachable)), asked),
        tuple(mends),
        conflicts,
        worth.hour,
        worth.fte,
        worth.words,
        costs,
        concentrated_miss(outcome) if is_spread else np.nan,
        again.count,
    )


def _budget(asking: Asking, cells: int) -> _Budget:
    if asking is Asking.NONE:
        return _Budget(0, 0, 0)
    if asking is Asking.ALL:
        return _Budget(10**9, 10**9, 10**9)
    if asking is Asking.TOP:
        return _Budget(TOP, TOP, TOP)
    runs = min(_MOST_RUNS, _CELL_RUNS // max(cells, 1))
    return _Budget(min(3, -(-runs // (2 * _RUNS_OF_A_MISS))), runs // 6, runs // 8)


def _conflicts(outcome: Outcome, asking: Asking, on_step: Callable[[str], None]) -> tuple[Conflict, ...]:
    if asking is Asking.NONE or not (outcome.limits.breach > 0).any():
        return ()
    if asking is Asking.USUAL and len(outcome.value) > _CONFLICT_CELLS:
        return ()
    on_step("which limits contradict each other")
    return find_conflicts(outcome.plan)


def _missed(outcome: Outcome) -> list[int]:
    """Return the missed targets of volumes and hours, the first priority first, then the largest part missed."""
    plan, results = outcome.plan, outcome.targets
    missed = np.flatnonzero(~results.met & ~plan.metrics.is_kind(plan.targets.scope.metric, "rate"))
    part = results.shortfall[missed] / np.maximum(np.abs(plan.targets.value[missed]), 1.0)
    ordered: list[int] = missed[np.lexsort((missed, -part, plan.targets.priority[missed]))].tolist()
    return ordered


def _limits_at_end(outcome: Outcome) -> list[int]:
    """Return limits at their end, wherever they stand: any may push a shortage on."""
    everywhere = np.ones(len(outcome.value), dtype=bool)
    return [int(binding.rows[0]) for binding in limits_at_end(outcome, everywhere)]


def _nothing(outcome: Outcome, conflicts: tuple[Conflict, ...]) -> Advice:
    count = len(outcome.targets.met)
    none = np.full(len(outcome.plan.capacity), np.nan)
    nobody = np.zeros(count, dtype=bool)
    return Advice(np.full(count, -1), nobody, (), conflicts, none, none, ("",) * len(none), (), np.nan, 0)
