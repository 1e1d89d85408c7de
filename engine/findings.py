"""What solving found, as issues with a place: misses, broken limits, contradictions, the guard, the certificate.

Owns: the sentences about results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.codes import issue
from engine.decision.decide import Decision
from engine.formulation.problem import Problem
from engine.issues import NOWHERE, Issue, Severity
from engine.outcome import Outcome
from engine.plan import TURNAROUND
from engine.reasons.contradictions import contradicting
from engine.reasons.limiting import ways_out
from engine.reasons.waiting import TOO_MUCH, backlog_words
from engine.reasons.words import (
    LONGEST_WAIT,
    LONGEST_WAIT_H,
    amount_words,
    limit_words,
    node_words,
    points_words,
    target_words,
    told_apart,
    with_unit,
)
from engine.results import MET, asked_values, judged, rounding_room

_WORTH_A_WORD = 1e-3
"""Part of a queue that must move within the mix guard to be told."""

_NAMED = 5

_MANY = 10
"""Times as much as asked from which a part of it says nothing any more."""


def find_findings(problem: Problem, decision: Decision, outcome: Outcome) -> Outcome:
    """Return the outcome with its findings, the gravest first, then in table order."""
    found = [
        *_certificate(outcome),
        *_broken_limits(outcome),
        *_misses(outcome),
        *_contradictions(problem, outcome),
        *_guard(outcome),
        *_units(problem, decision, outcome),
        *_waiting(outcome),
        *_solving(decision),
    ]
    found.sort(key=lambda each: (each.severity is Severity.NOTE, each.code))
    return replace(outcome, findings=tuple(found))


def _certificate(outcome: Outcome) -> Iterator[Issue]:
    for proof in outcome.certificate.proofs:
        if not proof.holds:
            yield issue("TC707", NOWHERE, f"{proof.what}: off by {proof.worst:.3g}, allowed {proof.allowed:.3g}")


def _broken_limits(outcome: Outcome) -> Iterator[Issue]:
    plan, results = outcome.plan, outcome.limits
    for row in np.flatnonzero(results.breach > 0):
        lower, upper = plan.limits.lower[row], plan.limits.upper[row]
        metric = int(plan.limits.scope.metric[row])
        bound = lower if results.value[row] < lower else upper
        found, wanted = told_apart(plan.metrics, metric, float(results.value[row]), float(bound))
        yield issue(
            # sums that cross too many others cannot all be whole: then no limit contradicts this one
            "TC702" if results.contradicted[row] else "TC709",
            plan.limits.place[row],
            f"{limit_words(plan, int(row))}: {found} instead of {with_unit(plan.metrics, metric, wanted)}",
            amount=float(results.breach[row]),
            unit=plan.metrics.unit(metric),
        )


def _misses(outcome: Outcome) -> Iterator[Issue]:
    plan, results = outcome.plan, outcome.targets
    for row in np.flatnonzero(~results.met):
        asked, achieved = plan.targets.value[row], results.achieved[row]
        metric = int(plan.targets.scope.metric[row])
        is_rate = metric >= 0 and plan.metrics.kinds[metric] == "rate"
        share = f", {_off(achieved / asked)}" if asked > 0 and not is_rate else ""
        if is_rate:
            share = f", {points_words(plan.metrics, metric, float(results.shortfall[row]))} off"
        of = " of ".join(told_apart(plan.metrics, metric, float(achieved), float(asked)))
        if metric == TURNAROUND and achieved >= LONGEST_WAIT_H:  # as good as nothing is handled then
            of, share = f"{LONGEST_WAIT} instead of {amount_words(asked)}", ""
        of = with_unit(plan.metrics, metric, of)
        yield issue(
            "TC701",
            plan.targets.place[row],
            f"{target_words(plan, int(row))}: {of}{share}; {results.limited_by[row]}",
            mend=ways_out(results.limited_by[row]),
            amount=float(results.shortfall[row]),
            unit=plan.metrics.unit(int(plan.targets.scope.metric[row])),
        )


def _off(ratio: float) -> str:
    return f"{ratio:,.0f} times as much" if ratio >= _MANY else f"{abs(ratio - 1):.1%} off"


def _contradictions(problem: Problem, outcome: Outcome) -> Iterator[Issue]:
    plan, rows, residual = problem.plan, problem.targets, problem.fair.residual
    # that the fair share found no way to meet all of them proves nothing, least of all where the decision met them
    suspects = np.flatnonzero((residual > 1e-6 * rows.size) & ~outcome.targets.met[rows.source])
    for row in contradicting(problem, suspects).tolist():
        source = int(rows.source[row])
        apart = with_unit(plan.metrics, int(plan.targets.scope.metric[source]), amount_words(residual[row]))
        yield issue(
            "TC703",
            plan.targets.place[source],
            f"{target_words(plan, source)}: {apart} apart from the others, whatever the capacity",
            amount=float(residual[row]),
            unit=plan.metrics.unit(int(plan.targets.scope.metric[source])),
        )


def _guard(outcome: Outcome) -> Iterator[Issue]:
    plan, guard = outcome.plan, outcome.guard
    queues, at = np.unique(guard.queue, return_inverse=True)
    fair, planned = np.bincount(at, guard.fair), np.bincount(at, guard.planned)
    part = np.abs(planned - fair) / np.maximum(np.maximum(fair, planned), 1e-300)
    moved = np.flatnonzero((part > _WORTH_A_WORD) & (np.abs(planned - fair) >= 1))  # less is what whole units do
    for each in sorted(moved[np.argsort(-part[moved], kind="stable")][:_NAMED].tolist()):
        name = node_words(plan.queues, int(plan.queues.leaves[queues[each]]))
        change = f"{planned[each] / fair[each] - 1:+.1%}" if fair[each] > 0 else "new"
        words = f"{name}: {amount_words(planned[each])} instead of {amount_words(fair[each])} ({change})"
        yield issue("TC704", NOWHERE, words, amount=float(planned[each] - fair[each]), unit="items")
    if len(moved) > _NAMED:
        yield issue("TC704", NOWHERE, f"and {len(moved) - _NAMED} more queues, by smaller shares")


def _units(problem: Problem, decision: Decision, outcome: Outcome) -> Iterator[Issue]:
    """Yield targets that fractions would meet and whole units miss, because their sums cross too many others."""
    plan, results = outcome.plan, outcome.targets
    before = judged(plan, asked_values(plan, plan.targets.scope, decision.point))
    allowed = rounding_room(problem).targets
    # what fractions miss is no matter of units
    met = before <= MET * np.maximum(np.abs(plan.targets.value), 1.0)
    off = np.abs(results.achieved - plan.targets.value)
    crossing = met & (judged(plan, results.achieved) > allowed * (1 + MET)) & (allowed > 0)
    for row in np.flatnonzero(crossing).tolist():
        unit = plan.metrics.unit(int(plan.targets.scope.metric[row]))
        words = f"{target_words(plan, row)}: {amount_words(results.achieved[row])} in whole units"
        yield issue("TC708", plan.targets.place[row], words, amount=float(off[row]), unit=unit)


def _waiting(outcome: Outcome) -> Iterator[Issue]:
    """Yield what targets on shares handled in time ask of the backlog."""
    for row, words in enumerate(backlog_words(outcome.plan, outcome.value)):
        if words:
            told = issue("TC715", outcome.plan.targets.place[row], words)
            yield replace(told, severity=Severity.CONFLICT) if words.endswith(TOO_MUCH) else told


def _solving(decision: Decision) -> Iterator[Issue]:
    if not decision.fairest.is_projected:
        yield issue("TC705", NOWHERE, f"rows held to {decision.fairest.residual:.1e} only")
    if not decision.is_complete:
        yield issue(
            "TC706", NOWHERE, f"{amount_words(decision.open_hours)} hours of misses not settled",
            amount=decision.open_hours, unit="h",
        )  # fmt: skip
