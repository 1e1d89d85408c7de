"""Planning again what is more than volumes: rates stand at what they were, backlogs at what is left."""

from __future__ import annotations

import numpy as np
import pytest

from engine.outcome import Outcome
from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.package.ownership import find_own, read_own_table
from workbooks.reforecast_run import ReforecastRun, Wanted, reforecast_book
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


def _run(tables: dict[str, list[tuple[object, ...]]], *actuals: tuple[object, ...]) -> tuple[Outcome, ReforecastRun]:
    """Return the plan as it was sealed, and the re-forecast after January."""
    data = book({**PLAN, **tables, "Settings": AS_OF, "Actuals": [ACTUALS, *actuals]})
    first = cascade(data, OPTIONS)
    assert first.outcome is not None, first.issues
    sealed = seal(first.data or b"", "1", OPTIONS)
    run = reforecast_book(sealed.data or b"", Wanted(), OPTIONS)
    assert run.done is not None, run.issues
    return first.outcome, run


def _again(tables: dict[str, list[tuple[object, ...]]], *actuals: tuple[object, ...]) -> tuple[Outcome, Outcome]:
    """Return the plan as it was sealed, and as it is after January."""
    first, run = _run(tables, *actuals)
    assert run.done is not None
    return first, run.done.outcome


def _records(run: ReforecastRun, sheet: str) -> list[dict[str, object]]:
    data = run.data or b""
    table = read_own_table(data, find_own(data), sheet)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def test_changes_tell_of_rates_in_points_what_lies_ahead_first() -> None:
    volumes = [("Reviews", team, "Spam", "Jan", 100) for team in "AB"]
    first, run = _run(RATED, *volumes, ("Accuracy", "A", "Spam", "Jan", 0.86), ("Accuracy", "B", "Spam", "Jan", 0.90))
    rows = [each for each in _records(run, "Changes") if each["Metric"] == "Accuracy"]
    assert [(each["Org"], each["Period"]) for each in rows] == [("A", "Feb"), ("B", "Feb"), ("A", "Jan"), ("B", "Jan")]
    assert run.done is not None
    was, now = first.rates[0], run.done.outcome.rates[0]
    for row in rows:
        cells = now.rate.cells
        org = ["A", "B"].index(str(row["Org"]))
        period = ["Jan", "Feb"].index(str(row["Period"]))
        (at,) = np.flatnonzero((run.done.outcome.plan.cells.org[cells] == org)
                               & (run.done.outcome.plan.cells.period[cells] == period))  # fmt: skip
        assert row["Was"] == pytest.approx(was.value[at])
        assert row["Now"] == pytest.approx(now.value[at])
        assert row["Change"] == pytest.approx(now.value[at] - was.value[at])
        assert row["Change (%)"] in (None, "")
    assert {str(each["Why"])[:14] for each in rows[2:]} == {"what happened"}
    assert str(rows[0]["Why"]).startswith("what the rest of the time is asked for +")
    assert str(rows[0]["Why"]).endswith(" points")


def test_run_rate_says_what_rates_have_to_be_from_now_on() -> None:
    volumes = [("Reviews", team, "Spam", "Jan", 100) for team in "AB"]
    _, run = _run(RATED, *volumes, ("Accuracy", "A", "Spam", "Jan", 0.86), ("Accuracy", "B", "Spam", "Jan", 0.90))
    rows = {(each["Metric"], each["Org"], each["Queue"]): each for each in _records(run, "Run Rate")}
    whole = rows["Accuracy", "Site", "Spam"]
    assert whole["Done"] == whole["Done per day"] == pytest.approx(0.88)
    assert whole["Target"] == pytest.approx(0.92)
    assert whole["Needed per day"] == pytest.approx(0.96)  # as many items ahead as behind: 2 × 0.92 − 0.88
    assert whole["Agreed per day"] == pytest.approx(0.92)
    assert whole["Than done (%)"] == pytest.approx(0.08)
    assert whole["Left"] in (None, "")
    assert "Accuracy: 96.0% from now on, +8.00 points against 88.0% so far" in run.words


def test_changes_tell_of_backlogs_by_queue() -> None:
    _, run = _run(FED, *(("Reviews", team, "Spam", "Jan", 80) for team in "AB"))
    rows = [each for each in _records(run, "Changes") if each["Metric"] == "Backlog"]
    ((was, now, change, why),) = {(each["Was"], each["Now"], each["Change"], each["Why"]) for each in rows}
    assert (was, now, change, why) == (40, 80, 40, "what happened")
    assert {(each["Org"], each["Queue"], each["Period"]) for each in rows} == {("Site", "Spam", "Jan")}


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


def test_rates_start_from_what_was_sealed_as_volumes_do() -> None:
    """A was held at 0.95 when the plan was sealed; with the limit lifted and more asked, A still starts from there."""
    limits = [("Metric", "Org", "Min", "Max"), ("Accuracy", "A", 0.95, 0.95)]
    first = cascade(
        book({**PLAN, **RATED, "Limits": limits, "Settings": [("Setting", "Value"), ("Plan name", "Near")]}), OPTIONS
    )
    sealed = seal(first.data or b"", "1", OPTIONS)
    work = opened(sealed.data or b"")
    work["Limits"]["C2"], work["Limits"]["D2"], work["Targets"]["E3"] = 0.5, 0.99, 0.93
    changed = as_saved(work)
    run = cascade(changed, OPTIONS)
    assert run.outcome is not None, run.issues
    (rate,) = run.outcome.rates
    of_a = run.outcome.plan.cells.org[rate.rate.cells] == 0
    assert rate.start[of_a] == pytest.approx(0.95)
    assert rate.value[of_a].min() > 0.95
    assert set(rate.rate.baseline.tolist()) == {0.9}  # history stays what it was
    work["Settings"]["A2"], work["Settings"]["B2"] = "Keep near", "fair share"
    other = cascade(as_saved(work), OPTIONS)
    assert other.outcome is not None
    assert set(other.outcome.rates[0].start.tolist()) == {0.9}
