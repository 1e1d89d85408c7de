"""Keep near, Move only and Smallest move in a cascade: numbers stay where they were sealed, as far as they may."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.outcome import Outcome
from tests.triggers.planning import BASELINE, PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.compare_run import compare_scenarios
from workbooks.fingerprint import fingerprint_of
from workbooks.package.ownership import find_own, read_own_table
from workbooks.run import RunOptions, cascade, read_plan
from workbooks.seal_run import seal
from workbooks.version_run import restore_version, verify_version
from workbooks.versions.store import SHEET

OPTIONS = RunOptions(by="Aoife", command="targets cascade")
LIMITS = [("Metric", "Org", "Period", "Max"), ("Reviews", "A", "Jan", 60)]


@cache
def sealed() -> bytes:
    """Return a plan whose history is even, sealed with A at 60 in January; then that limit is lifted."""
    first = cascade(
        book({**PLAN, "Limits": LIMITS, "Settings": [("Setting", "Value"), ("Plan name", "Near")]}), OPTIONS
    )
    done = seal(first.data or b"", "1", OPTIONS)
    assert done.data is not None, done.issues
    return _typed(done.data, {"Limits": {"D2": 500}})


def _typed(data: bytes, cells: dict[str, dict[str, object]]) -> bytes:
    work = opened(data)
    for sheet, values in cells.items():
        for cell, value in values.items():
            work[sheet][cell] = value
    return as_saved(work)


def _with(asked: float = 400, **settings: object) -> Outcome:
    """Return what a sealed plan comes to with another target and other settings."""
    cells: dict[str, object] = {"A2": "Plan name", "B2": "Near"}
    for at, (name, value) in enumerate(settings.items(), start=3):
        cells |= {f"A{at}": name.replace("_", " "), f"B{at}": value}
    data = _typed(sealed(), {"Targets": {"D2": asked}})
    work = opened(data)
    for cell, value in cells.items():
        work["Settings"][cell] = value
    if settings:
        work["Settings"].tables["Settings"].ref = f"A1:B{2 + len(settings)}"
    run = cascade(as_saved(work), OPTIONS)
    assert run.outcome is not None, run.issues
    return run.outcome


def _by_cell(outcome: Outcome) -> dict[str, float]:
    plan = outcome.plan
    names = [
        f"{plan.org.ids[plan.org.leaves[org]]} {plan.periods.ids[plan.periods.leaves[period]]}"
        for org, period in zip(plan.cells.org.tolist(), plan.cells.period.tolist(), strict=True)
    ]
    return dict(zip(names, outcome.value.tolist(), strict=True))


def test_once_sealed_a_cascade_starts_from_what_was_sealed_unless_it_is_told_otherwise() -> None:
    assert _by_cell(_with()) == _by_cell(_with(Keep_near="agreed"))
    assert "TC646" in {each.code for each in read_plan(sealed()).issues}
    assert set(_by_cell(_with(Keep_near="fair share")).values()) == {100.0}


def _numbers(data: bytes) -> tuple[bytes, list[float]]:
    run = cascade(data, OPTIONS)
    assert run.data is not None, run.issues
    assert run.outcome is not None
    return run.data, run.outcome.value.tolist()


def _sealed(data: bytes, name: str) -> bytes:
    done = seal(data, name, OPTIONS)
    assert done.data is not None, done.issues
    return done.data


def test_a_seal_changes_no_number_and_a_version_that_is_restored_is_the_version() -> None:
    """Each comes to itself again: the first, which started from history, and the second, which started from it."""
    plan = {**PLAN, "Limits": LIMITS, "Settings": [("Setting", "Value"), ("Plan name", "Near")]}
    data, first = _numbers(book(plan))
    data, again = _numbers(_sealed(data, "1"))
    assert again == first
    assert verify_version(data, "1").status == 0
    data, second = _numbers(_typed(data, {"Limits": {"D2": 500}, "Targets": {"D2": 433}}))
    assert len({*second}) > 2  # A stays low in January: near what was sealed, not even as history is
    data, again = _numbers(_sealed(data, "2"))
    assert again == second
    assert verify_version(data, "2").status == 0
    for name, numbers in (("1", first), ("2", second)):
        restored = restore_version(data, name).data
        assert restored is not None
        data, again = _numbers(restored)
        assert again == numbers
        differ = {each.table for each in verify_version(data, name).differences}
        assert differ == (set() if name == "2" else {"Agreed", "Agreed, around"})


def test_numbers_that_were_sealed_before_versions_were_kept_come_to_themselves_again() -> None:
    data, first = _numbers(book({**PLAN, "Limits": LIMITS}))
    work = opened(_sealed(data, "1"))
    del work[SHEET]
    assert _numbers(as_saved(work))[1] == first


def test_near_what_was_sealed_its_pattern_is_kept_and_history_stays_what_it_was() -> None:
    outcome = _with(Keep_near="agreed")
    found = _by_cell(outcome)
    assert found["A Jan"] == 60
    assert sum(found.values()) == 400
    assert set(outcome.plan.cells.baseline.tolist()) == {float(row[4]) for row in BASELINE[1:]}
    grown = _by_cell(_with(480, Keep_near="agreed"))
    assert grown["A Jan"] == 72


def test_only_those_who_may_move_leave_what_was_sealed() -> None:
    before, after = _by_cell(_with(Keep_near="agreed")), _by_cell(_with(430, Move_only="B"))
    assert {cell: after[cell] for cell in after if cell.startswith("A")} == {
        cell: before[cell] for cell in before if cell.startswith("A")
    }
    assert sum(after.values()) == 430


def test_small_moves_are_not_made_where_others_can_make_them() -> None:
    before, outcome = _by_cell(_with(Keep_near="agreed")), _with(410, Keep_near="agreed", Smallest_move=4)
    after = _by_cell(outcome)
    moves = np.array([abs(after[cell] - before[cell]) for cell in before])
    assert moves[moves > 0].min() >= 4
    assert sum(after.values()) == 410
    assert outcome.certificate.holds


def test_what_was_sealed_is_an_input_once_numbers_stay_near_it() -> None:
    inputs = read_plan(_typed(sealed(), {"Settings": {"A2": "Keep near", "B2": "agreed"}})).inputs
    assert inputs.agreed is not None
    other = type(inputs)(inputs.tables, inputs.month_names)
    assert fingerprint_of(inputs) != fingerprint_of(other)


def test_a_scenario_starts_from_where_the_plan_would_if_it_were_changed_so() -> None:
    """As it stands the sealed plan comes to itself, from history; with its limit lifted, it starts from the seal."""
    scenario = [("Scenario", "Table", "Key", "Column", "Change"), ("Free", "Limits", "A", "Max", 500)]
    data = _sealed(_numbers(book({**PLAN, "Limits": LIMITS, "Scenarios": scenario}))[0], "1")
    compared = compare_scenarios(data, ["Free"], OPTIONS)
    assert compared.data is not None, compared.issues
    table = read_own_table(compared.data, find_own(compared.data), "Scenario Compare")
    node, free = (table.headers.index(name) for name in ("Node", "Free"))
    told = {row[node]: row[free] for row in table.rows}
    run = cascade(_typed(data, {"Limits": {"D2": 500}}), OPTIONS)
    assert run.outcome is not None
    cells = _by_cell(run.outcome)
    assert told["A"] == cells["A Jan"] + cells["A Feb"] < 200  # from history it would be half of 400
