"""Large plans period by period against one piece: what they miss, how fair they are: ``python -m tests.bench.split``.

Prints priced misses, priority by priority and the first in front, and Φ, each as a ratio to one piece.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np

from engine.decision.decide import Decision, decide
from engine.decision.fairness import unfairness
from engine.decision.misses import priced_misses
from engine.formulation.problem import Problem, formulate
from engine.plan import Balance, Plan
from tests.bench.plans import MONTHS, SIZES, Size, large_plan

_PLANS = {
    **SIZES,
    "5k very short": replace(SIZES["5k short"], hours_there=0.8),
    "100k very short": replace(SIZES["100k short"], hours_there=0.8),
}


def with_backlog(plan: Plan) -> Plan:
    """Return the plan with inflow for every queue: a month's history and three per cent, a tenth of it waiting."""
    cells = plan.cells
    asked = np.zeros((len(plan.queues.leaves), MONTHS))
    np.add.at(asked, (cells.queue, cells.period), cells.baseline * 1.03)
    opening = 0.1 * asked[:, 0]
    unknown = np.full(len(opening), np.nan)
    balance = Balance(
        0, -1, opening[:, None] + np.cumsum(asked, axis=1), unknown, np.full(MONTHS, np.nan), opening
    )  # fmt: skip
    return replace(plan, balances=(balance,))


def compare(problem: Problem) -> str:
    """Return a line about one plan."""
    found: list[tuple[Decision, float]] = []
    for above in (0, len(problem.fair.value) + 1):
        before = time.process_time()
        found.append((decide(problem, split_above=above), time.process_time() - before))
    (split, split_s), (whole, whole_s) = found
    least, reached = (np.cumsum(priced_misses(problem, each.fair_outcome)) for each in (whole, split))
    asked = float(problem.targets.asked @ problem.targets.mean_hours)
    ratios = [
        f"{b / a:.4f}" if a > 1e-6 * asked else f"{(b - a) / asked:.1e} of what is asked"
        for a, b in zip(least.tolist(), reached.tolist(), strict=True)
    ]
    fairness = [unfairness(problem, getattr(split, at)) / unfairness(problem, getattr(whole, at)) for at in _POINTS]
    pieces = f"{split.pieces} piece(s), {split.again} twice"
    return (
        f"{len(problem.fair.value):9,} cells, {pieces}: misses {', '.join(ratios)}; "
        f"Φ {fairness[0]:.4f}, after the mix guard {fairness[1]:.4f}; {split_s:.0f} s / {whole_s:.0f} s"
    )


_POINTS = ("fair_outcome", "point")


def main() -> None:
    """Compare the plans that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=["5k short", "5k very short"], choices=list(_PLANS))
    for name in parser.parse_args().sizes:
        size: Size = _PLANS[name]
        plan = large_plan(size)
        for words, each in ((name, plan), (f"{name}, with backlog", with_backlog(plan))):
            print(f"{words:<32}{compare(formulate(each))}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
