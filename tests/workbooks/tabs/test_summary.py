"""The Summary: what it adds up without counting twice, and where it points."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.issues import Severity
from engine.plan import TURNAROUND, Sense
from engine.reasons.waiting import TOO_MUCH
from engine.recompute import recompute
from tests.backlogs import DUE, asking, backlog_book, with_sla
from tests.plans import in_units, random_parts
from tests.workbooks.books import book_of
from tests.workbooks.tabs.plans import FACTS, moderation, moderation_parts, random_outcome
from workbooks.run import cascade
from workbooks.tabs.layout import lay_out
from workbooks.tabs.summary_numbers import (
    MOST_BARS,
    biggest_gaps,
    chart_nodes,
    disjoint_rows,
    guarded_queues,
    plan_hours,
    top_targets,
)
from workbooks.tabs.target_check import target_check_sheet


def summary_of(outcome):
    return lay_out(outcome, (), FACTS)[0]


def line(sheet, label):
    row = next(cell.row for cell in sheet.cells if cell.column == 1 and cell.value == label)
    return {cell.column: cell.value for cell in sheet.cells if cell.row == row}


def test_the_top_line_is_the_director_s_target():
    outcome = moderation()
    found = line(summary_of(outcome), "Reviews (items)")
    asked, planned = outcome.plan.targets.value[0], outcome.value.sum()
    assert [found[at] for at in (2, 3, 4, 5)] == pytest.approx([asked, planned, planned - asked, planned / asked - 1])
    assert found[6] == pytest.approx(planned)


def test_targets_below_the_top_one_are_not_added_to_it():
    assert top_targets(moderation()) == {0: [0]}


def test_without_a_top_target_those_that_do_not_overlap_are_added():
    parts = moderation_parts()
    parts.targets = [
        ("EMEA", None, None, Sense.EXACTLY, 900_000.0, 1.0),
        ("APAC", None, None, Sense.EXACTLY, 800_000.0, 1.0),
        ("APAC 1", None, None, Sense.EXACTLY, 190_000.0, 1.0),
        (None, "Spam", None, Sense.AT_LEAST, 10_000.0, 2.0),
    ]
    assert top_targets(recompute(parts.build())) == {0: [0, 1]}


def test_rows_that_share_a_cell_are_never_added():
    covers = csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]))
    assert disjoint_rows(covers, [0, 1, 2, 3]) == [0, 2]
    assert disjoint_rows(covers, [1, 0, 2]) == [1, 2]


def test_hours_of_nested_rows_never_add():
    parts = moderation_parts()
    below = sum(row[3] for row in parts.capacity)
    parts.capacity.append((None, None, None, 0.9 * below))
    assert plan_hours(recompute(parts.build())).there == pytest.approx(0.9 * below)
    parts.capacity[-1] = (None, None, None, 2 * below)
    assert plan_hours(recompute(parts.build())).there == pytest.approx(below)


@pytest.mark.parametrize("seed", range(6))
def test_hours_are_split_without_a_rest(seed):
    outcome = random_outcome(seed)
    hours, takes = plan_hours(outcome), outcome.plan.cells.hours
    assert hours.needed + hours.free_needed == pytest.approx(outcome.fair @ takes)
    assert hours.planned + hours.free_planned == pytest.approx(outcome.value @ takes)
    assert hours.planned <= hours.there * (1 + 1e-6) + 1e-6


def test_the_biggest_gaps_are_missed_targets_only():
    outcome = moderation()
    assert sorted(biggest_gaps(outcome, 5)) == [0, 1]
    assert outcome.targets.shortfall[biggest_gaps(outcome, 1)[0]] == outcome.targets.shortfall.max()


def test_the_largest_amount_is_among_the_biggest_gaps_however_small_a_part_it_is():
    asked = asking(*(("Reviews", None, "Hate", f"2026-{month:02}", "at least", 900, 1) for month in (1, 2, 3)))
    outcome = cascade(book_of(backlog_book(Targets=[*asked[:1], (*asked[1][:5], 4000, 1), *asked[2:]]))).outcome
    missing, part = outcome.targets.shortfall, outcome.targets.shortfall / outcome.plan.targets.value
    first, second = biggest_gaps(outcome, 2)
    assert first == np.argmax(missing)
    assert part[first] < part[second]


def test_guarded_queues_keep_within_what_they_may_leave():
    outcome = moderation()
    found = guarded_queues(outcome, 10)
    assert found
    for each in found:
        assert abs(each.planned / each.fair - 1) <= each.allowed * (1 + 1e-6)
        assert 0 <= each.full <= each.periods <= 6


def test_one_cell_says_whether_all_is_right():
    assert line(summary_of(moderation()), "Overall check")[2] == "2 problems"
    parts = random_parts(0)
    parts.targets, parts.limits, parts.capacity = [], [], []
    assert line(summary_of(recompute(parts.build())), "Overall check")[2] == "OK"


def test_a_broken_certificate_shows_in_the_overall_check():
    outcome = moderation()
    proofs = outcome.certificate.proofs
    broken = replace(outcome.certificate, proofs=(replace(proofs[0], worst=1.0), *proofs[1:]))
    assert line(summary_of(replace(outcome, certificate=broken)), "Overall check")[2] == "3 problems"


def test_links_lead_to_our_sheets_by_the_names_they_bear():
    sheets = lay_out(moderation(), (), FACTS, (), lambda name: f"x'{name}")
    links = [cell.link for cell in sheets[0].cells if cell.link]
    assert "'x''Cascade'!A1" in links
    assert all(link.startswith("'x''") for link in links)
    chart = sheets[0].charts[0]
    assert all(series.values.startswith("'x''Summary'!$") for series in chart.series)


def test_the_chart_shows_planned_against_baseline_with_its_message():
    sheet = summary_of(moderation())
    (chart,) = sheet.charts
    assert [series.name for series in chart.series] == ["Baseline", "Planned"]
    assert chart.title.startswith("EMEA moves most: Reviews +")
    cells = {(cell.row, cell.column): cell.value for cell in sheet.cells}
    first = chart.row + 1
    assert [cells[row, 1] for row in range(first, first + 3)] == ["EMEA", "APAC", "AMER"]


def test_nothing_stands_under_the_chart():
    sheet = summary_of(moderation())
    (chart,) = sheet.charts
    last = chart.row + chart.height / 20
    assert [cell for cell in sheet.cells if chart.row <= cell.row < last and cell.column >= chart.column] == []


def test_a_chart_keeps_to_the_largest_bars():
    plan = moderation().plan
    planned = np.arange(len(plan.org), dtype=float)
    assert len(chart_nodes(plan.org, planned)) == 3
    many = replace(plan.org, parent=np.array([-1, *[0] * (len(plan.org) - 1)]))
    assert chart_nodes(many, planned) == list(range(len(many) - MOST_BARS, len(many)))


def test_hours_that_whole_items_need_are_no_problem_and_any_more_are():
    rounded = [recompute(in_units(random_parts(seed).build())) for seed in range(20)]
    over = [each for each in rounded if (each.capacity.used > each.plan.capacity.hours * (1 + 1e-6)).any()]
    assert over
    for outcome in over:
        assert line(summary_of(outcome), "Hours within capacity")[2] == 0
    outcome = over[0]
    more = replace(outcome.capacity, used=outcome.plan.capacity.hours + 2 * outcome.capacity.rounding + 0.1)
    found = line(summary_of(replace(outcome, capacity=more)), "Hours within capacity")
    assert found[2] == len(outcome.plan.capacity)


def test_turnarounds_stand_behind_what_people_asked_in_targets():
    inputs = backlog_book(Queues=DUE, Limits=[("Metric", "Queue", "Period", "Max"), ("Reviews", "Hate", "2026-03", 1)])
    outcome = cascade(book_of(inputs)).outcome
    metrics = outcome.plan.targets.scope.metric[biggest_gaps(outcome, 5)]
    assert metrics[0] != TURNAROUND
    assert metrics[-1] == TURNAROUND


def test_what_may_be_undercut_is_no_gap_by_its_name():
    asked = asking(("Backlog", None, None, "2026-03", "at most", 2000, 2))
    sheet = summary_of(cascade(book_of(backlog_book(Targets=asked))).outcome)
    labels = [cell.value for cell in sheet.cells if cell.column == 1]
    assert "Backlog (items), at most" in labels
    assert "Reviews (items)" in labels


def test_target_check_says_which_of_its_rows_nobody_typed():
    outcome = cascade(book_of(backlog_book(Queues=DUE))).outcome
    due = int((outcome.plan.targets.scope.metric == TURNAROUND).sum())
    assert f"{due} rows follow from Turnaround in Queues" in target_check_sheet(outcome).cells[1].value
    assert "Turnaround" not in target_check_sheet(moderation()).cells[1].value


def test_a_share_in_time_that_too_much_waits_for_is_told_where_everybody_looks_first():
    short = [("Org", "Hours"), ("Team A", 1.5), ("Team B", 1.5)]
    for book, told in ((with_sla(), False), (with_sla(Capacity=short), True)):
        outcome = cascade(book_of(book)).outcome
        assert any(str(cell.value).endswith(TOO_MUCH) for cell in summary_of(outcome).cells) == told
        met = next(each.values for each in target_check_sheet(outcome).table.columns if each.header == "Met")
        assert ("on paper" in met) == told
        assert any(each.code == "TC715" and each.severity is Severity.CONFLICT for each in outcome.findings) == told


def test_a_queue_that_whole_units_alone_moved_did_not_use_the_mix_guard():
    outcome = moderation()
    assert guarded_queues(outcome, 10)
    guard = outcome.guard
    dust = replace(guard, planned=guard.fair - 0.001, full=np.zeros(len(guard.full), dtype=bool))
    assert guarded_queues(replace(outcome, guard=dust), 10) == []
