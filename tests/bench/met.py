"""How many targets of a large plan are met, in both counts, of those that could be: ``python -m tests.bench.met``.

Both counts: in items, and in the hours that items of a fair mix take. A target that is missed in either is asked for
alone, without the others: only where it can be met then was it attainable. Items are counted as they are written, in
whole units, as Target Check does; hours before, for whole units move them by what a unit takes.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import decide
from engine.formulation.problem import Problem, formulate
from engine.results import rounding_room, target_results
from engine.whole.rounding import round_plan
from tests.bench.books import SIZES, plan_book
from workbooks.run import read_plan
from workbooks.workers import CORES

_COUNTED = 1e-6
"""Part of a target within which it counts as met."""


def met_in_both_counts(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Return which targets the whole plan meets in items and in fair-mix hours: bool, shapes (targets,)."""
    targets, decision = problem.targets, decide(problem, Watch(workers=CORES))
    value = round_plan(problem, decision.hard, decision.point, CORES).point
    in_items = target_results(problem, decision, value, rounding_room(problem)).met[targets.source]
    least = np.where(targets.has_shortfall, targets.asked, -np.inf) - _COUNTED * targets.size
    in_hours = targets.fair_mix @ decision.point >= least
    return in_items, in_hours


def count(problem: Problem) -> str:
    """Return how many targets are met, and how many of the others could be by themselves."""
    in_items, in_hours = met_in_both_counts(problem)
    missed = np.flatnonzero(~(in_items & in_hours))
    plan, attainable = problem.plan, 0
    for row in problem.targets.source[missed].tolist():
        alone = formulate(replace(plan, targets=plan.targets.take(np.array([row]))))
        attainable += int(all(each.all() for each in met_in_both_counts(alone)))
    both = len(in_items) - len(missed)
    return (
        f"{len(problem.fair.value):9,} cells, {len(in_items)} targets: {both} met in both counts"
        f" ({in_items.sum()} in items, {in_hours.sum()} in hours); of the others {attainable} could be met alone"
    )


def main() -> None:
    """Count the plans that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=["1M"], choices=list(SIZES))
    for name in parser.parse_args().sizes:
        plan = read_plan(plan_book(SIZES[name])).plan
        if plan is None:
            raise SystemExit(f"the plan {name} cannot be read")
        print(f"{name:<24}{count(formulate(plan))}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
