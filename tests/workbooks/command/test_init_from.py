"""``targets init --from``: guesses in the terminal and as JSON, corrections, and what is wrong usage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import targets
from tests.workbooks.importing.exports import as_csv, changed, plain_rows


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(as_csv(changed(1, Handled="1,000")))
    return path


def test_guesses_and_findings_are_listed_and_the_book_cascades(export: Path, tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    done = targets("init", str(book), "--from", str(export))
    assert done.returncode == 0
    assert "'export.csv'!E1: column Queue: Queue → a level of the queue tree" in done.stdout
    assert "'export.csv'!F2: 1 number(s) with marks" in done.stderr
    assert targets("check", str(book), "--quiet").returncode == 0
    assert targets("cascade", str(book), "--quiet").returncode == 0
    # a new book takes the place of one that has more sheets
    assert targets("init", str(book), "--from", str(export), "--replace", "--quiet").returncode == 0


def test_a_second_export_joins_the_first(export: Path, tmp_path: Path) -> None:
    people = tmp_path / "hr.csv"
    people.write_bytes(
        as_csv([("Team", "Month", "FTE"), ("A", "2026-01", 12), ("B", "2026-01", 8), ("Z", "2026-01", 1)])
    )
    book = tmp_path / "plan.xlsx"
    done = targets("init", str(book), "--from", str(export), "--from", str(people), "--column", "FTE=fte")
    assert done.returncode == 0
    assert "'hr.csv'!A4: “Z”" in done.stderr
    assert targets("cascade", str(book), "--quiet").returncode in (0, 3)


def test_machines_get_the_same_guesses(export: Path, tmp_path: Path) -> None:
    done = targets("init", str(tmp_path / "plan.xlsx"), "--from", str(export), "--json", "--column", "Site=ignore")
    answer = json.loads(done.stdout)
    assert answer["written"] is True
    about = {each["about"]: each for each in answer["guesses"]}
    assert about["column Site"]["taken"] == "left out"
    assert about["column Team"]["where"] == "'export.csv'!C1"
    assert {each["code"] for each in answer["issues"]} >= {"TC266"}


@pytest.mark.parametrize(
    "options",
    [("--column", "Site"), ("--column", "Site=boss"), ("--column", "Sight=org"), ("--sample", "short")],
)
def test_what_cannot_be_meant_is_wrong_usage(export: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    book = tmp_path / "plan.xlsx"
    done = targets("init", str(book), "--from", str(export), *options)
    assert done.returncode == 2
    assert not book.exists()


def test_options_of_an_export_without_one_are_wrong_usage(tmp_path: Path) -> None:
    assert targets("init", str(tmp_path / "plan.xlsx"), "--periods", "3").returncode == 2


def test_an_existing_book_is_kept_and_an_unreadable_export_writes_nothing(export: Path, tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    book.write_bytes(b"mine")
    assert targets("init", str(book), "--from", str(export)).returncode == 1
    assert book.read_bytes() == b"mine"
    other = tmp_path / "other.xlsx"
    export.write_bytes(as_csv([("nothing",), *plain_rows()[:1]]))
    assert targets("init", str(other), "--from", str(export)).returncode == 1
    assert not other.exists()
