"""What is promised of every plan, whatever it is: coherent, within hours, explained, the same in any order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.formulation.problem import formulate
from engine.outcome import CellStatus, ExitStatus, Outcome
from engine.plan import Sense
from engine.recompute import recompute
from tests.counts import everyday
from tests.plans import PlanParts
from tests.properties.plans import plan_parts
from tests.referee.rows import Fairness, Rows, build_rows

every_plan = settings(max_examples=everyday(15, 60), deadline=None, derandomize=True)


def rows_of(outcome: Outcome) -> Rows:
    fair = formulate(outcome.plan).fair
    return build_rows(outcome.plan, Fairness(fair.value, fair.scale, fair.hours))


@given(plan_parts())
@every_plan
def test_every_answer_is_certified(parts):
    certificate = recompute(parts.build()).certificate
    assert [proof for proof in certificate.proofs if not proof.holds] == []


@given(plan_parts())
@every_plan
def test_hours_are_never_exceeded_and_nothing_is_below_zero(parts):
    outcome = recompute(parts.build())
    used = rows_of(outcome).capacity @ outcome.value
    assert (used <= outcome.plan.capacity.hours * (1 + 1e-6) + 1e-6).all()
    assert outcome.capacity.used == pytest.approx(used, rel=1e-9, abs=1e-9)
    assert (outcome.value >= 0).all()


@given(plan_parts())
@every_plan
def test_limits_and_holds_are_kept_or_named(parts):
    outcome = recompute(parts.build())
    limits, breach = outcome.plan.limits, outcome.limits.breach
    found = rows_of(outcome).limits @ outcome.value
    room = breach + 1e-6 * np.maximum(1, found)
    assert (found >= limits.lower - room).all()
    assert (found <= limits.upper + room).all()
    assert outcome.limits.value == pytest.approx(found, rel=1e-9, abs=1e-9)
    assert (outcome.exit_status is ExitStatus.LIMITS_BROKEN) == bool((breach > 0).any())


@given(plan_parts())
@every_plan
def test_reasons_add_up_to_the_deviation_of_every_cell(parts):
    outcome = recompute(parts.build())
    told = np.bincount(outcome.reasons.cell, outcome.reasons.amount, len(outcome.value))
    assert told == pytest.approx(outcome.value - outcome.fair, rel=1e-6, abs=1e-6)


@given(plan_parts())
@every_plan
def test_reasons_come_cell_by_cell_the_largest_first_each_once(parts):
    reasons = recompute(parts.build()).reasons
    assert len(set(reasons.labels)) == len(reasons.labels)
    keys = list(zip(reasons.cell.tolist(), (-np.round(np.abs(reasons.amount), 6)).tolist(), strict=True))
    assert keys == sorted(keys)
    pairs = set(zip(reasons.cell.tolist(), reasons.label.tolist(), strict=True))
    assert len(pairs) == len(keys)


@given(plan_parts())
@every_plan
def test_a_target_is_met_or_its_gap_is_told(parts):
    outcome = recompute(parts.build())
    plan, results = outcome.plan, outcome.targets
    achieved = rows_of(outcome).targets @ outcome.value
    assert results.achieved == pytest.approx(achieved, rel=1e-9, abs=1e-9)
    under, over = np.maximum(plan.targets.value - achieved, 0), np.maximum(achieved - plan.targets.value, 0)
    sense = plan.targets.sense
    gap = np.where(sense == Sense.AT_LEAST, under, np.where(sense == Sense.AT_MOST, over, under + over))
    near = 1e-6 * np.maximum(plan.targets.value, 1)
    assert (results.met == (gap <= near)).all()
    assert results.shortfall == pytest.approx(np.where(results.met, 0, gap), rel=1e-6, abs=1e-6)
    assert [bool(words) for words in results.limited_by] == (~results.met).tolist()
    assert outcome.is_complete
    assert (outcome.exit_status is ExitStatus.DONE) == bool(results.met.all() and not outcome.limits.breach.any())


@given(plan_parts())
@every_plan
def test_the_status_of_a_cell_says_what_is_so(parts):
    outcome = recompute(parts.build())
    near = 1e-6 * np.maximum(1, outcome.value)
    held = outcome.status == CellStatus.HELD
    assert (outcome.lower[held] == outcome.upper[held]).all()
    assert outcome.value[held] == pytest.approx(outcome.lower[held], rel=1e-6, abs=1)
    broken = outcome.status == CellStatus.HOLD_NOT_KEPT
    assert (outcome.lower[broken] == outcome.upper[broken]).all()
    assert (np.abs(outcome.value - outcome.lower)[broken] > 1e-6).all()
    below, above = outcome.status == CellStatus.BELOW_MIN, outcome.status == CellStatus.ABOVE_MAX
    assert (outcome.value[below] < outcome.lower[below]).all()
    assert (outcome.value[above] > outcome.upper[above]).all()
    at_min, at_max = outcome.status == CellStatus.AT_MIN, outcome.status == CellStatus.AT_MAX
    assert (outcome.value[at_min] <= (outcome.lower + near)[at_min]).all()
    assert (outcome.value[at_max] >= (outcome.upper - near)[at_max]).all()
    rows = rows_of(outcome)
    full = rows.capacity @ outcome.value >= outcome.plan.capacity.hours * (1 - 1e-5) - 1e-6
    under_full = (rows.capacity[full] > 0).any(axis=0) if full.any() else np.zeros(len(held), dtype=bool)
    assert under_full[outcome.status == CellStatus.AT_CAPACITY].all()
    assert outcome.no_history[outcome.status == CellStatus.NO_HISTORY].all()


@given(plan_parts(), st.integers(0, 1000))
@every_plan
def test_the_order_of_rows_changes_nothing(parts, order):
    usual, shuffled = recompute(parts.build()), recompute(parts.build(np.random.default_rng(order)))
    assert shuffled.value == pytest.approx(usual.value, rel=1e-9, abs=1e-9)
    assert shuffled.reasons.labels == usual.reasons.labels


@given(plan_parts(), st.sampled_from([8, 1000]))
@every_plan
def test_the_size_of_the_plan_changes_no_share(parts, factor):
    # without history and targets there is no size
    assume(any(parts.baseline.values()))
    usual, larger = recompute(parts.build()), recompute(_larger(parts, factor).build())
    whole = max(float(usual.value.sum()), 1.0)
    assert larger.value / factor / whole == pytest.approx(usual.value / whole, abs=1e-5)


def _larger(parts: PlanParts, factor: float) -> PlanParts:
    return replace(
        parts,
        baseline={key: value * factor for key, value in parts.baseline.items()},
        targets=[(*row[:4], row[4] * factor, row[5]) for row in parts.targets],
        limits=[(*row[:3], row[3] * factor, row[4] * factor) for row in parts.limits],
        capacity=[(*row[:3], row[3] * factor) for row in parts.capacity],
    )


@given(plan_parts(), st.integers(100, 3000), st.integers(1, 5))
@every_plan
def test_a_first_priority_that_can_be_met_is_met_whatever_the_others_ask(parts, asked, priority):
    # on its own it is met in both counts; then everything else is asked of the same plan at lower priorities
    alone = replace(parts, targets=[(None, None, None, Sense.AT_LEAST, asked, 1)], settings=_no_band(parts))
    first = recompute(alone.build())
    assume(first.targets.met.all() and first.targets.priced_miss[0] <= 1e-7 * asked)
    others = [(*row[:5], row[5] + priority) for row in parts.targets]
    both = recompute(replace(parts, targets=[*alone.targets, *others]).build())
    assert both.targets.achieved[0] >= asked * (1 - 1e-6)


def _no_band(parts: PlanParts):
    return replace(parts.settings, mix_guard=0.0)


@given(plan_parts())
@every_plan
def test_findings_name_every_miss_and_every_broken_limit(parts):
    outcome = recompute(parts.build())
    codes = [issue.code for issue in outcome.findings]
    assert codes.count("TC701") == int((~outcome.targets.met).sum())
    assert codes.count("TC702") == int(outcome.limits.contradicted.sum())
    assert codes.count("TC702") + codes.count("TC709") == int((outcome.limits.breach > 0).sum())
    assert "TC707" not in codes
