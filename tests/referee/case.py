"""One random plan, its outcome, and the independent rows to judge it by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.decision.decide import Decision, decide
from engine.formulation.problem import formulate
from engine.outcome import Outcome
from engine.recompute import explain_decision
from tests.plans import PlanParts, random_parts
from tests.referee.rows import Fairness, Rows, build_rows


@dataclass(frozen=True)
class Case:
    """A plan solved by the engine. fair_outcome : cells before the mix guard."""

    seed: int
    parts: PlanParts
    decision: Decision
    outcome: Outcome
    rows: Rows

    @property
    def fair_outcome(self) -> np.ndarray:
        """Cells before the mix guard."""
        return self.decision.fair_outcome


def varied_parts(seed: int) -> PlanParts:
    """Return a random plan; every tenth lacks a table altogether."""
    parts = random_parts(seed)
    if seed % 40 == 10:
        parts.limits = []
    if seed % 40 == 20:
        parts.capacity = []
    if seed % 40 == 30:
        parts.limits, parts.capacity = [], []
    if seed % 40 == 0:
        parts.targets = []
    return parts


@lru_cache(maxsize=400)
def solved(seed: int) -> Case:
    """Return a random plan with its outcome."""
    parts = varied_parts(seed)
    problem = formulate(parts.build())
    decision = decide(problem)
    outcome = explain_decision(problem, decision)
    fair = problem.fair
    # what is fair is an input of the decision; it has tests of its own
    rows = build_rows(problem.plan, Fairness(fair.value, fair.scale, fair.hours))
    return Case(seed, parts, decision, outcome, rows)
