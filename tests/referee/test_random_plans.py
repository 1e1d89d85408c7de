"""Random plans judged by independent code: rows as plain sets of cells, scipy's programs, Clarabel's convex step."""

from collections.abc import Callable, Iterator

import numpy as np

from tests.referee.case import Case, solved
from tests.referee.optima import Body, fairest, hard_body, least_breach, least_cost, row_hours

ALL = 240
"""Plans among which every kind stands, the rarest too."""


def wrong_ones(seeds: range, check: Callable[[Case], Iterator[str]]) -> list[str]:
    """Return what a check finds, over a block of plans."""
    return [f"plan {seed}: {found}" for seed in seeds for found in check(solved(seed))]


def test_the_certificate_of_every_plan_holds(seeds):
    assert not wrong_ones(seeds, _open_proofs)


def _open_proofs(case: Case) -> Iterator[str]:
    yield from (str(proof) for proof in case.outcome.certificate.proofs if not proof.holds)


def test_limits_give_way_by_the_least_hours_and_only_where_they_must(seeds):
    assert not wrong_ones(seeds, _wrong_breach)


def _wrong_breach(case: Case) -> Iterator[str]:
    breach = case.outcome.limits.breach
    if len(breach):
        broken = float(row_hours(case.rows, case.rows.limits) @ breach)
        least = least_breach(case.rows)
        if abs(broken - least) > 1e-6 * max(1.0, least):
            yield f"limits broken by {broken} h, {least} h would do"


def test_misses_are_the_least_by_priority(seeds):
    assert not wrong_ones(seeds, _avoidable_misses)


def _avoidable_misses(case: Case) -> Iterator[str]:
    rows, point = case.rows, case.fair_outcome
    short, over = rows.short(point), rows.over(point)
    body, hours_asked = hard_body(rows, case.outcome.limits.breach), 0.0
    for now in _by_priority(case):
        hours_asked += float((rows.mean_hours * np.abs(rows.asked))[now].sum())
        upper, lower = now & rows.can_be_overshot, now & rows.can_fall_short
        if upper.any():
            least = least_cost(rows, body.around(point), upper, (rows.targets,), upper=True)
            yield from _dearer("excess", float(rows.priced(over)[upper].sum()), least, hours_asked)
            body = _not_above(body, rows.targets[upper], (rows.asked + over)[upper])
        if lower.any():
            least = least_cost(rows, body.around(point), lower, (rows.targets, rows.mix), upper=False)
            yield from _dearer("shortfall", float(rows.priced(short)[lower].sum()), least, hours_asked)
            for matrix in (rows.targets, rows.mix):
                body = _not_below(body, matrix[lower], (rows.asked - short)[lower])


def test_within_the_mix_guard_item_misses_are_the_least_by_priority(seeds):
    assert not wrong_ones(seeds, _avoidable_item_misses)


def _avoidable_item_misses(case: Case) -> Iterator[str]:
    if not case.decision.used_guard:
        return
    rows, before, point = case.rows, case.fair_outcome, case.outcome.value
    body = _guarded_body(case)
    short = rows.item_short(point)
    hours_asked = 0.0
    for now in _by_priority(case):
        hours_asked += float((rows.mean_hours * np.abs(rows.asked))[now].sum())
        lower = now & rows.can_fall_short
        if lower.any():
            mix = np.minimum(rows.asked, rows.mix @ before)
            body = _not_below(body, rows.mix[lower], mix[lower])
            least = least_cost(rows, body.around(point), lower, (rows.targets,), upper=False)
            yield from _dearer("item miss", float(rows.priced(short)[lower].sum()), least, hours_asked)
            body = _not_below(body, rows.targets[lower], (rows.asked - short)[lower])


def test_the_plan_is_the_fairest_at_what_it_reaches(seeds):
    assert not wrong_ones(seeds, _avoidable_unfairness)


