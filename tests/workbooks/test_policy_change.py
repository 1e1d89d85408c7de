"""The policy sample: a fifth more handle time in one queue from April, and who loses what because of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from samples.policy import CHANGED, FROM_QUARTER, policy_workbook
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import Run, cascade, read_plan
from workbooks.tabs.names import CASCADE


@cache
def changed() -> Run:
    return cascade(policy_workbook())


@cache
def unchanged():
    inputs = read_plan(policy_workbook()).inputs
    tables = {name: table for name, table in inputs.tables.items() if name != "HandleTimes"}
    plan, _ = build_plan(type(inputs)(tables, inputs.month_names))
    return recompute(plan)


def test_without_the_change_every_target_is_met_and_with_it_the_second_quarter_is_not():
    assert unchanged().targets.met.all()
    assert changed().outcome.targets.met.tolist() == [True, False]
    assert int(changed().status) == 3


def test_only_the_changed_queue_takes_longer_and_only_from_april():
    plan, before = changed().outcome.plan, unchanged().plan
    queues = np.array([plan.queues.ids[node] for node in plan.queues.leaves])
    periods = np.array([plan.periods.ids[node] for node in plan.periods.leaves])
    is_changed = (queues[plan.cells.queue] == CHANGED) & (periods[plan.cells.period] == FROM_QUARTER)
    longer = np.divide(plan.cells.hours, before.cells.hours)
    assert longer == pytest.approx(np.where(is_changed, 1.2, 1.0))


def test_what_is_lost_is_said_where_people_look():
    outcome = changed().outcome
    assert "hours" in outcome.targets.limited_by[1]
    assert FROM_QUARTER in outcome.targets.limited_by[1]
    missed = [issue for issue in changed().issues if issue.code == "TC701"]
    assert len(missed) == 1
    assert missed[0].amount == pytest.approx(outcome.targets.shortfall[1])


def test_numbers_that_move_in_the_second_quarter_say_that_hours_or_what_they_lead_to_are_why():
    data = changed().data
    table = read_own_table(data, find_own(data), CASCADE)
    period, deviation, why = (table.headers.index(name) for name in ("Period", "Deviation", "Why"))
    moved = [row for row in table.rows if row[period] == FROM_QUARTER and abs(row[deviation]) >= 100]
    assert len(moved) > 50
    short = [row for row in moved if "hours of" in row[why] or "shortage on" in row[why]]
    assert len(short) > 0.95 * len(moved)
    # what is left is where the shortage went: to other queues as far as the guard lets it
    assert all("mix guard" in row[why] or "takes over" in row[why] for row in moved if row not in short)


def test_the_first_quarter_is_as_it_would_have_been():
    outcome, before = changed().outcome, unchanged()
    first = outcome.plan.cells.period == 0
    assert outcome.value[first].sum() == before.value[first].sum()
