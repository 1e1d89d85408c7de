"""From a plan to its outcome: the one place where the middle of the house is joined.

Owns: formulate → decide → results, reasons, certificate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.certificate import Claim, certify
from engine.certificate_rates import RateClaim, certify_rates
from engine.cycle.small import Least, Was, without_small_moves
from engine.decision.clock import UNTIMED, Watch
from engine.decision.decide import Decision, Upto, decide
from engine.findings import find_findings
from engine.formulation.cover import cover
from engine.formulation.problem import Problem, formulate
from engine.outcome import CapacityResults, Judged, Outcome, Proof
from engine.plan import Plan
from engine.reasons.terms import find_reasons
from engine.results import (
    cell_limits,
    cell_status,
    guard_results,
    limit_results,
    rounding_room,
    target_results,
)
from engine.whole.rounding import round_plan, units
from solver.program import LinearProgram, Solution
from solver.proof import prove
from solver.solvers import NAMES

if TYPE_CHECKING:
    from engine.rates.decide import RateDecision

PROGRAM_TOLERANCE = 1e-6
"""Allowed primal violation, open price and relative gap of a program."""


def recompute(plan: Plan, watch: Watch = UNTIMED, problem: Problem | None = None) -> Outcome:
    """Return the outcome of a plan.

    Parameters
    ----------
    watch : the time there is, and who is told about progress
    problem : the plan as rows, where that is known already
    """
    outcome = _recompute(plan, watch, problem)
    least = Least(plan.settings.smallest_move, plan.settings.smallest_rate_move)
    if not least.is_asked or plan.agreed is None:
        return outcome
    was = Was(plan.agreed, plan.agreed_others)
    return without_small_moves(outcome, was, least, lambda again: _recompute(again, watch, None))[0]


def _recompute(plan: Plan, watch: Watch, problem: Problem | None) -> Outcome:
    """Return the outcome of a plan with all moves, however small."""
    watch.on_step("fair share")
    if problem is None:
        problem = formulate(plan)
    decision = decide(problem, watch)
    watch.on_step("reasons and certificate")
    return explain_decision(problem, decision, watch)


def judge(plan: Plan, watch: Watch = UNTIMED, problem: Problem | None = None) -> Judged:
    """Return what a plan comes to, as ``recompute`` finds it, without the reasons and proofs that take as long.

    Parameters
    ----------
    problem : the plan as rows, where that is known already
    """
    if problem is None:
        problem = formulate(plan)
    return _judged(problem, decide(problem, replace(watch, is_told=False)), watch, is_told=False)[0]


def judge_misses(plan: Plan, watch: Watch = UNTIMED, problem: Problem | None = None) -> Judged:
    """Return what targets of a plan come to, where that is all that is asked: a tenth of the time of ``judge``.

    Misses are those that ``judge`` finds, but for what whole units take. Cells are not: of all plans that miss no more
    it is any one, not the fairest; so nothing is said of rates, which weigh them.

    Parameters
    ----------
    problem : the plan as rows, where that is known already
    """
    if problem is None:
        problem = formulate(plan)
    decision = decide(problem, replace(watch, only_misses=True), upto=Upto.MISSES)
    return _judged_at(problem, decision, decision.point, is_told=False)


def _judged(
    problem: Problem, decision: Decision, watch: Watch, *, is_told: bool
) -> tuple[Judged, tuple[RateDecision, ...]]:
    """Return what rows come to in whole units. is_told : whether to say what limits those that are missed."""
    plan = problem.plan
    value = round_plan(problem, decision.hard, decision.point, watch.workers, watch.memory).point
    judged = _judged_at(problem, decision, value, is_told=is_told)
    if not plan.rates:
        return judged, ()
    from engine.rates.decide import decide_rates  # most of what there is to import here, and many plans have none
    from engine.rates.results import with_rate_limits, with_rate_targets

    rates = decide_rates(plan, value)
    targets, limits = with_rate_targets(plan, rates, judged.targets), with_rate_limits(rates, judged.limits)
    return replace(judged, targets=targets, limits=limits, rates=rates), rates


def _judged_at(problem: Problem, decision: Decision, value: np.ndarray, *, is_told: bool) -> Judged:
    """Return what rows come to at a plan, those of rates left out."""
    plan = problem.plan
    room = rounding_room(problem)
    used = np.asarray(cover(plan, plan.capacity.scope) @ (value * plan.cells.hours))
    return Judged(
        plan,
        value,
        target_results(problem, decision, value, room, is_told=is_told),
        limit_results(problem, value, room, decision.point),
        CapacityResults(used, room.capacity),
    )


def explain_decision(problem: Problem, decision: Decision, watch: Watch = UNTIMED) -> Outcome:
    """Return the outcome that a decision comes to."""
    plan = problem.plan
    judged, rates = _judged(problem, decision, watch, is_told=True)
    value, targets, limits, used = judged.value, judged.targets, judged.limits, judged.capacity.used
    low, high = decision.levels.band_lower, decision.levels.band_upper
    guarded = np.isfinite(low)
    fair_totals = problem.queues.matrix @ problem.fair.value
    guard = (problem.queues.keys[guarded], low[guarded], high[guarded], fair_totals[guarded])
    claim = Claim(value, targets.achieved, limits.breach, used, guard, units(problem))
    programs = (*decision.programs, *(program for rate in rates for program in rate.programs))
    claims = tuple(RateClaim(each.rate, each.weight, each.value) for each in rates)
    of_rates = certify_rates(plan, claims, targets.achieved, limits.breach)
    certificate = certify(plan, claim, (*of_rates, *_program_proofs(programs)))
    lower, upper = cell_limits(problem)
    outcome = Outcome(
        plan=plan,
        fair=problem.fair.value,
        value=value,
        before_guard=decision.fair_outcome,
        lower=lower,
        upper=upper,
        status=cell_status(problem, decision, value, limits.breach),
        no_history=problem.fair.no_history,
        reasons=find_reasons(problem, decision, value),
        targets=targets,
        limits=limits,
        capacity=judged.capacity,
        guard=guard_results(problem, decision, value),
        certificate=certificate,
        solved=_how(decision, NAMES[plan.settings.solver]),
        gap=decision.open_hours,
        is_complete=decision.is_complete,
        findings=(),
    )
    return _with_rates(find_findings(problem, decision, outcome), rates)


def _with_rates(outcome: Outcome, rates: tuple[RateDecision, ...]) -> Outcome:
    if not rates:
        return outcome
    from engine.rates.findings import rate_findings
    from engine.rates.results import rate_result

    plan = outcome.plan
    return replace(
        outcome,
        rates=tuple(rate_result(plan, each, outcome.limits.breach) for each in rates),
        findings=(*outcome.findings, *rate_findings(plan, rates, outcome.value)),
    )


def _program_proofs(programs: tuple[tuple[LinearProgram, Solution], ...]) -> tuple[Proof, ...]:
    proofs = [prove(program, solution) for program, solution in programs]
    if not proofs:
        return ()
    return (
        Proof("programs keep their rows", max(proof.primal for proof in proofs), PROGRAM_TOLERANCE),
        Proof("programs press on no open side", max(proof.dual for proof in proofs), PROGRAM_TOLERANCE),
        Proof("programs have no gap to their dual", max(proof.gap for proof in proofs), PROGRAM_TOLERANCE),
    )


def _how(decision: Decision, solver: str) -> str:
    count = len(decision.programs)
    programs = "no program needed" if count == 0 else f"{solver}, {count} program{'s' if count > 1 else ''}"
    step = "fairest plan found" if decision.fairest.is_projected else "piecewise-linear plan stands in"
    split = f"{decision.parts} parts that share no row, each by itself; " if decision.parts > 1 else ""
    if decision.pieces > 1:
        split += f"misses in {decision.pieces} periods, each by itself, {decision.again} of them twice: "
    guard = "; mix guard" if decision.used_guard else ""
    return f"{split}{programs}; {step} in {decision.fairest.steps} steps{guard}"
