"""``targets batch`` from outside."""

from __future__ import annotations

import json
from pathlib import Path

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
