"""Results looked up by metric, node, queue and period: what worksheet functions show."""

from __future__ import annotations

import io
from functools import cache

import pytest
from python_calamine import CalamineWorkbook

from samples.catalogue import SAMPLES
from tests.workbooks.achievement import plan_book
from workbooks.last_run import METRICS, SHEETS, Asked, LastRun
from workbooks.run import cascade
from workbooks.tabs.names import CASCADE, ORG_TARGETS, QUEUE_TARGETS, VARIANCE
from workbooks.variance_run import variance


def last_run(data: bytes | None) -> tuple[LastRun, dict[str, list[list[object]]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data or b""))
    names = [name for name in (*SHEETS, METRICS) if name in book.sheet_names]
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    return LastRun(sheets), sheets


@cache
def solved(sample: str) -> tuple[LastRun, dict[str, list[list[object]]]]:
    return last_run(cascade(SAMPLES[sample].make()).data)


@cache
def reviewed() -> tuple[LastRun, dict[str, list[list[object]]]]:
    cascaded = cascade(plan_book()).data or b""
    return last_run(variance(cascaded).data)


@pytest.mark.parametrize("sample", ["example", "policy", "patrol", "languages"])
@pytest.mark.parametrize("sheet", [ORG_TARGETS, QUEUE_TARGETS])
def test_every_number_of_the_node_sheets_is_found(sample: str, sheet: str) -> None:
    last, sheets = solved(sample)
    rows = sheets[sheet]
    top = next(at for at, row in enumerate(rows) if row[0] == "Metric")
    periods = range(rows[top].index("Per working day") + 1, rows[top].index("Why"))
    seen: set[tuple[object, object]] = set()
    for row in rows[top + 1 :]:
        if (row[0], row[1]) in seen:
            continue
        seen.add((row[0], row[1]))
        for at in periods:
            places = (str(row[1]), "") if sheet == ORG_TARGETS else ("", str(row[1]))
            found = last.target(Asked(str(row[0]), *places, str(rows[top][at])))
            assert found == (row[at] if row[at] != "" else None)
    assert seen


@pytest.mark.parametrize("sample", ["policy", "patrol", "languages"])
def test_teams_and_queues_add_up_to_their_nodes(sample: str) -> None:
    last, sheets = solved(sample)
    rows = sheets[CASCADE]
    top = next(at for at, row in enumerate(rows) if row[0] == "Metric")
    metric = str(rows[top + 1][0])
    teams = dict.fromkeys(str(row[1]) for row in rows[top + 1 :] if row[0] == metric)
    queues = dict.fromkeys(str(row[2]) for row in rows[top + 1 :] if row[0] == metric)
    period = str(rows[top + 1][3])
    for team in teams:
        parts = [last.target(Asked(metric, team, queue, period)) for queue in queues]
        whole = last.target(Asked(metric, team, "", period))
        assert sum(part for part in parts if isinstance(part, float)) == pytest.approx(whole)


def test_a_longer_period_and_a_level_above_stand_for_the_rows_below_them() -> None:
    last, sheets = solved("policy")
    rows = [row for row in sheets[CASCADE] if row[2] == "Misinformation" and row[14] == "Europe"]
    assert last.target(Asked("Removals", "Europe", "Misinformation", "2024H1")) == sum(row[4] for row in rows)
    assert last.target(Asked("Removals", "Europe", "Misinformation")) == last.target(
        Asked("Removals", "", "Misinformation")
    )
    assert last.target(Asked("removals", " europe ", "MISINFORMATION")) == sum(row[4] for row in rows)


def test_rates_are_averaged_by_their_weights() -> None:
    last = rated()
    one = last.target(Asked("Accuracy", "Europe", "Spam", "Jan"))
    assert one == pytest.approx((0.9 * 100 + 0.5 * 300) / 400)


def rated() -> LastRun:
    header = ["Metric", "Org", "Queue", "Period", "Target", "Weight", "Status", "Why", "Region"]
    rows = [["Cascade"], header, ["Accuracy", "A", "Spam", "Jan", 0.9, 100.0, "", "", "Europe"]]
    rows += [["Accuracy", "B", "Spam", "Jan", 0.5, 300.0, "", "", "Europe"]]
    return LastRun({CASCADE: rows})


def test_of_a_stock_the_last_period_counts() -> None:
    header = ["Metric", "Org", "Queue", "Period", "Target", "Why"]
    rows = [header, ["Backlog", "A", "Spam", "Jan", 500.0, ""], ["Backlog", "A", "Spam", "Feb", 400.0, ""]]
    last = LastRun({CASCADE: rows, METRICS: [["Metrics"], ["Metric", "Kind"], ["Backlog", "stock"]]})
    assert last.target(Asked("Backlog", "A", "Spam")) == 400
    assert last.target(Asked("Backlog", "A", "Spam", "Jan")) == 500


def test_why_is_the_text_of_the_row() -> None:
    last, sheets = solved("policy")
    row = next(row for row in sheets[CASCADE] if row[2] == "Misinformation")
    assert last.why(Asked("Removals", str(row[1]), "Misinformation", str(row[3]))) == row[13]
    node = next(row for row in sheets[ORG_TARGETS] if row[0] == "Removals")
    assert last.why(Asked("Removals", str(node[1]))) == node[-1]
    assert last.why(Asked("Removals", str(row[1]), "Integrity & Authenticity")) is None  # many rows, many reasons


def test_achieved_and_attainment_are_those_of_variance() -> None:
    last, sheets = reviewed()
    rows = sheets[VARIANCE]
    top = next(at for at, row in enumerate(rows) if row[0] == "Metric")
    actual, attained = rows[top].index("Actual"), rows[top].index("Attainment")
    for row in rows[top + 1 :]:
        asked = Asked(str(row[0]), str(row[1]), str(row[2]), str(row[3]).removesuffix(" to date"))
        assert last.of_variance(asked, "Actual") == (row[actual] if row[actual] != "" else None)
        assert last.of_variance(asked, "Attainment") == (row[attained] if row[attained] != "" else None)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("Nothing"),
        Asked("Removals", "Atlantis"),
        Asked("Removals", "", "Atlantis"),
        Asked("Removals", "Europe", "", "1999"),
        Asked("Removals", "Atlantis", "Misinformation"),
    ],
)
def test_what_is_not_there_has_no_result(asked: Asked) -> None:
    last, _ = solved("policy")
    assert last.target(asked) is None
    assert last.of_variance(asked, "Actual") is None


def test_a_book_without_results_has_none() -> None:
    assert LastRun({}).target(Asked("Removals", "A", "B")) is None
    assert LastRun({}).target(Asked("Removals")) is None
