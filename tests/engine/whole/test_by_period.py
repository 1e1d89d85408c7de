"""Whole units period by period: as good as all at once, and the same whoever does it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.decision.decide import decide
from engine.formulation.problem import formulate
from engine.whole import places
from engine.whole.by_period import round_by_period
from engine.whole.choose import round_part
from engine.whole.kept import Kept, keep, whole_part
from engine.whole.part import Chosen, snapped
from engine.whole.rounding import units
from engine.workers import ALONE, Workers
from tests.bench.plans import Size, large_plan
from tests.bench.split import with_backlog
from tests.counts import everyday
from tests.plans import in_units, random_parts
from tests.workers import Away
from workbooks.workers import OnCores

SEEDS = range(everyday(25, 200))
LARGER, BACKLOG = (-1, -4, -7), (-11,)


@cache
def of_plan(seed: int) -> Kept:
    """Return what rounding keeps of a random plan; seeds below 0 are plans of 700 cells, below −9 with backlog."""
    if seed >= 0:
        plan = random_parts(seed).build()
    else:
        plan = large_plan(Size(2, 2, 2, 8, 0.97 + seed % 10 * 0.03))
        plan = with_backlog(plan) if seed < -9 else plan
    problem = formulate(in_units(plan))
    decision = decide(problem)
    unit = units(problem)
    return keep(problem, decision.hard, decision.point, unit, snapped(np.where(unit > 0, decision.point, 0.0)))


def off(kept: Kept, up: np.ndarray) -> float:
    """Return how far a rounded plan is from the plan, in units."""
    return float(np.abs(kept.base[kept.loose] + up - kept.count[kept.loose]).sum())


def by_period(kept: Kept, workers: Workers = ALONE) -> Chosen:
    found = round_by_period(kept, workers)
    assert found is not None
    return found


def over_all(kept: Kept, up: np.ndarray) -> np.ndarray:
    """Return which of all cells go up."""
    found = np.zeros(len(kept.base))
    found[kept.loose] = up
    return found


def broken(kept: Kept, up: np.ndarray) -> list[int]:
    """Return how many sums of each family are below their floor or above their ceiling."""
    counts = []
    for family in kept.families:
        low, high = kept.bounds(family)
        risen = family.totals(over_all(kept, up))
        counts.append(int(((risen < low[1] - 1e-6) | (risen > high[1] + 1e-6)).sum()))
    return counts


def test_every_sum_of_both_families_is_between_its_floor_and_its_ceiling():
    kept_all = 0
    for seed in (*SEEDS, *LARGER):
        found = by_period(of_plan(seed))
        kept_all += found.keeps_all
        if found.keeps_all:
            assert broken(of_plan(seed), found.up) == [0, 0], seed
    assert kept_all >= 0.9 * (len(SEEDS) + len(LARGER))


def test_periods_one_by_one_are_about_as_near_to_the_plan_as_all_at_once():
    alone = together = 0.0
    for seed in (*SEEDS, *LARGER):
        kept = of_plan(seed)
        found, whole = by_period(kept), round_part(whole_part(kept))
        if whole is not None and found.keeps_all and whole.keeps_all:
            alone, together = alone + off(kept, found.up), together + off(kept, whole.up)
    assert together <= alone <= 1.02 * together


def test_the_same_units_whoever_rounds_the_periods():
    kept, away = of_plan(LARGER[0]), Away()
    here = by_period(kept)
    for workers in (away, OnCores(1), OnCores(3)):
        assert by_period(kept, workers).up.tobytes() == here.up.tobytes()
    assert away.calls == 12


def test_longer_sums_that_were_asked_tie_when_periods_are_rounded_alone():
    for seed in LARGER:
        kept = of_plan(seed)
        assert len(kept.goal)
        whole = kept.base.copy()
        whole[kept.loose] += by_period(kept).up
        assert kept.wanted @ whole == pytest.approx(kept.goal)


def test_where_not_all_sums_can_be_kept_few_give_way_and_none_takes_more_than_came_in():
    """Inflow is all handled and no whole number: every queue must be rounded down, and what is asked of all up."""
    for seed in BACKLOG:
        kept = of_plan(seed)
        whole = round_part(whole_part(kept))
        assert whole is not None
        for found in (by_period(kept), whole):
            assert not found.keeps_all
            assert max(broken(kept, found.up)) <= 0.03 * len(kept.families[0])
            for family in kept.families:
                fed = np.isfinite(family.most)
                most = family.most[fed] - family.totals(kept.base)[fed]
                assert (family.totals(over_all(kept, found.up))[fed] <= most + 1e-6).all()


def test_cells_that_cannot_be_kept_are_said_to_be():
    kept = of_plan(LARGER[0])
    nowhere = replace(kept, lower=np.ones_like(kept.lower), upper=np.zeros_like(kept.upper))
    assert round_by_period(nowhere, ALONE) is None


def test_sums_of_hours_stand_where_they_would_if_all_sums_were_offered_one_after_the_other(monkeypatch):
    for seed in (*range(10), LARGER[-1]):
        of_plan.cache_clear()
        kept = of_plan(seed)
        with monkeypatch.context() as patched:
            patched.setattr(places, "hour_chains", lambda *_: None)
            of_plan.cache_clear()
            offered = of_plan(seed)
        assert [len(each) for each in kept.families] == [len(each) for each in offered.families]
        assert by_period(kept).up.tolist() == by_period(offered).up.tolist(), seed
    of_plan.cache_clear()
