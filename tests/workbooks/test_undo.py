"""A run undone: the whole file where nobody touched it since, else the engine's tables alone."""

from __future__ import annotations

import os
import shutil
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest

from tests.workbooks.books import as_saved, changed, opened, replaced
from tests.workbooks.package.test_lossless import contents, edited, plan_with
from workbooks import states
from workbooks.package.compose import TypedOver
from workbooks.run import RunOptions
from workbooks.run_file import FileOptions, FileRun, cascade_file, change_file
from workbooks.seal_run import seal
from workbooks.undo import undo_file


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(states.VARIABLE, str(tmp_path / "states"))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_with())
    return path


def run(path: Path) -> FileRun:
    done = cascade_file(path, FileOptions(RunOptions()))
    assert done.is_written, [issue.found for issue in done.run.issues]
    return done


def change(path: Path, edit: object) -> None:
    path.write_bytes(edited(path.read_bytes(), edit))


def ask_for_more(book: openpyxl.Workbook) -> None:
    cell = next(cell for row in book["Targets"].iter_rows() for cell in row if cell.value == 530_000)
    cell.value = 500_000


def shown(data: bytes, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in _read(data)[sheet].iter_rows(max_col=20)]


@lru_cache(maxsize=4)
def _read(data: bytes) -> openpyxl.Workbook:
    """Return a workbook to be looked at, never changed: opening one takes longer than all that is looked at."""
    return opened(data)


def looks(data: bytes, sheet: str) -> list[object]:
    return [
        (
            cell.coordinate,
            cell.number_format,
            cell.font.b,
            cell.font.sz,
            cell.fill.fgColor.rgb,
            cell.alignment.horizontal,
        )
        for row in _read(data)[sheet].iter_rows(max_col=20)
        for cell in row
        if cell.value is not None
    ]


def test_a_file_that_is_still_what_the_run_wrote_comes_back_whole(book: Path) -> None:
    before = book.read_bytes()
    run(book)
    first = book.read_bytes()
    run(book)
    for expected in (first, before):
        done = undo_file(book)
        assert done.is_whole
        assert done.issues == ()
        assert book.read_bytes() == expected
    assert [issue.code for issue in undo_file(book).issues] == ["TC666"]


def test_what_another_command_wrote_comes_back_whole_too(book: Path) -> None:
    run(book)
    cascaded = book.read_bytes()
    assert change_file(book, seal).is_written
    assert undo_file(book).is_whole
    assert book.read_bytes() == cascaded


def test_a_book_that_was_moved_is_known_by_what_the_run_wrote(book: Path) -> None:
    before = book.read_bytes()
    run(book)
    moved = book.with_name("moved.xlsx")
    shutil.move(book, moved)
    assert undo_file(moved).is_whole
    assert moved.read_bytes() == before


def test_of_a_book_that_people_changed_since_only_our_tables_come_back(book: Path) -> None:
    run(book)
    first = book.read_bytes()
    change(book, ask_for_more)
    run(book)
    second = book.read_bytes()

    def remark(book: openpyxl.Workbook) -> None:
        book["Org Targets"]["Z9"] = "mine"
        book["Metrics"]["J9"] = "mine, too"

    change(book, remark)
    done = undo_file(book)
    assert (done.is_written, done.is_whole) == (True, False)
    assert "TC668" in [issue.code for issue in done.issues]
    after = book.read_bytes()
    for sheet in ("Cascade", "Org Targets", "Queue Targets", "Target Check", "Capacity Use", "Summary", "Diagnostics"):
        if sheet == "Org Targets":
            continue
        assert shown(after, sheet) == shown(first, sheet)
        assert looks(after, sheet) == looks(first, sheet)
    assert _read(after)["Org Targets"]["Z9"].value == "mine"
    assert _read(after)["Metrics"]["J9"].value == "mine, too"
    assert _read(after)["Org Targets"]["I5"].value == _read(first)["Org Targets"]["I5"].value
    assert shown(after, "Cascade") != shown(second, "Cascade")
    assert len(_read(after)["Run Log"].tables["RunLog"].ref) == len(_read(second)["Run Log"].tables["RunLog"].ref)
    again = cascade_file(book, FileOptions(RunOptions()))
    assert again.is_written
    assert again.run.edits == ()


