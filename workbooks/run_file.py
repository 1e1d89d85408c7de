"""One run on a workbook file: read, cascade, save, old or new but never between.

Owns: what a run on a file is, and its exit status. The command line and batch call this.
Knows nothing of: terminals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from engine.issues import Issue, stops
from engine.outcome import ExitStatus
from workbooks.package.save import NOT_WRITTEN, Opened, load, save
from workbooks.run import Run, RunOptions, cascade
from workbooks.states import keep_state


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a run on a file is made.

    is_dry : everything but the saving
    before_saving : called with the run when it is known what will change
    """

    run: RunOptions
    is_dry: bool = False
    before_saving: Callable[[Run], None] = lambda run: None


@dataclass(frozen=True, slots=True)
class FileRun:
    """A run, and whether the file was written."""

    run: Run
    is_written: bool


def cascade_file(path: Path, options: FileOptions) -> FileRun:
    """Cascade the targets of a workbook file and save it."""
    opened = load(path)
    if opened.data is None:
        return FileRun(_refused(opened.issues), is_written=False)
    run = cascade(opened.data, options.run)
    if run.data is None or options.is_dry:
        return FileRun(run, is_written=False)
    options.before_saving(run)
    return _saved(opened, run, run.data)


def _saved(opened: Opened, run: Run, data: bytes) -> FileRun:
    told = save_undoable(opened, data)
    if stops(told):
        return FileRun(replace(_refused((*run.issues, *told)), outcome=run.outcome), is_written=False)
    return FileRun(replace(run, issues=(*run.issues, *told)), is_written=True)


def save_undoable(opened: Opened, data: bytes) -> tuple[Issue, ...]:
    """Put new bytes in the place of a workbook that was read, and keep what stood there for ``targets undo``.

    Parameters
    ----------
    opened : as it was read; its data may have been let go meanwhile

    Returns
    -------
    tuple of Issue
        Where one stops the run, the original is intact; otherwise it is done.
    """
    try:
        before = opened.data or opened.path.read_bytes()
    except OSError:
        before = b""  # the save says what is wrong
    told = save(opened, data)
    if stops(told) or before == data:
        return told
    untold = keep_state(opened.path, before, sha256(data).hexdigest())
    return (*told, untold) if untold is not None else told


def _refused(issues: tuple[Issue, ...]) -> Run:
    not_written = any(issue.code in NOT_WRITTEN for issue in issues)
    return Run(ExitStatus.NOT_WRITTEN if not_written else ExitStatus.INPUT_WRONG, issues)


class Change(Protocol):
    """What a command that changes a workbook comes to."""

    @property
    def status(self) -> ExitStatus:
        """The exit status."""
        ...

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Everything found."""
        ...

    @property
    def data(self) -> bytes | None:
        """The workbook to be saved; None where an issue stops that."""
        ...


@dataclass(frozen=True, slots=True)
class Changed:
    """A change, and whether the file was written."""

    status: ExitStatus
    issues: tuple[Issue, ...]
    is_written: bool


def change_file(path: Path, change: Callable[[bytes], Change], *, is_dry: bool = False) -> Changed:
    """Change a workbook file: old or new, never between."""
    opened = load(path)
    if opened.data is None:
        refused = _refused(opened.issues)
        return Changed(refused.status, refused.issues, is_written=False)
    made = change(opened.data)
    if made.data is None or is_dry:
        return Changed(made.status, made.issues, is_written=False)
    issues = save_undoable(opened, made.data)
    if stops(issues):
        return Changed(ExitStatus.NOT_WRITTEN, (*made.issues, *issues), is_written=False)
    return Changed(made.status, (*made.issues, *issues), is_written=True)
