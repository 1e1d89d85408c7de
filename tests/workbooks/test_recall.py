"""What earlier runs on a workbook found, kept on this computer: it may go at any time, and changes no number."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from tests.command import targets
from tests.workbooks.package.test_lossless import edited, plan_with
from workbooks import recall, states
from workbooks.recall import Recall, recall_of
from workbooks.run import RunOptions
from workbooks.run_file import FileOptions, FileRun, cascade_file

ONE = {"answer": np.array([1.5, np.inf]), "more": np.zeros((0, 2), np.int8)}
OPTIONS = RunOptions(now=lambda: datetime(2026, 1, 1, tzinfo=UTC), seconds=lambda: 0.0)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workbook of which everything is kept, however small it is."""
    monkeypatch.setenv(states.VARIABLE, str(tmp_path / "states"))
    monkeypatch.delenv(recall.VARIABLE, raising=False)
    monkeypatch.setattr("workbooks.run.LEAST_CELLS", 0)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_with())
    return path


def run(path: Path, *, is_fresh: bool = False) -> FileRun:
    done = cascade_file(path, FileOptions(OPTIONS, is_fresh=is_fresh))
    assert done.is_written, [issue.found for issue in done.run.issues]
    return done


def answers(book: Path) -> list[Path]:
    return sorted((book.parent / "states" / "recall").rglob("*.answer"))


def numbers(done: FileRun) -> list[float]:
    assert done.run.outcome is not None
    return done.run.outcome.value.tolist()


def test_the_second_run_asks_for_nothing_new_and_writes_the_same_bytes(book: Path) -> None:
    before = book.read_bytes()
    first = run(book)
    written = book.read_bytes()
    book.write_bytes(before)
    second = run(book)
    assert first.known < first.asked
    assert second.known == second.asked > 0
    assert book.read_bytes() == written


def test_a_fresh_run_asks_nothing_keeps_nothing_and_writes_the_same_bytes(book: Path) -> None:
    before = book.read_bytes()
    run(book)
    written, kept = book.read_bytes(), [(each, each.stat().st_mtime_ns) for each in answers(book)]
    book.write_bytes(before)
    fresh = run(book, is_fresh=True)
    assert (fresh.known, fresh.asked) == (0, 0)
    assert book.read_bytes() == written
    assert [(each, each.stat().st_mtime_ns) for each in answers(book)] == kept


def test_an_edited_workbook_comes_to_the_same_with_and_without_what_was_kept(book: Path) -> None:
    run(book)
    book.write_bytes(edited(plan_with(), lambda opened: opened["Targets"].__setitem__("F2", 900)))
    before = book.read_bytes()
    with_memory = numbers(run(book))
    book.write_bytes(before)
    assert numbers(run(book, is_fresh=True)) == with_memory


