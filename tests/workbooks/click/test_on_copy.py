"""Clicks on copies: what comes out, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.triggers.planning import PLAN
from tests.workbooks.books import book
from workbooks.click.delivery import Age, deliveries
from workbooks.click.lines import parsed_lines
from workbooks.click.on_copy import click_on_copy
from workbooks.click.request import Request
from workbooks.click.work import By
from workbooks.run import RunOptions, cascade

ME = By("Aoife")


def clicked(data: bytes, folder: Path, *verb: str) -> tuple[dict[str, str], list[str]]:
    """Return the answer to a click, and the lines of sheets."""
    copy = folder / "book.xlsm"
    copy.write_bytes(data)
    request = Request(verb, copy=copy, result=folder / "result.xlsm", answer=folder / "answer.txt")
    click_on_copy(request, ME)
    text = (folder / "answer.txt").read_text(encoding="ascii")
    return parsed_lines(text), [line for line in text.splitlines() if line.startswith("sheet=")]


def test_a_cascade_brings_every_result_sheet_as_a_new_one(tmp_path: Path) -> None:
    answer, sheets = clicked(book(PLAN), tmp_path, "cascade")
    assert answer["status"] == "0"
    assert answer["show"] == "Summary"
    names = [line.split("=")[1].split("\t")[0] for line in sheets]
    assert names[0] == "Summary"
    assert names[-2:] == ["_target_cascade", "_target_cascade_undo"]
    assert all("\tnew\t" in line for line in sheets)


def test_nothing_is_brought_where_nothing_changed() -> None:
    data = cascade(book(PLAN)).data or b""
    assert deliveries(data, data) == []


def test_a_second_run_brings_the_run_log_alone() -> None:
    first = cascade(book(PLAN)).data or b""
    second = cascade(first, RunOptions(command="again")).data or b""
    (changed,) = deliveries(first, second)
    assert (changed.logical, changed.age) == ("Run Log", Age.OLD)
    assert (changed.old_table, changed.table) == ("A4:L5", "A4:L6")


@pytest.mark.parametrize("verb", [("dance",), ()])
def test_a_button_of_another_version_is_told(tmp_path: Path, verb: tuple[str, ...]) -> None:
    answer, sheets = clicked(book(PLAN), tmp_path, *verb)
    assert answer["status"] == "1"
    assert answer["message"]
    assert not sheets
    assert not (tmp_path / "result.xlsm").exists()


def test_a_book_that_is_no_plan_gets_its_problems_listed(tmp_path: Path) -> None:
    answer, sheets = clicked(book({"Notes": [("mine",), ("text",)]}), tmp_path, "cascade")
    assert answer["status"] == "1"
    assert answer["show"] == "Diagnostics"
    assert [line.split("\t")[0] for line in sheets] == ["sheet=Diagnostics", "sheet=_target_cascade"]
