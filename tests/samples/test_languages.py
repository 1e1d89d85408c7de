"""The EU figures: published roll-ups are reproduced, and the plan and the import on them hold."""

import csv
import io

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.issues import stops
from engine.rates.averages import averages
from samples.languages import ALL, ENGLISH, HUMAN, PRECISION, RECALL, languages_workbook
from samples.languages_figures import ANY_LANGUAGE, AREAS, HISTORY, NAMES, PLANNED, moderators, published, states
from samples.records import records
from workbooks.importing.book import import_book
from workbooks.run import cascade, read_plan


@pytest.fixture(scope="module")
def solved():
    return cascade(languages_workbook()).outcome


def rolled_up(period: str, name: str) -> float:
    found = list(states(period).values())
    weight = np.array([state.measures for state in found])
    return float(averages(csr_matrix(np.ones((1, len(found)))), weight, np.array([getattr(s, name) for s in found]))[0])


@pytest.mark.parametrize(
    ("period", "name", "shown"),
    [
        (HISTORY, "precision", 0.976),
        (HISTORY, "recall", 0.938),
        (PLANNED, "precision", 0.97),
        (PLANNED, "recall", 0.94),
    ],
)
def test_weighted_by_all_measures_rates_come_to_what_is_published(period, name, shown):
    digits = 3 if period == HISTORY else 2
    assert round(rolled_up(period, name), digits) == shown == getattr(published(period), name)


def test_a_plain_mean_of_accuracy_is_five_points_off():
    plain = np.mean([state.accuracy for state in states(PLANNED).values()])
    assert round(float(plain), 3) == 0.866
    assert published(PLANNED).accuracy == 0.92


def test_the_states_of_all_languages_are_the_27_of_the_report():
    codes = [code for listed in AREAS.values() for code in listed]
    assert sorted(codes) == sorted(states(HISTORY)) == sorted(NAMES)


def test_load_per_moderator_differs_fifteenfold_so_that_overflow_is_forced(solved):
    people = moderators(HISTORY)
    loads = [sum(states(HISTORY)[code].human for code in codes) / people[language]
             for language, codes in AREAS.items() if language != ENGLISH]  # fmt: skip
    assert max(loads) / min(loads) > 15
    plan = solved.plan
    overflow = [plan.org.ids.index(team) for team in (ENGLISH, ANY_LANGUAGE)]
    human = plan.cells.metric == plan.metrics.ids.index(HUMAN)
    mine = human & np.isin(plan.org.leaves[plan.cells.org], overflow)
    assert solved.value[mine].sum() > 0.3 * solved.value[human].sum()


def test_the_plan_meets_what_is_asked_within_the_hours_there_are(solved):
    assert solved.exit_status == 0
    assert solved.certificate.holds
    assert read_plan(languages_workbook()).plan is not None


def test_precision_and_recall_of_the_plan_are_weighted_by_all_measures(solved):
    plan = solved.plan
    rows = [plan.metrics.ids[metric] for metric in plan.targets.scope.metric]
    for metric in (PRECISION, RECALL):
        row = rows.index(metric)
        assert solved.targets.achieved[row] == pytest.approx(plan.targets.value[row], abs=1e-9)
    assert ALL in rows


def test_the_raw_csv_becomes_a_plan_that_cascades_and_its_gaps_are_named():
    rows = list(records("dsa_member_state_halfyear.csv"))
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    result = import_book("dsa.csv", target.getvalue().encode())
    named = [each.found for each in result.issues if each.code == "TC269"]
    assert any("14,874,341, but its parts add up to 14,992,137 (-117,796)" in each for each in named)
    assert any("220,217,619, but its parts add up to 220,219,099 (-1,480)" in each for each in named)
    assert not stops(read_plan(result.data).issues)
    assert cascade(result.data).status == 0
