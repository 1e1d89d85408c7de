"""Many random plans with rates judged by independent code: ``python -m tests.referee.many_rates [FIRST [LAST]]``.

The everyday suite runs a sample of the same plans.
"""

from __future__ import annotations

import sys

import numpy as np

from engine.outcome import Outcome
from engine.recompute import recompute
from tests.referee.rate_judge import CHECKS, RateAnswer, answer, open_proofs
from tests.referee.rate_optima import stated
from tests.referee.rate_plans import random_rate_plan


def answers(outcome: Outcome) -> list[RateAnswer]:
    """Return each rate's problem with what was found for it."""
    return [answer(stated(outcome.plan, each.rate, outcome.value), outcome, each) for each in outcome.rates]


def main(first: int, last: int) -> int:
    """Judge plans; return how many are wrong."""
    rates, kinds, wrong = 0, np.zeros(4, np.int64), 0
    for seed in range(first, last):
        outcome = recompute(random_rate_plan(seed))
        turned = recompute(random_rate_plan(seed, np.random.default_rng(seed)))
        judged = answers(outcome)
        found = [f"{check.__name__}: {words}" for check in CHECKS for rate in judged for words in check(rate)]
        found += open_proofs(outcome)
        for mine, other in zip(outcome.rates, turned.rates, strict=True):
            if not np.allclose(mine.value, other.value, rtol=1e-9, atol=1e-12):
                found.append("the order of rows changes the answer")
        about = outcome.plan.targets.scope.metric > 0
        rates += len(outcome.rates)
        kinds += [
            not outcome.targets.met[about].all(),
            (outcome.limits.breach[outcome.plan.limits.scope.metric > 0] > 0).any(),
            not outcome.plan.metrics.higher_is_better.all(),
            any(not each.rate.has_history.all() for each in outcome.rates),
        ]
        wrong += bool(found)
        for words in found:
            sys.stdout.write(f"plan {seed}: {words}\n")
            sys.stdout.flush()
    sys.stdout.write(
        f"{last - first} plans with {rates} rates: {wrong} wrong; {kinds[0]} missed a target, {kinds[1]} broke limits, "
        f"{kinds[2]} had a rate of which less is better, {kinds[3]} cells without history\n"
    )
    return wrong


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*([0, *given] if len(given) == 1 else given or [0, 300])) > 0)
