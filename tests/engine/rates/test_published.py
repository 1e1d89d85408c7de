"""Published rates of a real operation: weighted by all measures, the states' precision and recall roll up to the EU's.

Figures: TikTok's DSA transparency reports, half-years 2025H2 and 2026H1, as in ``samples/data``.
"""

import csv
from importlib.resources import files

import numpy as np
import pytest

from engine.building import build_plan
from engine.recompute import recompute
from tests.builders import book
from workbooks.tabs.node_targets import org_sheet

TOTAL = "EU_TOTAL"
RATES = {"Accuracy": "automation_accuracy", "Precision": "automation_precision", "Recall": "automation_recall"}


def published(period):
    text = (files("samples") / "data" / "dsa_member_state_halfyear.csv").read_text(encoding="utf-8")
    return [row for row in csv.DictReader(text.splitlines()) if row["period"] == period]


def rolled_up(period):
    """Return the history of the whole org by rate, as Org Targets shows it."""
    rows = [row for row in published(period) if row["member_state"] != TOTAL]
    states = [row["member_state"] for row in rows]
    assert len(states) == 27
    baseline = [("Metric", "Org", "Period", "Value")]
    for row in rows:
        baseline.append(("Measures", row["member_state"], period, float(row["measures_total"])))
        baseline += [(rate, row["member_state"], period, float(row[column])) for rate, column in RATES.items()]
    inputs = book(
        Metrics=[
            ("Metric", "Kind", "Unit", "Weight", "Uses capacity"),
            ("Measures", "volume", "items", None, "no"),
            *((rate, "rate", "%", "Measures", None) for rate in RATES),
        ],
        Org=[("Node", "Parent"), ("EU", None), *((state, "EU") for state in states)],
        Queues=[("Node",), ("All policies",)],
        Periods=[("Period",), (period,)],
        Baseline=baseline,
        Targets=[("Metric", "Value"), ("Measures", sum(float(row["measures_total"]) for row in rows))],
    )
    plan, issues = build_plan(inputs)
    assert plan is not None, issues
    totals = org_sheet(recompute(plan)).totals
    return {rate: totals.baseline[totals.first_row(plan.metrics.ids.index(rate))] for rate in RATES}


@pytest.mark.parametrize(("period", "digits"), [("2025H2", 3), ("2026H1", 2)])
def test_precision_and_recall_of_27_states_roll_up_to_the_published_figures_of_the_eu(period, digits):
    found = rolled_up(period)
    (eu,) = (row for row in published(period) if row["member_state"] == TOTAL)
    for rate in ("Precision", "Recall"):
        assert round(found[rate], digits) == float(eu[RATES[rate]])


def test_a_plain_mean_of_accuracy_is_five_points_off_what_was_published():
    states = [float(row[RATES["Accuracy"]]) for row in published("2026H1") if row["member_state"] != TOTAL]
    assert round(np.mean(states), 3) == 0.866
    assert round(rolled_up("2026H1")["Accuracy"], 2) == 0.92
