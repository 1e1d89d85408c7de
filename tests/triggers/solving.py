"""TC7: findings of a solved plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.decision.clock import Watch
from engine.decision.decide import decide
from engine.findings import find_findings
from engine.formulation.problem import formulate
from engine.issues import Issue
from engine.outcome import Certificate, Proof
from engine.plan import Sense
from engine.recompute import explain_decision, recompute
from tests.builders import plan_of, small
from tests.plans import PlanParts, one_team
from tests.referee.real.rates import real_book
from tests.second_runs import run


def _found(parts: PlanParts) -> Sequence[Issue]:
    return recompute(parts.build()).findings


def _contradicting() -> Sequence[Issue]:
    return _found(
        one_team(
            None, targets=[(None, None, None, Sense.EXACTLY, 1000, 1), ("Team", None, None, Sense.EXACTLY, 900, 1)]
        )
    )


def _stand_in() -> Sequence[Issue]:
    """A plan whose last step did not reach full precision: rare, so the decision is told that it did not."""
    problem = formulate(one_team(20.0).build())
    decision = decide(problem)
    coarse = replace(decision, fairest=replace(decision.fairest, is_projected=False, residual=1e-4))
    return explain_decision(problem, coarse).findings


def _false_claim() -> Sequence[Issue]:
    """An answer that does not hold when checked anew."""
    problem = formulate(one_team(100.0).build())
    decision = decide(problem)
    outcome = explain_decision(problem, decision)
    wrong = replace(outcome, certificate=Certificate((Proof("hours", 5.0, 1e-6),)))
    return find_findings(problem, decision, wrong).findings


def _crossing() -> Sequence[Issue]:
    """Three thirds that no whole items add up to."""
    headers = ("Metric", "Org", "Sense", "Value")
    thirds = [("Reviews", team, "exactly", 333.4) for team in ("Team A", "Team B", "Lisbon")]
    return recompute(plan_of(small(Targets=[headers, ("Reviews", None, "exactly", 1000.2), *thirds]))).findings


def _whole_items_alone() -> Sequence[Issue]:
    """A limit on hours of a group, which fractions of items would keep."""
    outcome = run(real_book(174).tables)
    return outcome.findings if outcome is not None else ()


TRIGGERS: dict[str, Callable[[], Sequence[Issue]]] = {
    "TC701": lambda: _found(one_team(20.0)),
    "TC702": lambda: _found(one_team(10.0, limits=[(None, "Slow", None, 500.0, np.inf)])),
    "TC703": _contradicting,
    "TC704": lambda: _found(one_team(45.8333333 * 0.9)),
    "TC705": _stand_in,
    "TC706": lambda: recompute(one_team(20.0).build(), Watch(lambda: 0.0)).findings,
    "TC707": _false_claim,
    "TC708": _crossing,
    "TC709": _whole_items_alone,
}
