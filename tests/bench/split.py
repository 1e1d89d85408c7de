"""Large plans period by period against one piece: what they miss, how fair they are: ``python -m tests.bench.split``.

Prints priced misses, priority by priority and the first in front, and Φ, each as a ratio to one piece. With ``--fair``
one piece ends before the mix guard, whose programs take most of its time where work waits: at 100,800 cells they did
not end in four minutes.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np

from engine.decision.by_programs import decide_by_programs
from engine.decision.clock import UNTIMED
from engine.decision.decide import Decision, Upto, decide
from engine.decision.fairness import unfairness
from engine.decision.hard import settle_hard_rows
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


def wild_plan(seed: int) -> Plan:
    """Return a small plan whose hours differ wildly from month to month and from team to team."""
    rng = np.random.default_rng(seed)
    plan = large_plan(Size(3, 2, 2, 2, rng.uniform(0.75, 1.1)))
    there = plan.capacity
    of_month = np.exp(rng.normal(0, 0.3, there.scope.period.max() + 1))
    hours = there.hours * of_month[there.scope.period] * np.exp(rng.normal(0, 0.3, len(there.hours)))
    return replace(plan, capacity=replace(there, hours=hours * there.hours.sum() / hours.sum()))


def in_one_piece(problem: Problem, *, with_guard: bool) -> Decision:
    """Return the decision of one piece."""
    if with_guard:
        return decide(problem, split_above=2**31)
    return decide_by_programs(problem, settle_hard_rows(problem), UNTIMED, Upto.FAIR_OUTCOME)


def compare(problem: Problem, *, with_guard: bool) -> str:
    """Return a line about one plan."""
    began = time.process_time()
    split = decide(problem, split_above=0)
    split_s, began = time.process_time() - began, time.process_time()
    whole = in_one_piece(problem, with_guard=with_guard)
    whole_s = time.process_time() - began
    least, reached = (np.cumsum(priced_misses(problem, each.fair_outcome)) for each in (whole, split))
    asked = float(problem.targets.asked @ problem.targets.mean_hours)
    ratios = [
        f"{b / a:.4f}" if a > 1e-6 * asked else f"{(b - a) / asked:.1e} of what is asked"
        for a, b in zip(least.tolist(), reached.tolist(), strict=True)
    ]
    fairness = [unfairness(problem, getattr(split, at)) / unfairness(problem, getattr(whole, at)) for at in _POINTS]
    after = f", after the mix guard {fairness[1]:.4f}" if with_guard else ""
    pieces = f"{split.pieces} piece(s), {split.again} twice"
    return (
        f"{len(problem.fair.value):9,} cells, {pieces}: misses {', '.join(ratios)}; "
        f"Φ {fairness[0]:.4f}{after}; {split_s:.0f} s / {whole_s:.0f} s"
    )


_POINTS = ("fair_outcome", "point")


def main() -> None:
    """Compare the plans that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", default=["5k short", "5k very short"], choices=list(_PLANS))
    parser.add_argument("--fair", action="store_true", help="one piece without the mix guard")
    parser.add_argument("--backlog", action="store_true", help="only the plans with backlog")
    parser.add_argument("--wild", type=int, default=0, help="also so many small plans whose hours differ wildly")
    asked = parser.parse_args()
    plans = [(name, large_plan(_PLANS[name])) for name in asked.sizes]
    plans += [(f"wild {seed}", wild_plan(seed)) for seed in range(asked.wild)]
    for name, plan in plans:
        for words, each in ((name, plan), (f"{name}, with backlog", with_backlog(plan)))[int(asked.backlog) :]:
            print(f"{words:<32}{compare(formulate(each), with_guard=not asked.fair)}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
