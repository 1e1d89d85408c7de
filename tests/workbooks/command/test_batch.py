"""``targets batch`` from outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command import targets
from tests.workbooks.books import small_book


def test_a_folder_is_cascaded_reported_and_not_run_twice(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(small_book())
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    log, report = tmp_path / "log.jsonl", tmp_path / "night.json"
    command = ("batch", str(tmp_path), "--jobs", "1", "--log", str(log), "--report", str(report))
    first = targets(*command)
    assert first.returncode == 1, first.stderr
    assert "2 workbooks: 1 all targets met · 1 input wrong" in first.stdout
    assert "broken.xlsx: input wrong, not written: TC101" in first.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["status"] == 1
    second = targets(*command)
    assert "(1 done before and unchanged)" in second.stdout
    assert second.returncode == 1


def test_paths_without_a_workbook_are_wrong_usage(tmp_path: Path) -> None:
    done = targets("batch", str(tmp_path))
    assert done.returncode == 2
    assert "no workbook" in done.stderr


def test_a_report_in_an_unknown_form_is_wrong_usage_before_anything_runs(tmp_path: Path) -> None:
    before = small_book()
    (tmp_path / "plan.xlsx").write_bytes(before)
    done = targets("batch", str(tmp_path), "--report", str(tmp_path / "night.docx"))
    assert done.returncode == 2
    assert (tmp_path / "plan.xlsx").read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ("--report", "nowhere/night.html"), ("--log", "nowhere/log.jsonl"), ("--log", "plan.xlsx"),
        ("--log", "plan.xlsx/log.jsonl"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_wrong_usage_before_anything_runs(
    tmp_path: Path, options: tuple[str, str]
) -> None:
    before = small_book()
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(before)
    done = targets("batch", str(plan), options[0], str(tmp_path / options[1]))
    assert done.returncode == 2, done.stderr
    assert plan.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_report_that_cannot_be_written_in_the_end_is_said_and_loses_no_result(tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(small_book())
    report = tmp_path / "night.csv"
    report.symlink_to(tmp_path / "gone" / "night.csv")  # the drive of the reports went away in the night
    done = targets("batch", str(tmp_path), "--log", str(tmp_path / "log.jsonl"), "--report", str(report))
    assert done.returncode == 5
    assert "1 workbook: 1 all targets met" in done.stdout
    assert "the report could not be written" in done.stderr


def test_a_csv_says_in_which_letters_it_is_written_and_a_page_when(tmp_path: Path) -> None:
    (tmp_path / "Zürich.xlsx").write_bytes(small_book())
    for name in ("night.csv", "night.html"):
        targets("batch", str(tmp_path), "--log", str(tmp_path / "log.jsonl"), "--report", str(tmp_path / name))
    assert (tmp_path / "night.csv").read_bytes().startswith(b"\xef\xbb\xbfWorkbook")
    page = (tmp_path / "night.html").read_text(encoding="utf-8")
    assert re.search(r"<p class=\"quiet\">20\d\d-\d\d-\d\d \d\d:\d\d UTC · 1 all targets met</p>", page)


def test_a_list_as_windows_makes_it_is_read(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(small_book())
    listed = tmp_path / "list.txt"
    listed.write_bytes(b"\xef\xbb\xbf" + f'"{plan}"\r\n'.encode())
    done = targets("batch", "--list", str(listed), "--log", str(tmp_path / "log.jsonl"))
    assert done.returncode == 0, done.stderr
