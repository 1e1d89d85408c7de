"""A batch in processes of this machine: what one workbook does harms no other."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.safety.faults import STRACE
from tests.triggers.planning import PLAN
from tests.workbooks.batch.children import lanes
from tests.workbooks.batch.kills import Killed, killed_at
from tests.workbooks.books import book, changed, small_book
from workbooks.batch.executors import processes
from workbooks.batch.find import find_books
from workbooks.batch.isolated import LANES
from workbooks.batch.journal import BookResult, Journal
from workbooks.batch.messages import Asked
from workbooks.batch.report import report_text, worst_of
from workbooks.batch.run_batch import BatchOptions, run_batch
from workbooks.package.ownership import find_own
from workbooks.undo import undo_file

ASKED = Asked(command="targets batch", by="Aoife")
GOOD = small_book()
SHORT = book({**PLAN, "Capacity": [("Org", "Hours"), ("Site", 1)]})
NO_PLAN = book({"Notes": [("Note",), ("nothing to plan",)]})


def _written(folder: Path, **books: bytes) -> list[Path]:
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    return find_books([str(folder)])


def _run(books: list[Path], jobs: int = 1, log: Path | None = None, **options: float) -> list[BookResult]:
    journal = Journal(log)
    try:
        with processes(jobs) as workers:
            return run_batch(books, workers, journal, BatchOptions(ASKED, **{"pause_s": 0.1, **options}))
    finally:
        journal.close()


def _statuses(results: list[BookResult]) -> dict[str, int]:
    return {Path(each.book).stem: int(each.status) for each in results}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[BookResult]]:
    """Good, short, wrong, hostile, locked and missing workbooks in one list."""
    folder = tmp_path_factory.mktemp("mixed")
    hostile = changed(small_book(), {"xl/workbook.xml": b" " * 2**22})
    books = _written(folder, good1=GOOD, good2=book(PLAN), short=SHORT, wrong=NO_PLAN, hostile=hostile,
                     locked=GOOD)  # fmt: skip
    (folder / "~$locked.xlsx").write_bytes(b"\x05Aoife")
    return folder, _run([*books, folder / "gone.xlsx"], log=folder / "log.jsonl")


def test_each_workbook_gets_its_own_status_and_the_worst_one_counts(mixed: tuple[Path, list[BookResult]]) -> None:
    assert _statuses(mixed[1]) == {
        "good1": 0, "good2": 0, "short": 3, "wrong": 1, "hostile": 1, "locked": 5, "gone": 1,
    }  # fmt: skip
    assert worst_of(mixed[1]) == 5
    assert [each.attempts for each in mixed[1] if "locked" in each.book] == [2]


def test_what_is_done_is_in_the_workbook_and_what_is_not_left_it_alone(mixed: tuple[Path, list[BookResult]]) -> None:
    folder, _ = mixed
    assert "Cascade" in find_own((folder / "good1.xlsx").read_bytes()).sheets
    assert "Cascade" in find_own((folder / "short.xlsx").read_bytes()).sheets
    assert (folder / "wrong.xlsx").read_bytes() == NO_PLAN
    assert (folder / "locked.xlsx").read_bytes() == GOOD


def test_the_tables_of_results_say_the_same_in_every_form(mixed: tuple[Path, list[BookResult]]) -> None:
    _, results = mixed
    rows = list(csv.DictReader(io.StringIO(report_text(results, ".csv"))))
    assert [int(row["Status"]) for row in rows] == [each.status for each in results]
    held = json.loads(report_text(results, ".json"))
    assert held["status"] == 5
    assert held["counts"] == {"5": 1, "1": 3, "3": 1, "0": 2}
    page = report_text(results, ".html")
    assert page.count("<tr>") == len(results) + 1
    assert {row["Code"] for row in rows if row["Status"] == "3"} == {"TC701"}  # the miss, not that hours are short
    assert all(row["How to mend"] for row in rows if row["Status"] not in {"0", "3"})


def test_the_log_holds_a_line_per_event(mixed: tuple[Path, list[BookResult]]) -> None:
    events = [json.loads(line)["event"] for line in (mixed[0] / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert events.count("book") == len(mixed[1])
    assert (events[0], events[-1]) == ("batch", "end")
    assert "again" in events


def test_a_second_batch_runs_only_what_is_not_done_or_was_changed(mixed: tuple[Path, list[BookResult]]) -> None:
    folder, first = mixed
    before = {path: path.read_bytes() for path in folder.glob("*.xlsx")}
    (folder / "good2.xlsx").write_bytes(book({**PLAN, "Notes": [("Note",), ("mine",)]}))
    results = _run([Path(each.book) for each in first], log=folder / "log.jsonl", retries=0)
    assert {Path(each.book).stem for each in results if each.from_earlier} == {"good1", "short"}
    assert _statuses(results) == _statuses(first)
    assert (folder / "good1.xlsx").read_bytes() == before[folder / "good1.xlsx"]
    again = _run([folder / "good1.xlsx"], log=folder / "log.jsonl", is_again=True)
    assert not again[0].from_earlier


def test_a_workbook_that_never_ends_costs_its_time_and_nothing_else(tmp_path: Path) -> None:
    books = _written(tmp_path, endless=GOOD, fine=GOOD)
    LANES.run(ASKED, NO_PLAN, 60.0)
    (waiting,) = lanes()
    os.kill(waiting, signal.SIGSTOP)  # whatever is sent there now will never be answered
    with processes(1) as workers:
        options = BatchOptions(ASKED, limit_s=5.0, retries=0)
        results = run_batch(books, workers, Journal(None), options)
    assert _statuses(results) == {"endless": 5, "fine": 0}
    assert results[0].said.issues[0].code == "TC901"
    assert (tmp_path / "endless.xlsx").read_bytes() == GOOD


def test_a_process_that_is_killed_loses_no_workbook(tmp_path: Path) -> None:
    books = _written(tmp_path, **{f"plan{at}": GOOD for at in range(6)})
    killed: list[int] = []

    def kill_the_first() -> None:
        while not killed:
            time.sleep(0.01)
            if found := lanes():
                os.kill(found[0], signal.SIGKILL)
                killed.append(found[0])

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    results = _run(books)
    killer.join()
    assert killed
    assert all(each.status == 0 and each.written for each in results)
    assert max(each.attempts for each in results) == 2
    assert lanes() == []


def test_a_workbook_whose_process_always_dies_is_named(tmp_path: Path) -> None:
    books = _written(tmp_path, cursed=GOOD)
    stop = threading.Event()

    def kill_all() -> None:
        while not stop.wait(0.01):
            for each in lanes():
                os.kill(each, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    results = _run(books)
    stop.set()
    killer.join()
    assert _statuses(results) == {"cursed": 70}
    assert results[0].said.issues[0].code == "TC902"
    assert (tmp_path / "cursed.xlsx").read_bytes() == GOOD


def test_a_text_that_would_be_a_formula_in_the_table_is_none() -> None:
    said = {"status": 0, "issues": []}
    held = BookResult.model_validate({"book": "=1+1.xlsx", "said": said})
    assert "'=1+1.xlsx" in report_text([held], ".csv")
    assert "<b>" not in report_text([held.model_copy(update={"book": "<b>.xlsx"})], ".html")


@pytest.mark.skipif(STRACE is None, reason="needs strace")
def test_a_process_killed_in_the_middle_of_its_save_leaves_the_old_workbook_or_the_new_one(tmp_path: Path) -> None:
    """The last calls before and after the exchange; ``python -m tests.workbooks.batch.kills`` kills at all of them."""
    found = Killed()
    for call, ordinal in (("rename", 1), ("rename", 2), ("fsync", 4)):
        killed_at(tmp_path, call, ordinal, found)
    assert found.faults == []
    assert dict(found.after) == {"old": 2, "new": 1}


def test_of_many_workbooks_each_can_be_undone(tmp_path: Path) -> None:
    books = _written(tmp_path, **{f"plan{at}": GOOD for at in range(4)})
    _run(books, jobs=2)
    for path in books:
        assert undo_file(path).is_whole
        assert path.read_bytes() == GOOD
