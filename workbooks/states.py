"""Workbooks as they stood before a run, kept so that the run can be undone.

Each state is one file, named by its number and by the fingerprint of what the run wrote, in a folder of this user's
that nobody else may read. Few are kept, and not for ever.

Owns: where states lie, how many and how large they may be, and that they can be switched off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from engine.codes import issue
from engine.issues import NOWHERE, Issue
from solver.frozen import frozen
from workbooks.package.exchange import exchange_file, sweep

VARIABLE = "TARGETS_UNDO"
"""Environment variable: ``off``, or the folder in which states are kept."""

MOST_OF_A_BOOK = 10
"""States kept of one workbook."""
MOST_BYTES = 256 * 2**20
"""Bytes of all states of all workbooks."""

_END = ".before"

_TALLY, _BLOCK, _PART = "tally", 2**16, 16
"""A byte in this file stands for so many bytes of states; after a sixteenth of what may be kept, all are counted."""


@frozen
class State:
    """A workbook as it stood before a run. after : fingerprint of what the run wrote."""

    file: Path
    after: str

    def read(self) -> bytes:
        """Return the workbook before the run."""
        return self.file.read_bytes()

    def is_of_no_run(self, fingerprint: str) -> bool:
        """Whether a workbook of this fingerprint stands just as it did before the run."""
        if self.after == fingerprint:
            return False
        try:
            return sha256(self.read()).hexdigest() == fingerprint
        except OSError:
            return False  # undoing will say that it cannot be read

    def drop(self) -> None:
        """Forget it."""
        with suppress(OSError):
            self.file.unlink()


def keep_state(book: Path, before: bytes, after: str) -> State | Issue | None:
    """Keep a workbook as it stands before a run is saved; a note where that cannot be done, None where it is not asked.

    Parameters
    ----------
    book : the file, symbolic links followed; after : fingerprint of what the run is about to write
    """
    folder = _folder()
    if folder is None:
        return None
    if len(before) > MOST_BYTES:
        return issue("TC665", NOWHERE, f"{len(before) / 2**20:,.0f} MiB")
    try:
        own = folder / book_key(book)
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(own)
        number = max((_number(state) for state in _states(own)), default=0) + 1
        file = own / f"{number:08d}-{after}{_END}"
        exchange_file(file, before)
        file.chmod(0o600)
    except OSError as failed:
        return issue("TC665", NOWHERE, f"{folder}: {failed.strerror or failed}")
    return State(file, after)


def forget_old_states(newest: State) -> None:
    """Forget the oldest states of a workbook, then the oldest of all, until few enough are left.

    Parameters
    ----------
    newest : just kept, of that workbook; stays
    """
    own = newest.file.parent
    for state in sorted(_states(own), key=_number)[:-MOST_OF_A_BOOK]:
        state.drop()
    with suppress(OSError):  # who may write states, but not this: the next run that may sees to it
        if _is_to_be_counted(own.parent, newest.file.stat().st_size):
            _bound(own.parent)


def newest_state(book: Path, fingerprint: str) -> State | None:
    """Return the newest state of a workbook; of one that was moved, the one whose run wrote just this.

    A state that the workbook still stands at is of a run that ended before it saved, and is none.

    Parameters
    ----------
    fingerprint : of the workbook as it stands
    """
    folder = _folder()
    if folder is None or not folder.is_dir():
        return None
    states = sorted(_states(folder / book_key(book)), key=_number, reverse=True)
    if states:
        return next((state for state in states if not state.is_of_no_run(fingerprint)), None)
    moved = [state for own in folder.iterdir() for state in _states(own) if state.after == fingerprint]
    return max(moved, key=_number, default=None)


def _folder() -> Path | None:
    """Return where states are kept, None where they are switched off."""
    asked = os.environ.get(VARIABLE, "")
    if is_off(asked):
        return None
    return Path(asked) if asked else user_folder() / "undo"


def is_off(asked: str) -> bool:
    """Whether a variable of the environment switches something off."""
    return asked.casefold() in ("off", "0", "no", "false")


def user_folder() -> Path:
    """Return where this program keeps what is of one user on one computer."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "state") / "target-cascade"


def book_key(book: Path) -> str:
    """Return the name of a folder for what is kept of a workbook."""
    return sha256(os.fsencode(book)).hexdigest()[:24]


def _states(own: Path) -> Iterator[State]:
    if not own.is_dir():
        return
    for file in list(own.glob(f"*{_END}")):
        number, _, after = file.name.removesuffix(_END).partition("-")
        if number.isdecimal() and after:
            yield State(file, after)


def _number(state: State) -> int:
    return int(state.file.name.partition("-")[0])


def _is_to_be_counted(folder: Path, size: int) -> bool:
    """Note that so many bytes came in; whether it is so much by now that all states must be counted.

    Thousands of workbooks have thousands of folders: to look into each of them for every run would take longer than
    some runs do.
    """
    with (folder / _TALLY).open("ab") as tally:
        tally.write(bytes(size // _BLOCK + 1))
        if tally.tell() * _BLOCK <= MOST_BYTES // _PART:
            return False
        tally.truncate(0)
    return True


def _bound(folder: Path) -> None:
    """Forget the oldest of all states, so that there is room for what comes in until they are counted again."""
    found = []
    for own in folder.iterdir():
        for state in _states(own):
            with suppress(OSError):  # another run may have forgotten it meanwhile
                status = state.file.stat()
                found.append((status.st_mtime_ns, status.st_size, state))
    found.sort(key=lambda each: each[0])
    total = sum(size for _, size, _ in found)
    for _, size, state in found[:-1]:
        if total <= MOST_BYTES - MOST_BYTES // _PART:
            return
        state.drop()
        total -= size
