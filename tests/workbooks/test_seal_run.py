"""Sealing: what is agreed stays while the cascade moves on; targets may be parts of it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.outcome import ExitStatus
from tests.workbooks.achievement import (
    BASELINE,
    RATED,
    accuracy_rows,
    cascaded,
    plan_book,
    rows_of,
    variance_table,
)
from tests.workbooks.books import as_saved, opened
from workbooks.run import cascade
from workbooks.seal_run import seal

ALL, A, B = ("Reviews", "Site", ""), ("Reviews", "A", ""), ("Reviews", "B", "")


def test_sealing_keeps_what_was_agreed_while_the_cascade_moves_on() -> None:
    sealed = seal(cascaded(), "v1")
    assert sealed.status is ExitStatus.DONE, sealed.issues
    assert sealed.data is not None
    moved = _with_target(sealed.data, 4800)
    row = variance_table(moved)[*ALL, "2026-01"]
    assert (row["Agreed"], row["Latest"], row["Revision"], row["Variance"]) == (600, 1200, 600, -50)


def test_a_seal_says_how_many_targets_are_met_and_not_again_what_the_cascade_said() -> None:
    done = cascade(plan_book(Capacity=[("Org", "Hours"), ("A", 1.0), ("B", 1.0)]))
    assert done.data is not None
    assert [each.code for each in done.issues if each.code in ("TC404", "TC701")] == ["TC404", "TC701"]
    sealed = seal(done.data)
    assert not [each for each in sealed.issues if each.code in ("TC404", "TC701")]
    assert sealed.met == "0 of 1 targets met"


def test_sealing_twice_changes_nothing_but_the_run_log() -> None:
    first = seal(cascaded())
    assert first.data is not None
    second = seal(first.data)
    assert second.data is not None
    assert rows_of(second.data, "Agreed") == rows_of(first.data, "Agreed")
    assert (first.seal, second.seal) == (first.seal, first.seal)


def test_versions_are_counted_where_nobody_names_them() -> None:
    first = seal(cascaded())
    assert first.seal is not None
    assert first.data is not None
    again = cascade(_with_target(first.data, 4800))
    assert again.data is not None
    second = seal(again.data)
    assert second.seal is not None
    assert (first.seal.version, second.seal.version) == ("1", "2")


def test_nothing_is_sealed_that_was_not_cascaded_from_these_inputs() -> None:
    stale = _with_target(cascaded(), 9999)
    run = seal(stale)
    assert (run.status, run.data) == (ExitStatus.INPUT_WRONG, None)
    assert [each.code for each in run.issues if each.code.startswith("TC8")] == ["TC808"]


def test_targets_may_be_parts_of_what_was_agreed() -> None:
    sealed = seal(cascaded())
    assert sealed.data is not None
    again = cascade(_with_target(sealed.data, 0.5, basis="% of agreed"))
    assert again.data is not None, again.issues
    assert again.outcome is not None
    assert again.outcome.value.sum() == 1200


def test_targets_of_rates_may_be_parts_of_what_was_agreed() -> None:
    """Agreed are (100 × 80 % + 200 × 90 % + 300 × 84 %) / 600 = 85.33 %."""
    sealed = seal(cascaded(Metrics=RATED, Baseline=[*BASELINE, *accuracy_rows()]))
    assert sealed.data is not None
    made = opened(sealed.data)
    made.remove(made["Targets"])
    sheet = made.create_sheet("Targets")
    for row in (("Metric", "Value", "Basis"), ("Reviews", 1, "% of agreed"), ("Accuracy", 1.05, "% of agreed")):
        sheet.append(row)
    again = cascade(as_saved(made))
    assert again.outcome is not None, again.issues
    assert again.outcome.plan.targets.value.tolist() == pytest.approx([2400, 1.05 * 512 / 600])
    (rate,) = again.outcome.rates
    assert np.average(rate.value, weights=rate.weight) == pytest.approx(0.896)


def test_a_part_of_an_agreed_rate_above_one_is_named() -> None:
    sealed = seal(cascaded(Metrics=RATED, Baseline=[*BASELINE, *accuracy_rows()]))
    assert sealed.data is not None
    made = opened(sealed.data)
    made.remove(made["Targets"])
    sheet = made.create_sheet("Targets")
    for row in (("Metric", "Value", "Basis"), ("Reviews", 2400, None), ("Accuracy", 1.3, "% of agreed")):
        sheet.append(row)
    assert [each.code for each in cascade(as_saved(made)).issues if each.code == "TC241"] == ["TC241"]


def test_a_part_of_what_was_never_agreed_is_named() -> None:
    table = [("Metric", "Value", "Basis"), ("Reviews", 0.5, "% of agreed")]
    run = cascade(plan_book(Targets=table))
    assert [each.code for each in run.issues if each.code == "TC226"] == ["TC226"]


def _with_target(data: bytes, value: float, basis: str = "") -> bytes:
    """Return a workbook with another target, as Excel would save it."""
    made = opened(data)
    sheet = made["Targets"]
    sheet["B2"] = value
    if basis:
        sheet["C1"], sheet["C2"] = "Basis", basis
        sheet.tables["Targets"].ref = "A1:C2"
        sheet.tables["Targets"].autoFilter = None
        sheet.tables["Targets"].tableColumns = []
    return as_saved(made)
