"""``targets explain``: one target of a workbook on a page, from the written plan solved again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.building.lookup import UnknownNameError
from engine.tables import Inputs
from tests.backlogs import DUE, TARGETS, backlog_book
from tests.command import targets
from tests.rate_books import rated
from tests.workbooks.books import SMALL, book, book_of, opened
from workbooks.explain import Asked, explain
from workbooks.package.own_book import OwnBook
from workbooks.package.set_cells import set_cells
from workbooks.run import cascade, read_plan

TIGHT = {**SMALL, "Capacity": [("Org", "Hours"), ("Team A", 2.0)]}
DUBLIN = Asked(None, "Dublin", None, None)


@pytest.fixture(scope="module")
def written() -> bytes:
    data = cascade(book(TIGHT)).data
    assert data is not None
    return data


def test_a_team_short_of_hours_reads_so_and_what_would_raise_it(written: bytes) -> None:
    found = explain(written, read_plan(written), Asked("Reviews", "Team A", None, None))
    assert found.is_written
    assert [line.words for line in found.bridge.after if line.amount < -50] == ["your hours"]
    more = next(lever for lever in found.levers if "10% more hours of Team A" in lever.words)
    assert more.change == pytest.approx(0.2 * 60, abs=1)


def test_every_lever_does_what_it_says_when_it_is_typed_into_the_workbook(written: bytes) -> None:
    found = explain(written, read_plan(written), DUBLIN)
    assert found.levers
    for lever in found.levers:
        tables = {name: [list(row) for row in rows] for name, rows in TIGHT.items()}
        for edit in lever.edits:
            tables[edit.place.table][edit.place.row - 1][edit.place.column - 1] = edit.now
        changed = book(tables)
        now = explain(changed, read_plan(changed), DUBLIN)
        assert now.bridge.target - found.bridge.target == pytest.approx(lever.change, abs=1e-6)


def test_a_book_whose_inputs_changed_since_is_told_so() -> None:
    fresh = book(SMALL)
    assert not explain(fresh, read_plan(fresh), DUBLIN).is_written


def test_what_nobody_plans_cannot_be_explained(written: bytes) -> None:
    told = "no team works there on such a queue then, but on Scams"
    with pytest.raises(UnknownNameError, match=told) as raised:
        explain(written, read_plan(written), Asked(None, "Lisbon", "Hate", None))
    assert raised.value.field == "Queue"


def test_the_command_prints_the_page_and_names_what_it_does_not_know(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(written)
    done = targets("explain", str(path), "--org", "Dublin", "--period", "2026-01")
    assert done.returncode == 0
    assert done.stdout.startswith("Why ")
    assert "= target" in done.stdout
    as_json = json.loads(targets("explain", str(path), "--org", "team a", "--json").stdout)
    assert as_json["fair"] + sum(line["amount"] for line in as_json["after"]) == pytest.approx(as_json["target"])
    wrong = targets("explain", str(path), "--org", "Dubln")
    assert wrong.returncode == 2
    assert "did you mean “Dublin”?" in wrong.stderr
    assert path.read_bytes() == written


def test_a_rate_is_explained_and_its_levers_do_what_they_say() -> None:
    inputs = rated(
        ("Accuracy", None, None, None, None, 0.97, None, 2),
        Limits=[("Metric", "Org", "Max"), ("Accuracy", "Dublin", 0.965)],
    )
    data = cascade(book_of(inputs)).data or b""
    found = explain(data, read_plan(data), Asked("Accuracy", "Dublin", None, None))
    assert found.is_written
    assert found.text.startswith("Why 96.50 %?")
    lever = next(each for each in found.levers if each.words.startswith("without the Accuracy limit on Dublin"))
    free = rated(("Accuracy", None, None, None, None, 0.97, None, 2))
    without = cascade(book_of(free)).data or b""
    now = explain(without, read_plan(without), Asked("Accuracy", "Dublin", None, None))
    assert now.bridge.target - found.bridge.target == pytest.approx(lever.change, abs=1e-6)
    assert lever.change > 0


def test_a_backlog_is_explained_for_queues() -> None:
    data = cascade(book_of(backlog_book())).data or b""
    read = read_plan(data)
    found = explain(data, read, Asked("Backlog", None, None, "2026-03"))
    assert found.is_written
    assert "waiting when these periods begin" in found.text
    with pytest.raises(UnknownNameError, match="leave the org out"):
        explain(data, read, Asked("Backlog", "Team A", None, None))


def tab_value(data: bytes, sheet: str, metric: str, node: str, period: str) -> float:
    """Return what a tab shows of a node."""
    rows = [list(row) for row in opened(data, data_only=True)[sheet].iter_rows(values_only=True)]
    headers = next(row for row in rows if row[0] == "Metric")
    return float(str(next(row for row in rows if row[:2] == [metric, node])[headers.index(period)]))


PEOPLE = {**SMALL, "Capacity": [("Org", "FTE", "Paid hours"), ("Team A", 0.01, 100), ("Team B", 0.05, 80)]}


@pytest.mark.parametrize("metric", ["Hours", "FTE"])
@pytest.mark.parametrize(("org", "period"), [("Dublin", "2026Q1"), ("Team A", "2026-02")])
def test_hours_and_people_of_a_node_are_explained_as_the_tab_shows_them(metric: str, org: str, period: str) -> None:
    data = cascade(book(PEOPLE)).data or b""
    found = explain(data, read_plan(data), Asked(metric, org, None, period))
    assert found.is_written
    assert found.bridge.target == pytest.approx(tab_value(data, "Org Targets", metric, org, period), abs=1e-9)
    told = found.bridge.fair + sum(line.amount for line in found.bridge.after)
    assert told == pytest.approx(found.bridge.target, abs=1e-9)
    assert found.bridge.history + sum(line.amount for line in found.bridge.before) == pytest.approx(found.bridge.fair)


def test_less_work_asked_of_all_takes_fewer_hours() -> None:
    data = cascade(book(SMALL)).data or b""
    levers = explain(data, read_plan(data), Asked("hours", "Dublin", None, None)).levers
    assert [lever.change < 0 for lever in levers if lever.words.startswith("1% less asked")] == [True]


def test_how_long_items_wait_is_explained_as_target_check_counts_it() -> None:
    inputs = backlog_book(Queues=DUE)
    data = cascade(book_of(inputs)).data or b""
    found = explain(data, read_plan(data), Asked("Turnaround", None, "Hate", "2026-03"))
    rows = [list(row) for row in opened(data, data_only=True)["Target Check"].iter_rows(values_only=True)]
    headers = next(row for row in rows if row[0] == "Metric")
    keys = [headers.index(name) for name in ("Metric", "Queue", "Period")]
    row = next(row for row in rows if [row[at] for at in keys] == ["Turnaround", "Hate", "2026-03"])
    assert found.bridge.target == pytest.approx(row[headers.index("Achieved")])
    assert found.bridge.fair + sum(line.amount for line in found.bridge.after) == pytest.approx(found.bridge.target)
    assert "due within" in found.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            Asked("FTE", None, None, None),
            "counts hours, and no people. There, Reviews, Hours can be explained",
        ),
        (Asked("Turnaround", None, None, None), "no inflow is known of that queue. There, Reviews, Hours"),
        (Asked("Turnaround", "Dublin", None, None), "leave the org out. There, Reviews, Hours"),
        (Asked("Hour", None, None, None), "did you mean “Hours”"),
    ],
)
def test_where_a_metric_cannot_be_explained_it_says_why_and_which_can(asked: Asked, told: str, written: bytes) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(told)):
        explain(written, read_plan(written), asked)


def test_a_backlog_whose_inputs_changed_since_is_told_so() -> None:
    inputs = backlog_book()
    data = cascade(book_of(inputs)).data or b""
    path = OwnBook(data)
    part = path.by_name["targets"].part
    changed = set_cells(path.book.parts.part(part), {(2, _column(inputs, "Targets", "Value")): 150.0})
    path.book.parts.put(part, changed)
    data = path.book.parts.data()
    assert not explain(data, read_plan(data), Asked("Backlog", None, None, "2026-03")).is_written


def _column(inputs: Inputs, table: str, header: str) -> int:
    return inputs.tables[table].columns[header]


def test_a_top_whose_parts_are_asked_for_says_what_less_of_these_does() -> None:
    months = [("Metric", "Period", "Value"), ("Reviews", "2026-01", 300), ("Reviews", "2026-02", 300)]
    data = cascade(book({**SMALL, "Targets": months})).data
    assert data is not None
    (lever,) = explain(data, read_plan(data), Asked("Reviews", None, None, None)).levers
    assert lever.words == "1% less asked: target for 2026-01 and 1 more within"
    assert lever.change < 0


def test_hours_of_a_cell_that_counts_in_several_periods_are_not_called_those_of_one(written: bytes) -> None:
    found = explain(written, read_plan(written), Asked("Reviews", "Team A", None, "2026-01"))
    assert [lever.words for lever in found.levers if "hours of Team A" in lever.words] == ["10% more hours of Team A"]


def test_the_page_is_written_to_print_and_no_name_in_it_becomes_markup(tmp_path: Path) -> None:
    hostile = {
        name: [tuple("<b>A</b>" if value == "Team A" else value for value in row) for row in rows]
        for name, rows in TIGHT.items()
    }
    path, page = tmp_path / "plan.xlsx", tmp_path / "a.html"
    path.write_bytes(cascade(book(hostile)).data or b"")
    done = targets("explain", str(path), "--org", "<b>A</b>", "-o", str(page))
    assert done.returncode == 0
    assert done.stdout == f"{page}: written\n"
    html = page.read_text(encoding="utf-8")
    assert "<b>" not in html
    assert "hours of &lt;b&gt;A&lt;/b&gt;" in html
    assert html.count('<tr class="sum">') == 3
    assert "http" not in html.replace("http-equiv", "")
    text = tmp_path / "a.txt"
    targets("explain", str(path), "-o", str(text))
    assert text.read_text(encoding="utf-8").startswith("Why ")
    assert targets("explain", str(path), "-o", str(tmp_path / "none" / "a.txt")).returncode == 5


def test_every_name_that_means_nothing_is_told_at_once_with_what_is_near_or_there() -> None:
    data = book(SMALL)
    with pytest.raises(UnknownNameError) as unknown:
        explain(data, read_plan(data), Asked(None, "Dublim", "Hatt", "Yesterday"))
    assert unknown.value.fields == ("Org", "Queue", "Period")
    assert "“Dublim”; did you mean “Dublin”?" in str(unknown.value)
    assert "“Hatt”; did you mean “Hate”?" in str(unknown.value)
    assert "Period unknown: “Yesterday”; there are 2026Q1, 2026-01, 2026-02" in str(unknown.value)


def test_people_are_told_with_a_decimal_in_the_reasons_of_a_tab_too() -> None:
    data = cascade(book(PEOPLE)).data or b""
    rows = list(opened(data)["Org Targets"].iter_rows(min_row=4, values_only=True))
    at = rows[0].index("Why")
    told = [row[at] for row in rows[1:] if row[0] in ("FTE", "Hours") and row[at]]
    assert told
    assert all(re.search(r"[+−]\d+\.\d", words) for words in told)


def test_a_team_may_be_asked_for_by_what_the_tabs_call_it() -> None:
    org = [("Node", "Parent", "Name"), ("DUB", None, "Dublin"), ("A", "DUB", "Team one"), ("B", "DUB", "Team two")]
    tables = {**SMALL, "Org": [*org, ("C", "DUB", "Team two")], "Baseline": None}
    data = cascade(book({name: rows for name, rows in tables.items() if rows is not None})).data or b""
    found = explain(data, read_plan(data), Asked("Reviews", " team ONE", None, None))
    assert "Team one" in found.text or "DUB/A" in found.text
    with pytest.raises(UnknownNameError, match="unknown: “Team two”"):  # two are called so
        explain(data, read_plan(data), Asked("Reviews", "Team two", None, None))


def test_where_turnaround_holds_a_queue_more_time_is_among_what_would_move_it() -> None:
    asked = [TARGETS[0], ("Reviews", None, "Hate", None, "exactly", 430, 1)]  # less than its turnaround takes
    data = cascade(book_of(backlog_book(Queues=DUE, Targets=asked))).data or b""
    found = explain(data, read_plan(data), Asked("Backlog", None, "Hate", "2026-02"))
    (more,) = (lever for lever in found.levers if lever.words.startswith("10% more time: Turnaround in row"))
    assert more.change > 0
