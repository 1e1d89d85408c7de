"""Whole numbers of one run can be held in the next."""

from dataclasses import replace

import numpy as np

from engine.issues import Place
from engine.outcome import ExitStatus, Outcome
from engine.plan import Limits, Plan, Scopes
from engine.recompute import recompute
from tests.counts import everyday
from tests.plans import in_units, one_team, random_parts

SEEDS = range(everyday(10, 200))


def held(outcome: Outcome) -> Plan:
    """Return the plan of an outcome with every cell held where it stands, and no other limit."""
    plan, value = outcome.plan, outcome.value
    cells, count = plan.cells, len(outcome.value)
    nodes = [tree.leaves[leaf] for tree, leaf in (
        (plan.org, cells.org), (plan.queues, cells.queue), (plan.periods, cells.period))]  # fmt: skip
    blank = ("",) * count
    limits = Limits(
        Scopes(cells.metric, *nodes), value, value, np.ones(count, bool), blank, blank, (Place("Limits"),) * count
    )
    return replace(plan, limits=limits)


def test_every_cell_of_a_plan_in_whole_units_can_be_held():
    over = 0
    for seed in SEEDS:
        first = recompute(in_units(random_parts(seed).build()))
        if first.exit_status is ExitStatus.LIMITS_BROKEN:
            continue
        over += int((first.capacity.used > first.plan.capacity.hours).any())
        again = recompute(held(first))
        assert not again.limits.breach.any(), seed
        assert again.value.tolist() == first.value.tolist(), seed
        assert again.certificate.holds, seed
    assert over > 1  # rounding's room was used in some


def test_beyond_rounding_holds_give_way_to_hours():
    plan = in_units(one_team(1.0, targets=[]).build())
    outcome = recompute(plan)
    more = held(replace(outcome, value=outcome.value + 2))
    assert recompute(more).limits.breach.sum() > 0
