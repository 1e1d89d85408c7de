"""A workbook recomputed whenever somebody saves it.

Owns: which of a folder's changes are a save of the workbook, and which are our own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from engine.issues import Issue
from engine.outcome import ExitStatus
from workbooks.click.answer import Answer, cascade_answer, issues_answer
from workbooks.click.request import Request
from workbooks.click.work import By
from workbooks.fingerprint import fingerprint_of
from workbooks.package.save import load
from workbooks.run import RunOptions, read_plan
from workbooks.run_file import FileOptions, cascade_file

_NO_FIGURE = Answer(0, "").met
QUIET_MS = 800
"""How long nothing may happen before a save counts as done: Excel writes a temporary file and renames it."""


def watch_book(path: Path, by: str, tell: Callable[[Answer], None], stop: threading.Event | None = None) -> None:
    """Recompute a workbook after each save, until interrupted or told to stop."""
    seen, cascaded = _state(path), ""
    for _ in _saves(path, stop):
        now = _state(path)
        if now in ("", seen):
            continue  # gone for a moment, or our own writing
        inputs = _inputs(path)
        if inputs and inputs == cascaded:
            seen = now  # the results that were written into the open workbook, and nothing else
            tell(Answer(int(ExitStatus.DONE), "Saved with its results; no input changed."))
            continue
        answer = _tried(path, by)
        cascaded = inputs if answer.met != _NO_FIGURE else ""
        tell(answer)
        seen = _state(path)


def _tried(path: Path, by: str) -> Answer:
    """Recompute a workbook; a bug of ours is told with its report, and the watching goes on."""
    try:
        return recompute_saved(path, by)
    except Exception:
        from workbooks.command.report_file import write_report

        return Answer(int(ExitStatus.BUG), write_report())


def recompute_saved(path: Path, by: str) -> Answer:
    """Cascade a workbook: in the program that has it open, else its file."""
    if _is_open(path):
        from workbooks.live.attach import find_book
        from workbooks.live.click import click_live

        if not isinstance(find_book(str(path)), Issue):
            answer = click_live(Request(("cascade",), book=str(path)), By(by))
            if answer.met == _NO_FIGURE:
                return answer
            return replace(answer, message=f"{answer.message} They stand in the open workbook; save it once more.")
    done = cascade_file(path, FileOptions(RunOptions(command=f"targets watch {path.name}", by=by)))
    if done.run.outcome is None or not done.run.data:
        return issues_answer(done.run.issues, "")
    return cascade_answer(done.run.outcome, done.run.issues, done.run.numbers_changed)


def _saves(path: Path, stop: threading.Event | None) -> Iterator[None]:
    from watchfiles import watch

    name = path.name.casefold()
    changes = watch(
        path.parent,
        watch_filter=lambda _, changed: Path(changed).name.casefold() == name,
        debounce=QUIET_MS, step=QUIET_MS // 4, stop_event=stop, recursive=False, raise_interrupt=False,
    )  # fmt: skip
    for _ in changes:
        yield None


def _state(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _inputs(path: Path) -> str:
    """Return the fingerprint of the inputs of a workbook, "" where they cannot be read."""
    try:
        return fingerprint_of(read_plan(path.read_bytes()).inputs)
    except OSError:
        return ""


def _is_open(path: Path) -> bool:
    """Whether a program says that it has the workbook open."""
    return any(each.code == "TC652" for each in load(path).issues)
