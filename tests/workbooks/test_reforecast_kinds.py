"""Planning again what is more than volumes: rates stand at what they were, backlogs at what is left."""

from __future__ import annotations

import numpy as np
import pytest

from engine.outcome import Outcome
from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.reforecast_run import Wanted, reforecast_book
from workbooks.run import RunOptions, cascade
from workbooks.seal_run import seal

OPTIONS = RunOptions(by="Aoife", command="targets reforecast")
ACTUALS = ("Metric", "Org", "Queue", "Period", "Value")
AS_OF = [("Setting", "Value"), ("As of", "Jan")]
RATED = {
    "Metrics": [
        ("Metric", "Kind", "Unit", "Weight", "Floor", "Ceiling", "Best"),
        ("Reviews", "volume", "items", None, None, None, None),
        ("Accuracy", "rate", "%", "Reviews", 0.87, 0.99, 0.98),
    ],
    "Baseline": [
        *PLAN["Baseline"], *(("Accuracy", team, "Spam", month, 0.9) for team in "AB" for month in ("Jan", "Feb")),
    ],
    "Targets": [
        ("Metric", "Org", "Period", "Sense", "Value"), ("Reviews", None, None, "exactly", 400),
        ("Accuracy", None, None, "at least", 0.92), ("Accuracy", None, "Jan", "at least", 0.91),
    ],
}  # fmt: skip
FED = {
    "Metrics": [
        ("Metric", "Kind", "Unit", "Better", "Balance of"), ("Reviews", "volume", "items", None, None),
        ("Backlog", "stock", "items", "lower", "Reviews"),
    ],
    "Inflow": [("Metric", "Queue", "Period", "Value")] + [("Reviews", "Spam", month, 200) for month in ("Jan", "Feb")],
    "Opening": [("Metric", "Queue", "Value"), ("Backlog", "Spam", 40)],
    "Targets": [
        ("Metric", "Period", "Sense", "Value"), ("Reviews", None, "exactly", 400), ("Backlog", None, "at most", 40),
    ],
}  # fmt: skip


def _again(tables: dict[str, list[tuple[object, ...]]], *actuals: tuple[object, ...]) -> tuple[Outcome, Outcome]:
    """Return the plan as it was sealed, and as it is after January."""
    data = book({**PLAN, **tables, "Settings": AS_OF, "Actuals": [ACTUALS, *actuals]})
    first = cascade(data, OPTIONS)
    assert first.outcome is not None, first.issues
    sealed = seal(first.data or b"", "1", OPTIONS)
    run = reforecast_book(sealed.data or b"", Wanted(), OPTIONS)
    assert run.done is not None, run.issues
    return first.outcome, run.done.outcome


def test_rates_that_have_ended_stand_and_the_rest_makes_up_for_them() -> None:
    volumes = [("Reviews", team, "Spam", "Jan", 100) for team in "AB"]
    rates = [("Accuracy", "A", "Spam", "Jan", 0.86), ("Accuracy", "B", "Spam", "Jan", 0.90)]
    before, after = _again(RATED, *volumes, *rates)
    (was,), (now,) = before.rates, after.rates
    ended = after.plan.cells.period[now.rate.cells] == 0
    assert now.value[ended] == pytest.approx([0.86, 0.90])  # 0.86 lies below the floor, and happened all the same
    assert float(now.weight @ now.value / now.weight.sum()) == pytest.approx(0.92, abs=1e-6)
    assert now.value[~ended].min() > was.value[~ended].max()
    assert after.certificate.holds
    assert not (after.limits.breach > 1e-9).any()
    assert len(after.plan.targets) == 2  # what was asked of January alone is a fact by now


def test_what_was_left_undone_waits_in_the_backlog_and_is_handled_later() -> None:
    actuals = [("Reviews", team, "Spam", "Jan", 80) for team in "AB"]
    before, after = _again(FED, *actuals)
    ended = after.plan.cells.period == 0
    assert after.value[ended].tolist() == [80, 80]
    assert float(after.value.sum()) == 400
    assert after.certificate.holds
    assert after.targets.met.all()
    assert len(after.plan.targets) == len(before.plan.targets) == 2


def test_more_done_than_came_in_breaks_no_balance() -> None:
    _, after = _again(FED, *(("Reviews", team, "Spam", "Jan", 190) for team in "AB"))
    assert np.isfinite(after.value).all()
    assert after.value[after.plan.cells.period == 0].tolist() == [190, 190]
    assert after.certificate.holds
