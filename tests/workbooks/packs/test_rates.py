"""Rates in packs: averages that are proposed, answered, and reconciled as averages."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.workbooks.books import as_saved, book, opened
from tests.workbooks.packs.plans import MONTHS, OPTIONS, PLAN, TEAMS, parts_of
from workbooks.collect_run import CollectRun, collect
from workbooks.run import cascade
from workbooks.split_run import SplitRun, split
from workbooks.tabs.responses import ResponseRow

_RNG = random.Random(11)

RATED = {
    **PLAN,
    "Metrics": [
        ("Metric", "Kind", "Unit", "Weight", "Better", "Best"),
        ("Reviews", "volume", "items", None, None, None),
        ("Accuracy", "rate", "%", "Reviews", "higher", 0.99),
    ],
    "Baseline": [
        *PLAN["Baseline"],
        *(
            ("Accuracy", team, queue, month, round(_RNG.uniform(0.8, 0.95), 4))
            for teams in TEAMS.values()
            for team in teams
            for queue in ("Spam", "Fraud")
            for month in MONTHS
        ),
    ],
    "Targets": [
        ("Metric", "Org", "Period", "Sense", "Value"),
        ("Reviews", None, None, "exactly", 200_000),
        ("Accuracy", None, None, "at least", 0.94),
    ],
}
Typed = Mapping[tuple[str, str, str], tuple[object, ...]]


@cache
def _was_split() -> SplitRun:
    run = cascade(book(RATED), OPTIONS)
    assert run.data is not None, run.issues
    return split(run.data, "Site")


def _proposed(site: str) -> dict[tuple[str, str, str], float]:
    sheet = opened(_was_split().packs[site])["Responses"]
    return {row[:3]: row[3] for row in sheet.iter_rows(min_row=6, values_only=True) if row[0]}


def _answered(site: str, typed: Typed, other: tuple[object, ...] = ("accept", None, None, "Boss")) -> bytes:
    """Return a pack with answers typed into it; all that is not named is answered alike."""
    pack = opened(_was_split().packs[site])
    for row in pack["Responses"].iter_rows(min_row=6):
        given = typed.get((row[0].value, row[1].value, row[2].value), other)
        for cell, value in zip(row[4:], given, strict=False):
            cell.value = value
    return as_saved(pack)


def _collected(dublin: bytes, lisbon: bytes, *, taken: tuple[str, ...] = ()) -> CollectRun:
    files = [(Path("dublin.xlsx"), dublin), (Path("lisbon.xlsx"), lisbon)]
    return collect(_was_split().data or b"", files, OPTIONS, is_reconciled=True, taken=taken)


def _row(run: CollectRun, *key: str) -> ResponseRow:
    return next(row for row in run.rows if (row.metric, row.node, row.period) == key)


def test_a_pack_asks_for_rates_as_averages_over_the_volume_that_weighs_them() -> None:
    pack, asked = opened(_was_split().packs["Dublin"]), _proposed("Dublin")
    rows = list(pack["Your targets"].iter_rows(min_row=6, values_only=True))
    planned = {row[:4]: row[4] for row in rows}
    for org, teams in (("Dublin", TEAMS["Dublin"]), ("Clontarf", ("Clontarf",))):
        for quarter, months in (("Q1", MONTHS[:2]), ("Q2", MONTHS[2:])):
            cells = [(team, queue, month) for team in teams for queue in ("Spam", "Fraud") for month in months]
            weights = [planned["Reviews", *cell] for cell in cells]
            values = [planned["Accuracy", *cell] for cell in cells]
            assert asked["Accuracy", org, quarter] == pytest.approx(np.average(values, weights=weights), rel=1e-12)
    sheet = pack["Responses"]
    shapes = {row[0].value: (row[3].number_format, row[5].number_format) for row in sheet.iter_rows(min_row=6)}
    assert shapes["Accuracy"] == ("0.0%", "0.0%")
    rules = {
        str(rule.sqref): rule.operator or "between"
        for rule in sheet.data_validations.dataValidation
        if rule.type == "decimal"
    }
    assert sorted(rules.values()) == ["between", "greaterThanOrEqual"]


@pytest.mark.parametrize("site", TEAMS)
def test_no_part_of_a_pack_holds_a_foreign_rate(site: str) -> None:
    (other,) = set(TEAMS) - {site}
    foreign = {f"{value:.15g}" for key, value in _proposed(other).items() if key[0] == "Accuracy"}
    foreign |= {f"{row[4]:.15g}" for row in RATED["Baseline"][1:] if row[0] == "Accuracy" and row[1] in TEAMS[other]}
    own = {f"{row[4]:.15g}" for row in RATED["Baseline"][1:] if row[1] in TEAMS[site]}
    assert len(foreign - own) > 15
    for part, data in parts_of(_was_split().packs[site]).items():
        found = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", data.decode("utf-8", "replace")))
        assert not (foreign - own) & found, part


def test_everybody_accepts_and_no_rate_moves() -> None:
    run = _collected(_answered("Dublin", {}), _answered("Lisbon", {}))
    assert "all targets are met, and accepted numbers stay" in run.words
    for row in run.rows:
        if row.metric == "Accuracy":
            assert row.reconciled == pytest.approx(row.proposed, abs=2e-5)
    whole = _row(run, "Accuracy", "All", "Q1")
    assert 0.9 < whole.value < 0.96  # an average, not a sum


def test_a_counter_proposal_of_a_rate_moves_the_average_above() -> None:
    typed = {("Accuracy", "Clontarf", "Q1"): ("counter", 0.9, "new people"), ("Accuracy", "Dublin", "Q1"): ("", None)}
    run = _collected(_answered("Dublin", typed), _answered("Lisbon", {}))
    own, site = _row(run, "Accuracy", "Clontarf", "Q1"), _row(run, "Accuracy", "Dublin", "Q1")
    assert (own.answer, own.value) == ("counter", 0.9)
    weights = [_row(run, "Reviews", team, "Q1").proposed for team in TEAMS["Dublin"]]
    parts = [_row(run, "Accuracy", team, "Q1").value for team in TEAMS["Dublin"]]
    assert site.value == pytest.approx(np.average(parts, weights=weights))
    whole = _row(run, "Accuracy", "All", "Q1")
    assert (whole.answer, whole.value < whole.proposed) == ("average", True)
    assert own.told.startswith("Accuracy, Clontarf, Q1: proposed 95.8%, answered 90.0% (−5.")
    assert {row.metric for row in run.rows if row.told} == {"Accuracy"}
    assert "all targets are met, and accepted numbers stay" in run.words  # what was countered is free, and bears it
    assert own.reconciled > own.value


def test_a_split_inside_the_site_that_keeps_its_average_is_accepted_as_such() -> None:
    asked = _proposed("Dublin")
    first, second = ((team, asked["Reviews", team, "Q1"]) for team in TEAMS["Dublin"])
    less = 0.01 * first[1] / second[1]
    typed = {
        ("Accuracy", first[0], "Q1"): ("counter", round(asked["Accuracy", first[0], "Q1"] + 0.01, 4), "trained"),
        ("Accuracy", second[0], "Q1"): ("counter", round(asked["Accuracy", second[0], "Q1"] - less, 4), "new"),
    }
    run = _collected(_answered("Dublin", typed), _answered("Lisbon", {}))
    assert [each.code for each in run.issues] == []
    assert "all targets are met, and accepted numbers stay" in run.words
    held = _row(run, "Accuracy", first[0], "Q1")
    assert held.reconciled == pytest.approx(held.value, abs=2e-5)


@pytest.mark.parametrize(("typed", "code"), [(95, "TC943"), (-0.1, "TC943")])
def test_what_is_no_share_is_named_and_open(typed: float, code: str) -> None:
    answers = {("Accuracy", "Clontarf", "Q1"): ("counter", typed, "?")}
    run = _collected(_answered("Dublin", answers), _answered("Lisbon", {}))
    assert [each.code for each in run.issues] == [code]
    assert _row(run, "Accuracy", "Clontarf", "Q1").answer == "open"


def test_parts_that_do_not_average_to_what_the_site_accepts_are_named() -> None:
    typed = {("Accuracy", "Clontarf", "Q1"): ("counter", 0.85, "new people")}
    run = _collected(_answered("Dublin", typed), _answered("Lisbon", {}))
    assert [each.code for each in run.issues] == ["TC943"]


def test_a_rate_that_is_taken_becomes_a_limit_and_the_next_cascade_keeps_it() -> None:
    typed = {("Accuracy", "Clontarf", "Q1"): ("counter", 0.93, "new people"), ("Accuracy", "Dublin", "Q1"): ("", None)}
    run = _collected(_answered("Dublin", typed), _answered("Lisbon", {}), taken=("Clontarf",))
    assert run.data is not None, run.issues
    again = cascade(run.data, OPTIONS)
    assert again.data is not None
    (result,) = again.outcome.rates if again.outcome is not None else ()
    plan = result.rate
    cells = again.outcome.plan.cells if again.outcome is not None else None
    assert cells is not None
    org = again.outcome.plan.org if again.outcome is not None else None
    assert org is not None
    mine = (org.leaves[cells.org[plan.cells]] == org.ids.index("Clontarf")) & (cells.period[plan.cells] < 2)
    assert np.average(result.value[mine], weights=result.weight[mine]) == pytest.approx(0.93, abs=1e-6)
