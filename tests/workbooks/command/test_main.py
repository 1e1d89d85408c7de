"""The command line from outside: statuses, help, and that it starts light."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.command import targets, targets_afresh
from tests.workbooks.books import opened
from workbooks.command.asked import asked_command
from workbooks.command.main import COMMANDS, run_command
from workbooks.version import __version__

HEAVY = ("numpy", "pandas", "scipy", "highspy", "pydantic", "rich", "openpyxl", "xlsxwriter", "lxml")


def test_the_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; from workbooks.command.main import run_command, targets;"
        "run_command(lambda: targets.main(['--version'], standalone_mode=False));"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"targets, version {__version__}", "[]"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = targets(command, "--help")
    assert done.returncode == 0
    assert f"Example: targets {command}" in done.stdout


def test_a_wrong_option_is_wrong_usage() -> None:
    done = targets_afresh("check", "--no-such-option", "plan.xlsx")
    assert done.returncode == 2
    assert "no-such-option" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_book_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = targets("cascade", str(tmp_path / "nothing.xlsx"))
    assert done.returncode == 1
    assert "nothing.xlsx" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_bug_of_ours_ends_in_a_report_and_status_70(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> int:
        return len(None)  # type: ignore[arg-type]  # the bug

    assert run_command(broken) == 70
    said = capsys.readouterr().err
    assert "Traceback" not in said
    report = Path(said.strip().rsplit("report: ", 1)[1])
    assert "TypeError" in report.read_text(encoding="utf-8")
    report.unlink()


@pytest.mark.parametrize(
    ("written", "said"),
    [([], "nothing was written"), ([Path("plans/a.xlsx"), Path("b.xlsx")], "a.xlsx, b.xlsx was written before")],
)
def test_an_interrupted_command_says_what_it_had_written(
    written: list[Path], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("workbooks.package.save.WRITTEN", written)
    assert run_command(interrupted) == 130
    assert f"Interrupted; {said}." in capsys.readouterr().err


def test_an_interrupt_that_a_library_made_another_error_of_is_an_interrupt_still(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbooks.package.save.WRITTEN", [])

    class Compared:
        def __lt__(self, other: object) -> bool:
            signal.raise_signal(signal.SIGINT)
            return True

    def sorted_by_c() -> None:
        try:
            sorted([Compared(), Compared()])
        except KeyboardInterrupt as came:
            raise TypeError("cannot compare") from came  # as numpy's sort of records does

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run_command(sorted_by_c) == 130
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert "Interrupted; nothing was written." in capsys.readouterr().err


def test_wrong_usage_is_shown_by_click(capsys: pytest.CaptureFixture[str]) -> None:
    def wrong() -> int:
        raise click.UsageError("no such thing")

    assert run_command(wrong) == 2
    assert "no such thing" in capsys.readouterr().err


def test_the_run_log_gets_names_instead_of_paths_and_no_secrets() -> None:
    arguments = ["cascade", "/home/somebody/plan.xlsx", "--save-lp", "out/plan.lp", "--token=abc"]
    assert asked_command(arguments) == "targets cascade plan.xlsx --save-lp plan.lp --token=***"


def test_samples_are_listed() -> None:
    done = targets("init", "unused.xlsx", "--sample", "list")
    assert done.returncode == 0
    assert "enforcement" in done.stdout
    assert not Path("unused.xlsx").exists()


def test_an_unknown_sample_is_wrong_usage_and_the_samples_are_named() -> None:
    done = targets("init", "unused.xlsx", "--sample", "nonsense")
    assert done.returncode == 2
    assert "enforcement" in done.stderr


def test_init_does_not_overwrite_a_book(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    book.write_bytes(b"somebody's work")
    done = targets("init", str(book))
    assert done.returncode in {1, 5}
    assert book.read_bytes() == b"somebody's work"


def test_from_template_to_cascade_and_again(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    assert targets("init", str(book), "--sample", "example").returncode == 0
    assert targets("check", str(book)).returncode == 0
    first = targets_afresh("cascade", str(book))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "numbers will change" in first.stderr
    second = targets("cascade", str(book))
    assert second.returncode == 0
    assert "0 numbers will change" in second.stderr


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "example")
    before = book.read_bytes()
    done = targets("cascade", str(book), "--dry-run")
    assert done.returncode == 0
    assert "nothing was written" in done.stdout
    assert re.search(r"^[1-9][\d,]* numbers would change in plan\.xlsx$", done.stdout, re.MULTILINE)
    assert book.read_bytes() == before


def test_a_run_is_undone_and_what_came_back_is_said(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "example")
    before = book.read_bytes()
    assert targets("cascade", str(book), "--quiet").returncode == 0
    assert "would come back" in targets("undo", str(book), "--dry-run").stdout
    done = targets("undo", str(book))
    assert done.returncode == 0
    assert "as it stood before the last run" in done.stdout
    assert book.read_bytes() == before
    assert json.loads(targets("undo", str(book), "--json").stdout)["status"] == 1


def test_versions_say_what_became_of_them(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    targets("init", str(plan))
    targets("cascade", str(plan))
    kept = targets("version", "save", str(plan), "--name", "1")
    assert kept.stdout.splitlines()[-1].startswith("version 1, draft: inputs ")
    assert targets("version", "compare", str(plan), "1").stdout == "1 and now: every input and result is the same\n"
    refused = targets("version", "save", str(plan), "--name", "1", "--status", "sealed")
    assert (refused.returncode, "targets seal " in refused.stderr) == (2, True)
    assert targets("seal", str(plan), "--version", "1").stdout.splitlines()[-1].startswith("sealed: version 1, 2")


def test_json_says_the_same_to_machines(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "short")
    done = targets("cascade", str(book), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == report["status"] == 3
    assert report["written"] is True
    assert report["result"]["targets_met"] < report["result"]["targets"]
    missed = [each for each in report["issues"] if each["code"] == "TC701"]
    assert len(missed) == report["result"]["targets"] - report["result"]["targets_met"]
    assert all("!" in each["where"] for each in missed)


def test_limits_that_contradict_end_with_status_4(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "contradiction")
    done = targets("cascade", str(book), "--quiet")
    assert done.returncode == 4
    assert done.stdout == ""


def test_wrong_input_lists_everything_and_leaves_the_book_as_it_is(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "errors")
    before = book.read_bytes()
    done = targets("cascade", str(book))
    assert done.returncode == 1
    assert done.stderr.count("mend:") >= 10
    assert book.read_bytes() == before
    checked = json.loads(targets("check", str(book), "--json").stdout)
    assert checked["status"] == 1
    assert all(
        each["where"] and each["found"] and each["mend"] for each in checked["issues"] if each["severity"] == "stop"
    )


def test_the_program_is_saved_in_the_names_of_the_workbook(tmp_path: Path) -> None:
    book, program = tmp_path / "plan.xlsx", tmp_path / "plan.lp"
    targets("init", str(book), "--sample", "example")
    done = targets("cascade", str(book), "--dry-run", "--save-lp", str(program))
    assert done.returncode == 0
    assert "Minimize" in program.read_text(encoding="utf-8")


def _ended(*before: str) -> subprocess.CompletedProcess[str]:
    code = "\n".join(
        (
            *before,
            "import sys; sys.argv = ['targets', '--version']",
            "from workbooks.command.main import main",
            "main()",
        )
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_what_was_to_be_done_at_the_end_is_done() -> None:
    done = _ended("import atexit; atexit.register(print, 'the last word')")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the last word")


def test_the_end_waits_for_whoever_still_works() -> None:
    done = _ended(
        "import threading, time",
        "threading.Thread(target=lambda: (time.sleep(0.5), print('done', flush=True))).start()",
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "done")


def test_a_reader_who_has_gone_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-c", "from workbooks.command.main import main; main()", "--help"],
            stdout=nobody, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.stderr == ""


def test_a_plan_that_meets_every_target_has_no_conflicts_anywhere(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    targets("init", str(book), "--sample", "enforcement")
    assert "TC404 conflict" in targets("check", str(book)).stderr
    done = targets("cascade", str(book))
    assert "TC404 note" in done.stderr
    assert "conflict" not in done.stderr + done.stdout
    found = opened(book.read_bytes())["Diagnostics"]
    assert str(found["A1"].value).startswith("0 conflicts, ")
    assert {row[0].value for row in found.iter_rows(min_row=5) if row[0].value} == {"note"}