def _avoidable_unfairness(case: Case) -> Iterator[str]:
    rows, point = case.rows, case.fair_outcome
    lower, upper = rows.can_fall_short, rows.can_be_overshot
    body = hard_body(rows, case.outcome.limits.breach)
    for matrix in (rows.targets, rows.mix):
        body = _not_below(body, matrix[lower], (rows.asked - rows.short(point))[lower])
    body = _not_above(body, rows.targets[upper], (rows.asked + rows.over(point))[upper])
    found = rows.unfairness(point)
    least = rows.unfairness(fairest(rows, body.around(point, 1e-9)))
    if found - least > max(1e-3 * least, 1e-9 * float(rows.fairness.hours @ rows.fairness.value)):
        yield f"unfairness {found}, {least} is possible"


def test_hours_and_limits_are_kept_to_the_millionth(seeds):
    assert not wrong_ones(seeds, _broken_rows)


def _broken_rows(case: Case) -> Iterator[str]:
    body = hard_body(case.rows, case.outcome.limits.breach)
    for point in (case.outcome.value, case.fair_outcome):
        if (point < 0).any():
            yield "something is below 0"
        if _worst(case, body, point) > 1e-6:
            yield f"a row is broken by {_worst(case, body, point)}"


def test_queues_stay_in_their_band_about_the_fair_outcome(seeds):
    assert not wrong_ones(seeds, _left_bands)


def _left_bands(case: Case) -> Iterator[str]:
    # the band is widened by four times what the fair outcome itself leaves open, a millionth at most
    if case.decision.used_guard and _worst(case, _guarded_body(case), case.outcome.value) > 4e-6:
        yield f"a queue leaves its band by {_worst(case, _guarded_body(case), case.outcome.value)}"


def _worst(case: Case, body: Body, point: np.ndarray) -> float:
    activity = body.matrix @ point
    # a queue that is all but given up is judged by what would be fair
    size = np.maximum.reduce([np.ones(len(activity)), activity, body.matrix @ case.rows.fairness.value])
    return float(np.max(np.maximum(body.low - activity, activity - body.high) / size, initial=0))


def test_the_fairest_plan_is_found_in_all_but_one_of_a_hundred_plans(plans):
    stood_in = [seed for seed in range(plans) if not solved(seed).decision.fairest.is_projected]
    assert len(stood_in) <= plans / 100


def test_the_random_plans_are_of_every_kind(plans):
    cases = [solved(seed) for seed in range(plans)]
    rare = 2 if plans >= 80 else 1
    met = sum(bool(case.outcome.targets.met.all()) for case in cases)
    assert plans / 5 < met < 4 * plans / 5
    assert sum(case.decision.used_guard for case in cases) > plans / 5
    assert sum(bool((case.outcome.limits.breach > 0).any()) for case in cases) > plans / 20
    assert sum(bool(case.outcome.no_history.any()) for case in cases) > plans / 4
    assert sum(bool(case.outcome.no_history.all()) for case in cases) >= rare
    assert sum(len(case.outcome.plan.capacity) == 0 for case in cases) > plans / 20
    assert sum(len(case.outcome.plan.targets) == 0 for case in cases) >= rare
    assert plans < ALL or sum(len(case.rows.fairness.value) == 1 for case in cases) > 0
    assert max(len(case.rows.fairness.value) for case in cases) > 400


def _by_priority(case: Case) -> Iterator[np.ndarray]:
    priority = case.outcome.plan.targets.priority
    yield from (priority == value for value in np.unique(priority))


def _guarded_body(case: Case) -> Body:
    """Hard rows, excess as it was, and every queue and period in its band about the fair outcome."""
    rows, before = case.rows, case.fair_outcome
    body = hard_body(rows, case.outcome.limits.breach)
    upper = rows.can_be_overshot
    body = _not_above(body, rows.targets[upper], (rows.asked + rows.over(before))[upper])
    totals = rows.queues @ before
    return body.also(rows.queues, (1 - rows.may_lose) * totals, (1 + rows.may_lose) * totals)


def _not_below(body: Body, matrix: np.ndarray, low: np.ndarray) -> Body:
    return body.also(matrix, low, np.full(len(low), np.inf))


def _not_above(body: Body, matrix: np.ndarray, high: np.ndarray) -> Body:
    return body.also(matrix, np.full(len(high), -np.inf), high)


def _dearer(what: str, found: float, least: float, hours_asked: float) -> Iterator[str]:
    if abs(found - least) > 1e-6 * max(hours_asked, 1e-3):
        yield f"{what} of {found} h, {least} h is possible, {hours_asked} h asked"
