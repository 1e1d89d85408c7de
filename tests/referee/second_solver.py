"""HiGHS and CBC on the same random plans: every priced miss and every broken limit must agree.

``python -m tests.referee.second_solver 300`` compares three hundred plain plans and as many that mix everything
(rates, backlogs, whole units, groups, crews); the suite runs a sample.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.decision.decide import Decision, decide
from engine.formulation.problem import Problem, formulate
from engine.plan import Plan
from engine.rates.decide import RateDecision, decide_rates
from engine.whole.rounding import round_plan
from tests.builders import plan_of
from tests.referee.case import varied_parts
from tests.referee.real.rates import real_book

AGREED = 1e-6
"""Part of max(1, size of the row) by which answers may differ; of a rate, part of its size."""


def plain(seed: int) -> Plan:
    """Return a random plan of one volume."""
    return varied_parts(seed).build()


def mixed(seed: int) -> Plan:
    """Return a random plan of everything."""
    return plan_of(real_book(seed).inputs)


def disagreements(plan: Plan) -> Iterator[str]:
    """Yield where the two solvers differ on a plan."""
    problem, other = (formulate(replace(plan, settings=replace(plan.settings, solver=each))) for each in SOLVERS)
    first, second = decide(problem), decide(other)
    yield from _apart(_differences(problem, first, second))
    # rates are weighed by what is planned: both are asked with the same weights
    value = round_plan(problem, first.hard, first.point).point
    for mine, theirs in zip(decide_rates(problem.plan, value), decide_rates(other.plan, value), strict=True):
        name = plan.metrics.ids[mine.rate.metric]
        yield from (f"{name}: {words}" for words in _apart(_rate_differences(mine, theirs)))


SOLVERS = ("highs", "cbc")


def _apart(differences: dict[str, np.ndarray]) -> Iterator[str]:
    for name, off in differences.items():
        if off.size and off.max() > AGREED:
            yield f"{name} differ by up to {off.max():.2g}, row {int(off.argmax())}"


def _differences(problem: Problem, first: Decision, second: Decision) -> dict[str, np.ndarray]:
    size = np.maximum(problem.targets.size, 1.0)
    bound = np.where(np.isfinite(problem.limits.upper), problem.limits.upper, problem.limits.lower)
    limit_size = np.maximum(bound, 1.0)
    return {
        "priced misses": np.abs(first.priced_miss - second.priced_miss) / size,
        "limits broken below": np.abs(first.hard.breach_below - second.hard.breach_below) / limit_size,
        "limits broken above": np.abs(first.hard.breach_above - second.hard.breach_above) / limit_size,
    }


def _rate_differences(first: RateDecision, second: RateDecision) -> dict[str, np.ndarray]:
    bound = np.where(np.isfinite(first.limits.lower), first.limits.lower, first.limits.upper)
    return {
        "priced misses": np.abs(first.misses.short + first.misses.over - second.misses.short - second.misses.over),
        "limits broken": np.abs(first.hard.breach - second.hard.breach) / np.maximum(np.abs(bound), 1e-3),
    }


def compare(kind: Callable[[int], Plan], plans: range) -> int:
    """Compare plans of a kind; return how many lines differ."""
    wrong = 0
    for seed in plans:
        for line in disagreements(kind(seed)):
            wrong += 1
            sys.stdout.write(f"{kind.__name__} plan {seed}: {line}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(plans)} {kind.__name__} plans, {wrong} disagreements\n")
    return wrong


def main() -> None:
    """Compare as many plans of each kind as asked for."""
    plans = range(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    sys.exit(1 if compare(mixed, plans) + compare(plain, plans) else 0)


if __name__ == "__main__":
    main()
