"""A small workbook becomes a plan that can be solved."""

import numpy as np
import pytest

from engine.issues import Severity
from engine.recompute import recompute
from tests.builders import BASELINE, cell_values, codes_of, plan_of, small


def test_history_stands_in_the_cells_of_the_same_month_a_year_later():
    values = cell_values(plan_of(small()))
    assert values["Reviews", "Team A", "Hate", "2026-01"] == 100
    assert values["Reviews", "Lisbon", "Scams", "2026-02"] == 40
    assert len(values) == 6, "pairs without history are not planned"


def test_handle_times_are_inherited_down_the_queues():
    plan = plan_of(small())
    by_queue = dict(zip(plan.cells.queue.tolist(), (plan.cells.hours * 3600).tolist(), strict=True))
    ids = [plan.queues.ids[node] for node in plan.queues.leaves]
    assert {ids[leaf]: seconds for leaf, seconds in by_queue.items()} == pytest.approx(
        {"Hate": 60, "Bots": 30, "Scams": 90}
    )


def test_a_plan_from_tables_can_be_solved():
    outcome = recompute(plan_of(small()))
    assert outcome.value.sum() == pytest.approx(700)


def test_the_order_of_rows_changes_nothing():
    mirrored = [BASELINE[0], *reversed(BASELINE[1:])]
    one, other = plan_of(small()), plan_of(small(Baseline=mirrored))
    for field in ("metric", "org", "queue", "period", "baseline", "hours"):
        assert np.array_equal(getattr(one.cells, field), getattr(other.cells, field), equal_nan=True)


def test_a_sound_workbook_has_nothing_that_stops_it():
    assert codes_of(small(), Severity.STOP) == set()


def test_without_history_every_pair_may_work_together():
    plan = plan_of(small(Baseline=None))
    assert len(plan.cells) == 3 * 3 * 2
    assert np.isnan(plan.cells.baseline).all()