def test_tables_and_charts_come_back_where_another_part_was_changed_since(book: Path) -> None:
    targets = "xl/worksheets/sheet10.xml"
    run(book)
    first = contents(book.read_bytes())
    book.write_bytes(changed(book.read_bytes(), {targets: replaced(b"<v>530000</v>", b"<v>500000</v>")}))
    run(book)
    second = contents(book.read_bytes())
    book.write_bytes(changed(book.read_bytes(), {"customXml/item1.xml": b"<mine>2</mine>"}))
    assert undo_file(book).is_written
    after = contents(book.read_bytes())
    charts = [name for name in after if name.startswith("xl/charts/")]
    assert charts
    assert all(after[name] == first[name] for name in charts)
    assert any(second[name] != first[name] for name in charts)
    assert after["customXml/item1.xml"] == b"<mine>2</mine>"


def test_numbers_typed_over_since_are_not_lost_by_undoing(book: Path) -> None:
    run(book)
    change(book, ask_for_more)
    run(book)
    change(book, lambda book: book["Cascade"].__setitem__("E6", 12345))
    refused = undo_file(book)
    assert (refused.is_written, int(refused.status)) == (False, 1)
    assert "TC606" in [issue.code for issue in refused.issues]
    assert undo_file(book, TypedOver.DISCARD).is_written


def test_before_the_first_run_there_are_no_tables_to_put_back(book: Path) -> None:
    run(book)
    change(book, lambda book: book["Metrics"].__setitem__("J9", "mine"))
    changed = book.read_bytes()
    assert [issue.code for issue in undo_file(book).issues] == ["TC667"]
    assert book.read_bytes() == changed


def test_a_dry_undo_says_what_would_come_back(book: Path) -> None:
    run(book)
    written = book.read_bytes()
    done = undo_file(book, is_dry=True)
    assert (done.is_whole, done.is_written) == (True, False)
    assert book.read_bytes() == written


def test_states_are_few_and_small_and_nobody_else_may_read_them(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(os.environ[states.VARIABLE])
    monkeypatch.setattr(states, "MOST_OF_A_BOOK", 3)
    for number in range(5):
        states.forget_old_states(states.keep_state(book, b"x" * 1000, f"{number:064d}"))
    kept = sorted(folder.rglob("*.before"))
    assert len(kept) == 3
    assert all(file.stat().st_mode & 0o077 == 0 for file in (*kept, kept[0].parent))
    monkeypatch.setattr(states, "MOST_BYTES", 2500)
    states.forget_old_states(states.keep_state(book.with_name("other.xlsx"), b"y" * 1000, "a"))
    assert sum(file.stat().st_size for file in folder.rglob("*.before")) <= 2500
    assert states.newest_state(book.with_name("other.xlsx"), "") is not None
    assert states.keep_state(book, b"z" * 3000, "b").code == "TC665"


def test_states_of_all_workbooks_are_counted_after_a_sixteenth_came_in(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(os.environ[states.VARIABLE])
    monkeypatch.setattr(states, "MOST_BYTES", 2**22)
    sizes = []
    for number in range(90):
        kept = states.keep_state(book.with_name(f"{number}.xlsx"), bytes(100_000), "a" * 64)
        states.forget_old_states(kept)
        sizes.append(sum(file.stat().st_size for file in folder.rglob("*.before")))
        assert kept.file.exists()
    assert max(sizes) <= 2**22
    assert sizes[-1] > 2**21
    assert len(set(sizes)) > 30  # most runs look into no other workbook's folder


def test_a_run_that_ends_before_it_saved_leaves_nothing_to_undo(book: Path) -> None:
    run(book)
    written = book.read_bytes()
    states.keep_state(book, written, "f" * 64)  # and then its process is killed
    assert undo_file(book).is_whole
    assert book.read_bytes() != written


def test_a_save_that_fails_leaves_no_state(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        if target == book:
            raise OSError(28, "No space left on device")
        moved(source, target)

    moved = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    done = cascade_file(book, FileOptions(RunOptions()))
    assert (done.run.status, done.is_written) == (5, False)
    assert list(Path(os.environ[states.VARIABLE]).rglob("*.before")) == []


def test_states_can_be_switched_off(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(states.VARIABLE, "off")
    run(book)
    assert [issue.code for issue in undo_file(book).issues] == ["TC666"]


def test_a_folder_without_room_for_states_is_a_note(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(states.VARIABLE, str(book))  # a file, not a folder
    assert "TC665" in [issue.code for issue in run(book).run.issues]


def test_a_book_as_another_program_saves_it_is_put_back_too(book: Path) -> None:
    run(book)
    first = shown(book.read_bytes(), "Cascade")
    book.write_bytes(as_saved(opened(book.read_bytes())))
    change(book, ask_for_more)
    run(book)
    change(book, lambda book: book["Metrics"].__setitem__("J9", "mine"))
    assert undo_file(book).is_written
    assert shown(book.read_bytes(), "Cascade") == first
