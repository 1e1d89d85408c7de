"""A workbook is recomputed when somebody saves it, and not when we do."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.watch import recompute_saved, watch_book

pytest.importorskip("watchfiles")


def test_a_save_by_renaming_is_one_save_and_our_own_writing_is_none(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(PLAN))
    answers: Queue[object] = Queue()
    stop = threading.Event()
    watching = threading.Thread(target=watch_book, args=(path, "Aoife", answers.put, stop))
    watching.start()
    try:
        _save_until_noticed(path, answers)
        assert "Cascade" in opened(path.read_bytes()).sheetnames
        with pytest.raises(Empty):
            answers.get(timeout=2)
    finally:
        stop.set()
        watching.join(timeout=20)
    assert not watching.is_alive()


def _save_until_noticed(path: Path, answers: Queue[object]) -> None:
    """Save as Excel does, beside the workbook and then over it, again until the watcher has begun to look."""
    for value in range(100, 130):
        edited = opened(path.read_bytes())
        edited["Targets"]["E2"] = value
        temporary = path.with_name("ABCD1234.tmp")
        temporary.write_bytes(as_saved(edited))
        temporary.replace(path)
        try:
            answers.get(timeout=6)
        except Empty:
            continue
        return
    raise AssertionError("no save was noticed")


def test_a_bad_input_is_told_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    data = book({"Notes": [("mine",), ("text",)]})
    path.write_bytes(data)
    answer = recompute_saved(path, "Aoife")
    assert answer.status == 1
    assert path.read_bytes() == data


def test_a_workbook_that_is_open_where_we_cannot_reach_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book(PLAN))
    path.with_name(".~lock.plan.xlsx#").write_text(",Aoife,laptop,2026-01-05;", encoding="utf-8")
    assert "open in Excel or LibreOffice" in recompute_saved(path, "Aoife").message
