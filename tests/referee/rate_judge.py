"""What must hold of the cascade of a rate, judged on its problem as people state it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.outcome import Outcome, RateResult
from tests.referee.rate_optima import FROZEN, Stated, breach_price, least_breach, least_cost, least_effort, reach


@dataclass(frozen=True)
class RateAnswer:
    """A rate's problem, the value of each of its cells, and what is claimed of its rows.

    achieved, kept, breach : of the rows of the problem's targets; of its limits: value, and by how much it is broken
    """

    problem: Stated
    value: np.ndarray
    achieved: np.ndarray
    kept: np.ndarray
    breach: np.ndarray


def answer(problem: Stated, outcome: Outcome, result: RateResult) -> RateAnswer:
    """Return what an outcome claims of a rate."""
    limits = outcome.limits
    return RateAnswer(
        problem, result.value, outcome.targets.achieved[problem.target_rows],
        limits.value[problem.limit_rows], limits.breach[problem.limit_rows],
    )  # fmt: skip


def open_proofs(outcome: Outcome) -> Iterator[str]:
    """Yield proofs that do not hold."""
    yield from (str(proof) for proof in outcome.certificate.proofs if not proof.holds)


def misstated_rows(found: RateAnswer) -> Iterator[str]:
    """Yield targets and limits whose value is not Σ w r / Σ w of the cells below."""
    problem = found.problem
    for matrix, claimed in ((problem.targets, found.achieved), (problem.limits, found.kept)):
        off = np.abs(matrix @ found.value - claimed)
        if not (off <= 1e-9 * np.maximum(np.abs(claimed), 1e-3)).all():
            yield f"a row is off by {off.max()}"


def broken_bounds(found: RateAnswer) -> Iterator[str]:
    """Yield cells outside their bounds, and breaches that need not be."""
    problem, value = found.problem, found.value
    size = np.maximum(np.abs(value), 1e-3)
    if (np.maximum(problem.ways.floor - value, value - problem.ways.ceiling) > 1e-9 * size).any():
        yield "a cell leaves Floor or Ceiling"
    off = np.maximum(np.maximum(problem.least - found.kept, found.kept - problem.most), 0)
    bound = np.fmax(np.where(np.isfinite(problem.least), np.abs(problem.least), np.abs(problem.most)), 1e-3)
    if (off - found.breach > 1e-6 * bound).any():
        yield f"a limit is broken by {off.max()}, and nobody says so"
    if len(problem.limit_rows):
        price = breach_price(problem)
        broken, least = float(price @ found.breach), least_breach(problem)
        if broken - least > 1e-6 * float((price * bound).sum()):
            yield f"limits broken by {broken}, {least} would do"


def avoidable_misses(found: RateAnswer) -> Iterator[str]:
    """Yield priorities whose misses could be smaller without harm to those before."""
    problem, value = found.problem, found.value
    inside = reach(problem, found.breach)
    short, over = problem.missed(value)
    asked = 0.0
    for priority in np.unique(problem.priority).tolist():
        now, kept = problem.priority == priority, [_levels(problem, value, problem.priority < priority)]
        cost = float((problem.priced(short) + problem.priced(over))[now].sum())
        # what the last digit of a heavy row settled before is worth to a light one counts as rounding
        asked += float((problem.target_weight * problem.size())[now].sum())
        least = least_cost(problem, inside, value, now, kept)
        if cost - least > 1e-6 * asked:
            yield f"priority {priority}: misses cost {cost}, {least} is possible"
        # settled misses may grow by a ten-millionth: where rows are nearly alike, that is worth something
        elif cost < least_cost(problem, inside, value, now, kept, FROZEN) - 1e-6 * asked:
            yield f"priority {priority}: misses cost {cost}, and that cannot be"


def _levels(problem: Stated, value: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of targets with the levels that a plan reaches: matrix, low, high."""
    short, over = problem.missed(value)
    return problem.targets[which], (problem.low - short)[which], (problem.high + over)[which]


def avoidable_efforts(found: RateAnswer) -> Iterator[str]:
    """Yield whether the effort could be less at what is reached."""
    problem, value = found.problem, found.value
    inside = reach(problem, found.breach)
    kept = [_levels(problem, value, np.ones(len(problem.target_rows), dtype=bool))]
    effort, least = problem.effort(value), least_effort(problem, inside, value, kept)
    usual = float(problem.weight @ np.maximum(problem.way_up, problem.way_down))
    allowed = max(1e-4 * least, 1e-9 * usual)
    # where rows are nearly alike, the last digit of a level is worth any effort: nothing to compare
    if effort - least > allowed and least - least_effort(problem, inside, value, kept, FROZEN) <= allowed:
        yield f"effort {effort}, {least} is possible"


CHECKS = (misstated_rows, broken_bounds, avoidable_misses, avoidable_efforts)
"""What must hold of every rate, each yielding what is wrong."""
