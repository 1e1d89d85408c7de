"""Everything that second runs find out about a plan that misses something, within a number of runs.

Owns: what is asked first, and how many runs a plan of some size is given.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import FAST_PATH_CELLS
from engine.outcome import Outcome
from engine.tables import Inputs
from engine.whatif.advice import Advice, Conflict, Guardrails
from engine.whatif.again import Again
from engine.whatif.asking import Asking
from engine.whatif.binding import limits_at_end
from engine.whatif.closing import Most, find_closing
from engine.whatif.compare import missed_part
from engine.whatif.conflicts import find_conflicts
from engine.whatif.worth import TOP, find_costs, find_worth, what_binds, without_guardrails
from solver.frozen import frozen

_CELL_RUNS = 40_000
"""Cells times whole runs that are spent unasked."""

_CELL_CLOSING = 24_000
_LEAST_CLOSING, _MOST_CLOSING = 24, 64
"""The same of runs that find what closes misses of a small plan, and how many these are at least and at most.

Of the largest miss everything is asked all the same; runs that were made for another miss cost nothing."""

_CELL_MISSES = 800_000
_LEAST_MISSES, _MOST_MISSES = 6, 16
"""The same of runs that find misses alone, as ``Again.spent`` counts them, and how many these are at least and at most.

No further miss is begun after them: the largest is always asked. Each takes a twentieth of the first run, or less."""

_WORTH_MISSES = 20
"""What of such runs is spent on what hours are worth, where no row is begun after them.

That is an hour in each of ``TOP`` rows, unless a priority has several targets that are missed."""

_DEEPLY = 0.05
"""Part of all that is asked; a plan that misses more is asked about for longer: its first run takes long as well."""

_CLOSING_DEEP, _WORTH_DEEP = 200, 120
"""The same of such a plan: two dozen misses of one priority, and ``TOP`` rows."""

_ROW_BY_ROW = 300
"""Cells up to which these runs go on to rows of Capacity that are rolled up with one that was asked."""

_PROOFS = 200
"""Misses of which it is asked unasked whether they could be met alone: a thousandth of a run each, as a rule."""

_MOST_RUNS = 40
_RUNS_OF_A_MISS = 10  # about how many runs it takes to find the mends of one miss
_LEAST_OF_RATES = 1e-3
_CONFLICT_CELLS = 20_000  # above, contradictions are sought where asked for only


@frozen
class _Budget:
    """How many misses, rolled-up rows of Capacity (all of them, where all are asked) and limits are asked about.

    worth : what may be spent on rows of Capacity, as ``Again.spent`` counts it
    """

    closing: Most
    capacity: int
    limits: int
    worth: float = np.inf


def advise(inputs: Inputs, outcome: Outcome, asking: Asking, watch: Watch) -> Advice:
    """Return advice on a plan.

    Parameters
    ----------
    inputs : the tables that the plan was built from
    watch : told what is being done, in words; its memory holds what the first run found
    """
    again = Again(inputs) if asking is Asking.NONE else Again.after(inputs, outcome, watch.memory)
    on_step = watch.on_step
    budget = _budget(asking, outcome, only_misses=again.only_misses)
    conflicts = _conflicts(outcome, asking, on_step)
    missed = _missed(outcome)
    closing = find_closing(again, outcome, missed, budget.closing, on_step)
    binds = what_binds(outcome) if missed else []
    rows = [each.rows[0] for each in binds]
    if asking is Asking.ALL or len(outcome.value) <= _ROW_BY_ROW:
        rows += [row for each in binds for row in each.rows[1:]]
    limits = _limits_at_end(outcome) if missed or asking in (Asking.TOP, Asking.ALL) else []
    worth = find_worth(again, outcome, rows[: budget.capacity], budget.worth, on_step)
    if limits and budget.limits:
        on_step("what limits cost")
    costs = find_costs(again, outcome, limits[: budget.limits])
    return Advice(
        closing.reachable,
        closing.is_asked,
        tuple(closing.mends),
        tuple(closing.failed),
        conflicts,
        worth.hour,
        worth.fte,
        worth.words,
        tuple(binds),
        costs,
        len(limits) - len(costs),
        without_guardrails(again, outcome) if missed and budget.limits else _no_guardrails(outcome),
        again.count,
        again.only_misses,
    )


def _budget(asking: Asking, outcome: Outcome, *, only_misses: bool) -> _Budget:
    cells = len(outcome.value)
    if asking is Asking.NONE:
        return _Budget(Most(0, 0), 0, 0)
    if asking is Asking.ALL:
        return _Budget(Most(10**9, 10**9), 10**9, 10**9)
    if asking is Asking.TOP:
        return _Budget(Most(_PROOFS, TOP), TOP, TOP)
    runs = min(_MOST_RUNS, _CELL_RUNS // max(cells, 1))
    if only_misses:
        spent = min(max(_CELL_MISSES // cells, _LEAST_MISSES), _MOST_MISSES)
        is_deep = missed_part(outcome) > _DEEPLY
        most = Most(_PROOFS, 10**9, _CLOSING_DEEP if is_deep else spent)
        return _Budget(most, TOP, runs // 8, _WORTH_DEEP if is_deep else _WORTH_MISSES)
    spent = min(max(_CELL_CLOSING // max(cells, 1), _LEAST_CLOSING), _MOST_CLOSING)
    misses = 10**9 if cells <= FAST_PATH_CELLS else min(3, -(-runs // (2 * _RUNS_OF_A_MISS)))
    return _Budget(Most(_PROOFS, misses, spent if cells <= FAST_PATH_CELLS else 2 * runs), runs // 4, runs // 4)


def _conflicts(outcome: Outcome, asking: Asking, on_step: Callable[[str], None]) -> tuple[Conflict, ...]:
    if asking is Asking.NONE or not outcome.limits.contradicted.any():
        return ()
    if asking is Asking.USUAL and len(outcome.value) > _CONFLICT_CELLS:
        return ()
    on_step("which limits contradict each other")
    return find_conflicts(outcome)


def _missed(outcome: Outcome) -> list[int]:
    """Return the missed targets, the first priority first, then the largest part missed."""
    plan, results = outcome.plan, outcome.targets
    missed = np.flatnonzero(~results.met)
    is_rate = plan.metrics.is_kind(plan.targets.scope.metric[missed], "rate")
    least = np.where(is_rate, _LEAST_OF_RATES, 1.0)
    part = results.shortfall[missed] / np.maximum(np.abs(plan.targets.value[missed]), least)
    ordered: list[int] = missed[np.lexsort((missed, -part, plan.targets.priority[missed]))].tolist()
    return ordered


def _limits_at_end(outcome: Outcome) -> list[tuple[int, ...]]:
    """Return limits at their end, by the input row that put them, wherever they stand: any may push a shortage on."""
    everywhere = np.ones(len(outcome.value), dtype=bool)
    found = limits_at_end(outcome, everywhere)
    for rate in outcome.plan.rates:
        found += limits_at_end(outcome, everywhere, rate)
    return [tuple(binding.of_row.tolist()) for binding in found]


def _no_guardrails(outcome: Outcome) -> Guardrails:
    nothing = np.full(len(outcome.targets.met), np.nan)
    return Guardrails(nothing, nothing, np.nan)
