"""One random real plan, solved by the engine and judged by ids: what must hold of every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.building import build_plan
from engine.decision.decide import Decision, decide
from engine.formulation.problem import formulate
from engine.outcome import Outcome
from engine.plan import FTE, HOURS, TURNAROUND, Sense
from engine.recompute import explain_decision
from tests.referee.optima import Body, hard_body, least_cost
from tests.referee.real.books import RealBook
from tests.referee.real.rate_rows import wrong_rates
from tests.referee.real.rates import real_book
from tests.referee.real.rows import Walker, real_rows
from tests.referee.rows import Fairness, Rows


@dataclass(frozen=True)
class RealCase:
    """A plan, its answer, and the independent rows of its amounts.

    breach : by limit of an amount, in its own unit, before rounding
    """

    made: RealBook
    walker: Walker
    decision: Decision
    outcome: Outcome
    rows: Rows
    breach: np.ndarray


@lru_cache(maxsize=64)
def solved(seed: int) -> RealCase:
    """Return a random plan with its outcome."""
    made = real_book(seed)
    plan, issues = build_plan(made.inputs)
    assert plan is not None, [str(issue) for issue in issues if issue.severity.name == "STOP"]
    problem = formulate(plan)
    decision = decide(problem)
    outcome = explain_decision(problem, decision)
    walker = Walker(made, plan)
    fair = problem.fair
    breach = np.zeros(len(plan.limits))
    breach[problem.limits.source] = decision.hard.breach_below + decision.hard.breach_above
    breach = breach[~plan.metrics.is_kind(plan.limits.scope.metric, "rate")]
    rows = real_rows(walker, Fairness(fair.value, fair.scale, fair.hours))
    return RealCase(made, walker, decision, outcome, rows, breach)


def wrong(seed: int) -> list[str]:
    """Return everything that is wrong with the answer to a plan."""
    case = solved(seed)
    found = [
        *_proofs(case), *_hours(case), *_backlogs(case), *_units(case), *_achieved(case), *_parts(case),
        *_limits(case), *_shares(case), *_misses(case), *wrong_rates(case.walker, case.outcome),
    ]  # fmt: skip
    return [f"plan {seed}: {each}" for each in found]


def _proofs(case: RealCase) -> Iterator[str]:
    yield from (str(proof) for proof in case.outcome.certificate.proofs if not proof.holds)


def _hours(case: RealCase) -> Iterator[str]:
    """Handle times come from the most specific row, and hours stay within those there are, but for an item."""
    if not np.allclose(case.walker.hours, case.outcome.plan.cells.hours, rtol=1e-12):
        yield "handle times differ"
    plan = case.outcome.plan
    for row in range(len(plan.capacity)):
        mine = case.walker.inside(plan.capacity.scope, row) * case.walker.hours
        slack = max(mine.max(initial=0), 1e-6 * plan.capacity.hours[row])
        if mine @ case.outcome.value > plan.capacity.hours[row] + slack * (1 + 1e-6):
            yield f"hours of row {row}: {mine @ case.outcome.value} of {plan.capacity.hours[row]}"


def _backlogs(case: RealCase) -> Iterator[str]:
    """backlog[t] = backlog[t−1] + inflow[t] − exits[t] − handled[t] ≥ 0."""
    made, walker = case.made, case.walker
    for queue in {queue for queue, _ in made.inflow}:
        left = made.opening.get(queue, 0.0)
        for month in made.months:
            handled = sum(
                value
                for metric, of, when, value in zip(
                    walker.metric, walker.queue, walker.month, case.outcome.value, strict=True
                )
                if (metric, of, when) == ("Reviews", queue, month)
            )
            left += made.inflow[queue, month] - handled
            if left < -1e-6 * max(1.0, walker.available(queue, 0)):
                yield f"backlog of {queue} in {month} is {left}"


def _units(case: RealCase) -> Iterator[str]:
    """Whole units everywhere, and no target lost to them without a word and the units it is off."""
    outcome, decimals = case.outcome, case.made.decimals
    for metric, value in zip(case.walker.metric, outcome.value, strict=True):
        places = decimals[metric]
        if places is not None and abs(value * 10**places - round(value * 10**places)) > 1e-6:
            yield f"{metric} of {value}"
    plan = outcome.plan
    before = case.walker.sums(plan.targets.scope, plan.targets.value)
    told = {issue.place: issue.amount for issue in outcome.findings if issue.code == "TC708"}
    for row in range(len(plan.targets)):
        metric = int(plan.targets.scope.metric[row])
        if metric < 0 or decimals[plan.metrics.ids[metric]] is None:
            continue
        asked = float(plan.targets.value[row])
        planned = float(before.offset[row] + before.sign[row] * (before.matrix[row] @ case.decision.point))
        whole = float(before.offset[row] + before.sign[row] * (before.matrix[row] @ outcome.value))
        unit = 10.0 ** -(decimals[plan.metrics.ids[metric]] or 0)
        is_asked = Sense(int(plan.targets.sense[row])) is Sense.EXACTLY and abs(planned - asked) <= 1e-6 * max(asked, 1)
        if is_asked and plan.targets.stated[row] and abs(whole - asked) > unit / 2 * (1 + 1e-6):
            off = told.get(plan.targets.place[row])
            if off is None or abs(off - abs(whole - asked)) > 1e-6:
                yield f"target row {row} asks {asked}, gets {whole}, and nobody says so"


def _achieved(case: RealCase) -> Iterator[str]:
    """Every achieved value, from the cells."""
    plan, outcome = case.outcome.plan, case.outcome
    sums = case.walker.sums(plan.targets.scope, plan.targets.value)
    value = sums.offset + sums.sign * (sums.matrix @ outcome.value)
    metric = plan.targets.scope.metric
    for row in np.flatnonzero((metric != TURNAROUND) & ~plan.metrics.is_kind(metric, "rate")).tolist():
        if abs(value[row] - outcome.targets.achieved[row]) > 1e-6 * max(1.0, abs(value[row])):
            yield f"row {row} achieves {value[row]}, not {outcome.targets.achieved[row]}"


def _parts(case: RealCase) -> Iterator[str]:
    """Each row with Each has a line for every node and period of its levels in which somebody works."""
    plan, walker, made = case.outcome.plan, case.walker, case.made
    levels = {"Team": walker.team, "Month": walker.month, "Queue": walker.queue}
    upper = {"Region": (walker.team, made.teams), "Area": (walker.queue, made.queues)}
    for at, row in enumerate(made.tables["Targets"][1:]):
        metric, each, basis = row[0], row[4], row[7]
        if not each or metric == "Backlog" or basis == "% of baseline":
            continue
        own_metric = case.walker.counted(metric)
        counted = np.array([
            (metric == "Hours" or own == own_metric) and (row[2] is None or queue in made.groups["Severe"])
            and (metric != "Hours" or hours > 0)
            for own, queue, hours in zip(walker.metric, walker.queue, walker.hours, strict=True)
        ])  # fmt: skip
        names = []
        for name in each.split(", "):
            leaf = levels.get(name) or [upper[name][1][one][0] for one in upper[name][0]]
            names.append(leaf)
        expected = {key for key, is_in in zip(zip(*names, strict=True), counted, strict=True) if is_in}
        lines = [place.row for place in plan.targets.place].count(at + 2) - sum(
            place.row == at + 2 and place.table != "Targets" for place in plan.targets.place
        )
        if lines != len(expected):
            yield f"Each = {each} of row {at}: {lines} lines, {len(expected)} expected"


def _limits(case: RealCase) -> Iterator[str]:
    """Limits are kept, but for what is named and half a unit."""
    plan, outcome = case.outcome.plan, case.outcome
    sums = case.walker.sums(plan.limits.scope, np.zeros(len(plan.limits)))
    value = sums.offset + sums.sign * (sums.matrix @ outcome.value)
    for row in np.flatnonzero(~plan.metrics.is_kind(plan.limits.scope.metric, "rate")).tolist():
        metric = int(plan.limits.scope.metric[row])
        weights = sums.matrix[row]
        slack = weights.max(initial=0.0) if metric in (HOURS, FTE) else 0.5
        over = max(plan.limits.lower[row] - value[row], value[row] - plan.limits.upper[row])
        if over - outcome.limits.breach[row] > slack * (1 + 1e-6) + 1e-6 * max(1.0, abs(value[row])):
            yield f"limit row {row} is broken by {over}, and {outcome.limits.breach[row]} is named"


def _shares(case: RealCase) -> Iterator[str]:
    """Max share of queue, but for a unit."""
    matrix, there = case.walker.capacity()
    first = len(there) - len(case.outcome.plan.shares.share)
    over = matrix[first:] @ case.outcome.value - there[first:]
    if over.max(initial=0.0) > 1.0 + 1e-6:
        yield f"a share is passed by {over.max()}"


def _misses(case: RealCase) -> Iterator[str]:
    """Misses are the least by priority, excess first."""
    rows, point = case.rows, case.decision.fair_outcome
    short, over = rows.short(point), rows.over(point)
    body = hard_body(rows, case.breach)
    asked = 0.0
    for priority in np.unique(rows.plan.targets.priority):
        now = rows.plan.targets.priority == priority
        asked += float((rows.mean_hours * np.abs(rows.asked))[now].sum())
        upper, lower = now & rows.can_be_overshot, now & rows.can_fall_short
        if upper.any():
            least = least_cost(rows, body.around(point, 1e-9), upper, (rows.targets,), upper=True)
            yield from _dearer(f"excess at {priority}", float(rows.priced(over)[upper].sum()), least, asked)
            body = _bounded(body, rows.targets[upper], high=(rows.asked + over)[upper])
        if lower.any():
            least = least_cost(rows, body.around(point, 1e-9), lower, (rows.targets, rows.mix), upper=False)
            yield from _dearer(f"shortfall at {priority}", float(rows.priced(short)[lower].sum()), least, asked)
            for matrix in (rows.targets, rows.mix):
                body = _bounded(body, matrix[lower], low=(rows.asked - short)[lower])


def _bounded(body: Body, matrix: np.ndarray, low: np.ndarray | None = None, high: np.ndarray | None = None) -> Body:
    count = len(matrix)
    return body.also(
        matrix, np.full(count, -np.inf) if low is None else low, np.full(count, np.inf) if high is None else high
    )


def _dearer(what: str, found: float, least: float, asked: float) -> Iterator[str]:
    if abs(found - least) > 1e-5 * max(asked, 1e-3):
        yield f"{what} of {found} h, {least} h is possible, {asked} h asked"
