"""The fair share: history scaled to what is asked, and a place for what has no history."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from engine.formulation.problem import formulate
from engine.plan import Sense, Settings
from tests.plans import PlanParts, one_team, random_parts, tree
from tests.referee.rows import Fairness, build_rows


def fair_of(parts: PlanParts):
    return formulate(parts.build()).fair


def teams(baseline: dict, **more) -> PlanParts:
    """Three teams, two queues, one month; A and B have history unless said otherwise."""
    parts = PlanParts(
        org=tree("A", "B", "C"),
        queues=tree("Q1", "Q2"),
        periods=tree("Jan"),
        handle_s={"Q1": 60, "Q2": 120},
        baseline={(*key, "Jan"): value for key, value in baseline.items()},
        eligible=[(team, queue) for team in "ABC" for queue in ("Q1", "Q2")],
    )
    for name, value in more.items():
        setattr(parts, name, value)
    return parts


KNOWN = {
    ("A", "Q1"): 100.0,
    ("A", "Q2"): 50.0,
    ("B", "Q1"): 300.0,
    ("B", "Q2"): 150.0,
    ("C", "Q1"): 0.0,
    ("C", "Q2"): 0.0,
}


def test_history_is_scaled_to_the_target():
    fair = fair_of(teams(KNOWN, targets=[(None, None, None, Sense.EXACTLY, 1200, 1)]))
    assert fair.value == pytest.approx([200, 100, 600, 300, 0, 0])
    assert not fair.no_history.any()


def test_two_targets_of_different_trees_are_met_together():
    parts = teams(KNOWN, targets=[("A", None, None, Sense.EXACTLY, 300, 1), (None, "Q1", None, Sense.EXACTLY, 500, 1)])
    fair = fair_of(parts)
    assert fair.value[0] + fair.value[1] == pytest.approx(300)
    assert fair.value[0] + fair.value[2] + fair.value[4] == pytest.approx(500)


def test_at_least_and_at_most_enter_only_where_they_are_violated():
    parts = teams(KNOWN, targets=[("A", None, None, Sense.AT_LEAST, 100, 1), ("B", None, None, Sense.AT_MOST, 225, 1)])
    assert fair_of(parts).value == pytest.approx([100, 50, 150, 75, 0, 0])


def test_a_bound_that_is_violated_only_once_another_entered_enters_too():
    parts = teams({(team, "Q1"): 100.0 for team in "ABC"}, eligible=[(team, "Q1") for team in "ABC"])
    parts.targets = [
        (None, None, None, Sense.EXACTLY, 270, 1),
        ("A", None, None, Sense.AT_LEAST, 100, 1),
        ("B", None, None, Sense.AT_LEAST, 87, 1),
    ]
    fair = fair_of(parts)
    assert fair.value == pytest.approx([100, 87, 83])
    assert fair.residual == pytest.approx([0, 0, 0], abs=1e-6)


def test_a_first_priority_stands_where_a_second_contradicts_it():
    parts = teams(KNOWN, targets=[(None, None, None, Sense.EXACTLY, 600, 1), (None, None, None, Sense.EXACTLY, 900, 2)])
    fair = fair_of(parts)
    assert fair.value.sum() == pytest.approx(600)
    assert sorted(fair.residual) == pytest.approx([0, 300], abs=1e-4)


def test_contradicting_targets_of_one_priority_meet_in_the_middle_of_their_hours():
    parts = teams(KNOWN, targets=[(None, None, None, Sense.EXACTLY, 600, 1), (None, None, None, Sense.EXACTLY, 900, 1)])
    assert fair_of(parts).value.sum() == pytest.approx(750, rel=1e-3)


def test_a_new_team_gets_its_peers_rate_per_hour():
    without_c = {key: value for key, value in KNOWN.items() if key[0] != "C"}
    hours = [("A", None, "Jan", 10.0), ("B", None, "Jan", 30.0), ("C", None, "Jan", 20.0)]
    fair = fair_of(teams(without_c, capacity=hours))
    assert fair.value == pytest.approx([100, 50, 300, 150, 200, 100])
    assert fair.no_history.tolist() == [False] * 4 + [True] * 2


def test_a_new_queue_gets_the_mean_of_its_siblings_shared_by_hours():
    without_q2 = {key: value for key, value in KNOWN.items() if key[1] == "Q1"}
    hours = [("A", None, "Jan", 10.0), ("B", None, "Jan", 30.0), ("C", None, "Jan", 40.0)]
    fair = fair_of(teams(without_q2, capacity=hours))
    assert fair.value[1::2] == pytest.approx([50, 150, 200])


def test_a_pair_without_history_in_a_queue_that_has_some_starts_at_nothing_but_may_move():
    fair = fair_of(teams({key: value for key, value in KNOWN.items() if key != ("A", "Q2")}))
    assert fair.value[1] == 0
    assert fair.scale[1] == pytest.approx(150 / 3 / 20)


def test_an_explicit_nothing_stays_nothing():
    fair = fair_of(teams(KNOWN, targets=[(None, None, None, Sense.EXACTLY, 9000, 1)]))
    assert fair.value[4:].tolist() == [0, 0]
    assert fair.scale[4:].tolist() == [0, 0]


def test_a_target_over_nothing_but_zeros_is_shared_by_hours():
    hours = [("A", None, "Jan", 10.0), ("B", None, "Jan", 30.0), ("C", None, "Jan", 20.0)]
    fair = fair_of(teams(KNOWN, capacity=hours, targets=[("C", None, None, Sense.EXACTLY, 60, 1)]))
    assert fair.value[4:].sum() == pytest.approx(60)


def test_by_hours_the_queues_keep_their_totals():
    hours = [("A", None, "Jan", 10.0), ("B", None, "Jan", 30.0), ("C", None, "Jan", 40.0)]
    fair = fair_of(teams(KNOWN, capacity=hours, settings=Settings(fair_share_by="hours")))
    assert fair.value == pytest.approx([50, 25, 150, 75, 200, 100])


def test_evenly_every_team_gets_the_same():
    fair = fair_of(teams(KNOWN, settings=Settings(fair_share_by="even")))
    assert fair.value[::2] == pytest.approx([400 / 3] * 3)


def test_items_that_take_no_hours_weigh_as_much_as_one_item_each_where_nothing_takes_any():
    parts = one_team(hours=None, handle_s={"Fast": 0, "Slow": 0})
    assert fair_of(parts).hours.tolist() == [1, 1]


def test_the_share_is_the_nearest_to_history_that_meets_equal_targets():
    checked = sum(is_nearest_to_history(seed) for seed in range(60))
    assert checked >= 25


def is_nearest_to_history(seed: int) -> bool:
    """Compare with the nearest in Kullback-Leibler divergence, by scipy on its dual; False where targets contradict."""
    parts = random_parts(seed)
    parts.targets = [(*row[:3], Sense.EXACTLY, row[4], 1.0) for row in parts.targets[:3] if row[4] > 0]
    parts.settings, parts.limits = Settings(), []
    plan = parts.build()
    start = formulate(replace(parts, targets=[]).build()).fair.value
    fair = formulate(plan).fair
    rows = build_rows(plan, Fairness(fair.value, fair.scale, fair.hours))
    if fair.residual.max(initial=0) > 1e-7 or (rows.targets @ start <= 0).any() or not len(rows.asked):
        return False
    size = start.sum()

    def dual(price):
        value = start * np.exp(np.clip(rows.targets.T @ price, -50, 50))
        return (value.sum() - price @ rows.asked) / size, (rows.targets @ value - rows.asked) / size

    found = minimize(dual, np.zeros(len(rows.asked)), jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 2000})
    nearest = start * np.exp(rows.targets.T @ found.x)
    assert fair.value == pytest.approx(nearest, rel=1e-4, abs=1e-5 * size), seed
    return True
