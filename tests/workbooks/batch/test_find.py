"""Which workbooks a batch is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbooks.batch.find import find_books


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.xlsx", "a.xlsm", "deep/c.XLSX", "notes.txt", "~$b.xlsx", ".hidden.xlsx", ".old/d.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def _names(books: list[Path], folder: Path) -> list[str]:
    return [str(each.relative_to(folder)) for each in books]


def test_a_folder_gives_its_workbooks_at_any_depth_and_nothing_else(folder: Path) -> None:
    assert _names(find_books([str(folder)]), folder) == ["a.xlsm", "b.xlsx", "deep/c.XLSX"]


def test_a_pattern_is_ours_to_expand_where_the_shell_does_not(folder: Path) -> None:
    assert _names(find_books([str(folder / "*.xlsx")]), folder) == ["b.xlsx"]
    assert _names(find_books([str(folder / "**" / "*.XLSX")]), folder) == ["deep/c.XLSX"]


def test_a_list_may_hold_comments_and_names_each_book_once(folder: Path) -> None:
    lines = ["# the night of Monday\n", "\n", f"{folder / 'b.xlsx'}\n", f"{folder}\n"]
    assert _names(find_books([], lines), folder) == ["b.xlsx", "a.xlsm", "deep/c.XLSX"]


def test_a_path_that_leads_nowhere_is_kept_to_be_reported(folder: Path) -> None:
    assert _names(find_books([str(folder / "gone.xlsx")]), folder) == ["gone.xlsx"]
