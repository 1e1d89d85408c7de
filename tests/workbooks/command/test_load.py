"""``targets load`` from outside."""

from __future__ import annotations

from pathlib import Path

from tests.command import targets
from tests.workbooks.books import opened, small_book
from workbooks.command.asked import asked_command, without_secrets

ROW = "Metric,Org,Queue,Period,Value\nReviews,Team A,Spam,2025-01,5\n"


def test_rows_of_a_file_are_loaded_and_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    book, rows = tmp_path / "plan.xlsx", tmp_path / "rows.csv"
    book.write_bytes(small_book())
    before = book.read_bytes()
    rows.write_text(ROW, encoding="utf-8")
    command = ("load", str(book), "--table", "baseline", "--from", str(rows))
    dry = targets(*command, "--dry-run")
    assert dry.returncode == 0
    assert book.read_bytes() == before
    done = targets(*command)
    assert "1 after; written" in done.stdout
    assert opened(book.read_bytes())["Baseline"].tables["Baseline"].ref == "A1:E2"


def test_a_load_that_stops_says_the_line_and_writes_nothing(tmp_path: Path) -> None:
    book, rows = tmp_path / "plan.xlsx", tmp_path / "rows.csv"
    book.write_bytes(small_book())
    before = book.read_bytes()
    rows.write_text(ROW + "Reviews,Team A,Spam,2025-02,many\n", encoding="utf-8")
    done = targets("load", str(book), "--table", "Baseline", "--from", str(rows))
    assert done.returncode == 1
    assert "'rows.csv'!E3" in done.stderr
    assert book.read_bytes() == before
    assert targets("load", str(book), "--table", "Nonsense", "--from", str(rows)).returncode == 2


def test_no_form_of_a_password_reaches_a_log() -> None:
    for address in ("postgresql://ann:se:c@ret@db/plans?sslmode=require", "mssql://db/x?PASSWORD=se:c@ret&a=1"):
        assert "ret" not in without_secrets(address)
        assert "ret" not in asked_command(["load", "plan.xlsx", "--from", address, f"--from={address}"])
