"""One run on a workbook file: read, cascade, save, old or new but never between.

Owns: what a run on a file is, and its exit status. The command line and batch call this.
Knows nothing of: terminals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from engine.codes import issue
from engine.issues import NOWHERE, Issue, stops
from engine.outcome import ExitStatus
from solver.frozen import frozen
from solver.memory import FORGETFUL
from workbooks.beside.files import forget_older, put_beside, take_away
from workbooks.beside.place import Beside
from workbooks.beside.read_back import lying_at
from workbooks.package.known_parts import keep_known_parts, trust_known_parts
from workbooks.package.save import NOT_WRITTEN, Opened, load, save
from workbooks.recall import recall_of
from workbooks.run import Run, RunOptions, cascade
from workbooks.states import State, forget_old_states, keep_state


@frozen
class FileOptions:
    """How a run on a file is made.

    is_dry : everything but the saving
    is_fresh : whether what earlier runs found is passed over; what this one finds is not kept either
    before_saving : called with the run when it is known what will change
    """

    run: RunOptions
    is_dry: bool = False
    is_fresh: bool = False
    before_saving: Callable[[Run], None] = lambda run: None


@frozen
class FileRun:
    """A run, and whether the file was written.

    fingerprint : SHA-256 of the file as the run leaves it
    known, asked : how many answers earlier runs knew, and how many were asked for; 0 where nothing is kept
    """

    run: Run
    is_written: bool
    fingerprint: str = ""
    known: int = 0
    asked: int = 0


def cascade_file(path: Path, options: FileOptions) -> FileRun:
    """Cascade the targets of a workbook file and save it."""
    opened = load(path)
    if opened.data is None:
        return FileRun(_refused(opened.issues), is_written=False)
    recall = None if options.is_fresh else recall_of(opened.path)
    memory = FORGETFUL if recall is None else recall
    trust_known_parts(opened.data, memory)
    with lying_at(opened.path):
        run = cascade(opened.data, replace(options.run, book=opened.path.stem, memory=memory))
    done = FileRun(run, is_written=False, fingerprint=opened.fingerprint)
    if run.data is not None and not options.is_dry:
        options.before_saving(run)
        done = _saved(opened, run, run.data)
    if recall is None or not recall.asked:
        return done
    if run.data is not None and done.is_written:
        keep_known_parts(run.data, memory)
    recall.forget_old()
    return replace(done, known=recall.known, asked=recall.asked)


def _saved(opened: Opened, run: Run, data: bytes) -> FileRun:
    told = save_with(run.beside, opened, data)
    if stops(told):
        refused = replace(_refused((*run.issues, *told)), outcome=run.outcome)
        return FileRun(refused, is_written=False, fingerprint=opened.fingerprint)
    return FileRun(replace(run, issues=(*run.issues, *told)), is_written=True, fingerprint=sha256(data).hexdigest())


def save_with(beside: Beside | None, opened: Opened, data: bytes, *, is_proven: bool = False) -> tuple[Issue, ...]:
    """Save a workbook; the file that it names beside it stands there first, and goes again where the save fails."""
    if beside is None:
        return save_undoable(opened, data, is_proven=is_proven)
    try:
        is_new = put_beside(opened.path, beside)
    except OSError as failed:
        return (issue("TC655", NOWHERE, f"{opened.path.with_name(beside.name)}: {failed.strerror or failed}"),)
    told = save_undoable(opened, data, is_proven=is_proven)
    if not stops(told):
        forget_older(opened.path, beside)
    elif is_new:
        take_away(opened.path, beside)
    return told


def save_undoable(opened: Opened, data: bytes, *, is_proven: bool = False) -> tuple[Issue, ...]:
    """Put new bytes in the place of a workbook that was read, and keep what stood there for ``targets undo``.

    The state stands before the workbook changes: a run that is killed leaves none that cannot be undone.

    Parameters
    ----------
    opened : as it was read; its data may have been let go meanwhile
    is_proven : whether the new package has been looked over

    Returns
    -------
    tuple of Issue
        Where one stops the run, the original is intact; otherwise it is done.
    """
    kept: list[State | Issue] = []

    def keep(before: bytes) -> None:
        made = keep_state(opened.path, before, sha256(data).hexdigest())
        if made is not None:
            kept.append(made)

    told = save(opened, data, is_proven=is_proven, before_exchange=keep)
    is_saved = not stops(told)
    for each in kept:
        if isinstance(each, State):
            forget_old_states(each) if is_saved else each.drop()
        elif is_saved:
            told = (*told, each)
    return told


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


@runtime_checkable
class BringsFile(Protocol):
    """A change that may write leaf rows into a file beside the workbook."""

    @property
    def beside(self) -> Beside | None:
        """The file; None where all rows stand in the workbook."""
        ...


@frozen
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
    with lying_at(opened.path):
        made = change(opened.data)
    if made.data is None or is_dry:
        return Changed(made.status, made.issues, is_written=False)
    issues = save_with(made.beside if isinstance(made, BringsFile) else None, opened, made.data)
    if stops(issues):
        return Changed(ExitStatus.NOT_WRITTEN, (*made.issues, *issues), is_written=False)
    return Changed(made.status, (*made.issues, *issues), is_written=True)
