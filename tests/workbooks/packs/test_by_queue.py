"""Packs by queue: a policy is asked for its volumes, rates, backlogs and turnaround, and told of nobody else's."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.workbooks.books import as_saved, opened
from tests.workbooks.packs.plans import OPTIONS, TEAMS, parts_of
from tests.workbooks.packs.queues import ONLY_DUBLIN, PLAN, POLICIES, answered, asked, collected, was_split
from workbooks.collect_run import CollectRun, collect
from workbooks.package.edit_table import change_cells
from workbooks.packs.registry import sent_packs
from workbooks.run import cascade, read_plan
from workbooks.split_run import split
from workbooks.tabs.responses import ResponseRow

BOTH = tuple(POLICIES)


def _row(run: CollectRun, *key: str) -> ResponseRow:
    return next(row for row in run.rows if (row.metric, row.node, row.period) == key)


@cache
def _sheet(policy: str, name: str, by: str = "queue") -> list[tuple[object, ...]]:
    book = opened(was_split(by).packs[policy])
    return list(book[name].iter_rows(min_row=6, values_only=True)) if name in book.sheetnames else []


def _numbers_of(policy: str) -> set[str]:
    """Return the numbers that belong to one policy alone, as they could be written."""
    queues = {policy, *POLICIES[policy]}
    numbers: set[object] = {row[4] for row in PLAN["Baseline"][1:] if row[2] in queues}
    numbers |= {row[4] for row in PLAN["Actuals"][1:] if row[2] in queues}
    numbers |= {row[3] for row in PLAN["Inflow"][1:] if row[1] in queues}
    numbers |= {row[2] for row in PLAN["Opening"][1:] if row[1] in queues}
    numbers |= {row[2] for row in PLAN["Capacity"][1:] if row[1] in queues}
    numbers |= {row[4] for row in PLAN["Limits"][1:] if row[2] in queues}
    numbers |= set(asked(policy).values()) | {row[4] for row in _sheet(policy, "Your targets")}
    return {f"{number:.15g}" for number in numbers}


@pytest.mark.parametrize("policy", POLICIES)
def test_no_part_of_a_pack_holds_a_foreign_queue_or_number(policy: str) -> None:
    (other,) = set(POLICIES) - {policy}
    names = [other, *POLICIES[other], "Aoife", "Byrne", "because", "Cost", "77777", "66666", "12345", "12346"]
    foreign = _numbers_of(other) - _numbers_of(policy)
    assert len(foreign) > 100
    for part, data in parts_of(was_split().packs[policy]).items():
        text = data.decode("utf-8", "replace")
        assert not [name for name in names if name.casefold() in text.casefold()], part
        assert not foreign & set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text)), part


def test_a_pack_asks_for_volumes_rates_backlogs_and_turnaround_of_its_own_queues() -> None:
    numbers, targets = asked("Safety"), _sheet("Safety", "Your targets")
    assert {queue for _, queue, _ in numbers} == {"Safety", *POLICIES["Safety"]}
    for quarter, months in (("Q1", ("Jan", "Feb")), ("Q2", ("Mar", "Apr"))):
        volume = [row[4] for row in targets if row[0] == "Reviews" and row[2] == "Hate" and row[3] in months]
        assert numbers["Reviews", "Hate", quarter] == sum(volume)
        ends = {row[2]: row[4] for row in targets if row[0] == "Backlog" and row[3] == months[-1]}
        assert numbers["Backlog", "Hate", quarter] == ends["Hate"]
        assert numbers["Backlog", "Safety", quarter] == sum(ends.values())
        assert 0.9 < numbers["Accuracy", "Safety", quarter] < 0.99
    due = {key[1:]: value for key, value in numbers.items() if key[0] == "Turnaround"}
    assert due == {("Safety", ""): 72.5}  # its queues have it from there
    assert {key[1:]: value for key, value in asked("Integrity").items() if key[0] == "Turnaround"} == {
        ("Spam", ""): 48.25,
        ("Fraud", ""): 96.75,
    }
    assert _sheet("Integrity", "Your hours") == [("Lisbon", "Spam", None, 4321)]
    assert [row[2] for row in _sheet("Integrity", "Your limits")] == ["Spam"]
    assert {row[2] for row in _sheet("Integrity", "Your actuals")} == set(POLICIES["Integrity"])


def test_what_everybody_accepts_stays_backlogs_and_rates_included() -> None:
    run = collected({policy: answered(policy, {}) for policy in BOTH})
    assert (list(run.issues), dict(run.state)) == ([], dict.fromkeys(POLICIES, "answered"))
    assert "all targets are met, and accepted numbers stay as they are" in run.words
    for row in run.rows:
        if row.metric != "Turnaround":
            assert row.reconciled == pytest.approx(row.proposed, abs=1e-5 if row.metric == "Accuracy" else 0.5)
    whole = _row(run, "Backlog", "All", "Q2")
    assert (whole.answer, whole.value) == ("sum", sum(asked(policy)["Backlog", policy, "Q2"] for policy in BOTH))
    assert not [row for row in run.rows if row.metric == "Turnaround" and row.answer in ("sum", "average")]
    sheet = opened(run.data or b"")["Responses"]
    assert [cell.value for cell in sheet[4]][:3] == ["Metric", "Queue", "Period"]


def test_a_counter_of_a_backlog_is_free_and_moves_the_gap_above_it() -> None:
    more = asked("Safety")["Backlog", "Hate", "Q2"] + 500
    typed = {
        ("Backlog", "Hate", "Q2"): ("counter", more, "two reviewers leave", "Boss"),
        ("Backlog", "Safety", "Q2"): (None, None, None, None),
    }
    run = collected({"s": answered("Safety", typed), "i": answered("Integrity", {})}, is_reconciled=False)
    assert [each.code for each in run.issues] == []
    assert _row(run, "Backlog", "Safety", "Q2").value == asked("Safety")["Backlog", "Safety", "Q2"] + 500
    whole = _row(run, "Backlog", "All", "Q2")
    assert whole.value - whole.proposed == 500
    assert whole.told.endswith("(+500)")


def test_what_is_taken_stands_in_limits_and_in_queues_and_the_next_cascade_keeps_it() -> None:
    more = asked("Safety")["Backlog", "Hate", "Q2"] + 500
    typed = {
        ("Backlog", "Hate", "Q2"): ("counter", more, "two leave", "Boss"),
        ("Backlog", "Safety", "Q2"): (None, None, None, None),
        ("Turnaround", "Safety", ""): ("counter", 96, "weekends", "Boss"),
    }
    files = {"s": answered("Safety", typed), "i": answered("Integrity", {})}
    run = collected(files, is_reconciled=False, taken=("Safety",))
    assert run.data is not None, run.issues
    assert "2 counter-proposals stand in Limits and Queues: cascade again." in run.words
    work = opened(run.data)
    rows = {row[0]: row[4] for row in work["Queues"].iter_rows(min_row=2, values_only=True)}
    assert rows == {"Safety": 96, "Integrity": None, "Hate": None, "Bullying": None, "Spam": 48.25, "Fraud": 96.75}
    held = [cell.value for cell in work["Limits"][4]]
    assert held == ["Backlog", None, "Hate", "Q2", more, more, "Boss", "two leave"]
    again = cascade(run.data, OPTIONS)
    assert again.outcome is not None, again.issues
    assert again.outcome.limits.value[-1] == pytest.approx(more)
    plan = read_plan(run.data).plan
    assert plan is not None
    balance = plan.balances[0]
    assert {96.0, 48.25, 96.75} == set(balance.turnaround.tolist())


def test_hours_inherited_from_above_are_typed_where_they_are_for_the_queue_alone() -> None:
    by_queue = split(was_split().data or b"", "Queue", by="queue")
    pack = opened(by_queue.packs["Hate"])
    for row in pack["Responses"].iter_rows(min_row=6):
        if row[0].value == "Turnaround":
            assert row[3].value == 72.5
            row[4].value, row[5].value = "counter", 24
    files = [(Path("hate.xlsx"), as_saved(pack))]
    done = collect(by_queue.data or b"", files, OPTIONS, is_reconciled=False, taken=("Hate",))
    rows = {row[0]: row[4] for row in opened(done.data or b"")["Queues"].iter_rows(min_row=2, values_only=True)}
    assert (rows["Hate"], rows["Safety"], rows["Bullying"]) == (24, 72.5, None)


def test_reconciling_moves_accepted_backlogs_with_what_is_handled_and_says_by_how_much() -> None:
    """Both accept; since then more is asked, so that backlogs cannot stay as they are."""
    asked_more = change_cells(was_split().data or b"", {"Targets": {(2, 5): 522_000.0}})
    files = [(Path(policy), answered(policy, {})) for policy in BOTH]
    run = collect(asked_more, files, OPTIONS, is_reconciled=True)
    assert "all targets are met, and accepted numbers move by at most" in run.words
    assert "items (backlogs)" in run.words
    assert "points" not in run.words  # rates of work that moves stay where they are
    whole = _row(run, "Backlog", "All", "Q2")
    assert whole.reconciled == pytest.approx(whole.value - 2_000, abs=1)


def test_a_site_reads_backlogs_of_queues_that_it_alone_works_on_and_answers_none() -> None:
    dublin, lisbon = (_sheet(site, "Your backlogs", "org") for site in ("Dublin", "Lisbon"))
    assert {row[1] for row in dublin} == {ONLY_DUBLIN}
    assert [row[3] for row in dublin][1::2] == [asked("Safety")["Backlog", "Hate", each] for each in ("Q1", "Q2")]
    assert lisbon == []
    for site in TEAMS:
        assert {row[0] for row in _sheet(site, "Responses", "org")} == {"Reviews", "Accuracy"}
        start = [
            str(row[0].value) for row in opened(was_split("org").packs[site])["Start"].iter_rows(min_col=2, max_col=2)
        ]
        assert [text for text in start if "they are not asked here" in text]


def test_a_plan_split_both_ways_takes_the_packs_of_the_last_split_alone() -> None:
    first = split(was_split().data or b"", "Site")
    assert [(each.code, each.found) for each in first.issues] == [("TC949", "2 sent by queue: Safety, Integrity")]
    assert [pack.by for pack in sent_packs(first.data or b"")] == ["queue", "queue", "org", "org"]
    mixed = [(Path("safety.xlsx"), answered("Safety", {})), (Path("dublin.xlsx"), first.packs["Dublin"])]
    run = collect(first.data or b"", mixed, OPTIONS, is_reconciled=False)
    assert [each.code for each in run.issues] == ["TC948"]
    assert set(run.state) == set(TEAMS)
    back = split(first.data or b"", "Policy", by="queue")
    assert [each.code for each in back.issues] == ["TC949"]
    again = collect(back.data or b"", mixed, OPTIONS, is_reconciled=False)
    assert [each.code for each in again.issues] == ["TC948"]
    assert again.state["Safety"] == "answered"
    assert sent_packs(back.data or b"")[0].by == "org"


def test_a_level_of_the_other_tree_is_no_level_to_split_by() -> None:
    done = split(was_split().data or b"", "Site", by="queue")
    assert [each.code for each in done.issues] == ["TC946"]
    assert "Policy" in done.issues[0].found


def test_items_that_are_due_at_once_are_no_answer() -> None:
    typed = {("Turnaround", "Safety", ""): ("counter", 0, "now")}
    run = collected({"s": answered("Safety", typed)}, is_reconciled=False)
    assert [(each.code, "nothing is done in no time" in each.found) for each in run.issues] == [("TC943", True)]


def test_who_had_answered_before_is_named_with_all_answers_turnaround_included() -> None:
    both = collected({policy: answered(policy, {}) for policy in BOTH}, is_reconciled=False)
    alone = [(Path("i.xlsx"), answered("Integrity", {}))]
    run = collect(both.data or b"", alone, OPTIONS, is_reconciled=False)
    found = [each.found for each in run.issues if each.code == "TC996"]
    assert found == [f"Safety: {len(asked('Safety'))} answers of before"]
