"""Whether each miss could be met alone, proven and by whole runs: ``python -m tests.engine.whatif.proofs 300``.

``mixed`` after the number: the same of plans that mix everything (rates, backlogs, groups, Each, crews).
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np

from engine.plan import Plan
from engine.recompute import judge, recompute
from engine.tables import Inputs
from engine.whatif.again import Again
from engine.whatif.alone import Alone
from tests.plan_inputs import book_of
from tests.referee.case import varied_parts
from tests.referee.real.rates import real_book
from workbooks.run import read_plan


def plan_of(seed: int, *, mixed: bool = False) -> Plan | None:
    """Return a random plan; None where its workbook is refused."""
    if not mixed:
        return varied_parts(seed).build()
    tables = {name: [list(row) for row in rows] for name, rows in real_book(seed).tables.items()}
    return read_plan(book_of(tables)).plan


def answers(plan: Plan) -> list[tuple[bool | None, bool]]:
    """Return, of each missed target that is about no rate, what is proven and what a whole run says."""
    outcome = recompute(plan)
    rates = plan.metrics.is_kind(plan.targets.scope.metric, "rate")
    missed = np.flatnonzero(~outcome.targets.met & ~rates).tolist()
    alone = Alone(Again(Inputs(tables={})), outcome)
    return [
        (
            alone.proven(row),
            bool(judge(replace(plan, targets=plan.targets.take(np.array([row])))).targets.met[0]),
        )
        for row in missed
    ]  # fmt: skip


def count(seeds: range, *, mixed: bool = False) -> Counter[tuple[bool | None, bool]]:
    """Return how often what was proven went with which answer of a whole run."""
    found: Counter[tuple[bool | None, bool]] = Counter()
    for seed in seeds:
        plan = plan_of(seed, mixed=mixed)
        found.update(answers(plan) if plan is not None else [])
    return found


if __name__ == "__main__":
    number = next((int(each) for each in sys.argv[1:] if each.isdigit()), 300)
    seen = count(range(number), mixed="mixed" in sys.argv)
    for (said, true), times in sorted(seen.items(), key=str):
        word = {True: "proven to be in reach", False: "proven not to be", None: "left to a run"}[said]
        print(f"{times:5} {word}; a whole run {'meets' if true else 'misses'} it")  # noqa: T201
    sys.exit(1 if seen[True, False] or seen[False, True] else 0)