SPOILT = (
    lambda data: data[: len(data) // 2],
    lambda data: b"",
    lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    lambda data: bytes([data[0] ^ 1]) + data[1:],
    lambda data: b"somebody else's file",
)


def test_damaged_and_foreign_files_are_passed_over(book: Path) -> None:
    before = book.read_bytes()
    run(book)
    written = book.read_bytes()
    for at, each in enumerate(answers(book)):
        each.write_bytes(SPOILT[at % len(SPOILT)](each.read_bytes()))
    book.write_bytes(before)
    assert run(book).known == 0
    assert book.read_bytes() == written
    assert run(book).known > 0  # they were written anew


def test_what_is_kept_is_got_back_bit_by_bit_and_only_under_its_own_name(tmp_path: Path) -> None:
    kept = Recall(tmp_path)
    kept.put("one", ONE)
    found = kept.get("one")
    assert found is not None
    for name, array in ONE.items():
        assert (found[name].dtype, found[name].shape, found[name].tobytes()) == (
            array.dtype, array.shape, array.tobytes(),
        )  # fmt: skip
    (tmp_path / "one.answer").rename(tmp_path / "two.answer")
    assert kept.get("two") is None
    assert kept.get("one") is None
    assert os.name == "nt" or (tmp_path.stat().st_mode & 0o077) == 0 or tmp_path.exists()


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    kept = Recall(tmp_path)
    target = BytesIO()
    np.save(target, np.frombuffer(b"answer", np.uint8))
    np.save(target, np.array([{"a": 1}], dtype=object))
    for data in (target.getvalue(), pickle.dumps({"answer": 1})):
        (tmp_path / "one.answer").write_bytes(kept._digest("one", data) + data)
        assert kept.get("one") is None


def test_nothing_is_kept_where_work_is_sent_to(tmp_path: Path) -> None:
    elsewhere = pickle.loads(pickle.dumps(Recall(tmp_path)))
    assert not elsewhere.is_kept


def test_answers_of_another_version_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Recall(tmp_path).put("one", ONE)
    assert Recall(tmp_path).get("one") is not None
    monkeypatch.setattr(recall, "__version__", "99")
    assert Recall(tmp_path).get("one") is None


def test_the_oldest_go_first_of_a_workbook_and_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = Recall(tmp_path / "own"), Recall(tmp_path / "other")
    for at, (kept, name) in enumerate([(other, "a"), (own, "b"), (own, "c"), (own, "d")]):
        kept.put(name, {"answer": np.zeros(1000)})
        os.utime(kept._file(name), (at, at))
    assert own.get("b") is not None  # what is used is not old
    monkeypatch.setattr(recall, "MOST_OF_A_BOOK", 20_000)
    own.forget_old()
    assert sorted(each.stem for each in tmp_path.rglob("*.answer")) == ["a", "b", "d"]
    monkeypatch.setattr(recall, "MOST_BYTES", 20_000)
    own.forget_old()
    assert sorted(each.stem for each in tmp_path.rglob("*.answer")) == ["b", "d"]
    monkeypatch.setattr(recall, "MOST_OF_AN_ANSWER", 100)
    own.put("large", {"answer": np.zeros(1000)})
    assert own.get("large") is None


def test_files_that_were_never_finished_go(tmp_path: Path) -> None:
    kept = Recall(tmp_path / "own")
    kept.put("one", ONE)
    old, new = tmp_path / "own" / "x.new", tmp_path / "own" / "y.new"
    for each in (old, new):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))
    kept.forget_old()
    assert (old.exists(), new.exists()) == (False, True)


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = Recall(tmp_path / "file" / "own")
    kept.put("one", ONE)
    assert kept.get("one") is None
    kept.forget_old()


@pytest.mark.parametrize(
    ("asked", "undo", "is_kept"),
    [("", "", True), ("off", "", False), ("", "off", False), ("folder", "off", True), ("OFF", "folder", False)],
)
def test_it_can_be_switched_off_alone_or_with_undo(
    asked: str, undo: str, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(recall.VARIABLE, asked)
    monkeypatch.setenv(states.VARIABLE, undo)
    assert (recall_of(Path("plan.xlsx")) is not None) == is_kept


def test_of_a_small_plan_nothing_is_kept(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.run.LEAST_CELLS", recall.LEAST_CELLS)
    assert run(book).asked == 0
    assert not (book.parent / "states" / "recall").exists()


def test_undo_finds_its_states_beside_what_is_kept(book: Path) -> None:
    before = book.read_bytes()
    run(book)
    assert answers(book)
    assert targets("undo", str(book)).returncode == 0
    assert book.read_bytes() == before


def test_the_command_says_what_it_did_not_work_out_again_unless_it_is_fresh(book: Path) -> None:
    targets("cascade", str(book))
    again, fresh = targets("cascade", str(book)), targets("cascade", str(book), "--fresh")
    assert "what has not changed was not worked out again" in again.stdout
    assert "not worked out again" not in fresh.stdout
