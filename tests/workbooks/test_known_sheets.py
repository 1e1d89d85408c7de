"""What an earlier run knows of the sheets it wrote spares reading them, and no more: no edit or damage is missed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.whatif.asking import Asking
from tests.workbooks.books import changed
from tests.workbooks.package.test_lossless import edited
from tests.workbooks.test_recall import OPTIONS, answers, book
from workbooks.package import changes
from workbooks.package.archive import Archive
from workbooks.package.own_book import OwnBook
from workbooks.package.part_digest import TRUSTED
from workbooks.package.set_cells import set_cells
from workbooks.run_file import FileOptions, FileRun, cascade_file
from workbooks.tabs.model import Table

__all__ = ["book"]


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbooks.package.known_numbers._LEAST", 1)
    for module in ("archive", "known_parts", "compose"):
        monkeypatch.setattr(f"workbooks.package.{module}.LARGE", 1)


def run(path: Path, *, is_fresh: bool = False) -> FileRun:
    options = FileOptions(replace(OPTIONS, asking=Asking.NONE), is_fresh=is_fresh)
    done = cascade_file(path, options)
    assert done.is_written, [issue.found for issue in done.run.issues]
    return done


def with_cell(data: bytes, sheet: str, place: tuple[int, int], value: float) -> bytes:
    """Return a workbook with one number in another place, all else byte for byte as it was."""
    ours = OwnBook(data)
    part = ours.by_name[sheet.casefold()].part
    ours.book.parts.put(part, set_cells(ours.book.parts.part(part), {place: value}))
    return ours.book.parts.data()


def nothing(data: bytes) -> bytes:
    return data


def fewer_hours(data: bytes) -> bytes:
    return with_cell(data, "Capacity", (6, 5), 4.0)


def as_another_program_saves_it(data: bytes) -> bytes:
    return edited(data, lambda opened: opened["Capacity"].__setitem__("E6", 4.0))


@pytest.mark.parametrize("edit", [nothing, fewer_hours, as_another_program_saves_it])
def test_as_many_numbers_are_said_to_change_as_where_all_is_read(book: Path, edit: Callable[[bytes], bytes]) -> None:
    run(book)
    book.write_bytes(edit(book.read_bytes()))
    before = book.read_bytes()
    known, written = run(book).run.numbers_changed, book.read_bytes()
    book.write_bytes(before)
    assert run(book, is_fresh=True).run.numbers_changed == known
    assert (known > 0) == (edit is not nothing)
    assert book.read_bytes() == written


def test_after_an_edit_of_an_input_no_result_sheet_is_read_back(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(book)
    book.write_bytes(fewer_hours(book.read_bytes()))
    seen: dict[str, bool] = {}
    compare = changes._compare

    def watched(table: Table, before: changes.Before) -> changes._Compared:
        seen[table.name] = before.numbers() is not None
        return compare(table, before)

    monkeypatch.setattr(changes, "_compare", watched)
    run(book)
    assert seen["Cascade"]
    assert seen["OrgTargets"]
    assert set(TRUSTED.of(TRUSTED._data))


def test_a_number_typed_over_a_result_is_found_after_a_run_that_knows_all(book: Path) -> None:
    run(book)
    run(book)
    book.write_bytes(with_cell(book.read_bytes(), "Cascade", (5, 5), 12345.0))
    done: FileRun = cascade_file(book, FileOptions(OPTIONS))
    assert not done.is_written
    assert [issue.code for issue in done.run.issues if issue.code == "TC606"]


def test_a_part_that_is_damaged_is_refused_though_it_was_whole_when_it_was_known(book: Path) -> None:
    run(book)
    data = bytearray(book.read_bytes())
    archive = Archive(bytes(data))
    part = OwnBook(bytes(data)).part_of("Cascade")
    packed = archive.compressed(part)
    at = bytes(data).index(packed) + len(packed) // 2
    data[at] ^= 0x55
    book.write_bytes(bytes(data))
    done = cascade_file(book, FileOptions(OPTIONS))
    assert [issue.code for issue in done.run.issues] == ["TC103"]


def test_a_part_that_says_another_length_is_unpacked_again(book: Path) -> None:
    run(book)
    part = OwnBook(book.read_bytes()).part_of("Cascade")
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as archive:
        size = archive.getinfo(part).file_size
    said, false = size.to_bytes(4, "little"), (size + 1).to_bytes(4, "little")
    book.write_bytes(book.read_bytes().replace(said, false))
    done = cascade_file(book, FileOptions(OPTIONS))
    assert [issue.code for issue in done.run.issues] == ["TC103"]


def test_what_is_known_of_one_book_is_not_believed_of_another_with_sheets_of_the_same_name(book: Path) -> None:
    run(book)
    assert answers(book)
    part = OwnBook(book.read_bytes()).part_of("Cascade")
    mine = book.read_bytes()
    book.write_bytes(changed(mine, {part: Archive(mine).part(part).replace(b"<v>", b"<v>1", 3)}))
    done = cascade_file(book, FileOptions(OPTIONS))
    assert not done.is_written
    assert any(issue.code in ("TC606", "TC608") for issue in done.run.issues)
