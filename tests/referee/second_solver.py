"""HiGHS and CBC on the same random plans: every priced miss and every broken limit must agree.

``python -m tests.referee.second_solver 300`` compares three hundred plans; the suite runs a sample.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.decision.decide import Decision, decide
from engine.formulation.problem import Problem, formulate
from tests.referee.case import varied_parts

AGREED = 1e-6
"""Part of max(1, size of the row) by which answers may differ."""


def disagreements(seed: int) -> Iterator[str]:
    """Yield where the two solvers differ on a random plan."""
    plan = varied_parts(seed).build()
    problem = formulate(plan)
    first = decide(problem)
    second = decide(formulate(replace(plan, settings=replace(plan.settings, solver="cbc"))))
    for name, off in _differences(problem, first, second).items():
        if off.size and off.max() > AGREED:
            yield f"plan {seed}: {name} differ by up to {off.max():.2g}, row {int(off.argmax())}"


def _differences(problem: Problem, first: Decision, second: Decision) -> dict[str, np.ndarray]:
    size = np.maximum(problem.targets.size, 1.0)
    bound = np.where(np.isfinite(problem.limits.upper), problem.limits.upper, problem.limits.lower)
    limit_size = np.maximum(bound, 1.0)
    return {
        "priced misses": np.abs(first.priced_miss - second.priced_miss) / size,
        "limits broken below": np.abs(first.hard.breach_below - second.hard.breach_below) / limit_size,
        "limits broken above": np.abs(first.hard.breach_above - second.hard.breach_above) / limit_size,
    }


def main() -> None:
    """Compare as many plans as asked for."""
    plans = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    found = [line for seed in range(plans) for line in disagreements(seed)]
    sys.stdout.write("\n".join([*found, f"{plans} plans, {len(found)} disagreements"]) + "\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
