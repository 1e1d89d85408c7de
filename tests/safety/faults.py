"""A fault at every file-changing system call of a run: the book afterwards is the old one or the new one.

With strace, the faults are the kernel's own; without it, a shim raises them where Python calls.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest.mock import patch

from tests.corpus.checker import Package, compare
from tests.safety.shim import SHIMMED, failing
from tests.undoing import undoing_in
from workbooks.package.ownership import find_own
from workbooks.run import Run, RunOptions, cascade
from workbooks.run_file import FileOptions, cascade_file

STRACE = shutil.which("strace")
CALLS = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat",
    "mkdir", "mkdirat", "chmod", "fchmod", "fchown", "ftruncate", "fsetxattr", "flock",
)  # fmt: skip
FAULTS = ("KILL", "ENOSPC", "EIO", "EACCES", "EROFS", "EDQUOT", "ENOENT", "EPERM")
_BUG = 99
_LONGEST_S = 120


@dataclass
class Points:
    """What a number of faults did."""

    count: int = 0
    by_state: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def child(book: Path, *, stopped: bool = False, call: str = "", fault: str = "", at: int = 0) -> int:
    """Start a run in a process of its own and return its number; it ends with the status of the run."""
    pid = os.fork()
    if pid:
        return pid
    status = _BUG
    sys.dont_write_bytecode = True  # the first run would have calls that the next ones do not have
    try:
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        with failing(call, fault, at), patch("workbooks.run_file.cascade", cascaded):
            status = int(cascade_file(book, FileOptions(RunOptions())).run.status)
    finally:
        os._exit(status)


@cache
def _solved(data: bytes) -> Run:
    return cascade(data, RunOptions())


def cascaded(data: bytes, options: RunOptions) -> Run:
    """Return what a run on a book comes to; found once for all points, for no fault can reach what touches no file."""
    return _solved(data)


def recorded(book: Path, log: Path, start: Callable[..., int] = child) -> list[str]:
    """Return the file-changing calls of a run on a book, as strace writes them."""
    pid = start(book, stopped=True)
    with Traced(pid, log):
        os.waitpid(pid, 0)
    return [line.partition(" ")[2].strip() for line in log.read_text(errors="replace").splitlines() if "(" in line]


def points_of(name: str, data: bytes, faults: tuple[str, ...] = FAULTS, every: int = 1) -> Points:
    """Return what faults at each call of a run on a book do.

    Parameters
    ----------
    every : only each of so many points, for a sample
    """
    found = Points()
    _solved(data)
    with tempfile.TemporaryDirectory() as folder:
        at = 0
        for call, ordinal in changing_calls(data, Path(folder)):
            for fault in faults:
                at += 1
                if at % every == 0:
                    _point(f"{name}, {fault} at {call} {ordinal}", data, (call, fault, ordinal), Path(folder), found)
    return found


def changing_calls(data: bytes, folder: Path, start: Callable[..., int] = child) -> list[tuple[str, int]]:
    """Return every call of a run that changes files, with its number among those of its name.

    Parameters
    ----------
    start : starts the run, stopped, and returns its process
    """
    if STRACE is None:
        return [(call, at) for call in SHIMMED for at in (1, 2, 3)]
    book = folder / "plan.xlsx"
    book.write_bytes(data)
    with undoing_in(folder / "states"):
        lines = recorded(book, folder / "log", start)
    counts: Counter = Counter()
    places = []
    for line in lines:
        call = line.partition("(")[0]
        counts[call] += 1
        reads_only = call == "openat" and "O_CREAT" not in line and "O_WRONLY" not in line and "O_RDWR" not in line
        if call in CALLS and not reads_only:
            places.append((call, counts[call]))
    return places


def _point(name: str, data: bytes, at: tuple[str, str, int], folder: Path, found: Points) -> None:
    shutil.rmtree(folder / "run", ignore_errors=True)
    (folder / "run").mkdir()
    book = folder / "run" / "plan.xlsx"
    book.write_bytes(data)
    with undoing_in(folder / "run" / "states"):
        status = _faulted(book, folder / "log", *at)
    found.count += 1
    now = book.read_bytes() if book.exists() else None
    state = _state(data, now)
    found.by_state[state] += 1
    for fault in _wrong(state, status, at, book):
        found.faults.append(f"{name}: {fault}")


def _faulted(book: Path, log: Path, call: str, fault: str, ordinal: int) -> int:
    """Run on a book with one fault and return the wait status."""
    if STRACE is None:
        return os.waitpid(child(book, call=call, fault=fault, at=ordinal), 0)[1]
    pid = child(book, stopped=True)
    action = "signal=KILL" if fault == "KILL" else f"error={fault}"
    with Traced(pid, log, f"inject={call}:{action}:when={ordinal}"):
        return os.waitpid(pid, 0)[1]


def _state(old: bytes, now: bytes | None) -> str:
    """Return whether a book is the old one, the new one, or neither."""
    if now is None:
        return "gone"
    if now == old:
        return "old"
    try:
        is_damaged = Package(now).zip.testzip() is not None
        is_damaged |= not find_own(old).sheets and bool(compare(old, now).faults)
    except Exception:
        return "unreadable"
    return "damaged" if is_damaged else "new"


def _wrong(state: str, status: int, at: tuple[str, str, int], book: Path) -> Iterator[str]:
    call, fault, _ = at
    if state not in ("old", "new"):
        yield f"the book is {state}"
    if os.WIFSIGNALED(status):
        if fault != "KILL":
            yield f"ended by signal {os.WTERMSIG(status)}"
        return
    ended = os.WEXITSTATUS(status)
    if ended == _BUG or ended not in (0, 1, 3, 4, 5):
        yield f"ended with {ended}"
    if ended in (0, 3, 4) and state != "new":
        yield f"said done ({ended}), but the book is {state}"
    if ended in (1, 5) and state != "old":
        yield f"said not written ({ended}), but the book is {state}"
    left = [file.name for file in book.parent.iterdir() if file.name.endswith(".tmp")]
    if left and fault != "KILL" and "unlink" not in call:
        yield f"left {left}"


class Traced:
    """Strace on a stopped process, from its start on."""

    def __init__(self, pid: int, log: Path, *injections: str) -> None:
        command = [str(STRACE), "-f", "-s", "0", "-e", f"trace={','.join(CALLS)}"]
        for injection in injections:
            command += ["-e", injection]
        self.pid = pid
        self.process = subprocess.Popen([*command, "-o", str(log), "-p", str(pid)], stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> None:
        os.waitpid(self.pid, os.WUNTRACED)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if re.search("attached", line):
                break
        os.kill(self.pid, signal.SIGCONT)

    def __exit__(self, *_: object) -> None:
        self.process.wait(_LONGEST_S)
        if self.process.stderr is not None:
            self.process.stderr.close()
