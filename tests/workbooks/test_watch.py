"""A workbook is recomputed when somebody saves it, and not when we do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests.triggers.planning import PLAN
from tests.workbooks.books import as_saved, book, opened
from workbooks.click.answer import Answer
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


def test_saving_the_results_alone_does_not_cascade_again_and_a_fault_does_not_end_the_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.xlsx"
    data = book(PLAN)
    path.write_bytes(data)
    told: list[Answer] = []
    saves: list[Callable[[], object]] = [
        lambda: path.write_bytes(_edited(data, 250)),
        lambda: path.write_bytes(as_saved(opened(path.read_bytes()))),  # as Excel saves what we have written
        lambda: path.write_bytes(_edited(data, 260)),
        lambda: path.write_bytes(_edited(data, 270)),
    ]

    def saved(watched: Path, stop: object) -> Iterator[None]:
        for at, save in enumerate(saves):
            save()
            with monkeypatch.context() as broken:
                if at == 2:
                    broken.setattr("workbooks.watch.cascade_file", None)
                yield None

    monkeypatch.setattr("workbooks.watch._saves", saved)
    watch_book(path, "Aoife", told.append)
    assert [each.status for each in told] == [0, 0, 70, 0]
    assert "numbers changed" in told[0].message
    assert told[1].message == "Saved with its results; no input changed."
    assert "bug of ours" in told[2].message
    Path(told[2].message.rsplit(": ", 1)[1]).unlink()


def _edited(data: bytes, value: float) -> bytes:
    edited = opened(data)
    edited["Targets"]["D2"] = value
    return as_saved(edited)


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
