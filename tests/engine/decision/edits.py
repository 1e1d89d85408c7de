"""Plans edited in one place and decided with what the run before found, against the same plan decided from nothing.

``python -m tests.engine.decision.edits [--count 1000]`` prints how far the two are apart: plans in fractions as a part
of each cell, plans in whole units in cells that differ.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.decision.clock import AGAIN, Watch
from engine.decision.decide import decide
from engine.formulation.problem import Problem, formulate
from engine.plan import Plan
from engine.whole.rounding import round_plan
from engine.workers import ALONE, Workers
from solver.memory import FORGETFUL, Anchored, Memory, Remembering
from tests.plans import in_units
from tests.referee.case import varied_parts

EXACT = 1e-9
"""The most that a cell may be off, as a part of itself or of one item."""


@dataclass(frozen=True)
class Found:
    """What a plan comes to: in fractions, in whole units, and every target's miss, before the mix guard."""

    point: np.ndarray
    whole: np.ndarray
    miss: np.ndarray


def found(plan: Plan, memory: Memory = FORGETFUL) -> Found:
    """Return what a plan comes to."""
    return found_of(formulate(plan), memory)


def found_of(problem: Problem, memory: Memory, workers: Workers = ALONE) -> Found:
    """Return what a plan as rows comes to."""
    decision = decide(problem, Watch(memory=memory, workers=workers))
    rounded = round_plan(problem, decision.hard, decision.point, workers, memory)
    return Found(decision.point, rounded.point, decision.priced_miss)


@dataclass(frozen=True)
class Apart:
    """How far two answers are apart: parts of a cell, cells in whole units, parts of a miss."""

    cells: float
    whole: int
    miss: float


def apart(first: Found, second: Found) -> Apart:
    """Return how far two answers are apart."""
    off = np.abs(first.point - second.point) / np.maximum(np.abs(second.point), 1.0)
    miss = np.abs(first.miss - second.miss) / np.maximum(np.abs(second.miss), 1.0)
    return Apart(float(off.max(initial=0.0)), int((first.whole != second.whole).sum()), float(miss.max(initial=0.0)))


def _times(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    changed = values.copy()
    finite = np.flatnonzero(np.isfinite(values) & (values > 0))
    if len(finite):
        at = rng.choice(finite)
        changed[at] = round(float(changed[at] * rng.choice([0.9, 0.97, 1.01, 1.1])), 3)
    return changed


def _target(plan: Plan, rng: np.random.Generator) -> Plan:
    return replace(plan, targets=replace(plan.targets, value=_times(plan.targets.value, rng)))


def _hours(plan: Plan, rng: np.random.Generator) -> Plan:
    return replace(plan, capacity=replace(plan.capacity, hours=_times(plan.capacity.hours, rng)))


def _limit(plan: Plan, rng: np.random.Generator) -> Plan:
    upper = np.maximum(_times(plan.limits.upper, rng), plan.limits.lower)
    return replace(plan, limits=replace(plan.limits, upper=upper))


def _baseline(plan: Plan, rng: np.random.Generator) -> Plan:
    return replace(plan, cells=replace(plan.cells, baseline=_times(plan.cells.baseline, rng)))


EDITS: dict[str, Callable[[Plan, np.random.Generator], Plan]] = {
    "a target": _target,
    "hours": _hours,
    "a limit": _limit,
    "a baseline": _baseline,
}


def compare(seed: int, edit: str) -> Apart:
    """Decide a random plan, edit it, and decide it with and without what was found before.

    With it in both ways: as the next run of a workbook has it, and as second runs of what-ifs do.
    """
    plan = in_units(varied_parts(seed).build())
    edited = EDITS[edit](plan, np.random.default_rng(seed))
    cold = found(edited)
    first, next_run = Remembering(), Remembering()
    found(plan, next_run)
    decide(formulate(plan), Watch(memory=first).before_others())
    second_run = decide(formulate(edited), Watch(memory=Anchored(first), near=AGAIN))
    again = Found(second_run.point, cold.whole, second_run.priced_miss)
    ways = [apart(each, cold) for each in (found(edited, next_run), again)]
    return Apart(max(way.cells for way in ways), ways[0].whole, max(way.miss for way in ways))


def main() -> None:
    """Compare as many plans as were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    for edit in EDITS:
        results = [compare(seed, edit) for seed in range(asked.first, asked.first + asked.count // len(EDITS))]
        cells = np.array([each.cells for each in results])
        worst = int(np.argmax(cells))
        print(  # noqa: T201
            f"{edit:<12} {len(results)} plans: the same bits {int((cells == 0).sum())}, at most {cells.max():.1e} "
            f"apart (plan {worst + asked.first}), above {EXACT:g}: {int((cells > EXACT).sum())}; misses at most "
            f"{max(each.miss for each in results):.1e} apart; in whole units {sum(each.whole > 0 for each in results)} "
            "plans differ",
            flush=True,
        )


if __name__ == "__main__":
    main()
